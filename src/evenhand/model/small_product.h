// A matrix product for matrices that fit into a core's cache, by 512-bit vectors. OpenBLAS packs
// both factors first, which costs a third of a small product, and a release that is older than the
// processor takes its SSE3 kernels: 0.3.21 reaches 27 GFLOP/s on an Emerald Rapids, not 110.
#pragma once

#include <cstddef>

namespace evenhand::model {

/// Whether this processor has what `small_product` needs (AVX-512F).
bool has_small_product();

/// C(r, c) = sum_k a[r row_step + k inner_step] b[k columns + c], each sum in the order of k by
/// fused multiply-adds.
/// Where there is a bias, C(r, c) = max(that + bias[c], 0), and a NaN stays one.
/// @param c  shape [rows][columns]; overwritten.
struct SmallProduct {
  std::size_t rows, columns, inner;
  const float* a;
  std::size_t row_step, inner_step;
  const float* b;
  float* c;
  const float* bias = nullptr;  // shape [columns]
};
void small_product(const SmallProduct& p);

}  // namespace evenhand::model
