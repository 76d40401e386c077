// What is printed tells of no group's 1 to 10 rows, nor lets them be worked out. Cases by hand.
#include "evenhand/adjust/shown.h"

#include <gtest/gtest.h>

namespace evenhand::adjust {
namespace {

using Flags = std::vector<bool>;

TEST(Shown, AGroupOfFewRowsTakesTheNextSmallestAlong) {
  const Hidden found = hidden({{100}, {5}, {40}});
  EXPECT_EQ(found.groups, (Flags{false, true, true}));  // 145 less 100 and 40 would be 5
  EXPECT_FALSE(found.total);
  EXPECT_EQ(hidden({{100}, {40}}).groups, (Flags{false, false}));
  EXPECT_EQ(hidden({{100}, {0}}).groups, (Flags{false, false}));  // nobody is no person
}

TEST(Shown, TwoSmallGroupsHideEachOtherWhereTogetherTheyAreMany) {
  EXPECT_EQ(hidden({{100}, {8}, {9}}).groups, (Flags{false, true, true}));
  EXPECT_EQ(hidden({{100}, {4}, {5}, {50}}).groups, (Flags{false, true, true, true}));  // 9 rows
}

TEST(Shown, TheSumGoesWhereNothingStandsBesideASmallGroup) {
  const Hidden found = hidden({{3, 200}});
  EXPECT_TRUE(found.groups[0] && found.total);
  EXPECT_FALSE(hidden({{30, 200}}).total);
}

// 20 of 40 selected: a rate that may be shown. All who were selected repaid but one.
TEST(Shown, ARateIsHiddenByItsOwnCells) {
  const Outcome many{500, 500, 100, 300}, one_wrong{21, 19, 1, 19};
  const HiddenRates found = hidden_rates({many, one_wrong, many});
  EXPECT_EQ(found.rows.groups, (Flags{false, false, false}));
  EXPECT_EQ(found.selected.groups, (Flags{false, false, false}));
  EXPECT_EQ(found.outcomes.groups, (Flags{true, true, false}));
}

TEST(Shown, CountsComeBackFromTheRatesOfAPolicy) {
  model::Expected rates;
  rates.rows = 100;
  rates.selection_rate = 0.4;        // 40
  rates.precision = 0.75;            // 30 of them
  rates.true_positive_rate = 0.5;    // of 60
  rates.false_positive_rate = 0.25;  // 10 of 40
  const Outcome found = outcome_of(rates);
  EXPECT_NEAR(found.tp, 30, 1e-9);
  EXPECT_NEAR(found.fp, 10, 1e-9);
  EXPECT_NEAR(found.n1, 60, 1e-9);
  EXPECT_NEAR(found.n0, 40, 1e-9);
  rates.true_positive_rate.reset();  // nobody would succeed
  EXPECT_EQ(outcome_of(rates).n0, 100);
}

}  // namespace
}  // namespace evenhand::adjust
