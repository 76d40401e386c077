#include "evenhand/metric/effective.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::metric {
namespace {

TEST(EffectiveOfWeights, UnitWeightsAreRows) {
  for (const double part : {0.0, 1.0, 3.0, 10.0}) {
    EXPECT_NEAR(effective_of_weights({part, 10 - part, part, 10 - part}).size, 10, 1e-12);
  }
  EXPECT_NEAR(effective_of_weights({1, 0, 1, 0}).size, 1, 1e-12);
}

// By hand: 10 rows of weight 2 are worth 10 rows, not 20.
TEST(EffectiveOfWeights, AScaleOfWeightsChangesNothing) {
  for (const double scale : {2.0, 1e-150, 1e150}) {
    const double squares = 5 * scale * scale;
    EXPECT_NEAR(effective_of_weights({5 * scale, 5 * scale, squares, squares}).size, 10, 1e-9);
  }
}

// By hand: weights 3 (in the part), 1 and 2 (not) have the ordinary weight 14/6 = 7/3. With one
// such row on each side: part 16/3 of 32/3, so p = 1/2; sum of squares 14 + 98/9 = 224/9; so n =
// (1/4) (32/3)^2 / ((1/4) 224/9) - 2 = 32/7 - 2 = 18/7.
TEST(EffectiveOfWeights, ThreeRowsByHand) {
  EXPECT_NEAR(effective_of_weights({3, 3, 9, 5}).size, 18.0 / 7, 1e-12);
}

// By hand, Kish: weights 1 and 3 give 4^2 / 10.
TEST(EffectiveOfWeights, AShareOfNothingOrAllTakesKishsSize) {
  EXPECT_NEAR(effective_of_weights({0, 4, 0, 10}).size, 1.6, 1e-12);
  EXPECT_NEAR(effective_of_weights({4, 0, 10, 0}).size, 1.6, 1e-12);
}

// With many rows the imagined two do not matter: plain linearisation, by hand. 500,000 favourable
// rows of weight 1 and as many others of weight 10: p = 1/11, variance p^2 (1-p)^2 (2/5e5), so
// n = 5e5 / (2 p (1-p)) = 3,025,000.
TEST(EffectiveOfWeights, ManyRowsAreLinearised) {
  EXPECT_NEAR(effective_of_weights({5e5, 5e6, 5e5, 5e7}).size / 3'025'000, 1, 1e-4);
}

// One row of weight 1 in the part, 9 of 10 in the rest: p = 1/91, and plain linearisation says
// p(1-p) 91^2 / ((1-p)^2 + 900 p^2) = 82.8 rows where there are 10.
TEST(EffectiveOfWeights, OneLightRowInThePartDoesNotMakeManyOfFew) {
  EXPECT_LT(effective_of_weights({1, 90, 1, 900}).size, 10.5);
}

TEST(EffectiveOfWeights, OfHostileWeightsIsAtLeastOneRow) {
  Random random(2);
  for (int i = 0; i < 10'000; ++i) {
    WeightSums sums;
    for (int row = 0; row < 4; ++row) {
      const double w = std::exp(40 * (random.uniform() - 0.5));
      const bool part = random.uniform() < 0.5;
      (part ? sums.part : sums.rest) += w;
      (part ? sums.part_squares : sums.rest_squares) += w * w;
    }
    const double size = effective_of_weights(sums).size;
    EXPECT_GE(size, 1);
    EXPECT_TRUE(std::isfinite(size));
  }
}

// Clusters (part, whole) to the sums of their ratio.
struct Cluster {
  double part, whole;
};
ClusteredRatio of(const std::vector<Cluster>& clusters) {
  ClusteredRatio ratio;
  for (const auto [part, whole] : clusters) {
    ratio.part += part;
    ratio.whole += whole;
    ratio.part_squares += part * part;
    ratio.cross += part * whole;
    ratio.whole_squares += whole * whole;
  }
  ratio.rows = ratio.whole;
  ratio.clusters = static_cast<double>(clusters.size());
  return ratio;
}

// By hand: four persons with two rows each, decisions 11 11 00 10. r = 5/8; part - r whole is 3/4,
// 3/4, -5/4, -1/4: squares 44/16; variance 4/3 * 2.75 / 64 = 11/192.
const std::vector<Cluster> kFourPersons{{2, 2}, {2, 2}, {0, 2}, {1, 2}};

TEST(VarianceOfRatio, FourPersonsByHand) {
  EXPECT_NEAR(variance_of_ratio(of(kFourPersons)), 11.0 / 192, 1e-15);
}

// By hand: persons who hold any of the part hold 9/5 of it, of the rest 5/3; so persons (9/5, 2)
// and (1/3, 2) are imagined. p = (5 + 32/15) / 12 = 107/180; with s = 2p = 107/90 the squares are
// 2 (2-s)^2 + s^2 + (1-s)^2 + (9/5-s)^2 + (1/3-s)^2; m = 6, n = 12: over (6/5)(11/12) = 1.1. The
// part is carried by 25/9 equal persons, the rest by 9/5: 4/5 of a degree, so one. All rows of a
// person alike would be 8/2 = 4 rows with 3 degrees, which is worth more.
TEST(EffectiveOfClusters, FourPersonsByHand) {
  EXPECT_EQ(effective_of_clusters(of(kFourPersons)).size, 4);
  EXPECT_EQ(effective_of_clusters(of(kFourPersons)).degrees, 3);
}

// The same persons 25 times over: the scatter is known well, and they are worth more than at worst.
// By hand: the imagined persons and p are as above, with 125 + 32/15 of 204 in the part, s = 2p.
TEST(EffectiveOfClusters, HundredPersonsByHand) {
  std::vector<Cluster> persons;
  for (int i = 0; i < 25; ++i)
    persons.insert(persons.end(), kFourPersons.begin(), kFourPersons.end());
  const double p = (125 + 32.0 / 15) / 204, s = 2 * p;
  const auto square = [](double x) { return x * x; };
  const double squares = 25 * (2 * square(2 - s) + square(s) + square(1 - s)) +
                         square(9.0 / 5 - s) + square(1.0 / 3 - s);
  const double few = 102.0 / 101 * (203.0 / 204);
  const Effective found = effective_of_clusters(of(persons));
  EXPECT_NEAR(found.size, p * (1 - p) * 204 * 204 / squares / few - 2, 1e-9);
  EXPECT_NEAR(found.degrees, 25 * 9.0 / 5 - 1, 1e-12);  // the rest: 75^2 / 125
}

TEST(EffectiveOfClusters, PersonsOfOneRowAreRows) {
  for (const int part : {0, 1, 7, 20}) {
    std::vector<Cluster> persons;
    for (int i = 0; i < 20; ++i) persons.push_back({i < part ? 1.0 : 0.0, 1});
    EXPECT_NEAR(effective_of_clusters(of(persons)).size, 20, 1e-12);
  }
}

// Five identical rows of each of 20 persons are 20 rows.
TEST(EffectiveOfClusters, CopiesOfARowAddNothing) {
  for (const int part : {0, 8, 20}) {
    std::vector<Cluster> persons;
    for (int i = 0; i < 20; ++i) persons.push_back({i < part ? 5.0 : 0.0, 5});
    EXPECT_NEAR(effective_of_clusters(of(persons)).size, 20, 1e-12);
    EXPECT_EQ(effective_of_clusters(of(persons)).degrees, 19);
  }
}

// Perfectly balanced persons scatter less than independent rows: never more than the rows.
TEST(EffectiveOfClusters, IsNeverMoreThanTheRows) {
  EXPECT_EQ(effective_of_clusters(of(std::vector<Cluster>(500, {1, 2}))).size, 1000);
}

TEST(EffectiveOfClusters, OnePersonIsOneRowWithOneDegree) {
  const Effective one = effective_of_clusters(of({{3, 5}}));
  EXPECT_EQ(one.size, 1);
  EXPECT_EQ(one.degrees, 1);
}

TEST(EffectiveOfClusters, UnequalWeightsOfPersonsScaleOut) {
  ClusteredRatio heavy = of(kFourPersons);
  heavy.part *= 1e100;
  heavy.whole *= 1e100;
  for (double* squares : {&heavy.part_squares, &heavy.cross, &heavy.whole_squares})
    *squares *= 1e200;
  EXPECT_NEAR(effective_of_clusters(heavy).size, effective_of_clusters(of(kFourPersons)).size,
              1e-9);
}

// Slow twin: from the clusters themselves.
TEST(ClusteredRatio, FromProductsOfCellsEqualsFromClusters) {
  Random random(11);
  const std::size_t cells = 6, clusters = 40;
  std::vector<std::vector<double>> counts(clusters, std::vector<double>(cells));
  for (auto& cluster : counts) {
    for (double& count : cluster) count = std::floor(4 * random.uniform());
  }
  std::vector<CellProduct> products;
  for (std::uint32_t i = 0; i < cells; ++i) {
    for (std::uint32_t j = i; j < cells; ++j) {
      double sum = 0;
      for (const auto& cluster : counts) sum += cluster[i] * cluster[j];
      products.push_back({i, j, sum});
    }
  }
  const std::vector<double> in_part{0, 1, 0, 1, 0, 0}, in_whole{1, 1, 0, 1, 0, 1};
  std::vector<double> sums(cells, 0);
  std::vector<Cluster> slow;
  for (const auto& cluster : counts) {
    std::transform(cluster.begin(), cluster.end(), sums.begin(), sums.begin(), std::plus<>());
    slow.push_back({std::inner_product(cluster.begin(), cluster.end(), in_part.begin(), 0.0),
                    std::inner_product(cluster.begin(), cluster.end(), in_whole.begin(), 0.0)});
  }
  const ClusteredRatio fast = clustered_ratio(sums, in_part, in_whole, products), twin = of(slow);
  EXPECT_EQ(fast.part, twin.part);
  EXPECT_EQ(fast.whole, twin.whole);
  EXPECT_NEAR(fast.part_squares, twin.part_squares, 1e-9);
  EXPECT_NEAR(fast.cross, twin.cross, 1e-9);
  EXPECT_NEAR(fast.whole_squares, twin.whole_squares, 1e-9);
}

}  // namespace
}  // namespace evenhand::metric
