// The beta distribution Beta(a, b), a and b > 0: what limits of shares are made of.
#pragma once

namespace evenhand::numeric {

/// P(X <= x) for x in [0,1].
double beta_cdf(double x, double a, double b);

/// P(X >= x) for x in [0,1], exact also where it is small.
double beta_tail(double x, double a, double b);

/// log10 of P(X <= x), finite where the probability itself is 0 in double precision.
/// @source Abramowitz & Stegun 1964, 26.5.4 (the series of all-positive terms).
double beta_log10_cdf(double x, double a, double b);

/// The x with P(X <= x) = probability, which lies in [0,1].
double beta_quantile(double probability, double a, double b);

/// The x with P(X >= x) = probability, exact also where the probability is small.
double beta_upper_quantile(double probability, double a, double b);

}  // namespace evenhand::numeric
