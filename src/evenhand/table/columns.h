// Columns by name: checked once for all formats, and the sentences when one is not there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"

namespace evenhand::table {

/// A wanted column and where it stands in the file.
struct Chosen {
  std::size_t index = 0;
  As as = As::kText;
};

/// Where each wanted column stands among `names`.
/// @error kNotFound with the nearest name, or with all of them where none is near.
Result<std::vector<Chosen>> choose(const std::vector<Wanted>& wanted,
                                   const std::vector<std::string>& names, const std::string& input);

/// @error kBadInput if two columns have one name.
Result<void> check_names(const std::vector<std::string>& names, const std::string& input);

/// What is wrong with a cell of a number column: `"abc" is not a number ...`.
std::string not_a_number(std::string_view cell, char decimal);

/// Count one more row of the batch, which begins in this line.
void note_line(Batch& batch, std::uint64_t line);

}  // namespace evenhand::table
