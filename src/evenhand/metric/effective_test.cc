#include "evenhand/metric/effective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "evenhand/base/random.h"

namespace evenhand::metric {
namespace {

TEST(EffectiveOfWeights, UnitWeightsAreRows) {
  EXPECT_NEAR(effective_of_weights({8, 2, 8, 2}).size, 10, 1e-12);
  EXPECT_NEAR(effective_of_weights({0, 7, 0, 7}).size, 7, 1e-12);
  EXPECT_NEAR(effective_of_weights({7, 0, 7, 0}).size, 7, 1e-12);
}

// By hand: 10 rows of weight 2 are worth 10 rows, not 20.
TEST(EffectiveOfWeights, AScaleOfWeightsChangesNothing) {
  for (const double scale : {2.0, 1e-150, 1e150}) {
    EXPECT_NEAR(effective_of_weights({5 * scale, 5 * scale, 5 * scale * scale, 5 * scale * scale}).size,
                10, 1e-9);
  }
}

// By hand: weights 3 (in the part) and 1, 2 (not): p = 1/2, W = 6, variance (9 + 1 + 4)/4/36 = 7/72,
// so n = (1/4) / (7/72) = 18/7.
TEST(EffectiveOfWeights, ThreeRowsByHand) {
  EXPECT_NEAR(effective_of_weights({3, 3, 9, 5}).size, 18.0 / 7, 1e-12);
}

// By hand, Kish: weights 1 and 3 give (4)^2 / 10.
TEST(EffectiveOfWeights, AShareOfNothingTakesKishsSize) {
  EXPECT_NEAR(effective_of_weights({0, 4, 0, 10}).size, 1.6, 1e-12);
}

// By hand: four persons with two rows each, decisions 11 11 00 10. r = 5/8; the persons' totals
// part - r whole are 3/4, 3/4, -5/4, -1/4: squares 44/16 = 2.75; variance 4/3 * 2.75 / 64 = 11/192.
const ClusteredRatio kFourPersons{5, 8, 2.75, 8, 4};

TEST(EffectiveOfClusters, FourPersonsByHand) {
  EXPECT_NEAR(variance_of_ratio(kFourPersons), 11.0 / 192, 1e-15);
  EXPECT_NEAR(effective_of_clusters(kFourPersons).size, 15.0 / 64 / (11.0 / 192), 1e-12);
  EXPECT_EQ(effective_of_clusters(kFourPersons).degrees, 3);
}

// The same from cells: 0 = not selected, 1 = selected; v = (0,2), (0,2), (2,0), (1,1).
TEST(EffectiveOfClusters, FourPersonsFromTheirProducts) {
  const std::vector<double> cells{3, 5}, part{0, 1}, whole{1, 1};
  const std::vector<CellProduct> products{{0, 0, 5}, {0, 1, 1}, {1, 1, 9}};
  const ClusteredRatio found = clustered_ratio(cells, part, whole, products);
  EXPECT_EQ(found.part, 5);
  EXPECT_EQ(found.whole, 8);
  EXPECT_NEAR(found.squares, 2.75, 1e-12);
}

// Slow twin: each cluster's total of g, squared and added.
TEST(QuadraticForm, EqualsTheSumOverClusters) {
  Random random(11);
  const std::size_t cells = 6, clusters = 40;
  std::vector<std::vector<double>> counts(clusters, std::vector<double>(cells));
  for (auto& cluster : counts) {
    for (double& count : cluster) count = std::floor(4 * random.uniform());
  }
  std::vector<double> gradient(cells);
  for (double& g : gradient) g = random.uniform() - 0.5;
  std::vector<CellProduct> products;
  for (std::uint32_t i = 0; i < cells; ++i) {
    for (std::uint32_t j = i; j < cells; ++j) {
      double sum = 0;
      for (const auto& cluster : counts) sum += cluster[i] * cluster[j];
      products.push_back({i, j, sum});
    }
  }
  double slow = 0;
  for (const auto& cluster : counts) {
    double total = 0;
    for (std::size_t i = 0; i < cells; ++i) total += gradient[i] * cluster[i];
    slow += total * total;
  }
  EXPECT_NEAR(quadratic_form(gradient, products), slow, 1e-10);
}

// By hand: five identical rows of each of 20 persons, 8 of them selected. r = 2/5, squares =
// 8 * 9 + 12 * 4 = 120, variance 20/19 * 120 / 100^2, so 19 persons and not 100 rows.
TEST(EffectiveOfClusters, CopiesOfARowAddNothing) {
  EXPECT_NEAR(effective_of_clusters({40, 100, 120, 100, 20}).size, 19, 1e-12);
}

TEST(EffectiveOfClusters, IsNeverMoreThanTheRowsAndFallsBackToTheClusters) {
  EXPECT_EQ(effective_of_clusters({50, 100, 0.001, 100, 20}).size, 100);
  EXPECT_EQ(effective_of_clusters({50, 100, 0, 100, 20}).size, 20);
  EXPECT_EQ(effective_of_clusters({50, 100, 1e-14, 100, 20}).size, 20);  // rounding is not spread
  EXPECT_EQ(effective_of_clusters({0, 100, 0, 100, 20}).size, 20);
  EXPECT_EQ(effective_of_clusters({2, 5, 0, 5, 1}).size, 1);
  EXPECT_EQ(effective_of_clusters({2, 5, 0, 5, 1}).degrees, 0);
}

}  // namespace
}  // namespace evenhand::metric
