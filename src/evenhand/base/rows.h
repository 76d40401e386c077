// One batch of rows as tallies see it: spans of codes, nothing that names a person, a column or a
// file. Codes are small integers that somebody above (table/, api/) gave to the values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace evenhand {

/// The code of a value that is not there, for labels and decisions of binary and multi-class rows.
inline constexpr std::uint8_t kMissingClass = 255;

/// One batch. Every span that is not empty has `size` elements.
struct Rows {
  std::size_t size = 0;
  std::span<const std::uint32_t> group;    // index into the tally's groups
  std::span<const std::uint8_t> label;     // class code; binary: 1 favourable, 0 not; or missing
  std::span<const std::uint8_t> decision;  // as label
  std::span<const double> score;           // unit: probability in [0,1]; NaN: missing
  std::span<const double> weight;          // empty: every row counts once
  std::span<const std::uint32_t> cluster;  // index of the person, prompt or name; empty: none
};

}  // namespace evenhand
