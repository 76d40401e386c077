// Suppression is held against an attacker: somebody who adds and subtracts what is shown until
// nothing new comes out, and must not reach a cell of 1 to 10 rows.
#include "evenhand/report/suppress.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"
#include "evenhand/report/compas_test_record.h"

namespace evenhand::report {
namespace {

record::Group group(const std::string& attribute, const std::string& value) {
  return {{attribute, value}};
}

bool hides(const Suppression& s, const std::string& race, Kind kind) {
  return s.hides(group("race", race), kind);
}

TEST(Suppression, HidesSmallCellsOfCompasAndThoseThatWouldTellThem) {
  const record::Record record = compas();
  const Suppression s(record);
  // Asian: 8 of 32 selected. Native American: 12 of 18, so 6 were not.
  EXPECT_TRUE(hides(s, "Asian", Kind::kDecision));
  EXPECT_TRUE(hides(s, "Native American", Kind::kDecision));
  // Together 20 selected and 30 not: nothing more has to go.
  EXPECT_FALSE(hides(s, "Other", Kind::kDecision));
  // With labels, the two have 5 false positives and 4 false negatives together: the next smallest
  // goes, too.
  EXPECT_TRUE(hides(s, "Other", Kind::kBoth));
  EXPECT_FALSE(hides(s, "Hispanic", Kind::kBoth));
  EXPECT_FALSE(hides(s, "Caucasian", Kind::kBoth));
  // All groups have 11 rows and more.
  EXPECT_FALSE(hides(s, "Native American", Kind::kSize));
  EXPECT_FALSE(s.hides(group("sex", "Female"), Kind::kBoth));
  EXPECT_FALSE(s.hides({}, Kind::kBoth));
}

TEST(Suppression, HidesTheNextSmallestWhenOneAloneIsSmall) {
  record::Record record;
  add_sheet(record, "race", {{"A", 300, 300, 300, 300}, {"B", 40, 40, 40, 40}, {"C", 2, 2, 2, 2}});
  const Suppression s(record);
  EXPECT_TRUE(hides(s, "C", Kind::kSize));
  EXPECT_TRUE(hides(s, "B", Kind::kSize));
  EXPECT_TRUE(hides(s, "B", Kind::kBoth));
  EXPECT_FALSE(hides(s, "A", Kind::kSize));
}

TEST(Suppression, HidesTheTotalWhenItsOnlyPartIsSmall) {
  record::Record record;
  add_sheet(record, "race", {{"A", 2, 2, 2, 200}});
  const Suppression s(record);
  EXPECT_TRUE(hides(s, "A", Kind::kBoth));
  EXPECT_TRUE(s.hides({}, Kind::kBoth));
}

TEST(Suppression, ShowsAnEmptyCellOfALargeGroup) {
  // That none of 500 was chosen is a finding, not a person.
  record::Record record;
  add_sheet(record, "race", {{"A", 0, 0, 250, 250}, {"B", 100, 100, 100, 100}});
  const Suppression s(record);
  EXPECT_FALSE(hides(s, "A", Kind::kBoth));
  EXPECT_FALSE(hides(s, "A", Kind::kDecision));
}

TEST(Suppression, AFindingWithoutATallyIsHiddenByItsOwnRows) {
  record::Record record;
  record.findings = {
      share("selection_rate", "race", "A", 5, 10), share("selection_rate", "race", "B", 5, 100),
      share("selection_rate", "race", "C", 50, 100), share("selection_rate", "race", "D", 0, 100)};
  const Suppression s(record);
  EXPECT_TRUE(s.hides(record.findings[0], nullptr));
  EXPECT_TRUE(s.hides(record.findings[1], nullptr));
  EXPECT_FALSE(s.hides(record.findings[2], nullptr));
  EXPECT_FALSE(s.hides(record.findings[3], nullptr));
}

TEST(Suppression, AComparisonIsHiddenWithEitherOfItsGroups) {
  record::Record record = compas();
  record.findings.push_back(
      gap("selection_rate_difference", "race", "Caucasian", "African-American", .24, .2, .3, 6150));
  const Suppression s(record);
  metric::Metric decisions;
  decisions.needs_decision = true;
  EXPECT_FALSE(s.hides(record.findings.back(), &decisions));
  EXPECT_TRUE(s.hides(record.findings[record.findings.size() - 2], &decisions));  // Native American
}

TEST(Suppression, ASmallPointOfACurveTakesTheNextSmallestAlong) {
  record::Record record;
  add_sheet(record, "race", {{"A", 300, 300, 300, 300}});
  for (const auto& [where, rows] :
       {std::pair{"0.0 to 0.1", 5}, {"0.1 to 0.2", 60}, {"0.2 to 0.3", 500}}) {
    record.findings.push_back(share("reliability", "race", "A", rows / 2, rows));
    record.findings.back().at = {{"score", where}};
  }
  const Suppression s(record);
  metric::Metric reliability;
  reliability.needs_label = reliability.needs_score = true;
  EXPECT_TRUE(s.hides(record.findings[0], &reliability));
  EXPECT_TRUE(s.hides(record.findings[1], &reliability));
  EXPECT_FALSE(s.hides(record.findings[2], &reliability));
}

// ---- the attacker ----

using Values = std::map<std::string, std::optional<std::int64_t>>;  // node -> count, if known

/// One kind of one table: counts of all nodes, and which of them are shown.
struct Table {
  std::map<std::string, std::int64_t> truth;  // "A|x", "A|", "|x", "|"
  std::map<std::string, bool> shown;
};

/// Totals and their parts: every row, every column, both margins.
std::vector<std::pair<std::string, std::vector<std::string>>> lines(int a, int b) {
  const auto node = [](int i, int j) {
    return (i < 0 ? "" : "r" + std::to_string(i)) + "|" + (j < 0 ? "" : "c" + std::to_string(j));
  };
  std::vector<std::pair<std::string, std::vector<std::string>>> out;
  std::vector<std::string> rows, columns, all;
  for (int i = 0; i < a; ++i) {
    std::vector<std::string> parts;
    for (int j = 0; j < b; ++j) parts.push_back(node(i, j));
    all.insert(all.end(), parts.begin(), parts.end());
    out.emplace_back(node(i, -1), parts);
    rows.push_back(node(i, -1));
  }
  for (int j = 0; j < b; ++j) {
    std::vector<std::string> parts;
    for (int i = 0; i < a; ++i) parts.push_back(node(i, j));
    out.emplace_back(node(-1, j), parts);
    columns.push_back(node(-1, j));
  }
  out.emplace_back("|", rows);
  out.emplace_back("|", columns);
  out.emplace_back("|", all);
  return out;
}

/// What can be worked out, one line at a time, until nothing new comes.
Values work_out(const Table& table, int a, int b) {
  Values known;
  for (const auto& [node, n] : table.truth)
    known[node] = table.shown.at(node) ? std::optional(n) : std::nullopt;
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [total, parts] : lines(a, b)) {
      std::vector<std::string> open;
      std::int64_t sum = 0;
      for (const std::string& p : parts) {
        if (known[p])
          sum += *known[p];
        else
          open.push_back(p);
      }
      if (open.empty() && !known[total]) known[total] = sum, changed = true;
      if (open.size() == 1 && known[total]) known[open[0]] = *known[total] - sum, changed = true;
    }
  }
  return known;
}

record::Group group_of(const std::string& node) {
  record::Group out;
  const std::size_t bar = node.find('|');
  if (bar > 0) out["a"] = node.substr(0, bar);
  if (bar + 1 < node.size()) out["b"] = node.substr(bar + 1);
  return out;
}

TEST(Suppression, AnAttackerWhoSubtractsLineByLineReachesNoSmallCell) {
  std::mt19937 random(7);
  int hidden = 0, shown = 0;
  for (int round = 0; round < 300; ++round) {
    const int a = 2 + static_cast<int>(random() % 4), b = 2 + static_cast<int>(random() % 4);
    record::Record record;
    record::Sheet sheet = {{"tally", "confusion"},
                           {"by", {"a", "b"}},
                           {"strata", record::Sheet::array()},
                           {"columns", {"a", "b", "label", "decision", "n"}},
                           {"cells", record::Sheet::array()}};
    std::map<std::string, std::map<std::string, std::int64_t>> truth;  // cell "y|d" -> node -> rows
    for (int i = 0; i < a; ++i) {
      for (int j = 0; j < b; ++j) {
        const std::string row = "r" + std::to_string(i), column = "c" + std::to_string(j);
        for (const std::string cell : {"0|0", "0|1", "1|0", "1|1"}) {
          const std::int64_t n = random() % 4 == 0 ? random() % 20 : 11 + random() % 300;
          if (n == 0) continue;
          sheet["cells"].push_back({row, column, cell[0] - '0', cell[2] - '0', n});
          for (const std::string& node :
               {row + "|" + column, row + "|", "|" + column, std::string("|")}) {
            truth[cell][node] += n;
            truth["rows"][node] += n;
            truth[std::string("label ") + cell[0]][node] += n;
            truth[std::string("decision ") + cell[2]][node] += n;
          }
        }
      }
    }
    record.tallies = {sheet};
    record.findings = {share("x", "a", "r0", 50, 100),
                       share("x", "b", "c0", 50, 100)};  // asks for both margins
    const Suppression s(record);
    for (const auto& [name, counts] : truth) {
      const Kind kind = name == "rows"              ? Kind::kSize
                        : name.starts_with("label") ? Kind::kLabel
                        : name.starts_with("dec")   ? Kind::kDecision
                                                    : Kind::kBoth;
      Table table;
      for (const auto& [total, parts] : lines(a, b)) {
        for (const std::string& node : parts) table.truth[node];
        table.truth[total];
      }
      for (auto& [node, n] : table.truth) {
        const auto found = counts.find(node);
        n = found == counts.end() ? 0 : found->second;
        table.shown[node] = !truth["rows"].contains(node) || !s.hides(group_of(node), kind);
        ++(table.shown[node] ? shown : hidden);
      }
      for (const auto& [node, n] : work_out(table, a, b)) {
        EXPECT_FALSE(n && *n > 0 && *n < kSmallest)
            << name << " of " << node << " in round " << round;
      }
    }
  }
  // The test means something: much is hidden, and more is shown.
  EXPECT_GT(hidden, 1000);
  EXPECT_GT(shown, hidden / 4);
}

// Groups A, B, C of 300 rows and more. From `old` to `new` 40 come in and 50 leave in A, in B 30
// and 20, in C 5 and 60: C's are few, so B, the next smallest, goes along.
TEST(Suppression, HidesAChangeOfFewRowsAndTheNextSmallestGroup) {
  record::Record record;
  record.operation = "compare run";
  record::Sheet sheet = {{"tally", "crosstab"},
                         {"by", {"race", "= label", "= old", "= new"}},
                         {"strata", record::Sheet::array()},
                         {"columns", {"race", "= label", "= old", "= new", "n"}},
                         {"cells", record::Sheet::array()}};
  const auto add = [&](const char* race, const char* before, const char* after, int n) {
    sheet["cells"].push_back({race, nullptr, before, after, n});
  };
  add("A", "0", "0", 300), add("A", "0", "1", 40), add("A", "1", "0", 50), add("A", "1", "1", 300);
  add("B", "0", "0", 100), add("B", "0", "1", 30), add("B", "1", "0", 20), add("B", "1", "1", 150);
  add("C", "0", "0", 100), add("C", "0", "1", 5), add("C", "1", "0", 60), add("C", "1", "1", 100);
  record.tallies = {sheet};
  const auto finding = [](const char* metric, const char* race, const char* axis, const char* at) {
    record::Finding f;
    f.metric = metric;
    f.by = {"race"};
    f.group = group("race", race);
    f.at = {{axis, at}};
    f.value = 0.1;
    f.rows = 300;
    return f;
  };
  for (const char* race : {"A", "B", "C"}) {
    record.findings.push_back(finding("selection_rate_change", race, "change", "old to new"));
    record.findings.push_back(finding("selection_rate", race, "decision", "new"));
  }
  const Suppression s(record);
  const auto hidden = [&](std::size_t i) {
    return s.hides(record.findings[i], metric::find(record.findings[i].metric));
  };
  EXPECT_FALSE(hidden(0));  // the change in A
  EXPECT_TRUE(hidden(2));   // in B
  EXPECT_TRUE(hidden(4));   // in C
  for (const std::size_t rate : {1U, 3U, 5U}) EXPECT_FALSE(hidden(rate)) << rate;
}

/// A rate and its rows under a rule, as the record of a policy has them.
record::Finding under_rule(const char* metric, const char* race, int part, int rows) {
  record::Finding f = share(metric, *race == 0 ? "" : "race", race, part, rows);
  f.at = {{"rule", "plain"}, {"rows", "held_out"}};
  return f;
}

// 4 of the 200 rows of C are selected. A gap of B to C beside the rate of B would tell it; so would
// everybody's rate beside those of A and B.
TEST(Suppression, AGapUnderARuleIsHiddenWithEitherOfItsGroups) {
  record::Record record;
  record.operation = "adjust fit";
  record.findings = {
      under_rule("selection_rate", "", 544, 1700), under_rule("selection_rate", "A", 400, 1000),
      under_rule("selection_rate", "B", 140, 500), under_rule("selection_rate", "C", 4, 200)};
  for (const auto& [lower, higher] : {std::pair{"C", "A"}, {"B", "A"}, {"C", "B"}}) {
    record.findings.push_back(
        gap("selection_rate_difference", "race", lower, higher, 0.38, 0.3, 0.4, 1200));
    record.findings.back().at = record.findings.front().at;
  }
  const Suppression s(record);
  const auto hidden = [&](std::size_t i) {
    return s.hides(record.findings[i], metric::find(record.findings[i].metric));
  };
  EXPECT_FALSE(hidden(0));
  EXPECT_FALSE(hidden(1));
  EXPECT_TRUE(hidden(2));  // the next smallest, or C could be subtracted
  EXPECT_TRUE(hidden(3));
  EXPECT_TRUE(hidden(4));
  EXPECT_TRUE(hidden(5));
  EXPECT_TRUE(hidden(6));
}

// 100 of A's rows have the favourable label, 4 of them are selected; of the other 100, 50 are. The
// rate of all, 54 of 200, less the 50 would tell the 4.
TEST(Suppression, RatesUnderARuleAreCellsOfOneTable) {
  record::Record record;
  record.operation = "adjust fit";
  record.findings = {under_rule("selection_rate", "A", 54, 200),
                     under_rule("true_positive_rate", "A", 4, 100),
                     under_rule("false_positive_rate", "A", 50, 100)};
  const Suppression s(record);
  EXPECT_FALSE(s.hides(record.findings[0], metric::find("selection_rate")));
  EXPECT_TRUE(s.hides(record.findings[1], metric::find("true_positive_rate")));
  EXPECT_TRUE(s.hides(record.findings[2], metric::find("false_positive_rate")));
}

}  // namespace
}  // namespace evenhand::report
