// Reliability points: ten shares a group with their limits, and what is said where rows are few.
#include <gtest/gtest.h>

#include "evenhand/metric/intervals.h"
#include "evenhand/metric/scored_people.h"

namespace evenhand::metric {

extern const Metric reliability;

namespace {

using testing::Kept;
using testing::People;

TEST(Reliability, ReadsTenSharesAGroupWithWilsonLimits) {
  const testing::Question q({testing::sample_people(), {{0.95, 1}}});
  const auto readings = reliability.read_self(q.tallies, {});
  ASSERT_TRUE(readings.has_value());
  ASSERT_EQ(readings->size(), 20u);
  // numpy, histogram of testing::sample_people() over floor(10 s): rows and favourable labels.
  const int rows[] = {20, 20, 19, 20, 20, 20, 19, 20, 20, 22};
  const int ones[] = {4, 5, 5, 6, 8, 10, 10, 11, 14, 15};
  for (std::size_t b = 0; b < 10; ++b) {
    const Reading& r = (*readings)[b];
    EXPECT_EQ(r.estimate.rows, rows[b]);
    EXPECT_EQ(r.parts[0], ones[b]);
    EXPECT_NEAR(r.estimate.value, static_cast<double>(ones[b]) / rows[b], 1e-12);
    const Interval w = wilson(ones[b], rows[b], 0.95);
    EXPECT_NEAR(r.estimate.low, w.low, 1e-12);
    EXPECT_NEAR(r.estimate.high, w.high, 1e-12);
  }
  EXPECT_EQ((*readings)[1].at.front().second, "0.1 to 0.2");
  EXPECT_EQ((*readings)[9].at.front().second, "0.9 to 1.0");
  EXPECT_EQ((*readings)[10].estimate.why, Undefined::kNoRows);
  EXPECT_EQ((*readings)[19].estimate.rows, 1);
  EXPECT_EQ(*(*readings)[19].group, tally::Key{"1"});
}

TEST(Reliability, FewRowsAndMissingLabelsAreSaid) {
  const testing::Question q({{{0.15, 1}, {0.15, 0}, {0.15, kMissingClass}}});
  ReadOptions options;
  options.rows_min = 3;
  EXPECT_EQ((*reliability.read_self(q.tallies, options))[1].estimate.why, Undefined::kInsufficient);
  options.rows_min = 1;
  const Reading r = (*reliability.read_self(q.tallies, options))[1];
  ASSERT_TRUE(r.open.has_value());
  EXPECT_NEAR(r.open->lowest, 1.0 / 3, 1e-12);
  EXPECT_NEAR(r.open->highest, 2.0 / 3, 1e-12);
}

TEST(Reliability, ClustersWiden) {
  People people;
  for (std::uint32_t i = 0; i < 100; ++i) people.push_back({0.55, (i / 5) % 2 == 0, 1, i / 5});
  const testing::Question apart({people}), together({people}, Kept::kClustered);
  const Reading a = (*reliability.read_self(apart.tallies, {}))[5];
  const Reading b = (*reliability.read_self(together.tallies, {}))[5];
  EXPECT_EQ(a.estimate.value, b.estimate.value);
  EXPECT_GT(b.estimate.high - b.estimate.low, 2 * (a.estimate.high - a.estimate.low));
}

}  // namespace
}  // namespace evenhand::metric
