// Published intervals, other libraries' values with version, and slow twins.
#include "evenhand/metric/intervals.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/numeric/normal.h"

namespace evenhand::metric {
namespace {

void expect_interval(const Interval& found, double low, double high, double within) {
  EXPECT_NEAR(found.low, low, within);
  EXPECT_NEAR(found.high, high, within);
}

// The published values of the reference pages: 8/10 as in the example header, 5/10 and 0/10 of O16.
TEST(Wilson, PublishedValuesOfTenRows) {
  expect_interval(wilson(8, 10, 0.95), 0.4902, 0.9433, 5e-5);
  expect_interval(wilson(5, 10, 0.95), 0.2366, 0.7634, 5e-5);
  expect_interval(wilson(0, 10, 0.95), 0, 0.2775, 5e-5);
}

// Newcombe, Stat. Med. 17 (1998) 857, table I, methods 3 (Wilson) and 5 (Clopper-Pearson).
TEST(Wilson, NewcombesTable) {
  expect_interval(wilson(81, 263, 0.95), 0.2553, 0.3662, 5e-5);
  expect_interval(wilson(15, 148, 0.95), 0.0624, 0.1605, 5e-5);
  expect_interval(wilson(0, 20, 0.95), 0, 0.1611, 5e-5);
  expect_interval(wilson(1, 29, 0.95), 0.0061, 0.1718, 5e-5);
}
TEST(ClopperPearson, NewcombesTable) {
  expect_interval(clopper_pearson(81, 263, 0.95), 0.2527, 0.3676, 5e-5);
  expect_interval(clopper_pearson(15, 148, 0.95), 0.0578, 0.1617, 5e-5);
  expect_interval(clopper_pearson(0, 20, 0.95), 0, 0.1684, 5e-5);
  expect_interval(clopper_pearson(1, 29, 0.95), 0.0009, 0.1776, 5e-5);
}

// statsmodels 0.15.0 with scipy 1.17.1: proportion_confint(x, n, 0.05, "wilson" | "beta").
TEST(Wilson, EqualsStatsmodels) {
  expect_interval(wilson(1, 10, 0.95), 0.017876213095072924, 0.40415002679523854, 1e-12);
  expect_interval(wilson(8, 10, 0.95), 0.49016247153664183, 0.9433178485456247, 1e-12);
  expect_interval(wilson(5, 1000, 0.95), 0.0021375355273244604, 0.011650955373375117, 1e-12);
}
TEST(ClopperPearson, EqualsStatsmodels) {
  expect_interval(clopper_pearson(8, 10, 0.95), 0.4439045376923585, 0.9747892736731666, 1e-12);
  expect_interval(clopper_pearson(5, 1000, 0.95), 0.00162541951756276, 0.01162947055981215, 1e-12);
  expect_interval(clopper_pearson(3, 5, 0.999), 0.037547900671868216, 0.9928783040646297, 1e-12);
}
// The same, "jeffreys"; at 0 and n we close the interval, as Brown, Cai & DasGupta do.
TEST(Jeffreys, EqualsStatsmodelsInsideAndIsClosedAtTheEnds) {
  expect_interval(jeffreys(1, 10, 0.95), 0.011011673763161133, 0.3813147710666164, 1e-12);
  expect_interval(jeffreys(81, 263, 0.95), 0.2545219349910236, 0.36564749917408246, 1e-12);
  expect_interval(jeffreys(0, 10, 0.95), 0, 0.2171962675092106, 1e-12);
  expect_interval(jeffreys(10, 10, 0.95), 0.7828037324907894, 1, 1e-12);
}

// By hand: nobody of n gives 1 - (alpha/2)^(1/n).
TEST(ClopperPearson, NobodyHasAClosedForm) {
  for (const double n : {1.0, 5.0, 100.0, 1e6}) {
    EXPECT_NEAR(clopper_pearson(0, n, 0.95).high, -std::expm1(std::log(0.025) / n), 1e-12);
    EXPECT_EQ(clopper_pearson(0, n, 0.95).low, 0);
    EXPECT_EQ(clopper_pearson(n, n, 0.95).high, 1);
  }
}

double binomial_cdf_by_sum(std::int64_t k, std::int64_t n, double p) {
  double sum = 0;
  for (std::int64_t j = 0; j <= k; ++j) {
    const auto x = static_cast<double>(j), size = static_cast<double>(n);
    sum += std::exp(std::lgamma(size + 1) - std::lgamma(x + 1) - std::lgamma(size - x + 1) +
                    x * std::log(p) + (size - x) * std::log1p(-p));
  }
  return sum;
}

// Slow twin: the p at which the exact tail sums reach alpha/2, by bisection.
Interval clopper_pearson_slowly(std::int64_t x, std::int64_t n, double level) {
  const double tail = (1 - level) / 2;
  const auto solve = [](auto too_low) {
    double low = 1e-12, high = 1 - 1e-12;
    for (int i = 0; i < 60; ++i) (too_low((low + high) / 2) ? low : high) = (low + high) / 2;
    return low;
  };
  return {solve([&](double p) { return 1 - binomial_cdf_by_sum(x - 1, n, p) < tail; }),
          solve([&](double p) { return binomial_cdf_by_sum(x, n, p) > tail; })};
}

TEST(ClopperPearson, EqualsBisectionOnExactSums) {
  for (const std::int64_t n : {2, 9, 40, 150}) {
    for (std::int64_t x = 1; x < n; x += 1 + n / 9) {
      const Interval slow = clopper_pearson_slowly(x, n, 0.95);
      expect_interval(clopper_pearson(static_cast<double>(x), static_cast<double>(n), 0.95),
                      slow.low, slow.high, 1e-9);
    }
  }
}

// Slow twin: Wilson's limits are the p with |x - n p| = z sqrt(n p (1-p)).
TEST(Wilson, LimitsSolveTheScoreEquation) {
  for (const double n : {1.0, 2.5, 40.0, 1e9}) {
    for (const double share : {0.0, 0.013, 0.5, 0.77, 1.0}) {
      for (const double level : {0.5, 0.95, 0.999999}) {
        const double x = share * n, z = numeric::normal_two_sided(level);
        const Interval found = wilson(x, n, level);
        for (const double p : {found.low, found.high}) {
          EXPECT_NEAR(std::abs(x - n * p), z * std::sqrt(n * p * (1 - p)),
                      1e-6 * (1 + std::sqrt(n)));
        }
      }
    }
  }
}

TEST(Intervals, MirrorTurnAndHoldTheShareForWholeAndEffectiveCounts) {
  for (const auto method : {wilson, clopper_pearson, jeffreys}) {
    for (const double n : {1.0, 3.7, 12.0, 1e4, 1e12}) {
      for (const double share : {0.0, 1e-3, 0.25, 0.5, 0.999, 1.0}) {
        const Interval here = method(share * n, n, 0.95);
        const Interval there = method(n - share * n, n, 0.95);
        EXPECT_LE(here.low, share);
        EXPECT_GE(here.high, share);
        EXPECT_GE(here.low, 0);
        EXPECT_LE(here.high, 1);
        expect_interval(here, 1 - there.high, 1 - there.low, 1e-9);
      }
    }
  }
}

TEST(Intervals, ClopperPearsonHoldsWilsonsCoverageAndAHigherLevelIsWider) {
  for (const double x : {0.0, 1.0, 7.0, 20.0}) {
    for (const auto method : {wilson, clopper_pearson, jeffreys}) {
      EXPECT_LE(method(x, 20, 0.999999).low, method(x, 20, 0.95).low);
      EXPECT_GE(method(x, 20, 0.999999).high, method(x, 20, 0.95).high);
    }
  }
}

Interval newcombe(double x1, double n1, double x2, double n2) {
  const Interval a = wilson(x1, n1, 0.95), b = wilson(x2, n2, 0.95);
  return mover_difference({x1 / n1, a.low, a.high}, {x2 / n2, b.low, b.high});
}

// Newcombe, Stat. Med. 17 (1998) 873, table II, method 10.
TEST(MoverDifference, NewcombesTable) {
  expect_interval(newcombe(56, 70, 48, 80), 0.0524, 0.3339, 5e-5);
  expect_interval(newcombe(9, 10, 3, 10), 0.1705, 0.8090, 5e-5);
  expect_interval(newcombe(6, 7, 2, 7), 0.0582, 0.8062, 5e-5);
  expect_interval(newcombe(5, 56, 0, 29), -0.0381, 0.1926, 5e-5);
  expect_interval(newcombe(0, 10, 0, 20), -0.1611, 0.2775, 5e-5);
  expect_interval(newcombe(0, 10, 0, 10), -0.2775, 0.2775, 5e-5);
  expect_interval(newcombe(10, 10, 0, 20), 0.6791, 1, 5e-5);
  expect_interval(newcombe(10, 10, 0, 10), 0.6075, 1, 5e-5);
}

// statsmodels 0.15.0: confint_proportions_2indep(56, 70, 48, 80, "diff", "newcomb").
TEST(MoverDifference, EqualsStatsmodels) {
  expect_interval(newcombe(56, 70, 48, 80), 0.05243147240236498, 0.33387265403690614, 1e-12);
}

// By hand: of fully correlated estimates with equal half-widths nothing is left to doubt; of
// opposed ones the half-widths add.
TEST(MoverDifference, CorrelationNarrowsAndWidens) {
  const Sided a{0.5, 0.4, 0.6}, b{0.3, 0.2, 0.4};
  expect_interval(mover_difference(a, b, 1), 0.2, 0.2, 1e-12);
  expect_interval(mover_difference(a, b, -1), 0, 0.4, 1e-12);
}

// Slow twin: the ratio's limits are the R at which the limits of a - R b cross 0.
Interval mover_ratio_slowly(const Sided& a, const Sided& b, double correlation) {
  const auto cross = [&](auto below) {
    double low = 0, high = 1e6;
    for (int i = 0; i < 200; ++i) (below((low + high) / 2) ? low : high) = (low + high) / 2;
    return low;
  };
  const auto difference = [&](double r) {
    return mover_difference(a, {r * b.value, r * b.low, r * b.high}, correlation);
  };
  return {cross([&](double r) { return difference(r).low > 0; }),
          cross([&](double r) { return difference(r).high > 0; })};
}

TEST(MoverRatio, EqualsTheRootsFoundByBisection) {
  const std::vector<Sided> numerators{{0.5, 0.4, 0.65}, {0.02, 0, 0.2}, {0.9, 0.3, 0.99}};
  const std::vector<Sided> denominators{{0.6, 0.5, 0.7}, {0.1, 0.02, 0.5}, {0.99, 0.98, 1}};
  for (const Sided& a : numerators) {
    for (const Sided& b : denominators) {
      for (const double correlation : {0.0, 0.4, -0.6}) {
        const Interval slow = mover_ratio_slowly(a, b, correlation);
        const Interval fast = mover_ratio(a, b, correlation);
        EXPECT_NEAR(fast.low, slow.low, 1e-9 * (1 + slow.low));
        EXPECT_NEAR(fast.high, slow.high, 1e-9 * (1 + slow.high));
      }
    }
  }
}

// Fieller's theorem for a = 10 +- 2 and b = 5 +- 1, by hand: (50 -+ sqrt(50^2 - 96*24)) / 24 = 2 -+
// sqrt(196)/24 = 50/24 -+ 14/24.
TEST(MoverRatio, SymmetricLimitsGiveFiellersInterval) {
  expect_interval(mover_ratio({10, 8, 12}, {5, 4, 6}), 1.5, 64.0 / 24, 1e-12);
}

TEST(MoverRatio, IsOpenWhereTheDenominatorMayBeNothingAndClosedAtZero) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(mover_ratio({0.5, 0.4, 0.6}, {0.1, 0, 0.3}).high, infinity);
  EXPECT_EQ(mover_ratio({0, 0, 0.3}, {0.5, 0.4, 0.6}).low, 0);
  EXPECT_GT(mover_ratio({0, 0, 0.3}, {0.5, 0.4, 0.6}).high, 0.5);
  EXPECT_EQ(mover_ratio({0.5, 0.4, infinity}, {0.5, 0.4, 0.6}).high, infinity);
  EXPECT_EQ(mover_ratio({0.5, 0.4, 0.6}, {2, 1, infinity}).low, 0);
  EXPECT_EQ(mover_difference({2, 1, infinity}, {2, 1, 3}).high, infinity);
}

}  // namespace
}  // namespace evenhand::metric
