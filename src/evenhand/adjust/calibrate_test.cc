#include "evenhand/adjust/calibrate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "evenhand/adjust/testing.h"

namespace evenhand::adjust {
namespace {

Curve curve_of(const std::vector<Row>& rows) { return curves_of(crowd_of(rows, 1)).front(); }

// By hand: four rows at score 0 (one label 1), four at 1 (three). Platt's targets are 5/6 and 1/6,
// their means 1/3 and 2/3, and two parameters meet two points.
TEST(Platt, MeetsSmoothedMeansWhereItCan) {
  const Curve curve = curve_of(rows_of("00010111", "00001111"));
  const auto fit = fit_platt(curve, false);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(model::calibrated(*fit, 0), 1.0 / 3, 1e-9);
  EXPECT_NEAR(model::calibrated(*fit, 1), 2.0 / 3, 1e-9);
}

TEST(Platt, OfSeparableScoresIsFinite) {
  const auto fit = fit_platt(curve_of(rows_of("000111", "012345")), false);
  ASSERT_TRUE(fit);
  EXPECT_LT(model::calibrated(*fit, 0), 0.3);
  EXPECT_GT(model::calibrated(*fit, 0), 0);
  EXPECT_GT(model::calibrated(*fit, 5), 0.7);
}

// The score equations of the likelihood, with the smoothed labels t: sum (t - p) = 0 and
// sum x (t - p) = 0.
TEST(Platt, SolvesItsEquations) {
  Random random(2);
  const Curve curve = curve_of(random_rows(random, 1, 500, 1000));
  const auto fit = fit_platt(curve, true);
  ASSERT_TRUE(fit);
  const double high = (curve.n1 + 1) / (curve.n1 + 2), low = 1 / (curve.n0 + 2);
  double sum = 0, sum_x = 0;
  for (const Level& level : curve.levels) {
    const double p = model::calibrated(*fit, level.score);
    const double left = level.n1 * (high - p) + level.n0 * (low - p);
    sum += left;
    sum_x += model::log_odds(level.score) * left;
  }
  EXPECT_NEAR(sum, 0, 1e-6);
  EXPECT_NEAR(sum_x, 0, 1e-6);
}

/// The slow twin: f(i) = max over a <= i of min over b >= i of the mean of [a, b], levels rising.
std::vector<double> min_max(const Curve& curve) {
  std::vector<Level> levels(curve.levels.rbegin(), curve.levels.rend());
  std::vector<double> out;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    double highest = 0;
    for (std::size_t a = 0; a <= i; ++a) {
      double lowest = 1, rows = 0, ones = 0;
      for (std::size_t b = a; b < levels.size(); ++b) {
        rows += levels[b].n0 + levels[b].n1;
        ones += levels[b].n1;
        if (b >= i) lowest = std::min(lowest, ones / rows);
      }
      highest = std::max(highest, lowest);
    }
    out.push_back(highest);
  }
  return out;
}

TEST(Isotonic, EqualsTheMinMaxFormula) {
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    const int scores = 1 + static_cast<int>(random() % 60);
    const Curve curve = curve_of(random_rows(random, 1, 80, scores));
    const auto fit = fit_isotonic(curve);
    ASSERT_TRUE(fit);
    const std::vector<double> expected = min_max(curve);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const double score = curve.levels[curve.levels.size() - 1 - k].score;
      EXPECT_NEAR(model::calibrated(*fit, score), expected[k], 1e-12) << i << ' ' << k;
    }
    EXPECT_TRUE(std::is_sorted(fit->steps.begin(), fit->steps.end()));
  }
}

// By hand: labels 0 1 0 1 1 at scores 1..5: the violators at 2 and 3 pool to 1/2.
TEST(Isotonic, ByHand) {
  const auto fit = fit_isotonic(curve_of(rows_of("01011", "12345")));
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->steps, (std::vector<std::pair<double, double>>{{1, 0}, {1.5, 0.5}, {3.5, 1}}));
}

TEST(Calibration, SaysWhatCannotBeLearnt) {
  const Curve one_label = curve_of(rows_of("111", "123")),
              one_score = curve_of(rows_of("01", "22"));
  const char* says = "all 3 rows have one label, so no calibration can be learnt";
  EXPECT_EQ(fit_platt(one_label, false).error().says, says);
  EXPECT_EQ(fit_isotonic(one_label).error().says, says);
  EXPECT_EQ(fit_platt(one_score, false).error().says,
            "all scores are the same, so no slope can be learnt");
  ASSERT_TRUE(fit_isotonic(one_score));  // the mean
}

}  // namespace
}  // namespace evenhand::adjust
