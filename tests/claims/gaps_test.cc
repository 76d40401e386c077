// Claim: the interval of the widest gap holds its truth for 2 to 10 groups of unequal sizes, with
// and without a worse one, although the pair is picked by looking; so do the smallest quotient and
// the lowest and highest group. In each single scene that is asked of the family interval, and of
// the shown one when it stands on Clopper-Pearson; on Wilson it holds on average, and its least
// coverage (rare cases in groups of 5 rows) is printed.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/compare.h"
#include "evenhand/metric/intervals.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using metric::Measurements;
using metric::Method;
using metric::Reading;

constexpr int kTables = 2'000;

struct Scene {
  std::string name;
  std::vector<std::int64_t> rows;
  std::vector<double> shares;
};

tally::Groups named_groups(std::size_t size) {
  tally::Groups groups;
  groups.by = {"group"};
  for (std::size_t g = 0; g < size; ++g)
    groups.keys.push_back({std::string(1, static_cast<char>('a' + g))});
  return groups;
}

using Sizes = std::vector<std::size_t>;
const Sizes kSomeNumbersOfGroups{2, 3, 5, 10}, kAllNumbersOfGroups{2, 3, 4, 5, 6, 7, 8, 9, 10};

std::vector<Scene> scenes(const Sizes& numbers_of_groups) {
  const std::vector<std::int64_t> unequal{1000, 5, 100, 20, 1000, 100, 5, 20, 1000, 10};
  std::vector<Scene> all;
  for (const std::size_t groups : numbers_of_groups) {
    const std::vector<std::int64_t> mixed(unequal.begin(),
                                          unequal.begin() + static_cast<int>(groups));
    for (const auto& rows : {mixed, std::vector<std::int64_t>(groups, 100)}) {
      const std::string name = std::to_string(groups) + (rows == mixed ? " unequal" : " equal");
      for (const double p : {0.01, 0.1, 0.5}) {
        all.push_back({name + " groups, all alike", rows, std::vector<double>(groups, p)});
        std::vector<double> worse(groups, p);
        worse.back() = p / 2;
        all.push_back({name + " groups, the last one worse", rows, worse});
      }
      std::vector<double> fan(groups);
      for (std::size_t g = 0; g < groups; ++g)
        fan[g] = (static_cast<double>(g) + 0.5) / static_cast<double>(groups);
      all.push_back({name + " groups, all different", rows, fan});
    }
  }
  return all;
}

Measurements draw(const Scene& scene, Random& random) {
  Measurements drawn;
  std::int64_t part = 0, rows = 0;
  for (std::size_t g = 0; g < scene.rows.size(); ++g) {
    const std::int64_t x = metric::draw_binomial(scene.rows[g], scene.shares[g], random);
    drawn.groups.push_back(share(x, scene.rows[g]));
    part += x;
    rows += scene.rows[g];
  }
  drawn.everybody = share(part, rows);
  return drawn;
}

struct Coverage {
  double shown = 0, family = 0;
};

// Of one comparison over many tables of a scene. A table on which it is undefined says nothing.
Coverage coverage(const Scene& scene, const metric::Comparison& comparison, double truth,
                  metric::Method method) {
  const tally::Groups groups = named_groups(scene.rows.size());
  const metric::Tallies tallies{.groups = &groups};
  metric::ReadOptions options;
  options.level = options.family_level = 0.95;
  options.method = method;
  int shown = 0, family = 0, defined = 0;
  for (int i = 0; i < kTables; ++i) {
    Random random(7, static_cast<std::uint64_t>(i));
    const Reading reading = comparison.read(draw(scene, random), tallies, options).front();
    if (!reading.estimate.defined()) continue;
    ++defined;
    shown += covers({reading.estimate.low, reading.estimate.high}, truth) ? 1 : 0;
    family += covers(*reading.family, truth) ? 1 : 0;
  }
  // Undefined tables count as covered: the claim is about what is said.
  const int silent = kTables - defined;
  return {1.0 * (shown + silent) / kTables, 1.0 * (family + silent) / kTables};
}

const metric::Comparison& comparison(const std::string& suffix) {
  const auto& all = metric::comparisons();
  return *std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.suffix == suffix; });
}

void expect_coverage(const std::string& suffix, const std::function<double(const Scene&)>& truth,
                     const Sizes& numbers_of_groups = kSomeNumbersOfGroups) {
  double sum_wilson = 0, least_wilson = 1, least_exact = 1, least_family = 1;
  const std::vector<Scene> all = scenes(numbers_of_groups);
  for (const Scene& scene : all) {
    const auto with = [&](Method method) {
      return coverage(scene, comparison(suffix), truth(scene), method);
    };
    const Coverage wilson = with(Method::kWilson), exact = with(Method::kClopperPearson);
    EXPECT_GE(exact.family, bar(0.95, kTables)) << scene.name << ", share " << scene.shares.front();
    EXPECT_GE(exact.shown, bar(0.95, kTables)) << scene.name << ", share " << scene.shares.front();
    sum_wilson += wilson.shown / static_cast<double>(all.size());
    least_wilson = std::min(least_wilson, wilson.shown);
    least_exact = std::min(least_exact, exact.shown);
    least_family = std::min(least_family, exact.family);
  }
  EXPECT_GE(sum_wilson, 0.95);
  std::printf(
      "R%s: family at least %.4f; shown on Clopper-Pearson at least %.4f, on Wilson %.4f on "
      "average and at least %.4f\n",
      suffix.c_str(), least_family, least_exact, sum_wilson, least_wilson);
}

double lowest(const Scene& s) { return *std::min_element(s.shares.begin(), s.shares.end()); }
double highest(const Scene& s) { return *std::max_element(s.shares.begin(), s.shares.end()); }

TEST(WidestGap, IntervalsHoldItForTwoToTenUnequalGroups) {
  expect_coverage(
      "_difference", [](const Scene& s) { return highest(s) - lowest(s); }, kAllNumbersOfGroups);
}
TEST(SmallestQuotient, IntervalsHoldItForTwoToTenUnequalGroups) {
  expect_coverage("_ratio", [](const Scene& s) { return lowest(s) / highest(s); });
}
TEST(LowestGroup, IntervalsHoldItForTwoToTenUnequalGroups) {
  expect_coverage("_group_min", lowest);
}
TEST(HighestGroup, IntervalsHoldItForTwoToTenUnequalGroups) {
  expect_coverage("_group_max", highest);
}

// Known: an interval for the pair that happens to be widest covers 85 % of shares .5, .4, .3 with
// 1,000, 1,000 and 10 rows. Ours holds there, and this test would see it if it did not.
TEST(WidestGap, IntervalOfThePairThatLooksWidestFailsAsIsKnown) {
  const Scene scene{"", {1000, 1000, 10}, {0.5, 0.4, 0.3}};
  int covered = 0;
  for (int i = 0; i < kTables; ++i) {
    Random random(3, static_cast<std::uint64_t>(i));
    std::vector<metric::Measured> groups = draw(scene, random).groups;
    std::sort(groups.begin(), groups.end(), [](auto& a, auto& b) { return a.value < b.value; });
    const auto sided = [](const metric::Measured& m) {
      const auto i95 = limits(m, 0.95, Method::kWilson);
      return metric::Sided{m.value, i95.low, i95.high};
    };
    covered += covers(mover_difference(sided(groups.back()), sided(groups.front())), 0.2) ? 1 : 0;
  }
  EXPECT_NEAR(1.0 * covered / kTables, 0.85, 0.03);
  const Coverage ours = coverage(scene, comparison("_difference"), 0.2, Method::kWilson);
  EXPECT_GE(ours.shown, bar(0.95, kTables));
  EXPECT_GE(ours.family, bar(0.95, kTables));
}

}  // namespace
}  // namespace evenhand::claims
