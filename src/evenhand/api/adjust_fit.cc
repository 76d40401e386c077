// `evenhand adjust fit`: section [adjust] of the project file.
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/adjust/explain.h"
#include "evenhand/adjust/fit.h"
#include "evenhand/adjust/shown.h"
#include "evenhand/api/adjust_text.h"
#include "evenhand/api/grammar.h"
#include "evenhand/api/group_options.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/outputs.h"
#include "evenhand/api/phrase.h"
#include "evenhand/api/table_options.h"
#include "evenhand/record/record_json.h"

namespace evenhand::api {

namespace {

struct AdjustFit : TableOptions, GroupOptions {
  std::string score = "score";
  Phrase label;
  std::optional<Phrase> group;
  std::string equalise, calibrate;
  double tolerance = 0.02;
  double cost_fp = 1, cost_fn = 1;
  std::optional<double> rate_min;
  bool group_aware = false;
  std::string basis, signatory;
  std::string unseen = "everybody";
  bool deterministic = false, flip = false, groups_alike = false;
  std::int64_t rows_min = 30;
  std::optional<std::string> id;
  std::int64_t folds = 4;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  std::string out = "evenhand-out/policy";
  Handed scored_by;  // what `train predict` says of the model
};

using T = AdjustFit;
using Fields = std::vector<FieldOf<T>>;

void add_columns(Fields& out) {
  out.push_back(field<T>("score", &T::score,
                         {.help = "the column of the score that decisions follow",
                          .value = "COLUMN",
                          .example = "p"}));
  out.push_back(field<T>("label", &T::label,
                         {.help = "the column of what came true, and the value that a person wants",
                          .value = "COLUMN[=FAVOURABLE]",
                          .example = "repaid=yes",
                          .required = true}));
  out.push_back(field<T>("group", &T::group,
                         {.help = "the column whose groups shall fare alike, or a crossing",
                          .value = "COLUMN[ x COLUMN]",
                          .example = "\"sex x race\"",
                          .fallback = "none; calibrators for everybody only"}));
  add_grouping_fields(out);
  out.push_back(field<T>("id", &T::id,
                         {.help = "the column that tells people apart: lots are drawn by it, so "
                                  "that one person is decided alike every time",
                          .value = "COLUMN",
                          .example = "person",
                          .fallback = "a row's number in its table"}));
}

void add_aims(Fields& out) {
  out.push_back(field<T>("equalise", &T::equalise,
                         {.help = "what thresholds make alike; odds: tpr and fpr",
                          .value = "RATE",
                          .example = "tpr",
                          .choices = {"selection_rate", "tpr", "fpr", "odds", "precision"},
                          .fallback = "nothing; calibrators only"}));
  out.push_back(field<T>("calibrate", &T::calibrate,
                         {.help = "turn scores into probabilities first",
                          .value = "HOW",
                          .example = "isotonic",
                          .choices = {"platt", "isotonic"},
                          .fallback = "scores as they are"}));
  out.push_back(field<T>("tolerance", &T::tolerance,
                         {.help = "widest gap between groups that is allowed; out of reach, or "
                                  "broken on held-out rows: exit status 1",
                          .value = "NUMBER",
                          .unit = "difference of shares",
                          .example = "0.05",
                          .range = between(0, 1)}));
  out.push_back(field<T>("cost_fp", &T::cost_fp,
                         {.help = "cost of one row that is wrongly let in",
                          .value = "NUMBER",
                          .example = "4",
                          .range = between(0, 1e6)}));
  out.push_back(field<T>("cost_fn", &T::cost_fn,
                         {.help = "cost of one row that is wrongly kept out",
                          .value = "NUMBER",
                          .example = "1",
                          .range = between(0, 1e6)}));
  out.push_back(field<T>("rate_min", &T::rate_min,
                         {.help = "least selection rate of each group; refusing everybody is "
                                  "equal as well",
                          .value = "NUMBER",
                          .unit = "share",
                          .example = "0.1",
                          .range = between(0, 1),
                          .fallback = "0; 0.05 where precision is equalised"}));
}

void add_ways(Fields& out) {
  out.push_back(field<T>("group_aware", &T::group_aware,
                         {.help = "a rule for each group instead of one for everybody; needs "
                                  "--basis and --signatory"}));
  out.push_back(field<T>("basis", &T::basis,
                         {.help = "the legal basis of treating groups differently",
                          .value = "TEXT",
                          .example = "'court order 17/2026'",
                          .fallback = "none"}));
  out.push_back(field<T>("signatory", &T::signatory,
                         {.help = "who answers for it",
                          .value = "TEXT",
                          .example = "'A. Jurist'",
                          .fallback = "nobody"}));
  out.push_back(field<T>("unseen", &T::unseen,
                         {.help = "what a group-aware policy does to a row of an unknown group, or "
                                  "of one without a rule: take the threshold that costs least over "
                                  "everybody, or refuse "
                                  "the table",
                          .value = "WHAT",
                          .example = "refuse",
                          .choices = {"everybody", "refuse"}}));
  out.push_back(
      field<T>("deterministic", &T::deterministic,
               {.help = "thresholds only, no lots between them; equal precision by one rule "
                        "for everybody never draws any"}));
  out.push_back(
      field<T>("flip", &T::flip,
               {.help = "a group-aware rule may favour low scores, where a group's scores "
                        "run the wrong way"}));
  out.push_back(field<T>("groups_alike", &T::groups_alike,
                         {.help = "each group weighs the same in the cost, whatever its size"}));
  out.push_back(field<T>("rows_min", &T::rows_min,
                         {.help = "a group with fewer rows in a denominator takes no part",
                          .value = "NUMBER",
                          .unit = "rows",
                          .example = "100",
                          .range = from(1)}));
  out.push_back(field<T>("folds", &T::folds,
                         {.help = "of so many parts of the rows one is kept from thresholds, and "
                                  "what they promise is measured on it; 0: none is",
                          .value = "NUMBER",
                          .unit = "folds",
                          .example = "10",
                          .range = between(0, 100)}));
  out.push_back(field<T>("seed", &T::seed,
                         {.help = "key of the lots, and which row falls into which fold",
                          .value = "NUMBER",
                          .example = "7",
                          .range = from(0)}));
  out.push_back(threads_field<T>(&T::threads,
                                 "how many threads read; 0: as many as the machine has. The "
                                 "policy is the same for any"));
  out.push_back(field<T>("out", &T::out,
                         {.help = "folder for policy.json and record.json",
                          .value = "DIR",
                          .example = "policy",
                          .is_path = true}));
  out.push_back(field<T>("scored_by", &T::scored_by,
                         {.help = "the model that `evenhand run` scored the table with",
                          .value = "MODEL",
                          .key = "-",
                          .in_shell = false}));
}

Fields fields() {
  Fields out = lone_table_fields<T>();
  add_columns(out);
  add_aims(out);
  add_ways(out);
  return out;
}

std::string percent(const adjust::Rate& rate, bool with_limits) {
  if (!rate.value) return "no rows";
  char text[64];
  if (with_limits) {
    std::snprintf(text, sizeof text, "%5.1f %% [%.1f, %.1f]", 100 * *rate.value, 100 * rate.low,
                  100 * rate.high);
  } else {
    std::snprintf(text, sizeof text, "%5.1f %%", 100 * *rate.value);
  }
  return text;
}

constexpr const char* kNotShown = "not shown";

// A group's line; what would tell of a handful of its people is not in it.
std::vector<std::string> rates_line(const std::string& name, const adjust::Outcome& o,
                                    const adjust::HiddenRates& hidden, std::size_t g) {
  using adjust::Which;
  const auto told = [&](bool is_hidden, Which which) {
    if (is_hidden) return std::string(kNotShown);
    return percent(rate_of(o, which), which != Which::kPrecision);
  };
  const bool outcomes = hidden.outcomes.groups[g];
  return {
      name,
      hidden.rows.groups[g] ? kNotShown : std::to_string(static_cast<std::uint64_t>(o.n0 + o.n1)),
      told(hidden.selected.groups[g], Which::kSelectionRate),
      told(outcomes, Which::kTruePositive),
      told(outcomes, Which::kFalsePositive),
      told(outcomes, Which::kPrecision)};
}

std::string way_line(const adjust::Seen& each, const adjust::Question& question, bool with_cost) {
  std::string out = each.rule == "plain"    ? "one threshold at the least cost"
                    : each.rule == "policy" ? "the policy"
                                            : "the policy that does not look at groups";
  out += each.rows == "fit" ? ", the fit's rows" : ", held-out rows";
  if (!with_cost) return out + ':';
  char cost[64];
  std::snprintf(cost, sizeof cost, ", cost %.4f a row:", adjust::cost_per_row(each, question));
  return out + cost;
}

// Each way of deciding on held-out rows (of the fit where none are): a table of groups and rates.
std::vector<std::string> rates_text(const adjust::Fitted& fitted) {
  std::vector<std::string> out;
  const std::string rows = fitted.seen.empty() ? "" : fitted.seen.back().rows;
  bool any_hidden = false;
  for (const adjust::Seen& each : fitted.seen) {
    if (each.rows != rows) continue;
    const adjust::HiddenRates hidden = adjust::hidden_rates(each.groups);
    out.push_back(way_line(each, fitted.plan.question, !hidden.outcomes.total));
    std::vector<std::vector<std::string>> cells{
        {"", "rows", "selected", "tpr", "fpr", "precision"}};
    for (std::size_t g = 0; g < each.groups.size(); ++g) {
      const adjust::Outcome& o = each.groups[g];
      if (o.n0 + o.n1 == 0) continue;
      cells.push_back(rates_line(table::spoken(fitted.crossing.groups[g]), o, hidden, g));
      any_hidden = any_hidden || hidden.outcomes.groups[g];
    }
    for (std::string& row : aligned(cells)) out.push_back("  " + std::move(row));
  }
  if (any_hidden) out.emplace_back(not_shown_note());
  return out;
}

Json as_json(const adjust::Fitted& fitted, const std::string& folder) {
  Json out;
  out["policy"] = folder + "/policy.json";
  out["record"] = folder + "/record.json";
  out["reached"] = fitted.reached;
  out["gap"] = fitted.policy.gap ? Json(*fitted.policy.gap) : Json();
  out["held_out"] = nullptr;
  if (const auto& held = fitted.policy.held_out) {
    out["held_out"] = {
        {"gap", held->gap}, {"low", held->low}, {"high", held->high}, {"verdict", held->verdict}};
  }
  out["says"] = fitted.says;
  out["explained"] = adjust::sentences(fitted.policy);
  out["findings"] = Json::array();
  for (const record::Finding& each : fitted.record.findings) {
    out["findings"].push_back(record::to_json(each));
  }
  return out;
}

Result<Outcome> run(const AdjustFit& asked, const Call& call) {
  EVENHAND_ASSIGN(const Columns columns, column_names(asked));
  EVENHAND_ASSIGN(const evaluate::Role label, role(asked.label, columns, "--label"));
  adjust::FitOptions options;
  options.files = asked.files;
  EVENHAND_ASSIGN(options.read, read_options(asked));
  options.columns.score = asked.score;
  options.columns.label = label.column;
  options.columns.favourable = label.favourable;
  options.columns.id = asked.id;
  if (asked.group) {
    EVENHAND_ASSIGN(options.columns.by, crossing(*asked.group, columns));
  }
  EVENHAND_ASSIGN(options.columns.groupings, groupings(asked, columns));
  options.equalise = asked.equalise;
  options.calibrate = asked.calibrate;
  options.tolerance = asked.tolerance;
  options.cost_fp = asked.cost_fp;
  options.cost_fn = asked.cost_fn;
  options.rate_min = asked.rate_min;
  options.group_aware = asked.group_aware;
  options.basis = asked.basis;
  options.signatory = asked.signatory;
  options.unseen = asked.unseen;
  options.deterministic = asked.deterministic;
  options.flip = asked.flip;
  options.groups_alike = asked.groups_alike;
  options.rows_min = asked.rows_min;
  options.folds = asked.folds;
  options.seed = asked.seed;
  options.threads = asked.threads;
  options.scored_by = asked.scored_by.json;
  EVENHAND_TRY(check_folder(asked.out));
  EVENHAND_TRY(spare_inputs(asked.out, asked.files));
  EVENHAND_ASSIGN(const adjust::Fitted fitted, adjust::fit(options, call.progress));
  EVENHAND_TRY(adjust::write(fitted, asked.out));
  std::string text;
  for (const std::string& line : rates_text(fitted)) text += line + '\n';
  for (const std::string& line : fitted.says) text += line + '\n';
  text += "policy: " + asked.out + "/policy.json (`evenhand adjust explain` says what it does)\n";
  return Outcome{fitted.kept() ? kMet : kBroken, text, as_json(fitted, asked.out)};
}

}  // namespace

Operation adjust_fit() {
  return operation<AdjustFit>(
      {.name = "adjust fit",
       .says = "Fit calibrators and thresholds after training, so that groups fare alike; one rule "
               "for everybody unless a legal basis is named",
       .section = "adjust",
       .examples = {"evenhand adjust fit scored.parquet --score p --label y --group sex "
                    "--equalise selection_rate --out policy",
                    "evenhand adjust fit scored.parquet --score p --label y --group \"sex x race\" "
                    "--calibrate platt --equalise odds --group-aware --basis 'court order 17/2026' "
                    "--signatory 'A. Jurist' --out policy"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
