#include "evenhand/train/people.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "evenhand/base/digest.h"
#include "evenhand/base/field.h"
#include "evenhand/base/nearest.h"
#include "evenhand/base/parallel.h"
#include "evenhand/base/rows.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/split.h"
#include "evenhand/train/kinds.h"

namespace evenhand::train {

namespace {

using Names = std::vector<std::string>;

constexpr std::int64_t kFoldsMax = 100;

bool is_in(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// --- What was asked ---------------------------------------------------------------------------

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

Result<void> check_features(const FitOptions& options) {
  for (std::size_t f = 0; f < options.features.size(); ++f) {
    const std::string& name = options.features[f];
    const auto also = [&](const char* part) {
      return wrong(std::string("the ") + part + " \"" + name + "\" cannot be a feature as well");
    };
    if (name == options.label) return also("label");
    if (name == options.weight) return also("weight");
    if (name == options.cluster) return also("cluster");
    const auto rest = options.features.begin() + static_cast<std::ptrdiff_t>(f);
    if (std::find(options.features.begin(), rest, name) != rest) {
      return wrong("the feature \"" + name + "\" is named twice");
    }
  }
  return {};
}

Error not_among(const char* what, const std::string& name, const Names& names) {
  const std::string near = nearest(name, names);
  return {Code::kNotFound, std::string(what) + ": there is no column \"" + name + '"' +
                               (near.empty() ? "" : "; did you mean \"" + near + "\"?")};
}

bool is_doubled(const std::string& name, const std::vector<table::Doubled>& doubled) {
  return std::any_of(doubled.begin(), doubled.end(), [&](const table::Doubled& each) {
    return each.name == name || is_in(name, each.columns);
  });
}

std::string why_left_out(const table::Doubled& each) {
  std::string columns;
  for (const std::string& name : each.columns) columns += (columns.empty() ? "" : ", ") + name;
  return each.name + ": " + std::to_string(each.columns.size()) +
         " columns have this name; rename one, or name it among the features as it is read (" +
         columns + ")";
}

// The features: those named, or all columns but those with another part to play and those that
// share their name: nobody can have meant one of them.
Result<void> choose_features(const FitOptions& options, const Names& files, People& out) {
  if (!options.features.empty()) {
    out.features = options.features;
    return {};
  }
  if (is_in("-", files)) {
    return Error{Code::kInvalidArgument,
                 "standard input can be read only once; name the features, or give a file"};
  }
  EVENHAND_ASSIGN(const auto reader, table::open(files.front(), options.read));
  const Names& columns = reader->columns();
  const std::vector<table::Doubled> doubled = table::doubled(*reader);
  for (const std::string& name : options.exclude) {
    const bool is_there = is_in(name, columns) || is_doubled(name, doubled);
    if (!is_there) return not_among("exclude", name, columns);
  }
  for (const std::string& name : columns) {
    const bool has_another_part = name == options.label || name == options.weight ||
                                  name == options.cluster || is_in(name, options.group);
    const bool is_out = is_in(name, options.exclude) || is_doubled(name, doubled);
    if (!has_another_part && !is_out) out.features.push_back(name);
  }
  for (const table::Doubled& each : doubled) {
    if (!is_in(each.name, options.exclude)) out.left_out.push_back(why_left_out(each));
  }
  if (!out.features.empty()) return {};
  std::string says = "no column is left to be a feature";
  for (const std::string& why : out.left_out) says += "; " + why;
  return Error{Code::kInvalidArgument, std::move(says)};
}

// --- The table --------------------------------------------------------------------------------

// Where the columns with a part of their own stand in `wanted`; features come first. A reader hands
// each column out once, so one with two parts has one place.
struct Places {
  std::size_t label = 0, weight = 0, cluster = 0;
  std::vector<std::size_t> group;
};

std::size_t place_of(std::vector<table::Wanted>& wanted, const std::string& name, table::As as) {
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    if (wanted[c].name == name) return c;
  }
  wanted.push_back({name, as});
  return wanted.size() - 1;
}

Places places_of(const FitOptions& options, std::vector<table::Wanted>& wanted) {
  Places out;
  out.label = place_of(wanted, options.label, table::As::kText);
  if (options.weight) out.weight = place_of(wanted, *options.weight, table::As::kNumber);
  if (options.cluster) out.cluster = place_of(wanted, *options.cluster, table::As::kText);
  for (const std::string& name : options.group) {
    out.group.push_back(place_of(wanted, name, table::As::kText));
  }
  return out;
}

// Features, but those declared to be text and those whose texts tell groups.
std::vector<bool> may_be_numbers(const FitOptions& options, const People& people) {
  std::vector<bool> out(people.wanted.size(), false);
  for (std::size_t f = 0; f < people.features.size(); ++f) {
    out[f] =
        !is_in(people.features[f], options.categories) && !is_in(people.features[f], options.group);
  }
  return out;
}

std::string listed(const Names& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "\"" : " or \"") + name + '"';
  return out;
}

Result<void> check_weights(const table::Column& column, const std::string& name) {
  for (std::size_t i = 0; i < column.numbers.size(); ++i) {
    if (column.numbers[i] >= 0) continue;
    const std::string found = std::isnan(column.numbers[i]) ? "missing" : "below 0";
    return Error{Code::kBadInput, "the weight \"" + name + "\" of row " +
                                      table::with_thousands(i + 1) + " is " + found +
                                      "; every row needs one of 0 or more"};
  }
  return {};
}

// Is there anybody to learn from, once missing labels and weights of 0 are out?
Result<void> check_rows(const FitOptions& options, const People& people) {
  const Part used = all_but(people, kNoFold);
  if (used.rows.empty()) {
    return Error{Code::kBadInput,
                 "every row with a label has the weight 0 in \"" + options.weight.value_or("") +
                     "\", so none counts; name another column of weights, or none"};
  }
  return {};
}

// Folds that hold no row that counts: their fits are that of all rows. One that holds all of them
// leaves nothing to learn from.
Result<void> check_folds(const FitOptions& options, People& people) {
  if (people.folds.empty()) return {};
  std::vector<bool> held(static_cast<std::size_t>(options.folds));
  for (const std::uint32_t row : all_but(people, kNoFold).rows) held[people.folds[row]] = true;
  const auto filled = std::count(held.begin(), held.end(), true);
  if (filled == options.folds) return {};
  const std::string by =
      options.cluster ? ", which go by the values of \"" + *options.cluster + '"' : "";
  if (filled == 1) {
    return Error{Code::kBadInput, "all rows fall into one of " + std::to_string(options.folds) +
                                      " folds" + by +
                                      ", so without it none is left to learn from; " +
                                      (options.cluster ? "name a cluster of more values, " : "") +
                                      "give another --seed, or no --folds"};
  }
  people.notes.push_back(std::to_string(options.folds - filled) + " of " +
                         std::to_string(options.folds) + " folds hold no row" + by +
                         ": fewer --folds give the same");
  return {};
}

// Every method that looks at groups wants some that are known.
Result<void> check_groups(const FitOptions& options, const People& people) {
  EVENHAND_ASSIGN(const Method* const how, method(options.method));
  if (!how->needs_group) return {};
  const Part used = all_but(people, kNoFold);
  const bool none = std::all_of(used.groups.begin(), used.groups.end(), [&](std::uint32_t group) {
    return people.crossing.unknown(group);
  });
  if (!none) return {};
  return Error{Code::kBadInput,
               "the group of every row with a label is unknown, and the method \"" +
                   options.method + "\" is fair between groups; the values of " +
                   listed(options.group) + " are missing"};
}

std::vector<std::uint8_t> assign_folds(const FitOptions& options, const table::Batch& all,
                                       std::size_t cluster) {
  std::vector<std::uint8_t> out;
  if (options.folds == 0) return out;
  const auto folds = static_cast<std::uint32_t>(options.folds);
  std::vector<std::uint8_t> of_code{0};
  if (options.cluster) {
    for (const std::string& value : all.columns[cluster].values) {
      of_code.push_back(
          static_cast<std::uint8_t>(table::fold_of_cluster(value, options.seed, folds)));
    }
  }
  for (std::size_t i = 0; i < all.rows; ++i) {
    const std::uint32_t code = options.cluster ? all.columns[cluster].codes[i] : 0;
    out.push_back(code != 0
                      ? of_code[code]
                      : static_cast<std::uint8_t>(table::fold_of_row(i, options.seed, folds)));
  }
  return out;
}

// --- The fits ---------------------------------------------------------------------------------

// Several fits tell one face how far they are together.
class Steps {
 public:
  Steps(const OnProgress& progress, std::size_t fits) : progress_(progress), done_(fits, 0) {}

  OnProgress of(std::size_t fit) {
    return [this, fit](const Progress& inner) {
      const double share =
          inner.all == 0 ? 0 : static_cast<double>(inner.done) / static_cast<double>(inner.all);
      return tell(fit, share, inner.stage);
    };
  }
  bool tell(std::size_t fit, double share, std::string_view stage) {
    const std::lock_guard lock(mutex_);
    done_[fit] = share;
    double sum = 0;
    for (const double each : done_) sum += each;
    const auto all = static_cast<std::uint64_t>(done_.size()) * kParts;
    const auto done = static_cast<std::uint64_t>(sum * kParts);
    go_on_ = go_on_ && (!progress_ || progress_({stage, Counts::kSteps, done, all}));
    return go_on_;
  }

 private:
  static constexpr std::uint64_t kParts = 100;  // a fit counts as so many steps
  const OnProgress& progress_;
  std::mutex mutex_;  // guards what follows
  std::vector<double> done_;
  bool go_on_ = true;
};

std::string name_of_fit(std::size_t k, std::int64_t folds) {
  return k == 0 ? "fitting all rows"
                : "fitting without fold " + std::to_string(k) + " of " + std::to_string(folds);
}

Result<Lessoned> fit_part(const FitOptions& options, const People& people, std::size_t k,
                          const Resume& resume, const OnProgress& progress) {
  const Part part = all_but(people, static_cast<std::int64_t>(k) - 1);
  const model::Selection selection{people.wanted, people.gathered.all, part.rows};
  Lessoned out;
  out.fit.encoding = model::learn_encoding(selection, people.features, part.weights);
  const model::Design design = model::encode(out.fit.encoding, selection);
  const Lesson lesson{design,      part.labels,     part.weights,
                      part.groups, people.crossing, people.labels.favourable};
  EVENHAND_ASSIGN(const Method* const how, method(options.method));
  EVENHAND_ASSIGN(const Learner* const what, learner(options.learner));
  EVENHAND_ASSIGN(out.taught, how->fit(*what, lesson, options, resume, progress));
  out.fit.model = std::move(out.taught.model);
  out.fit.rows = part.rows.size();
  return out;
}

// A checkpoint bears the mark of what it is of, so that one of another fit is never met.
std::string mark_of(const FitOptions& options, const People& people) {
  Json of = {{"learner", options.learner}, {"method", options.method}, {"seed", options.seed},
             {"folds", options.folds},     {"group", options.group},   {"label", options.label},
             {"features", people.features}};
  for (const auto& [name, value] : told(options)) of[name] = value;
  if (!options.groupings.empty()) of["groupings"] = table::groupings_json(options.groupings);
  for (const table::InputFacts& file : people.gathered.facts) of["files"].push_back(file.sha256);
  return sha256_hex(of.dump(-1, ' ', false, Json::error_handler_t::replace)).substr(0, 12);
}

Resume resume_of(const std::string& folder, const std::string& mark, std::size_t k) {
  if (folder.empty()) return {};
  const std::string name = "fit_" + std::to_string(k) + '_' + mark + ".checkpoint";
  return {(std::filesystem::path(folder) / name).string()};
}

}  // namespace

Result<void> check_options(const FitOptions& options) {
  if (options.label.empty()) return wrong("a fit needs a label");
  if (options.out.empty()) return wrong("a fit needs a folder to write the model to");
  EVENHAND_ASSIGN(const Method* const how, method(options.method));
  EVENHAND_TRY(learner(options.learner));
  if (how->needs_group && options.group.empty()) {
    return wrong("the method \"" + options.method +
                 "\" is fair between groups, and none were named: --group sex");
  }
  if (!(options.l2 >= 0) || !std::isfinite(options.l2)) return wrong("l2 must be 0 or more");
  if (options.folds != 0 && (options.folds < 2 || options.folds > kFoldsMax)) {
    return wrong("folds must be 0, or from 2 to " + std::to_string(kFoldsMax));
  }
  if (!options.features.empty() && !options.exclude.empty()) {
    return wrong("features are named, so there is nothing to exclude: give one of the two");
  }
  if (options.weight == options.label) return wrong("the label cannot be the weight as well");
  if (options.cluster && options.cluster == options.weight) {
    return wrong("the weight cannot tell the clusters as well");
  }
  if (is_in(options.label, options.group)) {
    return wrong("the label \"" + options.label + "\" cannot tell the groups as well");
  }
  if (options.weight && is_in(*options.weight, options.group)) {
    return wrong("the weight \"" + *options.weight + "\" cannot tell the groups as well");
  }
  EVENHAND_TRY(table::check_groupings(options.groupings, options.group));
  return check_features(options);
}

Part all_but(const People& people, std::int64_t fold) {
  Part out;
  for (std::uint32_t i = 0; i < people.rows(); ++i) {
    const bool weightless = !people.weights.empty() && people.weights[i] == 0;
    const bool held_out = fold != kNoFold && people.folds[i] == fold;
    if (people.labels.values[i] == kMissingClass || weightless || held_out) continue;
    out.rows.push_back(i);
    out.labels.push_back(people.labels.values[i]);
    if (!people.weights.empty()) out.weights.push_back(people.weights[i]);
    if (!people.crossing.by.empty()) out.groups.push_back(people.crossing.codes[i]);
  }
  return out;
}

Result<People> gather_people(const FitOptions& options, const OnProgress& progress) {
  EVENHAND_TRY(check_options(options));
  EVENHAND_ASSIGN(const Names files, table::expand_all(options.files));
  People out;
  EVENHAND_TRY(choose_features(options, files, out));
  for (const std::string& name : out.features) out.wanted.push_back({name, table::As::kText});
  const Places places = places_of(options, out.wanted);
  EVENHAND_ASSIGN(out.gathered,
                  table::gather_as_found(files, options.read, out.wanted,
                                         may_be_numbers(options, out), options.threads, progress));
  table::Batch& all = out.gathered.all;
  if (all.rows == 0) {
    return Error{Code::kBadInput,
                 table::spoken(files.front()) + " has no rows, so there is nothing to learn from"};
  }
  // Groups are texts, also where a column of theirs is a feature of numbers.
  EVENHAND_ASSIGN(out.crossing, table::cross(all, options.group, places.group, options.groupings,
                                             options.read.decimal));
  out.folds = assign_folds(options, all, places.cluster);
  EVENHAND_TRY(
      settle_kinds({options.features, options.exclude, options.categories, options.read.decimal},
                   out.features, out.wanted, all, out.notes));
  EVENHAND_ASSIGN(out.labels,
                  table::labels_of(all.columns[places.label], options.label, options.favourable));
  if (options.weight) {
    EVENHAND_TRY(check_weights(all.columns[places.weight], *options.weight));
    out.weights = all.columns[places.weight].numbers;
  }
  EVENHAND_TRY(check_rows(options, out));
  EVENHAND_TRY(check_folds(options, out));
  return out;
}

Result<std::vector<Lessoned>> fit_parts(const FitOptions& options, const People& people,
                                        const std::string& folder, const OnProgress& progress) {
  EVENHAND_TRY(check_groups(options, people));
  EVENHAND_ASSIGN(const Method* const how, method(options.method));
  EVENHAND_ASSIGN(const Learner* const what, learner(options.learner));
  const std::size_t fits = 1 + static_cast<std::size_t>(options.folds);
  const bool side_by_side = how->one_thread || what->one_thread;
  const std::string mark = mark_of(options, people);
  Steps steps(progress, fits);
  std::vector<std::optional<Result<Lessoned>>> each(fits);
  for_each_index(fits, side_by_side ? options.threads : 1, [&](std::size_t k) {
    if (!steps.tell(k, 0, "fitting")) {
      each[k] = Error{Code::kInterrupted, "fitting was interrupted"};
      return;
    }
    each[k] = fit_part(options, people, k, resume_of(folder, mark, k), steps.of(k));
  });
  std::vector<Lessoned> out;
  for (std::size_t k = 0; k < fits; ++k) {
    if (!*each[k]) return std::move(*each[k]).error().within(name_of_fit(k, options.folds));
    out.push_back(std::move(*each[k]).value());
  }
  return out;
}

}  // namespace evenhand::train
