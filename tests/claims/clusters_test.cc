// Claim: several rows of one person do not narrow an interval. Five rows a person, alike by a
// correlation of 0 to 1: limits through the effective size cover; taken as independent they do not.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "crowd.h"
#include "evenhand/base/random.h"
#include "evenhand/base/rows.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/compare.h"
#include "evenhand/metric/effective.h"
#include "evenhand/metric/rates.h"
#include "evenhand/tally/cluster_products.h"
#include "evenhand/tally/confusion.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using metric::Measured;
using metric::Method;

double coverage(const Crowd& crowd, Method method, bool through_effective, int runs) {
  int covered = 0;
  for (int i = 0; i < runs; ++i) {
    Random random(41, static_cast<std::uint64_t>(i));
    Measured m = draw(crowd, random);
    if (!through_effective) m = share(m.part, m.rows);
    covered += covers(limits(m, 0.95, method), crowd.share) ? 1 : 0;
  }
  return 1.0 * covered / runs;
}

std::vector<Crowd> crowds() {
  std::vector<Crowd> all;
  for (const std::int64_t persons : {20, 50, 200}) {
    for (const double p : {0.01, 0.1, 0.5}) {
      for (const double correlation : {0.0, 0.2, 0.6, 1.0})
        all.push_back({persons, p, correlation});
    }
  }
  return all;
}

TEST(ClusteredShares, FamilyLimitsThroughTheEffectiveSizeCover) {
  constexpr int kRuns = 4'000;
  double least = 1;
  for (const Crowd& crowd : crowds()) {
    const double found = coverage(crowd, Method::kClopperPearson, true, kRuns);
    EXPECT_GE(found, bar(0.95, kRuns)) << crowd.persons << " persons, share " << crowd.share
                                       << ", correlation " << crowd.correlation;
    least = std::min(least, found);
  }
  std::printf("Clopper-Pearson of five rows a person: at least %.4f\n", least);
}

TEST(ClusteredShares, ShownLimitsThroughTheEffectiveSizeCoverOnAverage) {
  constexpr int kRuns = 2'000;
  double sum = 0, least = 1;
  for (const Crowd& crowd : crowds()) {
    const double found = coverage(crowd, Method::kWilson, true, kRuns);
    sum += found / static_cast<double>(crowds().size());
    least = std::min(least, found);
  }
  std::printf("Wilson of five rows a person: on average %.4f, at least %.4f\n", sum, least);
  EXPECT_GE(sum, 0.94);
}

// Five copies of each row: the interval is 1/sqrt(5) of what it should be, and covers
// 2 Phi(1.96 / sqrt 5) - 1 = 62 %, by hand.
TEST(ClusteredShares, TakenAsIndependentTheyDoNotCover) {
  constexpr int kRuns = 4'000;
  EXPECT_NEAR(coverage({200, 0.5, 1}, Method::kWilson, false, kRuns), 0.62, 0.04);
}

TEST(ClusteredGaps, TheWidestGapIsHeldByItsFamilyInterval) {
  constexpr int kRuns = 2'000;
  const std::vector<std::vector<Crowd>> scenes{
      {{20, 0.1, 0.6}, {200, 0.1, 0.6}},
      {{200, 0.5, 1}, {20, 0.5, 1}, {20, 0.3, 1}},
      {{200, 0.01, 0.2}, {50, 0.01, 0.2}, {20, 0.01, 0.2}, {20, 0.01, 0.2}, {50, 0.01, 0.2}},
  };
  for (const auto& scene : scenes) {
    tally::Groups groups{.by = {"group"}, .strata = {}, .keys = {}};
    double lowest = 1, highest = 0;
    for (const Crowd& crowd : scene) {
      groups.keys.push_back({std::to_string(groups.keys.size())});
      lowest = std::min(lowest, crowd.share);
      highest = std::max(highest, crowd.share);
    }
    metric::Tallies tallies;
    tallies.groups = &groups;
    metric::ReadOptions options;
    options.family_level = 0.95;
    int covered = 0;
    for (int i = 0; i < kRuns; ++i) {
      Random random(43, static_cast<std::uint64_t>(i));
      metric::Measurements drawn;
      for (const Crowd& crowd : scene) drawn.groups.push_back(draw(crowd, random));
      covered += covers(*widest_gap(drawn, tallies, options).family, highest - lowest) ? 1 : 0;
    }
    EXPECT_GE(1.0 * covered / kRuns, bar(0.95, kRuns)) << scene.size() << " groups";
  }
}

// The same through the tallies that a user's rows become: the effective size that a rate has is the
// one of its persons.
TEST(ClusteredShares, ReadOffTheTalliesHaveTheSameLimits) {
  Random random(47);
  std::vector<std::uint32_t> group, person;
  std::vector<std::uint8_t> decision;
  double part = 0, squares_of_part = 0;
  constexpr std::uint32_t kPersons = 60;
  for (std::uint32_t i = 0; i < kPersons; ++i) {
    const bool copied = random.uniform() < 0.5, mine = random.uniform() < 0.3;
    double of_person = 0;
    for (int row = 0; row < kRowsEach; ++row) {
      const bool selected = copied ? mine : random.uniform() < 0.3;
      group.push_back(0);
      person.push_back(i);
      decision.push_back(selected ? 1 : 0);
      of_person += selected ? 1 : 0;
    }
    part += of_person;
    squares_of_part += of_person * of_person;
  }
  Rows rows;
  rows.size = decision.size();
  rows.group = group;
  rows.decision = decision;
  rows.cluster = person;
  const tally::Groups groups{.by = {"group"}, .strata = {}, .keys = {{"a"}}};
  tally::Confusion counts(groups);
  tally::ClusterProducts products(groups);
  ASSERT_TRUE(counts.observe(rows));
  ASSERT_TRUE(products.observe(rows));
  ASSERT_TRUE(products.close());
  metric::Tallies tallies;
  tallies.groups = &groups;
  tallies.confusion = &counts;
  tallies.clusters = &products;

  const auto found = rate_by_group(tallies, metric::kSelectionRate, {});
  ASSERT_TRUE(found);
  const double whole = kPersons * kRowsEach;
  const metric::Effective expected = metric::effective_of_clusters(
      {part, whole, squares_of_part, part * kRowsEach, whole * kRowsEach, whole, kPersons});
  EXPECT_NEAR(found->front().n_effective, expected.size, 1e-9);
  EXPECT_EQ(found->front().degrees, kPersons - 1);
  EXPECT_LT(expected.size, 0.8 * whole);  // so that a reading without clusters would be seen
}

}  // namespace
}  // namespace evenhand::claims
