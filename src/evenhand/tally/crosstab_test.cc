// Combinations of attributes, by hand.
#include "evenhand/tally/crosstab.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::tally {
namespace {

Rows rows_of_groups(const std::vector<std::uint32_t>& groups,
                    const std::vector<double>& weights = {}) {
  Rows rows;
  rows.size = groups.size();
  rows.group = groups;
  rows.weight = weights;
  return rows;
}

TEST(Crosstab, EqualsCountingRowByRow) {
  Crosstab counts(Groups{{"a", "b", "c"}, {}, {}});
  std::map<Key, std::int64_t> twin;
  Random random(1);
  for (int i = 0; i < 5'000; ++i) {
    Key key;
    for (int axis = 0; axis < 3; ++axis) {
      const auto value = random() % 9;
      key.push_back(value == 8 ? std::nullopt : std::optional(std::to_string(value)));
    }
    ++twin[key];
    ASSERT_TRUE(counts.observe(rows_of_groups({counts.group(key)})).has_value());
  }
  EXPECT_EQ(counts.groups().size(), twin.size());
  for (const Crosstab::Cell& cell : counts.cells()) {
    EXPECT_EQ(cell.n, twin.at(counts.groups().keys[cell.group]));
  }
  EXPECT_EQ(counts.rows(), 5'000);
}

// Berkeley admissions 1973, departments A and B (Bickel, Hammel & O'Connell 1975; UCBAdmissions in
// R).
TEST(Crosstab, GivesTheTableOfTwoAxes) {
  const Groups groups{{"sex", "admitted", "dept"},
                      {},
                      {{"Male", "yes", "A"},
                       {"Male", "no", "A"},
                       {"Female", "yes", "A"},
                       {"Female", "no", "A"},
                       {"Male", "yes", "B"},
                       {"Male", "no", "B"},
                       {"Female", "yes", "B"},
                       {"Female", "no", "B"}}};
  Crosstab counts(groups);
  const std::vector<std::uint32_t> codes{0, 1, 2, 3, 4, 5, 6, 7};
  const std::vector<double> people{512, 313, 89, 19, 353, 207, 17, 8};
  ASSERT_TRUE(counts.observe(rows_of_groups(codes, people)).has_value());
  const auto by_sex = table(counts, "sex", "admitted");
  ASSERT_TRUE(by_sex.has_value());
  EXPECT_EQ(by_sex->rows, (std::vector<std::optional<std::string>>{"Female", "Male"}));
  EXPECT_EQ(by_sex->columns, (std::vector<std::optional<std::string>>{"no", "yes"}));
  EXPECT_EQ(by_sex->n, (std::vector<std::int64_t>{27, 106, 520, 865}));
  EXPECT_EQ(by_sex->w, (std::vector<double>{27, 106, 520, 865}));
  EXPECT_EQ(table(counts, "sex", "age").error().code, Code::kNotFound);
  EXPECT_EQ(table(counts, "sex", "sex").error().code, Code::kInvalidArgument);
}

TEST(Crosstab, ATableHasAPlaceForCombinationsThatNobodyHas) {
  Crosstab counts(Groups{{"a", "b"}, {}, {{"x", "1"}, {std::nullopt, "2"}}});
  ASSERT_TRUE(counts.observe(rows_of_groups({0, 1, 1})).has_value());
  const auto full = table(counts, "a", "b");
  ASSERT_TRUE(full.has_value());
  EXPECT_EQ(full->rows, (std::vector<std::optional<std::string>>{"x", std::nullopt}));
  EXPECT_EQ(full->n, (std::vector<std::int64_t>{1, 0, 0, 2}));
}

TEST(Crosstab, SamplingWeightsKeepCountsAndSums) {
  Crosstab counts(Groups{{"a", "b"}, {}, {{"x", "1"}}}, Weighting::kSampling);
  ASSERT_TRUE(counts.observe(rows_of_groups({0, 0, 0}, {0.5, 2, 0})).has_value());
  EXPECT_EQ(counts.n(0), 3);
  EXPECT_EQ(counts.w(0), 2.5);
  EXPECT_EQ(counts.w2(0), 4.25);
}

TEST(Crosstab, ComesBackFromTheCellsOfARecord) {
  Crosstab counts(Groups{{"a"}, {}, {{"x"}, {"y"}, {"z"}}}, Weighting::kSampling);
  ASSERT_TRUE(counts.observe(rows_of_groups({0, 0, 2}, {0.5, 2, 3})).has_value());
  Crosstab back(counts.groups(), Weighting::kSampling);
  for (const Crosstab::Cell& cell : counts.cells()) ASSERT_TRUE(back.add_cell(cell).has_value());
  EXPECT_EQ(back, counts);
  EXPECT_FALSE(back.add_cell({3, 1, 1, 1}).has_value());
  EXPECT_FALSE(back.add_cell({0, 0, 1, 1}).has_value());
  EXPECT_FALSE(back.add_cell({0, 1, -1, 1}).has_value());
}

}  // namespace
}  // namespace evenhand::tally
