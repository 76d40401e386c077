// Claim: limits of a share of rows with sampling weights cover through the linearised effective
// size, whether or not the weights go with what is measured.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/effective.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using metric::Measured;
using metric::Method;

// Rows come from two strata of one population: those of stratum 1 are sampled more rarely, so
// each stands for more people.
struct Survey {
  int rows;
  double weight1;         // of a row of stratum 1; a row of stratum 0 weighs 1
  double share0, share1;  // of favourable rows, by stratum
};

// Half the sampled rows are of each stratum on average.
double truth(const Survey& s) { return (s.share0 + s.weight1 * s.share1) / (1 + s.weight1); }

Measured draw(const Survey& s, Random& random) {
  metric::WeightSums sums;
  for (int i = 0; i < s.rows; ++i) {
    const bool second = random.uniform() < 0.5;
    const double weight = second ? s.weight1 : 1;
    const bool favourable = random.uniform() < (second ? s.share1 : s.share0);
    (favourable ? sums.part : sums.rest) += weight;
    (favourable ? sums.part_squares : sums.rest_squares) += weight * weight;
  }
  Measured m;
  m.value = sums.part / (sums.part + sums.rest);
  m.rows = s.rows;
  const metric::Effective effective = effective_of_weights(sums);
  m.n_effective = effective.size;
  m.degrees = effective.degrees;
  return m;
}

double coverage(const Survey& survey, Method method, int runs) {
  int covered = 0;
  for (int i = 0; i < runs; ++i) {
    Random random(17, static_cast<std::uint64_t>(i));
    covered += covers(limits(draw(survey, random), 0.95, method), truth(survey)) ? 1 : 0;
  }
  return 1.0 * covered / runs;
}

std::vector<Survey> surveys() {
  std::vector<Survey> all;
  for (const int rows : {20, 100, 1000}) {
    for (const double weight : {1.0, 3.0, 10.0}) {
      all.push_back({rows, weight, 0.1, 0.1});
      all.push_back({rows, weight, 0.5, 0.5});
      all.push_back({rows, weight, 0.2, 0.6});
      all.push_back({rows, weight, 0.6, 0.2});
    }
  }
  return all;
}

TEST(WeightedShares, FamilyLimitsCover) {
  constexpr int kRuns = 3'000;
  double least = 1;
  for (const Survey& s : surveys()) {
    const double found = coverage(s, Method::kClopperPearson, kRuns);
    EXPECT_GE(found, bar(0.95, kRuns))
        << s.rows << " rows, weight " << s.weight1 << ", shares " << s.share0 << " " << s.share1;
    least = std::min(least, found);
  }
  std::printf("Clopper-Pearson of weighted rows: at least %.4f\n", least);
}

TEST(WeightedShares, ShownLimitsCoverOnAverage) {
  constexpr int kRuns = 2'000;
  double sum = 0, least = 1;
  for (const Survey& s : surveys()) {
    const double found = coverage(s, Method::kWilson, kRuns);
    sum += found / static_cast<double>(surveys().size());
    least = std::min(least, found);
  }
  std::printf("Wilson of weighted rows: on average %.4f, at least %.4f\n", sum, least);
  EXPECT_GE(sum, 0.94);
}

}  // namespace
}  // namespace evenhand::claims
