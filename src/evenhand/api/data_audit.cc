// `evenhand data audit`: section [audit] of the project file.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "evenhand/api/grammar.h"
#include "evenhand/api/group_options.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/outputs.h"
#include "evenhand/api/phrase.h"
#include "evenhand/api/table_options.h"
#include "evenhand/data/audit.h"
#include "evenhand/metric/all.h"
#include "evenhand/record/record_json.h"
#include "evenhand/report/report.h"

namespace evenhand::api {

namespace {

struct DataAudit : TableOptions, GroupOptions {
  std::vector<Phrase> group;
  std::optional<Phrase> label;
  std::string baseline;
  std::optional<std::string> baseline_count;
  std::string baseline_kind;
  std::vector<std::string> source;
  std::optional<std::string> weight;
  std::string weight_kind;
  std::optional<double> tolerance, association_tolerance, gap_tolerance;
  bool no_proxies = false;
  std::vector<std::string> features, exclude;
  double level = 0.95;
  std::int64_t rows_min = 1;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  std::string out = "evenhand-out/audit";
};

using A = DataAudit;
using Fields = std::vector<FieldOf<A>>;

void add_groups(Fields& out) {
  out.push_back(field<A>("group", &A::group,
                         {.help = "a column by which people are counted, or a crossing of columns",
                          .value = "\"A x B\"",
                          .example = "\"sex x race\""}));
  out.push_back(field<A>("label", &A::label,
                         {.help = "the column of what came true, and the value that a person "
                                  "wants: it is counted by group",
                          .value = "COLUMN[=FAVOURABLE]",
                          .example = "'income=>50K'",
                          .fallback = "labels are not looked at"}));
  out.push_back(
      field<A>("baseline", &A::baseline,
               {.help = "the population to hold the rows against: a CSV of shares or counts by "
                        "group, another data set with these columns, or uniform",
                .value = "FILE|uniform",
                .example = "census.csv",
                .fallback = "shares are told and held against nothing",
                .is_path = true}));
  out.push_back(field<A>("baseline_count", &A::baseline_count,
                         {.help = "the column of the baseline that holds its shares or counts",
                          .value = "COLUMN",
                          .example = "persons",
                          .fallback = "the one that is no group"}));
  out.push_back(field<A>("baseline_kind", &A::baseline_kind,
                         {.help = "numbers: the baseline lists each group with its share or count; "
                                  "people: each of its rows is a person, to be counted",
                          .value = "KIND",
                          .example = "people",
                          .choices = {"numbers", "people"},
                          .fallback = "people where all its columns are columns of the data and "
                                      "groups repeat, else numbers"}));
  out.push_back(field<A>("source", &A::source,
                         {.help = "a column that tells where a row comes from (region, language, "
                                  "publisher): its diversity is measured",
                          .value = "COLUMN",
                          .example = "region"}));
  add_grouping_fields(out);
}

void add_questions(Fields& out) {
  out.push_back(field<A>(
      "weight", &A::weight,
      {.help = "the column of weights; needs --weight-kind", .value = "COLUMN", .example = "w"}));
  out.push_back(field<A>("weight_kind", &A::weight_kind,
                         {.help = "frequency: the row stands for that many rows (whole numbers); "
                                  "sampling: for that many people of a population",
                          .value = "KIND",
                          .example = "sampling",
                          .choices = {"frequency", "sampling"}}));
  out.push_back(
      field<A>("tolerance", &A::tolerance,
               {.help = "how far a group's share may lie from the baseline's; given, it is a bound "
                        "that can break the audit",
                .value = "NUMBER",
                .unit = "share",
                .example = "0.02",
                .range = open(0, 1),
                .fallback = "0.02, and it only informs"}));
  out.push_back(
      field<A>("association_tolerance", &A::association_tolerance,
               {.help = "up to which Cramer's V two attributes, or a group and the label, count as "
                        "nearly independent; given, it is a bound that can break the audit",
                .value = "NUMBER",
                .example = "0.1",
                .range = open(0, 1),
                .fallback = "0.1, a small effect (Cohen 1988), and it only informs"}));
  out.push_back(
      field<A>("gap_tolerance", &A::gap_tolerance,
               {.help = "how far apart the groups' shares of favourable labels, and of missing "
                        "values, may lie and still count as alike; given, it is a bound that can "
                        "break the audit",
                .value = "NUMBER",
                .unit = "share",
                .example = "0.05",
                .range = open(0, 1),
                .fallback = "0.05, and it only informs"}));
  out.push_back(field<A>("no_proxies", &A::no_proxies,
                         {.help = "do not ask how well other columns tell the groups"}));
  out.push_back(field<A>("features", &A::features,
                         {.help = "a column that may be a proxy",
                          .value = "COLUMN",
                          .example = "occupation",
                          .fallback = "every column but groups, label, weight and --exclude"}));
  out.push_back(
      field<A>("exclude", &A::exclude,
               {.help = "a column that is no proxy", .value = "COLUMN", .example = "id"}));
}

void add_numbers(Fields& out) {
  out.push_back(field<A>("level", &A::level,
                         {.help = "coverage of every interval; tests err with one minus it",
                          .value = "NUMBER",
                          .unit = "share",
                          .example = "0.99",
                          .range = between(0.01, 0.999999)}));
  out.push_back(field<A>("rows_min", &A::rows_min,
                         {.help = "rows with which a group of the baseline counts as covered",
                          .value = "NUMBER",
                          .unit = "rows",
                          .example = "30",
                          .range = from(1)}));
  out.push_back(field<A>("seed", &A::seed,
                         {.help = "of every random number; the same seed gives the same bytes",
                          .value = "NUMBER",
                          .example = "7",
                          .range = from(0)}));
  out.push_back(threads_field<A>(&A::threads,
                                 "how many threads work; 0: as many as the machine has. The "
                                 "result is the same for any"));
  out.push_back(field<A>("out", &A::out,
                         {.help = "folder for record.json, run.json, report.html and report.md",
                          .value = "DIR",
                          .example = "audit-2026",
                          .is_path = true}));
}

Fields fields() {
  Fields out = lone_table_fields<A>();
  add_groups(out);
  add_questions(out);
  add_numbers(out);
  return out;
}

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

Result<void> fits_together(const A& asked) {
  if (asked.group.empty() && asked.source.empty()) {
    return wrong("no group was named; say by which columns people are counted: --group sex");
  }
  if (asked.weight && asked.weight_kind.empty()) {
    return wrong(
        "--weight needs --weight-kind: frequency (each row stands for that many rows like it) or "
        "sampling (each row stands for that many people of a population)");
  }
  if (!asked.weight && !asked.weight_kind.empty()) {
    return wrong("--weight-kind was given without --weight COLUMN");
  }
  return {};
}

/// In a project file the word has become a path beside it; a file of that name is meant as a file.
bool is_uniform(const std::string& baseline) {
  std::error_code ignored;
  return std::filesystem::path(baseline).filename() == "uniform" &&
         !std::filesystem::exists(baseline, ignored);
}

Result<data::AuditOptions> resolve(const A& asked, const Columns& columns) {
  EVENHAND_TRY(fits_together(asked));
  data::AuditOptions out;
  EVENHAND_ASSIGN(out.files, expand_all(asked.files));
  EVENHAND_ASSIGN(out.read, read_options(asked));
  for (const Phrase& phrase : asked.group) {
    EVENHAND_ASSIGN(data::By by, crossing(phrase, columns));
    if (std::find(out.by.begin(), out.by.end(), by) == out.by.end()) {
      out.by.push_back(std::move(by));
    }
  }
  if (asked.label) {
    EVENHAND_ASSIGN(const evaluate::Role label, role(*asked.label, columns, "--label"));
    out.label = label.column;
    out.favourable = label.favourable;
  }
  EVENHAND_ASSIGN(out.groupings, groupings(asked, columns));
  out.baseline = is_uniform(asked.baseline) ? "uniform" : asked.baseline;
  out.baseline_count = asked.baseline_count;
  out.baseline_kind = asked.baseline_kind;
  out.sources = asked.source;
  out.weight = asked.weight;
  out.weight_kind = asked.weight_kind;
  for (const auto& [given, to] :
       {std::pair{&asked.tolerance, &out.tolerance},
        std::pair{&asked.association_tolerance, &out.association_tolerance},
        std::pair{&asked.gap_tolerance, &out.gap_tolerance}}) {
    if (*given) *to = {shortest(**given), true};
  }
  out.proxies = !asked.no_proxies;
  out.features = asked.features;
  out.exclude = asked.exclude;
  out.level = asked.level;
  out.rows_min = asked.rows_min;
  out.seed = asked.seed;
  out.threads = asked.threads;
  return out;
}

Json as_json(const record::Record& record, const Written& written, int status) {
  Json out;
  out["exit_status"] = status;
  out["record"] = written.record;
  out["run"] = written.run;
  out["report"] = written.html;
  out["markdown"] = written.markdown;
  out["findings"] = Json::array();
  for (const record::Finding& each : record.findings) {
    out["findings"].push_back(record::to_json(each));
  }
  return out;
}

Result<Outcome> run(const A& asked, const Call& call) {
  EVENHAND_ASSIGN(const Columns columns, column_names(asked));
  EVENHAND_ASSIGN(const data::AuditOptions options, resolve(asked, columns));
  EVENHAND_TRY(check_folder(asked.out));
  std::vector<std::string> inputs = options.files;
  if (!options.baseline.empty() && options.baseline != "uniform")
    inputs.push_back(options.baseline);
  EVENHAND_TRY(spare_inputs(asked.out, inputs));
  RunFacts facts{.started_ms = {}, .finished_ms = {}, .host = call.host, .threads = asked.threads};
  if (call.now_ms) facts.started_ms = call.now_ms();
  EVENHAND_ASSIGN(const record::Record record, data::audit(options, call.progress));
  if (call.now_ms) facts.finished_ms = call.now_ms();
  EVENHAND_ASSIGN(const Written written, write_outputs(asked.out, record, facts));
  Outcome out;
  out.status = data::exit_status(record);
  out.text = report::table(record, metric::find, {.colour = call.colour}) +
             "\nreport: " + written.html + "\nrecord: " + written.record + '\n';
  out.json = as_json(record, written, out.status);
  return out;
}

}  // namespace

Operation data_audit() {
  return operation<A>(
      {.name = "data audit",
       .says = "Look at who is in the data: shares against a population, labels and missing values "
               "by group, proxies, diversity of sources; a record and a report",
       .section = "audit",
       .examples = {"evenhand data audit people.csv --group sex --group 'sex x race' "
                    "--label 'income=>50K' --baseline uniform",
                    "evenhand data audit people.csv --group sex --baseline census.csv "
                    "--tolerance 0.02 --out audit-2026"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
