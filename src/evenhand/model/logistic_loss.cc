#include "evenhand/model/logistic_loss.h"

#include <algorithm>
#include <cmath>

#include "evenhand/base/check.h"
#include "evenhand/model/blocks.h"

namespace evenhand::model {

namespace {

// Rows are taken in tiles, column by column, so that sums run over rows side by side: eight partial
// sums each, which a compiler turns into vector instructions without reordering anything.
constexpr std::size_t kTile = 128, kLanes = 8;

// What one block of rows adds.
struct Part {
  double log_loss = 0;
  std::vector<double> gradient, hessian;
};

// Some rows with what the sums need of each. Beyond `rows`, pull and curve are 0.
struct Tile {
  std::size_t first = 0, rows = 0;
  std::vector<double> columns;         // shape [numbers + 1][kTile]; the last one is 1
  double pull[kTile], curve[kTile];    // w (mu - y), w mu (1 - mu)
  double eta[kTile], weighted[kTile];  // weighted: curve times a column
};

// Two doubles in one register; every x86-64 and every 64-bit ARM has such.
using Pair = double __attribute__((vector_size(16)));

Pair pair_at(const double* x) { return Pair{x[0], x[1]}; }

double product(const double* x, const double* y) {
  Pair a{}, b{}, c{}, d{};  // by name: an array of them would stay in memory
  for (std::size_t i = 0; i < kTile; i += kLanes) {
    a += pair_at(x + i) * pair_at(y + i);
    b += pair_at(x + i + 2) * pair_at(y + i + 2);
    c += pair_at(x + i + 4) * pair_at(y + i + 4);
    d += pair_at(x + i + 6) * pair_at(y + i + 6);
  }
  const Pair sum = (a + b) + (c + d);
  return sum[0] + sum[1];
}

void fill(const Design& design, Tile& tile) {
  const double* value = design.values.data() + tile.first * design.numbers;
  for (std::size_t i = 0; i < tile.rows; ++i) {
    for (std::size_t a = 0; a < design.numbers; ++a) tile.columns[a * kTile + i] = *value++;
  }
  for (std::size_t a = 0; tile.rows < kTile && a < design.numbers; ++a) {
    double* column = tile.columns.data() + a * kTile;
    std::fill(column + tile.rows, column + kTile, 0.0);
  }
}

// b0 + X b of each row of the tile, in the order of the columns.
void predict(const Design& design, std::span<const double> b, Tile& tile) {
  std::fill(tile.eta, tile.eta + kTile, 0.0);
  for (std::size_t a = 0; a <= design.numbers; ++a) {
    const double slope = a < design.numbers ? b[a] : b.back();
    const double* column = tile.columns.data() + a * kTile;
    for (std::size_t i = 0; i < kTile; ++i) tile.eta[i] += slope * column[i];
  }
  const std::uint32_t* level = design.levels.data() + tile.first * design.factors;
  for (std::size_t i = 0; i < tile.rows; ++i) {
    for (std::size_t f = 0; f < design.factors; ++f, ++level) {
      if (*level != kNoLevel) tile.eta[i] += b[*level];
    }
  }
}

// Pull and curve of each row; returns the loss of all.
double respond(const Sample& sample, Tile& tile) {
  double loss = 0;
  for (std::size_t i = 0; i < tile.rows; ++i) {
    const double w = sample.weights.empty() ? 1 : sample.weights[tile.first + i];
    const double y = sample.labels[tile.first + i], eta = tile.eta[i];
    const double e = std::exp(-std::abs(eta));  // no overflow
    const double mu = (eta >= 0 ? 1 : e) / (1 + e);
    loss += w * (std::max(eta, 0.0) + std::log(1 + e) - y * eta);
    tile.pull[i] = w * (mu - y);
    tile.curve[i] = w * mu * (1 - mu);
  }
  std::fill(tile.pull + tile.rows, tile.pull + kTile, 0.0);
  std::fill(tile.curve + tile.rows, tile.curve + kTile, 0.0);
  return loss;
}

// The sums of numbers and the intercept, whose place is the last one.
void add_numbers(const Design& design, bool with_hessian, Tile& tile, Part& part) {
  const std::size_t numbers = design.numbers, n = part.gradient.size();
  const double* columns = tile.columns.data();
  for (std::size_t a = 0; a <= numbers; ++a) {
    const std::size_t place = a < numbers ? a : n - 1;
    part.gradient[place] += product(tile.pull, columns + a * kTile);
    if (!with_hessian) continue;
    for (std::size_t i = 0; i < kTile; ++i) {
      tile.weighted[i] = tile.curve[i] * columns[a * kTile + i];
    }
    double* row = part.hessian.data() + place * n;
    for (std::size_t b = 0; b < std::min(a + 1, numbers); ++b) {
      row[b] += product(tile.weighted, columns + b * kTile);
    }
    if (a == numbers) row[n - 1] += product(tile.weighted, columns + numbers * kTile);
  }
}

// The sums of levels: of a row, the columns that are 1 ascend.
void add_levels(const Design& design, bool with_hessian, const Tile& tile, Part& part) {
  const std::size_t n = part.gradient.size(), numbers = design.numbers;
  double* hessian = part.hessian.data();
  for (std::size_t i = 0; i < tile.rows; ++i) {
    const double* values = design.values.data() + (tile.first + i) * numbers;
    const std::uint32_t* levels = design.levels.data() + (tile.first + i) * design.factors;
    const double h = tile.curve[i];
    for (std::size_t f = 0; f < design.factors; ++f) {
      if (levels[f] == kNoLevel) continue;
      part.gradient[levels[f]] += tile.pull[i];
      if (!with_hessian) continue;
      double* row = hessian + levels[f] * n;
      for (std::size_t b = 0; b < numbers; ++b) row[b] += h * values[b];
      for (std::size_t m = 0; m <= f; ++m) {
        if (levels[m] != kNoLevel) row[levels[m]] += h;
      }
      hessian[(n - 1) * n + levels[f]] += h;
    }
  }
}

void observe(const Sample& sample, std::span<const double> b, std::size_t begin, std::size_t end,
             bool with_hessian, Part& part) {
  const Design& design = sample.design;
  const std::size_t n = b.size();
  part.gradient.assign(n, 0);
  part.hessian.assign(with_hessian ? n * n : 0, 0);
  Tile tile;
  tile.columns.assign((design.numbers + 1) * kTile, 1);
  for (tile.first = begin; tile.first < end; tile.first += kTile) {
    tile.rows = std::min(kTile, end - tile.first);
    fill(design, tile);
    predict(design, b, tile);
    part.log_loss += respond(sample, tile);
    add_numbers(design, with_hessian, tile, part);
    if (design.factors > 0) add_levels(design, with_hessian, tile, part);
  }
}

void add(std::vector<double>& sum, const std::vector<double>& part) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
}

}  // namespace

double linear_predictor(const Design& design, std::span<const double> b, std::size_t row) {
  const double* values = design.values.data() + row * design.numbers;
  const std::uint32_t* levels = design.levels.data() + row * design.factors;
  double eta = b.back();
  for (std::size_t a = 0; a < design.numbers; ++a) eta += values[a] * b[a];
  for (std::size_t f = 0; f < design.factors; ++f) {
    if (levels[f] != kNoLevel) eta += b[levels[f]];
  }
  return eta;
}

Loss logistic_loss(const Sample& sample, double l2, std::span<const double> b, bool with_hessian,
                   unsigned threads) {
  const std::size_t n = b.size();
  EVENHAND_CHECK(n == sample.design.columns.size() + 1);
  const Blocks blocks = blocks_of(sample.design.rows);
  std::vector<Part> parts(blocks.count);
  for_each_block(blocks, threads, [&](std::size_t k) {
    observe(sample, b, blocks.begin(k), blocks.end(k), with_hessian, parts[k]);
  });
  Loss out{0, 0, std::vector<double>(n), std::vector<double>(with_hessian ? n * n : 0)};
  for (const Part& part : parts) {
    out.log_loss += part.log_loss;
    add(out.gradient, part.gradient);
    add(out.hessian, part.hessian);
  }
  out.value = out.log_loss;
  for (std::size_t c = 0; c + 1 < n; ++c) {
    out.value += l2 / 2 * b[c] * b[c];
    out.gradient[c] += l2 * b[c];
    if (with_hessian) out.hessian[c * n + c] += l2;
  }
  return out;
}

double widest_move(const Sample& sample, std::span<const double> d) {
  double widest = 0;
  for (std::size_t i = 0; i < sample.design.rows; ++i) {
    if (!sample.weights.empty() && !(sample.weights[i] > 0)) continue;
    widest = std::max(widest, std::abs(linear_predictor(sample.design, d, i)));
  }
  return widest;
}

}  // namespace evenhand::model
