#include "evenhand/model/small_product.h"

#include <algorithm>

#include "evenhand/base/check.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace evenhand::model {

#if defined(__x86_64__)

namespace {

// Without it gcc keeps the sums in memory, at a third of the speed.
#if defined(__clang__)
#define EVENHAND_UNROLL _Pragma("unroll")
#else
#define EVENHAND_UNROLL _Pragma("GCC unroll 8")
#endif

constexpr __mmask16 kAll = 0xffff;  // the form without a mask sets off a false warning of gcc 12
constexpr std::size_t kLanes = 16, kVectors = 2, kRows = 8;  // 16 sums stay in registers

__mmask16 mask_of(std::size_t left) {
  return static_cast<__mmask16>(left >= kLanes ? 0xffffU : (1U << left) - 1);
}

// R rows from `row`, up to two vectors of columns from `column`.
template <std::size_t R>
__attribute__((target("avx512f"))) void block(const SmallProduct& p, std::size_t row,
                                              std::size_t column) {
  const std::size_t left = p.columns - column;
  const __mmask16 first = mask_of(left), second = mask_of(left > kLanes ? left - kLanes : 0);
  __m512 sums[R][kVectors];
  EVENHAND_UNROLL for (std::size_t r = 0; r < R; ++r) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
  const float* a = p.a + row * p.row_step;
  const float* b = p.b + column;
  for (std::size_t k = 0; k < p.inner; ++k, a += p.inner_step, b += p.columns) {
    const __m512 b0 = _mm512_maskz_loadu_ps(first, b);
    const __m512 b1 = _mm512_maskz_loadu_ps(second, b + kLanes);
    EVENHAND_UNROLL for (std::size_t r = 0; r < R; ++r) {
      const __m512 x = _mm512_set1_ps(a[r * p.row_step]);
      sums[r][0] = _mm512_fmadd_ps(x, b0, sums[r][0]);
      sums[r][1] = _mm512_fmadd_ps(x, b1, sums[r][1]);
    }
  }
  if (p.bias != nullptr) {
    const __m512 zero = _mm512_setzero_ps();
    const __m512 bias0 = _mm512_maskz_loadu_ps(first, p.bias + column);
    const __m512 bias1 = _mm512_maskz_loadu_ps(second, p.bias + column + kLanes);
    EVENHAND_UNROLL for (std::size_t r = 0; r < R; ++r) {
      // Of a NaN and a number, max gives the second operand.
      sums[r][0] = _mm512_maskz_max_ps(kAll, zero, _mm512_add_ps(sums[r][0], bias0));
      sums[r][1] = _mm512_maskz_max_ps(kAll, zero, _mm512_add_ps(sums[r][1], bias1));
    }
  }
  EVENHAND_UNROLL for (std::size_t r = 0; r < R; ++r) {
    float* c = p.c + (row + r) * p.columns + column;
    _mm512_mask_storeu_ps(c, first, sums[r][0]);
    _mm512_mask_storeu_ps(c + kLanes, second, sums[r][1]);
  }
}

}  // namespace

bool has_small_product() {
  static const bool kHas = __builtin_cpu_supports("avx512f") != 0;
  return kHas;
}

void small_product(const SmallProduct& p) {
  for (std::size_t column = 0; column < p.columns; column += kLanes * kVectors) {
    std::size_t row = 0;
    for (; row + kRows <= p.rows; row += kRows) block<kRows>(p, row, column);
    for (; row < p.rows; ++row) block<1>(p, row, column);
  }
}

#else

bool has_small_product() { return false; }
void small_product(const SmallProduct&) { EVENHAND_CHECK(false); }

#endif

}  // namespace evenhand::model
