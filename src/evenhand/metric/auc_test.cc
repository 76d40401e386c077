#include "evenhand/metric/auc.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/scored_people.h"

namespace evenhand::metric {

extern const Measure auc;

namespace {

using testing::Kept;
using testing::People;
using testing::Person;

Measured measured(const People& people, Kept kept = Kept::kIndependent) {
  return auc_of(testing::score_rows({people}, kept), 0);
}

double sampled_error(const People& people, Kept kept = Kept::kIndependent) {
  return std::sqrt(auc_variance(testing::score_rows({people}, kept), 0).sampled);
}

/// The slow twin: all pairs, and placements as DeLong, DeLong & Clarke-Pearson (1988) define them.
struct Slow {
  double value = 0, variance = 0;
};

double kernel(const Person& x, const Person& y) {
  return x.score > y.score ? 1.0 : x.score == y.score ? 0.5 : 0.0;
}

Slow slow_twin(const People& people) {
  People ones, zeros;
  for (const Person& p : people) {
    if (p.label == 1) ones.push_back(p);
    if (p.label == 0) zeros.push_back(p);
  }
  const double m = static_cast<double>(ones.size()), n = static_cast<double>(zeros.size());
  Slow slow;
  for (const Person& x : ones) {
    for (const Person& y : zeros) slow.value += kernel(x, y) / (m * n);
  }
  double s10 = 0, s01 = 0;
  for (const Person& x : ones) {
    double v = 0;
    for (const Person& y : zeros) v += kernel(x, y) / n;
    s10 += (v - slow.value) * (v - slow.value) / (m - 1);
  }
  for (const Person& y : zeros) {
    double v = 0;
    for (const Person& x : ones) v += kernel(x, y) / m;
    s01 += (v - slow.value) * (v - slow.value) / (n - 1);
  }
  slow.variance = s10 / m + s01 / n;
  return slow;
}

/// The slow twin of clusters: the sums of Obuchowski (1997), term by term.
double slow_clustered_variance(const People& people, double a) {
  std::map<std::uint32_t, People> clusters;
  double m = 0, n = 0;
  for (const Person& p : people) {
    clusters[p.cluster].push_back(p);
    (p.label == 1 ? m : n) += 1;
  }
  double s10 = 0, s01 = 0, s11 = 0, i10 = 0, i01 = 0;
  const double i_all = static_cast<double>(clusters.size());
  for (const auto& [id, rows] : clusters) {
    double v10 = 0, v01 = 0, mi = 0, ni = 0;
    for (const Person& p : rows) {
      for (const Person& q : people) {
        if (p.label == 1 && q.label == 0) v10 += kernel(p, q) / n;
        if (p.label == 0 && q.label == 1) v01 += kernel(q, p) / m;
      }
      (p.label == 1 ? mi : ni) += 1;
    }
    i10 += mi > 0 ? 1 : 0;
    i01 += ni > 0 ? 1 : 0;
    s10 += (v10 - mi * a) * (v10 - mi * a);
    s01 += (v01 - ni * a) * (v01 - ni * a);
    s11 += (v10 - mi * a) * (v01 - ni * a);
  }
  s10 *= i10 / ((i10 - 1) * m);
  s01 *= i01 / ((i01 - 1) * n);
  s11 *= i_all / (i_all - 1);
  return s10 / m + s01 / n + 2 * s11 / (m * n);
}

People random_people(std::uint64_t seed, int rows, int steps) {
  Random random(seed);
  People people;
  for (int i = 0; i < rows; ++i) {
    const double score = std::floor(random.uniform() * steps) / steps;
    people.push_back({score, static_cast<std::uint8_t>(random.uniform() < 0.2 + 0.5 * score), 1,
                      static_cast<std::uint32_t>(random.uniform() * 60)});
  }
  return people;
}

TEST(Auc, EqualsSklearnWithAndWithoutWeights) {
  // sklearn 1.9.1, roc_auc_score on testing::sample_people().
  EXPECT_NEAR(measured(testing::sample_people()).value, 0.70419034090909094, 1e-12);
  EXPECT_NEAR(measured(testing::sample_people(), Kept::kWeighted).value, 0.70199383769193546,
              1e-12);
}

TEST(Auc, ValueAndVarianceEqualTheSlowTwin) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const People people = random_people(seed, 150 + 17 * static_cast<int>(seed),
                                        seed % 3 == 0   ? 5
                                        : seed % 3 == 1 ? 40
                                                        : 1'000'000);
    const Slow slow = slow_twin(people);
    const Measured m = measured(people);
    ASSERT_TRUE(m.defined());
    EXPECT_NEAR(m.value, slow.value, 1e-12);
    EXPECT_NEAR(sampled_error(people), std::sqrt(slow.variance), 1e-12);
  }
}

TEST(Auc, ClusteredVarianceEqualsTheSlowTwin) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const People people = random_people(seed, 300, seed % 2 == 0 ? 20 : 1'000'000);
    const Measured m = measured(people, Kept::kClustered);
    ASSERT_TRUE(m.defined());
    EXPECT_NEAR(sampled_error(people, Kept::kClustered),
                std::sqrt(slow_clustered_variance(people, m.value)), 1e-12);
  }
}

TEST(Auc, TheModelSteadiesFewRowsAndVanishesWithMany) {
  Random random(6);
  const auto ratio = [&](int rows, double shift) {
    People people;
    for (int i = 0; i < rows; ++i) {
      const auto y = static_cast<std::uint8_t>(i % 2);
      people.push_back({random.uniform() * (1 - shift) + shift * y, y});
    }
    const AucVariance v = auc_variance(testing::score_rows({people}), 0);
    return v.steadied / v.sampled;
  };
  EXPECT_GT(ratio(80, 0.45), 1.02);
  EXPECT_LT(ratio(80'000, 0.45), 1.01);
  EXPECT_GE(ratio(80'000, 0.45), 1);
}

TEST(Auc, FiveCopiesInOneClusterAreWorthOneRow) {
  const People once = random_people(3, 200, 30);
  People copied;
  for (std::uint32_t i = 0; i < once.size(); ++i) {
    for (int k = 0; k < 5; ++k) copied.push_back({once[i].score, once[i].label, 1, i});
  }
  const Measured five = measured(copied, Kept::kClustered), one = measured(once);
  EXPECT_NEAR(five.value, one.value, 1e-12);
  EXPECT_NEAR(sampled_error(copied, Kept::kClustered), sampled_error(once), 1e-12);
  EXPECT_NEAR(five.standard_error, one.standard_error, 0.02 * one.standard_error);
  EXPECT_LT(measured(copied).standard_error, 0.5 * one.standard_error);  // taken as independent
}

TEST(Auc, EqualSamplingWeightsChangeNothing) {
  People people = random_people(4, 200, 30);
  const Measured plain = measured(people);
  for (Person& p : people) p.weight = 3.5;
  const Measured weighted = measured(people, Kept::kWeighted);
  EXPECT_NEAR(weighted.value, plain.value, 1e-12);
  EXPECT_NEAR(weighted.standard_error, plain.standard_error, 1e-12);
}

TEST(Auc, ALabelThatIsAbsentIsNoRows) {
  People people(50, Person{0.5, 1});
  EXPECT_EQ(measured(people).why, Undefined::kNoRows);
  EXPECT_EQ(measured({}).why, Undefined::kNoRows);
}

TEST(Auc, FewerThanThirtyRowsOfALabelAreInsufficientAndCounted) {
  People people;
  for (int i = 0; i < 100; ++i) people.push_back({i / 100.0, static_cast<std::uint8_t>(i < 29)});
  const Measured m = measured(people);
  EXPECT_EQ(m.why, Undefined::kInsufficient);
  EXPECT_EQ(m.rows, 100);
  people[29].label = 1;
  EXPECT_TRUE(measured(people).defined());
}

TEST(Auc, ThirtyRowsOfTwoPeopleAreInsufficient) {
  People people;
  for (int i = 0; i < 100; ++i) {
    people.push_back({i / 100.0, static_cast<std::uint8_t>(i % 2), 1, i % 2 == 0 ? 1U : 2U});
  }
  EXPECT_EQ(measured(people, Kept::kClustered).why, Undefined::kInsufficient);
}

TEST(Auc, PerfectOrderHasTheExactLimitsOfDisjointPairs) {
  People people;
  for (int i = 0; i < 80; ++i) people.push_back({i / 80.0, static_cast<std::uint8_t>(i >= 50)});
  const Measured m = measured(people);
  ASSERT_TRUE(m.defined());
  EXPECT_EQ(m.value, 1);
  const Interval i = limits(m, 0.95, Method::kClopperPearson);
  EXPECT_NEAR(i.low, std::pow(0.025, 1.0 / 30), 1e-9);  // 30 of 30 pairs; by hand
  EXPECT_EQ(i.high, 1);
}

TEST(Auc, OneScoreForAllIsAHalfWithAnInterval) {
  People people;
  for (int i = 0; i < 80; ++i) people.push_back({0.3, static_cast<std::uint8_t>(i % 2)});
  const Measured m = measured(people);
  ASSERT_TRUE(m.defined());
  EXPECT_EQ(m.value, 0.5);
  const Interval i = limits(m, 0.95, Method::kWilson);
  EXPECT_LT(i.low, 0.4);
  EXPECT_GT(i.high, 0.6);
}

TEST(Auc, LimitsFromAGridHoldTheExactValue) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const People exact = random_people(seed, 2000, 1'000'000);
    People binned = exact;
    for (Person& p : binned) p.score = (std::floor(p.score * 8) + 0.5) / 8;
    ScoreRows rows = testing::score_rows({binned});
    rows.grid_error = 1.0 / 16;
    const Measured grid = auc_of(rows, 0);
    const double truth = measured(exact).value;
    EXPECT_GT(grid.slack_low, 0);
    EXPECT_GE(truth, grid.value - grid.slack_low);
    EXPECT_LE(truth, grid.value + grid.slack_high);
    const Interval with = limits(grid, 0.95, Method::kWilson);
    rows.grid_error = 0;
    const Interval without = limits(auc_of(rows, 0), 0.95, Method::kWilson);
    EXPECT_NEAR(without.low - with.low, grid.slack_low, 1e-12);
  }
}

TEST(Auc, MissingLabelsLeaveOpenWhatAllLabellingsGive) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const People labelled = random_people(seed + 50, 140, 12);
    People missing = random_people(seed + 90, 9, 12);
    People people = labelled;
    for (Person p : missing) {
      p.label = kMissingClass;
      people.push_back(p);
    }
    double lowest = 1, highest = 0;
    for (unsigned bits = 0; bits < 512; ++bits) {
      People turned = labelled;
      for (unsigned k = 0; k < 9; ++k) {
        missing[k].label = (bits >> k) & 1U;
        turned.push_back(missing[k]);
      }
      const double a = measured(turned).value;
      lowest = std::min(lowest, a);
      highest = std::max(highest, a);
    }
    const Measured m = measured(people);
    EXPECT_EQ(m.rows_missing, 9);
    EXPECT_EQ(m.rows, 140);
    EXPECT_NEAR(m.open_lowest, lowest, 1e-12);
    EXPECT_NEAR(m.open_highest, highest, 1e-12);
    EXPECT_NEAR(m.value, measured(labelled).value, 1e-15);
  }
}

TEST(Auc, ReadsOneNumberAGroupAndRefusesWithoutScores) {
  const testing::Question q({testing::sample_people(), {}});
  const auto both = auc.measure(q.tallies, {});
  ASSERT_TRUE(both.has_value());
  ASSERT_EQ(both->size(), 2u);
  EXPECT_TRUE((*both)[0].defined());
  EXPECT_EQ((*both)[1].why, Undefined::kNoRows);
  const auto none = auc.measure(Tallies{}, {});
  ASSERT_FALSE(none.has_value());
  EXPECT_NE(none.error().says.find("--score"), std::string::npos);
}

}  // namespace
}  // namespace evenhand::metric
