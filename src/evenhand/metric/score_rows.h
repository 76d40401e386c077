// Scored rows of one question, sorted, for what no tally gives exactly: AUC, calibration slope,
// the cumulative calibration error, distances of distributions. When there are too many rows to
// keep, the same form is filled from a score grid and says so in `grid_error`.
#pragma once

#include <cstdint>
#include <vector>

namespace evenhand::metric {

/// Equal scores of one group, added up. Unweighted: w0 = n0 and so on.
struct ScoreRun {
  double score = 0;                         // unit: probability in [0,1]
  std::int64_t n0 = 0, n1 = 0;              // rows with label unfavourable, favourable
  std::int64_t n_missing = 0;               // rows without a label
  double w0 = 0, w1 = 0, w_missing = 0;     // sums of weights
  double ww0 = 0, ww1 = 0, ww_missing = 0;  // sums of squared weights
};

/// One row, kept only where rows come in clusters.
struct ScoreRow {
  double score = 0;
  double weight = 1;
  std::uint32_t cluster = 0;
  std::uint8_t label = 0;  // 0, 1 or kMissingClass
};

struct ScoreRows {
  bool weighted = false;                    // sampling weights (frequency weights are counts)
  std::vector<std::vector<ScoreRun>> runs;  // [group][distinct scores, ascending]
  std::vector<std::vector<ScoreRow>>
      rows;               // [group][rows by score, then file order]; empty without clusters
  double grid_error = 0;  // 0: exact; else the half-width of a bin of the grid
};

}  // namespace evenhand::metric
