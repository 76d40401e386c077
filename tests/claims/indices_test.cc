// Claim: indices that are functions of two or three shares (Theil, generalized entropy, Matthews'
// correlation, F1) are held by the limits that decide, down to 20 rows and no error seen, and by
// the shown ones on average. A bootstrap alone held a Theil index of 20 rows in 66 % of tables, and
// called a bound met that was broken in half of them.
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/tally/confusion.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using metric::Measure;
using metric::Method;

/// Shares of TN, FP, FN, TP and how many rows are drawn.
struct Scene {
  std::array<double, 4> cells;
  std::int64_t rows;
};

tally::Confusion of(std::span<const std::int64_t> cells) {
  tally::Confusion counts(tally::everybody());
  for (std::uint8_t cell = 0; cell < 4; ++cell) {
    const auto y = static_cast<std::uint8_t>(cell / 2), d = static_cast<std::uint8_t>(cell % 2);
    if (cells[cell] == 0) continue;
    EXPECT_TRUE(counts.add_cell({0, y, d, cells[cell], 0, 0}));
  }
  return counts;
}

metric::Measured measured(const Measure& measure, const tally::Confusion& counts,
                          std::uint64_t seed) {
  const tally::Groups groups = counts.groups();
  metric::Tallies tallies;
  tallies.groups = &groups;
  tallies.confusion = &counts;
  metric::ReadOptions options;
  options.seed = seed;
  auto all = measure.measure(tallies, options);
  EXPECT_TRUE(all);
  return all->front();
}

struct Found {
  double decides = 0, shown = 0;  // parts of the runs in which the limits hold the truth
};

Found coverage(const Measure& measure, const Scene& scene, int runs) {
  std::vector<std::int64_t> population;
  for (const double p : scene.cells) population.push_back(std::llround(p * 1e9));
  const double truth = measured(measure, of(population), 0).value;
  Found found;
  int defined = 0;
  for (int i = 0; i < runs; ++i) {
    Random random(61, static_cast<std::uint64_t>(i));
    std::array<std::int64_t, 4> cells{};
    metric::draw_multinomial(population, scene.rows, random, cells);
    const metric::Measured m = measured(measure, of(cells), static_cast<std::uint64_t>(i));
    if (!m.defined()) continue;
    ++defined;
    found.decides += covers(limits(m, 0.95, Method::kClopperPearson), truth) ? 1 : 0;
    found.shown += covers(limits(m, 0.95, Method::kWilson), truth) ? 1 : 0;
  }
  return {found.decides / defined, found.shown / defined};
}

std::vector<Scene> scenes() {
  std::vector<Scene> out;
  for (const std::int64_t rows : {20, 100, 500}) {
    for (const double wrong : {0.03, 0.06, 0.1, 0.25}) {
      out.push_back({{0.5 - wrong / 2, wrong / 2, wrong / 2, 0.5 - wrong / 2}, rows});
      out.push_back({{0.85 - wrong / 2, wrong / 2, wrong / 2, 0.15 - wrong / 2}, rows});
      out.push_back({{0.5 - wrong, wrong, 0.01, 0.49}, rows});
    }
  }
  return out;
}

class Indices : public ::testing::TestWithParam<std::string> {};

TEST_P(Indices, AreHeldByTheLimitsThatDecideAndByTheShownOnesOnAverage) {
  constexpr int kRuns = 400;
  const Measure& measure = *metric::find(GetParam())->measure;
  double least = 1, sum = 0, least_shown = 1;
  for (const Scene& scene : scenes()) {
    const Found found = coverage(measure, scene, kRuns);
    EXPECT_GE(found.decides, bar(0.95, kRuns))
        << scene.rows << " rows, FP " << scene.cells[1] << ", FN " << scene.cells[2];
    least = std::min(least, found.decides);
    least_shown = std::min(least_shown, found.shown);
    sum += found.shown / static_cast<double>(scenes().size());
  }
  std::printf("%s: deciding at least %.4f; shown %.4f on average, at least %.4f\n",
              GetParam().c_str(), least, sum, least_shown);
  EXPECT_GE(sum, 0.94);
}

INSTANTIATE_TEST_SUITE_P(OfShares, Indices,
                         ::testing::Values("theil_index", "generalized_entropy_index",
                                           "matthews_correlation", "f1"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace evenhand::claims
