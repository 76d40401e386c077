// Confusion tallies against a map that is counted row by row.
#include "evenhand/tally/confusion.h"

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::tally {
namespace {

struct Columns {
  std::vector<std::uint32_t> group;
  std::vector<std::uint8_t> label, decision;
  std::vector<double> weight;
  Rows rows() const {
    Rows out;
    out.size = group.size();
    out.group = group;
    out.label = label;
    out.decision = decision;
    out.weight = weight;
    return out;
  }
};

Columns random_rows(std::size_t size, std::uint32_t groups, unsigned classes, std::uint64_t seed) {
  Random random(seed);
  const auto code = [&] {
    const auto c = random() % (classes + 1);
    return c == classes ? kMissingClass : static_cast<std::uint8_t>(c);
  };
  Columns out;
  for (std::size_t i = 0; i < size; ++i) {
    out.group.push_back(static_cast<std::uint32_t>(random() % groups));
    out.label.push_back(code());
    out.decision.push_back(code());
  }
  return out;
}

Groups numbered(std::size_t count) {
  Groups out{{"g"}, {}, {}};
  for (std::size_t i = 0; i < count; ++i) out.keys.push_back({std::to_string(i)});
  return out;
}

std::vector<std::string> named(unsigned classes) {
  std::vector<std::string> out;
  for (unsigned c = 0; c < classes; ++c) out.push_back("class " + std::to_string(c));
  return out;
}

/// The slow twin: one cell at a time.
std::map<std::tuple<std::uint32_t, std::uint8_t, std::uint8_t>, std::int64_t> slow(
    const Columns& rows) {
  std::map<std::tuple<std::uint32_t, std::uint8_t, std::uint8_t>, std::int64_t> out;
  for (std::size_t i = 0; i < rows.group.size(); ++i) {
    const auto weight = rows.weight.empty() ? 1 : static_cast<std::int64_t>(rows.weight[i]);
    out[{rows.group[i], rows.label[i], rows.decision[i]}] += weight;
  }
  return out;
}

void expect_equal_to_slow(const Confusion& fast, const Columns& rows) {
  const auto twin = slow(rows);
  std::int64_t all = 0;
  for (const auto& [cell, n] : twin) {
    const auto [group, label, decision] = cell;
    EXPECT_EQ(fast.n(group, label, decision), n);
    all += n;
  }
  EXPECT_EQ(fast.rows(), all);
  std::int64_t in_cells = 0;
  for (const Confusion::Cell& cell : fast.cells()) in_cells += cell.n;
  EXPECT_EQ(in_cells, all);  // so no other cell has rows
}

TEST(Confusion, EqualsCountingRowByRow) {
  struct Case {
    std::size_t rows;
    std::uint32_t groups;
    unsigned classes;
  };
  // Few cells, more than the tables take, more than an array takes; sizes around blocks and tables.
  for (const Case c :
       {Case{0, 1, 2}, Case{1, 1, 2}, Case{3, 2, 2}, Case{4095, 5, 2}, Case{4096, 5, 2},
        Case{4097, 5, 2}, Case{20'000, 113, 2}, Case{20'000, 114, 2}, Case{20'000, 10'000, 2},
        Case{20'000, 3, 15}, Case{20'000, 3, 254}, Case{20'000, 50, 200}}) {
    SCOPED_TRACE(std::to_string(c.groups) + " groups, " + std::to_string(c.classes) + " classes");
    const Columns rows = random_rows(c.rows, c.groups, c.classes, 7);
    Confusion fast(numbered(c.groups), named(c.classes));
    ASSERT_TRUE(fast.observe(rows.rows()).has_value());
    expect_equal_to_slow(fast, rows);
  }
}

TEST(Confusion, CountsMissingLabelsAndDecisionsApart) {
  Confusion counts(numbered(1));
  const std::array<std::uint8_t, 4> label{1, 1, 0, kMissingClass};
  const std::array<std::uint8_t, 4> decision{1, kMissingClass, 0, kMissingClass};
  Rows rows;
  rows.size = 4;
  rows.label = label;
  rows.decision = decision;
  ASSERT_TRUE(counts.observe(rows).has_value());
  EXPECT_EQ(counts.n(0, 1, 1), 1);
  EXPECT_EQ(counts.n(0, 1, kMissingClass), 1);  // not a rejection
  EXPECT_EQ(counts.n(0, 0, 0), 1);
  EXPECT_EQ(counts.n(0, kMissingClass, kMissingClass), 1);  // not a failure
  EXPECT_EQ(counts.n(0, 1, 0), 0);

  rows.label = {};  // no labels at all
  ASSERT_TRUE(counts.observe(rows).has_value());
  EXPECT_EQ(counts.n(0, kMissingClass, 1), 1);
  EXPECT_EQ(counts.n(0, kMissingClass, kMissingClass), 3);
}

// A batch that holds groups 0 and 2 only must not book group 2 under 1 (torchmetrics 1.x does).
TEST(Confusion, AHoleInTheGroupsOfABatchStaysAHole) {
  Confusion counts(numbered(3));
  Columns rows;
  rows.group = {0, 2, 2};
  rows.label = rows.decision = {1, 1, 1};
  ASSERT_TRUE(counts.observe(rows.rows()).has_value());
  EXPECT_EQ(counts.n(0, 1, 1), 1);
  EXPECT_EQ(counts.n(1, 1, 1), 0);
  EXPECT_EQ(counts.n(2, 1, 1), 2);
}

TEST(Confusion, FrequencyWeightsEqualCopiesByteForByte) {
  Columns weighted = random_rows(1'000, 4, 2, 8), copies;
  Random random(9);
  for (std::size_t i = 0; i < weighted.group.size(); ++i) {
    weighted.weight.push_back(static_cast<double>(random() % 4));
    for (int copy = 0; copy < static_cast<int>(weighted.weight[i]); ++copy) {
      copies.group.push_back(weighted.group[i]);
      copies.label.push_back(weighted.label[i]);
      copies.decision.push_back(weighted.decision[i]);
    }
  }
  Confusion a(numbered(4)), b(numbered(4));
  ASSERT_TRUE(a.observe(weighted.rows()).has_value());
  ASSERT_TRUE(b.observe(copies.rows()).has_value());
  EXPECT_EQ(a.pack(), b.pack());
}

TEST(Confusion, SamplingWeightsKeepCountsAndExactSums) {
  Confusion counts(numbered(1), binary_classes(), Weighting::kSampling);
  Columns rows;
  rows.group = {0, 0, 0, 0};
  rows.label = rows.decision = {1, 1, 1, 1};
  rows.weight = {0x1p40, 0x1p-13, 0x1p-13, 0};
  ASSERT_TRUE(counts.observe(rows.rows()).has_value());
  EXPECT_EQ(counts.n(0, 1, 1), 4);  // a row of weight 0 is a row
  // By hand: doubles at 2^40 lie 2^-12 apart, so a plain sum would lose both small weights.
  EXPECT_EQ(counts.w(0, 1, 1), 0x1p40 + 0x1p-12);
  EXPECT_EQ(counts.w2(0, 1, 1), 0x1p80);
  EXPECT_EQ(counts.w(0, 0, 0), 0);
}

TEST(Confusion, RefusesWeightsThatAreNone) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  struct Case {
    Weighting weighting;
    double weight;
    bool good;
  };
  for (const Case c :
       {Case{Weighting::kFrequency, 0, true}, Case{Weighting::kFrequency, 3, true},
        Case{Weighting::kFrequency, 0x1p53, true}, Case{Weighting::kFrequency, 0x1p54, false},
        Case{Weighting::kFrequency, 1.5, false}, Case{Weighting::kFrequency, -1, false},
        Case{Weighting::kFrequency, nan, false}, Case{Weighting::kFrequency, infinity, false},
        Case{Weighting::kSampling, 0, true}, Case{Weighting::kSampling, 1.5, true},
        Case{Weighting::kSampling, 0x1p40, true}, Case{Weighting::kSampling, 0x1p41, false},
        Case{Weighting::kSampling, -0.5, false}, Case{Weighting::kSampling, nan, false},
        Case{Weighting::kSampling, infinity, false}}) {
    Confusion counts(numbered(1), binary_classes(), c.weighting);
    const Confusion before = counts;
    Columns rows;
    rows.group = {0, 0};
    rows.label = rows.decision = {1, 0};
    rows.weight = {1, c.weight};
    const auto observed = counts.observe(rows.rows());
    EXPECT_EQ(observed.has_value(), c.good) << c.weight;
    if (!c.good) {
      EXPECT_EQ(observed.error().code, Code::kBadInput);
      EXPECT_EQ(counts.pack(), before.pack());  // all or nothing
    }
  }
}

TEST(Confusion, SaysWhatIsWrongWithAWeight) {
  Confusion counts(numbered(1));
  Columns rows;
  rows.group = {0};
  rows.label = rows.decision = {1};
  rows.weight = {0.5};
  EXPECT_EQ(counts.observe(rows.rows()).error().says,
            "a weight of 0.5 was found; frequency weights are whole numbers from 0 to 2^53 "
            "(are these sampling weights?)");
}

TEST(Confusion, RefusesMoreRowsThanItCanCount) {
  Confusion counts(numbered(1));
  Columns rows;
  rows.group.assign(1'000, 0);
  rows.label.assign(1'000, 1);
  rows.decision.assign(1'000, 1);
  rows.weight.assign(1'000, 0x1p53);  // 1,000 x 2^53 is below 2^63, 1,025 x 2^53 is not
  ASSERT_TRUE(counts.observe(rows.rows()).has_value());
  EXPECT_EQ(counts.n(0, 1, 1), 1'000 * (std::int64_t{1} << 53));
  EXPECT_FALSE(counts.observe(rows.rows()).has_value());
  const Confusion copy = counts;
  EXPECT_EQ(counts.merge(copy).error().code, Code::kBadInput);
  EXPECT_EQ(counts.n(0, 1, 1), 1'000 * (std::int64_t{1} << 53));
}

TEST(Confusion, MergeEqualsObservingBothHalves) {
  const Columns first = random_rows(500, 3, 2, 1), second = random_rows(700, 3, 2, 2);
  Confusion both(numbered(3)), a(numbered(3)), b(numbered(3));
  ASSERT_TRUE(both.observe(first.rows()).has_value());
  ASSERT_TRUE(both.observe(second.rows()).has_value());
  ASSERT_TRUE(a.observe(first.rows()).has_value());
  ASSERT_TRUE(b.observe(second.rows()).has_value());
  ASSERT_TRUE(a.merge(b).has_value());
  EXPECT_EQ(a, both);
}

TEST(Confusion, MergeRefusesTalliesOfOtherAxes) {
  Confusion counts(numbered(2));
  const std::array<Confusion, 4> others{
      Confusion(Groups{{"sex"}, {}, {{"0"}, {"1"}}}), Confusion(numbered(3)),
      Confusion(numbered(2), named(3)),
      Confusion(numbered(2), binary_classes(), Weighting::kSampling)};
  for (const Confusion& other : others) {
    const auto merged = counts.merge(other);
    ASSERT_FALSE(merged.has_value());
    EXPECT_EQ(merged.error().code, Code::kAxesDiffer);
  }
  EXPECT_EQ(counts.merge(Confusion(Groups{{"g"}, {}, {{"0"}, {"2"}}})).error().says,
            "one tally has groups by g that the other has not; align them before merging");
}

TEST(Confusion, PartsThatSawOtherGroupsAreAlignedBeforeTheyMerge) {
  Confusion a(Groups{{"sex"}, {}, {}}), b(Groups{{"sex"}, {}, {}});
  const auto add = [](Confusion& to, const Key& key, std::uint8_t decision) {
    Columns rows;
    rows.group = {to.group(key)};
    rows.label = {1};
    rows.decision = {decision};
    ASSERT_TRUE(to.observe(rows.rows()).has_value());
  };
  add(a, {"M"}, 1);
  add(a, {"F"}, 0);
  add(b, {std::nullopt}, 1);
  add(b, {"M"}, 1);
  const auto both = merge_aligned(a, b);
  ASSERT_TRUE(both.has_value());
  EXPECT_EQ(both->groups().keys, (std::vector<Key>{{"F"}, {"M"}, {std::nullopt}}));
  EXPECT_EQ(both->n(0, 1, 0), 1);
  EXPECT_EQ(both->n(1, 1, 1), 2);
  EXPECT_EQ(both->n(2, 1, 1), 1);
  EXPECT_EQ(*merge_aligned(b, a), *both);
}

TEST(Confusion, CollapsesToOneOfItsAttributes) {
  Confusion counts(Groups{{"sex", "race"}, {}, {{"F", "x"}, {"M", "x"}, {"F", "y"}}});
  Columns rows;
  rows.group = {0, 0, 1, 2};
  rows.label = {1, 1, 1, 1};
  rows.decision = {1, 0, 1, 1};
  ASSERT_TRUE(counts.observe(rows.rows()).has_value());
  const auto by_sex = collapse(counts, std::array<std::string, 1>{"sex"});
  ASSERT_TRUE(by_sex.has_value());
  EXPECT_EQ(by_sex->n(0, 1, 1), 2);
  EXPECT_EQ(by_sex->n(0, 1, 0), 1);
  EXPECT_EQ(by_sex->n(1, 1, 1), 1);
  EXPECT_EQ(collapse(counts, {})->n(0, 1, 1), 3);
}

TEST(Confusion, ComesBackFromTheCellsOfARecord) {
  for (const Weighting weighting : {Weighting::kFrequency, Weighting::kSampling}) {
    Columns rows = random_rows(1'000, 5, 2, 3);
    for (std::size_t i = 0; i < 1'000; ++i) {
      rows.weight.push_back(weighting == Weighting::kSampling ? 0.25 * static_cast<double>(i % 9)
                                                              : static_cast<double>(i % 3));
    }
    Confusion counts(numbered(5), binary_classes(), weighting);
    ASSERT_TRUE(counts.observe(rows.rows()).has_value());
    Confusion back(counts.groups(), counts.classes(), weighting);
    for (const Confusion::Cell& cell : counts.cells()) {
      ASSERT_TRUE(back.add_cell(cell).has_value());
    }
    EXPECT_EQ(back, counts);  // quarters add up without rounding
  }
}

TEST(Confusion, RefusesCellsOfARecordThatCannotBe) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Confusion counts(numbered(1), binary_classes(), Weighting::kSampling);
  for (const Confusion::Cell& cell : std::vector<Confusion::Cell>{{1, 0, 0, 1, 1, 1},
                                                                  {0, 2, 0, 1, 1, 1},
                                                                  {0, 0, 254, 1, 1, 1},
                                                                  {0, 0, 0, 0, 1, 1},
                                                                  {0, 0, 0, -5, 1, 1},
                                                                  {0, 0, 0, 1, -1, 1},
                                                                  {0, 0, 0, 1, nan, 1},
                                                                  {0, 0, 0, 1, 1, 1e300}}) {
    EXPECT_FALSE(counts.add_cell(cell).has_value());
  }
  EXPECT_TRUE(counts.cells().empty());
}

TEST(ConfusionDeathTest, CodesOutsideTheTallyAreOurMistake) {
  Confusion counts(numbered(2));
  Columns rows;
  rows.label = rows.decision = {1};
  rows.group = {2};
  EXPECT_DEATH((void)counts.observe(rows.rows()), "bad_groups");
  rows.group = {0};
  rows.label = {2};
  EXPECT_DEATH((void)counts.observe(rows.rows()), "bad_classes");
}

}  // namespace
}  // namespace evenhand::tally
