#include "evenhand/metric/calibration_error.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/scored_people.h"

namespace evenhand::metric {

extern const Measure calibration_error, calibration_error_raw, calibration_error_cumulative,
    calibration_error_cumulative_raw;

namespace {

using testing::Kept;
using testing::People;
using testing::Person;

constexpr CalibrationError kKinds[] = {CalibrationError::kBinned, CalibrationError::kCumulative};

/// Uniform scores; labels with probability `right(score)`.
template <class Right>
People drawn(Random& random, int rows, Right right) {
  People people;
  for (int i = 0; i < rows; ++i) {
    const double s = random.uniform();
    people.push_back({s, static_cast<std::uint8_t>(random.uniform() < right(s))});
  }
  return people;
}
People calibrated(Random& random, int rows) {
  return drawn(random, rows, [](double s) { return s; });
}

double raw(const std::vector<ScoreRun>& runs, CalibrationError kind) {
  return *(kind == CalibrationError::kBinned ? binned_error(runs) : cumulative_error(runs));
}

/// The slow twin: a label for every row, drawn from its score, and the statistic computed again.
CalibratedGroup slow_twin(const People& people, CalibrationError kind, double observed, int draws) {
  Random random(99, 1);
  CalibratedGroup slow;
  double as_large = 1;
  People again = people;
  for (int k = 0; k < draws; ++k) {
    for (Person& p : again) p.label = random.uniform() < p.score ? 1 : 0;
    const double value = raw(testing::runs_of(again), kind);
    slow.expected += value / draws;
    as_large += value >= observed - 1e-12 ? 1 : 0;
  }
  slow.log10_p = std::log10(as_large / (draws + 1));
  return slow;
}

TEST(CalibrationError, EqualsNumpyOnAnExplicitTable) {
  // numpy 2.4.6 from the formulas, bins floor(10 s), on testing::sample_people().
  const auto runs = testing::score_rows({testing::sample_people()}).runs[0];
  EXPECT_NEAR(*binned_error(runs), 0.11615, 1e-12);
  EXPECT_NEAR(*cumulative_error(runs), 0.09045, 1e-12);
}

TEST(CalibrationError, ACalibratedGroupShowsThePublishedSizes) {
  // ECE .100 at 100 rows and .007 at 20,000; ECCE .062 and .0045, with uniform scores (measured
  // elsewhere with one seed, and by hand: sqrt(2/pi) pi/8 / sqrt(rows of a bin)).
  Random random(1);
  const ScoreRows small = testing::score_rows({calibrated(random, 100)});
  const ScoreRows large = testing::score_rows({calibrated(random, 20'000)});
  const auto expected = [](const ScoreRows& rows, CalibrationError kind) {
    return calibrated_group(rows, 0, kind, 0, {7, 0}).expected;
  };
  EXPECT_NEAR(expected(small, CalibrationError::kBinned), 0.100, 0.008);
  EXPECT_NEAR(expected(large, CalibrationError::kBinned), 0.0070, 0.0002);
  EXPECT_NEAR(expected(small, CalibrationError::kCumulative), 0.062, 0.004);
  EXPECT_NEAR(expected(large, CalibrationError::kCumulative), 0.0045, 0.0002);
}

TEST(CalibrationError, ExpectationAndPEqualRedrawnLabels) {
  struct Case {
    int rows, steps;  // steps: 0 for scores without ties
    double factor;    // scores lie in [0, factor]
  };
  for (const Case& c : {Case{30, 0, 1}, Case{400, 7, 1}, Case{400, 0, 0.02}, Case{3000, 0, 1},
                        Case{3000, 12, 0.3}, Case{3000, 0, 0.002}, Case{50'000, 0, 0.02}}) {
    Random random(static_cast<std::uint64_t>(c.rows + c.steps));
    People people;
    for (int i = 0; i < c.rows; ++i) {
      double s = random.uniform();
      if (c.steps > 0) s = std::floor(s * c.steps) / c.steps;
      s *= c.factor;
      people.push_back({s, static_cast<std::uint8_t>(random.uniform() < s * 1.1)});
    }
    const ScoreRows rows = testing::score_rows({people});
    for (const CalibrationError kind : kKinds) {
      const double observed = raw(rows.runs[0], kind);
      const CalibratedGroup fast = calibrated_group(rows, 0, kind, observed, {3, 4});
      const CalibratedGroup slow = slow_twin(people, kind, observed, c.rows > 5000 ? 120 : 1000);
      const double p = std::pow(10, slow.log10_p);
      EXPECT_NEAR(fast.expected, slow.expected, 0.05 * slow.expected) << c.rows << " " << c.factor;
      EXPECT_NEAR(std::pow(10, fast.log10_p), p,
                  4 * std::sqrt(p * (1 - p) / (c.rows > 5000 ? 100 : 500)) + 0.006)
          << c.rows << " " << c.factor;
    }
  }
}

TEST(CalibrationError, WeightedExpectationEqualsRedrawnLabels) {
  Random random(21);
  People people = calibrated(random, 300);
  for (Person& p : people) p.weight = 0.5 + 4 * random.uniform();
  const ScoreRows rows = testing::score_rows({people}, Kept::kWeighted);
  for (const CalibrationError kind : kKinds) {
    const double observed = raw(rows.runs[0], kind);
    const CalibratedGroup slow = slow_twin(people, kind, observed, 1500);
    EXPECT_NEAR(calibrated_group(rows, 0, kind, observed, {3, 4}).expected, slow.expected,
                0.05 * slow.expected);
  }
}

TEST(CalibrationError, SameSeedSameNumber) {
  Random random(2);
  const testing::Question q({calibrated(random, 500)});
  ReadOptions options;
  options.seed = 5;
  const auto once = calibration_error.measure(q.tallies, options)->front();
  const auto twice = calibration_error.measure(q.tallies, options)->front();
  EXPECT_EQ(once.value, twice.value);
  EXPECT_EQ(once.log10_p, twice.log10_p);
}

TEST(CalibrationError, AnUntiedLargeGroupHasATailWithoutFloor) {
  Random random(3);
  const testing::Question q({drawn(random, 20'000, [](double s) { return s * s; })});
  const auto m = calibration_error_cumulative.measure(q.tallies, {})->front();
  // s - s^2 sums to 1/6 over uniform scores: 1/6 / (0.408 / sqrt(20000)) = 57.7 deviations, and
  // log10(4 * 2 Phi(-57.7)) is about -724.
  EXPECT_NEAR(m.value, 1.0 / 6, 0.01);
  ASSERT_TRUE(m.log10_p.has_value());
  EXPECT_NEAR(*m.log10_p, -724, 90);
}

TEST(CalibrationError, NobodyIsNoRowsAndOnePersonIsNotCertain) {
  const testing::Question nobody({{}, {{0.3, kMissingClass}}, {{0.3, 1}}});
  for (const Measure* measure :
       {&calibration_error, &calibration_error_raw, &calibration_error_cumulative,
        &calibration_error_cumulative_raw}) {
    const auto m = *measure->measure(nobody.tallies, {});
    EXPECT_EQ(m[0].why, Undefined::kNoRows);
    EXPECT_EQ(m[1].why, Undefined::kNoRows);
    ASSERT_TRUE(m[2].defined());
    const Interval i = limits(m[2], 0.95, Method::kWilson);
    EXPECT_GE(i.high, 0.99);
  }
}

/// In how many of `samples` tables the interval of the debiased statistic holds the true error.
template <class Right>
int covered(CalibrationError kind, int rows, int samples, double truth, Right right) {
  int held = 0;
  Random random(static_cast<std::uint64_t>(rows) * 13 + 1);
  for (int k = 0; k < samples; ++k) {
    const ScoreRows table = testing::score_rows({drawn(random, rows, right)});
    const Stream stream{static_cast<std::uint64_t>(k), 0};
    const Interval i =
        limits(calibration_error_of(table, 0, kind, true, stream, 1), 0.95, Method::kWilson);
    held += i.low <= truth && truth <= i.high ? 1 : 0;
  }
  return held;
}

TEST(CalibrationError, RawAndDebiasedHaveOneInterval) {
  Random random(31);
  const ScoreRows table = testing::score_rows({drawn(random, 300, [](double s) { return s * s; })});
  for (const CalibrationError kind : kKinds) {
    const Measured less = calibration_error_of(table, 0, kind, true, {1, 1}, 1);
    const Measured plain = calibration_error_of(table, 0, kind, false, {1, 1}, 1);
    EXPECT_GT(plain.value, less.value);
    const Interval a = limits(less, 0.95, Method::kWilson),
                   b = limits(plain, 0.95, Method::kWilson);
    EXPECT_NEAR(a.low, b.low, 1e-12);
    EXPECT_NEAR(a.high, b.high, 1e-12);
  }
}

TEST(CalibrationError, IntervalsCoverTheTrueError) {
  struct Case {
    const char* what;
    double (*right)(double);
    double ece, ecce;  // true values for uniform scores, by hand
  };
  const Case cases[] = {
      {"calibrated", [](double s) { return s; }, 0, 0},
      {"0.1 too high", [](double s) { return std::max(0.0, s - 0.1); },
       // 0.1 above 0.1, and on average 0.05 in the first tenth.
       0.9 * 0.1 + 0.1 * 0.05, 0.9 * 0.1 + 0.1 * 0.05},
      {"too extreme", [](double s) { return 0.5 + 0.6 * (s - 0.5); },
       // 0.4 |s - 1/2|: over halves 0.4 / 4 in all; one half of it is the range of C.
       0.1, 0.05},
      {"slightly too extreme", [](double s) { return 0.5 + 0.9 * (s - 0.5); }, 0.025, 0.0125},
  };
  for (const Case& c : cases) {
    for (const int rows : {20, 100, 1000}) {
      for (const CalibrationError kind : kKinds) {
        const double truth = kind == CalibrationError::kBinned ? c.ece : c.ecce;
        const int samples = rows > 500 ? 100 : 300;
        // Nominal less 3 standard errors.
        const double least = (0.95 - 3 * std::sqrt(0.05 * 0.95 / samples)) * samples;
        EXPECT_GE(covered(kind, rows, samples, truth, c.right), least) << c.what << " " << rows;
      }
    }
  }
}

TEST(CalibrationError, TheTestHoldsItsLevel) {
  Random random(8);
  for (const CalibrationError kind : kKinds) {
    int rejected = 0;
    for (int k = 0; k < 600; ++k) {
      const ScoreRows rows = testing::score_rows({calibrated(random, 60)});
      const auto m =
          calibration_error_of(rows, 0, kind, true, {static_cast<std::uint64_t>(k), 0}, 1);
      rejected += *m.log10_p <= std::log10(0.05) ? 1 : 0;
    }
    EXPECT_LE(rejected, 600 * (0.05 + 3 * std::sqrt(0.05 * 0.95 / 600)));
    EXPECT_GE(rejected, 600 * (0.05 - 3 * std::sqrt(0.05 * 0.95 / 600)));
  }
}

TEST(CalibrationError, FiveRowsOfOnePersonAreNotFivePeople) {
  // Each person brings five rows of one score and one label: independent rows would be off.
  Random random(9);
  int rejected = 0, rejected_as_independent = 0;
  double debiased = 0;
  const int samples = 300;
  for (int k = 0; k < samples; ++k) {
    People people;
    for (std::uint32_t person = 0; person < 60; ++person) {
      const double s = random.uniform();
      const auto y = static_cast<std::uint8_t>(random.uniform() < s);
      for (int copy = 0; copy < 5; ++copy) people.push_back({s, y, 1, person});
    }
    const Stream stream{static_cast<std::uint64_t>(k), 0};
    const auto m = calibration_error_of(testing::score_rows({people}, Kept::kClustered), 0,
                                        CalibrationError::kBinned, true, stream, 1);
    const auto wrong = calibration_error_of(testing::score_rows({people}), 0,
                                            CalibrationError::kBinned, true, stream, 1);
    rejected += *m.log10_p <= std::log10(0.05) ? 1 : 0;
    rejected_as_independent += *wrong.log10_p <= std::log10(0.05) ? 1 : 0;
    debiased += m.value / samples;
  }
  EXPECT_LE(rejected, samples * (0.05 + 3 * std::sqrt(0.05 * 0.95 / samples)));
  EXPECT_GT(rejected_as_independent, samples / 2);
  EXPECT_NEAR(debiased, 0, 0.01);
}

}  // namespace
}  // namespace evenhand::metric
