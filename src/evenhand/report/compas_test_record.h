// For tests: a record like one of evaluate, from the COMPAS counts that ProPublica published (two
// years, 7,214 people; favourable here is "high risk" and "recidivism", as in the published table).
// Shares are computed from the counts by division, intervals by Wilson's formula.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/metric/intervals.h"
#include "evenhand/record/record.h"

namespace evenhand::report {

/// Rows by label and decision.
struct CompasCounts {
  std::string group;
  std::int64_t tp, fp, fn, tn;
};

inline const std::vector<CompasCounts>& compas_by_race() {
  static const std::vector<CompasCounts> counts{
      {"African-American", 1369, 805, 532, 990}, {"Asian", 6, 2, 3, 21},
      {"Caucasian", 505, 349, 461, 1139},        {"Hispanic", 103, 87, 129, 318},
      {"Native American", 9, 3, 1, 5},           {"Other", 43, 36, 90, 208}};
  return counts;
}

inline const std::vector<CompasCounts>& compas_by_sex() {
  static const std::vector<CompasCounts> counts{{"Female", 303, 288, 195, 609},
                                                {"Male", 1732, 994, 1021, 2072}};
  return counts;
}

inline record::Finding share(const std::string& metric, const std::string& by,
                             const std::string& group, std::int64_t part, std::int64_t rows) {
  record::Finding f;
  f.metric = metric;
  if (!by.empty()) f.by = {by};
  f.group = by.empty() ? record::Group{} : record::Group{{by, group}};
  f.rows = rows;
  f.unit = "share in [0,1]";
  f.from = "tally";
  if (rows == 0) {
    f.why = "no_rows";
    return f;
  }
  const auto x = static_cast<double>(part), n = static_cast<double>(rows);
  const metric::Interval limits = metric::wilson(x, n, 0.95);
  f.value = x / n;
  f.low = limits.low;
  f.high = limits.high;
  return f;
}

inline void add_group(record::Record& record, const std::string& by, const CompasCounts& c) {
  const std::int64_t rows = c.tp + c.fp + c.fn + c.tn;
  record.findings.push_back(share("selection_rate", by, c.group, c.tp + c.fp, rows));
  record.findings.push_back(share("true_positive_rate", by, c.group, c.tp, c.tp + c.fn));
  record.findings.push_back(share("false_positive_rate", by, c.group, c.fp, c.fp + c.tn));
}

inline void add_sheet(record::Record& record, const std::string& by,
                      const std::vector<CompasCounts>& counts) {
  record::Sheet sheet;
  sheet["tally"] = "confusion";
  sheet["by"] = std::vector<std::string>{by};
  sheet["strata"] = std::vector<std::string>{};
  sheet["columns"] = {by, "label", "decision", "n"};
  sheet["cells"] = record::Sheet::array();
  for (const CompasCounts& c : counts) {
    const std::array<std::pair<std::array<int, 2>, std::int64_t>, 4> cells{
        {{{0, 0}, c.tn}, {{0, 1}, c.fp}, {{1, 0}, c.fn}, {{1, 1}, c.tp}}};
    for (const auto& [place, n] : cells) {
      if (n > 0) sheet["cells"].push_back({c.group, place[0], place[1], n});
    }
  }
  record.tallies.push_back(std::move(sheet));
}

/// A gap with its interval and a bound of at most `at_most` (nothing when empty).
inline record::Finding gap(const std::string& metric, const std::string& by,
                           const std::string& lower, const std::string& higher, double value,
                           double low, double high, std::int64_t rows,
                           const std::string& at_most = "",
                           record::Verdict verdict = record::Verdict::kMet) {
  record::Finding f;
  f.metric = metric;
  f.by = {by};
  f.between = std::pair(record::Group{{by, lower}}, record::Group{{by, higher}});
  f.value = value;
  f.low = low;
  f.high = high;
  f.rows = rows;
  f.unit = "difference of shares, >= 0; 0 is parity";
  f.from = "tally";
  if (at_most.empty()) return f;
  f.bound = record::Bound{};
  f.bound->at_most = at_most;
  f.family_low = low < 0.02 ? 0 : low - 0.02;
  f.family_high = high + 0.02;
  f.verdict = verdict;
  return f;
}

/// Gaps between people of the two sexes, and of all races (the widest of which stands on 18 rows).
inline void add_gaps(record::Record& record) {
  using record::Verdict;
  record.findings.push_back(gap("selection_rate_difference", "sex", "Female", "Male", 0.0448095,
                                0.0157, 0.0735, 7214, "0.1", Verdict::kMet));
  record.findings.push_back(gap("true_positive_rate_difference", "sex", "Female", "Male", 0.0206981,
                                0, 0.0684, 3251, "0.05", Verdict::kCannotTell));
  record.findings.back().rows_needed = 51234;
  record.findings.push_back(gap("selection_rate_difference", "race", "Other", "Native American",
                                0.4571176, 0.2, 0.63, 395, "0.1", Verdict::kBroken));
}

inline record::Record compas() {
  record::Record out;
  out.operation = "evaluate run";
  out.options = {{"level", 0.95},        {"label", "two_year_recid"}, {"decision", "high_risk"},
                 {"interval", "wilson"}, {"cluster", nullptr},        {"convention", "evenhand"}};
  out.inputs = {{"compas-scores-two-years.csv", 7214, 0, 2546489,
                 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}};
  out.code_version = "0.1.0";
  add_group(out, "", {"", 2035, 1282, 1216, 2681});
  for (const CompasCounts& c : compas_by_sex()) add_group(out, "sex", c);
  for (const CompasCounts& c : compas_by_race()) add_group(out, "race", c);
  add_gaps(out);
  add_sheet(out, "sex", compas_by_sex());
  add_sheet(out, "race", compas_by_race());
  out.left_out = {{"group race=Asian in auc", "too few rows in the denominator", 32}};
  return out;
}

}  // namespace evenhand::report
