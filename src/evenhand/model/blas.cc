#include "evenhand/model/blas.h"

#include <mutex>

#include <cblas.h>

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

}  // namespace

template <>
void multiply(std::size_t rows, std::size_t columns, std::size_t inner, Factor<float> a,
              Factor<float> b, float keep, float* c) {
  on_one_thread();
  cblas_sgemm(CblasRowMajor, read(a.read), read(b.read), size(rows), size(columns), size(inner), 1,
              a.values, size(a.stride), b.values, size(b.stride), keep, c, size(columns));
}

template <>
void multiply(std::size_t rows, std::size_t columns, std::size_t inner, Factor<double> a,
              Factor<double> b, double keep, double* c) {
  on_one_thread();
  cblas_dgemm(CblasRowMajor, read(a.read), read(b.read), size(rows), size(columns), size(inner), 1,
              a.values, size(a.stride), b.values, size(b.stride), keep, c, size(columns));
}

template <>
void multiply_vector(std::size_t rows, std::size_t columns, Factor<float> a, const float* x,
                     float keep, float* y) {
  on_one_thread();
  cblas_sgemv(CblasRowMajor, read(a.read), size(rows), size(columns), 1, a.values, size(a.stride),
              x, 1, keep, y, 1);
}

template <>
void multiply_vector(std::size_t rows, std::size_t columns, Factor<double> a, const double* x,
                     double keep, double* y) {
  on_one_thread();
  cblas_dgemv(CblasRowMajor, read(a.read), size(rows), size(columns), 1, a.values, size(a.stride),
              x, 1, keep, y, 1);
}

}  // namespace evenhand::model
