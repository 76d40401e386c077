// What --help prints, made from the list of operations and their fields.
#pragma once

#include <string>
#include <string_view>

#include "evenhand/api/operation.h"

namespace evenhand::cli {

/// The overview: what Evenhand is, every operation with its line, exit statuses.
std::string help(int width);

/// One operation: usage, every option with default, unit, range and an example.
std::string help(const api::Operation& operation, int width);

/// Operations whose name begins with a word ("evaluate"); empty when there are none.
std::string help_of_family(std::string_view word, int width);

}  // namespace evenhand::cli
