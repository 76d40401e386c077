// What the audit claims of itself, by simulation: a tolerance is not met by a population that lies
// on or beyond it more often than said, and intervals of effects cover.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/base/rows.h"
#include "evenhand/data/audit_judged.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/baseline.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/judge.h"
#include "evenhand/tally/confusion.h"
#include "evenhand/tally/crosstab.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using metric::Baseline;
using metric::Metric;
using metric::Reading;
using tally::Crosstab;
using tally::Groups;

constexpr double kFine = 0x1p50;

std::vector<std::int64_t> drawn(const std::vector<double>& shares, std::int64_t rows,
                                Random& random) {
  std::vector<std::int64_t> weights, out(shares.size());
  for (const double p : shares) weights.push_back(std::llround(p * kFine));
  metric::draw_multinomial(weights, rows, random, out);
  return out;
}

Crosstab counted(const std::vector<std::int64_t>& rows) {
  Crosstab out(Groups{{"g"}, {}, {}});
  for (std::size_t g = 0; g < rows.size(); ++g) {
    const auto at = out.group({std::to_string(g)});
    if (rows[g] > 0) {
      EXPECT_TRUE(out.add_cell({at, rows[g], 0, 0}));
    }
  }
  return out;
}

Reading read_one(const Metric& m, const std::vector<std::int64_t>& rows, const Baseline& baseline,
                 double family = 0) {
  const Crosstab counts = counted(rows);
  const Groups groups = counts.groups();
  metric::Tallies t;
  t.groups = &groups;
  t.crosstab = &counts;
  t.baseline = &baseline;
  metric::ReadOptions o;
  o.family_level = family;
  const auto readings = metric::read(m, t, o);
  EXPECT_TRUE(readings);
  return readings->front();
}

Baseline known(const std::vector<double>& shares) {
  Baseline out;
  for (const double b : shares) out.shares.emplace_back(b);
  return out;
}

metric::Verdict verdict(const Reading& r) {
  return metric::judge(r, metric::Parts::kNone,
                       {metric::Side::kAtMost, *metric::decimal("0.02"), false});
}

constexpr int kRuns = 1'000;

/// The most that a test of error alpha may err in kRuns runs: three standard errors above it.
double most(double alpha) { return alpha + 3 * std::sqrt(alpha * (1 - alpha) / kRuns); }

struct Place {
  std::vector<double> truth, baseline;
  std::int64_t rows;
};

// One group lies just on the tolerance, the others within: where "within" is easiest to say
// wrongly.
const std::vector<Place>& on_the_edge() {
  static const std::vector<Place> places{
      {{0.52, 0.48}, {0.50, 0.50}, 20'000},
      {{0.07, 0.93}, {0.05, 0.95}, 3'000},
      {{0.03, 0.49, 0.48}, {0.05, 0.48, 0.47}, 2'000},
      {{0.22, 0.20, 0.20, 0.19, 0.19}, {0.20, 0.20, 0.20, 0.20, 0.20}, 30'000}};
  return places;
}

TEST(Balance, IsClaimedOfAnImbalanceNoMoreOftenThanSaid) {
  for (const Place& place : on_the_edge()) {
    const Baseline baseline = known(place.baseline);
    int wrong = 0;
    for (int run = 0; run < kRuns; ++run) {
      Random random(11, static_cast<std::uint64_t>(run));
      const Reading r = read_one(metric::largest_representation_gap,
                                 drawn(place.truth, place.rows, random), baseline, 0.95);
      wrong += verdict(r) == metric::Verdict::kMet ? 1 : 0;
    }
    EXPECT_LE(wrong, most(0.05) * kRuns) << place.rows;
  }
}

TEST(Balance, IsClaimedOfABalanceWhenTheRowsSuffice) {
  int met = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random(12, static_cast<std::uint64_t>(run));
    const Reading r = read_one(metric::largest_representation_gap,
                               drawn({0.5, 0.5}, 20'000, random), known({0.5, 0.5}), 0.95);
    met += verdict(r) == metric::Verdict::kMet ? 1 : 0;
  }
  EXPECT_GE(met, 990);
}

TEST(Balance, AnImbalanceBeyondTheToleranceIsClaimedOfABalanceNoMoreOftenThanSaid) {
  for (const Place& place : on_the_edge()) {
    const Baseline baseline = known(place.baseline);
    int wrong = 0;
    for (int run = 0; run < kRuns; ++run) {
      Random random(13, static_cast<std::uint64_t>(run));
      const Reading r = read_one(metric::largest_representation_gap,
                                 drawn(place.truth, place.rows, random), baseline, 0.95);
      wrong += verdict(r) == metric::Verdict::kBroken ? 1 : 0;
    }
    EXPECT_LE(wrong, most(0.05) * kRuns) << place.rows;
  }
}

// A baseline that is a sample: the population behind it lies on the edge, both are drawn.
TEST(Balance, KeepsItsSizeAgainstASampledBaseline) {
  for (const Place& place : on_the_edge()) {
    int wrong = 0;
    for (int run = 0; run < kRuns; ++run) {
      Random random(14, static_cast<std::uint64_t>(run));
      const auto there = drawn(place.baseline, place.rows, random);
      Baseline baseline;
      for (const std::int64_t n : there) {
        baseline.rows.push_back(static_cast<double>(n));
        baseline.shares.emplace_back(static_cast<double>(n) / static_cast<double>(place.rows));
      }
      const Reading r = read_one(metric::largest_representation_gap,
                                 drawn(place.truth, place.rows, random), baseline, 0.95);
      wrong += verdict(r) == metric::Verdict::kMet ? 1 : 0;
    }
    EXPECT_LE(wrong, most(0.05) * kRuns) << place.rows;
  }
}

double w_of(const Place& place) {
  double sum = 0;
  for (std::size_t g = 0; g < place.truth.size(); ++g) {
    const double off = place.truth[g] - place.baseline[g];
    sum += off * off / place.baseline[g];
  }
  return std::sqrt(sum);
}

// The last two have a rare group with many times its share, where the noncentral distribution alone
// is too narrow.
TEST(EffectOfDeviation, IntervalsCoverTheTrueEffect) {
  const std::vector<Place> places{{{0.5, 0.5}, {0.5, 0.5}, 300},
                                  {{0.6, 0.4}, {0.5, 0.5}, 300},
                                  {{0.3, 0.3, 0.2, 0.2}, {0.25, 0.25, 0.25, 0.25}, 500},
                                  {{0.9, 0.1}, {0.5, 0.5}, 200},
                                  {{0.3, 0.7}, {0.1, 0.9}, 400},
                                  {{0.2, 0.2, 0.6}, {0.02, 0.3, 0.68}, 1'000}};
  for (const Place& place : places) {
    const Baseline baseline = known(place.baseline);
    const double truth = w_of(place);
    int covered = 0;
    for (int run = 0; run < kRuns; ++run) {
      Random random(15, static_cast<std::uint64_t>(run));
      const Reading r =
          read_one(metric::cohens_w, drawn(place.truth, place.rows, random), baseline);
      covered += r.estimate.low <= truth + 1e-12 && truth <= r.estimate.high ? 1 : 0;
    }
    EXPECT_GE(covered, bar(0.95, kRuns) * kRuns) << truth;
  }
}

/// Cramer's V of a table of shares with two columns: the smaller side is 2.
double v_of(const std::vector<double>& p, std::size_t columns) {
  std::vector<double> row(p.size() / columns), column(columns);
  for (std::size_t k = 0; k < p.size(); ++k) row[k / columns] += p[k], column[k % columns] += p[k];
  double phi2 = 0;
  for (std::size_t k = 0; k < p.size(); ++k) {
    const double e = row[k / columns] * column[k % columns];
    phi2 += (p[k] - e) * (p[k] - e) / e;
  }
  return std::sqrt(phi2 / static_cast<double>(std::min(row.size(), columns) - 1));
}

metric::Verdict nearly_independent(const std::vector<std::int64_t>& rows, std::size_t columns,
                                   double alpha) {
  Crosstab pairs(Groups{{"a", "b"}, {}, {}});
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto at = pairs.group({std::to_string(k / columns), std::to_string(k % columns)});
    if (rows[k] > 0) {
      EXPECT_TRUE(pairs.add_cell({at, rows[k], 0, 0}));
    }
  }
  const Groups groups = pairs.groups();
  metric::Tallies t;
  t.groups = &groups;
  t.pairs = &pairs;
  metric::ReadOptions o;
  o.family_level = 1 - alpha;
  const auto r = metric::read(metric::cramers_v, t, o);
  EXPECT_TRUE(r);
  return metric::judge(r->front(), metric::Parts::kNone,
                       {metric::Side::kAtMost, *metric::decimal("0.1"), false});
}

/// How often tables of these shares are given the verdict.
int times(metric::Verdict verdict, const std::vector<double>& p, std::int64_t rows,
          std::size_t columns, std::uint64_t seed) {
  int out = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random(seed, static_cast<std::uint64_t>(run));
    out += nearly_independent(drawn(p, rows, random), columns, 0.05) == verdict ? 1 : 0;
  }
  return out;
}

/// Margins, and where association goes: p(i,j) = row(i) column(j) + t along(i,j).
struct Edge {
  std::vector<double> row, column, along;
};

/// The table whose V is just 0.1.
std::vector<double> on_the_edge(const Edge& e) {
  const auto at = [&](double t) {
    std::vector<double> p;
    for (std::size_t k = 0; k < e.along.size(); ++k) {
      p.push_back(e.row[k / e.column.size()] * e.column[k % e.column.size()] + t * e.along[k]);
    }
    return p;
  };
  double low = 0, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (v_of(at(middle), e.column.size()) < 0.1 ? low : high) = middle;
  }
  return at(low);
}

// The second to fourth have a rare group that goes with a rare value, where chance is larger than
// the noncentral distribution says: with the inflation of the table that was found, instead of that
// at the limit, "near independence" was claimed of them in 6 to 9 % of samples.
const std::vector<Edge>& edges() {
  static const std::vector<Edge> all{
      {{0.5, 0.5}, {0.5, 0.5}, {1, -1, -1, 1}},
      {{0.9, 0.1}, {0.9, 0.1}, {1, -1, -1, 1}},
      {{0.95, 0.05}, {0.9, 0.1}, {1, -1, -1, 1}},
      {{0.7, 0.2, 0.1}, {0.6, 0.3, 0.1}, {0, 1, -1, 0, -1, 1, 0, 0, 0}},
      {{0.7, 0.2, 0.07, 0.03}, {0.75, 0.25}, {1, -1, 0, 0, 0, 0, -1, 1}},
      {{0.2, 0.2, 0.2, 0.2, 0.2}, {0.5, 0.5}, {1, -1, -1, 1, 0, 0, 0, 0, 0, 0}}};
  return all;
}

TEST(NearIndependence, IsClaimedOfAnAssociationNoMoreOftenThanSaid) {
  for (const Edge& edge : edges()) {
    const std::vector<double> p = on_the_edge(edge);
    for (const std::int64_t rows : {50, 300, 600, 1'500, 5'000}) {
      const int wrong = times(metric::Verdict::kMet, p, rows, edge.column.size(), 19);
      EXPECT_LE(wrong, most(0.05) * kRuns) << edge.row[0] << ' ' << edge.column[0] << ' ' << rows;
    }
  }
}

TEST(NearIndependence, AnAssociationBeyondTheToleranceIsClaimedNoMoreOftenThanSaid) {
  for (const Edge& edge : edges()) {
    const std::vector<double> p = on_the_edge(edge);
    for (const std::int64_t rows : {600, 1'500, 5'000}) {
      const int wrong = times(metric::Verdict::kBroken, p, rows, edge.column.size(), 20);
      EXPECT_LE(wrong, most(0.05) * kRuns) << edge.row[0] << ' ' << edge.column[0] << ' ' << rows;
    }
  }
}

TEST(NearIndependence, IsClaimedOfIndependenceWhenTheRowsSuffice) {
  for (const Edge& edge : edges()) {
    std::vector<double> p;
    for (const double r : edge.row) {
      for (const double c : edge.column) p.push_back(r * c);
    }
    const int met = times(metric::Verdict::kMet, p, 8'000, edge.column.size(), 21);
    EXPECT_GE(met, 990) << edge.row[0] << ' ' << edge.column[0];
  }
}

// Rates of labels by group whose widest gap lies just on the tolerance.
TEST(NearEqualityOfLabels, IsClaimedOfAGapNoMoreOftenThanSaid) {
  const struct {
    std::vector<double> rates;
    std::vector<std::int64_t> rows;
  } places[] = {{{0.50, 0.55}, {6'000, 6'000}},
                {{0.02, 0.07}, {4'000, 400}},
                {{0.50, 0.525, 0.55}, {5'000, 8'000, 5'000}},
                {{0.30, 0.30, 0.30, 0.30, 0.35}, {4'000, 4'000, 4'000, 4'000, 4'000}}};
  const metric::Metric& gap = *metric::find("base_rate_difference");
  for (const auto& place : places) {
    int wrong = 0;
    for (int run = 0; run < kRuns; ++run) {
      Random random(22, static_cast<std::uint64_t>(run));
      tally::Confusion labels(Groups{{"g"}, {}, {}});
      for (std::size_t g = 0; g < place.rates.size(); ++g) {
        const auto at = labels.group({std::to_string(g)});
        const auto n = drawn({1 - place.rates[g], place.rates[g]}, place.rows[g], random);
        for (const std::uint8_t label : {std::uint8_t{0}, std::uint8_t{1}}) {
          if (n[label] == 0) continue;
          EXPECT_TRUE(labels.add_cell({at, label, kMissingClass, n[label], 0, 0}));
        }
      }
      const Groups groups = labels.groups();
      metric::Tallies t;
      t.groups = &groups;
      t.confusion = &labels;
      const auto r = data::widest_gap_judged(gap, t, {}, 0.05);
      ASSERT_TRUE(r);
      wrong += metric::judge(*r, metric::Parts::kNone,
                             {metric::Side::kAtMost, *metric::decimal("0.05"), false}) ==
                       metric::Verdict::kMet
                   ? 1
                   : 0;
    }
    EXPECT_LE(wrong, most(0.05) * kRuns) << place.rates.front();
  }
}

TEST(EffectOfAssociation, IntervalsCoverTheTrueEffect) {
  const std::vector<std::vector<double>> tables{{0.25, 0.25, 0.25, 0.25},
                                                {0.30, 0.20, 0.20, 0.30},
                                                {0.45, 0.05, 0.05, 0.45},
                                                {0.05, 0.05, 0.10, 0.80},
                                                {0.10, 0.20, 0.20, 0.20, 0.25, 0.05}};
  for (const auto& p : tables) {
    const double truth = v_of(p, 2);
    int covered = 0;
    for (int run = 0; run < kRuns; ++run) {
      Random random(16, static_cast<std::uint64_t>(run));
      const auto rows = drawn(p, 500, random);
      Crosstab pairs(Groups{{"a", "b"}, {}, {}});
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const auto at = pairs.group({std::to_string(k / 2), std::to_string(k % 2)});
        if (rows[k] > 0) {
          EXPECT_TRUE(pairs.add_cell({at, rows[k], 0, 0}));
        }
      }
      const Groups groups = pairs.groups();
      metric::Tallies t;
      t.groups = &groups;
      t.pairs = &pairs;
      const auto r = metric::read(metric::cramers_v, t, {});
      ASSERT_TRUE(r);
      const auto& e = r->front().estimate;
      covered += e.low <= truth + 1e-12 && truth <= e.high ? 1 : 0;
    }
    EXPECT_GE(covered, bar(0.95, kRuns) * kRuns) << truth;
  }
}

// Four times in five: the share of samples that the test rejects at the deviation it says.
TEST(DetectableDeviation, IsFoundFourTimesInFive) {
  const std::int64_t rows = 1'000;
  const Baseline baseline = known({0.3, 0.7});
  const double gap =
      read_one(metric::detectable_gap, {300, 700}, baseline).estimate.value;  // of the first group
  int found = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random(17, static_cast<std::uint64_t>(run));
    const Reading r = read_one(metric::chi_square_baseline,
                               drawn({0.3 + gap, 0.7 - gap}, rows, random), baseline);
    found += *r.log10_p < std::log10(0.05) ? 1 : 0;
  }
  EXPECT_NEAR(found, 800, 60);
}

TEST(EffectiveSources, IntervalsCoverTheTrueNumber) {
  const std::vector<std::vector<double>> places{
      {0.25, 0.25, 0.25, 0.25}, {0.7, 0.1, 0.1, 0.1}, {0.5, 0.2, 0.1, 0.1, 0.05, 0.05}};
  for (const auto& p : places) {
    double entropy = 0, squares = 0;
    for (const double x : p) entropy -= x * std::log(x), squares += x * x;
    const struct {
      const Metric& metric;
      double truth;
    } asked[] = {{metric::effective_sources_q1, std::exp(entropy)},
                 {metric::effective_sources_q2, 1 / squares}};
    for (const auto& [m, truth] : asked) {
      constexpr int kFewer = 300;  // each draws 2,000 replicates
      int covered = 0;
      for (int run = 0; run < kFewer; ++run) {
        Random random(18, static_cast<std::uint64_t>(run));
        const Reading r = read_one(m, drawn(p, 400, random), known(p));
        covered += r.estimate.low <= truth + 1e-12 && truth <= r.estimate.high ? 1 : 0;
      }
      EXPECT_GE(covered, bar(0.95, kFewer) * kFewer) << m.name << ' ' << truth;
    }
  }
}

}  // namespace
}  // namespace evenhand::claims
