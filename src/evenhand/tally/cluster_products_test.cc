// Products of clusters against a matrix that is summed cluster by cluster.
#include "evenhand/tally/cluster_products.h"

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::tally {
namespace {

struct Columns {
  std::vector<std::uint32_t> group, cluster;
  std::vector<std::uint8_t> label, decision;
  std::vector<double> weight;
  Rows rows() const {
    Rows out;
    out.size = group.size();
    out.group = group;
    out.cluster = cluster;
    out.label = label;
    out.decision = decision;
    out.weight = weight;
    return out;
  }
  void add(std::uint32_t g, std::uint32_t c, std::uint8_t y, std::uint8_t d) {
    group.push_back(g);
    cluster.push_back(c);
    label.push_back(y);
    decision.push_back(d);
  }
  /// Cell number, as the tally counts them for binary rows.
  std::uint32_t cell(std::size_t row) const {
    const auto place = [](std::uint8_t code) { return code == kMissingClass ? 2U : code; };
    return (group[row] * 3 + place(label[row])) * 3 + place(decision[row]);
  }
};

Groups numbered(std::size_t count) {
  Groups out{{"g"}, {}, {}};
  for (std::size_t i = 0; i < count; ++i) out.keys.push_back({std::to_string(i)});
  return out;
}

Columns random_rows(std::size_t size, std::uint32_t groups, std::uint32_t clusters,
                    std::uint64_t seed) {
  Random random(seed);
  const std::array<std::uint8_t, 3> codes{0, 1, kMissingClass};
  Columns out;
  for (std::size_t i = 0; i < size; ++i) {
    out.add(static_cast<std::uint32_t>(random() % groups),
            static_cast<std::uint32_t>(random() % clusters), codes[random() % 3],
            codes[random() % 3]);
  }
  return out;
}

TEST(ClusterProducts, OfThreePeopleByHand) {
  // Person 7: two rows (y=1, d=1) and one (y=1, d=0). Person 3: one (1,1). Person 9: group 1,
  // (0,0).
  Columns rows;
  rows.add(0, 7, 1, 1);
  rows.add(0, 3, 1, 1);
  rows.add(0, 7, 1, 0);
  rows.add(1, 9, 0, 0);
  rows.add(0, 7, 1, 1);
  ClusterProducts products(numbered(2));
  ASSERT_TRUE(products.observe(rows.rows()).has_value());
  ASSERT_TRUE(products.close().has_value());
  const auto within = products.products_within(0);
  ASSERT_EQ(within.size(), 3U);  // places 3 y + d: 3 is (1,0), 4 is (1,1)
  EXPECT_EQ(std::tuple(within[0].i, within[0].j, within[0].sum), std::tuple(3U, 3U, 1.0));
  EXPECT_EQ(std::tuple(within[1].i, within[1].j, within[1].sum), std::tuple(3U, 4U, 2.0));
  EXPECT_EQ(std::tuple(within[2].i, within[2].j, within[2].sum), std::tuple(4U, 4U, 5.0));
  EXPECT_EQ(products.clusters(), 3);
  EXPECT_EQ(products.clusters(0), 2);
  EXPECT_EQ(products.clusters(1), 1);
  EXPECT_EQ(products.clusters(0, 1U << 3), 1);                // with a row in (1,0)
  EXPECT_EQ(products.clusters(0, (1U << 3) | (1U << 4)), 2);  // each person once
  EXPECT_EQ(products.clusters(0, 1U << 0), 0);
}

TEST(ClusterProducts, EqualTheSumOverClusters) {
  for (const bool weighted : {false, true}) {
    Columns rows = random_rows(2'000, 3, 150, 1);
    if (weighted) {  // eighths: sums and products are exact doubles
      for (std::size_t i = 0; i < 2'000; ++i) {
        rows.weight.push_back(static_cast<double>(i % 17) / 8);
      }
    }
    ClusterProducts fast(numbered(3), binary_classes(),
                         weighted ? Weighting::kSampling : Weighting::kFrequency);
    ASSERT_TRUE(fast.observe(rows.rows()).has_value());
    ASSERT_TRUE(fast.close().has_value());

    // The slow twin: a vector for each cluster, then the outer products.
    std::map<std::uint32_t, std::array<double, 27>> by_cluster;
    for (std::size_t i = 0; i < 2'000; ++i) {
      by_cluster[rows.cluster[i]][rows.cell(i)] += weighted ? rows.weight[i] : 1;
    }
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> twin;
    for (const auto& [cluster, v] : by_cluster) {
      for (std::uint32_t i = 0; i < 27; ++i) {
        for (std::uint32_t j = i; j < 27; ++j) {
          if (v[i] * v[j] != 0) twin[{i, j}] += v[i] * v[j];
        }
      }
    }
    const auto products = fast.products();
    ASSERT_EQ(products.size(), twin.size());
    for (const auto& p : products) EXPECT_EQ(p.sum, (twin.at({p.i, p.j})));
    EXPECT_EQ(fast.clusters(), static_cast<std::int64_t>(by_cluster.size()));
  }
}

TEST(ClusterProducts, CountClustersInAnySetOfPlaces) {
  const Columns rows = random_rows(600, 2, 150, 2);
  ClusterProducts fast(numbered(2));
  ASSERT_TRUE(fast.observe(rows.rows()).has_value());
  ASSERT_TRUE(fast.close().has_value());
  for (std::uint64_t places = 1; places < 512; ++places) {
    std::array<std::set<std::uint32_t>, 2> seen;
    for (std::size_t i = 0; i < rows.group.size(); ++i) {
      if ((places >> (rows.cell(i) % 9) & 1U) != 0) seen[rows.group[i]].insert(rows.cluster[i]);
    }
    for (std::size_t g = 0; g < 2; ++g) {
      EXPECT_EQ(fast.clusters(g, places), static_cast<std::int64_t>(seen[g].size()));
    }
  }
}

TEST(ClusterProducts, OfSingleRowsAreTheCounts) {
  Columns rows = random_rows(1'000, 3, 1, 3);
  for (std::uint32_t i = 0; i < 1'000; ++i) rows.cluster[i] = i;
  ClusterProducts products(numbered(3));
  Confusion counts(numbered(3));
  ASSERT_TRUE(products.observe(rows.rows()).has_value());
  ASSERT_TRUE(products.close().has_value());
  ASSERT_TRUE(counts.observe(rows.rows()).has_value());
  const auto diagonal = products.products();
  const auto cells = counts.cells();
  ASSERT_EQ(diagonal.size(), cells.size());
  for (std::size_t k = 0; k < cells.size(); ++k) {
    EXPECT_EQ(diagonal[k].i, diagonal[k].j);
    EXPECT_EQ(diagonal[k].sum, static_cast<double>(cells[k].n));
  }
}

TEST(ClusterProducts, KeepManyRowsOfFewClustersInLittleMemory) {
  // 300,000 rows, 100 clusters: pressed together on the way, and still the same sums.
  const Columns rows = random_rows(300'000, 2, 100, 4);
  ClusterProducts at_once(numbered(2)), in_batches(numbered(2));
  ASSERT_TRUE(at_once.observe(rows.rows()).has_value());
  for (std::size_t first = 0; first < 300'000; first += 1'000) {
    Rows batch;
    batch.size = 1'000;
    batch.group = std::span(rows.group).subspan(first, 1'000);
    batch.cluster = std::span(rows.cluster).subspan(first, 1'000);
    batch.label = std::span(rows.label).subspan(first, 1'000);
    batch.decision = std::span(rows.decision).subspan(first, 1'000);
    ASSERT_TRUE(in_batches.observe(batch).has_value());
  }
  EXPECT_EQ(at_once, in_batches);
  ASSERT_TRUE(in_batches.close().has_value());
  EXPECT_EQ(in_batches.clusters(), 100);
}

TEST(ClusterProducts, CollapseOnlyBeforeTheyClose) {
  Columns rows;  // one person with a row in each of two groups
  rows.add(0, 1, 1, 1);
  rows.add(1, 1, 1, 1);
  ClusterProducts products(numbered(2));
  ASSERT_TRUE(products.observe(rows.rows()).has_value());
  auto everyone = collapse(products, {});
  ASSERT_TRUE(everyone.has_value());
  ASSERT_TRUE(everyone->close().has_value());
  EXPECT_EQ(everyone->clusters(0), 1);                // one person, not two
  EXPECT_EQ(everyone->products_within(0)[0].sum, 4);  // (1 + 1)^2
  ASSERT_TRUE(products.close().has_value());
  const auto too_late = collapse(products, {});
  ASSERT_FALSE(too_late.has_value());
  EXPECT_EQ(too_late.error().says,
            "clusters that are added up cannot be collapsed or cut; collapse before close()");
}

TEST(ClusterProducts, RefuseClustersThatTieTooManyCellsTogether) {
  Columns rows;  // one cluster in 3,000 groups: 4.5 million products
  for (std::uint32_t g = 0; g < 3'000; ++g) rows.add(g, 0, 1, 1);
  ClusterProducts products(numbered(3'000));
  ASSERT_TRUE(products.observe(rows.rows()).has_value());
  const auto closed = products.close();
  ASSERT_FALSE(closed.has_value());
  EXPECT_EQ(closed.error().code, Code::kBadInput);
}

TEST(ClusterProducts, ComeBackFromARecord) {
  for (const Weighting weighting : {Weighting::kFrequency, Weighting::kSampling}) {
    Columns rows = random_rows(1'000, 3, 90, 5);
    for (std::size_t i = 0; i < 1'000; ++i) rows.weight.push_back(static_cast<double>(i % 5));
    ClusterProducts products(numbered(3), binary_classes(), weighting);
    ASSERT_TRUE(products.observe(rows.rows()).has_value());
    ASSERT_TRUE(products.close().has_value());
    const auto back = ClusterProducts::rebuild(
        ClusterProducts(numbered(3), binary_classes(), weighting), products.rows(),
        products.clusters(), products.patterns(), products.products());
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, products);
  }
}

}  // namespace
}  // namespace evenhand::tally
