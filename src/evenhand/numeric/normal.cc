#include "evenhand/numeric/normal.h"

#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/special_functions/erf.hpp>

#include "evenhand/base/check.h"
#include "evenhand/numeric/boost_policy.h"
#include "evenhand/numeric/chi_square.h"

namespace evenhand::numeric {

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double probability) {
  EVENHAND_CHECK(probability >= 0 && probability <= 1);
  if (probability == 0) return -std::numeric_limits<double>::infinity();
  if (probability == 1) return std::numeric_limits<double>::infinity();
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * probability, Quiet{});
}

double normal_two_sided(double level) {
  EVENHAND_CHECK(level > 0 && level < 1);
  return std::numbers::sqrt2 * boost::math::erfc_inv(1 - level, Quiet{});
}

double normal_log10_two_sided_tail(double z) { return chi_square_log10_tail(z * z, 1); }

}  // namespace evenhand::numeric
