// Bounds in a comparison: each is asked of every way of deciding. The family is all bounds times
// all ways, at Bonferroni's level, so that of all these verdicts together none is wrong with the
// probability `level`.
#pragma once

#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/evaluate/compare.h"
#include "evenhand/metric/judge.h"
#include "evenhand/metric/metric.h"
#include "evenhand/record/record.h"

namespace evenhand::evaluate {

/// A bound that decisions and labels can be held against.
struct Judged {
  const metric::Metric* metric = nullptr;
  const BoundAsked* asked = nullptr;  // of the options
  metric::Limit limit;
};

/// @error kInvalidArgument for what an evaluation refuses (an unknown metric, a bound that nothing
///        can break, <= where >= was meant), and for a bound on a change.
Result<void> check_bounds(const CompareOptions& options);

/// Those that can be judged. One that reads scores, strata, a reference, or a label where none was
/// named, cannot: bounds_left_out says so. A project file shares its bounds with the evaluation,
/// so this is no error.
/// @error kInvalidArgument for a metric that is not known or a number that is no decimal.
Result<std::vector<Judged>> judged_of(const CompareOptions& options);
std::vector<record::LeftOut> bounds_left_out(const CompareOptions& options);

/// 1 - (1 - level) / (bounds that are judged by their interval, times ways).
double family_level(const std::vector<Judged>& bounds, const CompareOptions& options);

/// The questions of the options and of the bounds that can be judged, each once, in order.
std::vector<By> questions_of(const CompareOptions& options);

}  // namespace evenhand::evaluate
