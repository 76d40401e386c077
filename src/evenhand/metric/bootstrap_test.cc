// The sampler is held against exact binomial probabilities, the replicates against resampled rows.
#include "evenhand/metric/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/numeric/binomial.h"
#include "evenhand/numeric/chi_square.h"

namespace evenhand::metric {
namespace {

// Pearson's chi-square of 200,000 draws over bins of at least 20 expected, against exact masses.
double p_value_of_draws(std::int64_t n, double p, std::uint64_t seed) {
  constexpr int kDraws = 200'000;
  Random random(seed);
  std::vector<double> seen(static_cast<std::size_t>(n) + 1, 0);
  for (int i = 0; i < kDraws; ++i) ++seen[static_cast<std::size_t>(draw_binomial(n, p, random))];
  double statistic = 0, bin_seen = 0, bin_expected = 0, left = kDraws;
  int bins = 0;
  for (std::int64_t k = 0; k <= n; ++k) {
    bin_seen += seen[static_cast<std::size_t>(k)];
    const double expected = kDraws * numeric::binomial_mass(k, {n, p});
    bin_expected += expected;
    left -= expected;
    if ((bin_expected >= 20 && left >= 20) || (k == n && bin_expected > 0)) {
      statistic += (bin_seen - bin_expected) * (bin_seen - bin_expected) / bin_expected;
      ++bins;
      bin_seen = bin_expected = 0;
    }
  }
  return bins > 1 ? numeric::chi_square_tail(statistic, bins - 1) : 1;
}

TEST(DrawBinomial, HasTheExactDistribution) {
  std::uint64_t seed = 1;
  for (const std::int64_t n : {1, 3, 19, 20, 40, 101, 1000, 30'000}) {
    for (const double p : {0.0005, 0.03, 0.1, 0.3, 0.5, 0.62, 0.97}) {
      // 56 fixed seeds: a bar of 1e-4 is passed by a right sampler with probability 0.994.
      EXPECT_GT(p_value_of_draws(n, p, seed++), 1e-4) << n << " " << p;
    }
  }
}

// At n = 1e12 no table of masses exists: mean and variance by hand, to 5 standard errors.
TEST(DrawBinomial, HasMeanAndVarianceOfHugeTrials) {
  const double n = 1e12, p = 0.3, sd = std::sqrt(n * p * (1 - p));
  Random random(5);
  double sum = 0, squares = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double z =
        (static_cast<double>(draw_binomial(1'000'000'000'000, p, random)) - n * p) / sd;
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / kDraws, 0, 5 / std::sqrt(kDraws));
  EXPECT_NEAR(squares / kDraws, 1, 5 * std::sqrt(2.0 / kDraws));
}

TEST(DrawBinomial, CertainAndImpossibleSuccessesAreNotDrawn) {
  Random random(1);
  EXPECT_EQ(draw_binomial(0, 0.5, random), 0);
  EXPECT_EQ(draw_binomial(9, 0, random), 0);
  EXPECT_EQ(draw_binomial(9, 1, random), 9);
  EXPECT_EQ(draw_binomial(1'000'000, 1e-300, random), 0);
}

TEST(DrawMultinomial, DrawsAllRowsAndNoneIntoEmptyCells) {
  const std::vector<std::int64_t> cells{0, 5, 0, 100, 1, 0};
  std::vector<std::int64_t> counts(cells.size());
  Random random(3);
  for (int i = 0; i < 1000; ++i) {
    draw_multinomial(cells, 106, random, counts);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), 106);
    EXPECT_EQ(counts[0] + counts[2] + counts[5], 0);
  }
}

std::optional<double> odds(std::span<const double> cells) {
  if (!(cells[1] > 0)) return std::nullopt;
  return cells[0] / cells[1];
}

// By hand: of a share, d is linear, so a = skewness / (6 sqrt n) = (1 - 2p) / (6 sqrt(n p (1-p))).
TEST(BootstrapCells, AccelerationOfAShareIsItsSkewness) {
  const std::vector<std::int64_t> cells{20, 80};
  const auto share = [](std::span<const double> c) -> std::optional<double> {
    return c[0] / (c[0] + c[1]);
  };
  const auto made = bootstrap_cells(cells, share, {.replicates = 10});
  ASSERT_TRUE(made);
  EXPECT_NEAR(made->acceleration, 0.6 / (6 * std::sqrt(16)), 1e-10);
}

// scipy 1.17.1: scipy.stats.bootstrap of 20 ones and 100 zeros, the odds, BCa, 200,000 resamples of
// rows: [0.121495, 0.318681], standard error 0.04963. One row more or less moves an end by 0.012.
TEST(BootstrapCells, OddsEqualScipysBootstrapOfRows) {
  const std::vector<std::int64_t> cells{20, 100};
  const auto made = bootstrap_cells(cells, odds, {.replicates = 20'000, .seed = 2});
  ASSERT_TRUE(made);
  Measured m;
  m.value = 0.2;
  m.spread = Spread::kReplicate;
  m.replicates = std::make_shared<const Replicates>(*made);
  const Interval found = limits(m, 0.95, Method::kWilson);
  EXPECT_NEAR(found.low, 0.1215, 0.013);
  EXPECT_NEAR(found.high, 0.3187, 0.013);
}

double variance(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return squares / (n - 1);
}

// By hand: a share of 400 rows has variance p(1-p)/400; rows worth a quarter have four times that.
TEST(BootstrapCells, ADesignEffectMultipliesTheVariance) {
  const std::vector<std::int64_t> cells{100, 300};
  const auto share = [](std::span<const double> c) -> std::optional<double> {
    return c[0] / (c[0] + c[1]);
  };
  for (const double effect : {1.0, 4.0}) {
    const auto made =
        bootstrap_cells(cells, share, {.replicates = 20'000, .seed = 4, .design_effect = effect});
    ASSERT_TRUE(made);
    // A variance from 20,000 normal draws has a relative standard error of 1 %.
    EXPECT_NEAR(variance(made->sorted) / (effect * 0.1875 / 400), 1, 0.05);
  }
}

TEST(BootstrapCells, SameSeedSameReplicatesOtherSeedOthers) {
  const std::vector<std::int64_t> cells{20, 100};
  const auto one = bootstrap_cells(cells, odds, {.replicates = 500, .seed = 7});
  const auto same = bootstrap_cells(cells, odds, {.replicates = 500, .seed = 7});
  const auto other = bootstrap_cells(cells, odds, {.replicates = 500, .seed = 8});
  EXPECT_EQ(one->sorted, same->sorted);
  EXPECT_NE(one->sorted, other->sorted);
}

TEST(BootstrapCells, GivesNothingWhereTheNumberIsOftenUndefined) {
  const std::vector<std::int64_t> never{5, 0}, often{5, 1}, empty{0, 0};
  EXPECT_FALSE(bootstrap_cells(never, odds, {}));
  EXPECT_FALSE(bootstrap_cells(often, odds, {}));  // (5/6)^6 = 33 % of resamples lose the one row
  EXPECT_FALSE(bootstrap_cells(empty, odds, {}));
}

}  // namespace
}  // namespace evenhand::metric
