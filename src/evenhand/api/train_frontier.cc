// `evenhand train frontier`, section [frontier] of the project file: one method at several values
// of lambda or eps, each fitted, every row decided by a fit that has not seen it, and all of them
// held against each other and against plain. A chain of what there is: fit, predict, compare.
#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "evenhand/api/grammar.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/outputs.h"
#include "evenhand/api/train_options.h"
#include "evenhand/evaluate/compare.h"
#include "evenhand/metric/all.h"
#include "evenhand/record/record_json.h"
#include "evenhand/report/comparison.h"
#include "evenhand/report/view.h"
#include "evenhand/train/people.h"
#include "evenhand/train/predict.h"

namespace evenhand::api {

namespace {

namespace fs = std::filesystem;

struct TrainFrontier : TrainOptions {
  std::string method = "gap";
  std::vector<double> lambda, eps;
  std::int64_t folds = 5;
  double level = 0.95;
  std::string out = "evenhand-out/frontier";
};

const std::vector<double> kLambdas = {0, 0.1, 0.3, 1, 3, 10};

using T = TrainFrontier;
using Fields = std::vector<FieldOf<T>>;

void add_values(Fields& out) {
  out.push_back(field<T>("method", &T::method,
                         {.help = "how fairness enters the fit (`evenhand list methods`); one that "
                                  "reads lambda or eps",
                          .value = "NAME",
                          .example = "reductions",
                          .choices = names_of(train::all_methods())}));
  out.push_back(field<T>("lambda", &T::lambda,
                         {.help = "a weight of fairness in L_total = L_task + lambda * L_fairness; "
                                  "one fit for each",
                          .value = "NUMBER",
                          .example = "0.5",
                          .range = from(0),
                          .fallback = "0, 0.1, 0.3, 1, 3 and 10, unless --eps is given"}));
  out.push_back(field<T>("eps", &T::eps,
                         {.help = "a gap that is allowed, in place of lambdas; one fit for each. "
                                  "Exit status 1 if none of them was reached",
                          .value = "NUMBER",
                          .unit = "share",
                          .example = "0.02",
                          .range = between(1e-6, 1)}));
  add_method_fields(out);
}

Fields fields() {
  Fields out = train_column_fields<T>();
  add_learner_fields(out);
  add_values(out);
  out.push_back(
      field<T>("folds", &T::folds,
               {.help = "so many fits for each value, each blind to its part of the rows, "
                        "so that every row is decided held out",
                .value = "NUMBER",
                .unit = "folds",
                .example = "10",
                .range = between(2, 100)}));
  out.push_back(level_field<T>(&T::level));
  add_draw_fields(out);
  out.push_back(field<T>("out", &T::out,
                         {.help = "folder for models/, scored.parquet, record.json, run.json, "
                                  "report.html and report.md",
                          .value = "DIR",
                          .example = "frontier",
                          .is_path = true}));
  return out;
}

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

// --- What is asked ----------------------------------------------------------------------------

/// The number that is varied, and its values.
struct Values {
  std::string by;
  std::vector<double> all;
};

bool reads(const train::Method& method, std::string_view option) {
  return std::find(method.reads.begin(), method.reads.end(), option) != method.reads.end();
}

Result<void> check_method(const TrainFrontier& asked) {
  EVENHAND_ASSIGN(const train::Method* const method, train::method(asked.method));
  if (!reads(*method, "lambda") && !reads(*method, "eps")) {
    std::string others;
    for (const train::Method* each : train::all_methods()) {
      if (!reads(*each, "lambda") && !reads(*each, "eps")) continue;
      others += (others.empty() ? "" : " or ") + std::string(each->name);
    }
    return wrong("the method \"" + asked.method +
                 "\" reads neither lambda nor eps, so it is one fit and no frontier; choose " +
                 others + " (plain is always fitted beside them)");
  }
  if (asked.lambda.empty() && asked.eps.empty() && !reads(*method, "lambda")) {
    return wrong("the method \"" + asked.method +
                 "\" has no lambda; name the gaps that are allowed: --eps 0.01 --eps 0.05");
  }
  if (method->needs_group && !asked.group) {
    return wrong("the method \"" + asked.method +
                 "\" is fair between groups, and none were named: --group sex");
  }
  return check_reads(asked, {asked.method},
                     {.with_lambda = !asked.lambda.empty(), .with_eps = !asked.eps.empty()});
}

Result<Values> values_of(const TrainFrontier& asked) {
  if (!asked.lambda.empty() && !asked.eps.empty()) {
    return wrong(
        "--lambda and --eps were both given, and a frontier goes along one of them; leave "
        "one out");
  }
  Values out{asked.eps.empty() ? "lambda" : "eps", asked.eps.empty() ? asked.lambda : asked.eps};
  if (out.all.empty()) out.all = kLambdas;
  for (double& value : out.all) value += 0.0;  // -0 is 0
  std::sort(out.all.begin(), out.all.end());   // from the weakest to the strongest
  if (out.by == "eps") std::reverse(out.all.begin(), out.all.end());
  const auto twice = std::adjacent_find(out.all.begin(), out.all.end());
  if (twice != out.all.end()) {
    return wrong("--" + out.by + ": " + shortest(*twice) + " was named twice; name it once");
  }
  if (out.all.size() + 1 > evaluate::kContendersMax) {
    return wrong("--" + out.by + ": " + std::to_string(out.all.size()) +
                 " values were given; with plain beside them a comparison holds " +
                 std::to_string(evaluate::kContendersMax - 1));
  }
  return out;
}

/// The table is read once for each fit, and nothing of it may be written over.
Result<std::vector<std::string>> files_of(const TrainFrontier& asked, const std::string& scored) {
  EVENHAND_ASSIGN(std::vector<std::string> files, expand_all(asked.files));
  for (const std::string& file : files) {
    std::error_code ignored;
    if (file == "-") {
      return wrong(
          "standard input can be read only once, and a frontier reads the table for each "
          "fit; give a file");
    }
    if (fs::equivalent(file, scored, ignored)) {
      return wrong(file + " is read, and would be overwritten; name another folder: --out DIR");
    }
  }
  EVENHAND_TRY(check_folder(asked.out));
  EVENHAND_TRY(spare_inputs(asked.out, files));
  return files;
}

/// The metric of what the method makes alike.
std::string gap_metric(const std::string& over) {
  if (over == "label_1") return "true_positive_rate_difference";
  if (over == "label_0") return "false_positive_rate_difference";
  if (over == "both") return "equalized_odds_difference";
  if (over == "all") return "accuracy_difference";
  return "selection_rate_difference";
}

// --- The chain --------------------------------------------------------------------------------

/// One way of deciding: plain, or the method at one value.
struct Rung {
  std::string name;  // "lambda 0.1"
  std::string slug;  // "lambda_0.1": of its folder and columns
  std::optional<double> value;
  train::Fitted fitted;
};

/// Says of which fit the progress is.
OnProgress told_of(const OnProgress& progress, const std::string& name) {
  if (!progress) return {};
  return [&progress, name](const Progress& at) {
    const std::string stage = name + ": " + std::string(at.stage);
    return progress({stage, at.counts, at.done, at.all});
  };
}

Result<std::vector<Rung>> fit_all(const TrainFrontier& asked, const Values& values,
                                  train::FitOptions options, const OnProgress& progress) {
  std::vector<Rung> out{{"plain", "plain", {}, {}}};
  for (const double value : values.all) {
    const std::string number = shortest(value);
    out.push_back({values.by + ' ' + number, values.by + '_' + number, value, {}});
  }
  options.folds = asked.folds;
  options.method = asked.method;
  options.out = asked.out;
  EVENHAND_ASSIGN(const train::People people, train::gather_people(options, progress));
  for (Rung& rung : out) {
    options.method = rung.value ? asked.method : "plain";
    options.eps.reset();
    if (rung.value && values.by == "eps") options.eps = rung.value;
    if (rung.value && values.by == "lambda") options.lambda = *rung.value;
    options.out = (fs::path(asked.out) / "models" / rung.slug).string();
    auto fitted = train::fit(options, people, told_of(progress, rung.name));
    if (!fitted) return std::move(fitted).error().within(rung.name);
    rung.fitted = *std::move(fitted);
  }
  return out;
}

Result<train::Predicted> decide_all(const TrainFrontier& asked, const train::FitOptions& fit,
                                    const std::vector<Rung>& rungs, const std::string& scored,
                                    const OnProgress& progress) {
  train::PredictOptions options;
  options.files = fit.files;
  options.read = fit.read;
  options.scores.clear();
  for (const Rung& rung : rungs) {
    options.models.push_back(rung.fitted.folder);
    options.scores.push_back("score_" + rung.slug);
    options.decisions.push_back("decision_" + rung.slug);
  }
  options.threads = asked.threads;
  options.out = scored;
  return train::predict(options, progress);
}

Result<record::Record> compare_all(const TrainFrontier& asked, const train::FitOptions& fit,
                                   const Values& values, const std::vector<Rung>& rungs,
                                   const std::string& scored, const OnProgress& progress) {
  evaluate::CompareOptions options;
  options.files = {scored};
  options.label = evaluate::Role{fit.label, fit.favourable};
  for (const Rung& rung : rungs) {
    options.contenders.push_back({rung.name, "decision_" + rung.slug, {}, {}});
  }
  options.frontier = {values.by, values.all, gap_metric(fit.over)};
  options.by = {fit.group};
  options.groupings = fit.groupings;
  options.read.decimal = fit.read.decimal;
  options.level = asked.level;
  options.threads = asked.threads;
  return evaluate::compare(options, progress);
}

// --- What is told -----------------------------------------------------------------------------

using Row = std::vector<std::string>;

std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], report::width(row[c]));
    }
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      line += row[c] + std::string(widths[c] + 2 - report::width(row[c]), ' ');
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return out;
}

/// What the fits said of themselves; what several said stands once, with their names.
std::string notes_of(const std::vector<Rung>& rungs) {
  std::vector<std::pair<std::string, std::string>> said;  // sentence, names
  for (const Rung& rung : rungs) {
    for (const std::string& note : rung.fitted.notes) {
      const auto at = std::find_if(said.begin(), said.end(),
                                   [&](const auto& each) { return each.first == note; });
      if (at == said.end()) {
        said.emplace_back(note, rung.name);
      } else {
        at->second += ", " + rung.name;
      }
    }
  }
  std::string out;
  for (const auto& [note, names] : said) out += names + ": " + note + '\n';
  return out;
}

/// Rows of the table: what each gains and costs. `hidden` becomes true where a number is held back.
std::vector<Row> table_of(const Values& values, const std::vector<Rung>& rungs,
                          const report::Frontier& along, bool& hidden) {
  // Of some gaps no change is counted.
  const bool has_change = metric::find(along.gap + "_change") != nullptr;
  std::vector<Row> out{
      {"", "accuracy", report::name_of(along.gap, metric::find(along.gap)), "change of accuracy"}};
  if (has_change) out.front().emplace_back("change of the gap");
  if (values.by == "eps") out.front().emplace_back("eps");
  const auto told = [&](const report::Shown* shown) {
    hidden = hidden || shown == nullptr;
    return shown == nullptr ? "not shown" : shown->value() + " (" + shown->plain() + ')';
  };
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    const report::FrontierPoint& point = along.points[i];
    Row row{point.name, told(point.accuracy), told(point.gap)};
    if (rungs[i].value) {
      row.push_back(told(point.accuracy_change));
      if (has_change) row.push_back(told(point.gap_change));
      if (values.by == "eps")
        row.emplace_back(rungs[i].fitted.eps_reached ? "reached" : "not reached");
    }
    out.push_back(std::move(row));
  }
  return out;
}

std::string as_text(const TrainFrontier& asked, const Values& values,
                    const std::vector<Rung>& rungs, const record::Record& record) {
  const report::View view = report::view(record, metric::find);
  std::string out;
  for (const report::Question& question : view.questions) {
    const auto along = report::frontier(view, question);
    if (!along) continue;
    bool hidden = false;
    const std::string table = aligned(table_of(values, rungs, *along, hidden));
    out += "method " + asked.method + ", learner " + asked.learner + ", by " + question.name +
           ": " + report::thousands(view.rows) + " rows, each decided by a fit (of " +
           std::to_string(asked.folds) + " folds) that has not seen it; intervals of " +
           view.level + "\n\n" + table +
           (hidden ? "not shown: a cell of fewer than 11 rows could be read off it, or it is "
                     "undefined\n"
                   : "") +
           '\n';
  }
  if (asked.weight) out += "weights count in the fits; here each row counts once\n";
  return out + notes_of(rungs);
}

/// Value and interval of a finding; null where there is none of the kind.
Json number_of(const record::Record& record, const std::string& metric, bool everybody,
               const std::pair<std::string, std::string>& at) {
  for (const record::Finding& each : record.findings) {
    if (each.metric != metric || each.by.empty() != everybody || each.at.empty()) continue;
    if (each.at.front() == at) return record::to_json(each);
  }
  return {};
}

Json frontier_json(const Values& values, const std::vector<Rung>& rungs,
                   const record::Record& record, const std::string& gap) {
  Json out = Json::array();
  for (const Rung& rung : rungs) {
    const std::pair<std::string, std::string> at{"decision", rung.name};
    const std::pair<std::string, std::string> change{"change", "plain to " + rung.name};
    Json one = {{"name", rung.name},
                {values.by, rung.value ? Json(*rung.value) : Json()},
                {"model", as_json(rung.fitted)},
                {"accuracy", number_of(record, "accuracy", true, at)},
                {"gap", number_of(record, gap, false, at)}};
    if (rung.value) {
      one["accuracy_change"] = number_of(record, "accuracy_change", true, change);
      one["gap_change"] = number_of(record, gap + "_change", false, change);
    }
    out.push_back(std::move(one));
  }
  return out;
}

Result<Outcome> run(const TrainFrontier& asked, const Call& call) {
  EVENHAND_ASSIGN(const Values values, values_of(asked));
  EVENHAND_TRY(check_method(asked));
  const std::string scored = (fs::path(asked.out) / "scored.parquet").string();
  EVENHAND_ASSIGN(train::FitOptions fit, fit_options(asked));
  EVENHAND_ASSIGN(fit.files, files_of(asked, scored));
  RunFacts facts{.started_ms = {}, .finished_ms = {}, .host = call.host, .threads = asked.threads};
  if (call.now_ms) facts.started_ms = call.now_ms();
  EVENHAND_ASSIGN(const std::vector<Rung> rungs, fit_all(asked, values, fit, call.progress));
  EVENHAND_ASSIGN(const train::Predicted predicted,
                  decide_all(asked, fit, rungs, scored, call.progress));
  EVENHAND_ASSIGN(const record::Record record,
                  compare_all(asked, fit, values, rungs, scored, call.progress));
  if (call.now_ms) facts.finished_ms = call.now_ms();
  EVENHAND_ASSIGN(const Written written, write_outputs(asked.out, record, facts));
  Outcome out;
  const auto reached = [](const Rung& rung) { return rung.value && rung.fitted.eps_reached; };
  if (std::none_of(rungs.begin(), rungs.end(), reached)) out.status = kBroken;
  out.text = as_text(asked, values, rungs, record) + "\nreport: " + written.html +
             "\nrecord: " + written.record + "\ndecisions: " + predicted.out + '\n';
  out.json = {{"record", written.record},
              {"run", written.run},
              {"report", written.html},
              {"markdown", written.markdown},
              {"scored", predicted.out},
              {"frontier", frontier_json(values, rungs, record, gap_metric(fit.over))}};
  return out;
}

}  // namespace

Operation train_frontier() {
  return operation<TrainFrontier>(
      {.name = "train frontier",
       .says =
           "Fit a method at several values of lambda or eps and hold all of them against plain: "
           "what each gains and costs, on rows that its fit has not seen",
       .section = "frontier",
       .examples =
           {"evenhand train frontier people.csv --label 'income=>50K' --group sex --lambda 0 "
            "--lambda 1 --epochs 5 --out frontier",
            "evenhand train frontier people.csv --label 'income=>50K' --group sex --method "
            "reductions --eps 0.02 --eps 0.1 --folds 2"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
