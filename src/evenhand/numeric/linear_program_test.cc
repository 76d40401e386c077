#include "evenhand/numeric/linear_program.h"

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::numeric {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// By hand: minimise -3x - 2y with x + y <= 4, x + 3y <= 7, 0 <= x <= 3: the corner (3, 1), cost
// -11. One more of the first row buys one more y: -2; the second row does not bind.
LinearProgram by_hand() {
  LinearProgram program;
  program.cost = {-3, -2};
  program.column_low = {0, 0};
  program.column_high = {3, kInf};
  program.row_low = {-kInf, -kInf};
  program.row_high = {4, 7};
  program.entries = {{0, 0, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 3}};
  return program;
}

TEST(LinearProgram, FindsTheCornerAndThePricesByHand) {
  const auto found = solve(by_hand());
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_NEAR(found->x[0], 3, 1e-12);
  EXPECT_NEAR(found->x[1], 1, 1e-12);
  EXPECT_NEAR(found->value, -11, 1e-12);
  EXPECT_NEAR(found->dual[0], -2, 1e-12);
  EXPECT_NEAR(found->dual[1], 0, 1e-12);
}

TEST(LinearProgram, AddsUpEntriesOfOnePlaceInAnyOrder) {
  LinearProgram program = by_hand();
  program.entries = {{1, 1, 1}, {1, 0, 1}, {0, 1, 1}, {1, 1, 2}, {0, 0, 1}};
  EXPECT_NEAR(solve(program)->value, -11, 1e-12);
}

TEST(LinearProgram, PrintsNothing) {
  LinearProgram infeasible = by_hand();
  infeasible.row_high[0] = -1;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_TRUE(solve(by_hand()));
  EXPECT_FALSE(solve(infeasible));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(LinearProgram, SaysWhatIsWrong) {
  const auto says = [](const LinearProgram& program) {
    const auto found = solve(program);
    return found ? std::string("solved") : found.error().says;
  };
  LinearProgram program = by_hand();
  program.row_high[0] = -1;
  EXPECT_EQ(says(program), "no point meets every bound and row of the linear program");
  program = by_hand();
  program.entries.clear();
  EXPECT_EQ(says(program),
            "the cost of the linear program has no lowest value: it falls without end");
  program = by_hand();
  program.column_low[1] = kInf;
  program.column_high[1] = 0;
  EXPECT_EQ(says(program), "a linear program: column 1 has a lower limit above the upper one");
  program = by_hand();
  program.cost.push_back(0);
  EXPECT_EQ(says(program), "a linear program: 3 costs for 2 columns");
  program = by_hand();
  program.entries.push_back({2, 0, 1});
  EXPECT_EQ(says(program),
            "a linear program: an entry is no finite number, or lies outside of its 2 rows and 2 "
            "columns");
  program = by_hand();
  program.cost[0] = std::nan("");
  EXPECT_EQ(says(program), "a linear program: a cost is no finite number");
  program = {};
  program.row_low = {1};
  program.row_high = {2};
  EXPECT_EQ(says(program), "no point meets every row of the linear program");
}

/// The slow twin for two variables: the best of all points where two of the lines cross.
std::optional<double> best_corner(const LinearProgram& p) {
  struct Line {
    double a, b, c;  // a x + b y = c
  };
  std::vector<Line> lines;
  const auto add = [&](double a, double b, double c) {
    if (std::isfinite(c)) lines.push_back({a, b, c});
  };
  std::vector<std::array<double, 2>> rows(p.row_low.size(), {0, 0});
  for (const auto& each : p.entries) rows[each.row][each.column] += each.value;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    add(rows[r][0], rows[r][1], p.row_low[r]);
    add(rows[r][0], rows[r][1], p.row_high[r]);
  }
  for (std::size_t k = 0; k < 2; ++k) {
    add(k == 0 ? 1 : 0, k == 1 ? 1 : 0, p.column_low[k]);
    add(k == 0 ? 1 : 0, k == 1 ? 1 : 0, p.column_high[k]);
  }
  std::optional<double> best;
  for (const Line& one : lines) {
    for (const Line& other : lines) {
      const double det = one.a * other.b - one.b * other.a;
      if (std::abs(det) < 1e-9) continue;
      const double x[] = {(one.c * other.b - one.b * other.c) / det,
                          (one.a * other.c - one.c * other.a) / det};
      bool meets = true;
      for (std::size_t k = 0; k < 2; ++k) {
        meets = meets && x[k] >= p.column_low[k] - 1e-9 && x[k] <= p.column_high[k] + 1e-9;
      }
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const double sum = rows[r][0] * x[0] + rows[r][1] * x[1];
        meets = meets && sum >= p.row_low[r] - 1e-9 && sum <= p.row_high[r] + 1e-9;
      }
      const double value = p.cost[0] * x[0] + p.cost[1] * x[1];
      if (meets && (!best || value < *best)) best = value;
    }
  }
  return best;
}

TEST(LinearProgram, EqualsTheBestCornerOfRandomPrograms) {
  Random random(3);
  int feasible = 0, infeasible = 0;
  for (int i = 0; i < 500; ++i) {
    LinearProgram p;
    p.cost = {random.uniform() - 0.5, random.uniform() - 0.5};
    p.column_low = {-1, -1};
    p.column_high = {1, 1};
    for (std::size_t r = 0; r < 4; ++r) {
      p.row_low.push_back(random.uniform() < 0.5 ? -kInf : random.uniform() - 1);
      p.row_high.push_back(p.row_low[r] < -2 ? random.uniform() - 0.5 : p.row_low[r] + 0.3);
      for (std::size_t k = 0; k < 2; ++k) p.entries.push_back({r, k, random.uniform() - 0.5});
    }
    const std::optional<double> expected = best_corner(p);
    const auto found = solve(p);
    ASSERT_EQ(found.has_value(), expected.has_value()) << i;
    (expected ? feasible : infeasible) += 1;
    if (!expected) continue;
    EXPECT_NEAR(found->value, *expected, 1e-8) << i;
    // Strong duality, where only rows and bounds bind: a small step of a row's limits moves the
    // value by its price.
    for (std::size_t r = 0; r < 4; ++r) {
      LinearProgram moved = p;
      moved.row_low[r] += 1e-6;
      moved.row_high[r] += 1e-6;
      if (const auto next = solve(moved)) {
        EXPECT_NEAR((next->value - found->value) / 1e-6, found->dual[r], 1e-2) << i << ' ' << r;
      }
    }
  }
  EXPECT_GT(feasible, 50);
  EXPECT_GT(infeasible, 50);
}

}  // namespace
}  // namespace evenhand::numeric
