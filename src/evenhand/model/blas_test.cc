// Products against three loops, in both readings of each factor and with sizes that leave tails.
#include "evenhand/model/blas.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::model {
namespace {

template <class T>
std::vector<T> numbers(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<T> out(n);
  for (T& x : out) x = static_cast<T>(2 * random.uniform() - 1);
  return out;
}

template <class T>
void agrees(std::size_t rows, std::size_t columns, std::size_t inner, Read of_a, Read of_b) {
  const auto a = numbers<T>(rows * inner, 1), b = numbers<T>(inner * columns, 2);
  const std::size_t a_stride = of_a == Read::kAsIs ? inner : rows;
  const std::size_t b_stride = of_b == Read::kAsIs ? columns : inner;
  std::vector<T> c(rows * columns + 1, T{7});
  multiply<T>(rows, columns, inner, {a.data(), a_stride, of_a}, {b.data(), b_stride, of_b},
              c.data());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t k = 0; k < columns; ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < inner; ++i) {
        const T x = of_a == Read::kAsIs ? a[r * inner + i] : a[i * rows + r];
        const T y = of_b == Read::kAsIs ? b[i * columns + k] : b[k * inner + i];
        sum += static_cast<double>(x) * static_cast<double>(y);
      }
      ASSERT_NEAR(c[r * columns + k], sum, 1e-5 * std::sqrt(static_cast<double>(inner)));
    }
  }
  EXPECT_EQ(c.back(), T{7});  // nothing is written beyond the last row
}

TEST(Multiply, AgreesWithThreeLoops) {
  for (const Read of_a : {Read::kAsIs, Read::kTransposed}) {
    for (const Read of_b : {Read::kAsIs, Read::kTransposed}) {
      for (const std::size_t columns : {1U, 2U, 15U, 16U, 20U, 33U, 64U}) {
        for (const std::size_t rows : {1U, 7U, 8U, 29U}) {
          agrees<float>(rows, columns, 21, of_a, of_b);
          agrees<double>(rows, columns, 21, of_a, of_b);
        }
      }
      agrees<float>(9, 300, 310, of_a, of_b);  // too large for the small product
    }
  }
}

template <class T>
void cuts(std::size_t rows, std::size_t columns, std::size_t inner) {
  auto a = numbers<T>(rows * inner, 1);
  const auto b = numbers<T>(inner * columns, 2), bias = numbers<T>(columns, 3);
  a[0] = static_cast<T>(std::nan(""));
  std::vector<T> plain(rows * columns), cut(rows * columns);
  const Factor<T> first{a.data(), inner}, second{b.data(), columns};
  multiply<T>(rows, columns, inner, first, second, plain.data());
  multiply_and_cut<T>(rows, columns, inner, first, second, bias.data(), cut.data());
  for (std::size_t c = 0; c < columns; ++c) EXPECT_TRUE(std::isnan(cut[c]));
  for (std::size_t j = columns; j < cut.size(); ++j) {
    EXPECT_EQ(cut[j], std::max(T{0}, plain[j] + bias[j % columns]));
  }
}

TEST(MultiplyAndCut, AddsTheBiasCutsAtZeroAndKeepsNaN) {
  cuts<float>(19, 37, 11);
  cuts<float>(5, 300, 310);
  cuts<double>(19, 37, 11);
}

}  // namespace
}  // namespace evenhand::model
