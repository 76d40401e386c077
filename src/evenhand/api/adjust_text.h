// Small tables in a terminal.
#pragma once

#include <string>
#include <vector>

namespace evenhand::api {

/// Lines with columns of one width each, the first column to the left and the others to the right.
/// @param cells  shape [rows][columns].
std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& cells);

/// What "not shown" in a table of groups means: one line.
const char* not_shown_note();

}  // namespace evenhand::api
