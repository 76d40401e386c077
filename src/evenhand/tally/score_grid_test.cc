// Scores in bins, by hand and against the rows.
#include "evenhand/tally/score_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::tally {
namespace {

struct Columns {
  std::vector<std::uint8_t> label;
  std::vector<double> score, weight;
  Rows rows() const {
    Rows out;
    out.size = score.size();
    out.label = label;
    out.score = score;
    out.weight = weight;
    return out;
  }
};

TEST(ScoreGrid, ABinHasItsLowerEdgeAndTheLastBinBoth) {
  ScoreGrid grid(everybody(), Weighting::kFrequency, 4);
  const double below = std::nextafter(0.25, 0);
  const Columns rows{{1, 1, 1, 1, 1, 1}, {0, below, 0.25, 0.75, std::nextafter(1, 0), 1}, {}};
  ASSERT_TRUE(grid.observe(rows.rows()).has_value());
  EXPECT_EQ(grid.cell(0, 1, 0).n, 2);
  EXPECT_EQ(grid.cell(0, 1, 1).n, 1);
  EXPECT_EQ(grid.cell(0, 1, 2).n, 0);
  EXPECT_EQ(grid.cell(0, 1, 3).n, 3);
}

TEST(ScoreGrid, AScoreFallsWhereItsBinIsForEveryNumberOfBins) {
  Random random(1);
  for (std::uint32_t bins = 2; bins <= ScoreGrid::kBinsMax; bins *= 2) {
    ScoreGrid grid(everybody(), Weighting::kFrequency, bins);
    for (int i = 0; i < 50; ++i) {
      // Half of them at an edge or one step beside it.
      const double edge = static_cast<double>(random() % (bins + 1)) / bins;
      const double s = i % 2 == 0 ? random.uniform()
                                  : std::min(1.0, std::nextafter(edge, i % 4 == 1 ? 2 : edge));
      const Columns rows{{0}, {s}, {}};
      ASSERT_TRUE(grid.observe(rows.rows()).has_value());
    }
    for (const ScoreGrid::Cell& cell : grid.cells()) {
      const double low = static_cast<double>(cell.bin) / bins;
      const double mean = cell.s / static_cast<double>(cell.n);
      EXPECT_GE(mean, low - 0x1p-33);
      EXPECT_LE(mean, low + 1.0 / bins + 0x1p-33);
    }
  }
}

TEST(ScoreGrid, MissingScoresAndLabelsAreCountedApart) {
  ScoreGrid grid(everybody());
  const Columns rows{{1, kMissingClass, kMissingClass}, {NAN, 0.5, NAN}, {}};
  ASSERT_TRUE(grid.observe(rows.rows()).has_value());
  EXPECT_EQ(grid.n_missing(0, 1), 1);
  EXPECT_EQ(grid.n_missing(0, kMissingClass), 1);
  EXPECT_EQ(grid.cell(0, kMissingClass, 512).n, 1);
  EXPECT_EQ(grid.cell(0, 1, 0).n, 0);  // not a score of 0
}

TEST(ScoreGrid, SumsOfScoresAreOffByTheStatedErrorAtMost) {
  Random random(2);
  Columns rows;
  for (int i = 0; i < 100'000; ++i) {
    rows.label.push_back(static_cast<std::uint8_t>(random() % 2));
    rows.score.push_back(random.uniform());
  }
  ScoreGrid grid(everybody());
  ASSERT_TRUE(grid.observe(rows.rows()).has_value());
  std::vector<long double> exact(2 * 1024, 0);
  for (std::size_t i = 0; i < rows.score.size(); ++i) {
    exact[rows.label[i] * 1024U + static_cast<std::size_t>(rows.score[i] * 1024)] += rows.score[i];
  }
  double worst = 0;  // in units of the stated error
  for (const ScoreGrid::Cell& cell : grid.cells()) {
    const long double off = std::abs(exact[cell.label * 1024U + cell.bin] - cell.s);
    const double stated = static_cast<double>(cell.n) * 0x1p-33;
    worst = std::max(worst, static_cast<double>(off) / stated);
  }
  EXPECT_LE(worst, 1);
  EXPECT_GT(worst, 0.05);  // scores with 53 bits are rounded, so this compares something
}

TEST(ScoreGrid, WeightsEnterAsDeclared) {
  const Columns rows{{1, 1}, {0.5, 0.5}, {2, 3}};
  ScoreGrid copies(everybody()), sampled(everybody(), Weighting::kSampling);
  ASSERT_TRUE(copies.observe(rows.rows()).has_value());
  ASSERT_TRUE(sampled.observe(rows.rows()).has_value());
  EXPECT_EQ(copies.cell(0, 1, 512).n, 5);
  EXPECT_EQ(copies.cell(0, 1, 512).s, 2.5);
  EXPECT_EQ(copies.cell(0, 1, 512).w2, 5);
  const ScoreGrid::Cell cell = sampled.cell(0, 1, 512);
  EXPECT_EQ(cell.n, 2);
  EXPECT_EQ(cell.s, 1);
  EXPECT_EQ(cell.w, 5);
  EXPECT_EQ(cell.w2, 13);
  EXPECT_EQ(cell.ws, 2.5);
}

TEST(ScoreGrid, RefusesWhatIsNoProbability) {
  ScoreGrid grid(everybody());
  for (const double bad : std::array<double, 5>{-0.001, 1.001, 87, INFINITY, -INFINITY}) {
    EXPECT_FALSE(grid.observe(Columns{{}, {0.5, bad}, {}}.rows()).has_value()) << bad;
  }
  EXPECT_EQ(grid.rows(), 0);
  EXPECT_EQ(grid.observe(Columns{{}, {87}, {}}.rows()).error().says,
            "a score of 87.000000 was found; scores are probabilities in [0,1]");
}

TEST(ScoreGrid, RefusesToMergeAnotherGrid) {
  ScoreGrid grid(everybody());
  const auto merged = grid.merge(ScoreGrid(everybody(), Weighting::kFrequency, 512));
  ASSERT_FALSE(merged.has_value());
  EXPECT_EQ(merged.error().code, Code::kAxesDiffer);
  EXPECT_EQ(merged.error().says,
            "one score grid has 1024 bins and the other 512; count both on the same grid");
}

TEST(ScoreGrid, ComesBackFromTheCellsOfARecord) {
  Random random(3);
  for (const Weighting weighting : {Weighting::kFrequency, Weighting::kSampling}) {
    Columns rows;
    for (int i = 0; i < 5'000; ++i) {
      rows.label.push_back(static_cast<std::uint8_t>(random() % 2));
      // Sixteenths of a bin, so that sums of weights and scores are doubles.
      rows.score.push_back(i % 50 == 0 ? NAN : static_cast<double>(random() % 16'384) / 16'384);
      rows.weight.push_back(static_cast<double>(random() % 4));
    }
    ScoreGrid grid(everybody(), weighting), back(everybody(), weighting);
    ASSERT_TRUE(grid.observe(rows.rows()).has_value());
    for (const ScoreGrid::Cell& cell : grid.cells()) ASSERT_TRUE(back.add_cell(cell).has_value());
    EXPECT_EQ(back, grid);
  }
}

TEST(ScoreGrid, RefusesCellsOfARecordThatCannotBe) {
  ScoreGrid grid(everybody(), Weighting::kSampling);
  ScoreGrid::Cell good;
  good.n = 1;
  for (const auto spoil : std::vector<void (*)(ScoreGrid::Cell&)>{
           [](ScoreGrid::Cell& c) { c.group = 1; }, [](ScoreGrid::Cell& c) { c.label = 2; },
           [](ScoreGrid::Cell& c) { c.bin = 1025; }, [](ScoreGrid::Cell& c) { c.n = 0; },
           [](ScoreGrid::Cell& c) { c.n = -1; }, [](ScoreGrid::Cell& c) { c.s = 2; },
           [](ScoreGrid::Cell& c) { c.s = NAN; }, [](ScoreGrid::Cell& c) { c.ws = -1; },
           [](ScoreGrid::Cell& c) { c.w = NAN; },
           [](ScoreGrid::Cell& c) { c.bin = 1024, c.s = 0.5; }}) {
    ScoreGrid::Cell cell = good;
    spoil(cell);
    EXPECT_FALSE(grid.add_cell(cell).has_value());
  }
  EXPECT_TRUE(grid.add_cell(good).has_value());
}

}  // namespace
}  // namespace evenhand::tally
