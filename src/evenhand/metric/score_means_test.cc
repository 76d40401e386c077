#include "evenhand/metric/score_means.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/scored_people.h"

namespace evenhand::metric {

extern const Measure brier_score, mean_score, calibration_in_the_large;
extern const Measure generalized_true_positive_rate, generalized_false_positive_rate;

namespace {

using testing::Kept;
using testing::People;
using testing::Person;

Measured read(const Measure& measure, const People& people, Kept kept = Kept::kIndependent) {
  const testing::Question q({people}, kept);
  return measure.measure(q.tallies, {})->front();
}

TEST(ScoreMeans, BrierEqualsSklearnWithAndWithoutWeights) {
  // sklearn 1.9.1, brier_score_loss on testing::sample_people().
  EXPECT_NEAR(read(brier_score, testing::sample_people()).value, 0.2336375, 1e-12);
  EXPECT_NEAR(read(brier_score, testing::sample_people(), Kept::kWeighted).value,
              0.23449837500000001, 1e-12);
}

TEST(ScoreMeans, MeansEqualNumpy) {
  // numpy, means over testing::sample_people().
  const People people = testing::sample_people();
  EXPECT_NEAR(read(mean_score, people).value, 100.09 / 200, 1e-12);
  EXPECT_NEAR(read(calibration_in_the_large, people).value, -0.060449999999999997, 1e-12);
  EXPECT_NEAR(read(generalized_true_positive_rate, people).value, 0.61625000000000008, 1e-12);
  EXPECT_NEAR(read(generalized_false_positive_rate, people).value, 0.40946428571428573, 1e-12);
}

TEST(ScoreMeans, AShareOfEqualRowsIsWorthItsRows) {
  ScoreMean what;
  what.of = [](double, double label) { return label; };
  const ScoreRows rows = testing::score_rows({testing::sample_people()});
  EXPECT_NEAR(mean_over(rows, 0, what).n_effective, 200, 1e-9);
}

TEST(ScoreMeans, FiveCopiesInOneClusterAreWorthOneRow) {
  People copied;
  const People once = testing::sample_people();
  for (std::uint32_t i = 0; i < once.size(); ++i) {
    for (int k = 0; k < 5; ++k) copied.push_back({once[i].score, once[i].label, 1, i});
  }
  EXPECT_NEAR(read(brier_score, copied, Kept::kClustered).n_effective,
              read(brier_score, once).n_effective, 1e-9);
  EXPECT_NEAR(read(calibration_in_the_large, copied, Kept::kClustered).standard_error,
              read(calibration_in_the_large, once).standard_error, 1e-12);
  EXPECT_NEAR(read(brier_score, copied).n_effective, 5 * read(brier_score, once).n_effective, 100);
}

TEST(ScoreMeans, NobodyIsNoRows) {
  EXPECT_EQ(read(brier_score, {}).why, Undefined::kNoRows);
  EXPECT_EQ(read(mean_score, {}).why, Undefined::kNoRows);
  EXPECT_EQ(read(generalized_true_positive_rate, {{0.4, 0}}).why, Undefined::kNoRows);
  EXPECT_EQ(read(brier_score, {{0.4, kMissingClass}}).why, Undefined::kNoRows);
  EXPECT_EQ(read(mean_score, {{0.4, kMissingClass}}).rows, 1);
}

TEST(ScoreMeans, AgreementOfAllRowsLeavesDoubt) {
  // 50 rows that said 0.01 and were right: the truth may well hold failures (one in 100 is said).
  const Measured m = read(brier_score, People(50, Person{0.01, 0}));
  EXPECT_NEAR(m.value, 1e-4, 1e-15);
  EXPECT_GT(limits(m, 0.95, Method::kWilson).high, 0.0099);  // 0.01 * 0.99, if the score is right
  const Measured one = read(calibration_in_the_large, {{0.5, 1}});
  const Interval i = limits(one, 0.95, Method::kWilson);
  EXPECT_EQ(i.low, -1);
  EXPECT_EQ(i.high, 1);
}

TEST(ScoreMeans, MissingLabelsLeaveOpenWhatAllLabellingsGive) {
  Random random(7);
  for (const Measure* measure :
       {&brier_score, &calibration_in_the_large, &generalized_true_positive_rate,
        &generalized_false_positive_rate}) {
    People labelled, missing;
    for (int i = 0; i < 30; ++i) {
      labelled.push_back({random.uniform(), static_cast<std::uint8_t>(i % 3 == 0)});
    }
    for (int i = 0; i < 8; ++i)
      missing.push_back({std::floor(random.uniform() * 6) / 6, kMissingClass});
    double lowest = 2, highest = -2;
    for (unsigned bits = 0; bits < 256; ++bits) {
      People turned = labelled;
      for (unsigned k = 0; k < 8; ++k) {
        turned.push_back({missing[k].score, static_cast<std::uint8_t>((bits >> k) & 1U)});
      }
      const double value = read(*measure, turned).value;
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
    People people = labelled;
    people.insert(people.end(), missing.begin(), missing.end());
    const Measured m = read(*measure, people);
    EXPECT_EQ(m.rows_missing, 8) << measure->name;
    EXPECT_NEAR(m.open_lowest, lowest, 1e-12) << measure->name;
    EXPECT_NEAR(m.open_highest, highest, 1e-12) << measure->name;
  }
}

TEST(ScoreMeans, BrierOfRareFailuresIsCovered) {
  // Scores 0.02, of which 2 % came true: squared errors of 0.0004 and now and then 0.96. A plain
  // normal interval covers the mean, 0.0196, in some 63 % of samples of 50 rows.
  // Wilson for 0 or 1 in their place covers 92.2 % there (binomial of 50 at 0.02, by enumeration).
  Random random(11);
  int shown = 0, decides = 0;
  const int samples = 4000;
  for (int k = 0; k < samples; ++k) {
    People people;
    for (int i = 0; i < 50; ++i) {
      people.push_back({0.02, static_cast<std::uint8_t>(random.uniform() < 0.02)});
    }
    const Measured m = read(brier_score, people);
    const Interval w = limits(m, 0.95, Method::kWilson),
                   c = limits(m, 0.95, Method::kClopperPearson);
    shown += w.low <= 0.0196 && 0.0196 <= w.high ? 1 : 0;
    decides += c.low <= 0.0196 && 0.0196 <= c.high ? 1 : 0;
  }
  EXPECT_GE(shown, 0.915 * samples);
  EXPECT_GE(decides, (0.95 - 3 * std::sqrt(0.05 * 0.95 / samples)) * samples);
}

}  // namespace
}  // namespace evenhand::metric
