#include "evenhand/numeric/beta.h"

#include <cmath>
#include <exception>
#include <limits>
#include <numbers>

#include <boost/math/special_functions/beta.hpp>

#include "evenhand/base/check.h"
#include "evenhand/numeric/boost_policy.h"

namespace evenhand::numeric {
namespace {

// Boost's inverse is fast and, for huge or tiny a and b, sometimes not convergent: what it gives
// is held against the distribution, and bisection answers where it fails.
template <class Tail>
double bisect(double probability, bool rising, Tail tail) {
  double low = 0, high = 1;
  for (int i = 0; i < 1'100 && std::nextafter(low, high) < high; ++i) {
    const double middle = low + (high - low) / 2;
    ((tail(middle) < probability) == rising ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

/// What Boost gives; NaN where it gives up (counts near 2^60 make it throw).
template <class Inverse>
double tried(Inverse inverse) {
  try {
    return inverse();
  } catch (const std::exception&) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

bool agrees(double found, double probability, double tail_there) {
  return found >= 0 && found <= 1 && std::abs(tail_there - probability) <= 1e-9 * probability;
}

// ln of I_x(a,b) = x^a (1-x)^b / (a B(a,b)) * sum_n prod_{i<=n} (a+b+i)/(a+1+i) x.
double log_small_cdf(double x, double a, double b) {
  double term = 1, sum = 1;
  for (int i = 0; i < 1'000'000 && term > sum * 1e-17; ++i) {
    term *= (a + b + i) / (a + 1 + i) * x;
    sum += term;
  }
  const double log_beta = boost::math::lgamma(a, Quiet{}) + boost::math::lgamma(b, Quiet{}) -
                          boost::math::lgamma(a + b, Quiet{});
  return a * std::log(x) + b * std::log1p(-x) - std::log(a) - log_beta + std::log(sum);
}

}  // namespace

double beta_cdf(double x, double a, double b) {
  EVENHAND_CHECK(x >= 0 && x <= 1 && a > 0 && b > 0);
  return boost::math::ibeta(a, b, x, Quiet{});
}

double beta_tail(double x, double a, double b) {
  EVENHAND_CHECK(x >= 0 && x <= 1 && a > 0 && b > 0);
  return boost::math::ibetac(a, b, x, Quiet{});
}

double beta_log10_cdf(double x, double a, double b) {
  const double probability = beta_cdf(x, a, b);
  if (probability > 1e-280) return std::log10(probability);
  if (x == 0) return -std::numeric_limits<double>::infinity();
  return log_small_cdf(x, a, b) / std::numbers::ln10;
}

double beta_quantile(double probability, double a, double b) {
  EVENHAND_CHECK(probability >= 0 && probability <= 1 && a > 0 && b > 0);
  if (probability == 0) return 0;
  if (probability == 1) return 1;
  const double found = tried([&] { return boost::math::ibeta_inv(a, b, probability, Quiet{}); });
  if (agrees(found, probability, found >= 0 && found <= 1 ? beta_cdf(found, a, b) : -1)) {
    return found;
  }
  return bisect(probability, true, [a, b](double x) { return beta_cdf(x, a, b); });
}

double beta_upper_quantile(double probability, double a, double b) {
  EVENHAND_CHECK(probability >= 0 && probability <= 1 && a > 0 && b > 0);
  if (probability == 0) return 1;
  if (probability == 1) return 0;
  const double found = tried([&] { return boost::math::ibetac_inv(a, b, probability, Quiet{}); });
  if (agrees(found, probability, found >= 0 && found <= 1 ? beta_tail(found, a, b) : -1)) {
    return found;
  }
  return bisect(probability, false, [a, b](double x) { return beta_tail(x, a, b); });
}

}  // namespace evenhand::numeric
