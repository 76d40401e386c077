// Values of other libraries, with version, and slow twins: sums and integrals that are plainly
// right.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "evenhand/numeric/beta.h"
#include "evenhand/numeric/binomial.h"
#include "evenhand/numeric/chi_square.h"
#include "evenhand/numeric/normal.h"
#include "evenhand/numeric/student.h"

namespace evenhand::numeric {
namespace {

void expect_close(double found, double expected, double relative) {
  EXPECT_NEAR(found, expected, relative * std::abs(expected));
}

// scipy 1.17.1, scipy.stats.norm.ppf
TEST(Normal, QuantilesEqualScipys) {
  expect_close(normal_quantile(0.975), 1.959963984540054, 1e-14);
  expect_close(normal_quantile(0.9995), 3.2905267314919255, 1e-13);
  expect_close(normal_quantile(1e-10), -6.361340902404056, 1e-13);
  expect_close(normal_two_sided(0.95), 1.959963984540054, 1e-14);
  EXPECT_EQ(normal_quantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(normal_quantile(1), std::numeric_limits<double>::infinity());
  EXPECT_EQ(normal_quantile(0.5), 0);
}

// mpmath 1.3, 40 digits: log10 erfc(60 / sqrt 2)
TEST(Normal, TailsBelowTheSmallestDoubleHaveALogarithm) {
  expect_close(normal_log10_two_sided_tail(60), -783.6063991684467287, 1e-13);
  expect_close(normal_log10_two_sided_tail(-1.959963984540054), std::log10(0.05), 1e-13);
}

// mpmath 1.3, 40 digits; the first is also the published -1,173.5 of COMPAS-sized tables.
TEST(ChiSquare, TailsBelowTheSmallestDoubleHaveALogarithm) {
  EXPECT_EQ(chi_square_tail(5395, 1), 0);
  expect_close(chi_square_log10_tail(5395, 1), -1173.473501059218187732577920, 1e-13);
  expect_close(chi_square_log10_tail(5000, 7), -1077.762496607012613457582963, 1e-13);
}

// scipy 1.17.1, scipy.stats.chi2
TEST(ChiSquare, TailAndQuantileEqualScipys) {
  expect_close(chi_square_tail(3.84, 1), 0.05004352124870519, 1e-12);
  expect_close(chi_square_quantile(0.95, 9), 16.918977604620448, 1e-12);
  EXPECT_EQ(chi_square_tail(0, 3), 1);
  EXPECT_EQ(chi_square_log10_tail(0, 3), 0);
}

// With 2 degrees of freedom the tail is exp(-x/2): by hand, on both sides of the change of method.
TEST(ChiSquare, LogarithmOfTwoDegreesIsAStraightLine) {
  for (const double x : {1.0, 100.0, 1280.0, 1290.0, 1300.0, 1e6, 1e12}) {
    expect_close(chi_square_log10_tail(x, 2), -x / 2 / std::log(10.0), 1e-12);
  }
}

TEST(ChiSquare, LogarithmRunsOnWithoutAStepWhereTheMethodChanges) {
  for (const double degrees : {1.0, 3.0, 50.0, 1000.0}) {
    double before = chi_square_log10_tail(1000, degrees);
    for (double x = 1001; x < 4000; x += 1) {
      const double here = chi_square_log10_tail(x, degrees);
      EXPECT_LT(here, before);
      EXPECT_GT(here, before - 0.23);  // the slope stays under 1/(2 ln 10) = 0.217
      before = here;
    }
  }
}

// scipy 1.17.1, scipy.stats.t; the last by mpmath 1.3, 40 digits
TEST(Student, QuantilesAndTailsEqualScipys) {
  expect_close(student_two_sided(0.95, 1), 12.706204736174694, 1e-12);
  expect_close(student_two_sided(0.95, 2.5), 3.5746548420036817, 1e-9);
  expect_close(student_two_sided(0.95, 9), 2.262157162798205, 1e-12);
  expect_close(student_two_sided(0.95, 1e6), 1.959966356814107, 1e-12);
  expect_close(student_two_sided_tail(-3.1, 4), 0.03622111103743915, 1e-12);
  expect_close(student_log10_two_sided_tail(1e30, 20), -587.7437014055156850, 1e-13);
}

// One degree of freedom is Cauchy: t = tan(pi level / 2), by hand.
TEST(Student, OneDegreeIsCauchys) {
  for (const double level : {0.5, 0.9, 0.999, 0.9999999}) {
    expect_close(student_two_sided(level, 1), std::tan(std::acos(-1.0) * level / 2), 1e-8);
  }
}

// scipy 1.17.1, scipy.stats.beta.ppf
TEST(Beta, QuantilesOfFractionalParametersEqualScipys) {
  expect_close(beta_quantile(0.025, 2.5, 7.25), 0.050814205495634465, 1e-12);
  expect_close(beta_upper_quantile(0.025, 3.5, 6.25), 0.6647983789987885, 1e-12);
}

// Slow twin: 2,000 halvings of [0,1] by the distribution function.
double bisected(double probability, double a, double b) {
  double low = 0, high = 1;
  for (int i = 0; i < 2000; ++i) {
    const double middle = (low + high) / 2;
    (beta_cdf(middle, a, b) < probability ? low : high) = middle;
  }
  return low;
}

TEST(Beta, QuantileEqualsBisection) {
  for (const double a : {0.5, 1.0, 1.5, 7.0, 300.0, 1e5, 1e9}) {
    for (const double b : {0.5, 1.0, 2.25, 40.0, 1e4, 1e8}) {
      for (const double probability : {1e-12, 1e-6, 0.001, 0.025, 0.5, 0.975}) {
        const double slow = bisected(probability, a, b);
        EXPECT_NEAR(beta_quantile(probability, a, b), slow, 1e-9 * slow + 1e-300)
            << a << " " << b << " " << probability;
      }
    }
  }
}

TEST(Beta, UpperQuantileIsTheMirrorOfTheLower) {
  for (const double a : {0.5, 1.0, 12.0, 5e6}) {
    for (const double probability : {1e-9, 0.005, 0.4}) {
      EXPECT_NEAR(beta_upper_quantile(probability, a, 3.5), 1 - beta_quantile(probability, 3.5, a),
                  1e-11);
    }
  }
}

// By hand: Beta(a, 1) has P(X <= x) = x^a, whatever underflows.
TEST(Beta, LogarithmOfAPowerIsThePower) {
  for (const double a : {1.0, 10.0, 1e3, 1e6}) {
    for (const double x : {1e-300, 1e-9, 0.1, 0.5, 0.99}) {
      expect_close(beta_log10_cdf(x, a, 1), a * std::log10(x), 1e-11);
    }
  }
}

// Slow twin: the masses by lgamma, added up one by one.
double mass_by_lgamma(std::int64_t k, Trials t) {
  const auto n = static_cast<double>(t.n), x = static_cast<double>(k);
  return std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) +
                  x * std::log(t.probability) + (n - x) * std::log1p(-t.probability));
}

TEST(Binomial, MassTailsAndTwoSidedTestEqualPlainSums) {
  for (const Trials trials : {Trials{1, 0.5}, Trials{7, 0.3}, Trials{20, 0.2}, Trials{100, 0.5},
                              Trials{100, 0.01}, Trials{450, 0.9}}) {
    for (std::int64_t k = 0; k <= trials.n; ++k) {
      double below = 0, above = 0, as_rare = 0;
      for (std::int64_t j = 0; j <= trials.n; ++j) {
        const double mass = mass_by_lgamma(j, trials);
        if (j <= k) below += mass;
        if (j >= k) above += mass;
        if (mass <= mass_by_lgamma(k, trials) * (1 + 1e-7)) as_rare += mass;
      }
      EXPECT_NEAR(binomial_mass(k, trials), mass_by_lgamma(k, trials), 1e-12);
      EXPECT_NEAR(binomial_cdf(k, trials), below, 1e-11);
      EXPECT_NEAR(binomial_tail(k, trials), above, 1e-11);
      EXPECT_NEAR(binomial_two_sided(k, trials), as_rare, 1e-11) << trials.n << " " << k;
    }
  }
}

// scipy 1.17.1: binom, binomtest; the last by mpmath 1.3, 40 digits, as a sum of 101 masses
TEST(Binomial, EqualsScipys) {
  expect_close(binomial_mass(3, {10, 0.2}), 0.20132659199999992, 1e-12);
  expect_close(binomial_cdf(3, {10, 0.2}), 0.8791261183999999, 1e-12);
  expect_close(binomial_tail(7, {10, 0.2}), 0.0008643584000000003, 1e-12);
  expect_close(binomial_two_sided(3, {10, 0.5}), 0.34375, 1e-12);
  expect_close(binomial_two_sided(0, {10, 0.3}), 0.0388396033, 1e-12);
  expect_close(binomial_two_sided(7, {20, 0.2}), 0.09822172861346881, 1e-12);
  expect_close(binomial_two_sided(60, {100, 0.5}), 0.05688793364098089, 1e-12);
  expect_close(binomial_two_sided(450, {1000, 0.5}), 0.0017305360849763027, 1e-12);
  expect_close(binomial_log10_tail(900, {1000, 0.1}), -764.7651964168504913, 1e-13);
}

TEST(Binomial, QuantileIsTheFirstCountThatReachesTheProbability) {
  for (const Trials trials : {Trials{0, 0.5}, Trials{13, 0.3}, Trials{200, 0.97}}) {
    for (const double probability : {0.0, 0.01, 0.5, 0.975, 1.0}) {
      const std::int64_t k = binomial_quantile(probability, trials);
      EXPECT_GE(binomial_cdf(k, trials), probability);
      EXPECT_TRUE(k == 0 || binomial_cdf(k - 1, trials) < probability);
    }
  }
}

TEST(Binomial, CertainAndImpossibleSuccessesNeedNoTrials) {
  EXPECT_EQ(binomial_mass(0, {5, 0}), 1);
  EXPECT_EQ(binomial_mass(5, {5, 1}), 1);
  EXPECT_EQ(binomial_cdf(4, {5, 1}), 0);
  EXPECT_EQ(binomial_tail(1, {5, 0}), 0);
  EXPECT_EQ(binomial_two_sided(5, {5, 1}), 1);
  EXPECT_EQ(binomial_two_sided(0, {0, 0.3}), 1);
}

}  // namespace
}  // namespace evenhand::numeric
