// The binomial distribution of k in n trials, each with the same probability of success.
#pragma once

#include <cstdint>

namespace evenhand::numeric {

struct Trials {
  std::int64_t n = 0;      // >= 0; unit: trials
  double probability = 0;  // of success, in [0,1]
};

/// P(K = k).
double binomial_mass(std::int64_t k, Trials trials);

/// P(K <= k).
double binomial_cdf(std::int64_t k, Trials trials);

/// P(K >= k), exact also where it is small.
double binomial_tail(std::int64_t k, Trials trials);

/// log10 of P(K >= k), finite where the probability itself is 0 in double precision.
double binomial_log10_tail(std::int64_t k, Trials trials);

/// The smallest k with P(K <= k) >= probability, which lies in [0,1].
std::int64_t binomial_quantile(double probability, Trials trials);

/// P of a count no more probable than k under the hypothesis (the exact two-sided test).
/// Cost: some hundred evaluations, whatever n.
double binomial_two_sided(std::int64_t k, Trials trials);

}  // namespace evenhand::numeric
