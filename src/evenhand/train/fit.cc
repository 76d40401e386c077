#include "evenhand/train/fit.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "evenhand/base/rows.h"
#include "evenhand/base/version.h"
#include "evenhand/model/artefact.h"
#include "evenhand/record/record_json.h"
#include "evenhand/record/write.h"
#include "evenhand/train/people.h"

namespace evenhand::train {

namespace {

Fitted summary(const FitOptions& options, const People& people, const model::Artefact& artefact,
               Taught taught) {
  Fitted out;
  out.folder = options.out;
  out.learner = options.learner;
  out.method = options.method;
  out.rows = people.rows();
  for (const table::InputFacts& facts : people.gathered.facts) {
    out.rows_skipped += facts.rows_skipped;
  }
  const Part used = all_but(people, kNoFold);
  out.rows_used = used.rows.size();
  for (const std::uint8_t label : people.labels.values) {
    out.rows_without_label += label == kMissingClass ? 1 : 0;
  }
  for (const std::uint8_t label : used.labels) out.rows_favourable += label;
  for (const model::Feature& feature : artefact.all.encoding.features) {
    out.features.push_back(feature.column);
  }
  out.left_out = people.left_out;
  const model::Selection selection{people.wanted, people.gathered.all, used.rows};
  for (const std::string& name : people.features) {
    const std::string why = model::why_unused(artefact.all.encoding, selection, name);
    if (why.empty()) continue;
    const bool is_in =
        std::find(out.features.begin(), out.features.end(), name) != out.features.end();
    out.left_out.push_back(name + ": " + why +
                           (is_in ? "; only whether it is missing counts" : ""));
  }
  if (!options.group.empty()) {
    for (const table::GroupKey& group : people.crossing.groups) {
      out.groups.push_back(table::spoken(group));
    }
  }
  out.columns = artefact.all.model->columns();
  out.fit = artefact.all.model->describe();
  out.facts = std::move(taught.facts);
  out.notes = people.notes;
  if (out.features.empty()) {
    out.notes.emplace_back("no feature is left to learn from, so every row gets the same score");
  }
  out.notes.insert(out.notes.end(), taught.notes.begin(), taught.notes.end());
  out.eps_reached = taught.eps_reached;
  return out;
}

// What the learner and the method were told: the options that they read.
Json training(const FitOptions& options, const Taught& taught) {
  Json out = {{"learner", options.learner}, {"method", options.method}};
  for (const auto& [name, value] : told(options)) out[name] = value;
  if (!options.group.empty()) out["group"] = options.group;
  if (!options.groupings.empty()) out["groupings"] = table::groupings_json(options.groupings);
  if (!taught.facts.empty()) out["facts"] = taught.facts;
  return out;
}

model::Artefact described(const FitOptions& options, const People& people) {
  model::Artefact out;
  out.label = options.label;
  out.favourable = people.labels.favourable;
  out.weight = options.weight;
  out.cluster = options.cluster;
  out.seed = options.seed;
  for (const table::InputFacts& facts : people.gathered.facts) {
    out.files.push_back({facts.path, facts.bytes, facts.rows, facts.sha256});
  }
  return out;
}

// So that cross-fitted rows are known again where they come back in another file.
void keep_rows(const People& people, model::Artefact& artefact) {
  // Without a feature every row is as any other, and tables of one length would be the same.
  if (artefact.folds.empty() || artefact.all.encoding.features.empty()) return;
  const auto place = [&](const std::string& name) {
    std::size_t at = 0;
    while (people.wanted[at].name != name) ++at;
    return at;
  };
  std::vector<std::size_t> places;
  for (const model::Feature& each : artefact.all.encoding.features) {
    places.push_back(place(each.column));
  }
  table::RowKeeper keeper;
  keeper.add(people.gathered.all, places,
             artefact.cluster ? std::optional(place(*artefact.cluster)) : std::nullopt);
  artefact.known_rows = keeper.take(model::row_key(artefact));
}

Result<void> make_folder(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed) return {};
  return Error{Code::kIo, "could not make the folder " + folder + ": " + failed.message()};
}

// A finished fit needs no way back.
void forget_checkpoints(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".checkpoint") std::filesystem::remove(entry.path(), ignored);
  }
}

// What others must know of the model; its numbers are those of an evaluation.
record::Record record_of(const FitOptions& options, const People& people,
                         const model::Artefact& artefact, const Fitted& told) {
  record::Record out;
  out.operation = "train fit";
  const auto ordered = [](const Json& json) { return nlohmann::ordered_json::parse(json.dump()); };
  out.options = {{"label", artefact.label},
                 {"favourable", artefact.favourable},
                 {"training", ordered(artefact.training)},
                 {"features", told.features},
                 {"left_out", told.left_out},
                 {"groups", told.groups},
                 {"weight", options.weight ? nlohmann::ordered_json(*options.weight) : nullptr},
                 {"cluster", options.cluster ? nlohmann::ordered_json(*options.cluster) : nullptr},
                 {"folds", options.folds},
                 {"notes", told.notes}};
  out.seed = options.seed;
  for (const table::InputFacts& each : people.gathered.facts) {
    out.inputs.push_back({each.path, each.rows, each.rows_skipped, each.bytes, each.sha256});
  }
  if (told.rows_without_label > 0) {
    out.left_out.push_back({"rows without label", "there is nothing to learn from them",
                            static_cast<std::int64_t>(told.rows_without_label)});
  }
  out.code_version = kVersion;
  return out;
}

}  // namespace

Result<Fitted> fit(const FitOptions& options, const OnProgress& progress) {
  EVENHAND_ASSIGN(const People people, gather_people(options, progress));
  return fit(options, people, progress);
}

Result<Fitted> fit(const FitOptions& options, const People& people, const OnProgress& progress) {
  EVENHAND_TRY(check_options(options));
  EVENHAND_TRY(make_folder(options.out));
  EVENHAND_ASSIGN(std::vector<Lessoned> fits, fit_parts(options, people, options.out, progress));
  model::Artefact artefact = described(options, people);
  artefact.training = training(options, fits.front().taught);
  artefact.all = std::move(fits.front().fit);
  for (std::size_t k = 1; k < fits.size(); ++k) artefact.folds.push_back(std::move(fits[k].fit));
  keep_rows(people, artefact);
  EVENHAND_TRY(model::save(artefact, options.out));
  forget_checkpoints(options.out);
  Fitted out = summary(options, people, artefact, std::move(fits.front().taught));
  out.record = (std::filesystem::path(options.out) / "record.json").string();
  const record::Record left = record_of(options, people, artefact, out);
  EVENHAND_TRY(record::write_file(out.record, record::to_json(left)));
  return out;
}

}  // namespace evenhand::train
