// The matrix product that networks are made of: CBLAS for float and double under one name, on one
// thread. Who wants more threads splits the work; so sums keep their order.
#pragma once

#include <cstddef>

namespace evenhand::model {

/// Whether a factor is read by rows or as its transpose.
enum class Read : bool { kAsIs, kTransposed };

template <class T>
struct Factor {
  const T* values;     // row-major
  std::size_t stride;  // between its rows, as it is stored
  Read read = Read::kAsIs;
};

/// C = A B;  C has shape [rows][columns], `inner` is the length of the sums. Small products of
/// floats go through small_product.h where the processor can.
template <class T>
void multiply(std::size_t rows, std::size_t columns, std::size_t inner, Factor<T> a, Factor<T> b,
              T* c);

/// C = max(A B + bias, 0), the bias added to each row; a NaN stays one, so that a loss can show it.
/// @param bias  shape [columns].
template <class T>
void multiply_and_cut(std::size_t rows, std::size_t columns, std::size_t inner, Factor<T> a,
                      Factor<T> b, const T* bias, T* c);

}  // namespace evenhand::model
