#include "evenhand/metric/effective.h"

#include <algorithm>
#include <cmath>

#include "evenhand/base/check.h"
#include "evenhand/numeric/student.h"

namespace evenhand::metric {
namespace {

// sum_c (part_c - r whole_c)^2. Rounding may leave a tiny negative number.
double squares_about(const ClusteredRatio& c, double r) {
  return std::max(0.0, c.part_squares - 2 * r * c.cross + r * r * c.whole_squares);
}

// In units of the whole, so that huge or tiny weights neither overflow nor vanish.
ClusteredRatio scaled(const ClusteredRatio& c) {
  return {c.part / c.whole,
          1,
          c.part_squares / c.whole / c.whole,
          c.cross / c.whole / c.whole,
          c.whole_squares / c.whole / c.whole,
          c.rows,
          c.clusters};
}

void add(ClusteredRatio& c, double part, double whole) {
  c.part += part;
  c.whole += whole;
  c.part_squares += part * part;
  c.cross += part * whole;
  c.whole_squares += whole * whole;
  c.clusters += 1;
}

// Rows of a cluster as one of its rows sees it.
double ordinary_size(const ClusteredRatio& c) { return c.whole_squares / c.whole; }

// Two clusters of ordinary size, one with `in_part` of it in the part, one with `in_rest` in the
// rest.
ClusteredRatio with_two_imagined(ClusteredRatio c, double in_part, double in_rest) {
  const double b = ordinary_size(c);
  add(c, in_part, b);
  add(c, b - in_rest, b);
  return c;
}

// p(1-p) whole^2 / sum_c (part_c - p whole_c)^2: at most (m^2/4)-fold, for the two imagined
// clusters alone keep the sum above 0.
double plain_size(const ClusteredRatio& c) {
  const double p = c.part / c.whole;
  return p * (1 - p) * c.whole * c.whole / squares_about(c, p);
}

}  // namespace

Effective effective_of_weights(const WeightSums& sums) {
  const double whole = sums.part + sums.rest;
  EVENHAND_CHECK(sums.part >= 0 && sums.rest >= 0 && whole > 0);
  // Rows are clusters of one: whole_c is the weight w, part_c is w in the part and 0 elsewhere.
  const ClusteredRatio scaled_rows{
      sums.part / whole,
      1,
      sums.part_squares / whole / whole,
      sums.part_squares / whole / whole,
      sums.part_squares / whole / whole + sums.rest_squares / whole / whole,
      0,
      0};
  const double b = ordinary_size(scaled_rows);
  const double size = plain_size(with_two_imagined(scaled_rows, b, b)) - 2;
  // Squares of tiny weights vanish, and then nothing is known of how the weights differ: one row.
  return {std::isfinite(size) ? std::max(1.0, size) : 1.0, 0};
}

double variance_of_ratio(const ClusteredRatio& ratio) {
  EVENHAND_CHECK(ratio.whole > 0);
  const double m = ratio.clusters;
  const ClusteredRatio unit = scaled(ratio);
  return m > 1 ? m / (m - 1) * squares_about(unit, unit.part) : 0;
}

namespace {

/// One side of a share, as its clusters hold it.
struct Side {
  double held = 0, held_squares = 0;
  double clusters() const { return held * held / held_squares; }  // that many equal ones
  double ordinary() const { return held_squares / held; }         // of one that holds any
};

/// By the scatter of the clusters that were seen.
Effective by_scatter(const ClusteredRatio& c) {
  const Side part{c.part, c.part_squares};
  const Side rest{c.whole - c.part, c.whole_squares - 2 * c.cross + c.part_squares};
  const double b = ordinary_size(c);
  const bool both = part.held > 0 && rest.held > 0;
  const auto held = [&](const Side& side) { return both ? std::min(b, side.ordinary()) : b; };
  const ClusteredRatio all = with_two_imagined(c, held(part), held(rest));
  // m/(m-1) of the clusters over n/(n-1) of the rows: 1 when every cluster is one row.
  const double m = all.clusters, n = c.rows * all.whole;
  const double few = m / (m - 1) * ((n - 1) / n);
  const double carriers = both ? std::min(part.clusters(), rest.clusters()) : c.clusters;
  const double size = plain_size(all) / few - 2;
  return {std::clamp(size, 1.0, c.rows), std::max(std::min(carriers, c.clusters) - 1, 1.0)};
}

/// As though all rows of a cluster were alike: then its size is all there is to know.
Effective at_worst(const ClusteredRatio& c) {
  return {std::max(1.0, 1 / ordinary_size(c)), std::max(c.clusters - 1, 1.0)};
}

/// Inverse square of an interval's half-width, but for a factor. The level only ranks.
double worth(const Effective& e) {
  const double t = numeric::student_two_sided(0.95, e.degrees);
  return e.size / (t * t);
}

}  // namespace

Effective effective_of_clusters(const ClusteredRatio& ratio) {
  EVENHAND_CHECK(ratio.whole > 0 && ratio.clusters >= 1 && ratio.rows >= ratio.clusters);
  const ClusteredRatio unit = scaled(ratio);
  const Effective worst = at_worst(unit);
  if (unit.clusters < 2) return worst;  // one cluster shows no scatter
  const Effective seen = by_scatter(unit);
  return worth(worst) > worth(seen) ? worst : seen;
}

double bilinear_form(std::span<const double> a, std::span<const CellProduct> products,
                     std::span<const double> b) {
  EVENHAND_CHECK(a.size() == b.size());
  double total = 0;
  for (const CellProduct& product : products) {
    const std::size_t i = product.i, j = product.j;
    EVENHAND_CHECK(i < a.size() && j < a.size());
    total += product.sum * (i == j ? a[i] * b[i] : a[i] * b[j] + a[j] * b[i]);
  }
  return total;
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
  ratio.part_squares = bilinear_form(in_part, products, in_part);
  ratio.cross = bilinear_form(in_part, products, in_whole);
  ratio.whole_squares = bilinear_form(in_whole, products, in_whole);
  return ratio;
}

}  // namespace evenhand::metric
