// `evenhand evaluate run`: section [evaluate] of the project file.
#include "evenhand/api/evaluate_run.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <system_error>

#include "evenhand/api/evaluate_run_fields.h"
#include "evenhand/api/grammar.h"
#include "evenhand/api/outputs.h"
#include "evenhand/metric/all.h"
#include "evenhand/record/record_json.h"
#include "evenhand/report/report.h"

namespace evenhand::api {

namespace {

/// How many verdicts there were, of bounds that count and of those that only warn.
struct Judged {
  std::size_t met = 0, broken = 0, cannot_tell = 0;
  std::size_t all() const { return met + broken + cannot_tell; }
};

Judged judged(const record::Record& record) {
  Judged out;
  for (const record::Finding& each : record.findings) {
    if (each.verdict == record::Verdict::kMet) ++out.met;
    if (each.verdict == record::Verdict::kBroken) ++out.broken;
    if (each.verdict == record::Verdict::kCannotTell) ++out.cannot_tell;
  }
  return out;
}

std::string spoken(const Phrase& by) {
  std::string out;
  for (const std::string& part : by.parts) out += (out.empty() ? "" : " x ") + part;
  return out;
}

std::string sentence(const Judged& judged, const EvaluateRun& asked) {
  if (judged.all() == 0) {
    const std::string by = asked.group.empty() ? "sex" : spoken(asked.group.front());
    return "to have something judged, add a bound: --bound 'selection_rate_difference by " + by +
           " <= 0.1', or [[bounds]] in a project file\n";
  }
  if (judged.broken > 0) {
    return "broken: this is what was found on these rows, a measured difference and not a finding "
           "of "
           "discrimination\n";
  }
  if (judged.cannot_tell > 0) return "";
  return "met on these rows; met does not mean fair or lawful\n";
}

Json as_json(const record::Record& record, const Judged& verdicts, const Written& written,
             int status) {
  Json out;
  out["exit_status"] = status;
  out["judged"] = verdicts.all();
  out["met"] = verdicts.met;
  out["broken"] = verdicts.broken;
  out["cannot_tell"] = verdicts.cannot_tell;
  out["record"] = written.record;
  out["run"] = written.run;
  out["report"] = written.html;
  out["markdown"] = written.markdown;
  out["findings"] = Json::array();
  for (const record::Finding& each : record.findings)
    out["findings"].push_back(record::to_json(each));
  return out;
}

std::string stage_name(const EvaluateRun& asked) {
  const std::string first = asked.files.front() == "-" ? "standard input" : asked.files.front();
  return "reading " + first + (asked.files.size() > 1 ? " and others" : "");
}

std::uint64_t rows_of(const record::Record& record) {
  std::uint64_t out = 0;
  for (const record::Input& each : record.inputs) out += each.rows;
  return out;
}

Result<Outcome> run(const EvaluateRun& asked, const Call& call) {
  Columns columns;
  if (needs_columns(asked)) {
    EVENHAND_ASSIGN(columns, column_names(asked));
  }
  EVENHAND_ASSIGN(evaluate::Options options, resolve(asked, columns));
  const bool unquoted = std::find(asked.files.begin(), asked.files.end(), "x") != asked.files.end();
  if (std::error_code ignored; unquoted && !std::filesystem::exists("x", ignored)) {
    return Error{Code::kInvalidArgument,
                 "a file \"x\" was named, and there is none; a crossing stands in quotes: --group "
                 "'sex x race'"};
  }
  EVENHAND_ASSIGN(options.files, expand_all(asked.files));
  EVENHAND_TRY(check_folder(asked.out));
  std::vector<std::string> inputs = options.files;
  if (asked.join) inputs.push_back(*asked.join);
  EVENHAND_TRY(spare_inputs(asked.out, inputs));
  RunFacts facts{.started_ms = {}, .finished_ms = {}, .host = call.host, .threads = asked.threads};
  if (call.now_ms) facts.started_ms = call.now_ms();
  const std::string stage = stage_name(asked);
  const auto keep_going = [&](std::uint64_t done, std::uint64_t all) {
    return !call.progress || call.progress({stage, Counts::kBytes, done, all});
  };
  EVENHAND_ASSIGN(const record::Record record, evaluate::evaluate(options, keep_going));
  if (call.now_ms) facts.finished_ms = call.now_ms();
  if (rows_of(record) == 0) {
    return Error{Code::kBadInput, "no row was read from " + asked.files.front() +
                                      (asked.files.size() > 1 ? " and the others" : "") +
                                      ", so there is nothing to judge"};
  }
  EVENHAND_ASSIGN(const Written written, write_outputs(asked.out, record, facts));

  const Judged verdicts = judged(record);
  if (asked.gate && verdicts.all() == 0) {
    return Error{Code::kInvalidArgument,
                 "--gate was given and nothing was judged; the record is in " + written.record};
  }
  Outcome out;
  out.status = evaluate::exit_status(record);
  out.text = report::table(record, metric::find, {.colour = call.colour}) + '\n' +
             sentence(verdicts, asked) + "report: " + written.html + "\nrecord: " + written.record +
             '\n';
  out.json = as_json(record, verdicts, written, out.status);
  return out;
}

}  // namespace

Operation evaluate_run() {
  return operation<EvaluateRun>(
      {.name = "evaluate run",
       .says =
           "Judge decisions and scores on a table: rates by group, gaps with intervals, bounds, a "
           "record and a report",
       .section = "evaluate",
       .examples = {"evenhand evaluate run people.csv --label 'income=>50K' --decision hired=yes "
                    "--group sex",
                    "evenhand evaluate run scored.parquet --label y --score p --group 'sex x race' "
                    "--bound 'selection_rate_difference by sex <= 0.1'"},
       .fields = {},
       .run = {}},
      evaluate_run_fields(), run);
}

}  // namespace evenhand::api
