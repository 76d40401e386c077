// Signs, in the shapes of its columns, that a file is written otherwise than it was read: without a
// header, with a decimal comma. Only signs: what to do about them is for `init` to say.
#pragma once

#include <string>
#include <vector>

#include "evenhand/api/look.h"

namespace evenhand::api {

/// Names that look like values of their own columns, if these are so many that the first line is
/// probably a row: "39" above numbers around it, "Male" above "Male". Else none.
std::vector<std::string> names_like_values(const std::vector<Shape>& shapes);

/// Columns of text that are numbers if the comma is their decimal mark.
std::vector<std::string> decimal_comma_columns(const std::vector<Shape>& shapes);

}  // namespace evenhand::api
