// The standard normal distribution: tails, quantiles, and tails too small for a double.
#pragma once

namespace evenhand::numeric {

/// P(Z <= z).
double normal_cdf(double z);

/// The z with P(Z <= z) = probability.
/// @param probability  in [0,1]; 0 gives -infinity, 1 gives infinity.
double normal_quantile(double probability);

/// The z > 0 with P(|Z| <= z) = level, exact also for levels near 1.
/// @param level  in (0,1), for example 0.95: 1.959964.
double normal_two_sided(double level);

/// log10 of P(|Z| >= |z|): finite where the probability itself is 0 in double precision.
double normal_log10_two_sided_tail(double z);

}  // namespace evenhand::numeric
