#include "evenhand/metric/intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "evenhand/base/check.h"
#include "evenhand/numeric/beta.h"
#include "evenhand/numeric/normal.h"

namespace evenhand::metric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check(double x, double n, double level) {
  EVENHAND_CHECK(n > 0 && x >= 0 && x <= n && level > 0 && level < 1);
}

// sqrt(s^2 - 2 rho s t + t^2): the distance of two half-widths that pull in opposite directions.
double joined(double s, double t, double correlation) {
  if (std::isinf(s) || std::isinf(t)) return kInfinity;
  const double cross = correlation == 0 ? 0 : 2 * correlation * s * t;
  return std::sqrt(std::max(0.0, s * s - cross + t * t));
}

}  // namespace

// With p = x/n, the limits are (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n).
Interval wilson_with_quantile(double x, double n, double z) {
  EVENHAND_CHECK(n > 0 && x >= 0 && x <= n && z > 0);
  const double centre = x + z * z / 2;
  const double half_width = z * std::sqrt(x * (n - x) / n + z * z / 4);
  const double size = n + z * z;
  // At the ends both terms cancel exactly; rounding must not leave 1e-17 there.
  return {x == 0 ? 0 : std::clamp((centre - half_width) / size, 0.0, x / n),
          x == n ? 1 : std::clamp((centre + half_width) / size, x / n, 1.0)};
}

Interval wilson(double x, double n, double level) {
  check(x, n, level);
  return wilson_with_quantile(x, n, numeric::normal_two_sided(level));
}

Interval clopper_pearson(double x, double n, double level) {
  check(x, n, level);
  const double tail = (1 - level) / 2;
  return {x > 0 ? numeric::beta_quantile(tail, x, n - x + 1) : 0,
          x < n ? numeric::beta_upper_quantile(tail, x + 1, n - x) : 1};
}

Interval jeffreys(double x, double n, double level) {
  check(x, n, level);
  const double tail = (1 - level) / 2;
  return {x > 0 ? numeric::beta_quantile(tail, x + 0.5, n - x + 0.5) : 0,
          x < n ? numeric::beta_upper_quantile(tail, x + 0.5, n - x + 0.5) : 1};
}

Interval mover_difference(const Sided& a, const Sided& b, double correlation) {
  const double difference = a.value - b.value;
  return {difference - joined(a.value - a.low, b.high - b.value, correlation),
          difference + joined(a.high - a.value, b.value - b.low, correlation)};
}

// The limits are the R at which the MOVER limits of a - R b reach 0, roots of
//   R^2 b'(2b - b') - 2 R (a b - rho |a - a'| |b - b'|) + a'(2a - a') = 0
// with a' = a.low, b' = b.high for the lower limit, a.high and b.low for the upper one.
Interval mover_ratio(const Sided& a, const Sided& b, double correlation) {
  EVENHAND_CHECK(a.value >= 0 && b.value > 0);
  const auto middle = [&](double a_width, double b_width) {
    return a.value * b.value - (correlation == 0 ? 0 : correlation * a_width * b_width);
  };
  const auto root = [](double m, double square) {
    return std::sqrt(std::max(0.0, m * m - square));
  };

  Interval ratio{0, kInfinity};
  const double a_low = std::max(a.low, 0.0), b_low = std::max(b.low, 0.0);
  if (a.value > 0 && std::isfinite(b.high)) {
    const double m = middle(a.value - a_low, b.high - b.value);
    const double constant = a_low * (2 * a.value - a_low);
    const double square = b.high * (2 * b.value - b.high);
    // Both are the same root; each loses no digits where the other one does. m < 0 takes a strong
    // correlation and b.high > 2 b, so that `square` is below 0.
    if (m > 0) ratio.low = constant / (m + root(m, square * constant));
    if (m < 0) ratio.low = (m - root(m, square * constant)) / square;
  }
  if (b_low > 0 && std::isfinite(a.high)) {
    const double m = middle(a.high - a.value, b.value - b_low);
    const double constant = a.high * (2 * a.value - a.high);
    const double square = b_low * (2 * b.value - b_low);
    ratio.high = (m + root(m, square * constant)) / square;
  }
  return ratio;
}

}  // namespace evenhand::metric
