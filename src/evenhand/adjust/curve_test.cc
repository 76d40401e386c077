#include "evenhand/adjust/curve.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/adjust/testing.h"

namespace evenhand::adjust {
namespace {

using Points = std::vector<std::pair<double, double>>;

Curve curve_of(const std::vector<Row>& rows) { return curves_of(crowd_of(rows, 1)).front(); }

Points rates(const Curve& curve, bool flip) {
  Points out;
  for (const Corner& corner : upper_hull(curve, flip)) {
    out.emplace_back(corner.fp / curve.n0, corner.tp / curve.n1);
  }
  return out;
}

// fairlearn's test data for ThresholdOptimizer: groups B and C of it, hulls by hand.
TEST(Hull, OfFairlearnsTestDataByHand) {
  EXPECT_EQ(rates(curve_of(rows_of("0010111", "0001111")), true),
            (Points{{0, 0}, {1.0 / 3, 0.75}, {1, 1}}));
  EXPECT_EQ(rates(curve_of(rows_of("000111", "011112")), true),
            (Points{{0, 0}, {0, 1.0 / 3}, {2.0 / 3, 1}, {1, 1}}));
  // Group A's scores run the wrong way: only rules that favour low scores lie above the diagonal.
  EXPECT_EQ(rates(curve_of(rows_of("0110100", "0011233")), true),
            (Points{{0, 0}, {0.5, 1}, {1, 1}}));
  EXPECT_EQ(rates(curve_of(rows_of("0110100", "0011233")), false), (Points{{0, 0}, {1, 1}}));
}

/// The slow twin: a point is a corner unless it lies on or under a line between two others.
Points slow_hull(const Curve& curve, bool flip) {
  Points all{{0, 0}};
  double fp = 0, tp = 0;
  for (const Level& level : curve.levels) all.emplace_back(fp += level.n0, tp += level.n1);
  if (flip) {
    for (std::size_t i = 0, n = all.size(); i < n; ++i) {
      all.emplace_back(curve.n0 - all[i].first, curve.n1 - all[i].second);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  Points out;
  for (const auto& p : all) {
    bool corner = true;
    for (const auto& a : all) {
      for (const auto& b : all) {
        if (a == p || b == p || a.first > p.first || b.first < p.first) continue;
        const double cross = (b.first - a.first) * (p.second - a.second) -
                             (b.second - a.second) * (p.first - a.first);
        const bool upright = a.first == b.first;
        if (upright ? p.second > std::max(a.second, b.second) : cross > 0) continue;
        // Both ends are kept whatever lies above them.
        if (p == all.front() || p == all.back()) continue;
        if (upright && p.second < std::max(a.second, b.second)) corner = false;
        if (!upright) corner = false;
      }
    }
    if (corner) out.push_back(p);
  }
  return out;
}

TEST(Hull, EqualsTheSlowTwinOnRandomAndOnHostileRows) {
  Random random(5);
  for (int i = 0; i < 400; ++i) {
    const int rows = 2 + static_cast<int>(random() % 30),
              scores = 1 + static_cast<int>(random() % 9);
    const Curve curve = curve_of(random_rows(random, 1, rows, scores));
    for (const bool flip : {false, true}) {
      Points fast;
      for (const Corner& corner : upper_hull(curve, flip)) fast.emplace_back(corner.fp, corner.tp);
      EXPECT_EQ(fast, slow_hull(curve, flip)) << i << ' ' << flip;
    }
  }
  EXPECT_EQ(slow_hull(curve_of(rows_of("000", "123")), false), (Points{{0, 0}, {3, 0}}));
  EXPECT_EQ(upper_hull(curve_of(rows_of("000", "123")), false).size(), 2U);
  EXPECT_EQ(upper_hull(curve_of(rows_of("111", "123")), true).size(), 2U);
}

TEST(Hull, ThresholdsOfCornersLetInWhatCornersCount) {
  Random random(6);
  for (int i = 0; i < 200; ++i) {
    const Curve curve = curve_of(random_rows(random, 1, 25, 12));
    for (const Corner& corner : upper_hull(curve, true)) {
      const Share alone[] = {{corner, 1}};
      const Let let = let_in(curve, rule_of(alone));
      EXPECT_EQ(let.fp, corner.fp);
      EXPECT_EQ(let.tp, corner.tp);
    }
  }
}

TEST(Threshold, LiesBetweenNeighboursHoweverNear) {
  const double next = std::nextafter(0.5, 1);
  const std::vector<Level> levels{{next, 0, 1}, {0.5, 1, 0}, {0.1, 1, 1}};
  EXPECT_EQ(threshold_after(levels, 1), next);  // nothing lies between: the upper one itself
  EXPECT_EQ(threshold_after(levels, 2), 0.1 + (0.5 - 0.1) / 2);
  EXPECT_EQ(threshold_after(levels, 0), std::numeric_limits<double>::infinity());
  EXPECT_EQ(threshold_after(levels, 3), -std::numeric_limits<double>::infinity());
}

TEST(Rule, OfAMixIsTheSumOfItsSteps) {
  const double inf = std::numeric_limits<double>::infinity();
  const Share mix[] = {{{0.7, true, 0, 0}, 0.5},
                       {{0.3, true, 0, 0}, 0.125},
                       {{inf, true, 0, 0}, 0.125},   // nobody
                       {{-inf, true, 0, 0}, 0.125},  // everybody
                       {{0.3, false, 0, 0}, 0.125}};
  const model::Rule rule = rule_of(mix);
  EXPECT_EQ(rule.below, 0.25);
  ASSERT_EQ(rule.steps.size(), 2U);
  EXPECT_EQ(rule.steps[0].from, 0.3);
  EXPECT_EQ(rule.steps[0].chance, 0.25);
  EXPECT_EQ(rule.steps[1].from, 0.7);
  EXPECT_EQ(rule.steps[1].chance, 0.75);
}

}  // namespace
}  // namespace evenhand::adjust
