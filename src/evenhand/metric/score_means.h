// The mean of a bounded number over a group's scored rows: a score, a squared error, label minus
// score. Rows may be independent, carry sampling weights or come in clusters (several of one
// person); the value and its variance come from the sorted runs, or from the rows of the clusters.
// Nothing here sees a tally, a level or a bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/metric/metric.h"
#include "evenhand/metric/score_rows.h"

namespace evenhand::metric {

/// What is averaged, and over which rows.
struct ScoreMean {
  double (*of)(double score, double label) = nullptr;  // label 0 or 1; 0 where it is missing
  bool unfavourable = true, favourable = true;         // rows with label 0, 1
  bool missing = false;                                // rows without a label
  double lowest = 0, highest = 1;                      // no row lies outside
  double slope = 0;       // by how much at most e moves for 1 of the score
  double score_from = 0;  // only rows with score_from <= score < score_below
  double score_below = std::numeric_limits<double>::infinity();
};

/// m = sum w e / sum w of one group, as a share where e lies in [0,1], else as a normal number.
///
/// Its variance is the linearised one, sum_c (sum_{i in c} w_i (e_i - m~))^2 / W^2 over clusters c
/// (a row is its own cluster where there are none), with one more row at each end of the range and
/// m~ the mean with these two. So a group in which all rows happen to agree is not taken for one
/// that must agree, and for numbers that are 0 or 1 the effective size is exactly the rows.
/// Scores from a grid may lie half a bin off: the limits widen by slope * rows.grid_error, and by
/// the share of rows in a bin that score_from or score_below cuts.
/// @param group  index into rows.runs.
/// @return  Undefined::kNoRows without a row. Where missing labels could change the mean, what
///          they leave open.
/// @source  Sarndal, Swensson & Wretman 1992, 5.6 (linearisation); Agresti & Coull, Am. Stat. 52
///          (1998) 119 (the added rows).
Measured mean_over(const ScoreRows& rows, std::size_t group, const ScoreMean& what);

/// mean_over each group. @error kInvalidArgument if there are no scored rows.
Result<std::vector<Measured>> means_by_group(const Tallies& tallies, const ScoreMean& what);

/// The scored rows, one list for each group. @error kInvalidArgument if no score was given.
Result<const ScoreRows*> score_rows_of(const Tallies& tallies);

/// True where rows come in clusters.
bool clustered(const ScoreRows& rows, std::size_t group);

/// A number for each cluster, from its rows.
using ByCluster = std::vector<std::pair<std::uint32_t, double>>;

/// Add up the numbers of each cluster (in the order given); ascending by cluster.
ByCluster add_up(ByCluster contributions);

}  // namespace evenhand::metric
