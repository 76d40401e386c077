// What stands beside a chi-square test: limits of the effect behind its statistic, the smallest
// effect that the test would have found, and a p-value where the cells are too small for the
// distribution.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "evenhand/base/random.h"
#include "evenhand/metric/estimate.h"

namespace evenhand::metric {

struct ChiSquare {
  double statistic = 0;
  double degrees = 1;
  /// Variance of the statistic over that of its noncentral distribution, at least 1: with a fixed
  /// effect it is multinomial, and larger where rare cells have far more rows than expected.
  double inflation = 1;
};

/// Limits of the noncentrality lambda: the lambdas under which a statistic as small, or as large,
/// has probability (1 - level)/2. With an inflation c, those of statistic / c, times c.
/// lambda over rows is the squared effect (Cohen's w; Cramer's V times the smaller side less one).
/// The upper one is never below z^2, z the normal quantile of its side: along one direction alone
/// an effect of z standard errors goes unseen that often, however even the table came out. Without
/// it a table that fits by luck would have the limits 0 and 0, and few rows would prove balance.
/// @source Steiger & Fouladi 1997, in: What if there were no significance tests?; the inflation is
///         ours (tests/claims/representation_test.cc shows what happens without it).
Interval noncentrality_limits(const ChiSquare& test, double level);

/// The noncentrality that the test at error `alpha` finds with probability 0.8.
/// @source Cohen, Statistical Power Analysis, 2nd ed. 1988, ch. 7.
double noncentrality_found(double degrees, double alpha);

/// Where a cell has fewer than five rows expected, the chi-square distribution is not trusted
/// (Cochran, Biometrics 10 (1954) 417).
inline constexpr double kExpectedMin = 5;

/// log10 of (1 + how many of the draws reach `observed`) / (1 + draws): never below the truth on
/// average. Draw i uses stream i of the seed.
/// @param cells  of the table; sets how many draws are made: 9,999, fewer for many cells.
/// @source Hope, J. R. Stat. Soc. B 30 (1968) 582.
double simulated_log10_p(double observed, std::size_t cells, std::uint64_t seed,
                         const std::function<double(Random&)>& draw);

}  // namespace evenhand::metric
