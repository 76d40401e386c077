// What the claims are tested with: exact binomial masses where a sum can be had, fixed seeds where
// it cannot, and the bar that a simulated coverage must reach.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "evenhand/metric/estimate.h"

namespace evenhand::claims {

/// An interval that covers exactly at its level falls below the level in half of all simulations;
/// three standard errors lower it falls once in 740.
inline double bar(double level, int runs) {
  return level - 3 * std::sqrt(level * (1 - level) / runs);
}

/// P(K = k) for k = 0..n, by lgamma.
inline std::vector<double> masses(std::int64_t n, double p) {
  std::vector<double> mass(static_cast<std::size_t>(n) + 1);
  const auto size = static_cast<double>(n);
  for (std::size_t k = 0; k < mass.size(); ++k) {
    const auto x = static_cast<double>(k);
    mass[k] = std::exp(std::lgamma(size + 1) - std::lgamma(x + 1) - std::lgamma(size - x + 1) +
                       x * std::log(p) + (size - x) * std::log1p(-p));
  }
  return mass;
}

/// x of n independent rows.
inline metric::Measured share(std::int64_t x, std::int64_t n) {
  metric::Measured m;
  m.value = static_cast<double>(x) / static_cast<double>(n);
  m.rows = n;
  m.part = x;
  m.n_effective = static_cast<double>(n);
  return m;
}

inline bool covers(const metric::Interval& interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

}  // namespace evenhand::claims
