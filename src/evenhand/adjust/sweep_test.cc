#include "evenhand/adjust/sweep.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "evenhand/adjust/testing.h"
#include "evenhand/numeric/linear_program.h"

namespace evenhand::adjust {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

double total_cost(const std::vector<Curve>& curves, const std::vector<Let>& lets,
                  const Question& question) {
  const std::vector<double> weights = cost_weights(curves, question.groups_alike);
  double out = 0;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    out += cost_of(curves[g], lets[g], question, weights[g]);
  }
  return out;
}

struct Tried {
  double cost = kInf, gap = kInf;
};

/// The slow twin: every combination of thresholds that decide something.
Tried try_all(const std::vector<Curve>& curves, const Question& question) {
  Tried within, nearest;
  std::vector<std::size_t> taken(curves.size(), 1);
  while (true) {
    std::vector<Let> lets;
    bool enough = true;
    for (std::size_t g = 0; g < curves.size(); ++g) {
      lets.push_back(let_in(curves[g], rule_at(threshold_after(curves[g].levels, taken[g]))));
      enough = enough && lets[g].fp + lets[g].tp >= question.rate_min * curves[g].rows() - 1e-9;
    }
    if (enough) {
      const double gap =
          gap_between(question.equalise, curves, lets, std::vector<bool>(curves.size(), true));
      const double cost = total_cost(curves, lets, question);
      if (gap <= question.tolerance + 1e-9 && cost < within.cost) within = {cost, gap};
      if (gap < nearest.gap) nearest = {cost, gap};
    }
    std::size_t g = 0;
    while (g < curves.size() && ++taken[g] == curves[g].levels.size()) taken[g++] = 1;
    if (g == curves.size()) return within.cost < kInf ? within : nearest;
  }
}

TEST(ThresholdsByGroup, AreTheBestOfAllCombinations) {
  Random random(12);
  const Equalise kinds[] = {Equalise::kSelectionRate, Equalise::kTruePositiveRate,
                            Equalise::kFalsePositiveRate, Equalise::kOdds, Equalise::kPrecision};
  int reached = 0, missed = 0;
  for (int i = 0; i < 200; ++i) {
    const auto groups = static_cast<std::uint32_t>(2 + random() % 2);
    const std::vector<Curve> curves =
        curves_of(crowd_of(random_rows(random, groups, 40, 12), groups));
    Question question;
    question.equalise = kinds[i % 5];
    question.tolerance = i % 3 == 0 ? 0 : 0.1 * random.uniform();
    question.cost_fp = 0.5 + random.uniform();
    question.rate_min = i % 4 == 0 ? 0.2 : 0;
    const Answer found = thresholds_by_group(curves, question);
    const Tried tried = try_all(curves, question);
    ASSERT_LT(tried.gap, kInf);
    EXPECT_EQ(found.reached, tried.gap <= question.tolerance + 1e-9) << i;
    EXPECT_NEAR(found.gap, found.reached ? found.gap : tried.gap, 2e-6) << i;
    if (found.reached) {
      EXPECT_NEAR(total_cost(curves, lets_of(curves, found.rules), question), tried.cost, 1e-9)
          << i;
    }
    (found.reached ? reached : missed) += 1;
    for (const model::Rule& rule : found.rules) {
      ASSERT_EQ(rule.steps.size(), 1U);
      EXPECT_TRUE(rule.below == 0 && rule.steps[0].chance == 1);
    }
  }
  EXPECT_GT(reached, 40);
  EXPECT_GT(missed, 20);
}

TEST(ThresholdForEverybody, IsTheBestOfAll) {
  Random random(13);
  for (int i = 0; i < 200; ++i) {
    const Crowd crowd = crowd_of(random_rows(random, 3, 40, 15), 3);
    const std::vector<Curve> curves = curves_of(crowd);
    Question question;
    question.equalise = i % 2 == 0 ? Equalise::kOdds : Equalise::kPrecision;
    question.tolerance = 0.2 * random.uniform();
    question.rate_min = 0.1;
    const Answer found = threshold_for_everybody(crowd, question, {true, true, true});
    const Curve all = pooled(crowd);
    Tried within, nearest;
    for (std::size_t taken = 1; taken < all.levels.size(); ++taken) {
      const std::vector<Let> lets = lets_of(curves, {rule_at(threshold_after(all.levels, taken))});
      bool enough = true;
      for (std::size_t g = 0; g < 3; ++g) {
        enough = enough && lets[g].fp + lets[g].tp >= 0.1 * curves[g].rows() - 1e-9;
      }
      if (!enough) continue;
      const double gap = gap_between(question.equalise, curves, lets, {true, true, true});
      const double cost = total_cost(curves, lets, question);
      if (gap <= question.tolerance && cost < within.cost) within = {cost, gap};
      if (gap < nearest.gap) nearest = {cost, gap};
    }
    if (within.cost < kInf) {
      EXPECT_NEAR(total_cost(curves, lets_of(curves, found.rules), question), within.cost, 1e-9);
    } else {
      EXPECT_FALSE(found.reached);
      EXPECT_NEAR(found.gap, nearest.gap, 1e-9);
    }
  }
}

/// The cheapest rule of one group at the precision p, by a linear program; infinite if there is
/// none.
double cost_at(const Curve& curve, double p, const Question& question, double weight) {
  numeric::LinearProgram program;
  program.row_low = {1, 0, question.rate_min * curve.rows()};
  program.row_high = {1, 0, kInf};
  for (const Corner& corner : upper_hull(curve, false)) {
    const std::size_t column = program.cost.size();
    program.cost.push_back(cost_of(curve, {corner.fp, corner.tp}, question, weight));
    program.column_low.push_back(0);
    program.column_high.push_back(1);
    program.entries.push_back({0, column, 1});
    program.entries.push_back({1, column, (1 - p) * corner.tp - p * corner.fp});
    program.entries.push_back({2, column, corner.fp + corner.tp});
  }
  const auto solved = numeric::solve(program);
  return solved ? solved->value : kInf;
}

// No common precision of a fine grid, each group at its cheapest there, beats the sweep.
TEST(PrecisionByGroup, IsNotBeatenByAnyCommonValueOfAGrid) {
  Random random(14);
  int reached = 0;
  for (int i = 0; i < 60; ++i) {
    const std::vector<Curve> curves = curves_of(crowd_of(random_rows(random, 2, 30, 10), 2));
    Question question;
    question.equalise = Equalise::kPrecision;
    question.cost_fp = 0.3 + 2 * random.uniform();
    question.rate_min = 0.1;
    const Answer found = precision_by_group(curves, question);
    const std::vector<Let> lets = lets_of(curves, found.rules);
    const std::vector<double> weights = cost_weights(curves, false);
    for (std::size_t g = 0; g < 2; ++g) {
      EXPECT_GE(lets[g].fp + lets[g].tp, 0.1 * curves[g].rows() - 1e-9) << i;
    }
    double best = kInf;
    for (int k = 1; k < 400; ++k) {
      const double p = k / 400.0;
      best = std::min(best, cost_at(curves[0], p, question, weights[0]) +
                                cost_at(curves[1], p, question, weights[1]));
    }
    EXPECT_LE(found.reached ? total_cost(curves, lets, question) : 0, best + 1e-9) << i;
    if (found.reached) {
      ++reached;
    } else {
      EXPECT_EQ(best, kInf) << i;  // the groups' precisions do not meet
    }
  }
  EXPECT_GT(reached, 20);
}

TEST(PrecisionByGroup, ATolerancePaysAndIsKept) {
  Random random(15);
  for (int i = 0; i < 40; ++i) {
    const std::vector<Curve> curves = curves_of(crowd_of(random_rows(random, 3, 40, 20), 3));
    Question question;
    question.equalise = Equalise::kPrecision;
    question.rate_min = 0.05;
    double before = kInf;
    for (const double tolerance : {0.0, 0.05, 0.1, 1.0}) {
      question.tolerance = tolerance;
      const Answer found = precision_by_group(curves, question);
      if (!found.reached) continue;
      EXPECT_LE(found.gap, tolerance + 1e-7);
      const double cost = total_cost(curves, lets_of(curves, found.rules), question);
      EXPECT_LE(cost, before + 1e-9) << i << ' ' << tolerance;
      before = cost;
    }
  }
}

TEST(PrecisionByGroup, WhereTheyDoNotMeetTheNearestIsTaken) {
  // A: nobody can be below a precision of 3/4; B: nobody above 1/2 once a fifth is selected.
  std::vector<Row> rows = rows_of("0111", "0123", 0);
  for (const Row& row : rows_of("0101000000", "9988777777", 1)) rows.push_back(row);
  Question question;
  question.equalise = Equalise::kPrecision;
  question.rate_min = 0.2;
  const std::vector<Curve> curves = curves_of(crowd_of(rows, 2));
  const Answer found = precision_by_group(curves, question);
  EXPECT_FALSE(found.reached);
  EXPECT_NEAR(found.gap, 0.25, 1e-9);
}

}  // namespace
}  // namespace evenhand::adjust
