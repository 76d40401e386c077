// Matthews' correlation against values by hand.
#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {
namespace {

Measured of(std::int64_t tn, std::int64_t fp, std::int64_t fn, std::int64_t tp) {
  tally::Confusion c(tally::everybody());
  const std::int64_t n[] = {tn, fp, fn, tp};
  for (std::uint8_t i = 0; i < 4; ++i) {
    if (n[i] == 0) continue;
    const auto y = static_cast<std::uint8_t>(i / 2), d = static_cast<std::uint8_t>(i % 2);
    EXPECT_TRUE(c.add_cell({0, y, d, n[i], 0, 0}));
  }
  const tally::Groups groups = c.groups();
  Tallies t;
  t.groups = &groups;
  t.confusion = &c;
  return matthews_correlation.measure(t, {})->front();
}

TEST(MatthewsCorrelation, IsTheCorrelationOfTwoBinaryColumns) {
  // 90 20 / 10 80: (90*80 - 20*10) / sqrt(100 * 90 * 110 * 100) by hand.
  const Measured m = of(90, 20, 10, 80);
  EXPECT_NEAR(m.value, 7000 / std::sqrt(99'000'000.0), 1e-15);
  const Interval i = limits(m, 0.95, Method::kWilson);
  EXPECT_LT(i.low, m.value);
  EXPECT_GT(i.high, m.value);
}

TEST(MatthewsCorrelation, IsUndefinedWhereAMarginIsEmpty) {
  EXPECT_EQ(of(50, 0, 50, 0).why, Undefined::kNoSpread);
  EXPECT_EQ(of(0, 0, 0, 0).why, Undefined::kNoRows);
}

}  // namespace
}  // namespace evenhand::metric
