#include "evenhand/numeric/cholesky.h"

#include <cmath>

#include "evenhand/base/check.h"

namespace evenhand::numeric {

namespace {

// Of a row's unit length, what is left after those before it. Rounding leaves about n * 1e-16; a
// column that is 1 - 1e-11 of others would get a coefficient without a digit that holds.
constexpr double kNothingNew = 1e-11;

double dot(const double* a, const double* b, std::size_t n) {
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) sum += a[k] * b[k];
  return sum;
}

}  // namespace

Cholesky factorise(std::span<const double> matrix, std::size_t n) {
  EVENHAND_CHECK(matrix.size() == n * n);
  Cholesky out{n, std::vector<double>(n * n), std::vector<double>(n), {}};
  for (std::size_t i = 0; i < n; ++i) {
    const double diagonal = matrix[i * n + i];
    if (!(diagonal > 0) || !std::isfinite(diagonal)) {
      out.singular = i;
      return out;
    }
    out.scale[i] = 1 / std::sqrt(diagonal);
    double* row = &out.lower[i * n];
    for (std::size_t j = 0; j < i; ++j) {
      const double scaled = matrix[i * n + j] * out.scale[i] * out.scale[j];
      row[j] = (scaled - dot(row, &out.lower[j * n], j)) / out.lower[j * n + j];
    }
    const double left = 1 - dot(row, row, i);
    if (!(left > kNothingNew)) {
      out.singular = i;
      return out;
    }
    row[i] = std::sqrt(left);
  }
  return out;
}

std::vector<double> solve(const Cholesky& factor, std::span<const double> b) {
  const std::size_t n = factor.n;
  EVENHAND_CHECK(!factor.singular && b.size() == n);
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) {  // L z = S b
    const double* row = &factor.lower[i * n];
    x[i] = (b[i] * factor.scale[i] - dot(row, x.data(), i)) / row[i];
  }
  for (std::size_t i = n; i-- > 0;) {  // L^T y = z, a row of L at a time
    const double* row = &factor.lower[i * n];
    x[i] /= row[i];
    for (std::size_t j = 0; j < i; ++j) x[j] -= row[j] * x[i];
  }
  for (std::size_t i = 0; i < n; ++i) x[i] *= factor.scale[i];
  return x;
}

std::vector<double> inverse_diagonal(const Cholesky& factor) {
  const std::size_t n = factor.n;
  EVENHAND_CHECK(!factor.singular);
  // H^-1 = S L^-T L^-1 S: the diagonal is the squared length of each column of L^-1, scaled.
  std::vector<double> out(n), column(n);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      const double* row = &factor.lower[i * n];
      const double unit = i == j ? 1 : 0;
      column[i] = (unit - dot(row + j, column.data() + j, i - j)) / row[i];
    }
    out[j] = dot(column.data() + j, column.data() + j, n - j) * factor.scale[j] * factor.scale[j];
  }
  return out;
}

}  // namespace evenhand::numeric
