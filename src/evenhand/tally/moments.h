// Sums of x and x^2 in each group and label: what mean scores, Brier scores and calibration in the
// large are made of. x is Rows::score. Exact sums, so that parts merge to the same bytes; without
// sampling weights w = 1. Labels are binary, with a place for *missing*; rows whose x is missing
// are counted apart. Nothing here sees a file or a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/exact_sum.h"
#include "evenhand/base/result.h"
#include "evenhand/base/rows.h"
#include "evenhand/tally/cell_map.h"
#include "evenhand/tally/groups.h"
#include "evenhand/tally/tally.h"

namespace evenhand::tally {

class Moments {
 public:
  static constexpr std::string_view kName = "moments";
  static constexpr double kMax = 0x1p100;  // of |x|

  explicit Moments(Groups groups, Weighting weighting = Weighting::kFrequency);

  const Groups& groups() const { return groups_.groups(); }
  Weighting weighting() const { return weighting_; }
  bool weighted() const { return weighting_ == Weighting::kSampling; }

  /// Rows of one group and label, correctly rounded.
  struct Cell {
    std::uint32_t group = 0;
    std::uint8_t label = 0;      // 0, 1 or kMissingClass
    std::int64_t n = 0;          // rows with an x
    std::int64_t n_missing = 0;  // rows without
    double x = 0, xx = 0;        // sum of x, of x^2
    double w = 0, w2 = 0;        // sum of w, of w^2; without sampling weights n
    double wx = 0, wxx = 0;      // sum of w x, of w x^2; without sampling weights x and xx
  };
  Cell cell(std::size_t group, std::uint8_t label) const;
  /// The cells with rows, by group, then label; missing last.
  std::vector<Cell> cells() const;
  /// Add a cell of a record. @error kBadInput for a place or numbers that cannot be.
  Result<void> add_cell(const Cell& cell);
  std::int64_t rows() const { return rows_; }

  /// Where a group stands; it is appended if it is new. The code for Rows::group.
  std::uint32_t group(const Key& key);
  /// Add a batch: all of it or, on error, nothing. NaN is a missing x.
  /// @error kBadInput for weights as check_weights(), |x| beyond 2^100, or more than 2^63 - 1 rows.
  Result<void> observe(const Rows& rows);
  /// @error kAxesDiffer as Confusion::merge; kBadInput beyond 2^63 - 1 rows.
  Result<void> merge(const Moments& other);
  Result<Moments> regrouped(const Regrouping& how) const;
  Bytes pack() const;
  /// @error kBadInput for bytes that pack() cannot have written.
  static Result<Moments> unpack(std::span<const std::byte> bytes);

  friend bool operator==(const Moments& a, const Moments& b) { return a.pack() == b.pack(); }

 private:
  struct Sums {
    std::int64_t n = 0, n_missing = 0;
    ExactSum x, xx;           // without sampling weights
    ExactSum w, w2, wx, wxx;  // with them, beside x and xx
  };
  Cell read(std::uint64_t at, const Sums& sums) const;
  Result<void> add(const Moments& other, const Regrouping& how);

  GrowingGroups groups_;
  Weighting weighting_;
  std::int64_t rows_ = 0;
  CellMap<Sums> cells_;  // group * 3 + label, missing as 2
};

}  // namespace evenhand::tally
