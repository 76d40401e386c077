// `evenhand init FILE`: looks at a table and writes a project file with guesses and their reasons.
#pragma once

#include <string>

#include "evenhand/api/operation.h"
#include "evenhand/api/project_text.h"
#include "evenhand/api/table_options.h"

namespace evenhand::api {

struct Init : TableOptions {
  std::string project = "evenhand.toml";
};

/// The fields of `init` and of `evenhand FILE`, none of which stands in a project file.
std::vector<FieldOf<Init>> init_fields(const std::string& help_of_files,
                                       const std::string& help_of_project);

/// Look at the first of the files and write.
/// @error kInvalidArgument if the project file is there already, the table is standard input, or
///        its first line looks like a row; kBadInput for a table without rows.
Result<Started> init_project(const Init& asked, const Call& call);

/// "  label: class, favourable "Low"", a line each.
std::string unsure_lines(const Started& started);

}  // namespace evenhand::api
