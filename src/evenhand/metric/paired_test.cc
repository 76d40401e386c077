// Changes between two decisions about the same rows, by hand and against rows one by one.
#include "evenhand/metric/paired.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::metric {
namespace {

tally::Groups two_groups() {
  tally::Groups out;
  out.by = {"sex"};
  out.keys = {{"F"}, {"M"}};
  return out;
}

struct Row {
  int group, label, before, after;
};

PairedCounts counted(const std::vector<Row>& rows, const tally::Groups& groups) {
  PairedCounts out{&groups, {}};
  out.cells.resize(groups.size());
  for (const Row& row : rows) {
    ++out.cells[static_cast<std::size_t>(row.group)]
               [PairedCounts::cell(row.label, row.before, row.after)];
  }
  return out;
}

// Of 100 rows of F, 20 were chosen before and 45 after, 10 of them both times; of 100 of M 50 and
// 50, 40 of them both times.
std::vector<Row> hundred_each() {
  std::vector<Row> out;
  const auto add = [&](int n, Row row) { out.insert(out.end(), static_cast<std::size_t>(n), row); };
  add(10, {0, 1, 1, 1}), add(10, {0, 1, 1, 0}), add(35, {0, 0, 0, 1}), add(45, {0, 0, 0, 0});
  add(40, {1, 1, 1, 1}), add(10, {1, 1, 1, 0}), add(10, {1, 0, 0, 1}), add(40, {1, 0, 0, 0});
  return out;
}

TEST(PairedChange, IsWhatCameInLessWhatLeft) {
  const tally::Groups groups = two_groups();
  const PairedCounts counts = counted(hundred_each(), groups);
  const auto readings = changes(counts, kSelectionRate, {});
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_DOUBLE_EQ(readings[0].estimate.value, 0.25);
  EXPECT_DOUBLE_EQ(readings[1].estimate.value, 0);
  EXPECT_EQ(readings[0].estimate.rows, 100);
  // Newcombe's method 10 by hand: Wilson limits of .2 are .1334 and .2888, of .45 .3561 and .5476;
  // phi is (10 x 45 - 10 x 35 - 100 / 2) / sqrt(20 x 80 x 45 x 55).
  const double phi = 50 / std::sqrt(20.0 * 80 * 45 * 55);
  const double a = 0.45 - 0.356147, b = 0.288829 - 0.2, c = 0.547562 - 0.45, d = 0.2 - 0.133368;
  EXPECT_NEAR(readings[0].estimate.low, 0.25 - std::sqrt(a * a - 2 * phi * a * b + b * b), 1e-5);
  EXPECT_NEAR(readings[0].estimate.high, 0.25 + std::sqrt(c * c - 2 * phi * c * d + d * d), 1e-5);
}

TEST(PairedChange, OfTheGapTakesTheWidestPairBeforeAndAfter) {
  const tally::Groups groups = two_groups();
  const PairedCounts counts = counted(hundred_each(), groups);
  const Reading gap = gap_change(counts, kSelectionRate, {});
  EXPECT_NEAR(gap.estimate.value, 0.05 - 0.30, 1e-12);
  EXPECT_EQ(gap.between->first, tally::Key{"F"});
  EXPECT_LT(gap.estimate.high, 0);
  EXPECT_GT(gap.estimate.low, -0.5);
}

TEST(PairedChange, OfAGapThatTurnedAroundIsNotTheSumOfBothGaps) {
  // F 20 of 100 before and 60 after, M 50 both times: the gap goes from .3 to .1.
  const tally::Groups groups = two_groups();
  std::vector<Row> rows;
  for (int i = 0; i < 2000; ++i) {
    rows.push_back({0, 0, i % 10 < 2 ? 1 : 0, i % 10 < 6 ? 1 : 0});
    rows.push_back({1, 0, i % 2, i % 2});
  }
  const Reading gap = gap_change(counted(rows, groups), kSelectionRate, {});
  EXPECT_NEAR(gap.estimate.value, -0.2, 1e-12);
  EXPECT_LT(gap.estimate.low, -0.2);
  EXPECT_GT(gap.estimate.high, -0.2);
  EXPECT_LT(gap.estimate.high, -0.1);
  EXPECT_GT(gap.estimate.low, -0.3);
}

// The gaps' own intervals lie far apart (A goes from 60 % to 12 %, B from 24 % to 8 %): that the
// gap of C and D, alike before, may have grown a little is no doubt about the widest.
TEST(PairedChange, OfAGapIsNotHiddenByGroupsThatWereAlike) {
  tally::Groups groups = two_groups();
  groups.keys = {{"A"}, {"B"}, {"C"}, {"D"}};
  std::vector<Row> rows;
  const auto add = [&](int n, Row row) {
    rows.insert(rows.end(), static_cast<std::size_t>(n), row);
  };
  add(120, {0, 0, 1, 1}), add(480, {0, 0, 1, 0}), add(400, {0, 0, 0, 0});
  add(80, {1, 0, 1, 1}), add(160, {1, 0, 1, 0}), add(760, {1, 0, 0, 0});
  for (const int g : {2, 3}) add(25, {g, 0, 1, 1}), add(75, {g, 0, 1, 0}), add(150, {g, 0, 0, 0});
  const Reading gap = gap_change(counted(rows, groups), kSelectionRate, {});
  EXPECT_NEAR(gap.estimate.value, 0.04 - 0.36, 1e-12);
  EXPECT_LT(gap.estimate.high, -0.15);
  EXPECT_GT(gap.estimate.low, -0.42);
}

TEST(PairedChange, EqualsCountingRowsOneByOne) {
  const tally::Groups groups = two_groups();
  Random random(3);
  std::vector<Row> rows;
  const auto draw = [&](std::uint64_t n) { return static_cast<int>((random() >> 20) % n); };
  for (int i = 0; i < 500; ++i) rows.push_back({draw(2), draw(3), draw(3), draw(3)});
  const auto readings = changes(counted(rows, groups), kTruePositiveRate, {});
  for (int g = 0; g < 2; ++g) {
    int n = 0, was = 0, is = 0;
    for (const Row& row : rows) {
      if (row.group != g || row.label != 1 || row.before == 2 || row.after == 2) continue;
      ++n, was += row.before, is += row.after;
    }
    const Reading& reading = readings[static_cast<std::size_t>(g)];
    EXPECT_EQ(reading.estimate.rows, n);
    EXPECT_NEAR(reading.estimate.value, static_cast<double>(is - was) / n, 1e-12);
  }
}

TEST(PairedChange, OfASelectionRateNeedsNoLabel) {
  const tally::Groups groups = two_groups();
  const PairedCounts counts = counted({{0, 2, 0, 1}, {0, 2, 1, 1}, {1, 2, 1, 0}}, groups);
  EXPECT_EQ(changes(counts, kSelectionRate, {})[0].estimate.rows, 2);
  EXPECT_EQ(changes(counts, kAccuracy, {})[0].estimate.why, Undefined::kNoRows);
}

TEST(PairedChange, TellsWhoIsDecidedDifferently) {
  const tally::Groups groups = two_groups();
  const PairedCounts counts = counted(hundred_each(), groups);
  EXPECT_DOUBLE_EQ(newly(counts, true, {})[0].estimate.value, 0.35);
  EXPECT_DOUBLE_EQ(newly(counts, false, {})[0].estimate.value, 0.10);
}

TEST(PairedChange, OfAGapIsUndefinedForOneGroup) {
  tally::Groups groups = two_groups();
  groups.keys[1] = {std::nullopt};  // unknown: counted, never compared
  const Reading gap = gap_change(counted(hundred_each(), groups), kSelectionRate, {});
  EXPECT_EQ(gap.estimate.why, Undefined::kOneGroup);
}

}  // namespace
}  // namespace evenhand::metric
