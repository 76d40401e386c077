#include "evenhand/table/crossing.h"

#include <gtest/gtest.h>

namespace evenhand::table {
namespace {

// Codes are 1-based; 0 is missing.
Batch people() {
  Batch out;
  out.rows = 6;
  out.columns = {{As::kText, {2, 1, 2, 0, 1, 2}, {"M", "F"}, {}},
                 {As::kText, {1, 1, 2, 1, 1, 1}, {"b", "a"}, {}}};
  return out;
}

TEST(Crossing, ListsTheGroupsThatWereSeenInOrderUnknownLast) {
  const auto crossed = cross(people(), {"sex", "race"}, {0, 1});
  ASSERT_TRUE(crossed);
  const std::vector<GroupKey> expected{{"F", "a"}, {"F", "b"}, {"M", "b"}, {std::nullopt, "b"}};
  EXPECT_EQ(crossed->groups, expected);
  EXPECT_EQ(crossed->codes, (std::vector<std::uint32_t>{1, 2, 0, 3, 2, 1}));
  EXPECT_TRUE(crossed->unknown(3));
  EXPECT_FALSE(crossed->unknown(0));
}

TEST(Crossing, MergesValuesOfOneNameAndCutsNumbersAtEdges) {
  Batch rows = people();
  rows.columns.push_back({As::kText, {1, 2, 3, 0, 1, 2}, {"1,5", "2", "-7"}, {}});
  const Groupings how{{"race", {{}, {{"a", "c"}, {"b", "c"}}}}, {"pay", {{1.5}, {}}}};
  const auto race = cross(rows, {"sex", "race"}, {0, 1}, how, ',');
  ASSERT_TRUE(race);
  EXPECT_EQ(race->groups, (std::vector<GroupKey>{{"F", "c"}, {"M", "c"}, {std::nullopt, "c"}}));
  EXPECT_EQ(race->codes, (std::vector<std::uint32_t>{0, 1, 0, 2, 1, 0}));
  const auto pay = cross(rows, {"pay"}, {2}, how, ',');
  ASSERT_TRUE(pay);
  EXPECT_EQ(pay->groups, (std::vector<GroupKey>{{"1.5 or more"}, {"under 1.5"}, {std::nullopt}}));
  EXPECT_EQ(pay->codes, (std::vector<std::uint32_t>{0, 0, 1, 2, 0, 0}));
}

TEST(Crossing, CutsNoTextAndSaysWhere) {
  const auto crossed = cross(people(), {"race"}, {1}, {{"race", {{1}, {}}}}, '.');
  ASSERT_FALSE(crossed);
  EXPECT_EQ(crossed.error().says,
            "row 1: column \"race\" holds \"b\", which is no number, and edges cut numbers");
}

TEST(Crossing, OfNoAttributeIsEverybody) {
  const auto crossed = cross(people(), {}, {});
  ASSERT_TRUE(crossed);
  EXPECT_EQ(crossed->groups, std::vector<GroupKey>{GroupKey{}});
  EXPECT_EQ(spoken(crossed->groups[0]), "everybody");
}

TEST(Crossing, OfNoRowHasNoGroup) {
  Batch none = people();
  none.rows = 0;
  none.columns[0].codes.clear();
  const auto crossed = cross(none, {"sex"}, {0});
  ASSERT_TRUE(crossed);
  EXPECT_TRUE(crossed->groups.empty());
}

TEST(Crossing, RefusesAttributesThatTellPersons) {
  Batch many;
  many.rows = 100'001;
  many.columns.resize(1);
  for (std::uint32_t i = 0; i < many.rows; ++i) {
    many.columns[0].codes.push_back(i + 1);
    many.columns[0].values.push_back(std::to_string(i));
  }
  const auto crossed = cross(many, {"id"}, {0});
  ASSERT_FALSE(crossed);
  EXPECT_EQ(crossed.error().says,
            "there are more than 100,000 groups: such attributes tell persons, not groups; cross "
            "fewer of them, or merge values");
}

TEST(Crossing, SpeaksOfAGroupWithItsUnknowns) {
  EXPECT_EQ(spoken({"F", std::nullopt}), "F, unknown");
}

}  // namespace
}  // namespace evenhand::table
