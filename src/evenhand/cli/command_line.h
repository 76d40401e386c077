// Words of the command line -> an operation and its options as JSON. CLI11 cuts the words; names,
// kinds and sentences come from the fields.
#pragma once

#include <string>
#include <vector>

#include "evenhand/api/operation.h"
#include "evenhand/base/result.h"

namespace evenhand::cli {

using Words = std::vector<std::string>;

struct Asked {
  Json options = Json::object();
  bool help = false;
  bool json = false;
};

/// The operation whose name the first words are, and how many words it has; null: none.
const api::Operation* operation_of(const Words& words, std::size_t& taken);

/// Read the words after the operation's name.
/// @error kInvalidArgument: an unknown option (with ours or the nearest), a value that is missing
/// or
///        not of its kind, an option given twice.
Result<Asked> read_words(const api::Operation& operation, const Words& words);

/// What was typed, so that it can be typed again: words that need quotes have them.
std::string as_typed(const Words& words);

}  // namespace evenhand::cli
