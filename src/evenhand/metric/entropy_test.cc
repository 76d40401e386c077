// The entropy between groups against a slow twin: every choice of ends, every value on a fine grid.
#include "evenhand/metric/entropy.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"
#include "evenhand/metric/intervals.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {
namespace {

constexpr double kLevel = 0.95;

struct Counts {
  std::int64_t missed, right, wronged;
  std::int64_t rows() const { return missed + right + wronged; }
};

tally::Confusion confusion_of(const std::vector<Counts>& all) {
  tally::Groups groups;
  groups.by = {"g"};
  for (std::size_t g = 0; g < all.size(); ++g) groups.keys.push_back({std::to_string(g)});
  tally::Confusion out(groups);
  for (std::uint32_t g = 0; g < all.size(); ++g) {
    EXPECT_TRUE(out.add_cell({g, 0, 1, all[g].wronged, 0, 0}));
    EXPECT_TRUE(out.add_cell({g, 1, 0, all[g].missed, 0, 0}));
    EXPECT_TRUE(out.add_cell({g, 1, 1, all[g].right, 0, 0}));
  }
  return out;
}

/// Of each group's mean benefit, from limits of both kinds of error that hold all together.
std::vector<Interval> limits_of_means(const std::vector<Counts>& all) {
  const double each = 1 - (1 - kLevel) / (2 * static_cast<double>(all.size()));
  std::vector<Interval> out;
  for (const Counts& c : all) {
    const auto n = static_cast<double>(c.rows());
    const Interval missed = clopper_pearson(static_cast<double>(c.missed), n, each);
    const Interval wronged = clopper_pearson(static_cast<double>(c.wronged), n, each);
    out.push_back({std::max(0.0, 1 + wronged.low - missed.high),
                   std::min(2.0, 1 + wronged.high - missed.low)});
  }
  return out;
}

Interval slow(const std::vector<Counts>& all, double alpha) {
  const std::vector<Interval> limits = limits_of_means(all);
  std::vector<double> people, mean(all.size());
  for (const Counts& c : all) people.push_back(static_cast<double>(c.rows()));
  Interval out{1e9, 0};
  for (int step = 0; step <= 20'000; ++step) {
    for (std::size_t g = 0; g < all.size(); ++g)
      mean[g] = std::clamp(step / 10'000.0, limits[g].low, limits[g].high);
    if (const auto x = generalized_entropy(mean, people, alpha)) out.low = std::min(out.low, *x);
  }
  for (unsigned ends = 0; ends < 1U << all.size(); ++ends) {
    for (std::size_t g = 0; g < all.size(); ++g)
      mean[g] = (ends >> g & 1U) != 0 ? limits[g].high : limits[g].low;
    if (const auto x = generalized_entropy(mean, people, alpha)) out.high = std::max(out.high, *x);
  }
  return out;
}

Interval deciding(const std::vector<Counts>& all, const char* id) {
  const tally::Confusion counts = confusion_of(all);
  const tally::Groups groups = counts.groups();
  Tallies t;
  t.groups = &groups;
  t.confusion = &counts;
  ReadOptions o;
  o.family_level = kLevel;
  o.rows_min = 0;
  return find(id)->read_self(t, o)->front().family.value_or(Interval{-1, -1});
}

TEST(BetweenGroups, LimitsAreThoseOfEveryChoiceOfEnds) {
  const std::vector<std::vector<Counts>> tables = {
      {{300, 650, 50}, {40, 900, 260}, {10, 80, 10}, {2, 20, 1}, {90, 810, 100}},
      {{5, 10, 5}, {1, 30, 9}, {12, 30, 2}, {1, 3, 1}, {3, 3, 30}, {40, 40, 40}},
      {{500, 100, 10}, {10, 100, 500}}};
  for (const auto& table : tables) {
    const Interval two = slow(table, 2), one = slow(table, 1);
    const Interval ge = deciding(table, "between_group_generalized_entropy_index");
    const Interval theil = deciding(table, "between_group_theil_index");
    EXPECT_NEAR(ge.low, two.low, 1e-7);
    EXPECT_LE(ge.low, two.low + 1e-15);
    EXPECT_NEAR(ge.high, two.high, 1e-12);
    EXPECT_NEAR(theil.low, one.low, 1e-7);
    EXPECT_NEAR(theil.high, one.high, 1e-12);
  }
}

}  // namespace
}  // namespace evenhand::metric
