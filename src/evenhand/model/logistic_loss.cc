#include "evenhand/model/logistic_loss.h"

#include <algorithm>
#include <cmath>

#include "evenhand/base/check.h"
#include "evenhand/model/blocks.h"

namespace evenhand::model {

namespace {

// What one block of rows adds.
struct Part {
  double log_loss = 0;
  std::vector<double> gradient, hessian;
};

// Columns of a row that are 1: its levels that have one, and the intercept, ascending.
std::size_t ones_of(const Design& design, std::size_t row, std::uint32_t* ones) {
  const std::uint32_t* levels = design.levels.data() + row * design.factors;
  std::size_t count = 0;
  for (std::size_t f = 0; f < design.factors; ++f) {
    ones[count] = levels[f];
    count += levels[f] != kNoLevel ? 1 : 0;
  }
  ones[count++] = static_cast<std::uint32_t>(design.columns.size());
  return count;
}

// log(1 + exp(eta)) without overflow, and mu.
void logistic(double eta, double& log_one_plus, double& mu) {
  const double e = std::exp(-std::abs(eta));
  log_one_plus = std::max(eta, 0.0) + std::log1p(e);
  mu = (eta >= 0 ? 1 : e) / (1 + e);
}

// H += h x x^T, lower triangle; x holds `numbers` values, then ones at `ones`.
void add_product(double h, const double* values, std::size_t numbers, const std::uint32_t* ones,
                 std::size_t count, std::size_t n, double* hessian) {
  for (std::size_t a = 0; a < numbers; ++a) {
    const double scaled = h * values[a];
    double* row = hessian + a * n;
    for (std::size_t b = 0; b <= a; ++b) row[b] += scaled * values[b];
  }
  for (std::size_t k = 0; k < count; ++k) {
    double* row = hessian + ones[k] * n;
    for (std::size_t b = 0; b < numbers; ++b) row[b] += h * values[b];
    for (std::size_t m = 0; m <= k; ++m) row[ones[m]] += h;
  }
}

void observe(const Sample& sample, std::span<const double> b, std::size_t begin, std::size_t end,
             bool with_hessian, Part& part) {
  const Design& design = sample.design;
  const std::size_t n = b.size(), numbers = design.numbers;
  part.gradient.assign(n, 0);
  part.hessian.assign(with_hessian ? n * n : 0, 0);
  std::vector<std::uint32_t> ones(design.factors + 1);
  for (std::size_t i = begin; i < end; ++i) {
    const double w = sample.weights.empty() ? 1 : sample.weights[i];
    const double* values = design.values.data() + i * numbers;
    const std::size_t count = ones_of(design, i, ones.data());
    double eta = 0;
    for (std::size_t a = 0; a < numbers; ++a) eta += values[a] * b[a];
    for (std::size_t k = 0; k < count; ++k) eta += b[ones[k]];
    double log_one_plus = 0, mu = 0;
    logistic(eta, log_one_plus, mu);
    const double y = sample.labels[i];
    part.log_loss += w * (log_one_plus - y * eta);
    const double pull = w * (mu - y);
    for (std::size_t a = 0; a < numbers; ++a) part.gradient[a] += pull * values[a];
    for (std::size_t k = 0; k < count; ++k) part.gradient[ones[k]] += pull;
    if (with_hessian) {
      add_product(w * mu * (1 - mu), values, numbers, ones.data(), count, n, part.hessian.data());
    }
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
