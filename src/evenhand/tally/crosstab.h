// How often each combination of some attributes' values occurs: for association, representation and
// strata, where there is no decision to judge. The axes are groups().by; a cell is one key. Only
// combinations that were seen are listed, so a large crossing stays small.
// Nothing here sees a row's label or decision, a file or a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/result.h"
#include "evenhand/base/rows.h"
#include "evenhand/tally/cells.h"
#include "evenhand/tally/groups.h"
#include "evenhand/tally/tally.h"

namespace evenhand::tally {

class Crosstab {
 public:
  static constexpr std::string_view kName = "crosstab";

  /// @param groups  by: the names of the axes; keys: combinations, in any order; they may grow.
  explicit Crosstab(Groups groups, Weighting weighting = Weighting::kFrequency);

  const Groups& groups() const { return groups_.groups(); }
  Weighting weighting() const { return weighting_; }
  bool weighted() const { return weighting_ == Weighting::kSampling; }
  std::int64_t rows() const { return cells_.rows(); }

  /// Rows with a combination; sums of w and w^2, correctly rounded (without sampling weights, n).
  std::int64_t n(std::size_t group) const;
  double w(std::size_t group) const;
  double w2(std::size_t group) const;

  /// Where a combination stands; it is appended if it is new. The code for Rows::group.
  std::uint32_t group(const Key& key);
  /// Add a batch, of which only groups and weights are read: all of it or, on error, nothing.
  /// @error kBadInput for weights as check_weights(), or more than 2^63 - 1 rows.
  Result<void> observe(const Rows& rows);
  /// @error kAxesDiffer as Confusion::merge; kBadInput beyond 2^63 - 1 rows.
  Result<void> merge(const Crosstab& other);
  Result<Crosstab> regrouped(const Regrouping& how) const;
  Bytes pack() const;
  /// @error kBadInput for bytes that pack() cannot have written.
  static Result<Crosstab> unpack(std::span<const std::byte> bytes);

  struct Cell {
    std::uint32_t group = 0;
    std::int64_t n = 0;
    double w = 0, w2 = 0;
  };
  /// The combinations with rows, as they stand in groups().
  std::vector<Cell> cells() const;
  /// Add a cell of a record. @error kBadInput for a place or numbers that cannot be.
  Result<void> add_cell(const Cell& cell);

  friend bool operator==(const Crosstab& a, const Crosstab& b) { return a.pack() == b.pack(); }

 private:
  GrowingGroups groups_;
  Weighting weighting_;
  Cells cells_;
};

/// Two axes as a full table, every other axis summed over.
struct Table {
  std::vector<std::optional<std::string>> rows, columns;  // values in order, unknown last
  std::vector<std::int64_t> n;                            // [rows][columns], row by row
  std::vector<double> w, w2;                              // as n
};
/// @param row, column  names of two axes. @error kNotFound, kInvalidArgument as collapse().
Result<Table> table(const Crosstab& counts, const std::string& row, const std::string& column);

}  // namespace evenhand::tally
