#include "evenhand/model/artefact.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>

#include <gtest/gtest.h>

#include "evenhand/model/linear.h"
#include "evenhand/model/mlp.h"
#include "evenhand/model/testing.h"
#include "evenhand/table/testing.h"

namespace evenhand::model {
namespace {

using table::testing::Folder;

// Two numbers and a text; labels that follow the first, with noise.
struct Sheet {
  std::vector<table::Wanted> wanted{{"x", table::As::kNumber}, {"g", table::As::kText}};
  table::Batch batch;
  std::vector<std::uint32_t> rows;
  std::vector<std::uint8_t> labels;
  Sheet() {
    batch.rows = 200;
    batch.columns = {{table::As::kNumber, {}, {}, {}}, {table::As::kText, {}, {"a", "b"}, {}}};
    Random random(1);
    for (std::uint32_t i = 0; i < 200; ++i) {
      batch.columns[0].numbers.push_back(random.uniform());
      batch.columns[1].codes.push_back(1 + static_cast<std::uint32_t>(random() % 2));
      labels.push_back(random.uniform() < batch.columns[0].numbers.back() ? 1 : 0);
      rows.push_back(i);
    }
  }
  Selection selection() const { return {wanted, batch, rows}; }
};

Fit fit_of(const Sheet& sheet) {
  Fit out;
  out.encoding = learn_encoding(sheet.selection(), {"x", "g"}, {});
  const Design design = encode(out.encoding, sheet.selection());
  auto model = fit_linear({design, sheet.labels, {}}, {.l2 = 1, .threads = 1});
  EXPECT_TRUE(model.has_value());
  out.model = std::move(model).value();
  out.rows = 200;
  return out;
}

Artefact artefact() {
  const Sheet sheet;
  Artefact out;
  out.label = "hired";
  out.favourable = "yes";
  out.cluster = "person";
  out.training = {{"learner", "linear"}, {"method", "plain"}, {"l2", 0.1}};
  out.seed = 18446744073709551615ULL;
  out.files = {{"people.csv", 12, 200, std::string(64, 'a')}};
  out.all = fit_of(sheet);
  out.folds.push_back(fit_of(sheet));
  out.folds.push_back(fit_of(sheet));
  return out;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<double> scores(const Fit& fit) {
  const Sheet sheet;
  std::vector<double> out(200);
  fit.model->score(encode(fit.encoding, sheet.selection()), out);
  return out;
}

std::string refusal(const Folder& folder) {
  const auto read = load(folder.at("m"));
  return read ? "no refusal" : folder.without(to_string(read.error()));
}

TEST(Artefact, ComesBackFromItsFolder) {
  const Folder folder;
  const Artefact was = artefact();
  ASSERT_TRUE(save(was, folder.at("m")).has_value());
  const auto back = load(folder.at("m"));
  ASSERT_TRUE(back.has_value()) << to_string(back.error());
  EXPECT_EQ(back->label, "hired");
  EXPECT_EQ(back->favourable, "yes");
  EXPECT_EQ(back->cluster, "person");
  EXPECT_EQ(back->weight, std::nullopt);
  EXPECT_EQ(back->seed, was.seed);
  EXPECT_EQ(back->files.at(0).sha256, was.files[0].sha256);
  ASSERT_EQ(back->folds.size(), 2U);
  EXPECT_EQ(scores(back->all), scores(was.all));  // to the last bit
  EXPECT_EQ(scores(back->folds[1]), scores(was.folds[1]));
}

TEST(Artefact, HoldsNetworksToo) {
  const Folder folder;
  Artefact was = artefact();
  std::uint64_t seed = 0;
  for (Fit* fit : {&was.all, &was.folds[0], &was.folds[1]}) {
    fit->model =
        hold_mlp({initial_network<float>({fit->model->columns(), 9, 1}, ++seed), "adam", 7, 0.5});
  }
  ASSERT_TRUE(save(was, folder.at("m")).has_value());
  const auto back = load(folder.at("m"));
  ASSERT_TRUE(back.has_value()) << to_string(back.error());
  EXPECT_EQ(back->folds[1].model->kind(), "mlp");
  EXPECT_EQ(scores(back->all), scores(was.all));  // to the last bit
  EXPECT_EQ(scores(back->folds[1]), scores(was.folds[1]));
  EXPECT_NE(scores(back->all), scores(was.folds[1]));
}

TEST(Artefact, HasTheSameBytesWhenSavedAgain) {
  const Folder folder;
  ASSERT_TRUE(save(artefact(), folder.at("m")).has_value());
  const auto back = load(folder.at("m"));
  ASSERT_TRUE(back.has_value());
  ASSERT_TRUE(save(*back, folder.at("n")).has_value());
  EXPECT_EQ(bytes_of(folder.at("m/model.json")), bytes_of(folder.at("n/model.json")));
  EXPECT_EQ(bytes_of(folder.at("m/weights.safetensors")),
            bytes_of(folder.at("n/weights.safetensors")));
}

TEST(Artefact, RefusesWeightsThatAreNotThoseOfItsFit) {
  const Folder folder;
  ASSERT_TRUE(save(artefact(), folder.at("m")).has_value());
  std::string weights = bytes_of(folder.at("m/weights.safetensors"));
  weights.back() = static_cast<char>(weights.back() ^ 0x80);  // the sign of the last number
  std::ofstream(folder.at("m/weights.safetensors"), std::ios::binary) << weights;
  EXPECT_EQ(refusal(folder),
            "m: weights.safetensors is not the file that model.json was written with (its SHA-256 "
            "differs): copy both files of one fit");
}

TEST(Artefact, SaysWhatIsNotThere) {
  const Folder folder;
  EXPECT_EQ(refusal(folder), "m/model.json is not there: No such file or directory");
  ASSERT_TRUE(save(artefact(), folder.at("m")).has_value());
  std::filesystem::remove(folder.at("m/weights.safetensors"));
  EXPECT_EQ(refusal(folder), "m/weights.safetensors is not there: No such file or directory");
}

TEST(Artefact, RefusesADocumentThatDoesNotFit) {
  const Folder folder;
  ASSERT_TRUE(save(artefact(), folder.at("m")).has_value());
  const Json good = Json::parse(bytes_of(folder.at("m/model.json")));
  const auto with = [&](const auto& change) {
    Json bad = good;
    change(bad);
    folder.write("m/model.json", bad.dump());
    return refusal(folder);
  };
  const std::string tail = " (while reading the model m)";
  EXPECT_EQ(with([](Json& j) { j["version"] = 3; }),
            "model.json: version 3; this program reads version 2" + tail);
  EXPECT_EQ(with([](Json& j) { j["kind"] = "oracle"; }),
            "model.json: a model of kind \"oracle\" is not known here" + tail);
  EXPECT_EQ(with([](Json& j) { j.erase("seed"); }),
            "model.json: \"seed\" is not a whole number" + tail);
  EXPECT_EQ(with([](Json& j) { j["all"]["features"].erase(1); }),
            "model.json: features give 1 columns, weights.safetensors has 2 for all/" + tail);
  EXPECT_EQ(with([](Json& j) { j["all"]["features"][1]["column"] = "x"; }),
            "model.json: a feature stands twice" + tail);
  EXPECT_EQ(with([](Json& j) { j["folds"][0]["features"][0]["column"] = "y"; }),
            "model.json: fold 0 has features that \"all\" has not" + tail);
  EXPECT_EQ(with([](Json& j) { j["folds"].push_back(j["folds"][0]); }),
            "a linear model without the tensor \"coefficients\"" + tail);
  folder.write("m/model.json", "{");
  EXPECT_EQ(refusal(folder), "model.json: it is no JSON object (while reading the model m)");
  folder.write("m/model.json", "{\"training\":" + std::string(100'000, '['));
  EXPECT_EQ(refusal(folder),
            "model.json: it is nested deeper than 32 levels (while reading the model m)");
}

// Take each value of the document away, or make it another type: it is refused or it does not
// matter, and nothing crashes.
TEST(Artefact, SurvivesAnyChangeOfOneValue) {
  const Folder folder;
  ASSERT_TRUE(save(artefact(), folder.at("m")).has_value());
  const Json good = Json::parse(bytes_of(folder.at("m/model.json")));
  std::size_t refused = 0;
  const Json flat = good.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    for (const Json& other :
         {Json(), Json(-1), Json("text"), Json::array(), Json::object(), Json(true)}) {
      Json bad = good;
      bad[Json::json_pointer(pointer)] = other;
      folder.write("m/model.json", bad.dump());
      refused += load(folder.at("m")).has_value() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, flat.size() * 3);
}

TEST(Model, BackendsAreFoundByTheirNames) {
  for (const Backend* backend : all_backends()) EXPECT_EQ(find_backend(backend->name), backend);
  EXPECT_NE(find_backend("linear"), nullptr);
  EXPECT_EQ(find_backend("nothing"), nullptr);
}

}  // namespace
}  // namespace evenhand::model
