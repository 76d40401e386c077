// Counts of rows in numbered cells, with the sums of weights where there are sampling weights: what
// confusion and crosstab have in common. Integers and exact sums, so that adding commutes.
#pragma once

#include <cstdint>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/exact_sum.h"
#include "evenhand/base/result.h"
#include "evenhand/tally/cell_map.h"

namespace evenhand::tally {

struct WeightSums {
  ExactSum w, w2;  // sum of w, sum of w^2
};

class Cells {
 public:
  /// @param dense_max  up to this many cells are counted in a plain array.
  explicit Cells(std::uint64_t dense_max) : counts_(dense_max), sums_(0) {}

  void resize(std::uint64_t size) { counts_.resize(size), sums_.resize(size + 1); }

  std::int64_t n(std::uint64_t cell) const;
  /// Correctly rounded; 0 where no weights were added.
  double w(std::uint64_t cell) const;
  double w2(std::uint64_t cell) const;
  std::int64_t rows() const { return rows_; }

  /// Announce rows before they are added, so that a batch fits as a whole or not at all.
  /// @error kBadInput beyond 2^63 - 1 rows: then no count can overflow.
  Result<void> announce(std::int64_t rows);
  /// The count of an announced cell.
  std::int64_t& count(std::uint64_t cell) { return counts_.at(cell); }
  /// All counts as an array, or null when there are too many cells for one.
  std::int64_t* dense() { return counts_.dense(); }
  WeightSums& sums(std::uint64_t cell) { return sums_.at(cell); }

  /// Add all cells of `other`: cell i goes to to(i), or nowhere if to(i) is kNowhere.
  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};
  template <class To>
  Result<void> add(const Cells& other, To to) {
    std::int64_t rows = 0;
    other.counts_.for_each([&](std::uint64_t cell, std::int64_t n) {
      if (n != 0 && to(cell) != kNowhere) rows += n;
    });
    EVENHAND_TRY(announce(rows));
    other.counts_.for_each([&](std::uint64_t cell, std::int64_t n) {
      if (n != 0 && to(cell) != kNowhere) count(to(cell)) += n;
    });
    other.sums_.for_each([&](std::uint64_t cell, const WeightSums& from) {
      if (to(cell) == kNowhere) return;
      sums(to(cell)).w.add(from.w);
      sums(to(cell)).w2.add(from.w2);
    });
    return {};
  }

  /// The numbers of the cells with rows, ascending.
  std::vector<std::uint64_t> filled() const;

  void pack(Writer& writer, bool weighted) const;
  /// @error kBadInput for bytes that pack() cannot have written over `size` cells.
  Result<void> unpack(ByteReader& reader, std::uint64_t size, bool weighted);

 private:
  CellMap<std::int64_t> counts_;
  CellMap<WeightSums> sums_;  // never an array: most cells of a weighted tally are empty
  std::int64_t rows_ = 0;
};

}  // namespace evenhand::tally
