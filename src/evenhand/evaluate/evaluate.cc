// The stage: check, count, read, judge, record.
#include "evenhand/evaluate/evaluate.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "evenhand/base/version.h"
#include "evenhand/evaluate/count.h"
#include "evenhand/evaluate/findings.h"
#include "evenhand/evaluate/options_json.h"
#include "evenhand/evaluate/sheets.h"
#include "evenhand/record/finding.h"

namespace evenhand::evaluate {
namespace {

Error wrong(std::string says) { return Error{Code::kInvalidArgument, std::move(says)}; }

Result<void> check_bounds(const Options& o) {
  for (const BoundAsked& b : o.bounds) {
    if (b.bound.at_most.has_value() == b.bound.at_least.has_value()) {
      return wrong("a bound on \"" + b.metric +
                   "\" needs at_most or at_least, and one of them only");
    }
    if (b.bound.judge != "interval" && b.bound.judge != "point") {
      return wrong("a bound is judged by \"interval\" or \"point\", not by \"" + b.bound.judge +
                   "\"");
    }
  }
  return {};
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Edges, names and references of an attribute by which nobody is compared would do nothing.
Result<void> check_attributes(const Options& o) {
  std::vector<std::string> compared = o.strata;
  for (const By& by : questions_of(o)) compared.insert(compared.end(), by.begin(), by.end());
  EVENHAND_TRY(table::check_groupings(o.groupings, compared));
  for (const auto& [name, value] : o.reference) {
    if (std::find(compared.begin(), compared.end(), name) != compared.end()) continue;
    std::string known;
    for (const std::string& one : compared) known += (known.empty() ? "\"" : ", \"") + one + "\"";
    return wrong("a reference was given for \"" + name +
                 "\", but nobody is compared by it; groups are " +
                 (known.empty() ? "none" : known));
  }
  return {};
}

Standing standing_on(const Counted& counted, bool sampling) {
  Standing standing;
  standing.questions = &counted.questions;
  standing.rows = [&counted, sampling](const Question& q, const tally::Regrouping& how) {
    return counted.scored ? score_rows(*counted.scored, q, how, sampling)
                          : score_rows_of_grid(*q.score_grid, how);
  };
  return standing;
}

}  // namespace

Result<void> check_options(const Options& o) {
  EVENHAND_TRY(check_attributes(o));
  if (o.files.empty()) return wrong("no file was named");
  if (!o.decision && !o.score && !o.label)
    return wrong("nothing to judge: name a decision, a score or a label");
  if (o.decision && o.threshold) return wrong("a decision and a threshold exclude each other");
  if (o.decision && o.label && o.decision->column == o.label->column) {
    return wrong("label and decision are the same column, \"" + o.label->column +
                 "\", so every decision would be right; the label is what came true, the decision "
                 "what was decided");
  }
  if (o.convention == "aif360" && o.reference.empty()) {
    return wrong(
        "the convention aif360 compares everybody else with a privileged group; name it: "
        "--reference sex=Male");
  }
  if (!is_level(o.level)) return wrong("level must lie in [0.01, 0.999999]");
  if (o.rows_min < 1) return wrong("rows_min must be at least 1");
  if (o.threshold && !(*o.threshold >= 0 && *o.threshold <= 1))
    return wrong("threshold must lie in [0,1]");
  if (o.weight && o.weight_kind != "frequency" && o.weight_kind != "sampling") {
    return wrong("weight_kind must be frequency or sampling");
  }
  if (o.join.has_value() != o.on.has_value()) return wrong("join and on belong together");
  if (!is_one_of(o.convention, {"evenhand", "fairlearn", "aif360"})) {
    return wrong("there is no convention \"" + o.convention +
                 "\"; there are evenhand, fairlearn and aif360");
  }
  if (!is_one_of(o.interval, {"wilson", "clopper_pearson", "jeffreys"})) {
    return wrong("there is no interval \"" + o.interval +
                 "\"; there are wilson, clopper_pearson and jeffreys");
  }
  return check_bounds(o);
}

Result<record::Record> evaluate(const Options& options, const KeepGoing& keep_going) {
  EVENHAND_TRY(check_options(options));
  EVENHAND_TRY(metrics_of(options));  // a slip in an id is told before hours of reading
  EVENHAND_ASSIGN(const Counted counted, count(options, questions_of(options), keep_going));
  record::Record out;
  out.operation = "evaluate run";
  out.options = to_json(options);
  out.options["favourable"] =
      nlohmann::ordered_json{{"label", counted.label.favourable},
                             {"decision", counted.decision.favourable},
                             {"label_unfavourable", counted.label.unfavourable},
                             {"decision_unfavourable", counted.decision.unfavourable}};
  out.seed = options.seed;
  out.inputs = counted.inputs;
  out.tallies = sheets_of(counted.questions);
  const Standing standing = standing_on(counted, options.weight_kind == "sampling");
  EVENHAND_ASSIGN(out.findings, findings_of(options, standing));
  record::mark_discoveries(out.findings, options.level);
  out.left_out = left_out_of(options, counted, standing, out.findings);
  out.code_version = kVersion;
  return out;
}

int exit_status(const record::Record& record) {
  bool broken = false, open = false;
  for (const record::Finding& f : record.findings) {
    if (!f.verdict || !f.bound || f.bound->severity == "warn") continue;
    broken = broken || *f.verdict == record::Verdict::kBroken;
    open =
        open || (*f.verdict == record::Verdict::kCannotTell && f.bound->on_cannot_tell != "warn");
  }
  return broken ? 1 : open ? 4 : 0;
}

}  // namespace evenhand::evaluate
