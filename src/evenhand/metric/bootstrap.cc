#include "evenhand/metric/bootstrap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "evenhand/base/check.h"

namespace evenhand::metric {
namespace {

constexpr std::int64_t kLargestExact = std::int64_t{1} << 53;

// ln k! - [ln sqrt(2 pi) + (k + 1/2) ln(k + 1) - (k + 1)]: what Stirling's formula leaves.
double stirling_rest(double k) {
  static constexpr std::array<double, 10> kTable = {
      0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
      0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
      0.00925546218271273, 0.008330563433362871};
  if (k < 10) return kTable[static_cast<std::size_t>(k)];
  const double square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

// Walk up the masses from 0: P(k+1) = P(k) (n-k)/(k+1) p/(1-p). For n p < 10, where (1-p)^n is
// far from underflow and some ten steps do.
std::int64_t draw_by_inversion(std::int64_t n, double p, Random& random) {
  const auto size = static_cast<double>(n);
  const double odds = p / (1 - p);
  double mass = std::exp(size * std::log1p(-p));
  double u = random.uniform();
  std::int64_t k = 0;
  while (u > mass && k < n) {
    u -= mass;
    mass *= (size - static_cast<double>(k)) / (static_cast<double>(k) + 1) * odds;
    ++k;
    if (mass == 0) return draw_by_inversion(n, p, random);  // u lay in the rounding of the tail.
  }
  return k;
}

// Transformed rejection with squeeze, for p <= 1/2 and n p >= 10; names as in the paper.
std::int64_t draw_btrs(std::int64_t n, double p, Random& random) {
  const auto size = static_cast<double>(n);
  const double spq = std::sqrt(size * p * (1 - p));
  const double b = 1.15 + 2.53 * spq;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double c = size * p + 0.5;
  const double v_r = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * spq;
  const double r = p / (1 - p);
  const double m = std::floor((size + 1) * p);
  for (;;) {
    const double u = random.uniform() - 0.5;
    double v = 1 - random.uniform();  // in (0,1]
    const double us = 0.5 - std::abs(u);
    if (us == 0) continue;
    const double k = std::floor((2 * a / us + b) * u + c);
    if (k < 0 || k > size) continue;
    if (us >= 0.07 && v <= v_r) return static_cast<std::int64_t>(k);
    v = std::log(v * alpha / (a / (us * us) + b));
    const double log_mass = (m + 0.5) * std::log((m + 1) / (r * (size - m + 1))) +
                            (size + 1) * std::log((size - m + 1) / (size - k + 1)) +
                            (k + 0.5) * std::log(r * (size - k + 1) / (k + 1)) + stirling_rest(m) +
                            stirling_rest(size - m) - stirling_rest(k) - stirling_rest(size - k);
    if (v <= log_mass) return static_cast<std::int64_t>(k);
  }
}

double acceleration(std::vector<double>& cells, const OfCells& read) {
  std::vector<double> without(cells.size());
  std::vector<double> weight(cells.size(), 0);
  double mean = 0, total = 0;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    if (cells[k] < 1) continue;
    cells[k] -= 1;
    const std::optional<double> t = read(cells);
    cells[k] += 1;
    if (!t) continue;
    without[k] = *t;
    weight[k] = cells[k];
    mean += weight[k] * *t;
    total += weight[k];
  }
  if (!(total > 0)) return 0;
  mean /= total;
  double squares = 0, cubes = 0;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const double d = weight[k] > 0 ? mean - without[k] : 0;
    squares += weight[k] * d * d;
    cubes += weight[k] * d * d * d;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

}  // namespace

std::int64_t draw_binomial(std::int64_t n, double probability, Random& random) {
  EVENHAND_CHECK(n >= 0 && n <= kLargestExact && probability >= 0 && probability <= 1);
  if (n == 0 || probability == 0) return 0;
  if (probability == 1) return n;
  const bool mirrored = probability > 0.5;
  const double p = mirrored ? 1 - probability : probability;
  const std::int64_t k =
      static_cast<double>(n) * p < 10 ? draw_by_inversion(n, p, random) : draw_btrs(n, p, random);
  return mirrored ? n - k : k;
}

// Cell by cell: given what the cells before it took, the next one is binomial.
void draw_multinomial(std::span<const std::int64_t> cells, std::int64_t draws, Random& random,
                      std::span<std::int64_t> counts) {
  EVENHAND_CHECK(cells.size() == counts.size());
  auto rest = std::accumulate(cells.begin(), cells.end(), std::int64_t{0});
  EVENHAND_CHECK(rest > 0 || draws == 0);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const double share = rest > 0 ? static_cast<double>(cells[k]) / static_cast<double>(rest) : 0;
    counts[k] = draw_binomial(draws, share, random);
    draws -= counts[k];
    rest -= cells[k];
  }
}

std::optional<Replicates> bootstrap_cells(std::span<const std::int64_t> cells, const OfCells& read,
                                          const BootstrapOptions& options) {
  EVENHAND_CHECK(options.replicates >= 1 && options.design_effect > 0);
  const auto rows = std::accumulate(cells.begin(), cells.end(), std::int64_t{0});
  std::vector<double> values(cells.begin(), cells.end());
  if (rows == 0 || !read(values)) return std::nullopt;
  const auto draws = std::max<std::int64_t>(
      1, std::llround(std::min(static_cast<double>(rows) / options.design_effect, 0x1p53)));
  const double scale = static_cast<double>(rows) / static_cast<double>(draws);

  Replicates made;
  made.acceleration = acceleration(values, read);
  made.sorted.reserve(static_cast<std::size_t>(options.replicates));
  std::vector<std::int64_t> counts(cells.size());
  for (int i = 0; i < options.replicates; ++i) {
    Random random(options.seed, static_cast<std::uint64_t>(i));
    draw_multinomial(cells, draws, random, counts);
    std::transform(counts.begin(), counts.end(), values.begin(),
                   [scale](std::int64_t count) { return static_cast<double>(count) * scale; });
    if (const std::optional<double> t = read(values)) made.sorted.push_back(*t);
  }
  if (made.sorted.size() * 10 < static_cast<std::size_t>(options.replicates) * 9)
    return std::nullopt;
  std::sort(made.sorted.begin(), made.sorted.end());
  return made;
}

}  // namespace evenhand::metric
