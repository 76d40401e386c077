// The chi-square distribution: upper tails, also those too small for a double, and quantiles.
#pragma once

namespace evenhand::numeric {

/// P(X >= statistic).
/// @param statistic  >= 0.
/// @param degrees    > 0; unit: degrees of freedom.
double chi_square_tail(double statistic, double degrees);

/// log10 of the same, by Legendre's continued fraction where the tail itself underflows: a
/// statistic of 5,395 with 1 degree of freedom gives -1,173.5. -infinity only for infinity.
/// @source Abramowitz & Stegun 1964, 6.5.31; evaluated as Lentz, Appl. Opt. 15 (1976) 668.
double chi_square_log10_tail(double statistic, double degrees);

/// The x with P(X <= x) = probability, which lies in [0,1).
double chi_square_quantile(double probability, double degrees);

}  // namespace evenhand::numeric
