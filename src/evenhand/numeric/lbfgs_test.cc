#include "evenhand/numeric/lbfgs.h"

#include <cmath>

#include <gtest/gtest.h>

namespace evenhand::numeric {
namespace {

// sum_i i (x_i - 1/i)^2 / 2 has its lowest point at 1/i.
double bowl(std::span<const double> x, std::span<double> gradient) {
  double value = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double k = static_cast<double>(i + 1), d = x[i] - 1 / k;
    value += k * d * d / 2;
    gradient[i] = k * d;
  }
  return value;
}

// Rosenbrock, Comput. J. 3 (1960) 175: a bent valley whose lowest point is (1, 1).
double valley(std::span<const double> x, std::span<double> gradient) {
  const double a = 1 - x[0], b = x[1] - x[0] * x[0];
  gradient[0] = -2 * a - 400 * x[0] * b;
  gradient[1] = 200 * b;
  return a * a + 100 * b * b;
}

TEST(Lbfgs, FindsTheLowestPointOfABowl) {
  const Lowest lowest = lbfgs(bowl, std::vector<double>(200), {});
  ASSERT_TRUE(lowest.converged);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_NEAR(lowest.x[i], 1 / static_cast<double>(i + 1), 1e-8);
  }
}

TEST(Lbfgs, FollowsRosenbrocksValley) {
  const Lowest lowest = lbfgs(valley, {-1.2, 1}, {});
  ASSERT_TRUE(lowest.converged);
  EXPECT_NEAR(lowest.x[0], 1, 1e-7);
  EXPECT_NEAR(lowest.x[1], 1, 1e-7);
}

TEST(Lbfgs, SaysWhenItDidNotArrive) {
  LbfgsOptions few;
  few.iterations_max = 3;
  EXPECT_FALSE(lbfgs(valley, {-1.2, 1}, few).converged);
}

}  // namespace
}  // namespace evenhand::numeric
