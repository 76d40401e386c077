// Scores rounded to the middle of a bin: the limits of every measure of scores must widen by at
// least what the rounding does to its value.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/scored_people.h"

namespace evenhand::metric {

extern const Measure auc, brier_score, mean_score, calibration_in_the_large, calibration_slope,
    calibration_error_raw, calibration_error_cumulative_raw, generalized_true_positive_rate,
    generalized_false_positive_rate;
extern const Metric reliability, score_ks_distance, score_wasserstein_distance,
    standardized_mean_difference;

namespace {

using testing::People;
using testing::Person;

constexpr int kBins = 64;

std::vector<People> two_groups(std::uint64_t seed) {
  Random random(seed);
  std::vector<People> groups(2);
  for (std::size_t g = 0; g < 2; ++g) {
    for (int i = 0; i < 1500; ++i) {
      const double u = random.uniform(), s = g == 0 ? u : u * u;
      groups[g].push_back({s, static_cast<std::uint8_t>(random.uniform() < 0.2 + 0.6 * s)});
    }
  }
  return groups;
}

std::vector<People> rounded(std::vector<People> groups) {
  for (People& people : groups) {
    for (Person& p : people) p.score = (std::floor(p.score * kBins) + 0.5) / kBins;
  }
  return groups;
}

TEST(ScoresFromAGrid, SlackHoldsTheExactValueOfEveryMeasure) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const testing::Question exact(two_groups(seed));
    testing::Question grid(rounded(two_groups(seed)));
    grid.rows.grid_error = 0.5 / kBins;
    for (const Measure* measure :
         {&auc, &brier_score, &mean_score, &calibration_in_the_large, &calibration_slope,
          &calibration_error_raw, &calibration_error_cumulative_raw,
          &generalized_true_positive_rate, &generalized_false_positive_rate}) {
      const auto e = *measure->measure(exact.tallies, {}), r = *measure->measure(grid.tallies, {});
      for (std::size_t g = 0; g < 2; ++g) {
        EXPECT_GT(r[g].slack_low, 0) << measure->name;
        EXPECT_GE(e[g].value, r[g].value - r[g].slack_low) << measure->name;
        EXPECT_LE(e[g].value, r[g].value + r[g].slack_high) << measure->name;
      }
    }
  }
}

TEST(ScoresFromAGrid, CurvesAndDistancesAreWiderThanWithExactScores) {
  const testing::Question exact(two_groups(3));
  testing::Question grid(rounded(two_groups(3)));
  grid.rows.grid_error = 0.5 / kBins;
  for (const Metric* metric : {&reliability, &score_ks_distance, &score_wasserstein_distance,
                               &standardized_mean_difference}) {
    const auto e = *metric->read_self(exact.tallies, {}), r = *metric->read_self(grid.tallies, {});
    ASSERT_EQ(e.size(), r.size());
    double widest = 0;
    for (std::size_t i = 0; i < e.size(); ++i) {
      EXPECT_LE(r[i].estimate.low, e[i].estimate.value) << metric->name;
      EXPECT_GE(r[i].estimate.high, e[i].estimate.value) << metric->name;
      widest = std::max(widest, (r[i].estimate.high - r[i].estimate.low) -
                                    (e[i].estimate.high - e[i].estimate.low));
    }
    EXPECT_GT(widest, 0) << metric->name;
  }
}

}  // namespace
}  // namespace evenhand::metric
