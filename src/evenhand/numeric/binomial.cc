#include "evenhand/numeric/binomial.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/binomial.hpp>

#include "evenhand/base/check.h"
#include "evenhand/numeric/beta.h"
#include "evenhand/numeric/boost_policy.h"

namespace evenhand::numeric {
namespace {

void check(const Trials& trials) {
  EVENHAND_CHECK(trials.n >= 0 && trials.probability >= 0 && trials.probability <= 1);
}

// The first k in [low, high] for which `holds` is true, when it is false before and true after.
template <class Holds>
std::int64_t first_where(std::int64_t low, std::int64_t high, Holds holds) {
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

double binomial_mass(std::int64_t k, Trials trials) {
  check(trials);
  if (k < 0 || k > trials.n) return 0;
  using boost::math::binomial_distribution;
  const binomial_distribution<double, Quiet> distribution(static_cast<double>(trials.n),
                                                          trials.probability);
  return boost::math::pdf(distribution, static_cast<double>(k));
}

double binomial_cdf(std::int64_t k, Trials trials) {
  check(trials);
  if (k < 0) return 0;
  if (k >= trials.n) return 1;
  return beta_tail(trials.probability, static_cast<double>(k) + 1,
                   static_cast<double>(trials.n - k));
}

double binomial_tail(std::int64_t k, Trials trials) {
  check(trials);
  if (k <= 0) return 1;
  if (k > trials.n) return 0;
  return beta_cdf(trials.probability, static_cast<double>(k),
                  static_cast<double>(trials.n - k) + 1);
}

double binomial_log10_tail(std::int64_t k, Trials trials) {
  check(trials);
  if (k <= 0) return 0;
  if (k > trials.n) return -std::numeric_limits<double>::infinity();
  return beta_log10_cdf(trials.probability, static_cast<double>(k),
                        static_cast<double>(trials.n - k) + 1);
}

std::int64_t binomial_quantile(double probability, Trials trials) {
  check(trials);
  EVENHAND_CHECK(probability >= 0 && probability <= 1);
  return first_where(0, trials.n,
                     [&](std::int64_t k) { return binomial_cdf(k, trials) >= probability; });
}

// The mass rises up to the mode and falls after it, so the counts that are no more probable than k
// are a lower and an upper tail, and bisection finds where the other one begins.
double binomial_two_sided(std::int64_t k, Trials trials) {
  check(trials);
  EVENHAND_CHECK(k >= 0 && k <= trials.n);
  const double bar = binomial_mass(k, trials) * (1 + 1e-7);  // Ties are ties despite rounding.
  const auto mode =
      std::min(trials.n,
               static_cast<std::int64_t>((static_cast<double>(trials.n) + 1) * trials.probability));
  if (k == mode) return 1;
  if (k < mode) {
    const std::int64_t upper = first_where(
        mode, trials.n + 1, [&](std::int64_t j) { return binomial_mass(j, trials) <= bar; });
    return std::min(1.0, binomial_cdf(k, trials) + binomial_tail(upper, trials));
  }
  const std::int64_t lower =
      first_where(0, mode, [&](std::int64_t j) { return binomial_mass(j, trials) > bar; });
  return std::min(1.0, binomial_tail(k, trials) + binomial_cdf(lower - 1, trials));
}

}  // namespace evenhand::numeric
