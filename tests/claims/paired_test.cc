// Claim: the interval of a change between two decisions about the same people holds its truth, of
// one group's rate and of the widest gap: where the gap shrinks, stays, grows or turns around, with
// two groups and with more. The deciding interval does in every scene; the shown one of two groups
// (Newcombe, MOVER) on average over the scenes, and its least coverage is printed.
#include "evenhand/metric/paired.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using metric::PairedCounts;
using metric::ReadOptions;

constexpr int kRuns = 1'000;

// Shares of a group's people by (before, after): 00, 01, 10, 11.
struct Group {
  std::int64_t rows;
  double shares[4];
};

struct Scene {
  std::string name;
  std::vector<Group> groups;
};

const std::vector<Scene>& scenes() {
  static const std::vector<Scene> kAll{
      {"shrinks", {{200, {.70, .15, .05, .10}}, {400, {.45, .05, .10, .40}}}},
      {"stays", {{50, {.60, .10, .10, .20}}, {300, {.40, .10, .10, .40}}}},
      {"stays at none", {{100, {.50, .10, .10, .30}}, {100, {.50, .10, .10, .30}}}},
      {"turns around", {{300, {.35, .45, .05, .15}}, {300, {.45, .05, .05, .45}}}},
      {"nobody changes", {{80, {.60, 0, 0, .40}}, {120, {.40, 0, 0, .60}}}},
      {"four groups",
       {{60, {.70, .10, .05, .15}},
        {200, {.50, .10, .10, .30}},
        {20, {.60, .20, .05, .15}},
        {500, {.40, .05, .10, .45}}}},
      {"closes, with small groups",
       {{600, {.55, .05, .35, .05}},
        {1500, {.88, .03, .02, .07}},
        {15, {.80, .10, .05, .05}},
        {25, {.70, .05, .20, .05}},
        {40, {.85, .05, .05, .05}}}},
      {"opens by a small group",
       {{400, {.45, .05, .05, .45}}, {12, {.40, .05, .35, .20}}, {300, {.40, .10, .10, .40}}}},
      {"five equal groups",
       {{100, {.50, .10, .10, .30}},
        {100, {.50, .10, .10, .30}},
        {100, {.50, .10, .10, .30}},
        {100, {.50, .10, .10, .30}},
        {100, {.50, .10, .10, .30}}}}};
  return kAll;
}

double before(const Group& g) { return g.shares[2] + g.shares[3]; }
double after(const Group& g) { return g.shares[1] + g.shares[3]; }

double truth(const Scene& scene) {
  double low[2] = {1, 1}, high[2] = {0, 0};
  for (const Group& g : scene.groups) {
    const double rates[2] = {before(g), after(g)};
    for (int i = 0; i < 2; ++i) {
      low[i] = std::min(low[i], rates[i]);
      high[i] = std::max(high[i], rates[i]);
    }
  }
  return (high[1] - low[1]) - (high[0] - low[0]);
}

PairedCounts draw(const Scene& scene, const tally::Groups& groups, Random& random) {
  PairedCounts out{&groups, std::vector<std::array<std::int64_t, 27>>(scene.groups.size())};
  for (std::size_t g = 0; g < scene.groups.size(); ++g) {
    const Group& group = scene.groups[g];
    for (std::int64_t i = 0; i < group.rows; ++i) {
      double u = random.uniform();
      int cell = 0;
      while (cell < 3 && u >= group.shares[cell]) u -= group.shares[cell++];
      ++out.cells[g][PairedCounts::cell(0, cell / 2, cell % 2)];
    }
  }
  return out;
}

tally::Groups named(std::size_t size) {
  tally::Groups out;
  out.by = {"group"};
  for (std::size_t g = 0; g < size; ++g) {
    out.keys.push_back({std::to_string(1000 + g)});
  }
  return out;
}

TEST(PairedClaim, ChangesOfTheWidestGapHoldTheirTruth) {
  ReadOptions options;
  options.family_level = 0.95;
  double sum = 0, least = 1, least_of_more = 1;
  int of_two = 0;
  std::vector<Scene> all = scenes();
  all.push_back({"120 groups", {}});
  for (int g = 0; g < 120; ++g) {
    const double in = g % 3 == 0 ? .15 : .05;
    all.back().groups.push_back({40, {.60 - in, in, .10, .30}});
  }
  for (const Scene& scene : all) {
    const tally::Groups groups = named(scene.groups.size());
    Random random(17, static_cast<std::uint64_t>(groups.size()));
    int shown = 0, deciding = 0;
    for (int run = 0; run < kRuns; ++run) {
      const auto r = gap_change(draw(scene, groups, random), metric::kSelectionRate, options);
      shown += covers({r.estimate.low, r.estimate.high}, truth(scene)) ? 1 : 0;
      deciding += covers(*r.family, truth(scene)) ? 1 : 0;
    }
    EXPECT_GE(static_cast<double>(deciding) / kRuns, bar(0.95, kRuns)) << scene.name;
    const double coverage = static_cast<double>(shown) / kRuns;
    if (groups.size() > 2) {
      EXPECT_GE(coverage, bar(0.95, kRuns)) << scene.name;
      least_of_more = std::min(least_of_more, coverage);
    } else {
      sum += coverage, least = std::min(least, coverage), ++of_two;
    }
  }
  std::printf("two groups: coverage %.3f on average, %.3f at least; more: %.3f at least\n",
              sum / of_two, least, least_of_more);
  EXPECT_GE(sum / of_two, bar(0.95, kRuns * of_two));
}

TEST(PairedClaim, ChangesOfOneGroupHoldTheirTruth) {
  ReadOptions options;
  options.family_level = 0.95;
  double sum = 0;
  int all = 0;
  for (const Scene& scene : scenes()) {
    const tally::Groups groups = named(scene.groups.size());
    Random random(5, static_cast<std::uint64_t>(groups.size()));
    int shown = 0, deciding = 0;
    for (int run = 0; run < kRuns; ++run) {
      const auto r = changes(draw(scene, groups, random), metric::kSelectionRate, options)[0];
      const double c = after(scene.groups[0]) - before(scene.groups[0]);
      shown += covers({r.estimate.low, r.estimate.high}, c) ? 1 : 0;
      deciding += covers(*r.family, c) ? 1 : 0;
    }
    EXPECT_GE(static_cast<double>(deciding) / kRuns, bar(0.95, kRuns)) << scene.name;
    sum += static_cast<double>(shown) / kRuns, ++all;
  }
  std::printf("one group: coverage %.3f on average\n", sum / all);
  EXPECT_GE(sum / all, bar(0.95, kRuns * all));
}

}  // namespace
}  // namespace evenhand::claims
