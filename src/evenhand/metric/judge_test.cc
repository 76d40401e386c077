// Verdicts: by the family interval in three answers, by the point on whole numbers.
#include "evenhand/metric/judge.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"

namespace evenhand::metric {
namespace {

Reading with_family(double low, double high) {
  Reading r;
  r.estimate.value = (low + high) / 2;
  r.family = Interval{low, high};
  return r;
}

Limit limit(Side side, const char* at, bool by_point = false) {
  return {side, *decimal(at), by_point};
}

TEST(Judge, ThreeAnswersOnBothSides) {
  const Limit most = limit(Side::kAtMost, "0.1"), least = limit(Side::kAtLeast, "0.8");
  EXPECT_EQ(judge(with_family(0.02, 0.08), Parts::kNone, most), Verdict::kMet);
  EXPECT_EQ(judge(with_family(0.02, 0.12), Parts::kNone, most), Verdict::kCannotTell);
  EXPECT_EQ(judge(with_family(0.11, 0.20), Parts::kNone, most), Verdict::kBroken);
  EXPECT_EQ(judge(with_family(0.85, 0.95), Parts::kNone, least), Verdict::kMet);
  EXPECT_EQ(judge(with_family(0.75, 0.95), Parts::kNone, least), Verdict::kCannotTell);
  EXPECT_EQ(judge(with_family(0.50, 0.79), Parts::kNone, least), Verdict::kBroken);
}

TEST(Judge, EqualityMeets) {
  EXPECT_EQ(judge(with_family(0.02, 0.1), Parts::kNone, limit(Side::kAtMost, "0.1")),
            Verdict::kMet);
  EXPECT_EQ(judge(with_family(0.8, 0.9), Parts::kNone, limit(Side::kAtLeast, "0.8")),
            Verdict::kMet);
}

TEST(Judge, AnUndefinedReadingCannotTell) {
  Reading r;
  r.estimate.why = Undefined::kNoRows;
  EXPECT_EQ(judge(r, Parts::kNone, limit(Side::kAtMost, "0.1", true)), Verdict::kCannotTell);
}

Reading of_counts(std::int64_t a, std::int64_t m, std::int64_t b, std::int64_t n, double value) {
  Reading r;
  r.estimate.value = value;
  r.parts[0] = a;
  r.parts[1] = m;
  r.parts[2] = b;
  r.parts[3] = n;
  return r;
}

TEST(Judge, FourFifthsIsExactlyFourFifths) {
  // 28/70 and 15/30: the ratio is 4/5, and its double lies below 0.8 or above as it happens.
  const Limit four_fifths = limit(Side::kAtLeast, "0.8", true);
  for (double as_double : {0.8 - 1e-16, 0.8, 0.8 + 1e-16}) {
    EXPECT_EQ(judge(of_counts(28, 70, 15, 30, as_double), Parts::kRatio, four_fifths),
              Verdict::kMet);
  }
  // One person fewer of ten million breaks it.
  EXPECT_EQ(judge(of_counts(3'999'999, 10'000'000, 5'000'000, 10'000'000, 0.8), Parts::kRatio,
                  four_fifths),
            Verdict::kBroken);
}

TEST(Judge, ADifferenceOfSharesIsComparedInWholeNumbers) {
  // 3/10 - 2/10 is 1/10; in doubles it is 0.09999999999999998.
  EXPECT_EQ(judge(of_counts(2, 10, 3, 10, 0.3 - 0.2), Parts::kDifference,
                  limit(Side::kAtLeast, "0.1", true)),
            Verdict::kMet);
  EXPECT_EQ(judge(of_counts(2, 10, 3, 10, 0.3 - 0.2), Parts::kDifference,
                  limit(Side::kAtMost, "0.1", true)),
            Verdict::kMet);
}

TEST(Judge, DecimalsAreReadExactly) {
  EXPECT_EQ(decimal("0.8")->units, 8);
  EXPECT_EQ(decimal("0.8")->places, 1);
  EXPECT_EQ(decimal("-.05")->units, -5);
  EXPECT_EQ(decimal("1e-3")->places, 3);
  EXPECT_EQ(decimal("2e2")->units, 200);
  EXPECT_DOUBLE_EQ(decimal("0.1")->value(), 0.1);
  for (const char* bad : {"", "-", ".", "1.2.3", "abc", "1e", "1e+", "0x10", "nan", "inf", "1 ",
                          "123456789012345678", "1e-30", "1e400"}) {
    EXPECT_FALSE(decimal(bad)) << bad;
  }
}

TEST(Judge, RowsNeededAreFewestThatDecide) {
  // The interval shrinks with the root of the rows: half-width 0.2 at 1, so 0.05 needs 16 times.
  const auto read = [](double scale) -> std::optional<Reading> {
    return with_family(0.05 - 0.2 / std::sqrt(scale), 0.05 + 0.2 / std::sqrt(scale));
  };
  const auto scale = scale_to_decide(read, limit(Side::kAtMost, "0.1"));
  ASSERT_TRUE(scale);
  EXPECT_GE(*scale, 16);
  EXPECT_LE(*scale, 16 * 1.011);
}

TEST(Judge, NoNumberOfRowsDecidesAValueThatLiesOnTheBound) {
  const auto read = [](double scale) -> std::optional<Reading> {
    return with_family(0.1 - 0.2 / std::sqrt(scale), 0.1 + 0.2 / std::sqrt(scale));
  };
  EXPECT_FALSE(scale_to_decide(read, limit(Side::kAtMost, "0.1")));
}

}  // namespace
}  // namespace evenhand::metric
