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

/// C = A B + keep C;  C has shape [rows][columns], `inner` is the length of the sums.
template <class T>
void multiply(std::size_t rows, std::size_t columns, std::size_t inner, Factor<T> a, Factor<T> b,
              T keep, T* c);

/// y = A x + keep y, or with A' for A.
/// @param rows, columns  of A as it is stored.
template <class T>
void multiply_vector(std::size_t rows, std::size_t columns, Factor<T> a, const T* x, T keep, T* y);

}  // namespace evenhand::model
