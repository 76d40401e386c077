// `evenhand train fit`: section [train] of the project file.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/api/grammar.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/phrase.h"
#include "evenhand/api/table_options.h"
#include "evenhand/train/fit.h"

namespace evenhand::api {

namespace {

struct TrainFit : TableOptions {
  Phrase label;
  std::vector<std::string> features, exclude, categories;
  std::optional<std::string> weight, cluster;
  double l2 = 1;
  std::int64_t folds = 0;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  std::string out = "evenhand-out/model";
};

std::vector<FieldOf<TrainFit>> fields() {
  using T = TrainFit;
  std::vector<FieldOf<T>> out = table_fields<T>();
  out.erase(std::remove_if(out.begin(), out.end(),
                           [](const FieldOf<T>& each) {
                             return each.field.name == "join" || each.field.name == "on";
                           }),
            out.end());
  out.push_back(field<T>("label", &T::label,
                         {.help = "the column to learn, and the value that a person wants",
                          .value = "COLUMN[=FAVOURABLE]",
                          .example = "'income=>50K'",
                          .required = true}));
  out.push_back(field<T>("features", &T::features,
                         {.help = "a column to learn from",
                          .value = "COLUMN",
                          .example = "age",
                          .fallback = "every column but label, weight, cluster and --exclude"}));
  out.push_back(
      field<T>("exclude", &T::exclude,
               {.help = "a column that is no feature", .value = "COLUMN", .example = "sex"}));
  out.push_back(field<T>("categories", &T::categories,
                         {.help = "a feature whose numbers are only names (codes)",
                          .value = "COLUMN",
                          .example = "occupation_code"}));
  out.push_back(field<T>("weight", &T::weight,
                         {.help = "the column that says how many times a row counts in the fit",
                          .value = "COLUMN",
                          .example = "w"}));
  out.push_back(field<T>("cluster", &T::cluster,
                         {.help = "rows of one value of this column fall into one fold",
                          .value = "COLUMN",
                          .example = "person"}));
  out.push_back(
      field<T>("l2", &T::l2,
               {.help = "strength of the penalty l2/2 times the squared coefficients of the "
                        "standardised features",
                .value = "NUMBER",
                .unit = "rows",
                .example = "0.1",
                .range = from(0)}));
  out.push_back(
      field<T>("folds", &T::folds,
               {.help = "cross-fit: so many fits, each blind to its part of the rows, so that "
                        "every row can be scored held out; 0: one fit of all rows",
                .value = "NUMBER",
                .unit = "folds",
                .example = "5",
                .range = between(0, 100)}));
  out.push_back(field<T>("seed", &T::seed,
                         {.help = "decides which row falls into which fold",
                          .value = "NUMBER",
                          .example = "7",
                          .range = from(0)}));
  out.push_back(
      field<T>("threads", &T::threads,
               {.help = "how many threads work; 0: as many as the machine has. The model is "
                        "the same for any",
                .value = "NUMBER",
                .unit = "threads",
                .example = "2",
                .range = between(0, 1024)}));
  out.push_back(field<T>("out", &T::out,
                         {.help = "the model's folder, made or overwritten",
                          .value = "DIR",
                          .example = "model",
                          .is_path = true}));
  return out;
}

Json as_json(const train::Fitted& fitted) {
  Json out;
  out["model"] = fitted.folder;
  out["rows"] = fitted.rows;
  out["rows_used"] = fitted.rows_used;
  out["rows_without_label"] = fitted.rows_without_label;
  out["rows_skipped"] = fitted.rows_skipped;
  out["rows_favourable"] = fitted.rows_favourable;
  out["features"] = fitted.features;
  out["left_out"] = fitted.left_out;
  out["columns"] = fitted.columns;
  out["method"] = fitted.method;
  out["iterations"] = fitted.iterations;
  out["deviance"] = fitted.deviance;
  return out;
}

std::string as_text(const train::Fitted& fitted, const TrainFit& asked) {
  std::string out = "fitted a logistic regression to " + std::to_string(fitted.rows_used) +
                    " rows with " + std::to_string(fitted.features.size()) + " features (" +
                    std::to_string(fitted.columns) + " columns)";
  if (asked.folds > 0) out += ", cross-fitted in " + std::to_string(asked.folds) + " folds";
  out += '\n';
  if (fitted.rows_without_label > 0) {
    out += std::to_string(fitted.rows_without_label) + " rows have no label and took no part\n";
  }
  for (const std::string& each : fitted.left_out) out += "left out: " + each + '\n';
  return out + "model: " + fitted.folder + '\n';
}

Result<Outcome> run(const TrainFit& asked, const Call& call) {
  Columns columns;
  if (!asked.label.exact) {
    EVENHAND_ASSIGN(columns, column_names(asked));
  }
  EVENHAND_ASSIGN(const evaluate::Role label, role(asked.label, columns, "--label"));
  train::FitOptions options;
  options.files = asked.files;
  EVENHAND_ASSIGN(options.read, read_options(asked));
  options.label = label.column;
  options.favourable = label.favourable;
  options.features = asked.features;
  options.exclude = asked.exclude;
  options.categories = asked.categories;
  options.weight = asked.weight;
  options.cluster = asked.cluster;
  options.l2 = asked.l2;
  options.folds = asked.folds;
  options.seed = asked.seed;
  options.threads = asked.threads;
  options.out = asked.out;
  EVENHAND_ASSIGN(const train::Fitted fitted, train::fit(options, call.progress));
  return Outcome{kMet, as_text(fitted, asked), as_json(fitted)};
}

}  // namespace

Operation train_fit() {
  return operation<TrainFit>(
      {.name = "train fit",
       .says = "Fit a logistic regression, so that there are decisions to judge; cross-fitted for "
               "honest ones",
       .section = "train",
       .examples = {"evenhand train fit people.csv --label 'income=>50K' --exclude sex --folds 5 "
                    "--out model"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
