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

/// The columns of one input. Files exist that give two columns one name (ProPublica's COMPAS table
/// does); they are readable as long as nobody asks for that name.
struct Names {
  std::vector<std::string> unique;  // what to ask for; the N-th column is column_N where its name
                                    // is empty or another column's as well
  std::vector<std::string> stored;  // as the input has them
};
Names settle_names(std::vector<std::string> stored);

/// Where each wanted column stands.
/// @error kNotFound with the nearest name, or with all of them where none is near; kBadInput if two
///        columns have the name.
Result<std::vector<Chosen>> choose(const std::vector<Wanted>& wanted, const Names& names,
                                   const std::string& input);

/// What is wrong with a cell of a number column: `"abc" is not a number ...`.
std::string not_a_number(std::string_view cell, char decimal);

/// Count one more row of the batch, which begins in this line.
void note_line(Batch& batch, std::uint64_t line);

}  // namespace evenhand::table
