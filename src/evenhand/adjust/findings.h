// What rules do to rows, as numbers with intervals: rates of each group, the gap between groups,
// the cost, and how far calibrated scores are from what came true.
#pragma once

#include <string>
#include <vector>

#include "evenhand/adjust/build.h"
#include "evenhand/record/record.h"
#include "evenhand/table/crossing.h"

namespace evenhand::adjust {

/// One group's rows under a rule: fp and tp are sums of chances.
struct Outcome {
  double n0 = 0, n1 = 0, fp = 0, tp = 0;
};

/// What one way of deciding does to some rows.
struct Seen {
  std::string rule;  // "plain", "policy", "blind" (beside a group-aware policy)
  std::string rows;  // "fit": those it was fitted to; "held_out": those kept from it
  std::vector<Outcome> groups;
};

void see(Outcome& outcome, const Row& row, double chance);
Outcome sum(const std::vector<Outcome>& groups);

/// One number of one group, with Wilson's interval: conservative where chances lie between 0 and 1,
/// since a sum of chances varies less than one of lots.
struct Rate {
  std::optional<double> value;  // absent: nobody is in the denominator
  double low = 0, high = 0;
  double rows = 0;
};
enum class Which : std::uint8_t { kSelectionRate, kTruePositive, kFalsePositive, kPrecision };
Rate rate_of(const Outcome& outcome, Which which);

/// max - min over the groups in `compared`, for each rate that shall be alike the wider one.
struct Gap {
  double value = 0, low = 0, high = 0, rows = 0;  // rows: of the two groups
  std::uint32_t lowest = 0, highest = 0;          // between whom
};
/// @return  nothing with fewer than two groups that have the rate.
/// The interval is [max(0, max L), max U] over all pairs' Newcombe intervals at Bonferroni's level.
std::optional<Gap> gap_of(const Seen& seen, Equalise equalise, const std::vector<bool>& compared);

/// Mean cost of a row.
double cost_per_row(const Seen& seen, const Question& question);

/// All of it for a record.
std::vector<record::Finding> findings_of(const std::vector<Seen>& seen, const Plan& plan,
                                         const table::Crossing& crossing,
                                         const std::vector<bool>& compared);

/// A scored row that no calibrator of its own fold has seen.
struct Calibration {
  std::vector<Row> before, after;  // the same rows
  std::uint64_t seed = 0;
};

/// The binned calibration error of each group before and after, less what a calibrated group shows.
/// Without "before" where scores lie outside of [0,1].
std::vector<record::Finding> calibration_findings(const Calibration& calibration,
                                                  const table::Crossing& crossing);

}  // namespace evenhand::adjust
