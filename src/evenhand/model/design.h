// The matrix that a model sees: a row a person, a column a number or "is this level". Kept as it is
// made: numbers side by side, and for each text feature only which of its columns is 1, so that a
// row of a hundred columns costs a dozen entries.
//
//   X(i, c) = values[i * numbers + c]                    for c < numbers
//   X(i, c) = 1 if levels[i * factors + f] == c for some f, else 0
//
// The column of ones is not in it; models that want an intercept bring their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace evenhand::model {

/// No column of this factor is 1: the reference level, or one that was not known at the fit.
inline constexpr std::uint32_t kNoLevel = std::numeric_limits<std::uint32_t>::max();

struct Design {
  std::size_t rows = 0;
  std::vector<std::string> columns;  // names for people; the `numbers` ones first
  std::size_t numbers = 0;
  std::size_t factors = 0;     // their columns ascend: those of factor f before those of f + 1
  std::vector<double> values;  // shape [rows][numbers]; finite
  std::vector<std::uint32_t> levels;  // shape [rows][factors]: a column >= numbers, or kNoLevel
};

}  // namespace evenhand::model
