// A training step of the network 20-64-64-1 with a gap, batches of 256 rows, beside its slow twin:
// the same step as plain loops in double.
//
// Bound: a step is 6 * 256 * 5,440 - 2 * 256 * 1,280 (nobody asks for the derivative by X) = 7.7
// million operations, 80 us at the 96 GFLOP/s that one core's products reach; `of_bound` is those
// over what a step took. The whole of `fit_gap` is timed: batches, loss, guard, Adam, and the
// pass over all rows that ends the last epoch. Asked for: more than 8,000 steps a second.
#include "evenhand/train/gap.h"

#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>

#include "evenhand/base/random.h"
#include "evenhand/model/mlp.h"

namespace evenhand::train {
namespace {

constexpr std::size_t kRows = 65'536, kColumns = 20, kBatch = 256;
constexpr double kBoundSeconds = 80e-6;
const std::vector<std::size_t> kWidths{kColumns, 64, 64, 1};

struct People {
  model::Design design;
  std::vector<std::uint8_t> labels;
  std::vector<std::uint32_t> groups;
  explicit People(std::size_t rows) {
    design.rows = rows;
    design.numbers = kColumns;
    design.columns.resize(kColumns);
    Random random(1);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t c = 0; c < kColumns; ++c) design.values.push_back(4 * random.uniform() - 2);
      const double* x = &design.values[i * kColumns];
      groups.push_back(random.uniform() < 0.3 ? 1 : 0);
      const double eta = groups.back() == 1 ? x[0] + x[1] * x[2] : 2 * x[0] - x[3];
      labels.push_back(random.uniform() < 1 / (1 + std::exp(-eta)) ? 1 : 0);
    }
  }
  GapSample sample() const { return {design, labels, {}, groups, {"A", "B"}, {}}; }
};

// Plain descent on the task loss of all rows, so that the twin needs no order of batches.
struct Twin {
  model::Network<double> net = model::initial_network<double>(kWidths, 0);
  std::vector<double> first, second;
  double means[2] = {0, 0};  // moving averages but for a factor that both share
  int steps = 0;

  void step(const People& people, std::span<const std::uint32_t> rows, double lambda) {
    std::vector<double> gradient(net.parameters.size());
    std::vector<std::vector<double>> h(4);
    double soft[2] = {0, 0}, all[2] = {0, 0};
    std::vector<double> probability;
    for (const std::uint32_t i : rows) {
      ahead(people, i, h);
      const double p = 1 / (1 + std::exp(-h[3][0]));
      probability.push_back(p);
      soft[people.groups[i]] += people.labels[i] == 1 ? 1 - p : p;
      all[people.groups[i]] += 1;
    }
    for (int g = 0; g < 2; ++g) means[g] = 0.9 * means[g] + 0.1 * soft[g] / all[g];
    const double side = means[0] > means[1] ? 1 : -1;
    const auto n = static_cast<double>(rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::uint32_t i = rows[r], g = people.groups[i];
      const double p = probability[r], lean = people.labels[i] == 1 ? -1 : 1;
      const double by = (p - people.labels[i]) / n +
                        lambda * (g == 0 ? side : -side) * lean * p * (1 - p) / all[g];
      back(people, i, by, h, gradient);
    }
    adam(gradient);
  }

  void ahead(const People& people, std::uint32_t i, std::vector<std::vector<double>>& h) const {
    const double* x = &people.design.values[i * kColumns];
    h[0].assign(x, x + kColumns);
    for (std::size_t k = 0; k < 3; ++k) {
      const double* w = &net.parameters[model::offset_of(kWidths, k)];
      h[k + 1].assign(kWidths[k + 1], 0);
      for (std::size_t u = 0; u < kWidths[k + 1]; ++u) {
        double sum = w[kWidths[k] * kWidths[k + 1] + u];
        for (std::size_t c = 0; c < kWidths[k]; ++c) sum += w[u * kWidths[k] + c] * h[k][c];
        h[k + 1][u] = k < 2 && sum < 0 ? 0 : sum;
      }
    }
  }

  void back(const People& people, std::uint32_t i, double by, std::vector<std::vector<double>>& h,
            std::vector<double>& gradient) const {
    ahead(people, i, h);
    std::vector<double> delta{by};
    for (std::size_t k = 3; k-- > 0;) {
      const std::size_t at = model::offset_of(kWidths, k), in = kWidths[k], out = kWidths[k + 1];
      std::vector<double> below(in);
      for (std::size_t u = 0; u < out; ++u) {
        gradient[at + in * out + u] += delta[u];
        for (std::size_t c = 0; c < in; ++c) {
          gradient[at + u * in + c] += delta[u] * h[k][c];
          below[c] += delta[u] * net.parameters[at + u * in + c];
        }
      }
      for (std::size_t c = 0; k > 0 && c < in; ++c) below[c] = h[k][c] > 0 ? below[c] : 0;
      delta = below;
    }
  }

  void adam(const std::vector<double>& g) {
    first.resize(g.size());
    second.resize(g.size());
    ++steps;
    for (std::size_t j = 0; j < g.size(); ++j) {
      first[j] = 0.9 * first[j] + 0.1 * g[j];
      second[j] = 0.999 * second[j] + 0.001 * g[j] * g[j];
      const double m = first[j] / (1 - std::pow(0.9, steps));
      const double v = second[j] / (1 - std::pow(0.999, steps));
      net.parameters[j] -= 0.001 * m / (std::sqrt(v) + 1e-8);
    }
  }
};

GapOptions options(std::int64_t epochs) {
  GapOptions out;
  out.epochs = epochs;
  out.batch = kBatch;
  out.lambda = 0.2;
  out.l2 = 0;
  out.terms.smooth = 0;
  out.held_out = 0;
  return out;
}

// One batch that is all there is, thrice.
bool agrees() {
  const People few(kBatch);
  GapOptions o = options(3);
  o.terms.guard = false;
  const auto fit = fit_gap(few.sample(), o);
  if (!fit) return false;
  Twin twin;
  std::vector<std::uint32_t> rows(kBatch);
  for (std::uint32_t i = 0; i < kBatch; ++i) rows[i] = i;
  for (int step = 0; step < 3; ++step) twin.step(few, rows, 0.2);
  const auto& found = model::mlp_fit_of(*fit->model)->network.parameters;
  double off = 0;
  for (std::size_t j = 0; j < found.size(); ++j) {
    off += std::abs(static_cast<double>(found[j]) - twin.net.parameters[j]);
  }
  // Adam moves a number whose gradient is rounding noise by a whole step: most, not all, agree.
  return off / static_cast<double>(found.size()) < 1e-5;
}

void GapStep(benchmark::State& state) {
  static const People kPeople(kRows);
  if (!agrees()) {
    state.SkipWithError("the network and its slow twin disagree");
    return;
  }
  std::int64_t steps = 0;
  for (auto _ : state) {
    const auto fit = fit_gap(kPeople.sample(), options(8));
    steps += static_cast<std::int64_t>(fit->steps);
  }
  state.counters["steps_per_s"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
  state.counters["of_bound"] =
      benchmark::Counter(kBoundSeconds * static_cast<double>(steps), benchmark::Counter::kIsRate);
}
BENCHMARK(GapStep)->Unit(benchmark::kMillisecond);

void SlowTwin(benchmark::State& state) {
  static const People kPeople(kRows);
  Twin twin;
  std::vector<std::uint32_t> rows(kBatch);
  std::uint32_t next = 0;
  for (auto _ : state) {
    for (std::uint32_t& row : rows) row = next++ % kRows;
    twin.step(kPeople, rows, 0.2);
  }
  state.counters["steps_per_s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(SlowTwin)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace evenhand::train
