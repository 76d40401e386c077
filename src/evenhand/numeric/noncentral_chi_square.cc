#include "evenhand/numeric/noncentral_chi_square.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/non_central_chi_squared.hpp>

#include "evenhand/base/check.h"
#include "evenhand/numeric/boost_policy.h"
#include "evenhand/numeric/chi_square.h"
#include "evenhand/numeric/normal.h"

namespace evenhand::numeric {
namespace {

constexpr double kFar =
    1e4;  // noncentrality from which on the series would take thousands of terms

using Boost = boost::math::non_central_chi_squared_distribution<double, Quiet>;

// (X / (k + lambda))^h is nearly normal; names as in the paper.
double sankaran(double x, double k, double lambda) {
  const double h =
      1 - 2.0 / 3 * (k + lambda) * (k + 3 * lambda) / ((k + 2 * lambda) * (k + 2 * lambda));
  const double p = (k + 2 * lambda) / ((k + lambda) * (k + lambda));
  const double m = (h - 1) * (1 - 3 * h);
  const double mean = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p);
  const double sd = h * std::sqrt(2 * p) * (1 + 0.5 * m * p);
  return (std::pow(x / (k + lambda), h) - mean) / sd;
}

}  // namespace

double noncentral_chi_square_cdf(double x, NoncentralChiSquare of) {
  EVENHAND_CHECK(x >= 0 && of.degrees > 0 && of.noncentrality >= 0);
  if (of.noncentrality == 0) return 1 - chi_square_tail(x, of.degrees);
  if (x == 0) return 0;
  if (of.noncentrality > kFar) return normal_cdf(sankaran(x, of.degrees, of.noncentrality));
  return boost::math::cdf(Boost(of.degrees, of.noncentrality), x);
}

double noncentral_chi_square_tail(double x, NoncentralChiSquare of) {
  EVENHAND_CHECK(x >= 0 && of.degrees > 0 && of.noncentrality >= 0);
  if (of.noncentrality == 0) return chi_square_tail(x, of.degrees);
  if (x == 0) return 1;
  if (of.noncentrality > kFar) return normal_cdf(-sankaran(x, of.degrees, of.noncentrality));
  return boost::math::cdf(boost::math::complement(Boost(of.degrees, of.noncentrality), x));
}

// The left side falls as lambda grows; halving needs no derivative and cannot run away.
double noncentrality_at(double x, double degrees, double probability) {
  EVENHAND_CHECK(x >= 0 && degrees > 0 && probability > 0 && probability < 1);
  const auto above = [&](double lambda) {
    return noncentral_chi_square_cdf(x, {degrees, lambda}) > probability;
  };
  if (!above(0)) return 0;
  double low = 0, high = x + 1;
  while (above(high)) low = high, high *= 2;
  for (int i = 0; i < 80 && high - low > 1e-12 * high; ++i) {
    const double middle = (low + high) / 2;
    (above(middle) ? low : high) = middle;
  }
  return (low + high) / 2;
}

double noncentrality_for(double degrees, Power wanted) {
  EVENHAND_CHECK(wanted.alpha > 0 && wanted.alpha < 1 && wanted.power > 0 && wanted.power < 1);
  if (wanted.alpha >= wanted.power) return 0;
  return noncentrality_at(chi_square_quantile(1 - wanted.alpha, degrees), degrees,
                          1 - wanted.power);
}

}  // namespace evenhand::numeric
