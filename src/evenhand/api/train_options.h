// What every training lets its user say of columns, learner and method, and what becomes of it:
// `train fit` fits once, `train frontier` once for each of several values.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/api/group_options.h"
#include "evenhand/api/phrase.h"
#include "evenhand/api/table_options.h"
#include "evenhand/base/field.h"
#include "evenhand/base/result.h"
#include "evenhand/train/fit.h"

namespace evenhand::api {

struct TrainOptions : TableOptions, GroupOptions {
  Phrase label;
  std::optional<Phrase> group;
  std::vector<std::string> features, exclude, categories;
  std::optional<std::string> weight, cluster;
  std::string learner = "linear";
  std::optional<double> l2, learning_rate, temperature;
  std::vector<std::int64_t> widths;
  std::optional<std::int64_t> epochs, batch;
  std::optional<std::string> over, surrogate;
  bool no_guard = false;
  std::uint64_t seed = 0;
  unsigned threads = 0;
};

/// Which of the two were given.
struct Weighed {
  bool with_lambda = false, with_eps = false;
};

/// An option that neither the learner nor a method of these reads would do nothing.
/// @error kInvalidArgument, also for a method that there is not or that was named twice.
Result<void> check_reads(const TrainOptions& asked, const std::vector<std::string>& methods,
                         Weighed weighed);

/// What a fit is asked for: all but method, lambda, eps, folds and folder.
/// @error those of the grammar; kNotFound for a file that is not there.
Result<train::FitOptions> fit_options(const TrainOptions& asked);

/// What a fit tells, for machines.
Json as_json(const train::Fitted& fitted);

template <class T>
std::vector<std::string> names_of(std::span<const T* const> all) {
  std::vector<std::string> out;
  for (const T* each : all) out.emplace_back(each->name);
  return out;
}

/// The table without what is joined to it, and the part of each column.
template <class O>
std::vector<FieldOf<O>> train_column_fields() {
  using T = TrainOptions;
  std::vector<FieldOf<O>> out = lone_table_fields<O>();
  out.push_back(field<O>("label", &T::label,
                         {.help = "the column to learn, and the value that a person wants",
                          .value = "COLUMN[=FAVOURABLE]",
                          .example = "'income=>50K'",
                          .required = true}));
  out.push_back(field<O>("group", &T::group,
                         {.help = "the column, or the crossing of columns, whose groups a method "
                                  "is fair between; no feature unless it is named as one",
                          .value = "\"A x B\"",
                          .example = "sex"}));
  add_grouping_fields(out);
  out.push_back(field<O>("features", &T::features,
                         {.help = "a column to learn from",
                          .value = "COLUMN",
                          .example = "age",
                          .fallback = "every column but label, weight, cluster, group and "
                                      "--exclude"}));
  out.push_back(
      field<O>("exclude", &T::exclude,
               {.help = "a column that is no feature", .value = "COLUMN", .example = "sex"}));
  out.push_back(field<O>("categories", &T::categories,
                         {.help = "a feature that is text: whose numbers are only names "
                                  "(codes), or some of whose values are no numbers",
                          .value = "COLUMN",
                          .example = "occupation_code"}));
  out.push_back(field<O>("weight", &T::weight,
                         {.help = "the column that says how many times a row counts in the fit",
                          .value = "COLUMN",
                          .example = "w"}));
  out.push_back(field<O>("cluster", &T::cluster,
                         {.help = "rows of one value of this column fall into one fold",
                          .value = "COLUMN",
                          .example = "person"}));
  return out;
}

/// Add the kind of model and how it learns.
template <class O>
void add_learner_fields(std::vector<FieldOf<O>>& out) {
  using T = TrainOptions;
  out.push_back(field<O>("learner", &T::learner,
                         {.help = "what kind of model is fitted (`evenhand list learners`)",
                          .value = "NAME",
                          .example = "linear",
                          .choices = names_of(train::all_learners())}));
  out.push_back(
      field<O>("l2", &T::l2,
               {.help = "strength of the penalty l2/2 times the squared coefficients of the "
                        "standardised features",
                .value = "NUMBER",
                .unit = "rows",
                .example = "0.1",
                .range = from(0),
                .fallback = "1"}));
  out.push_back(field<O>("widths", &T::widths,
                         {.help = "how many neurons a hidden layer has; one number a layer",
                          .value = "NUMBER",
                          .unit = "neurons",
                          .example = "50",
                          .range = between(1, 4096),
                          .fallback = "64 and 64"}));
  out.push_back(field<O>("epochs", &T::epochs,
                         {.help = "how often a learner that goes by gradients sees each row",
                          .value = "NUMBER",
                          .unit = "passes",
                          .example = "50",
                          .range = between(1, 100'000),
                          .fallback = "20; of linear under the method gap 60"}));
  out.push_back(field<O>("batch", &T::batch,
                         {.help = "how many rows one step of such a learner sees",
                          .value = "NUMBER",
                          .unit = "rows",
                          .example = "512",
                          .range = between(1, 1'000'000),
                          .fallback = "256"}));
  out.push_back(
      field<O>("learning_rate", &T::learning_rate,
               {.help = "how far such a step goes (Adam)",
                .value = "NUMBER",
                .example = "0.01",
                .range = between(1e-9, 10),
                .fallback = "0.001; of linear under the method gap 0.05, falling to a tenth"}));
}

/// Add what a method weighs beside lambda and eps.
template <class O>
void add_method_fields(std::vector<FieldOf<O>>& out) {
  using T = TrainOptions;
  out.push_back(
      field<O>("over", &T::over,
               {.help = "what shall be alike: the rate of favourable decisions (demographic "
                        "parity), errors among rows of label 1 (equal opportunity), of label 0, "
                        "among both (equalized odds), or among all rows",
                .value = "ROWS",
                .example = "label_1",
                .choices = {std::begin(train::kOver), std::end(train::kOver)},
                .fallback = "decision"}));
  out.push_back(field<O>("surrogate", &T::surrogate,
                         {.help = "what stands in for counted errors, which have no gradient",
                          .value = "NAME",
                          .example = "cross_entropy",
                          .choices = {"soft_error", "cross_entropy", "sigmoid_margin", "argmax"},
                          .fallback = "soft_error"}));
  out.push_back(field<O>("temperature", &T::temperature,
                         {.help = "of the surrogate sigmoid_margin: the smaller, the nearer to "
                                  "counted errors and the flatter",
                          .value = "NUMBER",
                          .unit = "log-odds",
                          .example = "0.5",
                          .range = between(1e-3, 100),
                          .fallback = "1"}));
  out.push_back(field<O>("no_guard", &T::no_guard,
                         {.help = "let the gap be closed by making the better group worse"}));
}

/// Add seed and threads.
template <class O>
void add_draw_fields(std::vector<FieldOf<O>>& out) {
  using T = TrainOptions;
  out.push_back(field<O>("seed", &T::seed,
                         {.help = "decides which row falls into which fold, and every other draw",
                          .value = "NUMBER",
                          .example = "7",
                          .range = from(0)}));
  out.push_back(
      threads_field<O>(&T::threads,
                       "how many threads work; 0: as many as the machine has. The model is "
                       "the same for any"));
}

}  // namespace evenhand::api
