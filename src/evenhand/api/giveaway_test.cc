#include "evenhand/api/giveaway.h"

#include <gtest/gtest.h>

namespace evenhand::api {
namespace {

TEST(Giveaway, NumberWithAThresholdThatPartsTheLabels) {
  Beside counts;  // below 50: 0; from 50 on: 1, with 4 errors of 1,000
  for (int i = 0; i < 100; ++i) {
    const bool high = i >= 50;
    counts.values.push_back({std::to_string(i), {high ? 0U : 10U, high ? 10U : 0U}});
  }
  counts.values[60].second = {4, 6};
  EXPECT_EQ(gives_away(counts, "y", '.'), "alone it tells y in 99.6 % of the rows");
  counts.values[60].second = {10, 0};
  counts.values[61].second = {10, 0};
  EXPECT_FALSE(gives_away(counts, "y", '.'));  // 98 %
}

TEST(Giveaway, CategoriesWithEnoughRowsEach) {
  const Beside counts{{0, 0}, {{"a", {300, 0}}, {"b", {0, 300}}, {"c", {300, 2}}}};
  EXPECT_EQ(gives_away(counts, "y", '.'), "alone it tells y in 99.7 % of the rows");
}

TEST(Giveaway, SingleRowsTellNothing) {
  Beside names;
  for (int i = 0; i < 1000; ++i) {
    const bool favourable = i % 2 == 0;
    names.values.push_back(
        {"name" + std::to_string(i), {favourable ? 0U : 1U, favourable ? 1U : 0U}});
  }
  EXPECT_FALSE(gives_away(names, "y", '.'));
}

TEST(Giveaway, RareLabelIsRightWithoutAnyColumn) {
  EXPECT_FALSE(gives_away({{0, 0}, {{"a", {9900, 0}}, {"b", {0, 100}}}}, "y", '.'));
}

TEST(Giveaway, FewRowsSayNothing) {
  EXPECT_FALSE(gives_away({{0, 0}, {{"1", {10, 0}}, {"2", {0, 10}}}}, "y", '.'));
}

TEST(Giveaway, ValueThatIsThereOnlyAfterTheLabel) {
  const Beside days{{700, 500}, {{"3", {0, 100}}, {"4", {0, 100}}}};
  EXPECT_EQ(gives_away(days, "recid", '.'),
            "where it has a value, recid is the same in 100 % of the rows");
  EXPECT_EQ(gives_away({{600, 0}, {{"F", {100, 600}}}}, "recid", '.'),
            "where it has no value, recid is the same in 100 % of the rows");
  EXPECT_EQ(gives_away({{0, 0}, {{"x", {500, 400}}, {"y", {0, 200}}}}, "recid", '.'),
            "where it is \"y\", recid is the same in 100 % of the rows");
}

}  // namespace
}  // namespace evenhand::api
