// How far a group's scores are from what came true, over the whole range of scores: the binned
// error (ECE) and the cumulative one (ECCE); and what a perfectly calibrated group of the same size
// and scores would show, since neither is 0 for it.
//
// r_i = y_i - s_i is a row's residual, w_i its weight, W the sum of weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "evenhand/metric/estimate.h"
#include "evenhand/metric/score_rows.h"

namespace evenhand::metric {

inline constexpr int kCalibrationBins = 10;  // equal widths over [0,1]; the last holds 1 too

/// ECE = sum_b |sum_{i in b} w_i r_i| / W.  @return nothing without a labelled row.
/// @source  Naeini, Cooper & Hauskrecht, AAAI 2015, doi:10.1609/aaai.v29i1.9602; Guo et al. 2017,
///          arXiv:1706.04599.
std::optional<double> binned_error(const std::vector<ScoreRun>& runs);

/// ECCE = max(0, max_k C_k) - min(0, min_k C_k),  C_k = sum_{s_i <= k-th score} w_i r_i / W.
/// @return nothing without a labelled row.
/// @source  Arrieta-Ibarra et al. 2022, arXiv:2205.09680.
std::optional<double> cumulative_error(const std::vector<ScoreRun>& runs);

enum class CalibrationError : std::uint8_t { kBinned, kCumulative };

/// What a perfectly calibrated group with these scores shows, and how rare it is to show as much.
struct CalibratedGroup {
  double expected = 0;  // of the same statistic
  double log10_p = 0;   // of one at least as large as the observed
};

/// Where random numbers come from: the seed, and apart for each group a stream.
struct Stream {
  std::uint64_t seed = 0, group = 0;
};

/// Labels drawn anew from the scores, 1,000 times: P(y* = 1) = s, independently. The counts of bins
/// and of equal scores are drawn rather than rows, which is the same in law; where a count has a
/// variance over 50 its normal limit is drawn. For the cumulative error of more than 2,000 rows
/// with more than 500 different scores the walk is close to a Brownian motion, whose known range is
/// used (p then has no floor; else it is at least 1/1,001), unless a label is so rare that the
/// skewness of its count is over 0.03: then neighbouring scores are pooled to 1,000 steps.
/// In clusters, labels of one person hang together: each cluster's observed residuals get a random
/// sign instead (200 times above 20,000 rows).
/// @source  Brocker & Smith, Weather Forecast. 22 (2007) 651 (resampled labels); Feller, Ann. Math.
///          Stat. 22 (1951) 427, doi:10.1214/aoms/1177729589 (range); Chernoff 1965 (the 1.1652 by
///          which a walk of few steps falls short of it).
CalibratedGroup calibrated_group(const ScoreRows& rows, std::size_t group, CalibrationError kind,
                                 double observed, Stream random);

/// The statistic of one group; with `less_expected`, less what a calibrated group would show.
///
/// Interval, for the error T that all the people behind these rows would show. By the triangle
/// inequality and because an expected absolute value is at least the absolute expectation,
///   T - noise <= raw  on average  <= T + E0,
/// and raw moves around its mean by no more than a normal number of variance V = sum w^2 r^2 / W^2:
///   [raw - E0 - z sqrt(V), raw + z sqrt(V)],
/// E0 what a calibrated group shows. Conservative on both sides; one more row with r = 1 is added
/// to V, and with clusters V sums the squares of each cluster's sum of w |r|.
/// Scores from a grid: each may lie half a bin off, and the rows of a bin that an edge of the ten
/// cuts (or, cumulated, those of the two bins where the range begins and ends) may count elsewhere;
/// both widen the limits.
/// @return  kNoRows without a labelled row.
/// @source  Borell, Invent. Math. 30 (1975) 207, doi:10.1007/BF01425510 (a supremum of a Gaussian
///          process keeps to its median as closely as its widest member to its own).
Measured calibration_error_of(const ScoreRows& rows, std::size_t group, CalibrationError kind,
                              bool less_expected, Stream random, double scale);

}  // namespace evenhand::metric
