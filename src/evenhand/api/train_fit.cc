// `evenhand train fit`: section [train] of the project file.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/api/grammar.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/phrase.h"
#include "evenhand/api/table_options.h"
#include "evenhand/train/fit.h"

namespace evenhand::api {

namespace {

struct TrainFit : TableOptions {
  std::string learner = "linear";
  std::vector<std::string> method = {"plain"};
  Phrase label;
  std::optional<Phrase> group;
  std::vector<std::string> features, exclude, categories;
  std::optional<std::string> weight, cluster;
  std::optional<double> l2, learning_rate, lambda, eps, temperature;
  std::vector<std::int64_t> widths;
  std::optional<std::int64_t> epochs, batch;
  std::optional<std::string> over, surrogate;
  bool no_guard = false;
  std::int64_t folds = 0;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  std::string out = "evenhand-out/model";
};

template <class T>
std::vector<std::string> names_of(std::span<const T* const> all) {
  std::vector<std::string> out;
  for (const T* each : all) out.emplace_back(each->name);
  return out;
}

using T = TrainFit;
using Fields = std::vector<FieldOf<T>>;

void add_columns(Fields& out) {
  out.push_back(field<T>("label", &T::label,
                         {.help = "the column to learn, and the value that a person wants",
                          .value = "COLUMN[=FAVOURABLE]",
                          .example = "'income=>50K'",
                          .required = true}));
  out.push_back(field<T>("features", &T::features,
                         {.help = "a column to learn from",
                          .value = "COLUMN",
                          .example = "age",
                          .fallback = "every column but label, weight, cluster, group and "
                                      "--exclude"}));
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
}

void add_learner(Fields& out) {
  out.push_back(field<T>("learner", &T::learner,
                         {.help = "what kind of model is fitted (`evenhand list learners`)",
                          .value = "NAME",
                          .example = "linear",
                          .choices = names_of(train::all_learners())}));
  out.push_back(
      field<T>("l2", &T::l2,
               {.help = "strength of the penalty l2/2 times the squared coefficients of the "
                        "standardised features",
                .value = "NUMBER",
                .unit = "rows",
                .example = "0.1",
                .range = from(0),
                .fallback = "1"}));
  out.push_back(field<T>("widths", &T::widths,
                         {.help = "how many neurons a hidden layer has; one number a layer",
                          .value = "NUMBER",
                          .unit = "neurons",
                          .example = "50",
                          .range = between(1, 4096),
                          .fallback = "64 and 64"}));
  out.push_back(field<T>("epochs", &T::epochs,
                         {.help = "how often a learner that goes by gradients sees each row",
                          .value = "NUMBER",
                          .unit = "passes",
                          .example = "50",
                          .range = between(1, 100'000),
                          .fallback = "20; of linear under the method gap 60"}));
  out.push_back(field<T>("batch", &T::batch,
                         {.help = "how many rows one step of such a learner sees",
                          .value = "NUMBER",
                          .unit = "rows",
                          .example = "512",
                          .range = between(1, 1'000'000),
                          .fallback = "256"}));
  out.push_back(
      field<T>("learning_rate", &T::learning_rate,
               {.help = "how far such a step goes (Adam)",
                .value = "NUMBER",
                .example = "0.01",
                .range = between(1e-9, 10),
                .fallback = "0.001; of linear under the method gap 0.05, falling to a tenth"}));
}

void add_method(Fields& out) {
  out.push_back(
      field<T>("method", &T::method,
               {.help = "how fairness enters the fit (`evenhand list methods`); of several, each "
                        "gets a model, in a folder of its name within --out",
                .value = "NAME",
                .example = "plain",
                .choices = names_of(train::all_methods())}));
  out.push_back(field<T>("group", &T::group,
                         {.help = "the column, or the crossing of columns, whose groups a method "
                                  "is fair between; no feature unless it is named as one",
                          .value = "\"A x B\"",
                          .example = "sex"}));
  out.push_back(field<T>("lambda", &T::lambda,
                         {.help = "weight of fairness in L_total = L_task + lambda * L_fairness",
                          .value = "NUMBER",
                          .example = "0.5",
                          .range = from(0),
                          .fallback = "1"}));
  out.push_back(field<T>("eps", &T::eps,
                         {.help = "the gap that is allowed; a method with lambda then finds lambda "
                                  "itself. Not reached: the nearest is kept, exit status 1",
                          .value = "NUMBER",
                          .unit = "share",
                          .example = "0.02",
                          .range = between(1e-6, 1)}));
  out.push_back(
      field<T>("over", &T::over,
               {.help = "what shall be alike: the rate of favourable decisions (demographic "
                        "parity), errors among rows of label 1 (equal opportunity), of label 0, "
                        "among both (equalized odds), or among all rows",
                .value = "ROWS",
                .example = "label_1",
                .choices = {std::begin(train::kOver), std::end(train::kOver)},
                .fallback = "decision"}));
  out.push_back(field<T>("surrogate", &T::surrogate,
                         {.help = "what stands in for counted errors, which have no gradient",
                          .value = "NAME",
                          .example = "cross_entropy",
                          .choices = {"soft_error", "cross_entropy", "sigmoid_margin", "argmax"},
                          .fallback = "soft_error"}));
  out.push_back(field<T>("temperature", &T::temperature,
                         {.help = "of the surrogate sigmoid_margin: the smaller, the nearer to "
                                  "counted errors and the flatter",
                          .value = "NUMBER",
                          .unit = "log-odds",
                          .example = "0.5",
                          .range = between(1e-3, 100),
                          .fallback = "1"}));
  out.push_back(field<T>("no_guard", &T::no_guard,
                         {.help = "let the gap be closed by making the better group worse"}));
}

void add_run(Fields& out) {
  out.push_back(
      field<T>("folds", &T::folds,
               {.help = "cross-fit: so many fits, each blind to its part of the rows, so that "
                        "every row can be scored held out; 0: one fit of all rows",
                .value = "NUMBER",
                .unit = "folds",
                .example = "5",
                .range = between(0, 100)}));
  out.push_back(field<T>("seed", &T::seed,
                         {.help = "decides which row falls into which fold, and every other draw",
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
}

Fields fields() {
  Fields out = table_fields<T>();
  out.erase(std::remove_if(out.begin(), out.end(),
                           [](const FieldOf<T>& each) {
                             return each.field.name == "join" || each.field.name == "on";
                           }),
            out.end());
  add_columns(out);
  add_learner(out);
  add_method(out);
  add_run(out);
  return out;
}

Json as_json(const train::Fitted& fitted) {
  Json out;
  out["model"] = fitted.folder;
  out["record"] = fitted.record;
  out["learner"] = fitted.learner;
  out["method"] = fitted.method;
  out["rows"] = fitted.rows;
  out["rows_used"] = fitted.rows_used;
  out["rows_without_label"] = fitted.rows_without_label;
  out["rows_skipped"] = fitted.rows_skipped;
  out["rows_favourable"] = fitted.rows_favourable;
  out["features"] = fitted.features;
  out["left_out"] = fitted.left_out;
  out["groups"] = fitted.groups;
  out["columns"] = fitted.columns;
  out["fit"] = fitted.fit;
  out["facts"] = fitted.facts;
  out["notes"] = fitted.notes;
  out["eps_reached"] = fitted.eps_reached;
  return out;
}

std::string as_text(const train::Fitted& fitted, const TrainFit& asked) {
  std::string out = "fitted " + fitted.learner + ", method " + fitted.method + ", to " +
                    std::to_string(fitted.rows_used) + " rows with " +
                    std::to_string(fitted.features.size()) + " features (" +
                    std::to_string(fitted.columns) + " columns)";
  if (asked.folds > 0) out += ", cross-fitted in " + std::to_string(asked.folds) + " folds";
  out += '\n';
  if (fitted.rows_without_label > 0) {
    out += std::to_string(fitted.rows_without_label) + " rows have no label and took no part\n";
  }
  for (const std::string& each : fitted.left_out) out += "left out: " + each + '\n';
  for (const std::string& each : fitted.notes) out += each + '\n';
  return out + "model: " + fitted.folder + '\n';
}

/// An option that neither the learner nor a method reads would do nothing.
Result<void> check_reads(const TrainFit& asked) {
  std::vector<std::string_view> read;
  std::string names;
  for (const std::string& name : asked.method) {
    EVENHAND_ASSIGN(const train::Method* const method, train::method(name));
    read.insert(read.end(), method->reads.begin(), method->reads.end());
    if (std::count(asked.method.begin(), asked.method.end(), name) > 1) {
      return Error{Code::kInvalidArgument, "the method \"" + name + "\" was named twice"};
    }
    names += (names.empty() ? "\"" : "\", \"") + name;
  }
  EVENHAND_ASSIGN(const train::Learner* const learner, train::learner(asked.learner));
  read.insert(read.end(), learner->reads.begin(), learner->reads.end());
  const std::pair<const char*, bool> given[] = {
      {"l2", asked.l2.has_value()},
      {"widths", !asked.widths.empty()},
      {"epochs", asked.epochs.has_value()},
      {"batch", asked.batch.has_value()},
      {"learning_rate", asked.learning_rate.has_value()},
      {"lambda", asked.lambda.has_value()},
      {"eps", asked.eps.has_value()},
      {"over", asked.over.has_value()},
      {"surrogate", asked.surrogate.has_value()},
      {"temperature", asked.temperature.has_value()},
      {"guard", asked.no_guard},
  };
  for (const auto& [name, is_given] : given) {
    if (!is_given || std::find(read.begin(), read.end(), name) != read.end()) continue;
    return Error{Code::kInvalidArgument,
                 std::string("\"") + name + "\" was given, and neither the learner \"" +
                     asked.learner + "\" nor the method " + names +
                     "\" reads it: leave it out, or choose another of them (`evenhand list "
                     "methods`)"};
  }
  return {};
}

template <class V>
void set(const std::optional<V>& given, V& target) {
  if (given) target = *given;
}

void set_learning(const TrainFit& asked, train::LearnOptions& out) {
  out.learner = asked.learner;
  set(asked.l2, out.l2);
  if (!asked.widths.empty()) out.widths = asked.widths;
  out.epochs = asked.epochs;
  set(asked.batch, out.batch);
  out.learning_rate = asked.learning_rate;
  set(asked.lambda, out.lambda);
  out.eps = asked.eps;
  set(asked.over, out.over);
  set(asked.surrogate, out.surrogate);
  set(asked.temperature, out.temperature);
  out.guard = !asked.no_guard;
  out.seed = asked.seed;
  out.threads = asked.threads;
}

/// With several methods each model lies in a folder of its own.
std::string model_folder(const std::string& out, const std::vector<std::string>& methods,
                         const std::string& method) {
  return methods.size() == 1 ? out : (std::filesystem::path(out) / method).string();
}

Result<Outcome> run(const TrainFit& asked, const Call& call) {
  EVENHAND_TRY(check_reads(asked));
  Columns columns;
  if (!asked.label.exact || asked.group) {
    EVENHAND_ASSIGN(columns, column_names(asked));
  }
  EVENHAND_ASSIGN(const evaluate::Role label, role(asked.label, columns, "--label"));
  train::FitOptions options;
  set_learning(asked, options);
  options.files = asked.files;
  EVENHAND_ASSIGN(options.read, read_options(asked));
  options.label = label.column;
  options.favourable = label.favourable;
  options.features = asked.features;
  options.exclude = asked.exclude;
  options.categories = asked.categories;
  if (asked.group) {
    EVENHAND_ASSIGN(options.group, crossing(*asked.group, columns));
  }
  options.weight = asked.weight;
  options.cluster = asked.cluster;
  options.folds = asked.folds;
  Outcome out;
  for (const std::string& method : asked.method) {
    options.method = method;
    options.out = model_folder(asked.out, asked.method, method);
    EVENHAND_ASSIGN(const train::Fitted fitted, train::fit(options, call.progress));
    if (!fitted.eps_reached) out.status = kBroken;
    out.text += as_text(fitted, asked);
    out.json["models"].push_back(as_json(fitted));
  }
  return out;
}

}  // namespace

Operation train_fit() {
  return operation<TrainFit>(
      {.name = "train fit",
       .says = "Fit a model, plain or with fairness in its objective; cross-fitted for honest "
               "scores",
       .section = "train",
       .examples = {"evenhand train fit people.csv --label 'income=>50K' --exclude sex --folds 5 "
                    "--out model"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
