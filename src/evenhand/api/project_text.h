// The project file that `evenhand init` writes: guesses as TOML, each with its reason as a comment.
// Nothing here looks at a table.
#pragma once

#include <string>
#include <vector>

#include "evenhand/api/guess.h"
#include "evenhand/api/table_options.h"

namespace evenhand::api {

/// What was looked at.
struct Looked {
  std::vector<std::string> files;  // as the project file names them
  std::vector<Shape> shapes;
  bool all_rows = true;
  std::vector<std::string> decimal_comma;  // columns for whose sake the comma was taken
};

struct Started {
  std::string path;                 // of the project file
  std::string text;                 // of the project file
  bool judges = false;              // it names something to judge, and groups
  std::vector<std::string> unsure;  // guesses marked UNSURE: "label: class, favourable \"Low\""
};

/// The project file's text; `path` stays empty.
Started project_text(const Looked& looked, const TableOptions& table, const Guesses& guesses);

}  // namespace evenhand::api
