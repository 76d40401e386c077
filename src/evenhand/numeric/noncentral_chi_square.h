// The noncentral chi-square distribution: what a chi-square test's statistic follows where the null
// hypothesis does not hold. Its noncentrality lambda is rows times the squared effect, so limits of
// lambda are limits of the effect, and a wanted power is an effect that would be found.
#pragma once

namespace evenhand::numeric {

/// Degrees of freedom (> 0) and noncentrality (>= 0; 0 is the central distribution).
struct NoncentralChiSquare {
  double degrees = 1;
  double noncentrality = 0;
};

/// P(X <= x), x >= 0. Far out (lambda above 10,000) by Sankaran's approximation, whose error there
/// is below 1e-6.
/// @source Ding, Appl. Stat. 41 (1992) 478 (Boost.Math); Sankaran, Biometrika 50 (1963) 199.
double noncentral_chi_square_cdf(double x, NoncentralChiSquare of);

/// P(X >= x), exact also where it is small.
double noncentral_chi_square_tail(double x, NoncentralChiSquare of);

/// The lambda with P(X <= x) = probability, which lies in (0,1); 0 where even lambda = 0 puts less
/// below x. It rises with x and falls with the probability.
double noncentrality_at(double x, double degrees, double probability);

/// The lambda with which a test at error `alpha` rejects with probability `power`:
/// P(X >= q) = power, q the (1 - alpha) quantile of the central distribution.
/// @param alpha, power  in (0,1); 0 where alpha >= power.
struct Power {
  double alpha = 0.05;
  double power = 0.8;
};
double noncentrality_for(double degrees, Power wanted);

}  // namespace evenhand::numeric
