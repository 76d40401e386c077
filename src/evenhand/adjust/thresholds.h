// Thresholds with lots that meet a tolerance at the least cost: linear programs.
//
// A rule's rates and its cost are sums over those let in, so they are linear in the weights w of
// the thresholds that it draws among. By group, the thresholds are the corners of each group's
// hull: nothing beyond them can be reached (Hardt, Price & Srebro 2016, arXiv:1610.02413). For
// everybody there is one w, every threshold of the pooled scores may be needed, and those that are
// needed are found by column generation: the program is solved over a few, its prices say in one
// pass over the rows which threshold would lower the cost most, and that one comes in, until none
// would.
#pragma once

#include <vector>

#include "evenhand/adjust/question.h"
#include "evenhand/base/result.h"

namespace evenhand::adjust {

/// One rule a group:
///   minimise  sum_g weight_g (cost_fp fp_g + cost_fn (n1_g - tp_g))
///   so that   low_r <= rate_r(g) <= low_r + tolerance for every rate r,  selection_g >= rate_min.
/// Not for precision. Always within reach: nobody and everybody are corners of every hull.
/// @param curves  shape [groups]; each comparable (question.h).
/// @error kBug if the solver gives up.
Result<Answer> lots_by_group(const std::vector<Curve>& curves, const Question& question);

/// One rule for everybody, over all rows; the gap counts between the groups in `compared`.
/// @param compared  shape [crowd.groups]; true only for comparable groups.
Result<Answer> lots_for_everybody(const Crowd& crowd, const Question& question,
                                  const std::vector<bool>& compared);

/// The threshold of all rows that costs least, whatever the groups. Of equal ones the one that lets
/// in most.
double cheapest_threshold(const Crowd& crowd, const Question& question);

}  // namespace evenhand::adjust
