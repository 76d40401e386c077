// From rows to rules: 1e6 distinct scores in 4 groups.
//
// Bound: the rows must be put in order once, and everything else is a few passes; `of_bound` is the
// time of sorting 1e6 doubles over what the whole took. Asked for: equalized odds in 0.5 s.
// Beside it the slow twin that others use: a grid of 1,001 false positive rates, each group's hull
// read off at each. It may not be better, and by how much it is worse is `cost_lost`.
#include "evenhand/adjust/thresholds.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>

#include <benchmark/benchmark.h>

#include "evenhand/adjust/calibrate.h"
#include "evenhand/base/random.h"

namespace evenhand::adjust {
namespace {

constexpr std::uint32_t kGroups = 4;
constexpr int kRows = 1'000'000;

const std::vector<Row>& rows() {
  static const std::vector<Row> kMade = [] {
    Random random(1);
    std::vector<Row> out;
    for (int i = 0; i < kRows; ++i) {
      const auto group = static_cast<std::uint32_t>(random() % kGroups);
      const double x = random.uniform() + random.uniform() + random.uniform() + 0.1 * group - 1.5;
      const double p = 1 / (1 + std::exp(-3 * x));
      out.push_back({p, group, static_cast<std::uint8_t>(random.uniform() < p ? 1 : 0)});
    }
    return out;
  }();
  return kMade;
}

/// Of the processor, so that other programs do not count.
double seconds_of_sort() {
  std::vector<double> scores;
  for (const Row& row : rows()) scores.push_back(row.score);
  const std::clock_t start = std::clock();
  std::sort(scores.begin(), scores.end());
  benchmark::DoNotOptimize(scores.data());
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double cost(const std::vector<Curve>& curves, const std::vector<model::Rule>& rules) {
  const std::vector<double> weights = cost_weights(curves, false);
  double out = 0;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    const Let let = let_in(curves[g], rules.size() == 1 ? rules[0] : rules[g]);
    out += cost_of(curves[g], let, Question{}, weights[g]);
  }
  return out;
}

/// The least cost of equalized odds over a grid of false positive rates: at each the true positive
/// rate that every group's hull allows.
double cost_by_grid(const std::vector<Curve>& curves) {
  constexpr int kGrid = 1000;
  std::vector<double> least_tpr(kGrid + 1, 1);
  double n0 = 0, n1 = 0;
  for (const Curve& curve : curves) {
    const std::vector<Corner> hull = upper_hull(curve, false);
    n0 += curve.n0;
    n1 += curve.n1;
    std::size_t k = 1;
    for (int x = 0; x <= kGrid; ++x) {
      const double fp = curve.n0 * x / kGrid;
      while (k + 1 < hull.size() && hull[k].fp < fp) ++k;
      const Corner &a = hull[k - 1], &b = hull[k];
      const double part = b.fp > a.fp ? std::clamp((fp - a.fp) / (b.fp - a.fp), 0.0, 1.0) : 1;
      double& least = least_tpr[static_cast<std::size_t>(x)];
      least = std::min(least, (a.tp + part * (b.tp - a.tp)) / curve.n1);
    }
  }
  double best = std::numeric_limits<double>::infinity();
  for (int x = 0; x <= kGrid; ++x) {
    const double tpr = least_tpr[static_cast<std::size_t>(x)];
    best = std::min(best, (n0 * x / kGrid + n1 * (1 - tpr)) / (n0 + n1));
  }
  return best;
}

Question odds() {
  Question out;
  out.equalise = Equalise::kOdds;
  return out;
}

void BM_OddsByGroup(benchmark::State& state) {
  const std::vector<Curve> curves = curves_of(crowd_of(rows(), kGroups));
  const auto checked = lots_by_group(curves, odds());
  const double by_grid = cost_by_grid(curves);
  if (!checked || checked->gap > 1e-9 || cost(curves, checked->rules) > by_grid + 1e-12) {
    state.SkipWithError("a gap is left, or a grid is cheaper");
    return;
  }
  for (auto _ : state) {
    const auto found = lots_by_group(curves_of(crowd_of(rows(), kGroups)), odds());
    benchmark::DoNotOptimize(found->gap);
  }
  state.counters["cost_lost"] = by_grid - cost(curves, checked->rules);
  state.counters["of_bound"] =
      benchmark::Counter(seconds_of_sort(), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_OddsByGroup)->Unit(benchmark::kMillisecond);

void BM_OddsByGroupSlowTwin(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(cost_by_grid(curves_of(crowd_of(rows(), kGroups))));
  }
}
BENCHMARK(BM_OddsByGroupSlowTwin)->Unit(benchmark::kMillisecond);

void BM_OddsForEverybody(benchmark::State& state) {
  Question question = odds();
  question.tolerance = 0.05;
  const std::vector<bool> compared(kGroups, true);
  const Crowd crowd = crowd_of(rows(), kGroups);
  const auto checked = lots_for_everybody(crowd, question, compared);
  if (!checked || !checked->reached) {
    state.SkipWithError("the tolerance is not kept");
    return;
  }
  for (auto _ : state) {
    const auto found = lots_for_everybody(crowd_of(rows(), kGroups), question, compared);
    benchmark::DoNotOptimize(found->gap);
  }
}
BENCHMARK(BM_OddsForEverybody)->Unit(benchmark::kMillisecond);

/// The min-max formula at some of the first rows.
bool isotonic_is_right() {
  const std::vector<Row> some(rows().begin(), rows().begin() + 1500);
  std::vector<Row> one = some;
  for (Row& row : one) row.group = 0;
  const Curve curve = pooled(crowd_of(one, 1));
  const auto fit = fit_isotonic(curve);
  const std::size_t n = curve.levels.size();
  for (std::size_t i = 0; i < n; i += 37) {  // levels fall: i is below everything before it
    double highest = 0;
    for (std::size_t a = i; a < n; ++a) {
      double lowest = 1, count = 0, ones = 0;
      for (std::size_t b = a + 1; b-- > 0;) {
        count += curve.levels[b].n0 + curve.levels[b].n1;
        ones += curve.levels[b].n1;
        if (b <= i) lowest = std::min(lowest, ones / count);
      }
      highest = std::max(highest, lowest);
    }
    if (std::abs(model::calibrated(*fit, curve.levels[i].score) - highest) > 1e-12) return false;
  }
  return true;
}

void BM_Isotonic(benchmark::State& state) {
  if (!isotonic_is_right()) {
    state.SkipWithError("the fit is not that of the min-max formula");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(fit_isotonic(pooled(crowd_of(rows(), kGroups)))->steps.size());
  }
  state.counters["of_bound"] =
      benchmark::Counter(seconds_of_sort(), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Isotonic)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evenhand::adjust
