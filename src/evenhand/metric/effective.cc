#include "evenhand/metric/effective.h"

#include <algorithm>
#include <vector>

#include "evenhand/base/check.h"

namespace evenhand::metric {

Effective effective_of_weights(const WeightSums& sums) {
  const double whole = sums.part + sums.rest;
  EVENHAND_CHECK(sums.part >= 0 && sums.rest >= 0 && whole > 0);
  // Weights are compared with their sum, so that huge or tiny ones neither overflow nor vanish.
  const double p = sums.part / whole, q = sums.rest / whole;
  const double part_squares = sums.part_squares / whole / whole;
  const double rest_squares = sums.rest_squares / whole / whole;
  const double variance = q * q * part_squares + p * p * rest_squares;
  const double spread = p * q;
  if (spread > 0 && variance > 0) return {spread / variance, 0};
  return {1 / (part_squares + rest_squares), 0};
}

double quadratic_form(std::span<const double> gradient, std::span<const CellProduct> products) {
  double total = 0;
  for (const CellProduct& product : products) {
    EVENHAND_CHECK(product.i < gradient.size() && product.j < gradient.size());
    const double twice = product.i == product.j ? 1 : 2;
    total += twice * gradient[product.i] * gradient[product.j] * product.sum;
  }
  return std::max(total, 0.0);  // Rounding may leave a tiny negative number.
}

double variance_of_ratio(const ClusteredRatio& ratio) {
  EVENHAND_CHECK(ratio.whole > 0);
  const double m = ratio.clusters;
  return m > 1 ? m / (m - 1) * ratio.squares / ratio.whole / ratio.whole : 0;
}

ClusteredRatio clustered_ratio(std::span<const double> cells, std::span<const double> in_part,
                               std::span<const double> in_whole,
                               std::span<const CellProduct> products) {
  EVENHAND_CHECK(in_part.size() == cells.size() && in_whole.size() == cells.size());
  ClusteredRatio ratio;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ratio.part += in_part[i] * cells[i];
    ratio.whole += in_whole[i] * cells[i];
  }
  EVENHAND_CHECK(ratio.whole > 0);
  std::vector<double> gradient(cells.size());
  const double r = ratio.part / ratio.whole;
  for (std::size_t i = 0; i < cells.size(); ++i) gradient[i] = in_part[i] - r * in_whole[i];
  ratio.squares = quadratic_form(gradient, products);
  return ratio;
}

Effective effective_of_clusters(const ClusteredRatio& ratio) {
  EVENHAND_CHECK(ratio.clusters >= 1 && ratio.rows >= ratio.clusters);
  const double p = ratio.part / ratio.whole;
  const double variance = variance_of_ratio(ratio);
  const double degrees = ratio.clusters - 1;
  const double spread = p * (1 - p);
  // Clusters that all agree leave a variance of rounding errors only.
  if (!(variance > spread * 1e-9 / ratio.rows)) return {ratio.clusters, degrees};
  return {std::min(ratio.rows, spread / variance), degrees};
}

}  // namespace evenhand::metric
