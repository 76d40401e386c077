// What every tally can do. A tally is a small count sheet over named axes: rows are observed into
// it, parts are merged, everything else reads it. Nothing here sees a file, a column or a model.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "evenhand/base/bytes.h"
#include "evenhand/base/result.h"
#include "evenhand/base/rows.h"
#include "evenhand/tally/groups.h"

namespace evenhand::tally {

/// What Rows::weight means. Without weights every row counts once, under either.
enum class Weighting : std::uint8_t {
  kFrequency,  // the row stands for this many rows: a whole number, which is added to the counts
  kSampling,   // the row represents this many people: sums of w and w^2 are kept beside the counts
};

/// merge is commutative and associative; a fresh tally over the same axes is its zero. Axis values
/// are sorted by bytes, *unknown* last; parts that saw other values are aligned before they merge.
template <class T>
concept Tally = requires(T a, const T b, Rows rows, std::span<const std::byte> bytes,
                         const Regrouping& how) {
  { T::kName } -> std::convertible_to<std::string_view>;  // part of the file format
  { a.observe(rows) } -> std::same_as<Result<void>>;      // add a batch, all of it or nothing
  { a.merge(b) } -> std::same_as<Result<void>>;           // kAxesDiffer unless the axes are equal
  { b.pack() } -> std::same_as<Bytes>;                    // versioned; golden bytes in tests/
  { T::unpack(bytes) } -> std::same_as<Result<T>>;
  { b.groups() } -> std::same_as<const Groups&>;
  { b.regrouped(how) } -> std::same_as<Result<T>>;
};

/// What must agree before tallies merge. Tallies without classes leave theirs empty.
struct Axes {
  const Groups& groups;
  std::span<const std::string> classes;
  Weighting weighting;
};

/// Where the groups of `part` stand in `whole`.
/// @error kAxesDiffer unless groups (in any order), classes and weighting are equal.
Result<Regrouping> align_axes(const Axes& part, const Axes& whole);

/// Both, over the groups of both. @error kAxesDiffer if attributes, classes or weighting differ.
template <Tally T>
Result<T> merge_aligned(const T& a, const T& b) {
  EVENHAND_ASSIGN(const Groups whole, unite(a.groups(), b.groups()));
  EVENHAND_ASSIGN(const auto how_a, align(a.groups(), whole));
  EVENHAND_ASSIGN(const auto how_b, align(b.groups(), whole));
  EVENHAND_ASSIGN(auto sum, a.regrouped(how_a));
  EVENHAND_ASSIGN(const auto other, b.regrouped(how_b));
  EVENHAND_TRY(sum.merge(other));
  return sum;
}

/// The tally over fewer attributes; the others are summed over. @error as collapse() of groups.
template <Tally T>
Result<T> collapse(const T& tally, std::span<const std::string> by,
                   std::span<const std::string> strata = {}) {
  EVENHAND_ASSIGN(const auto how, collapse(tally.groups(), by, strata));
  return tally.regrouped(how);
}

/// @error kBadInput for a weight that is negative, not finite, larger than 2^40 (sampling) or than
///        2^53 (frequency), or, as a frequency, not whole.
Result<void> check_weights(std::span<const double> weights, Weighting weighting);

/// A cell of a record, before it is added. @error kBadInput for n < 1 or, with sampling weights,
/// sums that are negative or beyond what weights can give.
Result<void> check_cell(std::int64_t n, double w, double w2, Weighting weighting);

/// Add to a count of rows. @error kBadInput if the sum is beyond 2^63 - 1; the count stays as it
/// was.
Result<void> add_rows(std::int64_t& total, std::int64_t more);

/// The rows that a batch stands for. @param weights  checked; empty unless kFrequency.
Result<std::int64_t> rows_of(std::size_t size, std::span<const double> frequencies);

}  // namespace evenhand::tally
