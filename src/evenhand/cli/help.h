// What --help prints, made from the list of operations and their fields.
#pragma once

#include <string>
#include <string_view>

#include "evenhand/api/operation.h"
#include "evenhand/base/field.h"

namespace evenhand::cli {

/// The overview: what Evenhand is, every operation with its line, exit statuses.
std::string help(int width);

/// One operation: usage, every option with default, unit, range and an example.
std::string help(const api::Operation& operation, int width);

/// The same for machines: every operation with its line, and what exit statuses mean.
Json help_json();

/// The same for machines; tools/docs writes docs/operations from it. A field that cannot be given
/// in the shell has no `in_shell`; what is not said is null.
Json help_json(const api::Operation& operation);

/// Operations whose name begins with a word ("evaluate"); empty when there are none.
std::string help_of_family(std::string_view word, int width);

}  // namespace evenhand::cli
