// `evenhand compare run`: section [compare] of the project file.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/api/grammar.h"
#include "evenhand/api/group_options.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/outputs.h"
#include "evenhand/api/phrase.h"
#include "evenhand/api/table_options.h"
#include "evenhand/evaluate/compare.h"
#include "evenhand/metric/all.h"
#include "evenhand/record/record_json.h"
#include "evenhand/report/report.h"

namespace evenhand::api {

namespace {

struct CompareRun : TableOptions, GroupOptions {
  std::optional<Phrase> label;
  std::vector<Phrase> score, decision, group;
  std::vector<BoundPhrase> bound;
  double threshold = 0.5;
  std::optional<std::string> before;
  double level = 0.95;
  std::int64_t rows_min = 1;
  unsigned threads = 0;
  std::string out = "evenhand-out/comparison";
};

using T = CompareRun;
using Fields = std::vector<FieldOf<T>>;

void add_contenders(Fields& out) {
  out.push_back(
      field<T>("score", &T::score,
               {.help = "a way of deciding by a score: what it is called, and its column; "
                        "favourable from --threshold on",
                .value = "NAME=COLUMN",
                .example = "plain=score_plain"}));
  out.push_back(field<T>("decision", &T::decision,
                         {.help = "a way of deciding whose decisions stand in a column",
                          .value = "NAME=COLUMN[=FAVOURABLE]",
                          .example = "adjusted=decision"}));
  out.push_back(field<T>("threshold", &T::threshold,
                         {.help = "a score is favourable from here on",
                          .value = "NUMBER",
                          .unit = "probability in [0, 1]",
                          .example = "0.6",
                          .range = between(0, 1)}));
  out.push_back(field<T>("before", &T::before,
                         {.help = "the way of deciding that the others are held against",
                          .value = "NAME",
                          .example = "plain",
                          .fallback = "the first one, scores before decisions"}));
}

Fields fields() {
  Fields out = lone_table_fields<T>();
  out.push_back(field<T>("label", &T::label,
                         {.help = "the column of what came true, and the value that a person wants",
                          .value = "COLUMN[=FAVOURABLE]",
                          .example = "'income=>50K'",
                          .fallback = "decisions are compared without it"}));
  add_contenders(out);
  out.push_back(field<T>("group", &T::group,
                         {.help = "a column by which people are compared, or a crossing of columns",
                          .value = "\"A x B\"",
                          .example = "sex",
                          .required = true}));
  out.push_back(field<T>("bound", &T::bound,
                         {.help = "what is asked of every way of deciding; after the number may "
                                  "stand: point (judge the value alone, not its interval), warn "
                                  "(do not fail). Exit status 0: a way after the first meets all; "
                                  "1: each of them breaks one; 4: the rows cannot tell",
                          .value = "'ID by A x B <= NUMBER'",
                          .example = "'selection_rate_difference by sex <= 0.1'",
                          .key = "bounds"}));
  add_grouping_fields(out);
  out.push_back(level_field<T>(&T::level));
  out.push_back(rows_min_field<T>(&T::rows_min));
  out.push_back(
      threads_field<T>(&T::threads,
                       "how many threads read; 0: as many as the machine has. The result is the "
                       "same for any"));
  out.push_back(field<T>("out", &T::out,
                         {.help = "folder for record.json, run.json, report.html and report.md",
                          .value = "DIR",
                          .example = "comparison",
                          .is_path = true}));
  return out;
}

/// "plain=score_plain" -> {"plain", the rest}; a column alone is called by its own name.
std::pair<std::string, Phrase> named(const Phrase& phrase) {
  if (phrase.exact) {
    const std::string name = phrase.parts.front();
    if (phrase.parts.size() == 1) return {name, phrase};
    return {name, {{phrase.parts.begin() + 1, phrase.parts.end()}, true}};
  }
  const std::string& typed = phrase.parts.front();
  const std::size_t at = typed.find('=');
  if (at == std::string::npos) return {typed, phrase};
  return {typed.substr(0, at), {{typed.substr(at + 1)}, false}};
}

Result<std::vector<evaluate::Contender>> contenders(const CompareRun& asked,
                                                    const Columns& columns) {
  std::vector<evaluate::Contender> out;
  for (const Phrase& phrase : asked.score) {
    auto [name, rest] = named(phrase);
    if (rest.parts.size() != 1 || rest.parts.front().empty()) {
      return Error{Code::kInvalidArgument,
                   "--score " + name + ": expected: NAME=COLUMN, such as plain=score_plain"};
    }
    out.push_back({std::move(name), rest.parts.front(), {}, asked.threshold});
  }
  for (const Phrase& phrase : asked.decision) {
    auto [name, rest] = named(phrase);
    EVENHAND_ASSIGN(evaluate::Role decided, role(rest, columns, "--decision"));
    out.push_back({std::move(name), std::move(decided.column), std::move(decided.favourable), {}});
  }
  if (!asked.before) return out;
  const auto first = std::find_if(out.begin(), out.end(), [&](const evaluate::Contender& each) {
    return each.name == *asked.before;
  });
  if (first == out.end()) {
    return Error{Code::kInvalidArgument,
                 "--before: no way of deciding is called \"" + *asked.before + '"'};
  }
  std::rotate(out.begin(), first, first + 1);
  return out;
}

Result<evaluate::CompareOptions> resolve(const CompareRun& asked, const Columns& columns) {
  evaluate::CompareOptions out;
  EVENHAND_ASSIGN(out.files, expand_all(asked.files));
  EVENHAND_ASSIGN(out.read, read_options(asked));
  if (asked.label) {
    EVENHAND_ASSIGN(out.label, role(*asked.label, columns, "--label"));
  }
  EVENHAND_ASSIGN(out.contenders, contenders(asked, columns));
  for (const Phrase& phrase : asked.group) {
    EVENHAND_ASSIGN(evaluate::By by, crossing(phrase, columns));
    out.by.push_back(std::move(by));
  }
  for (const BoundPhrase& phrase : asked.bound) {
    EVENHAND_ASSIGN(evaluate::BoundAsked each, bound(phrase, columns));
    out.bounds.push_back(std::move(each));
  }
  EVENHAND_ASSIGN(out.groupings, groupings(asked, columns));
  out.level = asked.level;
  out.rows_min = asked.rows_min;
  out.threads = asked.threads;
  return out;
}

Result<Outcome> run(const CompareRun& asked, const Call& call) {
  EVENHAND_ASSIGN(const Columns columns, column_names(asked));
  EVENHAND_ASSIGN(const evaluate::CompareOptions options, resolve(asked, columns));
  EVENHAND_TRY(check_folder(asked.out));
  EVENHAND_TRY(spare_inputs(asked.out, options.files));
  RunFacts facts{.started_ms = {}, .finished_ms = {}, .host = call.host, .threads = asked.threads};
  if (call.now_ms) facts.started_ms = call.now_ms();
  EVENHAND_ASSIGN(const record::Record record, evaluate::compare(options, call.progress));
  if (call.now_ms) facts.finished_ms = call.now_ms();
  EVENHAND_ASSIGN(const Written written, write_outputs(asked.out, record, facts));
  Outcome out;
  out.status = evaluate::compared_status(record);
  out.text = report::table(record, metric::find, {.colour = call.colour}) +
             "\nreport: " + written.html + "\nrecord: " + written.record + '\n';
  out.json = {{"exit_status", out.status},    {"record", written.record},
              {"run", written.run},           {"report", written.html},
              {"markdown", written.markdown}, {"findings", Json::array()}};
  for (const record::Finding& each : record.findings) {
    out.json["findings"].push_back(record::to_json(each));
  }
  return out;
}

}  // namespace

Operation compare_run() {
  return operation<CompareRun>(
      {.name = "compare run",
       .says = "Hold several ways of deciding about the same rows against each other: what is "
               "gained, what it costs, who is decided differently",
       .section = "compare",
       .examples =
           {"evenhand compare run people.csv --label 'income=>50K' --decision before=hired=yes "
            "--decision after=approved=yes --group sex --bound 'selection_rate_ratio by sex >= "
            "0.8' "
            "--out comparison"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
