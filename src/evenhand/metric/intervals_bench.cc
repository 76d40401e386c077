// A thousand replicates of 40 cells: what a bootstrap of counts costs, and what drawing rows would.
//
// Bound: 40,000 binomial draws; each needs about two uniforms (2 ns) and, in one of four, some
// eight logarithms (20 ns each): about 40 ns a draw, 1.6 ms in all. To reach: 50 ms. Under some
// 1,500 rows drawing them one by one is as fast; nobody waits for either.
#include "evenhand/metric/intervals.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include "evenhand/base/check.h"
#include "evenhand/metric/bootstrap.h"

namespace evenhand::metric {
namespace {

constexpr int kCells = 40, kReplicates = 1'000;

std::vector<std::int64_t> some_cells(std::int64_t rows) {
  std::vector<std::int64_t> cells(kCells);
  for (int k = 0; k < kCells; ++k) cells[static_cast<std::size_t>(k)] = rows * (k + 1) / 820;
  return cells;
}

// The share of rows in even cells.
std::optional<double> even_share(std::span<const double> cells) {
  double even = 0, all = 0;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    all += cells[k];
    if (k % 2 == 0) even += cells[k];
  }
  return all > 0 ? std::optional(even / all) : std::nullopt;
}

// Slow twin: draw a row, see its cell, n times.
double replicate_by_rows(const std::vector<std::uint8_t>& row_cells, Random& random) {
  std::vector<double> counts(kCells, 0);
  const auto n = static_cast<double>(row_cells.size());
  for (std::size_t i = 0; i < row_cells.size(); ++i) {
    ++counts[row_cells[static_cast<std::size_t>(random.uniform() * n)]];
  }
  return *even_share(counts);
}

std::vector<std::uint8_t> rows_of(const std::vector<std::int64_t>& cells) {
  std::vector<std::uint8_t> rows;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    rows.insert(rows.end(), static_cast<std::size_t>(cells[k]), static_cast<std::uint8_t>(k));
  }
  return rows;
}

double spread(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / (n - 1));
}

// Both must give the standard error sqrt(p(1-p)/n) to 10 % (4 standard errors of 1,000 draws).
void check_spread(const std::vector<double>& replicates, const std::vector<std::int64_t>& cells) {
  const std::vector<double> values(cells.begin(), cells.end());
  const double n = std::accumulate(values.begin(), values.end(), 0.0), p = *even_share(values);
  EVENHAND_CHECK(std::abs(spread(replicates) / std::sqrt(p * (1 - p) / n) - 1) < 0.1);
}

void BM_bootstrap_of_cells(benchmark::State& state) {
  const auto cells = some_cells(state.range(0));
  check_spread(bootstrap_cells(cells, even_share, {.replicates = kReplicates})->sorted, cells);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bootstrap_cells(cells, even_share, {.replicates = kReplicates}));
  }
  state.counters["a_draw"] =
      benchmark::Counter(kCells * kReplicates, benchmark::Counter::kIsIterationInvariantRate |
                                                   benchmark::Counter::kInvert);
}
BENCHMARK(BM_bootstrap_of_cells)
    ->Arg(820)
    ->Arg(1'000'000)
    ->Arg(1'000'000'000)
    ->Unit(benchmark::kMillisecond);

void BM_slow_twin_bootstrap_of_rows(benchmark::State& state) {
  const auto cells = some_cells(state.range(0));
  const auto rows = rows_of(cells);
  Random random(1);
  std::vector<double> replicates(kReplicates);
  for (auto _ : state) {
    for (double& r : replicates) r = replicate_by_rows(rows, random);
    benchmark::DoNotOptimize(replicates.data());
  }
  check_spread(replicates, cells);
}
BENCHMARK(BM_slow_twin_bootstrap_of_rows)
    ->Arg(820)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

// One pair of limits: 10,000 groups are judged by 10,000 of these.
void BM_clopper_pearson(benchmark::State& state) {
  const auto n = static_cast<double>(state.range(0));
  double x = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(clopper_pearson(x, n, 0.9999));
    x = x + 1 < n ? x + 1 : 1;
  }
}
BENCHMARK(BM_clopper_pearson)->Arg(100)->Arg(1'000'000);

void BM_wilson(benchmark::State& state) {
  double x = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(wilson(x, 1'000, 0.95));
    x = x < 999 ? x + 1 : 1;
  }
}
BENCHMARK(BM_wilson);

}  // namespace
}  // namespace evenhand::metric
