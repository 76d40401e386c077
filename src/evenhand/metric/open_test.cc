// What missing labels and decisions leave open, against every way in which they could turn out.
#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"
#include "evenhand/metric/compare.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {
namespace {

using Table = std::array<std::array<std::int64_t, 3>, 3>;  // [label][decision]; 2: missing

void add(tally::Confusion& counts, std::uint32_t group, const Table& n) {
  const auto code = [](std::uint8_t c) { return c == 2 ? kMissingClass : c; };
  for (std::uint8_t y = 0; y < 3; ++y) {
    for (std::uint8_t d = 0; d < 3; ++d) {
      if (n[y][d] == 0) continue;
      EXPECT_TRUE(counts.add_cell({group, code(y), code(d), n[y][d], 0, 0}));
    }
  }
}

Reading read(const tally::Confusion& counts, const std::string& id) {
  const tally::Groups groups = counts.groups();
  Tallies t;
  t.groups = &groups;
  t.confusion = &counts;
  const auto all =
      *counts.regrouped({tally::everybody(), std::vector<std::uint32_t>(groups.size(), 0)});
  const tally::Groups all_groups = all.groups();
  Tallies everybody;
  everybody.groups = &all_groups;
  everybody.confusion = &all;
  if (!groups.by.empty()) t.everybody = &everybody;
  ReadOptions o;
  o.rows_min = 1;
  if (!groups.by.empty()) o.reference = tally::Key{"b"};
  const Metric* found = find(id);
  EXPECT_NE(found, nullptr) << id;
  const Metric& metric = *found;
  if (metric.measure == nullptr) return metric.read_self(t, o)->front();
  return readings(metric, *measure_groups(*metric.measure, t, o), t, o).front();
}

Reading read(const Table& n, const std::string& id) {
  tally::Confusion counts(tally::everybody());
  add(counts, 0, n);
  return read(counts, id);
}

/// Of group a against group b, which lacks nothing.
Reading read_against(const Table& a, const std::string& id) {
  tally::Groups groups;
  groups.by = {"g"};
  groups.keys = {{"a"}, {"b"}};
  tally::Confusion counts(groups);
  add(counts, 0, a);
  add(counts, 1, {{{20, 6, 0}, {8, 11, 0}, {0, 0, 0}}});
  return read(counts, id);
}

/// Calls `see` with every table in which nothing is missing.
void complete(Table n, const std::function<void(const Table&)>& see) {
  for (std::size_t y = 0; y < 3; ++y) {
    for (std::size_t d = 0; d < 3; ++d) {
      if ((y < 2 && d < 2) || n[y][d] == 0) continue;
      --n[y][d];
      for (std::size_t label = 0; label < 2; ++label) {
        for (std::size_t decision = 0; decision < 2; ++decision) {
          if ((y < 2 && label != y) || (d < 2 && decision != d)) continue;
          ++n[label][decision];
          complete(n, see);
          --n[label][decision];
        }
      }
      return;
    }
  }
  see(n);
}

Interval slow(const Table& n, const std::string& id,
              Reading (*how)(const Table&, const std::string&) = read) {
  Interval out{1e9, -1e9};
  complete(n, [&](const Table& full) {
    const Reading r = how(full, id);
    ASSERT_TRUE(r.estimate.defined());
    out = {std::min(out.low, r.estimate.value), std::max(out.high, r.estimate.value)};
  });
  return out;
}

const Table kLabelsMissing{{{12, 5, 0}, {4, 9, 0}, {2, 3, 0}}};
const Table kDecisionsMissing{{{12, 5, 2}, {4, 9, 3}, {0, 0, 0}}};
const Table kBothMissing{{{12, 5, 1}, {4, 9, 1}, {1, 1, 2}}};

TEST(Open, HoldsEveryOutcome) {
  for (const Table& table : {kLabelsMissing, kDecisionsMissing, kBothMissing}) {
    for (const char* id : {"balanced_accuracy", "f1", "treatment_equality", "matthews_correlation",
                           "generalized_entropy_index", "theil_index", "coefficient_of_variation",
                           "accuracy", "precision"}) {
      const Interval all = slow(table, id);
      const Reading r = read(table, id);
      ASSERT_TRUE(r.open.has_value()) << id;
      EXPECT_LE(r.open->lowest, all.low + 1e-12) << id;
      EXPECT_GE(r.open->highest, all.high - 1e-12) << id;
      EXPECT_LT(r.open->low, r.open->lowest) << id;
      EXPECT_GT(r.open->high, r.open->highest) << id;
    }
  }
}

TEST(Open, HoldsEveryOutcomeOfAComparison) {
  for (const Table& table : {kLabelsMissing, kDecisionsMissing, kBothMissing}) {
    for (const char* id :
         {"true_positive_rate_difference", "true_positive_rate_ratio",
          "true_positive_rate_difference_to_reference", "true_positive_rate_ratio_to_reference",
          "true_positive_rate_difference_to_overall", "true_positive_rate_ratio_to_overall",
          "true_positive_rate_group_min", "true_positive_rate_group_max",
          "balanced_accuracy_difference", "equalized_odds_difference",
          "equalized_odds_difference_mean", "average_odds_difference", "between_group_theil_index",
          "between_group_generalized_entropy_index"}) {
      const Interval all = slow(table, id, read_against);
      const Reading r = read_against(table, id);
      ASSERT_TRUE(r.open.has_value()) << id;
      EXPECT_LE(r.open->lowest, all.low + 1e-12) << id;
      EXPECT_GE(r.open->highest, all.high - 1e-12) << id;
      EXPECT_LE(r.open->low, r.open->lowest) << id;
      EXPECT_GE(r.open->high, r.open->highest) << id;
    }
    for (const char* id : {"true_positive_rate_difference_to_reference",
                           "true_positive_rate_group_min", "true_positive_rate_group_max"}) {
      const Interval all = slow(table, id, read_against);
      const Reading r = read_against(table, id);
      EXPECT_NEAR(r.open->lowest, all.low, 1e-12) << id;
      EXPECT_NEAR(r.open->highest, all.high, 1e-12) << id;
    }
  }
}

TEST(Open, IsNoWiderThanItMustBeWhereOneOfThemIsMissing) {
  for (const Table& table : {kLabelsMissing, kDecisionsMissing}) {
    for (const char* id : {"balanced_accuracy", "f1", "treatment_equality", "accuracy"}) {
      const Interval all = slow(table, id);
      const Reading r = read(table, id);
      EXPECT_NEAR(r.open->lowest, all.low, 1e-12) << id;
      EXPECT_NEAR(r.open->highest, all.high, 1e-12) << id;
    }
  }
}

TEST(Open, IsAbsentWhereNothingIsMissing) {
  for (const char* id : {"balanced_accuracy", "treatment_equality", "theil_index"}) {
    EXPECT_FALSE(read({{{12, 5, 0}, {4, 9, 0}, {0, 0, 0}}}, id).open) << id;
  }
}

}  // namespace
}  // namespace evenhand::metric
