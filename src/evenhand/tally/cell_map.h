// A value for each cell of a tally: a plain array while the tally is small, a hash table of the
// cells that were touched when it is large (10,000 groups, hundreds of classes). Cells are numbered
// from 0; nothing here knows what they mean.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "evenhand/base/check.h"

namespace evenhand::tally {

template <class T>
class CellMap {
 public:
  /// @param dense_max  up to this many cells are a plain array.
  explicit CellMap(std::uint64_t dense_max) : dense_max_(dense_max) {}

  /// Make room for cells 0 to size - 1; never fewer than before.
  void resize(std::uint64_t size) {
    if (!table_.empty()) return;
    if (size <= dense_max_) {
      values_.resize(static_cast<std::size_t>(size));
    } else {
      spread();
    }
  }

  /// The cells as an array of all of them, or null when they are in a hash table.
  T* dense() { return table_.empty() ? values_.data() : nullptr; }

  /// The value of a cell, made if it is not there.
  T& at(std::uint64_t cell) {
    if (table_.empty()) return values_[static_cast<std::size_t>(cell)];
    std::size_t slot = search(cell);
    if (table_[slot] == 0) {
      if (2 * (values_.size() + 1) > table_.size()) {
        grow(2 * table_.size());
        slot = search(cell);
      }
      EVENHAND_CHECK(values_.size() < UINT32_MAX - 1);
      values_.emplace_back();
      cells_.push_back(cell);
      table_[slot] = static_cast<std::uint32_t>(values_.size());
    }
    return values_[table_[slot] - 1];
  }

  /// The value of a cell, or null if it was never touched.
  const T* find(std::uint64_t cell) const {
    if (table_.empty())
      return cell < values_.size() ? &values_[static_cast<std::size_t>(cell)] : nullptr;
    const std::size_t slot = search(cell);
    return table_[slot] == 0 ? nullptr : &values_[table_[slot] - 1];
  }

  /// visit(cell, value) for each cell in storage, by number; some may be untouched.
  template <class Visit>
  void for_each(Visit visit) const {
    if (table_.empty()) {
      for (std::size_t i = 0; i < values_.size(); ++i) visit(std::uint64_t{i}, values_[i]);
      return;
    }
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    order.reserve(cells_.size());
    for (std::size_t i = 0; i < cells_.size(); ++i) order.emplace_back(cells_[i], i);
    std::sort(order.begin(), order.end());
    for (const auto& [cell, i] : order) visit(cell, values_[i]);
  }

 private:
  // From array to hash table.
  void spread() {
    std::vector<T> dense = std::move(values_);
    values_.clear();
    grow(64);
    for (std::size_t i = 0; i < dense.size(); ++i) at(i) = std::move(dense[i]);
  }

  void grow(std::size_t slots) {
    table_.assign(slots, 0);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      table_[search(cells_[i])] = static_cast<std::uint32_t>(i + 1);
    }
  }

  // The slot of a cell, or the free one where it belongs (linear probing, at most half full).
  std::size_t search(std::uint64_t cell) const {
    const std::size_t mask = table_.size() - 1;
    std::uint64_t h = cell * 0x9e3779b97f4a7c15ULL;
    h ^= h >> 32;
    std::size_t slot = static_cast<std::size_t>(h) & mask;
    while (table_[slot] != 0 && cells_[table_[slot] - 1] != cell) slot = (slot + 1) & mask;
    return slot;
  }

  std::uint64_t dense_max_;
  std::vector<T> values_;             // [cells] or [touched cells]
  std::vector<std::uint64_t> cells_;  // [touched cells] their numbers; empty: an array
  std::vector<std::uint32_t> table_;  // [slots] 1 + index into values_; 0: free
};

}  // namespace evenhand::tally
