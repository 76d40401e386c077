#include "evenhand/numeric/chi_square.h"

#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/special_functions/gamma.hpp>

#include "evenhand/base/check.h"
#include "evenhand/numeric/boost_policy.h"

namespace evenhand::numeric {
namespace {

// Gamma(a, x) = exp(-x) x^a K,  K = 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))).
// Called for x far above a only, where a few terms do.
double log_upper_gamma_ratio(double a, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a;
  double c = 1 / kTiny;
  double d = 1 / b;
  double k = d;
  for (int i = 1; i <= 10'000; ++i) {
    const double numerator = -i * (i - a);
    b += 2;
    d = numerator * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + numerator / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    const double step = c * d;
    k *= step;
    if (std::abs(step - 1) < 1e-15) break;
  }
  return a * std::log(x) - x - boost::math::lgamma(a, Quiet{}) + std::log(k);
}

}  // namespace

double chi_square_tail(double statistic, double degrees) {
  EVENHAND_CHECK(statistic >= 0 && degrees > 0);
  if (std::isinf(statistic)) return 0;
  return boost::math::gamma_q(degrees / 2, statistic / 2, Quiet{});
}

double chi_square_log10_tail(double statistic, double degrees) {
  const double tail = chi_square_tail(statistic, degrees);
  if (tail > 1e-280) return std::log10(tail);
  if (std::isinf(statistic)) return -std::numeric_limits<double>::infinity();
  return log_upper_gamma_ratio(degrees / 2, statistic / 2) / std::numbers::ln10;
}

double chi_square_quantile(double probability, double degrees) {
  EVENHAND_CHECK(probability >= 0 && probability < 1 && degrees > 0);
  return 2 * boost::math::gamma_p_inv(degrees / 2, probability, Quiet{});
}

}  // namespace evenhand::numeric
