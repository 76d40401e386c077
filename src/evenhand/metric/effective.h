// How many independent rows a share is worth when rows carry sampling weights or come in clusters
// (several rows of one person): the number with which p(1-p)/n is the estimated variance.
// Everything here is sums; nothing sees a row, a tally or a group.
#pragma once

#include <cstdint>
#include <span>

namespace evenhand::metric {

struct Effective {
  double size = 0;     // rows / design effect; goes into Measured::n_effective
  double degrees = 0;  // of the variance; 0: known well enough. Goes into Measured::degrees
};

/// Sampling weights, in the part of the share and in the rest of its whole.
struct WeightSums {
  double part = 0, rest = 0;                  // sum w
  double part_squares = 0, rest_squares = 0;  // sum w^2
};

/// Effective size of the share p = part / (part + rest) under independent rows:
///   n = p (1-p) W^2 / ((1-p)^2 sum_part w^2 + p^2 sum_rest w^2),   W = part + rest.
/// Weights of 1 give the rows exactly. Where p is 0 or 1 the variance says nothing, and Kish's
/// W^2 / sum w^2 takes its place.
/// @param sums  part + rest > 0.
/// @source  Taylor linearisation of a ratio: Sarndal, Swensson & Wretman 1992, 5.6; Kish 1965.
Effective effective_of_weights(const WeightSums& sums);

/// One entry of the symmetric matrix S = sum over clusters of v v^T, where v[i] is a cluster's
/// (weighted) count in cell i. Each pair i <= j stands once.
struct CellProduct {
  std::uint32_t i = 0, j = 0;
  double sum = 0;
};

/// g^T S g: the sum over clusters of the squared total of g over their rows.
/// @param gradient  shape [cells]; 0 for cells that do not take part.
double quadratic_form(std::span<const double> gradient, std::span<const CellProduct> products);

/// A ratio of two sums of cells, estimated from clusters.
struct ClusteredRatio {
  double part = 0, whole = 0;     // weighted counts; whole > 0
  double squares = 0;             // sum over clusters of (part_c - r whole_c)^2, r = part / whole
  double rows = 0;                // rows in the whole, as counted
  double clusters = 0;            // clusters with a row in the whole
};

/// Variance of part / whole: m/(m-1) * squares / whole^2 for m clusters; nothing is known (0) of one.
/// @source  as above, with clusters drawn with replacement.
double variance_of_ratio(const ClusteredRatio& ratio);

/// The same from cells: squares = g^T S g with g = in_part - r in_whole.
/// @param cells              counts, shape [cells].
/// @param in_part, in_whole  shape [cells]; 1 where a cell belongs to it, else 0.
ClusteredRatio clustered_ratio(std::span<const double> cells, std::span<const double> in_part,
                               std::span<const double> in_whole,
                               std::span<const CellProduct> products);

/// Effective size of a clustered share: p(1-p) / variance, but at most the rows, and m (the number
/// of clusters) where the variance is 0 or there is one cluster; degrees of freedom m - 1.
/// @source  Korn & Graubard, Surv. Methodol. 24 (1998) 193.
Effective effective_of_clusters(const ClusteredRatio& ratio);

}  // namespace evenhand::metric
