#include "evenhand/metric/score_distance.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/scored_people.h"

namespace evenhand::metric {

extern const Metric score_ks_distance, score_ks_distance_to_reference, score_wasserstein_distance,
    score_wasserstein_distance_to_reference, standardized_mean_difference,
    standardized_mean_difference_to_reference;

namespace {

using testing::Kept;
using testing::People;
using testing::Person;

constexpr DistanceKind kKinds[] = {DistanceKind::kKolmogorovSmirnov, DistanceKind::kWasserstein,
                                   DistanceKind::kStandardized};

/// Every third of testing::sample_people(), and the others with their scores squared.
std::vector<People> thirds() {
  std::vector<People> groups(2);
  const People all = testing::sample_people();
  for (std::size_t i = 0; i < all.size(); ++i) {
    Person p = all[i];
    if (i % 3 != 0) p.score *= p.score;
    groups[i % 3 == 0 ? 0 : 1].push_back(p);
  }
  return groups;
}

Distance between(const ScoreRows& rows, DistanceKind kind) {
  return score_distance(score_sample(rows, 0), score_sample(rows, 1), kind);
}

TEST(ScoreDistance, EqualsScipy) {
  // scipy 1.17.1: ks_2samp and wasserstein_distance; numpy: means and variances with n - 1.
  const ScoreRows rows = testing::score_rows(thirds());
  EXPECT_NEAR(between(rows, DistanceKind::kKolmogorovSmirnov).value, 0.24980361351139041, 1e-12);
  EXPECT_NEAR(between(rows, DistanceKind::kWasserstein).value, 0.15775321512737064, 1e-12);
  EXPECT_NEAR(between(rows, DistanceKind::kStandardized).value, -0.53047355613995473, 1e-12);
  const ScoreRows weighted = testing::score_rows(thirds(), Kept::kWeighted);
  EXPECT_NEAR(between(weighted, DistanceKind::kWasserstein).value, 0.13043858240051717, 1e-12);
}

TEST(ScoreDistance, WidestPairAmongThreeAndItsOrder) {
  std::vector<People> groups = thirds();
  groups.push_back(groups[0]);
  groups.push_back({});
  const testing::Question q(groups);
  for (const Metric* metric :
       {&score_ks_distance, &score_wasserstein_distance, &standardized_mean_difference}) {
    const auto readings = metric->read_self(q.tallies, {});
    ASSERT_EQ(readings->size(), 1u);
    const Reading& r = readings->front();
    EXPECT_EQ(r.between->first, tally::Key{"1"}) << metric->name;  // the lower mean first
    EXPECT_EQ(r.estimate.rows, 200);
    EXPECT_LE(r.estimate.low, r.estimate.value);
    EXPECT_GE(r.estimate.high, r.estimate.value);
    EXPECT_FALSE(r.family.has_value());
  }
}

TEST(ScoreDistance, ToReferenceHasASignOnlyForMeans) {
  const testing::Question q(thirds());
  ReadOptions options;
  options.reference = tally::Key{"0"};
  options.family_level = 0.99;
  const auto smd = *standardized_mean_difference_to_reference.read_self(q.tallies, options);
  ASSERT_EQ(smd.size(), 1u);
  EXPECT_NEAR(smd[0].estimate.value, -0.53047355613995473, 1e-12);
  ASSERT_TRUE(smd[0].family.has_value());
  EXPECT_LT(smd[0].family->low, smd[0].estimate.low);
  EXPECT_GT((*score_ks_distance_to_reference.read_self(q.tallies, options))[0].estimate.value, 0);
  options.reference = tally::Key{"nobody"};
  EXPECT_EQ(
      (*score_wasserstein_distance_to_reference.read_self(q.tallies, options))[0].estimate.why,
      Undefined::kNoReference);
}

TEST(ScoreDistance, OneGroupAndEqualScoresAreUndefined) {
  const testing::Question one({testing::sample_people()});
  EXPECT_EQ(score_ks_distance.read_self(one.tallies, {})->front().estimate.why,
            Undefined::kOneGroup);
  const testing::Question same({People(5, Person{0.3, 0}), People(5, Person{0.3, 1})});
  EXPECT_EQ(standardized_mean_difference.read_self(same.tallies, {})->front().estimate.why,
            Undefined::kNoSpread);
  EXPECT_EQ(score_ks_distance.read_self(same.tallies, {})->front().estimate.value, 0);
  EXPECT_FALSE(score_ks_distance.read_self(Tallies{}, {}).has_value());
}

TEST(ScoreDistance, UnknownGroupsAreNeverCompared) {
  testing::Question q({thirds()[0], thirds()[1]});
  q.groups.keys[1] = {std::nullopt};
  EXPECT_EQ(score_ks_distance.read_self(q.tallies, {})->front().estimate.why, Undefined::kOneGroup);
}

TEST(ScoreDistance, SixtyGroupsHaveTheWidestOfAllPairs) {
  Random random(4);
  std::vector<People> groups(60);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t i = 0; i < 20 + g; ++i) {
      const double u = random.uniform();
      groups[g].push_back({g % 7 == 0 ? u * u : u, 0});
    }
  }
  const testing::Question q(groups);
  const Metric* metrics[] = {&score_ks_distance, &score_wasserstein_distance,
                             &standardized_mean_difference};
  for (int k = 0; k < 3; ++k) {
    double widest = 0;
    for (std::size_t a = 0; a < 60; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        widest = std::max(
            widest,
            std::abs(
                score_distance(score_sample(q.rows, a), score_sample(q.rows, b), kKinds[k]).value));
      }
    }
    const Reading r = metrics[k]->read_self(q.tallies, {})->front();
    EXPECT_NEAR(r.estimate.value, widest, 1e-12) << metrics[k]->name;
    EXPECT_LE(r.estimate.low, widest);
    EXPECT_GE(r.estimate.high, widest);
  }
}

TEST(ScoreDistance, FiveCopiesInOneClusterAreWorthOneRow) {
  std::vector<People> once = thirds(), copied(2);
  for (std::size_t g = 0; g < 2; ++g) {
    for (std::uint32_t i = 0; i < once[g].size(); ++i) {
      for (int k = 0; k < 5; ++k) copied[g].push_back({once[g][i].score, 0, 1, i});
    }
  }
  const ScoreRows one = testing::score_rows(once);
  const ScoreRows five = testing::score_rows(copied, Kept::kClustered);
  EXPECT_NEAR(between(five, DistanceKind::kKolmogorovSmirnov).spread,
              between(one, DistanceKind::kKolmogorovSmirnov).spread, 1e-12);
  // The variance of the scores with n - 1 differs a little: 5 n - 1.
  EXPECT_NEAR(between(five, DistanceKind::kStandardized).spread,
              between(one, DistanceKind::kStandardized).spread, 2e-3);
}

TEST(ScoreDistance, IntervalsCoverTheTruth) {
  // Scores u and u^power with u uniform: F(s) = s and s^(1/power).
  struct Case {
    double power, ks, wasserstein, standardized;
  };
  const double d2 = (1.0 / 3 - 0.5) / std::sqrt((1.0 / 12 + 4.0 / 45) / 2);
  const Case cases[] = {{1, 0, 0, 0},
                        {2, 0.25, 1.0 / 6, d2}};  // sqrt(s) - s: 1/4 at 1/4; area 2/3 - 1/2
  for (const Case& c : cases) {
    for (const auto& [rows_a, rows_b] :
         {std::pair{15, 15}, std::pair{200, 20}, std::pair{300, 300}}) {
      int covered[3] = {0, 0, 0};
      const int samples = 600;
      Random random(static_cast<std::uint64_t>(rows_a + rows_b) + (c.power > 1 ? 1 : 0));
      for (int k = 0; k < samples; ++k) {
        std::vector<People> groups(2);
        for (int i = 0; i < rows_a; ++i) groups[0].push_back({random.uniform(), 0});
        for (int i = 0; i < rows_b; ++i) {
          groups[1].push_back({std::pow(random.uniform(), c.power), 0});
        }
        const ScoreRows rows = testing::score_rows(groups);
        const double truth[] = {c.ks, c.wasserstein, c.standardized};
        for (int kind = 0; kind < 3; ++kind) {
          const Interval i = distance_limits(between(rows, kKinds[kind]), kKinds[kind], 0.95, 1);
          covered[kind] += i.low <= truth[kind] && truth[kind] <= i.high ? 1 : 0;
        }
      }
      const double least = (0.95 - 3 * std::sqrt(0.05 * 0.95 / samples)) * samples;
      for (const int n : covered) EXPECT_GE(n, least) << rows_a << " " << rows_b << " " << c.power;
    }
  }
}

}  // namespace
}  // namespace evenhand::metric
