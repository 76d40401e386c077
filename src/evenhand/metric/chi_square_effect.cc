#include "evenhand/metric/chi_square_effect.h"

#include <algorithm>
#include <cmath>

#include "evenhand/numeric/noncentral_chi_square.h"
#include "evenhand/numeric/normal.h"

namespace evenhand::metric {

Interval noncentrality_limits(const ChiSquare& test, double level) {
  const double c = std::max(1.0, test.inflation);
  const double x = test.statistic / c;
  const double tail = (1 - level) / 2;
  const double z = numeric::normal_quantile(1 - tail);
  return {c * numeric::noncentrality_at(x, test.degrees, 1 - tail),
          c * std::max(z * z, numeric::noncentrality_at(x, test.degrees, tail))};
}

double noncentrality_found(double degrees, double alpha) {
  constexpr double kPower = 0.8;
  return numeric::noncentrality_for(degrees, {.alpha = alpha, .power = kPower});
}

double simulated_log10_p(double observed, std::size_t cells, std::uint64_t seed,
                         const std::function<double(Random&)>& draw) {
  constexpr double kCells = 2e6;  // some 50 ns each
  const auto draws =
      static_cast<std::int64_t>(std::clamp(kCells / static_cast<double>(cells), 199.0, 9'999.0));
  const double reached = observed * (1 - 1e-9);  // equal tables differ by rounding
  std::int64_t as_large = 1;
  for (std::int64_t i = 0; i < draws; ++i) {
    Random random(seed, static_cast<std::uint64_t>(i));
    if (draw(random) >= reached) ++as_large;
  }
  return std::log10(static_cast<double>(as_large) / static_cast<double>(draws + 1));
}

}  // namespace evenhand::metric
