// Symmetric positive definite systems, small and dense: H = L L^T, solved and inverted. Column by
// column, and scaled to a unit diagonal first, so that dollars and years weigh alike when the
// question is whether a column says anything new.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace evenhand::numeric {

/// The factor of a matrix, of which only the lower triangle was read.
struct Cholesky {
  std::size_t n = 0;
  std::vector<double> lower;            // shape [n][n], L of the scaled matrix
  std::vector<double> scale;            // shape [n]: 1 / sqrt(H(j,j))
  std::optional<std::size_t> singular;  // first row that depends on those before it; then no more
};

/// @param matrix  shape [n][n], lower triangle.
/// Cost: n^3 / 3 multiplications.
Cholesky factorise(std::span<const double> matrix, std::size_t n);

/// x with H x = b; the factor must not be singular.
std::vector<double> solve(const Cholesky& factor, std::span<const double> b);

/// The diagonal of the inverse of H; the factor must not be singular. Cost: n^3 / 3.
std::vector<double> inverse_diagonal(const Cholesky& factor);

}  // namespace evenhand::numeric
