// What every metric owes, whatever it measures: walked over the whole list, on random tables that
// are full of empty cells.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/all.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {
namespace {

using tally::Confusion;
using tally::Groups;
using tally::Key;

/// Tallies of one question, with what they point to.
struct Held {
  Confusion confusion, all;
  Groups groups, everybody_groups;
  Tallies tallies, everybody;

  explicit Held(const Confusion& c)
      : confusion(c.canonical()),
        all(*tally::collapse(confusion, {})),
        groups(confusion.groups()),
        everybody_groups(all.groups()) {
    tallies.groups = &groups;
    tallies.confusion = &confusion;
    tallies.everybody = &everybody;
    everybody.groups = &everybody_groups;
    everybody.confusion = &all;
  }
  Held(const Held&) = delete;
};

void add(Confusion& c, const Key& key, std::uint8_t y, std::uint8_t d, std::int64_t n) {
  if (n == 0) return;
  ASSERT_TRUE(c.add_cell({c.group(key), y, d, n, 0, 0}));
}

/// `groups` groups with counts of 0 to some, many of them 0, and some rows with missing places.
Confusion random_table(Random& random, int groups, std::int64_t factor = 1,
                       const std::string& prefix = "g") {
  Confusion c(Groups{{"a"}, {}, {}});
  for (int g = 0; g < groups; ++g) {
    const Key key{prefix + std::to_string(g)};
    c.group(key);
    for (std::uint8_t y : {std::uint8_t{0}, std::uint8_t{1}, kMissingClass}) {
      for (std::uint8_t d : {std::uint8_t{0}, std::uint8_t{1}, kMissingClass}) {
        const std::uint64_t draw = random();
        const std::int64_t n = draw % 3 == 0 ? 0 : static_cast<std::int64_t>((draw >> 8) % 40);
        add(c, key, y, d, n * factor);
      }
    }
  }
  return c;
}

bool reads_counts(const Metric& m) {
  return m.from == From::kTally && !m.needs_score && !m.needs_strata;
}

ReadOptions options() {
  ReadOptions o;
  o.family_level = 0.99;
  o.reference = Key{"g0"};
  return o;
}

std::vector<Reading> must_read(const Metric& m, const Tallies& t, const ReadOptions& o) {
  auto readings = read(m, t, o);
  EXPECT_TRUE(readings) << m.name << ": " << (readings ? "" : to_string(readings.error()));
  return readings ? std::move(*readings) : std::vector<Reading>{};
}

constexpr int kTables = 30;

TEST(MetricLaws, NumbersAreFiniteOrderedAndHaveRowsOrAReason) {
  Random random(1);
  for (int i = 0; i < kTables; ++i) {
    const Held held(random_table(random, 1 + i % 5));
    for (const Metric& m : all()) {
      if (!reads_counts(m)) continue;
      for (const Reading& r : must_read(m, held.tallies, options())) {
        EXPECT_NE(r.group.has_value(), r.between.has_value()) << m.name;
        if (!r.estimate.defined()) continue;
        EXPECT_TRUE(std::isfinite(r.estimate.value)) << m.name;
        EXPECT_FALSE(std::isnan(r.estimate.low) || std::isnan(r.estimate.high)) << m.name;
        EXPECT_LE(r.estimate.low, r.estimate.value + 1e-9) << m.name;
        EXPECT_GE(r.estimate.high, r.estimate.value - 1e-9) << m.name;
        EXPECT_GT(r.estimate.rows, 0) << m.name;
        ASSERT_TRUE(r.family) << m.name;
        EXPECT_LE(r.family->low, r.estimate.value + 1e-9) << m.name;
        EXPECT_GE(r.family->high, r.estimate.value - 1e-9) << m.name;
        if (r.open) {
          EXPECT_LE(r.open->low, r.open->lowest + 1e-9) << m.name;
          EXPECT_LE(r.open->lowest, r.estimate.value + 1e-9) << m.name;
          EXPECT_GE(r.open->highest, r.estimate.value - 1e-9) << m.name;
          EXPECT_GE(r.open->high, r.open->highest - 1e-9) << m.name;
        }
      }
    }
  }
}

/// Smoothing adds half a row whatever the rows, so these rightly change.
bool keeps_value_when_doubled(const Metric& m) { return m.name.find("differential_fairness") != 0; }

TEST(MetricLaws, DoubledRowsKeepTheValue) {
  for (int i = 0; i < kTables; ++i) {
    Random one(100 + static_cast<std::uint64_t>(i)), two(100 + static_cast<std::uint64_t>(i));
    const Held held(random_table(one, 3)), doubled(random_table(two, 3, 2));
    for (const Metric& m : all()) {
      if (!reads_counts(m) || !keeps_value_when_doubled(m)) continue;
      const auto a = must_read(m, held.tallies, options()),
                 b = must_read(m, doubled.tallies, options());
      ASSERT_EQ(a.size(), b.size()) << m.name;
      for (std::size_t k = 0; k < a.size(); ++k) {
        EXPECT_EQ(a[k].estimate.why, b[k].estimate.why) << m.name;
        EXPECT_NEAR(a[k].estimate.value, b[k].estimate.value, 1e-12) << m.name;
      }
    }
  }
}

TEST(MetricLaws, NamesOfGroupsDoNotMatter) {
  for (int i = 0; i < kTables; ++i) {
    Random one(200 + static_cast<std::uint64_t>(i)), two(200 + static_cast<std::uint64_t>(i));
    const Held held(random_table(one, 4)), renamed(random_table(two, 4, 1, "other"));
    ReadOptions o = options(), other = options();
    other.reference = Key{"other0"};
    for (const Metric& m : all()) {
      if (!reads_counts(m)) continue;
      const auto a = must_read(m, held.tallies, o), b = must_read(m, renamed.tallies, other);
      ASSERT_EQ(a.size(), b.size()) << m.name;
      for (std::size_t k = 0; k < a.size(); ++k) {
        EXPECT_EQ(a[k].estimate.value, b[k].estimate.value) << m.name;
        EXPECT_EQ(a[k].estimate.low, b[k].estimate.low) << m.name;
        EXPECT_EQ(a[k].estimate.high, b[k].estimate.high) << m.name;
      }
    }
  }
}

TEST(MetricLaws, AnUnknownGroupIsNeverTheBestNorTheWorst) {
  for (int i = 0; i < kTables; ++i) {
    Random one(300 + static_cast<std::uint64_t>(i)), two(300 + static_cast<std::uint64_t>(i));
    const Held without(random_table(one, 3));
    Confusion table = random_table(two, 3);
    add(table, Key{std::nullopt}, 1, 0, 50);  // nobody unknown is selected, rightly or not
    const Held with(table);
    for (const Metric& m : all()) {
      const bool of_overall = m.name.find("overall") != std::string::npos;
      if (!reads_counts(m) || m.comparison == nullptr || of_overall) continue;
      const auto a = must_read(m, without.tallies, options()),
                 b = must_read(m, with.tallies, options());
      ASSERT_FALSE(a.empty() || b.empty()) << m.name;
      EXPECT_EQ(a[0].estimate.value, b[0].estimate.value) << m.name;
      EXPECT_EQ(a[0].estimate.why, b[0].estimate.why) << m.name;
    }
  }
}

TEST(MetricLaws, AnUnknownGroupMayLackWhatAMetricNeeds) {
  // Unknown rows that have one label only, or one decision: some rates of theirs are undefined.
  for (const auto& [y, d] : {std::pair{0, 0}, std::pair{0, 1}, std::pair{1, 0}, std::pair{1, 1}}) {
    Random random(8);
    Confusion table = random_table(random, 3);
    add(table, Key{std::nullopt}, static_cast<std::uint8_t>(y), static_cast<std::uint8_t>(d), 9);
    const Held held(table);
    for (const Metric& m : all()) {
      if (!reads_counts(m)) continue;
      EXPECT_FALSE(must_read(m, held.tallies, options()).empty()) << m.name;
    }
  }
}

TEST(MetricLaws, AGroupWithoutRowsIsUndefinedAndChangesNothing) {
  for (int i = 0; i < kTables; ++i) {
    Random one(400 + static_cast<std::uint64_t>(i)), two(400 + static_cast<std::uint64_t>(i));
    const Held without(random_table(one, 3));
    Confusion table = random_table(two, 3);
    table.group(Key{"zz"});
    const Held with(table);
    for (const Metric& m : all()) {
      if (!reads_counts(m)) continue;
      const auto a = must_read(m, without.tallies, options()),
                 b = must_read(m, with.tallies, options());
      if (m.comparison == nullptr && m.measure != nullptr) {
        ASSERT_EQ(b.size(), a.size() + 1) << m.name;
        EXPECT_EQ(b.back().estimate.why, Undefined::kNoRows) << m.name;
      } else {
        EXPECT_EQ(a[0].estimate.value, b[0].estimate.value) << m.name;
      }
    }
  }
}

TEST(MetricLaws, OneGroupLeavesComparisonsUndefined) {
  Random random(5);
  const Held held(random_table(random, 1));
  for (const Metric& m : all()) {
    if (!reads_counts(m) || m.comparison == nullptr || m.comparison->keeps_unit) continue;
    for (const Reading& r : must_read(m, held.tallies, options())) {
      EXPECT_FALSE(r.estimate.defined()) << m.name;
    }
  }
}

TEST(MetricLaws, ComplementsAddUpToOne) {
  Random random(6);
  const struct {
    const Measure &one, &other;
  } pairs[] = {{true_positive_rate, false_negative_rate},
               {false_positive_rate, true_negative_rate},
               {precision, false_discovery_rate},
               {negative_predictive_value, false_omission_rate},
               {accuracy, error_rate}};
  for (int i = 0; i < kTables; ++i) {
    const Held held(random_table(random, 4));
    for (const auto& pair : pairs) {
      const auto a = *pair.one.measure(held.tallies, options()),
                 b = *pair.other.measure(held.tallies, options());
      for (std::size_t g = 0; g < a.size(); ++g) {
        EXPECT_EQ(a[g].defined(), b[g].defined());
        if (!a[g].defined()) continue;
        EXPECT_NEAR(a[g].value + b[g].value, 1, 1e-15) << pair.one.name;
      }
    }
  }
}

TEST(MetricLaws, WidestGapIsThatOfTheSlowTwin) {
  Random random(7);
  for (int i = 0; i < kTables; ++i) {
    const Held held(random_table(random, 5));
    double least = 2, most = -1;
    for (std::size_t g = 0; g < held.groups.size(); ++g) {  // count selected over decided, by hand
      std::int64_t selected = 0, decided = 0;
      for (std::uint8_t y : {std::uint8_t{0}, std::uint8_t{1}, kMissingClass}) {
        selected += held.confusion.n(g, y, 1);
        decided += held.confusion.n(g, y, 0) + held.confusion.n(g, y, 1);
      }
      if (decided == 0) continue;
      const double rate = static_cast<double>(selected) / static_cast<double>(decided);
      least = std::min(least, rate);
      most = std::max(most, rate);
    }
    const auto r = must_read(*find("demographic_parity_difference"), held.tallies, options());
    if (!r[0].estimate.defined()) continue;
    EXPECT_DOUBLE_EQ(r[0].estimate.value, most - least);
  }
}

TEST(MetricLaws, EveryIdAndAliasIsFoundOnceAndSaysWhatItIs) {
  std::vector<std::string> names;
  for (const Metric& m : all()) {
    names.push_back(m.name);
    names.insert(names.end(), m.aliases.begin(), m.aliases.end());
    for (const std::string* text : {&m.says, &m.formula, &m.unit, &m.misleads, &m.source}) {
      EXPECT_FALSE(text->empty()) << m.name;
    }
    EXPECT_EQ(find(m.name), &m);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace evenhand::metric
