// How many independent rows a share is worth when rows carry sampling weights or come in clusters
// (several rows of one person): the number with which p(1-p)/n is the estimated variance.
//
// A variance that is estimated from one or two rows in the part is often far too small, and limits
// built on it fail where the part is rare. So one more row or cluster is imagined on each side of
// the share and the variance is taken with both; rows are taken off again at the end, clusters
// leave no rows behind. The degrees of freedom are those of the clusters that carry the rarer side.
// Everything here is sums; nothing sees a row, a tally or a group.
#pragma once

#include <cstdint>
#include <span>

namespace evenhand::metric {

struct Effective {
  double size = 0;     // rows / design effect, at least 1; goes into Measured::n_effective
  double degrees = 0;  // of the variance; 0: known well enough. Goes into Measured::degrees
};

/// Sampling weights, in the part of the share and in the rest of its whole.
struct WeightSums {
  double part = 0, rest = 0;                  // sum w
  double part_squares = 0, rest_squares = 0;  // sum w^2
};

/// Effective size of the share p = part / W, W = part + rest, under independent rows:
///   n = p (1-p) W^2 / ((1-p)^2 sum_part w^2 + p^2 sum_rest w^2) - 2
/// with one row of the weight sum w^2 / sum w added to the part and one to the rest. Weights of 1
/// give the rows exactly; a share of 0 or 1 gives Kish's (sum w)^2 / sum w^2.
/// @param sums  part + rest > 0.
/// @source  Taylor linearisation of a ratio: Sarndal, Swensson & Wretman 1992, 5.6; Kish 1965.
///          The imagined rows are ours; the claims tests show what happens without them.
Effective effective_of_weights(const WeightSums& sums);

/// A ratio of two sums, part / whole, over clusters c.
struct ClusteredRatio {
  double part = 0, whole = 0;  // (weighted) counts; whole > 0
  double part_squares = 0;     // sum_c part_c^2
  double cross = 0;            // sum_c part_c whole_c
  double whole_squares = 0;    // sum_c whole_c^2
  double rows = 0;             // rows in the whole, as counted
  double clusters = 0;         // clusters with a row in the whole
};

/// Variance of r = part / whole:  m/(m-1) sum_c (part_c - r whole_c)^2 / whole^2  for m clusters.
/// One cluster tells nothing of it: 0.
/// @source  as above, with clusters drawn with replacement.
double variance_of_ratio(const ClusteredRatio& ratio);

/// Effective size of a clustered share: the better of two.
///   - p(1-p) / variance, at most the rows, with a cluster imagined on each side that holds as much
///     of it as those do that hold any; degrees: k - 1, at least 1, for k = (sum_c x_c)^2 / sum_c
///     x_c^2 on the rarer side (the clusters that carry it, as though they were equal);
///   - rows / b, as though all rows of a cluster were alike, for clusters of b rows as a row sees
///     them; degrees: m - 1 for m clusters. The first knows less where few clusters carry a side.
/// Clusters of one row each give the rows exactly; copies of a row add nothing to it.
/// It cannot see what no cluster has shown: that a few large ones lie wholly on the rarer side.
/// @source  Korn & Graubard, Surv. Methodol. 24 (1998) 193; Kish 1965 (rows / b). The imagined
///          clusters and their degrees are ours: decision 007, tests/claims/clusters_test.cc.
Effective effective_of_clusters(const ClusteredRatio& ratio);

/// One entry of the symmetric matrix S = sum_c v_c v_c^T, where v_c[i] is a cluster's (weighted)
/// count in cell i. Each pair i <= j stands once.
struct CellProduct {
  std::uint32_t i = 0, j = 0;
  double sum = 0;
};

/// a^T S b = sum_c (a . v_c)(b . v_c).
/// @param a, b  shape [cells].
double bilinear_form(std::span<const double> a, std::span<const CellProduct> products,
                     std::span<const double> b);

/// The sums of a ratio from cells; rows and clusters are left for the caller.
/// @param cells              counts, shape [cells].
/// @param in_part, in_whole  shape [cells]; 1 where a cell belongs to it, else 0.
ClusteredRatio clustered_ratio(std::span<const double> cells, std::span<const double> in_part,
                               std::span<const double> in_whole,
                               std::span<const CellProduct> products);

}  // namespace evenhand::metric
