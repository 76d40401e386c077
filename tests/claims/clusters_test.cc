// Claim: several rows of one person do not narrow an interval. Five rows a person, alike by a
// correlation of 0 to 1: limits through the effective size cover; taken as independent they do not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "evenhand/base/random.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/compare.h"
#include "evenhand/metric/effective.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using metric::Measured;
using metric::Method;

constexpr std::int64_t kRowsEach = 5;

struct Crowd {
  std::int64_t persons;
  double share, correlation;  // of two rows of one person
};

// With probability `correlation` a person's rows are one draw copied, else they are independent:
// two rows of a person then have that correlation, and every row the same share.
Measured draw(const Crowd& crowd, Random& random) {
  double part = 0, squares_of_part = 0;
  for (std::int64_t i = 0; i < crowd.persons; ++i) {
    const bool copied = random.uniform() < crowd.correlation;
    const double mine = copied ? (random.uniform() < crowd.share ? kRowsEach : 0.0)
                               : static_cast<double>(metric::draw_binomial(kRowsEach, crowd.share, random));
    part += mine;
    squares_of_part += mine * mine;
  }
  const auto persons = static_cast<double>(crowd.persons), whole = persons * kRowsEach;
  const metric::Effective effective = metric::effective_of_clusters(
      {part, whole, squares_of_part, part * kRowsEach, whole * kRowsEach, whole, persons});
  Measured m = share(static_cast<std::int64_t>(part), crowd.persons * kRowsEach);
  m.n_effective = effective.size;
  m.degrees = effective.degrees;
  return m;
}

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
      for (const double correlation : {0.0, 0.2, 0.6, 1.0}) all.push_back({persons, p, correlation});
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

}  // namespace
}  // namespace evenhand::claims
