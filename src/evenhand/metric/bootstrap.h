// Replicates of a number that is a smooth function of cell counts: tables of as many rows drawn
// from the table itself. Rows need not be drawn one by one: the counts of a resample are
// multinomial, so a replicate costs one binomial draw a cell, whatever the number of rows.
// Never for a maximum over groups: there the bootstrap covers 0 to 82 % (use compare.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "evenhand/base/random.h"
#include "evenhand/metric/estimate.h"

namespace evenhand::metric {

/// A number read off cells (not necessarily whole ones); nothing where it is undefined.
using OfCells = std::function<std::optional<double>(std::span<const double> cells)>;

struct BootstrapOptions {
  int replicates = 2'000;  // >= 1
  std::uint64_t seed = 0;
  double design_effect = 1;  // > 0; rows in clusters: variance over that of independent rows
};

/// BCa's ingredients: the number in `replicates` resamples, sorted, and its acceleration
///   a = sum_k c_k d_k^3 / (6 (sum_k c_k d_k^2)^(3/2)),  d_k = mean(t) - t(-k),
/// where t(-k) is the number without one row of cell k and c_k the rows of that cell.
/// With a design effect D, n/D rows are drawn and scaled up to n, so that variances grow by D.
/// Replicate i draws from stream i of the seed: the same bytes however replicates are split.
///
/// @param cells  counts, shape [K]; unit: rows, >= 0, at most 2^53 together.
/// @return  nothing where the number is undefined on the cells or in more than one of ten
///          replicates: then the rows do not bear an interval (Undefined::kInsufficient).
/// @source  Efron, JASA 82 (1987) 171; m out of n: Rao & Wu, JASA 83 (1988) 231.
std::optional<Replicates> bootstrap_cells(std::span<const std::int64_t> cells, const OfCells& read,
                                          const BootstrapOptions& options);

/// One resample of `draws` rows from `cells` into `counts` (both of shape [K]).
void draw_multinomial(std::span<const std::int64_t> cells, std::int64_t draws, Random& random,
                      std::span<std::int64_t> counts);

/// Successes in n trials, exactly binomial up to the rounding of doubles.
/// Cost: some 50 ns for any n.
/// @param n            in [0, 2^53].
/// @param probability  in [0,1].
/// @source  Hormann, J. Stat. Comput. Simul. 46 (1993) 101, algorithm BTRS; inversion for small n
/// p.
std::int64_t draw_binomial(std::int64_t n, double probability, Random& random);

}  // namespace evenhand::metric
