// The slope of calibration: outcomes regressed on the log odds of the scores.
#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/scored_people.h"

namespace evenhand::metric {

extern const Measure calibration_slope;

namespace {

using testing::Kept;
using testing::People;
using testing::Person;

Measured read(const People& people, Kept kept = Kept::kIndependent) {
  const testing::Question q({people}, kept);
  return calibration_slope.measure(q.tallies, {})->front();
}

/// Without the four rows that score exactly 0 or 1: 196 rows, 86 favourable.
People inside() {
  People people;
  for (const Person& p : testing::sample_people()) {
    if (p.score > 0 && p.score < 1) people.push_back(p);
  }
  return people;
}

// statsmodels 0.15.0, GLM(Binomial) of the label on a constant and logit(score) of inside().
TEST(CalibrationSlope, EqualsStatsmodels) {
  const Measured m = read(inside());
  EXPECT_EQ(m.rows, 196);
  EXPECT_NEAR(m.value, 0.48339452114764747, 1e-9);
  // cov_type HC0, then n/(n-2).
  EXPECT_NEAR(m.standard_error, 0.10834741719488891 * std::sqrt(196.0 / 194), 1e-9);
}

TEST(CalibrationSlope, ClusteredErrorEqualsStatsmodels) {
  EXPECT_NEAR(read(inside(), Kept::kClustered).standard_error, 0.092215045456788255, 1e-9);
}

TEST(CalibrationSlope, WeightedSlopeEqualsStatsmodels) {
  EXPECT_NEAR(read(inside(), Kept::kWeighted).value, 0.45319197459203209, 1e-9);
}

TEST(CalibrationSlope, SeparatedLabelsAndOneScoreHaveNoSlope) {
  People apart, touching, one_score;
  for (int i = 0; i < 100; ++i) {
    apart.push_back({0.2 + i / 200.0, static_cast<std::uint8_t>(i >= 50)});
    touching.push_back({i < 50 ? 0.2 : i < 60 ? 0.5 : 0.7, static_cast<std::uint8_t>(i >= 55)});
    one_score.push_back({0.4, static_cast<std::uint8_t>(i % 2)});
  }
  EXPECT_EQ(read(apart).why, Undefined::kNoSpread);
  EXPECT_EQ(read(touching).why, Undefined::kNoSpread);
  EXPECT_EQ(read(one_score).why, Undefined::kNoSpread);
  EXPECT_EQ(read(People(50, Person{0.4, 1})).why, Undefined::kNoSpread);
  EXPECT_EQ(read({}).why, Undefined::kNoRows);
  touching[99].label = 0;  // one row on the wrong side is enough for a finite line
  EXPECT_TRUE(read(touching).defined());
}

TEST(CalibrationSlope, FewRowsAreInsufficient) {
  People people;
  for (int i = 0; i < 40; ++i) people.push_back({0.1 + i / 60.0, static_cast<std::uint8_t>(i % 2)});
  EXPECT_EQ(read(people).why, Undefined::kInsufficient);
}

TEST(CalibrationSlope, ScoresOfExactlyZeroAndOneAreBorne) {
  const Measured m = read(testing::sample_people());
  ASSERT_TRUE(m.defined());
  EXPECT_TRUE(std::isfinite(m.value) && std::isfinite(m.standard_error));
  EXPECT_EQ(m.rows, 200);
}

TEST(CalibrationSlope, CoversOneWhereScoresAreRight) {
  Random random(5);
  int covered = 0, defined = 0;
  for (int k = 0; k < 1000; ++k) {
    People people;
    for (int i = 0; i < 150; ++i) {
      const double s = 0.05 + 0.9 * random.uniform();
      people.push_back({s, static_cast<std::uint8_t>(random.uniform() < s)});
    }
    const Measured m = read(people);
    if (!m.defined()) continue;
    ++defined;
    const Interval i = limits(m, 0.95, Method::kWilson);
    covered += i.low <= 1 && 1 <= i.high ? 1 : 0;
  }
  EXPECT_GT(defined, 990);
  EXPECT_GE(covered, 0.925 * defined);  // the slope's expectation is above 1 in small samples
  RecordProperty("covered_permille", covered * 1000 / defined);
}

}  // namespace
}  // namespace evenhand::metric
