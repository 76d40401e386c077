#include "evenhand/model/artefact.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "evenhand/base/digest.h"
#include "evenhand/model/json_text.h"

namespace evenhand::model {

namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 2;
constexpr const char* kDocument = "model.json";
constexpr const char* kWeights = "weights.safetensors";
constexpr std::uintmax_t kBytesMax = 1ULL << 30;  // a linear model of ten million columns

Error bad(const std::string& why) { return {Code::kBadInput, "model.json: " + why}; }

// "fold_2/": before the names of a fit's tensors.
std::string prefix(std::size_t fit) {
  return fit == 0 ? "all/" : "fold_" + std::to_string(fit - 1) + "/";
}

Json fit_json(const Fit& fit) {
  return {{"rows", fit.rows}, {"fit", fit.model->describe()}, {"features", to_json(fit.encoding)}};
}

Json known_json(const Artefact& artefact) {
  if (!artefact.known_rows) return {};
  return {{"digest", artefact.known_rows->digest},
          {"up_to", table::sample_text({artefact.known_rows->up_to})},
          {"sample", table::sample_text(artefact.known_rows->sample)}};
}

Json document(const Artefact& artefact, const std::string& weights) {
  Json files = Json::array();
  for (const FittedFile& file : artefact.files) {
    files.push_back(
        {{"path", file.path}, {"bytes", file.bytes}, {"rows", file.rows}, {"sha256", file.sha256}});
  }
  Json folds = Json::array();
  for (const Fit& fit : artefact.folds) folds.push_back(fit_json(fit));
  Json out = {{"version", kVersion},
              {"kind", artefact.all.model->kind()},
              {"label", {{"column", artefact.label}, {"favourable", artefact.favourable}}},
              {"weight", artefact.weight ? Json(*artefact.weight) : Json()},
              {"cluster", artefact.cluster ? Json(*artefact.cluster) : Json()},
              {"training", artefact.training},
              {"seed", artefact.seed},
              {"inputs", files},
              {"known_rows", known_json(artefact)},
              {"weights_sha256", sha256_hex(weights)},
              {"code_version", EVENHAND_VERSION}};
  out["all"] = fit_json(artefact.all);
  out["folds"] = folds;
  return out;
}

std::vector<Tensor> all_tensors(const Artefact& artefact) {
  std::vector<Tensor> out;
  for (std::size_t f = 0; f <= artefact.folds.size(); ++f) {
    const Fit& fit = f == 0 ? artefact.all : artefact.folds[f - 1];
    for (Tensor& tensor : fit.model->tensors()) {
      tensor.name = prefix(f) + tensor.name;
      out.push_back(std::move(tensor));
    }
  }
  return out;
}

Result<void> write_whole(const fs::path& path, const std::string& bytes) {
  const fs::path part = path.string() + ".part";
  const auto refused = [&] {
    return Error{Code::kIo, "could not write " + path.string() + ": " + std::strerror(errno)};
  };
  errno = 0;
  {
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    if (!file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())) || !file.flush()) {
      return refused();
    }
  }
  if (std::rename(part.c_str(), path.c_str()) != 0) return refused();
  return {};
}

Result<std::string> read_whole(const fs::path& path) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(path, failed);
  if (failed) return Error{Code::kNotFound, path.string() + " is not there: " + failed.message()};
  if (size > kBytesMax)
    return Error{Code::kBadInput, path.string() + " is over 1 GB: no model of this kind"};
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (!file || bytes.size() != size) return Error{Code::kIo, "could not read " + path.string()};
  return bytes;
}

template <class T>
Result<T> at(const Json& json, const char* key, bool (Json::*is)() const noexcept,
             const char* what) {
  if (!json.is_object() || !json.contains(key) || !(json[key].*is)()) {
    return bad(std::string("\"") + key + "\" is not " + what);
  }
  return json[key].get<T>();
}

Result<std::string> text(const Json& json, const char* key) {
  return at<std::string>(json, key, &Json::is_string, "a text");
}

Result<std::uint64_t> count(const Json& json, const char* key) {
  return at<std::uint64_t>(json, key, &Json::is_number_unsigned, "a whole number");
}

Result<std::optional<std::string>> maybe_text(const Json& json, const char* key) {
  if (!json.contains(key) || json[key].is_null()) return std::optional<std::string>();
  EVENHAND_ASSIGN(std::string out, text(json, key));
  return std::optional<std::string>(std::move(out));
}

Result<Fit> read_fit(const Json& json, const Backend& backend, const std::string& before,
                     const std::vector<Tensor>& tensors) {
  if (!json.is_object() || !json.contains("features")) return bad("a fit lacks its features");
  Fit out;
  EVENHAND_ASSIGN(out.rows, count(json, "rows"));
  EVENHAND_ASSIGN(out.encoding, encoding_from_json(json["features"]));
  std::vector<Tensor> own;
  for (const Tensor& tensor : tensors) {
    if (!tensor.name.starts_with(before)) continue;
    own.push_back(tensor);
    own.back().name.erase(0, before.size());
  }
  EVENHAND_ASSIGN(out.model,
                  backend.load(json.contains("fit") ? json["fit"] : Json(), std::move(own)));
  const std::size_t columns = design_columns(out.encoding).size();
  if (columns != out.model->columns()) {
    return bad("features give " + std::to_string(columns) + " columns, " + kWeights + " has " +
               std::to_string(out.model->columns()) + " for " + before);
  }
  return out;
}

Result<std::vector<FittedFile>> read_files(const Json& json) {
  if (!json.contains("inputs") || !json["inputs"].is_array())
    return bad("\"inputs\" is not a list");
  std::vector<FittedFile> out;
  for (const Json& one : json["inputs"]) {
    FittedFile file;
    EVENHAND_ASSIGN(file.path, text(one, "path"));
    EVENHAND_ASSIGN(file.bytes, count(one, "bytes"));
    EVENHAND_ASSIGN(file.rows, count(one, "rows"));
    EVENHAND_ASSIGN(file.sha256, text(one, "sha256"));
    out.push_back(std::move(file));
  }
  return out;
}

Result<std::optional<table::KnownRows>> read_known(const Json& json) {
  if (!json.contains("known_rows") || json["known_rows"].is_null()) {
    return std::optional<table::KnownRows>();
  }
  const Json& known = json["known_rows"];
  table::KnownRows out;
  EVENHAND_ASSIGN(out.digest, text(known, "digest"));
  if (!known.contains("sample")) return std::optional(std::move(out));  // without a key, once
  EVENHAND_ASSIGN(const std::string up_to, text(known, "up_to"));
  EVENHAND_ASSIGN(const std::string marks, text(known, "sample"));
  auto range = table::sample_of(up_to);
  auto sample = table::sample_of(marks);
  if (!sample) return bad(sample.error().says);
  if (!range || range->size() != 1) return bad("\"up_to\" is not one mark of known rows");
  out.up_to = range->front();
  out.sample = std::move(*sample);
  return std::optional(std::move(out));
}

// A fold sees no column that the fit of all rows does not, read in the same way: else rows of new
// tables could not be handed to it.
bool within(const Encoding& part, const Encoding& whole) {
  return std::all_of(part.features.begin(), part.features.end(), [&](const Feature& a) {
    return std::any_of(whole.features.begin(), whole.features.end(),
                       [&](const Feature& b) { return a.column == b.column && a.as == b.as; });
  });
}

bool names_differ(const Encoding& encoding) {
  std::vector<std::string> names;
  for (const Feature& feature : encoding.features) names.push_back(feature.column);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

Result<Artefact> from_json(const Json& json, const std::vector<Tensor>& tensors) {
  EVENHAND_ASSIGN(const std::uint64_t version, count(json, "version"));
  if (version != kVersion) {
    return bad("version " + std::to_string(version) + "; this program reads version " +
               std::to_string(kVersion));
  }
  EVENHAND_ASSIGN(const std::string kind, text(json, "kind"));
  const Backend* backend = find_backend(kind);
  if (backend == nullptr) return bad("a model of kind \"" + kind + "\" is not known here");
  Artefact out;
  if (!json.contains("label")) return bad("\"label\" is not there");
  EVENHAND_ASSIGN(out.label, text(json["label"], "column"));
  EVENHAND_ASSIGN(out.favourable, text(json["label"], "favourable"));
  EVENHAND_ASSIGN(out.weight, maybe_text(json, "weight"));
  EVENHAND_ASSIGN(out.cluster, maybe_text(json, "cluster"));
  if (!json.contains("training") || !json["training"].is_object()) {
    return bad("\"training\" is not an object");
  }
  out.training = json["training"];
  EVENHAND_ASSIGN(out.seed, count(json, "seed"));
  EVENHAND_ASSIGN(out.files, read_files(json));
  EVENHAND_ASSIGN(out.known_rows, read_known(json));
  if (!json.contains("all") || !json.contains("folds") || !json["folds"].is_array()) {
    return bad("\"all\" or \"folds\" is not there");
  }
  EVENHAND_ASSIGN(out.all, read_fit(json["all"], *backend, prefix(0), tensors));
  if (!names_differ(out.all.encoding)) return bad("a feature stands twice");
  for (std::size_t f = 0; f < json["folds"].size(); ++f) {
    EVENHAND_ASSIGN(Fit fit, read_fit(json["folds"][f], *backend, prefix(f + 1), tensors));
    if (!within(fit.encoding, out.all.encoding)) {
      return bad("fold " + std::to_string(f) + " has features that \"all\" has not");
    }
    out.folds.push_back(std::move(fit));
  }
  return out;
}

Result<Artefact> unpack_parsed(const Json& json, std::string_view weights) {
  auto tensors = unpack_safetensors(weights);
  if (!tensors) return std::move(tensors).error().within(std::string("reading ") + kWeights);
  return from_json(json, *tensors);
}

}  // namespace

Result<void> save(const Artefact& artefact, const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    return Error{Code::kIo, "could not make the folder " + folder + ": " + failed.message()};
  const fs::path path = folder;
  const std::string weights = pack_safetensors(all_tensors(artefact));
  EVENHAND_TRY(write_whole(path / kWeights, weights));
  return write_whole(
      path / kDocument,
      document(artefact, weights).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Result<Artefact> unpack(std::string_view document, std::string_view weights) {
  auto json = parse_object(document);
  if (!json) return bad("it " + json.error().says);
  return unpack_parsed(*json, weights);
}

Result<Artefact> load(const std::string& folder) {
  const fs::path path = folder;
  EVENHAND_ASSIGN(const std::string document, read_whole(path / kDocument));
  EVENHAND_ASSIGN(const std::string weights, read_whole(path / kWeights));
  auto parsed = parse_object(document);
  if (!parsed) return bad("it " + parsed.error().says).within("reading the model " + folder);
  const Json& json = *parsed;
  auto artefact = unpack_parsed(json, weights);
  if (!artefact) return std::move(artefact).error().within("reading the model " + folder);
  // A flipped bit of a weight is still a number.
  auto sha256 = text(json, "weights_sha256");
  if (!sha256) return std::move(sha256).error().within("reading the model " + folder);
  if (*sha256 != sha256_hex(weights)) {
    return Error{Code::kBadInput, folder + ": " + kWeights +
                                      " is not the file that model.json was written with (its "
                                      "SHA-256 differs): copy both files of one fit"};
  }
  return artefact;
}

std::string row_key(const Artefact& artefact) {
  std::string out;
  for (const FittedFile& file : artefact.files) out += file.sha256 + '\n';
  return out;
}

std::vector<table::Wanted> wanted(const Artefact& artefact) {
  std::vector<table::Wanted> out;
  for (const Feature& feature : artefact.all.encoding.features) {
    out.push_back({feature.column, feature.as});
  }
  return out;
}

}  // namespace evenhand::model
