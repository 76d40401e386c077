#include "evenhand/api/evaluate_run_fields.h"

namespace evenhand::api {

namespace {

using E = EvaluateRun;
using Fields = std::vector<FieldOf<E>>;

void add_roles(Fields& out) {
  out.push_back(
      field<E>("label", &E::label,
               {.help = "the column of what came true, and the value that a person wants; "
                        "every other value is unfavourable",
                .value = "COLUMN[=FAVOURABLE]",
                .example = "'income=>50K'",
                .fallback = "decisions are judged without it"}));
  out.push_back(
      field<E>("decision", &E::decision,
               {.help = "the column of what was decided, and the value that a person wants",
                .value = "COLUMN[=FAVOURABLE]",
                .example = "hired=yes",
                .fallback = "score >= threshold"}));
  out.push_back(field<E>("score", &E::score,
                         {.help = "the column of the number behind the decision",
                          .value = "COLUMN",
                          .unit = "probability in [0, 1]",
                          .example = "score"}));
  out.push_back(
      field<E>("threshold", &E::threshold,
               {.help = "the decision is favourable from this score on; not together with "
                        "--decision",
                .value = "NUMBER",
                .unit = "probability in [0, 1]",
                .example = "0.5",
                .range = between(0, 1),
                .fallback = "0.5 where there is no decision"}));
}

void add_groups(Fields& out) {
  out.push_back(field<E>("group", &E::group,
                         {.help = "a column by which people are compared, or a crossing of columns",
                          .value = "\"A x B\"",
                          .example = "\"sex x race\"",
                          .required = true}));
  out.push_back(field<E>("strata", &E::strata,
                         {.help = "compare within each value of this column and over all of them",
                          .value = "COLUMN",
                          .example = "department"}));
  add_grouping_fields(out);
  out.push_back(field<E>("reference", &E::reference,
                         {.help = "the group that metrics ..._to_reference compare with",
                          .value = "COLUMN=VALUE",
                          .example = "sex=Male"}));
  out.push_back(field<E>("cluster", &E::cluster,
                         {.help = "the column that tells which rows are of one person",
                          .value = "COLUMN",
                          .example = "person",
                          .fallback = "rows are taken as independent"}));
  out.push_back(field<E>(
      "weight", &E::weight,
      {.help = "the column of weights; needs --weight-kind", .value = "COLUMN", .example = "w"}));
  out.push_back(field<E>("weight_kind", &E::weight_kind,
                         {.help = "frequency: the row stands for that many rows (whole numbers); "
                                  "sampling: for that many people of a population",
                          .value = "KIND",
                          .example = "sampling",
                          .choices = {"frequency", "sampling"}}));
}

void add_questions(Fields& out) {
  out.push_back(
      field<E>("metric", &E::metric,
               {.help = "a metric to compute, by its id or alias (`evenhand list metrics`); all: "
                        "every one that the columns allow",
                .value = "ID",
                .example = "equalized_odds_difference",
                .fallback = "the usual ones"}));
  out.push_back(field<E>("bound", &E::bound,
                         {.help = "what is asked of a metric; after the number may stand: point "
                                  "(judge the value alone, not its interval), warn (do not fail)",
                          .value = "'ID by A x B <= NUMBER'",
                          .example = "'selection_rate_difference by sex <= 0.1'",
                          .key = "bounds"}));
  out.push_back(
      field<E>("gate", &E::gate, {.help = "wrong usage, exit status 2, if nothing is judged"}));
  out.push_back(field<E>("convention", &E::convention,
                         {.help = "answer 0/0 and other corner cases as another tool does",
                          .value = "TOOL",
                          .example = "fairlearn",
                          .choices = {"evenhand", "fairlearn", "aif360"}}));
}

void add_numbers(Fields& out) {
  out.push_back(field<E>("interval", &E::interval,
                         {.help = "which interval of a share is shown; bounds are judged by "
                                  "Clopper-Pearson limits in any case",
                          .value = "NAME",
                          .example = "jeffreys",
                          .choices = {"wilson", "clopper_pearson", "jeffreys"}}));
  out.push_back(level_field<E>(&E::level));
  out.push_back(rows_min_field<E>(&E::rows_min));
  out.push_back(field<E>("seed", &E::seed,
                         {.help = "of every random number; the same seed gives the same bytes",
                          .value = "NUMBER",
                          .example = "7",
                          .range = from(0)}));
  out.push_back(
      threads_field<E>(&E::threads,
                       "how many threads work; 0: as many as the machine has. The result is "
                       "the same for any"));
  out.push_back(field<E>("scored_by", &E::scored_by,
                         {.help = "the model that `evenhand run` scored the table with",
                          .value = "MODEL",
                          .key = "-",
                          .in_shell = false}));
  out.push_back(field<E>("out", &E::out,
                         {.help = "folder for record.json, run.json, report.html and report.md",
                          .value = "DIR",
                          .example = "audit-2026",
                          .is_path = true}));
}

}  // namespace

std::vector<FieldOf<E>> evaluate_run_fields() {
  Fields out = table_fields<E>();
  add_roles(out);
  add_groups(out);
  add_questions(out);
  add_numbers(out);
  return out;
}

}  // namespace evenhand::api
