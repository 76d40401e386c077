// How far apart the scores of two groups lie, whatever came true: the largest distance of their
// distribution functions (KS), the area between them (Wasserstein-1), and the difference of their
// means in standard deviations. Rows with and without a label count alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "evenhand/metric/estimate.h"
#include "evenhand/metric/score_rows.h"

namespace evenhand::metric {

/// What a group's scores bring to its distances.
struct ScoreSample {
  const std::vector<ScoreRun>* runs = nullptr;
  std::int64_t rows = 0;
  double weight = 0;
  double independent = 0;  // rows, as though of independent people: W^2 / sum_c W_c^2
  double mean = 0;
  double variance = 0;         // with n - 1
  double variance_up = 0;      // with one more row at 0 and one at 1: never 0
  double a = 0, b = 0, c = 0;  // sums over clusters of x^2, x q, q^2: x = w (s - mean) summed
                               // over its rows, q = w ((s - mean)^2 - variance) likewise
  double clusters = 0;
  double grid_error = 0;  // scores may be off by as much
  double heaviest = 0;    // largest share of one score
};

/// @param group  index into rows.runs.
ScoreSample score_sample(const ScoreRows& rows, std::size_t group);

/// A distance d with its margin: the truth lies in [d - bias - q spread, d + q spread], q the
/// quantile that distance_limits takes, and by what scores from a grid leave unknown further out.
/// Only the standardised difference has a sign.
struct Distance {
  double value = 0;
  double spread = 0;
  double bias = 0;                       // what equal distributions would show on average
  double degrees = 0;                    // of Student's t; 0: the normal
  double slack_low = 0, slack_high = 0;  // of scores from a grid
  Undefined why = Undefined::kDefined;
};

enum class DistanceKind : std::uint8_t { kKolmogorovSmirnov, kWasserstein, kStandardized };

/// kKolmogorovSmirnov: sup_s |F_a(s) - F_b(s)|; spread sqrt(1/n_a + 1/n_b), and q =
/// sqrt(ln(2/alpha)
///   / 2) holds for the largest error anywhere, so for the distance too.
/// kWasserstein: integral |F_a - F_b| ds; the error moves it by no more than an error of the mean
///   of scores (a supremum over functions of slope <= 1) beyond `bias` = integral of
///   sqrt(2/pi (F_a (1 - F_a) / n_a + F_b (1 - F_b) / n_b)).
/// kStandardized: (mean_b - mean_a) / sqrt((var_a + var_b) / 2), linearised; kNoSpread where both
///   variances are 0.
/// n are independent rows: rows of one cluster count as one when they weigh most together.
/// @source  Massart, Ann. Probab. 18 (1990) 1269, doi:10.1214/aop/1176990746; Vallender, Theory
///          Probab. Appl. 18 (1974) 784, doi:10.1137/1118101; Cohen 1988, ISBN 978-0-8058-0283-2.
Distance score_distance(const ScoreSample& a, const ScoreSample& b, DistanceKind kind);

/// @param scale  as though there were this many times as many rows.
Interval distance_limits(const Distance& distance, DistanceKind kind, double level, double scale);

}  // namespace evenhand::metric
