// What a column looks like: how many values, whether they are numbers, how many are missing. Read
// from the beginning of a table, for the guesses of `evenhand init`.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/table/reader.h"

namespace evenhand::api {

struct Shape {
  std::string name;
  std::uint64_t rows = 0, missing = 0;
  std::vector<std::pair<std::string, std::uint64_t>> values;  // the most frequent first
  bool many = false;     // more than kMostValues different values: `values` holds the first ones
  bool numeric = false;  // every value is a number (and there is one)
  bool whole = false;    // every value is a whole number
  double low = 0, high = 0;  // of a numeric column, over all of its values
};

inline constexpr std::size_t kMostValues = 5000;
inline constexpr std::uint64_t kRowsLookedAt = 200'000;

/// The columns of a table, from its first kRowsLookedAt rows; but those that share their name.
/// @error kBadInput, kNotFound, kIo from the file; kInterrupted.
Result<std::vector<Shape>> look(const std::string& path, const table::ReadOptions& read,
                                const OnProgress& progress);

}  // namespace evenhand::api
