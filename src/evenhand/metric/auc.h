// AUC: how often a row with a favourable label has a higher score than one without, ties counted
// half; and its variance, in one pass over sorted runs. Nothing here sees a level or a bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "evenhand/metric/estimate.h"
#include "evenhand/metric/score_rows.h"

namespace evenhand::metric {

/// Rows with each label that an AUC asks for: with 10 + 10 rows a 95 % interval covers 70-82 %.
inline constexpr std::int64_t kAucRowsPerLabel = 30;
/// Clusters with each label that it asks for where rows come in clusters.
inline constexpr std::int64_t kAucClustersPerLabel = 10;

/// Weight of the model beside the sampled variance; unit: rows that the scores put wrongly.
inline constexpr double kAucModelRows = 2;

/// Variance of an AUC.
struct AucVariance {
  double sampled = 0;   // DeLong's or Obuchowski's
  double steadied = 0;  // with the model's; never less
  double degrees = 0;   // of freedom
  double least = 0;     // (effective) rows or clusters of the rarer label
};

/// sampled = S10/n1 + S01/n0, with the placements V10(i) = share of the 0s below s_i (ties half)
/// and V01(j) = share of the 1s above s_j; with clusters, the sums of V - A of each cluster take
/// the place of rows, with their covariance; with sampling weights, linearised.
///
/// An AUC near 1 with few rows hangs on one or two of them, and so does that variance: limits from
/// it alone cover 90 % at an AUC of .97 from 30 + 300 rows. So it is averaged, if that is more,
/// with the variance M that Hanley & McNeil's model gives for this A and these rows:
///   steadied = (h sampled + 2 M) / (h + 2),  h = (1 - A) n_rarer,  A at least 1/2,
/// M times the design effect of the clusters. h grows with the rows, and M's part vanishes.
/// Precondition: both labels are present.
/// @source  DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988) 837, doi:10.2307/2531595;
///          Obuchowski, Biometrics 53 (1997) 567, doi:10.2307/2533958; Hanley & McNeil, Radiology
///          143 (1982) 29, doi:10.1148/radiology.143.1.7063747.
AucVariance auc_variance(const ScoreRows& rows, std::size_t group);

/// A = (1 / W1 W0) sum_i sum_j w_i w_j ([s_i > s_j] + [s_i = s_j] / 2), labels y_i = 1, y_j = 0.
///
/// Its interval is that of log(A / (1 - A)) with `steadied` and Student's t.
///
/// A of exactly 0 or 1, or without variance, is given as a share of m rows, m the smaller label's
/// (effective) rows or clusters: there are m pairs of different people, all ordered alike, and
/// their number is binomial, so its exact limits hold.
/// Scores from a grid: pairs within one bin may stand either way, so the limits widen by half the
/// share of tied pairs on each side (`slack_low`, `slack_high`).
/// Missing labels: `open_lowest` and `open_highest` are exact (the extreme labelling is one
/// threshold), except that equal scores are tried in whole rows of their mean weight.
/// @return  kNoRows where a label is absent, kInsufficient under kAucRowsPerLabel rows (or
///          kAucClustersPerLabel clusters) of one; `rows` are the labelled rows in any case.
/// Cost: O(rows) once sorted; O(rows log rows) with clusters.
/// @source  as auc_variance.
Measured auc_of(const ScoreRows& rows, std::size_t group);

}  // namespace evenhand::metric
