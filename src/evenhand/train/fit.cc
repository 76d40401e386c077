#include "evenhand/train/fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "evenhand/base/field.h"
#include "evenhand/base/nearest.h"
#include "evenhand/base/rows.h"
#include "evenhand/model/artefact.h"
#include "evenhand/model/linear.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/label.h"
#include "evenhand/table/split.h"

namespace evenhand::train {

namespace {

using Names = std::vector<std::string>;

constexpr std::int64_t kFoldsMax = 100;
constexpr std::size_t kLevelsMax = 1000;  // of a text feature; more of them are names or dates

bool is_in(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// --- What was asked ---------------------------------------------------------------------------

Result<void> check(const FitOptions& options) {
  const auto wrong = [](std::string says) {
    return Error{Code::kInvalidArgument, std::move(says)};
  };
  if (options.label.empty()) return wrong("a fit needs a label");
  if (options.out.empty()) return wrong("a fit needs a folder to write the model to");
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
  for (std::size_t f = 0; f < options.features.size(); ++f) {
    const std::string& name = options.features[f];
    if (name == options.label)
      return wrong("the label \"" + name + "\" cannot be a feature as well");
    if (name == options.weight)
      return wrong("the weight \"" + name + "\" cannot be a feature as well");
    if (name == options.cluster)
      return wrong("the cluster \"" + name + "\" cannot be a feature as well");
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

// The features: those named, or all columns but those with another part to play.
Result<Names> features_of(const FitOptions& options, const Names& files) {
  if (!options.features.empty()) return options.features;
  if (is_in("-", files)) {
    return Error{Code::kInvalidArgument,
                 "standard input can be read only once; name the features, or give a file"};
  }
  EVENHAND_ASSIGN(const auto reader, table::open(files.front(), options.read));
  const Names& columns = reader->columns();
  for (const std::string& name : options.exclude) {
    if (!is_in(name, columns)) return not_among("exclude", name, columns);
  }
  Names out;
  for (const std::string& name : columns) {
    const bool has_another_part =
        name == options.label || name == options.weight || name == options.cluster;
    if (!has_another_part && !is_in(name, options.exclude)) out.push_back(name);
  }
  if (out.empty()) return Error{Code::kInvalidArgument, "no column is left to be a feature"};
  return out;
}

// --- The table --------------------------------------------------------------------------------

// Where the columns with a part of their own stand in `wanted`; features come first.
struct Places {
  std::size_t label = 0, weight = 0, cluster = 0;
};

std::vector<table::Wanted> wanted_of(const FitOptions& options, const Names& features,
                                     Places& places) {
  std::vector<table::Wanted> out;
  for (const std::string& name : features) out.push_back({name, table::As::kText});
  const auto add = [&](const std::string& name, table::As as) {
    out.push_back({name, as});
    return out.size() - 1;
  };
  places.label = add(options.label, table::As::kText);
  if (options.weight) places.weight = add(*options.weight, table::As::kNumber);
  if (options.cluster) {
    // One column may tell the cluster and the label; a reader hands each out once.
    places.cluster =
        *options.cluster == options.label ? places.label : add(*options.cluster, table::As::kText);
  }
  return out;
}

std::string listed(const Names& names, const char* before_each, const char* between) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : between) + (before_each + name);
  return out;
}

// All of them at once, with what to write: one refusal a column would be a run a column.
Error too_many_levels(const Names& names, const std::vector<std::size_t>& levels,
                      const FitOptions& options) {
  std::string which;
  for (std::size_t i = 0; i < names.size(); ++i) {
    which += (i == 0 ? "\"" : ", \"") + names[i] + "\" (" + table::with_thousands(levels[i]) + ')';
  }
  std::string says = "of text features at most " + table::with_thousands(kLevelsMax) +
                     " different texts are taken, and there are more in " + which +
                     ": names and dates teach nothing; ";
  if (!options.features.empty()) {
    return {Code::kBadInput,
            says + "leave " + (names.size() == 1 ? "it" : "them") + " out of the features"};
  }
  Names all = options.exclude;
  all.insert(all.end(), names.begin(), names.end());
  return {Code::kBadInput, says + "exclude " + (names.size() == 1 ? "it" : "them") +
                               ": exclude = " + Json(all).dump() + " in a project file, " +
                               listed(names, "--exclude ", " ") + " in a shell"};
}

// Decide which features are numbers; `wanted` follows.
Result<void> settle_kinds(const FitOptions& options, std::size_t features,
                          table::Gathered& gathered, std::vector<table::Wanted>& wanted) {
  for (const std::string& name : options.categories) {
    const auto is_it = [&](const table::Wanted& one) { return one.name == name; };
    const auto end = wanted.begin() + static_cast<std::ptrdiff_t>(features);
    if (std::none_of(wanted.begin(), end, is_it)) {
      return Error{Code::kInvalidArgument, "categories: \"" + name + "\" is no feature"};
    }
  }
  Names refused;
  std::vector<std::size_t> levels;
  for (std::size_t f = 0; f < features; ++f) {
    table::Column& column = gathered.all.columns[f];
    const bool is_number = !is_in(wanted[f].name, options.categories) &&
                           table::become_numbers(column, options.read.decimal);
    if (is_number) wanted[f].as = table::As::kNumber;
    if (!is_number && column.values.size() > kLevelsMax) {
      refused.push_back(wanted[f].name);
      levels.push_back(column.values.size());
    }
  }
  if (!refused.empty()) return too_many_levels(refused, levels, options);
  return {};
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

// --- The fits ---------------------------------------------------------------------------------

// The rows of a fit with what belongs to each.
struct Part {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;  // empty without a weight column
};

struct People {
  const table::Labels& labels;
  std::span<const double> weights;  // empty: every row counts once
  std::vector<std::uint8_t> folds;  // empty: not cross-fitted
};

// Every row with a label and a weight but those of one fold; `fold` kMissingClass: no fold is left
// out.
Part all_but(const People& people, std::uint8_t fold) {
  Part out;
  for (std::uint32_t i = 0; i < people.labels.values.size(); ++i) {
    const bool weightless = !people.weights.empty() && people.weights[i] == 0;
    const bool held_out = fold != kMissingClass && people.folds[i] == fold;
    if (people.labels.values[i] == kMissingClass || weightless || held_out) continue;
    out.rows.push_back(i);
    out.labels.push_back(people.labels.values[i]);
    if (!people.weights.empty()) out.weights.push_back(people.weights[i]);
  }
  return out;
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

Result<model::Fit> fit_part(const FitOptions& options, const Names& features,
                            const std::vector<table::Wanted>& wanted, const table::Batch& all,
                            const Part& part) {
  const model::Selection selection{wanted, all, part.rows};
  model::Fit out;
  out.encoding = model::learn_encoding(selection, features, part.weights);
  const model::Design design = model::encode(out.encoding, selection);
  EVENHAND_ASSIGN(out.model, model::fit_linear({design, part.labels, part.weights},
                                               {.l2 = options.l2, .threads = options.threads}));
  out.rows = part.rows.size();
  return out;
}

Result<void> fit_all(const FitOptions& options, const Names& features,
                     const std::vector<table::Wanted>& wanted, const table::Batch& all,
                     const People& people, const OnProgress& progress, model::Artefact& out) {
  const auto folds = static_cast<std::uint64_t>(options.folds);
  for (std::uint64_t k = 0; k <= folds; ++k) {
    if (progress && !progress({"fitting", Counts::kSteps, k, folds + 1})) {
      return Error{Code::kInterrupted, "fitting was interrupted"};
    }
    const auto fold = static_cast<std::uint8_t>(k - 1);
    const Part part = all_but(people, k == 0 ? kMissingClass : fold);
    auto fitted = fit_part(options, features, wanted, all, part);
    if (!fitted) {
      return std::move(fitted).error().within(k == 0 ? "fitting all rows"
                                                     : "fitting without fold " + std::to_string(k) +
                                                           " of " + std::to_string(folds));
    }
    (k == 0 ? out.all : out.folds.emplace_back()) = std::move(fitted).value();
  }
  return {};
}

// --- What is told -----------------------------------------------------------------------------

Fitted summary(const FitOptions& options, const Names& features, const table::Gathered& gathered,
               const People& people, const model::Artefact& artefact) {
  Fitted out;
  out.folder = options.out;
  out.rows = gathered.all.rows;
  for (const table::InputFacts& facts : gathered.facts) out.rows_skipped += facts.rows_skipped;
  const Part used = all_but(people, kMissingClass);
  out.rows_used = used.rows.size();
  for (const std::uint8_t label : people.labels.values) {
    out.rows_without_label += label == kMissingClass ? 1 : 0;
  }
  for (const std::uint8_t label : used.labels) out.rows_favourable += label;
  for (const model::Feature& feature : artefact.all.encoding.features) {
    out.features.push_back(feature.column);
  }
  for (const std::string& name : features) {
    if (!is_in(name, out.features)) out.left_out.push_back(name + ": one value only");
  }
  const model::LogisticFit& fit = *model::logistic_fit_of(*artefact.all.model);
  out.columns = artefact.all.model->columns();
  out.method = fit.method;
  out.iterations = fit.iterations;
  out.deviance = fit.deviance;
  return out;
}

model::Artefact described(const FitOptions& options, const table::Gathered& gathered,
                          const table::Labels& labels) {
  model::Artefact out;
  out.label = options.label;
  out.favourable = labels.favourable;
  out.weight = options.weight;
  out.cluster = options.cluster;
  out.l2 = options.l2;
  out.seed = options.seed;
  for (const table::InputFacts& facts : gathered.facts) {
    out.files.push_back({facts.path, facts.bytes, facts.rows, facts.sha256});
  }
  return out;
}

}  // namespace

Result<Fitted> fit(const FitOptions& options, const OnProgress& progress) {
  EVENHAND_TRY(check(options));
  EVENHAND_ASSIGN(const Names files, table::expand_all(options.files));
  EVENHAND_ASSIGN(const Names features, features_of(options, files));
  Places places;
  std::vector<table::Wanted> wanted = wanted_of(options, features, places);
  EVENHAND_ASSIGN(table::Gathered gathered,
                  table::gather(files, options.read, wanted, options.threads, progress));
  EVENHAND_TRY(settle_kinds(options, features.size(), gathered, wanted));
  EVENHAND_ASSIGN(const table::Labels labels, table::labels_of(gathered.all.columns[places.label],
                                                               options.label, options.favourable));
  std::span<const double> weights;
  if (options.weight) {
    EVENHAND_TRY(check_weights(gathered.all.columns[places.weight], *options.weight));
    weights = gathered.all.columns[places.weight].numbers;
  }
  const People people{labels, weights, assign_folds(options, gathered.all, places.cluster)};
  model::Artefact artefact = described(options, gathered, labels);
  EVENHAND_TRY(fit_all(options, features, wanted, gathered.all, people, progress, artefact));
  EVENHAND_TRY(model::save(artefact, options.out));
  return summary(options, features, gathered, people, artefact);
}

}  // namespace evenhand::train
