#include "evenhand/model/blas.h"

#include <mutex>
#include <vector>

#include <cblas.h>

#include "evenhand/model/small_product.h"

namespace evenhand::model {

namespace {

// OpenBLAS built with OpenMP asks each calling thread anew how many threads it may use, so each of
// ours says it once. Two at the same time would share a table.
void on_one_thread() {
  thread_local const bool kSaid = [] {
    static std::mutex one;
    const std::scoped_lock lock(one);
    openblas_set_num_threads(1);
    return true;
  }();
  static_cast<void>(kSaid);
}

CBLAS_TRANSPOSE read(Read how) { return how == Read::kAsIs ? CblasNoTrans : CblasTrans; }
blasint size(std::size_t n) { return static_cast<blasint>(n); }

constexpr std::size_t kLane = 8;
constexpr std::size_t kSmall = 65'536;  // numbers of B: a quarter of a megabyte

// b' as [inner][columns], where b is stored as [columns][inner].
const float* turned(const Factor<float>& b, std::size_t inner, std::size_t columns) {
  thread_local std::vector<float> place;
  place.resize(inner * columns);
  for (std::size_t k = 0; k < inner; ++k) {
    float* row = place.data() + k * columns;
    for (std::size_t c = 0; c < columns; ++c) row[c] = b.values[c * b.stride + k];
  }
  return place.data();
}

// The product by small_product where it can; false where it cannot.
bool small(std::size_t rows, std::size_t columns, std::size_t inner, const Factor<float>& a,
           const Factor<float>& b, const float* bias, float* c) {
  const bool packed = b.read == Read::kTransposed || b.stride == columns;
  if (inner * columns > kSmall || !packed || !has_small_product()) return false;
  const bool as_is = a.read == Read::kAsIs;
  const float* dense = b.read == Read::kAsIs ? b.values : turned(b, inner, columns);
  small_product(
      {rows, columns, inner, a.values, as_is ? a.stride : 1, as_is ? 1 : a.stride, dense, c, bias});
  return true;
}

// relu(c + b), row by row.
template <class T>
void add_and_cut(std::size_t rows, std::size_t columns, const T* __restrict bias,
                 T* __restrict values) {
  for (std::size_t i = 0; i < rows; ++i) {
    T* __restrict row = values + i * columns;
    std::size_t c = 0;
    for (; c + kLane <= columns; c += kLane) {
      for (std::size_t k = 0; k < kLane; ++k) {  // a known length, for vectors
        const T x = row[c + k] + bias[c + k];
        row[c + k] = x < T{0} ? T{0} : x;
      }
    }
    for (; c < columns; ++c) {
      const T x = row[c] + bias[c];
      row[c] = x < T{0} ? T{0} : x;
    }
  }
}

}  // namespace

template <>
void multiply(std::size_t rows, std::size_t columns, std::size_t inner, Factor<float> a,
              Factor<float> b, float* c) {
  if (small(rows, columns, inner, a, b, nullptr, c)) return;
  on_one_thread();
  cblas_sgemm(CblasRowMajor, read(a.read), read(b.read), size(rows), size(columns), size(inner), 1,
              a.values, size(a.stride), b.values, size(b.stride), 0, c, size(columns));
}

template <>
void multiply(std::size_t rows, std::size_t columns, std::size_t inner, Factor<double> a,
              Factor<double> b, double* c) {
  on_one_thread();
  cblas_dgemm(CblasRowMajor, read(a.read), read(b.read), size(rows), size(columns), size(inner), 1,
              a.values, size(a.stride), b.values, size(b.stride), 0, c, size(columns));
}

template <>
void multiply_and_cut(std::size_t rows, std::size_t columns, std::size_t inner, Factor<float> a,
                      Factor<float> b, const float* bias, float* c) {
  if (small(rows, columns, inner, a, b, bias, c)) return;
  multiply<float>(rows, columns, inner, a, b, c);
  add_and_cut(rows, columns, bias, c);
}

template <>
void multiply_and_cut(std::size_t rows, std::size_t columns, std::size_t inner, Factor<double> a,
                      Factor<double> b, const double* bias, double* c) {
  multiply<double>(rows, columns, inner, a, b, c);
  add_and_cut(rows, columns, bias, c);
}

}  // namespace evenhand::model
