// The smallest gap that would have been found, against another program's power of a chi-square
// test.
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {
namespace {

/// Rows without and with the favourable label, of each group.
std::vector<Reading> read_labels(const std::vector<std::pair<std::int64_t, std::int64_t>>& groups) {
  tally::Confusion labels(tally::Groups{{"g"}, {}, {}});
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto at = labels.group({std::to_string(g)});
    for (const auto& [label, n] : {std::pair{std::uint8_t{0}, groups[g].first},
                                   std::pair{std::uint8_t{1}, groups[g].second}}) {
      if (n > 0) {
        EXPECT_TRUE(labels.add_cell({at, label, kMissingClass, n, 0, 0}));
      }
    }
  }
  const tally::Groups names = labels.groups();
  Tallies t;
  t.groups = &names;
  t.confusion = &labels;
  const auto readings = read(detectable_label_gap, t, {});
  EXPECT_TRUE(readings);
  return readings ? *readings : std::vector<Reading>{};
}

// statsmodels 0.15.0: GofChisquarePower().solve_power(nobs=1000, alpha=.05, power=.8) gives
// w = 0.08859384745 for n_bins=2, and 0.09815644852 for n_bins=3. Halves with a rate of one half
// have phi = d; a fifth of the rows has phi = d sqrt(.2 .8) / .5 = .8 d.
TEST(DetectableLabelGap, OfTwoGroupsIsThatOfTheChiSquareTest) {
  const auto halves = read_labels({{250, 250}, {250, 250}});
  EXPECT_NEAR(halves[0].estimate.value, 0.08859384745, 1e-5);
  EXPECT_NEAR(halves[1].estimate.value, 0.08859384745, 1e-5);
}

TEST(DetectableLabelGap, OfOneOfThreeGroupsIsThatToTheOthers) {
  const auto three = read_labels({{100, 100}, {200, 200}, {200, 200}});
  EXPECT_NEAR(three[0].estimate.value, 0.09815644852 / 0.8, 2e-5);
}

TEST(DetectableLabelGap, DoesNotExistWhereNoGapIsLargeEnough) {
  EXPECT_EQ(read_labels({{1, 1}, {500, 500}})[0].estimate.why, Undefined::kInsufficient);
  EXPECT_EQ(read_labels({{0, 10}, {0, 10}})[0].estimate.why, Undefined::kNoSpread);
  EXPECT_EQ(read_labels({{5, 10}})[0].estimate.why, Undefined::kOneGroup);
}

}  // namespace
}  // namespace evenhand::metric
