// Thresholds without lots, and thresholds that equalise precision: sweeps, since neither is linear.
//
// Without lots each group has as many choices as different scores. The rates of the chosen ones
// shall lie in one window [low, low + tolerance]; the window slides up over all rates, and in each
// place every group's cheapest choice within it is known. Where no choice fits, the smallest
// tolerance that one meets is found by halving. A threshold that takes everybody or nobody of a
// group decides nothing and is no choice, unless the group's scores are all the same.
#pragma once

#include <vector>

#include "evenhand/adjust/question.h"

namespace evenhand::adjust {

/// One threshold a group. Equal odds slide two windows, one in the other, over at most 400
/// thresholds a group (the hull's corners, then evenly spaced ones).
/// @param curves  each comparable.
/// Cost: linear in the thresholds, after sorting; odds: the square of 400 a group.
Answer thresholds_by_group(const std::vector<Curve>& curves, const Question& question);

/// One threshold for everybody: all are tried. Where none meets the tolerance and the least
/// selection rate, the one with the smallest gap.
/// @param compared  as for lots_for_everybody.
Answer threshold_for_everybody(const Crowd& crowd, const Question& question,
                               const std::vector<bool>& compared);

/// Precision, with lots, one rule a group. At the precision p a group's rules lie on a ray of its
/// ROC plane; of those that select at least rate_min the cheapest is one end of it: the hull's
/// boundary if p > cost_fp / (cost_fp + cost_fn), else the least selection. The cost may have
/// several valleys in p, so no bisection: every stretch between breakpoints of any hull is
/// searched. Where the groups' precisions do not meet, each takes the nearest it can.
/// @param curves  each comparable.
Answer precision_by_group(const std::vector<Curve>& curves, const Question& question);

}  // namespace evenhand::adjust
