// Sums of scores by hand.
#include "evenhand/tally/moments.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace evenhand::tally {
namespace {

struct Columns {
  std::vector<std::uint8_t> label;
  std::vector<double> score, weight;
  Rows rows() const {
    Rows out;
    out.size = score.size();
    out.label = label;
    out.score = score;
    out.weight = weight;
    return out;
  }
};

TEST(Moments, AreTheSumsOfEachLabel) {
  Moments sums(everybody());
  const Columns rows{{1, 1, 0, kMissingClass, 1}, {0.5, 0.75, 0.25, 1, NAN}, {}};
  ASSERT_TRUE(sums.observe(rows.rows()).has_value());
  const Moments::Cell favourable = sums.cell(0, 1);
  EXPECT_EQ(favourable.n, 2);
  EXPECT_EQ(favourable.n_missing, 1);  // a missing score is not 0
  EXPECT_EQ(favourable.x, 1.25);
  EXPECT_EQ(favourable.xx, 0.8125);
  EXPECT_EQ(favourable.w, 2);
  EXPECT_EQ(favourable.wx, 1.25);
  EXPECT_EQ(sums.cell(0, 0).xx, 0.0625);
  EXPECT_EQ(sums.cell(0, kMissingClass).x, 1);
}

// A million times the square of the double 0.1, as Python's fractions.Fraction rounds it to a
// double; a plain sum misses it in the eleventh digit.
TEST(Moments, AreRoundedOnce) {
  Moments sums(everybody());
  const Columns rows{{}, std::vector<double>(1'000'000, 0.1), {}};
  ASSERT_TRUE(sums.observe(rows.rows()).has_value());
  double plain = 0;
  for (int i = 0; i < 1'000'000; ++i) plain += 0.1 * 0.1;
  const double expected = 0x1.3880000000001p+13;
  EXPECT_EQ(sums.cell(0, kMissingClass).xx, expected);
  EXPECT_NE(plain, expected);
}

TEST(Moments, WeightsEnterAsDeclared) {
  const Columns rows{{1, 1}, {0.5, 0.25}, {2, 3}};
  Moments copies(everybody()), sampled(everybody(), Weighting::kSampling);
  ASSERT_TRUE(copies.observe(rows.rows()).has_value());
  ASSERT_TRUE(sampled.observe(rows.rows()).has_value());
  EXPECT_EQ(copies.cell(0, 1).n, 5);
  EXPECT_EQ(copies.cell(0, 1).x, 1.75);     // 2 x 0.5 + 3 x 0.25
  EXPECT_EQ(copies.cell(0, 1).xx, 0.6875);  // 2 x 0.25 + 3 x 0.0625
  EXPECT_EQ(copies.cell(0, 1).w2, 5);
  EXPECT_EQ(sampled.cell(0, 1).n, 2);
  EXPECT_EQ(sampled.cell(0, 1).x, 0.75);
  EXPECT_EQ(sampled.cell(0, 1).w, 5);
  EXPECT_EQ(sampled.cell(0, 1).w2, 13);
  EXPECT_EQ(sampled.cell(0, 1).wx, 1.75);
  EXPECT_EQ(sampled.cell(0, 1).wxx, 0.6875);
}

TEST(Moments, FrequencyWeightsEqualCopiesByteForByte) {
  Columns weighted, copies;
  for (int i = 0; i < 200; ++i) {
    const double score = std::sin(i) * std::sin(i);
    weighted.label.push_back(static_cast<std::uint8_t>(i % 2));
    weighted.score.push_back(score);
    weighted.weight.push_back(i % 5);
    for (int k = 0; k < i % 5; ++k) {
      copies.label.push_back(static_cast<std::uint8_t>(i % 2));
      copies.score.push_back(score);
    }
  }
  Moments a(everybody()), b(everybody());
  ASSERT_TRUE(a.observe(weighted.rows()).has_value());
  ASSERT_TRUE(b.observe(copies.rows()).has_value());
  EXPECT_EQ(a.pack(), b.pack());
}

TEST(Moments, ComeBackFromTheCellsOfARecord) {
  const Columns rows{{1, 0, 1, 0}, {0.5, 0.25, NAN, 1}, {1, 0.5, 2, 4}};
  for (const Weighting weighting : {Weighting::kFrequency, Weighting::kSampling}) {
    Columns with = rows;
    if (weighting == Weighting::kFrequency) with.weight[1] = 3;
    Moments sums(everybody(), weighting), back(everybody(), weighting);
    ASSERT_TRUE(sums.observe(with.rows()).has_value());
    for (const Moments::Cell& cell : sums.cells()) ASSERT_TRUE(back.add_cell(cell).has_value());
    EXPECT_EQ(back, sums);
  }
}

TEST(Moments, RefuseWhatIsNoScore) {
  Moments sums(everybody());
  for (const double bad : std::array<double, 3>{INFINITY, -INFINITY, 0x1p101}) {
    const auto refused = sums.observe(Columns{{}, {0.5, bad}, {}}.rows());
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::kBadInput);
  }
  EXPECT_TRUE(sums.cells().empty());
}

TEST(Moments, RefuseCellsOfARecordThatCannotBe) {
  Moments sums(everybody(), Weighting::kSampling);
  Moments::Cell good;
  good.n = 1;
  for (const auto spoil : std::vector<void (*)(Moments::Cell&)>{
           [](Moments::Cell& c) { c.group = 1; }, [](Moments::Cell& c) { c.label = 2; },
           [](Moments::Cell& c) { c.n = -1; }, [](Moments::Cell& c) { c.n = 0; },
           [](Moments::Cell& c) { c.x = NAN; }, [](Moments::Cell& c) { c.xx = -1; },
           [](Moments::Cell& c) { c.w = INFINITY; }, [](Moments::Cell& c) { c.w2 = -1; }}) {
    Moments::Cell cell = good;
    spoil(cell);
    EXPECT_FALSE(sums.add_cell(cell).has_value());
  }
  EXPECT_TRUE(sums.add_cell(good).has_value());
}

}  // namespace
}  // namespace evenhand::tally
