// The tests of equal groups against scipy 1.17.1 and statsmodels 0.15.
#include "evenhand/metric/homogeneity.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/metric/discovery.h"

namespace evenhand::metric {
namespace {

Measured share(std::int64_t part, std::int64_t rows) {
  Measured m;
  m.part = part;
  m.rows = rows;
  m.value = static_cast<double>(part) / static_cast<double>(rows);
  m.n_effective = static_cast<double>(rows);
  return m;
}

std::optional<double> of(const std::vector<Measured>& groups) {
  std::vector<const Measured*> all;
  for (const Measured& m : groups) all.push_back(&m);
  return homogeneity_log10_p(all);
}

// chi2_contingency(..., correction=False), then chi2.logsf / ln 10. COMPAS: ProPublica's counts of
// high scores of African-Americans, Caucasians and Hispanics.
TEST(Homogeneity, OfSharesIsPearsonsChiSquare) {
  EXPECT_NEAR(*of({share(40, 100), share(55, 100)}), -1.4727301991660542, 1e-9);
  EXPECT_NEAR(*of({share(7, 14), share(60, 100), share(50, 100)}), -0.4667833368804183, 1e-9);
  EXPECT_NEAR(*of({share(2174, 3696), share(854, 2454), share(190, 637)}), -93.0427195481498, 1e-7);
}

TEST(Homogeneity, OfSharesDoesNotUnderflow) {
  EXPECT_LT(*of({share(100'000, 1'000'000), share(190'000, 1'000'000)}), -7'000);
}

// 8 and 6 rows would have fewer than five expected on one side: they are tested as 7 of 14.
TEST(Homogeneity, SmallGroupsAreTakenTogether) {
  const double together = *of({share(7, 14), share(60, 100), share(50, 100)});
  EXPECT_NEAR(together, *of({share(60, 100), share(4, 8), share(3, 6), share(50, 100)}), 1e-12);
}

// Joined by their shares (0 of 20 with 1 of 20 ...), equal groups would differ by construction.
TEST(Homogeneity, ManySmallEqualGroupsAreRarelyTakenForDifferent) {
  constexpr int kTables = 400, kGroups = 100, kRows = 20;
  std::mt19937_64 random(20261124);
  std::binomial_distribution<int> draw(kRows, 0.2);
  int rejected = 0;
  for (int table = 0; table < kTables; ++table) {
    std::vector<Measured> groups{share(240, 1000), share(160, 1000)};
    groups[0].value = groups[1].value = 0.2;
    for (int g = 0; g < kGroups; ++g) groups.push_back(share(draw(random), kRows));
    const auto log10_p = of(groups);
    ASSERT_TRUE(log10_p.has_value());
    rejected += *log10_p < std::log10(0.05);
  }
  EXPECT_LE(rejected, 28);  // 7 %: 20 were expected, with a standard deviation of 4.4
}

TEST(Homogeneity, WhatIsTooSmallTogetherGoesToTheSmallestOther) {
  EXPECT_NEAR(*of({share(42, 84), share(60, 130)}),
              *of({share(2, 4), share(60, 130), share(40, 80)}), 1e-12);
}

TEST(Homogeneity, TooFewRowsHaveNoTest) {
  EXPECT_FALSE(of({share(3, 6), share(2, 6)}));
  EXPECT_FALSE(of({share(0, 500), share(0, 600)}));
  EXPECT_FALSE(of({share(300, 500)}));
}

// Half of the effective rows: half of the statistic, whose square root is a normal's.
TEST(Homogeneity, EffectiveRowsCount) {
  std::vector<Measured> groups{share(400, 1000), share(450, 1000)};
  const double whole = *of(groups);
  for (Measured& m : groups) m.n_effective /= 4;
  EXPECT_NEAR(*of(groups), *of({share(100, 250), share(112, 250)}), 0.05);
  EXPECT_GT(*of(groups), whole);
}

// numpy: weights 1/s^2, Q = 9.8277..., chi2.logsf(Q, 2) / ln 10.
TEST(Homogeneity, OfMeansIsCochransQ) {
  std::vector<Measured> groups(3);
  const double value[] = {0.3, 0.5, 0.45}, error[] = {0.05, 0.04, 0.1};
  for (std::size_t i = 0; i < 3; ++i) {
    groups[i].spread = Spread::kNormal;
    groups[i].value = value[i];
    groups[i].standard_error = error[i];
  }
  EXPECT_NEAR(*of(groups), -2.134074829130146, 1e-9);
  groups[1].slack_high = 0.01;  // what no sampling explains has no test
  EXPECT_FALSE(of(groups));
}

// statsmodels multipletests(p, method="fdr_bh") on the 25 diet variables of Garcia-Arenzana et al.
// (2014), as in McDonald's Handbook of Biological Statistics: one stands out at 5 %, six at 25 %.
TEST(Discoveries, AreBenjaminiAndHochbergs) {
  std::vector<double> log10_p;
  for (const double p :
       {.074, .001, .008, .039, .041, .042, .06,  .205, .212, .216, .222, .251, .269,
        .275, .34,  .341, .384, .569, .594, .696, .762, .94,  .942, .975, .986}) {
    log10_p.push_back(std::log10(p));
  }
  const auto strict = discoveries(log10_p, 0.05), loose = discoveries(log10_p, 0.25);
  EXPECT_EQ(std::count(strict.begin(), strict.end(), true), 1);
  EXPECT_TRUE(strict[1]);
  EXPECT_EQ(std::count(loose.begin(), loose.end(), true), 6);
  EXPECT_FALSE(loose[0]);  // .074
  EXPECT_TRUE(discoveries({}, 0.05).empty());
}

}  // namespace
}  // namespace evenhand::metric
