// How labels and decisions fell together in each group: the tally that most metrics read.
//
// n(g,y,d) is the number of rows of group g with label y and decision d. Both have K classes and a
// place for *missing* (kMissingClass), so that a missing decision is no rejection. In binary rows
// class 1 is the favourable one. With sampling weights each cell also has the sums of w and w^2.
// Nothing here sees a row's other columns, a file or a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/result.h"
#include "evenhand/base/rows.h"
#include "evenhand/tally/cells.h"
#include "evenhand/tally/classes.h"
#include "evenhand/tally/groups.h"
#include "evenhand/tally/tally.h"

namespace evenhand::tally {

class Confusion {
 public:
  static constexpr std::string_view kName = "confusion";
  static constexpr std::size_t kClassesMax = 254;

  /// @param groups   may be in any order and may grow; each key once.
  /// @param classes  names by code, 2 to 254.
  explicit Confusion(Groups groups, std::vector<std::string> classes = binary_classes(),
                     Weighting weighting = Weighting::kFrequency);

  const Groups& groups() const { return groups_.groups(); }
  const std::vector<std::string>& classes() const { return classes_; }
  Weighting weighting() const { return weighting_; }
  /// Whether w() and w2() say more than n().
  bool weighted() const { return weighting_ == Weighting::kSampling; }

  /// Rows in a cell. @param label, decision  class code, or kMissingClass.
  std::int64_t n(std::size_t group, std::uint8_t label, std::uint8_t decision) const;
  /// Sum of weights, correctly rounded. Without sampling weights, n.
  double w(std::size_t group, std::uint8_t label, std::uint8_t decision) const;
  /// Sum of squared weights, correctly rounded. Without sampling weights, n.
  double w2(std::size_t group, std::uint8_t label, std::uint8_t decision) const;
  /// Rows in all cells.
  std::int64_t rows() const { return cells_.rows(); }

  /// Where a group stands; it is appended if it is new. The code for Rows::group.
  std::uint32_t group(const Key& key);

  /// Add a batch: all of it or, on error, nothing. An empty span of labels or decisions: all are
  /// missing; an empty span of groups: all are in group 0.
  /// @error kBadInput for weights as check_weights(), or more than 2^63 - 1 rows.
  Result<void> observe(const Rows& rows);

  /// Add the cells of another part. @error kAxesDiffer unless groups (in any order), classes and
  /// weighting are equal: then use merge_aligned(); kBadInput beyond 2^63 - 1 rows.
  Result<void> merge(const Confusion& other);

  /// The same rows over other groups; those that go to one place are added up.
  Result<Confusion> regrouped(const Regrouping& how) const;
  /// The same with groups in canonical order.
  Confusion canonical() const;

  /// Bytes of the canonical form: equal tallies, equal bytes.
  Bytes pack() const;
  /// @error kBadInput for bytes that pack() cannot have written.
  static Result<Confusion> unpack(std::span<const std::byte> bytes);

  /// A cell as a record carries it.
  struct Cell {
    std::uint32_t group = 0;
    std::uint8_t label = 0, decision = 0;  // class code, or kMissingClass
    std::int64_t n = 0;
    double w = 0, w2 = 0;  // as w() and w2()
  };
  /// The cells with rows, by group, label, decision; missing last.
  std::vector<Cell> cells() const;
  /// Add a cell to the tally. Without sampling weights, w and w2 are not read.
  /// @error kBadInput for a place that does not exist, n < 1, or w or w2 negative or not finite.
  Result<void> add_cell(const Cell& cell);

  friend bool operator==(const Confusion& a, const Confusion& b) { return a.pack() == b.pack(); }

 private:
  std::size_t side() const { return classes_.size() + 1; }
  std::uint64_t index(std::size_t group, std::uint8_t label, std::uint8_t decision) const;

  GrowingGroups groups_;
  std::vector<std::string> classes_;
  Weighting weighting_;
  Cells cells_;  // index (group * (K+1) + label) * (K+1) + decision, missing as K
};

}  // namespace evenhand::tally
