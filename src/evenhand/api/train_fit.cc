// `evenhand train fit`: section [train] of the project file.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/api/operation.h"
#include "evenhand/api/train_options.h"
#include "evenhand/report/suppress.h"
#include "evenhand/train/fit.h"
#include "evenhand/train/people.h"

namespace evenhand::api {

namespace {

struct TrainFit : TrainOptions {
  std::vector<std::string> method = {"plain"};
  std::optional<double> lambda, eps;
  std::int64_t folds = 0;
  std::string out = "evenhand-out/model";
};

using T = TrainFit;
using Fields = std::vector<FieldOf<T>>;

void add_method(Fields& out) {
  out.push_back(
      field<T>("method", &T::method,
               {.help = "how fairness enters the fit (`evenhand list methods`); of several, each "
                        "gets a model, in a folder of its name within --out",
                .value = "NAME",
                .example = "plain",
                .choices = names_of(train::all_methods())}));
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
  add_method_fields(out);
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
  add_draw_fields(out);
  out.push_back(field<T>("out", &T::out,
                         {.help = "the model's folder, made or overwritten",
                          .value = "DIR",
                          .example = "model",
                          .is_path = true}));
}

Fields fields() {
  Fields out = train_column_fields<T>();
  add_learner_fields(out);
  add_method(out);
  add_run(out);
  return out;
}

/// A note may count the rows of a group; one that counts few of them stays in the record.
bool counts_few(const std::string& note) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : note + " ") {
    if (c != ' ') {
      word += c;
    } else {
      words.push_back(std::exchange(word, {}));
    }
  }
  constexpr std::size_t kBetween = 3;  // "7 held-out rows"
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool digits =
        !words[i].empty() && words[i].find_first_not_of("0123456789") == std::string::npos;
    if (!digits || words[i].size() > 2 || std::stoi(words[i]) >= report::kSmallest) continue;
    for (std::size_t j = i + 1; j < std::min(words.size(), i + 1 + kBetween); ++j) {
      if (words[j].starts_with("row")) return true;
    }
  }
  return false;
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
  constexpr std::size_t kNotes = 12;
  std::size_t shown = 0;
  for (const std::string& note : fitted.notes) {
    if (shown == kNotes || counts_few(note)) continue;
    out += note + '\n';
    ++shown;
  }
  if (fitted.notes.size() > shown) {
    out += "... and " + std::to_string(fitted.notes.size() - shown) +
           " more sentences, in record.json\n";
  }
  return out + "model: " + fitted.folder + '\n';
}

/// With several methods each model lies in a folder of its own.
std::string model_folder(const std::string& out, const std::vector<std::string>& methods,
                         const std::string& method) {
  return methods.size() == 1 ? out : (std::filesystem::path(out) / method).string();
}

Result<Outcome> run(const TrainFit& asked, const Call& call) {
  EVENHAND_TRY(
      check_reads(asked, asked.method,
                  {.with_lambda = asked.lambda.has_value(), .with_eps = asked.eps.has_value()}));
  EVENHAND_ASSIGN(train::FitOptions options, fit_options(asked));
  if (asked.lambda) options.lambda = *asked.lambda;
  options.eps = asked.eps;
  options.folds = asked.folds;
  options.out = asked.out;
  for (const std::string& method : asked.method) {  // all are checked before the first is fitted
    options.method = method;
    EVENHAND_TRY(train::check_options(options));
  }
  EVENHAND_ASSIGN(const train::People people, train::gather_people(options, call.progress));
  Outcome out;
  for (const std::string& method : asked.method) {
    options.method = method;
    options.out = model_folder(asked.out, asked.method, method);
    EVENHAND_ASSIGN(const train::Fitted fitted, train::fit(options, people, call.progress));
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
