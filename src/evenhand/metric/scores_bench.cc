// What scores of a million rows in ten groups cost once they are sorted: AUC with DeLong's variance
// against all pairs, and all measures of calibration.
//
// Bound: a run is 88 bytes; AUC reads them three times, 260 MB in all: some 9 ms at 30 GB/s, which
// a last-level cache gives. Calibration adds some 7 passes with an exponential and a logarithm for
// the slope.
#include <chrono>
#include <cmath>

#include <benchmark/benchmark.h>

#include "evenhand/base/check.h"
#include "evenhand/base/random.h"
#include "evenhand/metric/auc.h"
#include "evenhand/metric/calibration_error.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/scored_people.h"

namespace evenhand::metric {

extern const Measure brier_score, calibration_in_the_large, calibration_slope, calibration_error,
    calibration_error_cumulative;

namespace {

constexpr int kGroups = 10;

std::vector<testing::People> people(int rows_each) {
  Random random(1);
  std::vector<testing::People> groups(kGroups);
  for (testing::People& group : groups) {
    for (int i = 0; i < rows_each; ++i) {
      const double s = random.uniform();
      group.push_back({s, static_cast<std::uint8_t>(random.uniform() < s)});
    }
  }
  return groups;
}

const testing::Question& million() {
  static const testing::Question question(people(100'000));
  return question;
}

/// Slow twin: every pair.
double by_pairs(const std::vector<ScoreRun>& runs) {
  double ordered = 0, w1 = 0, w0 = 0;
  for (const ScoreRun& x : runs) {
    w1 += x.w1;
    w0 += x.w0;
    if (!(x.w1 > 0)) continue;
    for (const ScoreRun& y : runs) {
      ordered += x.w1 * y.w0 * (x.score > y.score ? 1.0 : x.score == y.score ? 0.5 : 0.0);
    }
  }
  return ordered / (w1 * w0);
}

double seconds_by_pairs() {
  const testing::Question small(people(5'000));
  const auto start = std::chrono::steady_clock::now();
  double sum = 0;
  for (const auto& runs : small.rows.runs) sum += by_pairs(runs);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  double fast = 0;
  for (std::size_t g = 0; g < kGroups; ++g) fast += auc_of(small.rows, g).value;
  EVENHAND_CHECK(std::abs(fast - sum) < 1e-9);  // the answer before the time
  return taken.count() * 400;                   // pairs grow with the square: 20 x 20
}

void AucOfAMillionRows(benchmark::State& state) {
  const testing::Question& q = million();
  const double slow = seconds_by_pairs();
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    for (std::size_t g = 0; g < kGroups; ++g) benchmark::DoNotOptimize(auc_of(q.rows, g));
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const double each = taken.count() / static_cast<double>(state.iterations());
  state.counters["x_slow_twin"] = slow / each;
  state.counters["of_bound"] = 1e6 * sizeof(ScoreRun) * 3 / 30e9 / each;
}
BENCHMARK(AucOfAMillionRows)->Unit(benchmark::kMillisecond);

void CalibrationOfAMillionRows(benchmark::State& state) {
  const testing::Question& q = million();
  for (auto _ : state) {
    for (const Measure* measure : {&brier_score, &calibration_in_the_large, &calibration_slope,
                                   &calibration_error, &calibration_error_cumulative}) {
      benchmark::DoNotOptimize(measure->measure(q.tallies, {}));
    }
  }
}
BENCHMARK(CalibrationOfAMillionRows)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evenhand::metric
