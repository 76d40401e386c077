// `evenhand init FILE`: looks at a table and writes a project file with guesses and their reasons.
#pragma once

#include <string>

#include "evenhand/api/guess.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/table_options.h"

namespace evenhand::api {

struct Init : TableOptions {
  std::string project = "evenhand.toml";
};

struct Started {
  std::string path;     // of the project file
  std::string text;     // of the project file
  bool judges = false;  // it names something to judge, and groups
  int unsure = 0;       // guesses marked UNSURE
};

/// Look and write. @error kInvalidArgument if the project file is there already.
Result<Started> init_project(const Init& asked, const Call& call);

/// The project file's text.
/// @param file  the table as the project file names it.
Started project_text(const std::string& file, const TableOptions& table, const Guesses& guesses,
                     std::uint64_t rows, bool all_rows);

}  // namespace evenhand::api
