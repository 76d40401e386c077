// `evenhand adjust apply`: section [apply] of the project file.
#include <cstdio>
#include <string>
#include <vector>

#include "evenhand/adjust/apply.h"
#include "evenhand/adjust/explain.h"
#include "evenhand/adjust/shown.h"
#include "evenhand/api/adjust_text.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/table_options.h"

namespace evenhand::api {

namespace {

constexpr std::uint64_t kTold = 100;  // one row in so many may well lie beyond those of a fit

struct AdjustApply : TableOptions {
  std::string policy = "evenhand-out/policy";
  std::vector<std::string> keep;
  std::string decision = "decision";
  bool chances = false;
  std::int64_t held_out = 0;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  std::string out = "evenhand-out/decided.parquet";
};

std::vector<FieldOf<AdjustApply>> fields() {
  using T = AdjustApply;
  std::vector<FieldOf<T>> out = lone_table_fields<T>();
  out.push_back(field<T>("policy", &T::policy,
                         {.help = "the policy, or its folder, from `evenhand adjust fit`",
                          .value = "FILE",
                          .example = "policy",
                          .is_path = true}));
  out.push_back(keep_field<T>(&T::keep));
  out.push_back(field<T>("decision", &T::decision,
                         {.help = "name of the new column",
                          .value = "COLUMN",
                          .unit = "its values are 1, favourable, and 0",
                          .example = "d"}));
  out.push_back(field<T>("chances", &T::chances,
                         {.help = "add the columns decision_probability and, where the policy "
                                  "calibrates, calibrated_score"}));
  out.push_back(field<T>("held_out", &T::held_out,
                         {.help = "write only the rows that `evenhand adjust fit` with so many "
                                  "--folds and --seed, on these files, kept from its thresholds; "
                                  "0: every row",
                          .value = "NUMBER",
                          .unit = "folds",
                          .example = "4",
                          .range = between(0, 100)}));
  out.push_back(field<T>("seed", &T::seed,
                         {.help = "that of the fit; with --held-out",
                          .value = "NUMBER",
                          .example = "7",
                          .range = from(0)}));
  out.push_back(
      threads_field<T>(&T::threads, "how many threads read; 0: as many as the machine has"));
  out.push_back(table_out_field<T>(&T::out, "decided.csv"));
  return out;
}

// "1 row", "20 rows".
std::string counted(std::uint64_t n, const char* what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

Json group_json(const table::GroupKey& group) {
  Json out = Json::array();
  for (const auto& value : group) out.push_back(value ? Json(*value) : Json());
  return out;
}

Json as_json(const adjust::Applied& applied, const AdjustApply& asked) {
  Json out;
  out["out"] = applied.out;
  out["policy"] = asked.policy;
  out["decides"] = applied.policy.decides;
  if (applied.policy.decides) out["decision"] = asked.decision;
  out["rows"] = applied.rows;
  out["favourable"] = applied.favourable;
  out["rows_without_score"] = applied.rows_without_score;
  out["rows_without_rule"] = applied.rows_without_rule;
  out["rows_beyond_fit"] = applied.rows_beyond_fit;
  out["rows_skipped"] = applied.rows_skipped;
  out["columns"] = applied.columns;
  out["groups"] = Json::array();
  for (const adjust::Decided& each : applied.groups) {
    out["groups"].push_back(
        {{"group", group_json(each.group)}, {"rows", each.rows}, {"favourable", each.favourable}});
  }
  return out;
}

std::string share_of(const adjust::Decided& each) {
  if (each.rows == 0) return "";
  char out[16];
  std::snprintf(out, sizeof out, "%.1f %%",
                100 * static_cast<double>(each.favourable) / static_cast<double>(each.rows));
  return out;
}

// How many were decided and how; no group's handful of people can be read off it.
std::string decided_text(const adjust::Applied& applied) {
  std::vector<std::vector<double>> sizes, decisions;
  for (const adjust::Decided& each : applied.groups) {
    sizes.push_back({static_cast<double>(each.rows)});
    decisions.push_back(
        {static_cast<double>(each.favourable), static_cast<double>(each.rows - each.favourable)});
  }
  const adjust::Hidden rows = adjust::hidden(sizes);
  const adjust::Hidden shares = adjust::hidden(decisions, rows.groups);
  std::string out = "decided " + counted(applied.rows, "row");
  if (!shares.total) out += ", " + std::to_string(applied.favourable) + " of them favourably";
  out += '\n';
  if (applied.groups.size() < 2) return out;
  std::vector<std::vector<std::string>> cells{{"", "rows", "favourable", "share"}};
  bool any_hidden = false;
  for (std::size_t g = 0; g < applied.groups.size(); ++g) {
    const adjust::Decided& each = applied.groups[g];
    const std::string no = "not shown";
    cells.push_back({table::spoken(each.group), rows.groups[g] ? no : std::to_string(each.rows),
                     shares.groups[g] ? no : std::to_string(each.favourable),
                     shares.groups[g] ? no : share_of(each)});
    any_hidden = any_hidden || shares.groups[g];
  }
  for (const std::string& line : aligned(cells)) out += "  " + line + '\n';
  return out + (any_hidden ? not_shown_note() + std::string("\n") : "");
}

std::string as_text(const adjust::Applied& applied) {
  std::string out = applied.policy.decides ? decided_text(applied)
                                           : "calibrated " + counted(applied.rows, "row") + '\n';
  if (applied.rows_without_score > 0) {
    out += counted(applied.rows_without_score, "row") +
           " without a score: the decision is left empty\n";
  }
  if (applied.rows_without_rule > 0) {
    const bool few = adjust::few(static_cast<double>(applied.rows_without_rule));
    out += (few ? "fewer than 11 rows" : counted(applied.rows_without_rule, "row")) +
           " of groups without a rule of their own took the one for all others\n";
  }
  if (applied.rows_beyond_fit * kTold > applied.rows) {
    out += counted(applied.rows_beyond_fit, "row") +
           " with a score beyond those of the policy's fit (" +
           shortest(applied.policy.scores->low) + " to " + shortest(applied.policy.scores->high) +
           "), where nothing was learnt\n";
  }
  if (!applied.policy.sealed) out += adjust::unsealed() + '\n';
  return out + "table: " + applied.out + '\n';
}

Result<Outcome> run(const AdjustApply& asked, const Call& call) {
  adjust::ApplyOptions options;
  options.files = asked.files;
  EVENHAND_ASSIGN(options.read, read_options(asked));
  options.policy = asked.policy;
  options.keep = asked.keep;
  options.decision = asked.decision;
  options.chances = asked.chances;
  options.held_out_folds = asked.held_out;
  options.seed = asked.seed;
  options.threads = asked.threads;
  options.out = asked.out;
  EVENHAND_ASSIGN(const adjust::Applied applied, adjust::apply(options, call.progress));
  return Outcome{kMet, as_text(applied), as_json(applied, asked)};
}

}  // namespace

Operation adjust_apply() {
  return operation<AdjustApply>(
      {.name = "adjust apply",
       .says = "Decide the rows of a table by a policy; the same row is decided alike every time",
       .section = "apply",
       .examples = {"evenhand adjust fit scored.parquet --score p --label y --group sex "
                    "--equalise selection_rate --out policy",
                    "evenhand adjust apply scored.parquet --policy policy --out decided.csv"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
