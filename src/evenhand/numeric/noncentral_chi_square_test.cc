// Tables of the noncentral chi-square distribution.
#include "evenhand/numeric/noncentral_chi_square.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/numeric/chi_square.h"
#include "evenhand/numeric/normal.h"

namespace evenhand::numeric {
namespace {

// With one degree of freedom X is (Z + sqrt lambda)^2.
double one_degree(double x, double lambda) {
  const double root = std::sqrt(x), shift = std::sqrt(lambda);
  return normal_cdf(root - shift) - normal_cdf(-root - shift);
}

TEST(NoncentralChiSquare, OfOneDegreeIsAShiftedSquare) {
  for (const double lambda : {0.5, 3.0, 40.0, 900.0, 9'999.0, 10'001.0, 1e5, 1e6}) {
    for (const double z : {-2.5, -1.0, 0.0, 1.5, 3.0}) {
      const double x = std::pow(std::max(0.1, std::sqrt(lambda) + z), 2);
      EXPECT_NEAR(noncentral_chi_square_cdf(x, {1, lambda}), one_degree(x, lambda), 1e-6);
      EXPECT_NEAR(noncentral_chi_square_tail(x, {1, lambda}), 1 - one_degree(x, lambda), 1e-6);
    }
  }
}

TEST(NoncentralChiSquare, IsCentralWithoutNoncentrality) {
  EXPECT_NEAR(noncentral_chi_square_tail(3.84, {1, 0}), chi_square_tail(3.84, 1), 1e-15);
}

// Cohen 1988 and every later table: lambda for power .80 at alpha .05 is 7.849 with 1 degree,
// 9.635 with 2, 10.903 with 3, 16.241 with 10.
TEST(NoncentralChiSquare, NoncentralityForEightyPerCentPowerIsThatOfTheTables) {
  EXPECT_NEAR(noncentrality_for(1, {}), 7.849, 0.0005);
  EXPECT_NEAR(noncentrality_for(2, {}), 9.635, 0.0005);
  EXPECT_NEAR(noncentrality_for(3, {}), 10.903, 0.0005);
  EXPECT_NEAR(noncentrality_for(10, {}), 16.241, 0.0005);
}

TEST(NoncentralChiSquare, NoncentralityIsFoundBack) {
  for (const double p : {0.025, 0.5, 0.975}) {
    const double lambda = noncentrality_at(30, 4, p);
    EXPECT_NEAR(noncentral_chi_square_cdf(30, {4, lambda}), p, 1e-9);
  }
  EXPECT_EQ(noncentrality_at(0.5, 4, 0.975), 0);
}

}  // namespace
}  // namespace evenhand::numeric
