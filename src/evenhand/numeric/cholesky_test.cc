#include "evenhand/numeric/cholesky.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::numeric {
namespace {

// By hand: [[4, 2], [2, 3]] x = (8, 7) has x = (1.25, 1.5); the inverse is [[3, -2], [-2, 4]] / 8.
TEST(Cholesky, SolvesAndInvertsByHand) {
  const Cholesky factor = factorise(std::vector<double>{4, 0, 2, 3}, 2);
  const std::vector<double> x = solve(factor, std::vector<double>{8, 7});
  EXPECT_NEAR(x[0], 1.25, 1e-15);
  EXPECT_NEAR(x[1], 1.5, 1e-15);
  const std::vector<double> diagonal = inverse_diagonal(factor);
  EXPECT_NEAR(diagonal[0], 3 / 8.0, 1e-15);
  EXPECT_NEAR(diagonal[1], 4 / 8.0, 1e-15);
}

TEST(Cholesky, LeavesNoResidueOnRandomSystems) {
  constexpr std::size_t kN = 40;
  Random random(1);
  std::vector<double> root(kN * kN), matrix(kN * kN), b(kN);
  for (double& x : root) x = random.uniform() - 0.5;
  for (double& x : b) x = random.uniform();
  for (std::size_t i = 0; i < kN; ++i) {
    for (std::size_t j = 0; j < kN; ++j) {
      for (std::size_t k = 0; k < kN; ++k)
        matrix[i * kN + j] += root[i * kN + k] * root[j * kN + k];
    }
    matrix[i * kN + i] += 0.1;
  }
  const Cholesky factor = factorise(matrix, kN);
  ASSERT_FALSE(factor.singular);
  const std::vector<double> x = solve(factor, b);
  for (std::size_t i = 0; i < kN; ++i) {
    double left = b[i];
    for (std::size_t j = 0; j < kN; ++j) left -= matrix[i * kN + j] * x[j];
    EXPECT_NEAR(left, 0, 1e-10);
  }
  for (std::size_t i = 0; i < kN; ++i) {  // column i of the inverse, solved for
    std::vector<double> unit(kN);
    unit[i] = 1;
    EXPECT_NEAR(inverse_diagonal(factor)[i], solve(factor, unit)[i], 1e-9);
  }
}

TEST(Cholesky, NamesTheFirstDependentRow) {
  EXPECT_EQ(factorise(std::vector<double>{1, 0, 0, 2, 4, 0, 0, 0, 1}, 3).singular, 1U);
  EXPECT_EQ(factorise(std::vector<double>{1, 0, 0, 0}, 2).singular, 1U);
  EXPECT_EQ(factorise(std::vector<double>{std::nan(""), 0, 0, 1}, 2).singular, 0U);
}

TEST(Cholesky, DoesNotMindUnits) {  // dollars and years: 1e12 beside 1e-12 is no dependence
  EXPECT_FALSE(factorise(std::vector<double>{1e12, 0, 0.5, 1e-12}, 2).singular);
}

}  // namespace
}  // namespace evenhand::numeric
