// The population that a data set is held against: the share that each group has of it.
#pragma once

#include <optional>
#include <vector>

namespace evenhand::metric {

/// In the order of Tallies::groups.
struct Baseline {
  /// Share of the population; the shares add up to 1. Absent: the group takes no part (unknown).
  std::vector<std::optional<double>> shares;
  /// Where the baseline is itself a sample: its rows in each group (effective ones under sampling
  /// weights), so that its own chance is counted. Empty: the shares are known.
  std::vector<double> rows;
};

}  // namespace evenhand::metric
