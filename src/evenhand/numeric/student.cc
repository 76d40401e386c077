#include "evenhand/numeric/student.h"

#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "evenhand/base/check.h"
#include "evenhand/numeric/beta.h"
#include "evenhand/numeric/boost_policy.h"

namespace evenhand::numeric {

double student_two_sided(double level, double degrees) {
  EVENHAND_CHECK(level > 0 && level < 1 && degrees > 0);
  const boost::math::students_t_distribution<double, Quiet> distribution(degrees);
  return boost::math::quantile(boost::math::complement(distribution, (1 - level) / 2));
}

// T^2 / (T^2 + degrees) is a beta variable: P(|T| >= t) = I_x(degrees/2, 1/2), x = d / (d + t^2).
double student_two_sided_tail(double t, double degrees) {
  EVENHAND_CHECK(degrees > 0);
  return beta_cdf(degrees / (degrees + t * t), degrees / 2, 0.5);
}

double student_log10_two_sided_tail(double t, double degrees) {
  EVENHAND_CHECK(degrees > 0);
  return beta_log10_cdf(degrees / (degrees + t * t), degrees / 2, 0.5);
}

}  // namespace evenhand::numeric
