// Claim: BCa intervals of smooth functions of cells cover on average as they say, also where the
// rows come in clusters; the widest gap is none, and there they do not.
#include "evenhand/metric/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using metric::Measured;
using Cells = std::span<const double>;

// Cells of two groups: selected and not, of the first and of the second.
std::optional<double> log_quotient(Cells c) {
  if (!(c[0] > 0 && c[2] > 0)) return std::nullopt;
  return std::log(c[0] / (c[0] + c[1])) - std::log(c[2] / (c[2] + c[3]));
}

// Between-group part of the variance of decisions: sum_g n_g (r_g - r)^2 / n.
std::optional<double> between_groups(Cells c) {
  const double n = std::accumulate(c.begin(), c.end(), 0.0);
  double selected = 0, sum = 0;
  for (std::size_t g = 0; g < c.size(); g += 2) selected += c[g];
  for (std::size_t g = 0; g < c.size(); g += 2) {
    const double rows = c[g] + c[g + 1];
    if (rows > 0) sum += rows * (c[g] / rows - selected / n) * (c[g] / rows - selected / n);
  }
  return sum / n;
}

std::optional<double> widest(Cells c) {
  double low = 1, high = 0;
  for (std::size_t g = 0; g < c.size(); g += 2) {
    const double rows = c[g] + c[g + 1];
    if (!(rows > 0)) return std::nullopt;
    low = std::min(low, c[g] / rows);
    high = std::max(high, c[g] / rows);
  }
  return high - low;
}

struct Sides {
  double covered = 0, below = 0, above = 0;  // parts of the runs; truth below or above the interval
};

Sides coverage(const std::vector<double>& probabilities, std::int64_t rows,
               const metric::OfCells& read, int runs) {
  // Whole cells of which the probabilities are shares, to draw from.
  std::vector<std::int64_t> population;
  for (const double p : probabilities) population.push_back(std::llround(p * 1e9));
  const double truth = *read(probabilities);
  Sides sides;  // A run without an interval counts on no side, so not as covered.
  for (int i = 0; i < runs; ++i) {
    Random random(23, static_cast<std::uint64_t>(i));
    std::vector<std::int64_t> cells(population.size());
    metric::draw_multinomial(population, rows, random, cells);
    const auto made = metric::bootstrap_cells(
        cells, read, {.replicates = 1'000, .seed = static_cast<std::uint64_t>(i) + 1'000'000});
    const std::vector<double> values(cells.begin(), cells.end());
    if (!made) continue;
    Measured m;
    m.value = *read(values);
    m.spread = metric::Spread::kReplicate;
    m.replicates = std::make_shared<const metric::Replicates>(*made);
    const metric::Interval found = limits(m, 0.95, metric::Method::kWilson);
    sides.covered += covers(found, truth) ? 1.0 / runs : 0;
    sides.below += truth < found.low ? 1.0 / runs : 0;
    sides.above += truth > found.high ? 1.0 / runs : 0;
  }
  return sides;
}

TEST(BCa, CoversSmoothFunctionsOfCells) {
  constexpr int kRuns = 1'500;
  const std::vector<double> uneven{0.20, 0.40, 0.05, 0.35};
  for (const auto& [name, read] : {std::pair{"log quotient", metric::OfCells(log_quotient)},
                                   std::pair{"between groups", metric::OfCells(between_groups)}}) {
    const Sides found = coverage(uneven, 1'000, read, kRuns);
    std::printf("BCa, %s: %.4f (truth below %.4f, above %.4f)\n", name, found.covered, found.below,
                found.above);
    EXPECT_GE(found.covered, bar(0.95, kRuns)) << name;
  }
}

// Equal and nearly equal groups put a between-group part at the edge of its range or near it, where
// BCa alone covers 0 %: the value is biased by its own noise.
TEST(BCa, CoversAtTheEdgeOfTheRangeAndNearIt) {
  constexpr int kRuns = 1'000;
  for (const double shift : {0.0, 0.005, 0.01, 0.02, 0.04}) {
    const std::vector<double> two{0.1 + shift, 0.3 - shift, 0.15 - shift, 0.45 + shift};
    const std::vector<double> three{0.1 + shift, 0.3 - shift, 0.1, 0.3, 0.05 - shift, 0.15 + shift};
    std::vector<double> ten;
    for (int g = 0; g < 10; ++g) {
      const double mine = 0.025 + shift / 5 * (g % 2 == 0 ? 1 : -1);
      ten.insert(ten.end(), {mine, 0.1 - mine});
    }
    for (const auto& cells : {two, three, ten}) {
      const Sides found = coverage(cells, 1'000, between_groups, kRuns);
      std::printf("BCa, %zu groups shifted by %.3f: %.4f (truth below %.4f, above %.4f)\n",
                  cells.size() / 2, shift, found.covered, found.below, found.above);
      EXPECT_GE(found.covered, bar(0.95, kRuns)) << cells.size() / 2 << " groups, shift " << shift;
    }
  }
}

// Known: of the widest gap of ten equal groups a bootstrap covers (next to) never. Mirroring the
// replicates where they are biased helps, and not nearly enough.
TEST(BCa, FailsForTheWidestGapAsIsKnown) {
  const Sides found = coverage(std::vector<double>(20, 0.05), 1'000, widest, 300);
  std::printf("BCa of a widest gap: %.4f\n", found.covered);
  EXPECT_LE(found.covered, 0.8);
}

}  // namespace
}  // namespace evenhand::claims
