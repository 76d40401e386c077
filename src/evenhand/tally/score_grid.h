// Histograms of scores in each group and label, when there are too many rows to keep: [0,1] cut
// into equal bins, the last one closed. With 2^k bins every edge is a double, so a score's bin is
// exact.
//
// A bin holds its rows and the sum of their scores in units of 2^-32 (rounded once a row, so off by
// at most 2^-33 a row); with sampling weights also exact sums of w, w^2 and w s. Labels are binary,
// with a place for *missing*; rows without a score are counted apart. Only bins with rows take
// memory once the grid is large, so that 10,000 groups fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/exact_sum.h"
#include "evenhand/base/int128.h"
#include "evenhand/base/result.h"
#include "evenhand/base/rows.h"
#include "evenhand/tally/cell_map.h"
#include "evenhand/tally/groups.h"
#include "evenhand/tally/tally.h"

namespace evenhand::tally {

class ScoreGrid {
 public:
  static constexpr std::string_view kName = "score_grid";
  static constexpr std::uint32_t kBins = 1024;
  static constexpr std::uint32_t kBinsMax = 65536;

  /// @param bins  a power of two from 2 to kBinsMax.
  explicit ScoreGrid(Groups groups, Weighting weighting = Weighting::kFrequency,
                     std::uint32_t bins = kBins);

  const Groups& groups() const { return groups_.groups(); }
  Weighting weighting() const { return weighting_; }
  bool weighted() const { return weighting_ == Weighting::kSampling; }
  std::uint32_t bins() const { return bins_; }
  std::int64_t rows() const { return rows_; }

  /// Rows of one group and label in one bin: [bin / bins, (bin + 1) / bins).
  struct Cell {
    std::uint32_t group = 0;
    std::uint8_t label = 0;  // 0, 1 or kMissingClass
    std::uint32_t bin = 0;   // bins(): no score
    std::int64_t n = 0;
    double s = 0;                  // sum of scores, off by at most n 2^-33
    double w = 0, w2 = 0, ws = 0;  // sum of w, w^2, w s; without sampling weights n, n, s
  };
  Cell cell(std::size_t group, std::uint8_t label, std::uint32_t bin) const;
  /// The cells with rows, by group, label (missing last), bin (no score last).
  std::vector<Cell> cells() const;
  /// Add a cell of a record. @error kBadInput for a place or numbers that cannot be.
  Result<void> add_cell(const Cell& cell);
  /// Rows of a group and label that have no score.
  std::int64_t n_missing(std::size_t group, std::uint8_t label) const;

  /// Where a group stands; it is appended if it is new. The code for Rows::group.
  std::uint32_t group(const Key& key);
  /// Add a batch: all of it or, on error, nothing. NaN is a missing score.
  /// @error kBadInput for a score outside [0,1], weights as check_weights(), or too many rows.
  Result<void> observe(const Rows& rows);
  /// @error kAxesDiffer as Confusion::merge, or unless both have as many bins.
  Result<void> merge(const ScoreGrid& other);
  Result<ScoreGrid> regrouped(const Regrouping& how) const;
  Bytes pack() const;
  /// @error kBadInput for bytes that pack() cannot have written.
  static Result<ScoreGrid> unpack(std::span<const std::byte> bytes);

  friend bool operator==(const ScoreGrid& a, const ScoreGrid& b) { return a.pack() == b.pack(); }

 private:
  struct Count {
    std::int64_t n = 0;
    UInt128 s = 0;  // unit: 2^-32
  };
  struct Sums {
    ExactSum w, w2, ws;
  };
  std::uint64_t size() const;
  Cell read(std::uint64_t at, const Count& count) const;
  Result<void> add(const ScoreGrid& other, const Regrouping& how);

  GrowingGroups groups_;
  Weighting weighting_;
  std::uint32_t bins_;
  std::int64_t rows_ = 0;
  CellMap<Count> counts_;  // (group * 3 + label) * (bins + 1) + bin
  CellMap<Sums> sums_;     // with sampling weights
};

}  // namespace evenhand::tally
