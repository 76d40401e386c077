// Attributes that go together: published tables.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

using Counts = std::vector<std::vector<std::int64_t>>;

Reading read_one(const Metric& m, const Counts& counts, const ReadOptions& options = {}) {
  tally::Crosstab pairs(tally::Groups{{"a", "b"}, {}, {}});
  for (std::size_t i = 0; i < counts.size(); ++i) {
    for (std::size_t j = 0; j < counts[i].size(); ++j) {
      const auto at = pairs.group({std::to_string(i), std::to_string(j)});
      if (counts[i][j] > 0) {
        EXPECT_TRUE(pairs.add_cell({at, counts[i][j], 0, 0}));
      }
    }
  }
  const tally::Groups groups = pairs.groups();
  Tallies t;
  t.groups = &groups;
  t.pairs = &pairs;
  const auto readings = metric::read(m, t, options);
  EXPECT_TRUE(readings);
  return readings->front();
}

// Agresti, Categorical Data Analysis, 2nd ed. 2002, table 3.1: aspirin and heart attacks,
// 189 of 11,034 on placebo, 104 of 11,037 on aspirin: X^2 = 25.0.
TEST(Association, AspirinAndHeartAttacksAreNotIndependent) {
  const Reading r = read_one(chi_square_independence, {{189, 10'845}, {104, 10'933}});
  EXPECT_NEAR(r.estimate.value, 25.01, 0.005);
  EXPECT_NEAR(*r.log10_p, -6.25, 0.01);  // p = 5.7e-7, two-sided normal of sqrt(25.01)
}

// By Bergsma's formulas, by hand: phi^2 = 40/100 = .16 for {{35,15},{15,35}}; less 1/99 is
// .149899; r~ = 2 - 1/99, so V = sqrt(.149899 / .989899) = .389136.
TEST(Association, CramersVIsCorrectedForBias) {
  const double phi2 = 0.16 - 1.0 / 99, side = 2 - 1.0 / 99 - 1;
  EXPECT_NEAR(read_one(cramers_v, {{35, 15}, {15, 35}}).estimate.value, std::sqrt(phi2 / side),
              1e-12);
  EXPECT_EQ(read_one(cramers_v, {{25, 25}, {25, 25}}).estimate.value, 0);
  EXPECT_NEAR(read_one(cramers_v, {{500, 0}, {0, 500}}).estimate.value, 1, 1e-12);
}

TEST(Association, OneValueHasNoTest) {
  EXPECT_EQ(read_one(cramers_v, {{5}, {7}}).estimate.why, Undefined::kOneGroup);
  EXPECT_EQ(read_one(chi_square_independence, {{5, 7}}).estimate.why, Undefined::kOneGroup);
}

// Fisher's tea, 3 1 1 3: the chi-square distribution would say p = .157. Over all tables of eight
// rows whose four cells are equally probable, the statistic reaches 2 with probability .18890 (all
// 165 tables were added up).
TEST(Association, SmallTablesGetASimulatedPValue) {
  const Reading r = read_one(chi_square_independence, {{3, 1}, {1, 3}});
  EXPECT_NEAR(std::pow(10, *r.log10_p), 0.18890, 0.012);  // 3 standard errors of 9,999 draws
}

ReadOptions deciding() {
  ReadOptions o;
  o.family_level = 0.95;
  return o;
}

// scipy 1.17.1: X^2 = 1.80018; ncx2.cdf(X^2, 1, lambda) is .05 at lambda = 8.919114 and .025 at
// 10.900843; V = sqrt(lambda / 2,000).
TEST(Association, IsNearlyNoneWhereTheOneSidedLimitLiesWithinTheTolerance) {
  const Reading r = read_one(cramers_v, {{520, 480}, {490, 510}}, deciding());
  EXPECT_NEAR(r.family->high, 0.06677991574, 2e-5);
  EXPECT_NEAR(r.estimate.high, 0.07382697139, 1e-6);
  EXPECT_EQ(r.family->low, 0);
}

// Two groups and a column with three values. scipy 1.17.1: X^2 = 0.466713 of 2 degrees of freedom,
// lambda = 3.201549 at .05.
TEST(Association, HasTheLimitOfItsDegreesOfFreedom) {
  const Reading r = read_one(cramers_v, {{300, 310, 400}, {300, 290, 400}}, deciding());
  EXPECT_NEAR(r.family->high, 0.04000968, 2e-5);
}

// A table that fits to the row: by luck alone the limits of the noncentrality would be 0 and 0.
TEST(Association, OfFewRowsIsNeverShownToBeNone) {
  const Reading r = read_one(cramers_v, {{10, 10}, {10, 10}}, deciding());
  EXPECT_NEAR(r.estimate.high, 1.959964 / std::sqrt(40), 1e-6);
  EXPECT_NEAR(r.family->high, 1.644854 / std::sqrt(40), 1e-6);
}

// 4 rows expected in the rarest cell.
TEST(Association, OfRareCellsHasNoLimitAbove) {
  EXPECT_EQ(read_one(cramers_v, {{4, 36}, {96, 864}}, deciding()).family->high, 1);
}

// statsmodels 0.15.0: GofChisquarePower().solve_power(nobs=2000, n_bins=2, alpha=.05, power=.8).
TEST(Association, IsFoundFourTimesInFiveAtTheDetectableV) {
  EXPECT_NEAR(read_one(detectable_v, {{520, 480}, {490, 510}}).estimate.value, 0.06264767263, 1e-5);
}

}  // namespace
}  // namespace evenhand::metric
