// Counting coded rows, beside its slow twin and beside the time to read the rows at all. Each
// checks its answer before it is timed.
#include <cstdint>
#include <cstring>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

#include <benchmark/benchmark.h>

#include "evenhand/base/random.h"
#include "evenhand/tally/all.h"

namespace evenhand::tally {
namespace {

constexpr std::size_t kRows = 1'000'000;

struct Columns {
  std::vector<std::uint32_t> group, cluster;
  std::vector<std::uint8_t> label, decision;
  std::vector<double> score, weight;
  Rows rows() const {
    Rows out;
    out.size = group.size();
    out.group = group;
    out.label = label;
    out.decision = decision;
    out.score = score;
    out.cluster = cluster;
    return out;
  }
};

const Columns& columns(std::uint32_t groups) {
  static std::map<std::uint32_t, Columns> made;
  Columns& out = made[groups];
  Random random(groups);
  for (std::size_t i = out.group.size(); i < kRows; ++i) {
    out.group.push_back(static_cast<std::uint32_t>(random() % groups));
    out.cluster.push_back(static_cast<std::uint32_t>(i / 5));
    out.label.push_back(static_cast<std::uint8_t>(random() % 2));
    out.decision.push_back(static_cast<std::uint8_t>(random() % 2));
    out.score.push_back(random.uniform());
    out.weight.push_back(0.5 + random.uniform());
  }
  return out;
}

Groups numbered(std::size_t count) {
  Groups out{{"g"}, {}, {}};
  for (std::size_t i = 0; i < count; ++i) out.keys.push_back({std::to_string(i)});
  return out;
}

/// The slow twin: ten lines that are plainly right.
std::vector<std::int64_t> count_slowly(const Columns& rows, std::size_t groups) {
  std::vector<std::int64_t> out(groups * 9, 0);
  for (std::size_t i = 0; i < rows.group.size(); ++i) {
    std::size_t label = 2, decision = 2;
    if (rows.label[i] != kMissingClass) label = rows.label[i];
    if (rows.decision[i] != kMissingClass) decision = rows.decision[i];
    out[(rows.group[i] * 3 + label) * 3 + decision] += 1;
  }
  return out;
}

void rate(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(kRows));
}

// The bound: the same 6 bytes a row read once and added up, no counting.
void BM_bound_reading_the_columns(benchmark::State& state) {
  const Columns& rows = columns(10);
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kRows; ++i) sum += rows.group[i] + rows.label[i] + rows.decision[i];
    benchmark::DoNotOptimize(sum);
  }
  rate(state);
}
BENCHMARK(BM_bound_reading_the_columns)->Unit(benchmark::kMillisecond);

void BM_slow_twin(benchmark::State& state) {
  const auto groups = static_cast<std::uint32_t>(state.range(0));
  const Columns& rows = columns(groups);
  for (auto _ : state) benchmark::DoNotOptimize(count_slowly(rows, groups));
  rate(state);
}
// One group: four cells, where each add waits for the last one.
BENCHMARK(BM_slow_twin)->Arg(1)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

// 10 groups have 40 cells that rows fall into (of 90); to reach: 10 ms.
void BM_confusion(benchmark::State& state) {
  const auto groups = static_cast<std::uint32_t>(state.range(0));
  const Columns& rows = columns(groups);
  Confusion checked(numbered(groups));
  bool right = checked.observe(rows.rows()).has_value();
  const auto twin = count_slowly(rows, groups);
  for (std::uint32_t g = 0; g < groups; ++g) {
    for (std::uint8_t y = 0; y < 2; ++y) {
      for (std::uint8_t d = 0; d < 2; ++d)
        right &= checked.n(g, y, d) == twin[(g * 3U + y) * 3 + d];
    }
  }
  if (!right) state.SkipWithError("the counts differ from the slow twin's");
  for (auto _ : state) {
    Confusion counts(numbered(groups));
    benchmark::DoNotOptimize(counts.observe(rows.rows()));
  }
  rate(state);
}
BENCHMARK(BM_confusion)->Arg(1)->Arg(10)->Arg(100)->Arg(10'000)->Unit(benchmark::kMillisecond);

// Every tally on the same rows, without and with sampling weights.
template <class T, Weighting kWeighting>
void BM_tally(benchmark::State& state) {
  const auto groups = static_cast<std::uint32_t>(state.range(0));
  const Columns& columns_ = columns(groups);
  Rows rows = columns_.rows();
  if (kWeighting == Weighting::kSampling) rows.weight = columns_.weight;
  for (auto _ : state) {
    T tally = fresh<T>(numbered(groups), kWeighting);
    benchmark::DoNotOptimize(tally.observe(rows));
    if constexpr (requires { tally.close(); }) benchmark::DoNotOptimize(tally.close());
  }
  rate(state);
}
#define EVENHAND_TALLY(type)                                                                \
  BENCHMARK(BM_tally<type, Weighting::kFrequency>)->Arg(10)->Unit(benchmark::kMillisecond); \
  BENCHMARK(BM_tally<type, Weighting::kSampling>)->Arg(10)->Unit(benchmark::kMillisecond);
#include "evenhand/tally/all.def"
#undef EVENHAND_TALLY

}  // namespace
}  // namespace evenhand::tally
