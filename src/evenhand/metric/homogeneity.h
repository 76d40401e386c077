// Do all groups share one value of a measure? The test behind a widest gap, for gaps that nobody
// set a bound on: with many of them, some lie far out by chance, and discovery.h sorts those out.
#pragma once

#include <optional>
#include <span>

#include "evenhand/metric/estimate.h"

namespace evenhand::metric {

/// log10 of the p-value of "all groups have the same value".
///
/// Shares: Pearson's chi-square of the table groups x (in the part, not), over effective rows,
///   X = sum_g n_g (r_g - r)^2 / (r (1 - r)),  r = sum_g n_g r_g / sum_g n_g;
/// all groups that would have fewer than five rows expected on either side are taken together first
/// (Cochran 1954), and where that is still too few, with the smallest of the others. Other numbers
/// with a standard error: Cochran's Q,
///   Q = sum_g (m_g - m)^2 / s_g^2,  m weighted by 1/s_g^2, on the scale on which s_g is known.
/// Both have a chi-square distribution with one degree of freedom fewer than groups.
/// @param groups  defined, of one measure.
/// @return  nothing where fewer than two groups remain, no row is on one side, or a number has no
///          standard error of its own (replicates, extremes, a bias of known size only).
/// @source  Pearson, Phil. Mag. 50 (1900) 157; Rao & Scott, JASA 76 (1981) 221 (effective rows);
///          Cochran, Biometrics 10 (1954) 101 and 417.
std::optional<double> homogeneity_log10_p(std::span<const Measured* const> groups);

}  // namespace evenhand::metric
