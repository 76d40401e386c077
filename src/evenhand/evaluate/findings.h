// From tallies to findings: which metrics are read, over which groups and strata, and what the
// bounds say to them. Used by evaluate() on fresh counts and by verify() on a record's.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/evaluate/count.h"
#include "evenhand/evaluate/evaluate.h"
#include "evenhand/metric/judge.h"
#include "evenhand/metric/metric.h"
#include "evenhand/record/record.h"

namespace evenhand::evaluate {

/// What findings are read from. `rows` gives the scored rows of a regrouped question, or is empty
/// where none were kept (a record being verified): then a metric from rows gives its places only.
struct Standing {
  const std::vector<Question>* questions = nullptr;
  std::function<metric::ScoreRows(const Question&, const tally::Regrouping&)> rows;
};

/// Every question that the options ask, bounds included, each once, in order. {} not among them.
std::vector<By> questions_of(const Options& options);

/// The metrics to read: those named, or the usual ones for what was given; and those of the bounds.
/// @error kInvalidArgument for an unknown id (with the nearest), or one that lacks a label, a
///        decision, a score, a reference or strata.
Result<std::vector<const metric::Metric*>> metrics_of(const Options& options);

/// What a bound asks, as numbers. @error kInvalidArgument for one that is no decimal.
Result<metric::Limit> limit_of(const record::Bound& bound);

/// All findings, judged. Where there are no rows, one that needs them has neither value nor reason:
/// it says which question was asked, once for each group, or once where a question has several.
/// @error kInvalidArgument for a bound that fits no finding.
Result<std::vector<record::Finding>> findings_of(const Options& options, const Standing& standing);

/// What was counted but takes no part, and what must be known to read the findings.
/// A group without a measure that only a comparison asks for is told here: no finding is about it.
std::vector<record::LeftOut> left_out_of(const Options& options, const Counted& counted,
                                         const Standing& standing,
                                         const std::vector<record::Finding>& findings);

}  // namespace evenhand::evaluate
