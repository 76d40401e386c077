// Student's t distribution: quantiles and tails, also tails too small for a double.
#pragma once

namespace evenhand::numeric {

/// The t > 0 with P(|T| <= t) = level.
/// @param level    in (0,1).
/// @param degrees  > 0; unit: degrees of freedom, need not be whole.
double student_two_sided(double level, double degrees);

/// P(|T| >= |t|).
double student_two_sided_tail(double t, double degrees);

/// log10 of the same, finite where the probability itself is 0 in double precision.
double student_log10_two_sided_tail(double t, double degrees);

}  // namespace evenhand::numeric
