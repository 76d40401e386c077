// What metrics owe, whatever they measure: each one of the list is held to the laws that it
// declares (Law in metric/metric.h), on random tables of people that are full of empty cells.
// Rows count once, carry sampling weights, or come in clusters.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/baseline.h"
#include "evenhand/metric/paired.h"
#include "evenhand/metric/scored_people.h"
#include "evenhand/tally/cluster_products.h"
#include "evenhand/tally/confusion.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

using tally::Confusion;
using tally::Groups;
using tally::Key;
using testing::Kept;

struct Row {
  std::uint32_t group = 0, stratum = 0;  // places in Table's names
  std::uint8_t label = 0, decision = 0;
  testing::Person person;  // score, weight, cluster
};

struct Table {
  std::vector<Key> groups;
  std::vector<std::string> strata{"s0", "s1", "s2"};
  std::vector<Row> rows;
};

/// A table's tallies and scored rows as evaluate makes them, with what they point to.
class Held {
 public:
  explicit Held(const Table& table, Kept kept = Kept::kIndependent) {
    const auto weighting =
        kept == Kept::kWeighted ? tally::Weighting::kSampling : tally::Weighting::kFrequency;
    stratified_ = Confusion({{"a"}, {"s"}, {}}, tally::binary_classes(), weighting);
    for (const Key& group : table.groups) {
      for (const std::string& stratum : table.strata) place(group, stratum);
    }
    observe(table, kept);
    const std::vector<std::string> by{"a"};
    const tally::Regrouping groups = *tally::collapse(stratified_.groups(), by);
    const tally::Regrouping all = *tally::collapse(stratified_.groups(), {});
    confusion_ = *stratified_.regrouped(groups);
    everybody_confusion_ = *stratified_.regrouped(all);
    groups_ = groups.groups;
    everybody_groups_ = all.groups;
    hold_scores(table, kept);
    hold_rows(groups, weighting);
    hold_pairs(table);
    point();
    if (kept == Kept::kClustered) hold_clusters(groups, all);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  const Tallies& tallies() const { return tallies_; }

 private:
  std::uint32_t place(const Key& group, const std::string& stratum) {
    Key key = group;
    key.emplace_back(stratum);
    return stratified_.group(key);
  }

  void observe(const Table& table, Kept kept) {
    for (const Row& row : table.rows) {
      group_.push_back(place(table.groups[row.group], table.strata[row.stratum]));
      label_.push_back(row.label);
      decision_.push_back(row.decision);
      weight_.push_back(row.person.weight);
      cluster_.push_back(row.person.cluster);
    }
    seen_.size = table.rows.size();
    seen_.group = group_;
    seen_.label = label_;
    seen_.decision = decision_;
    seen_.cluster = cluster_;
    if (kept == Kept::kWeighted) seen_.weight = weight_;
    EXPECT_TRUE(stratified_.observe(seen_));
  }

  void hold_scores(const Table& table, Kept kept) {
    std::vector<testing::People> people(groups_.size());
    testing::People all;
    for (const Row& row : table.rows) {
      testing::Person person = row.person;
      person.label = row.label;
      const auto at = std::find(groups_.keys.begin(), groups_.keys.end(), table.groups[row.group]);
      people[static_cast<std::size_t>(at - groups_.keys.begin())].push_back(person);
      all.push_back(person);
    }
    scores_ = testing::score_rows(people, kept);
    everybody_scores_ = testing::score_rows({all}, kept);
  }

  /// Who is in the table: groups, groups by label, and a population of equal shares.
  void hold_rows(const tally::Regrouping& groups, tally::Weighting weighting) {
    tally::Crosstab all({{"a", "s"}, {}, {}}, weighting), labels({{"a", "y"}, {}, {}}, weighting);
    for (const Key& key : stratified_.groups().keys) all.group(key);
    std::vector<std::uint32_t> of_label;
    for (std::size_t i = 0; i < seen_.size; ++i) {
      Key key{stratified_.groups().keys[group_[i]][0], std::nullopt};
      if (label_[i] != kMissingClass) key[1] = std::to_string(label_[i]);
      of_label.push_back(labels.group(key));
    }
    EXPECT_TRUE(all.observe(seen_));
    Rows rows = seen_;
    rows.group = of_label;
    EXPECT_TRUE(labels.observe(rows));
    rows_ = *all.regrouped(groups);
    everybody_rows_ = *tally::collapse(all, {});
    pairs_ = *labels.regrouped(tally::canonical(labels.groups()));
    everybody_pairs_ = *tally::collapse(labels, std::vector<std::string>{"y"});
    std::size_t known = 0;
    for (const Key& key : groups_.keys) known += key[0] ? 1 : 0;
    for (const Key& key : groups_.keys) {
      baseline_.shares.push_back(key[0] ? std::optional(1.0 / static_cast<double>(known))
                                        : std::nullopt);
    }
  }

  /// Two decisions: the row's own, and one that is the label where the score is high.
  void hold_pairs(const Table& table) {
    paired_ = {&groups_, std::vector<std::array<std::int64_t, 27>>(groups_.size())};
    everybody_paired_ = {&everybody_groups_, std::vector<std::array<std::int64_t, 27>>(1)};
    const auto code = [](std::uint8_t value) { return std::min<int>(value, 2); };
    for (std::size_t i = 0; i < seen_.size; ++i) {
      const Key key{stratified_.groups().keys[group_[i]][0]};
      const auto at = std::find(groups_.keys.begin(), groups_.keys.end(), key);
      const int before = code(decision_[i]),
                after = table.rows[i].person.score > 0.5 ? code(label_[i]) : before;
      const std::size_t cell = PairedCounts::cell(code(label_[i]), before, after);
      ++paired_.cells[static_cast<std::size_t>(at - groups_.keys.begin())][cell];
      ++everybody_paired_.cells[0][cell];
    }
  }

  void hold_clusters(const tally::Regrouping& groups, const tally::Regrouping& all) {
    tally::ClusterProducts open(stratified_.groups());
    EXPECT_TRUE(open.observe(seen_));
    clusters_ = *open.regrouped(groups);
    everybody_clusters_ = *open.regrouped(all);
    EXPECT_TRUE(clusters_.close() && everybody_clusters_.close());
    tallies_.clusters = &clusters_;
    everybody_.clusters = &everybody_clusters_;
  }

  void point() {
    tallies_.groups = &groups_;
    tallies_.confusion = &confusion_;
    tallies_.stratified = &stratified_;
    tallies_.score_rows = &scores_;
    tallies_.crosstab = &rows_;
    tallies_.pairs = &pairs_;
    tallies_.baseline = &baseline_;
    tallies_.decided_twice = &paired_;
    everybody_.decided_twice = &everybody_paired_;
    tallies_.everybody = &everybody_;
    everybody_.crosstab = &everybody_rows_;
    everybody_.pairs = &everybody_pairs_;
    everybody_.groups = &everybody_groups_;
    everybody_.confusion = &everybody_confusion_;
    everybody_.score_rows = &everybody_scores_;
  }

  std::vector<std::uint32_t> group_, cluster_;
  std::vector<std::uint8_t> label_, decision_;
  std::vector<double> weight_;
  Rows seen_;
  Confusion stratified_{Groups{}}, confusion_{Groups{}}, everybody_confusion_{Groups{}};
  tally::ClusterProducts clusters_{Groups{}}, everybody_clusters_{Groups{}};
  tally::Crosstab rows_{Groups{}}, everybody_rows_{Groups{}}, pairs_{Groups{}},
      everybody_pairs_{Groups{}};
  Baseline baseline_;
  PairedCounts paired_, everybody_paired_;
  Groups groups_, everybody_groups_;
  ScoreRows scores_, everybody_scores_;
  Tallies tallies_, everybody_;
};

void add(Table& table, Random& random, Row row, std::uint64_t rows) {
  for (std::uint64_t i = 0; i < rows; ++i) {
    row.stratum = static_cast<std::uint32_t>(random() >> 16) % 3;
    row.person.score = static_cast<double>((random() >> 16) % 101) / 100;
    row.person.weight = 0.5 + static_cast<double>((random() >> 16) % 7) / 2;
    row.person.cluster = static_cast<std::uint32_t>(random() >> 16) % 60;
    table.rows.push_back(row);
  }
}

constexpr std::array<std::uint8_t, 3> kClasses{0, 1, kMissingClass};

/// `groups` groups g0, g1, ... whose cells (label x decision, missing too) have 0 to 19 rows each,
/// a third of them none. A person's rows have clusters, weights and scores by chance.
Table random_table(std::uint64_t seed, std::uint32_t groups) {
  Random random(seed);
  Table table;
  for (std::uint32_t g = 0; g < groups; ++g) {
    table.groups.push_back({"g" + std::to_string(g)});
    for (std::uint8_t label : kClasses) {
      for (std::uint8_t decision : kClasses) {
        const std::uint64_t draw = random();
        Row row;
        row.group = g;
        row.label = label;
        row.decision = decision;
        add(table, random, row, draw % 3 == 0 ? 0 : (draw >> 8) % 20);
      }
    }
  }
  return table;
}

ReadOptions options(const std::string& reference = "g0") {
  ReadOptions o;
  o.family_level = 0.99;
  o.reference = Key{reference};
  return o;
}

std::vector<Reading> must_read(const Metric& m, const Tallies& t, const ReadOptions& o) {
  auto readings = read(m, t, o);
  EXPECT_TRUE(readings) << m.name << ": " << (readings ? "" : to_string(readings.error()));
  return readings ? std::move(*readings) : std::vector<Reading>{};
}

bool close(double a, double b) {
  return a == b || std::abs(a - b) <= 1e-12 * std::max({1.0, std::abs(a), std::abs(b)});
}

enum class Alike { kValues, kValuesAndLimits };

void expect_alike(const Metric& m, const Reading& a, const Reading& b, Alike alike) {
  EXPECT_EQ(a.estimate.why, b.estimate.why) << m.name;
  EXPECT_TRUE(close(a.estimate.value, b.estimate.value))
      << m.name << ": " << a.estimate.value << " became " << b.estimate.value;
  if (alike == Alike::kValues) return;
  const auto expect_interval = [&](const Interval& x, const Interval& y, const char* which) {
    EXPECT_TRUE(close(x.low, y.low) && close(x.high, y.high))
        << m.name << ", " << which << ": " << x.low << " to " << x.high << " became " << y.low
        << " to " << y.high;
  };
  expect_interval({a.estimate.low, a.estimate.high}, {b.estimate.low, b.estimate.high}, "shown");
  ASSERT_EQ(a.family.has_value(), b.family.has_value()) << m.name;
  if (a.family) expect_interval(*a.family, *b.family, "family");
  ASSERT_EQ(a.open.has_value(), b.open.has_value()) << m.name;
  if (a.open) expect_interval({a.open->low, a.open->high}, {b.open->low, b.open->high}, "open");
}

/// Whose a reading is, among those of one metric: a point of a group's curve, or the one
/// comparison. `renamed` gives the old name of a group.
std::string whose(const Metric& m, const Reading& r,
                  const std::map<std::string, std::string>& renamed) {
  const auto name = [&](const Key& key) {
    std::string out;
    for (const auto& value : key) {
      const auto at = value ? renamed.find(*value) : renamed.end();
      out += at != renamed.end() ? at->second : value.value_or("?");
    }
    return out;
  };
  const bool of_a_group = r.group && !(m.comparison != nullptr && m.comparison->keeps_unit);
  std::string out = of_a_group ? name(*r.group) : "";
  if (r.between && m.needs_reference) {  // to the reference: one for each group, in either order
    std::set<std::string> pair{name(r.between->first), name(r.between->second)};
    for (const std::string& one : pair) out += one + '|';
  }
  for (const auto& [key, value] : r.at) out += key + '=' + value;
  return out;
}

using ByWhom = std::map<std::string, Reading>;

ByWhom by_whom(const Metric& m, const std::vector<Reading>& readings,
               const std::map<std::string, std::string>& renamed = {}) {
  ByWhom out;
  for (const Reading& r : readings) {
    const auto [at, is_new] = out.emplace(whose(m, r, renamed), r);
    EXPECT_TRUE(is_new) << m.name << ": two readings of " << at->first;
  }
  return out;
}

constexpr std::uint64_t kTables = 12;
constexpr std::array<Kept, 3> kAllKept{Kept::kIndependent, Kept::kWeighted, Kept::kClustered};

void repeat(Table& table, int times) {
  const std::vector<Row> rows = table.rows;
  for (int i = 1; i < times; ++i) table.rows.insert(table.rows.end(), rows.begin(), rows.end());
}

/// Every metric that declares the law, on tables and on what `change` makes of them.
template <class Change>
void expect_kept(Law law, Alike alike, std::uint64_t seed, Change change) {
  for (std::uint64_t i = 0; i < kTables; ++i) {
    Table table = random_table(seed + i, 2 + static_cast<std::uint32_t>(i % 4));
    // 30 copies of each row (the rows that an AUC asks for), so that none suffices by doubling.
    if (law == Law::kDoubledRows) repeat(table, 30);
    Table changed = table;
    change(changed);
    const Kept kept = law == Law::kWeightScale ? Kept::kWeighted : kAllKept[i % 3];
    const Held before(table, kept), after(changed, kept);
    for (const Metric& m : all()) {
      if (!m.laws.hold(law)) continue;
      const ByWhom a = by_whom(m, must_read(m, before.tallies(), options())),
                   b = by_whom(m, must_read(m, after.tallies(), options()));
      ASSERT_EQ(a.size(), b.size()) << m.name;
      for (const auto& [whom, reading] : a) {
        ASSERT_TRUE(b.contains(whom)) << m.name << ": " << whom;
        expect_alike(m, reading, b.at(whom), alike);
      }
    }
  }
}

TEST(MetricLaws, OrderOfRowsDoesNotMatter) {
  expect_kept(Law::kRowOrder, Alike::kValuesAndLimits, 100, [](Table& table) {
    Random random(17);
    for (std::size_t i = table.rows.size(); i > 1; --i) {
      std::swap(table.rows[i - 1], table.rows[random() % i]);
    }
  });
}

TEST(MetricLaws, ScaleOfSamplingWeightsDoesNotMatter) {
  for (const double scale : {3.0, 1e-4}) {
    expect_kept(Law::kWeightScale, Alike::kValuesAndLimits, 200, [&](Table& table) {
      for (Row& row : table.rows) row.person.weight *= scale;
    });
  }
}

TEST(MetricLaws, DoubledRowsKeepTheValue) {
  expect_kept(Law::kDoubledRows, Alike::kValues, 300, [](Table& table) { repeat(table, 2); });
}

/// Metrics on a table and on the same one with other names of its groups.
void expect_names_do_not_matter(const std::vector<std::string>& names, Alike alike,
                                std::uint64_t seed) {
  for (std::uint64_t i = 0; i < kTables; ++i) {
    const Table table = random_table(seed + i, static_cast<std::uint32_t>(names.size()));
    Table renamed = table;
    std::map<std::string, std::string> old_names;
    for (std::size_t g = 0; g < names.size(); ++g) {
      renamed.groups[g] = {names[g]};
      old_names[names[g]] = "g" + std::to_string(g);
    }
    const Held before(table, kAllKept[i % 3]), after(renamed, kAllKept[i % 3]);
    for (const Metric& m : all()) {
      if (!m.laws.hold(Law::kGroupNames)) continue;
      const ByWhom a = by_whom(m, must_read(m, before.tallies(), options())),
                   b = by_whom(m, must_read(m, after.tallies(), options(names[0])), old_names);
      ASSERT_EQ(a.size(), b.size()) << m.name;
      for (const auto& [whom, reading] : a) {
        ASSERT_TRUE(b.contains(whom)) << m.name << ": " << whom;
        expect_alike(m, reading, b.at(whom), alike);
      }
    }
  }
}

TEST(MetricLaws, NamesOfGroupsDoNotMatter) {
  expect_names_do_not_matter({"other0", "other1", "other2", "other3"}, Alike::kValuesAndLimits,
                             400);
}

TEST(MetricLaws, OrderOfGroupsDoesNotMatter) {
  expect_names_do_not_matter({"z", "y", "x", "w"}, Alike::kValues, 400);
}

TEST(MetricLaws, AGroupWithoutRowsIsUndefinedAndChangesNothing) {
  for (std::uint64_t i = 0; i < kTables; ++i) {
    const Table table = random_table(500 + i, 3);
    Table with_empty = table;
    with_empty.groups.push_back({"zz"});
    const Held before(table, kAllKept[i % 3]), after(with_empty, kAllKept[i % 3]);
    for (const Metric& m : all()) {
      if (!m.laws.hold(Law::kEmptyGroup)) continue;
      const ByWhom a = by_whom(m, must_read(m, before.tallies(), options()));
      for (const auto& [whom, reading] : by_whom(m, must_read(m, after.tallies(), options()))) {
        if (const auto at = a.find(whom); at != a.end()) {
          expect_alike(m, at->second, reading, Alike::kValuesAndLimits);
        } else {
          EXPECT_NE(whom.find("zz"), std::string::npos) << m.name << ": " << whom;
          EXPECT_EQ(reading.estimate.why, Undefined::kNoRows) << m.name;
        }
      }
    }
  }
}

TEST(MetricLaws, OneGroupLeavesComparisonsUndefined) {
  for (std::uint64_t i = 0; i < kTables; ++i) {
    const Held held(random_table(600 + i, 1), kAllKept[i % 3]);
    for (const Metric& m : all()) {
      if (!m.laws.hold(Law::kOneGroup)) continue;
      for (const Reading& r : must_read(m, held.tallies(), options())) {
        EXPECT_FALSE(r.estimate.defined()) << m.name << ": " << r.estimate.value;
      }
    }
  }
}

TEST(MetricLaws, NumbersAreFiniteOrderedAndHaveRowsOrAReason) {
  for (std::uint64_t i = 0; i < kTables; ++i) {
    const Held held(random_table(1 + i, 1 + static_cast<std::uint32_t>(i % 5)), kAllKept[i % 3]);
    for (const Metric& m : all()) {
      for (const Reading& r : must_read(m, held.tallies(), options())) {
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
        if (!r.open) continue;
        EXPECT_LE(r.open->low, r.open->lowest + 1e-9) << m.name;
        EXPECT_GE(r.open->high, r.open->highest - 1e-9) << m.name;
        // With scores, rows without a label bring theirs along: the value of the labelled rows may
        // lie outside.
        if (m.needs_score) continue;
        EXPECT_LE(r.open->lowest, r.estimate.value + 1e-9) << m.name;
        EXPECT_GE(r.open->highest, r.estimate.value - 1e-9) << m.name;
      }
    }
  }
}

/// A table with `rows` more rows, all alike, of people of whom the group is not known.
Table with_unknown(Table table, std::uint8_t label, std::uint8_t decision, int rows) {
  Row row;
  row.group = static_cast<std::uint32_t>(table.groups.size());
  row.label = label;
  row.decision = decision;
  row.person.score = 0.01;
  row.person.cluster = 100;
  table.groups.push_back({std::nullopt});
  table.rows.insert(table.rows.end(), static_cast<std::size_t>(rows), row);
  return table;
}

TEST(MetricLaws, AnUnknownGroupIsNeverTheBestNorTheWorst) {
  for (std::uint64_t i = 0; i < kTables; ++i) {
    const Table table = random_table(300 + i, 3);
    // Nobody unknown is selected, rightly or not.
    const Held before(table), after(with_unknown(table, 1, 0, 50));
    for (const Metric& m : all()) {
      const bool of_overall = m.name.find("overall") != std::string::npos;
      const bool of_each_group = m.measure != nullptr && m.comparison == nullptr;
      if (of_each_group || of_overall) continue;
      const ByWhom a = by_whom(m, must_read(m, before.tallies(), options())),
                   b = by_whom(m, must_read(m, after.tallies(), options()));
      ASSERT_FALSE(a.empty()) << m.name;
      for (const auto& [whom, reading] : a) {
        ASSERT_TRUE(b.contains(whom)) << m.name << ": " << whom;
        expect_alike(m, reading, b.at(whom), Alike::kValues);
      }
    }
  }
}

TEST(MetricLaws, AnUnknownGroupMayLackWhatAMetricNeeds) {
  // Unknown rows that have one label only, or one decision: some rates of theirs are undefined.
  for (const std::uint8_t label : {std::uint8_t{0}, std::uint8_t{1}}) {
    for (const std::uint8_t decision : {std::uint8_t{0}, std::uint8_t{1}}) {
      const Held held(with_unknown(random_table(8, 3), label, decision, 9));
      for (const Metric& m : all()) {
        EXPECT_FALSE(must_read(m, held.tallies(), options()).empty()) << m.name;
      }
    }
  }
}

TEST(MetricLaws, ComplementsAddUpToOne) {
  const struct {
    const Measure &one, &other;
  } pairs[] = {{true_positive_rate, false_negative_rate},
               {false_positive_rate, true_negative_rate},
               {precision, false_discovery_rate},
               {negative_predictive_value, false_omission_rate},
               {accuracy, error_rate}};
  for (std::uint64_t i = 0; i < kTables; ++i) {
    const Held held(random_table(800 + i, 4), kAllKept[i % 3]);
    for (const auto& pair : pairs) {
      const auto a = *pair.one.measure(held.tallies(), options()),
                 b = *pair.other.measure(held.tallies(), options());
      for (std::size_t g = 0; g < a.size(); ++g) {
        EXPECT_EQ(a[g].defined(), b[g].defined());
        if (!a[g].defined()) continue;
        EXPECT_NEAR(a[g].value + b[g].value, 1, 1e-15) << pair.one.name;
      }
    }
  }
}

TEST(MetricLaws, WidestGapIsThatOfTheSlowTwin) {
  for (std::uint64_t i = 0; i < kTables; ++i) {
    const Table table = random_table(900 + i, 5);
    const Held held(table);
    std::array<double, 5> selected{}, decided{};
    for (const Row& row : table.rows) {  // count selected over decided, by hand
      selected[row.group] += row.decision == 1 ? 1 : 0;
      decided[row.group] += row.decision != kMissingClass ? 1 : 0;
    }
    double least = 2, most = -1;
    for (std::size_t g = 0; g < 5; ++g) {
      if (decided[g] == 0) continue;
      least = std::min(least, selected[g] / decided[g]);
      most = std::max(most, selected[g] / decided[g]);
    }
    const auto r = must_read(*find("demographic_parity_difference"), held.tallies(), options());
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
