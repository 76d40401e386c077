#include "evenhand/train/strata.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace evenhand::train {
namespace {

// 900 rows of group 0, 90 of group 1, 7 of group 2, 3 unknown; labels alternate.
struct People {
  std::vector<std::uint32_t> groups;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;
  People() {
    for (std::uint32_t i = 0; i < 1000; ++i) {
      groups.push_back(i < 900 ? 0 : i < 990 ? 1 : i < 997 ? 2 : kNoGroup);
      labels.push_back(i % 2 == 0 ? 1 : 0);
      weights.push_back(1 + i % 3);
    }
  }
};

// Over an epoch each row counts as its weight says, as often as it may be drawn.
TEST(Strata, LeaveTheLossOfAnEpochAsItIs) {
  const People people;
  const Strata strata = stratify(people.groups, people.labels, people.weights, {0, 64, 1});
  std::vector<double> weights;
  double all = 0;
  for (const std::uint32_t i : strata.train_rows) weights.push_back(people.weights[i]);
  for (const double w : weights) all += w;
  EXPECT_DOUBLE_EQ(strata.weight, all);
  std::vector<double> counted(weights.size());
  constexpr int kEpochs = 200;
  for (std::uint64_t e = 0; e < kEpochs; ++e) {
    const auto drawn = draw(strata, 1, e);
    Batch batch;
    for (std::size_t t = 0; t < strata.steps; ++t) {
      take(strata, drawn, weights, t, batch);
      for (std::size_t k = 0; k < batch.rows.size(); ++k) {
        counted[batch.rows[k]] += batch.coefficients[k] / static_cast<double>(strata.steps);
      }
    }
  }
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const Piece& piece = *std::find_if(strata.train.begin(), strata.train.end(),
                                       [&](const Piece& p) { return i < p.end; });
    const bool small = piece.end - piece.begin < 50;  // drawn 64 times of 45 rows: sd 2.5 %
    EXPECT_NEAR(counted[i] / kEpochs, weights[i] / all, (small ? 0.12 : 1e-9) * weights[i] / all);
  }
}

TEST(Strata, StandInEveryBatch) {
  const People people;
  const Strata strata = stratify(people.groups, people.labels, {}, {0, 64, 1});
  const auto drawn = draw(strata, 1, 0);
  Batch batch;
  for (std::size_t t = 0; t < strata.steps; ++t) {
    take(strata, drawn, std::vector<double>(1000, 1.0), t, batch);
    ASSERT_EQ(batch.pieces.size(), 8U);
    for (const Piece& piece : batch.pieces) EXPECT_GE(piece.end - piece.begin, 1U);
    for (std::size_t p = 0; p < 2; ++p) {  // 450 rows in 16 batches
      EXPECT_NEAR(static_cast<double>(batch.pieces[p].end - batch.pieces[p].begin), 28.1, 1);
    }
    EXPECT_LE(batch.rows.size(), 96U);
  }
}

TEST(Strata, HoldTheirShareOfRowsBackAndNeverTheLastOne) {
  const People people;
  const Strata strata = stratify(people.groups, people.labels, {}, {0.2, 64, 1});
  ASSERT_EQ(strata.train.size(), 8U);
  EXPECT_EQ(strata.watch_rows.size(), 90U + 90 + 9 + 9 + 1 + 1);  // of 450, 450, 45, 45, 3, 4, 1, 2
  std::set<std::uint32_t> seen(strata.train_rows.begin(), strata.train_rows.end());
  seen.insert(strata.watch_rows.begin(), strata.watch_rows.end());
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(strata.train_rows.size() + strata.watch_rows.size(), 1000U);
  for (const Piece& piece : strata.watch) {
    for (std::size_t k = piece.begin; k < piece.end; ++k) {
      EXPECT_EQ(people.groups[strata.watch_rows[k]], piece.group);
      EXPECT_EQ(people.labels[strata.watch_rows[k]], piece.label);
    }
  }
}

TEST(Strata, LeaveOutRowsOfNoWeight) {
  const People people;
  std::vector<double> weights(1000, 1.0);
  for (std::uint32_t i = 900; i < 990; ++i) weights[i] = 0;
  const Strata strata = stratify(people.groups, people.labels, weights, {0, 64, 1});
  EXPECT_EQ(strata.train_rows.size(), 910U);
  for (const Piece& piece : strata.train) EXPECT_NE(piece.group, 1U);
}

TEST(Strata, DrawAnewEachEpochAndTheSameEachTime) {
  const People people;
  const Strata strata = stratify(people.groups, people.labels, {}, {0, 64, 1});
  EXPECT_EQ(draw(strata, 1, 3), draw(strata, 1, 3));
  EXPECT_NE(draw(strata, 1, 3), draw(strata, 1, 4));
  EXPECT_NE(draw(strata, 1, 3), draw(strata, 2, 3));
}

}  // namespace
}  // namespace evenhand::train
