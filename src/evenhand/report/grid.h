// A table in words: what a report says in rows and columns, once for the page, Markdown and the
// terminal. Nothing here knows a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/record/record.h"

namespace evenhand::report {

/// Cells are plain text. The first column names its row.
struct Grid {
  struct Cell {
    std::string text = {};
    std::string below = {};  // smaller on the page, in brackets in Markdown
    std::optional<record::Verdict> verdict = {};
  };
  struct Row {
    std::string name;
    std::vector<Cell> cells = {};
  };
  std::string caption;
  std::vector<std::string> head;  // of the names, then of the cells
  std::vector<Row> rows = {};
  std::size_t words = 1;           // columns of words, the names among them; numbers after them
  std::size_t numbers = SIZE_MAX;  // up to this column; words again from there
  std::string note = {};           // below it
  bool folded = false;             // on the page: shown when asked for
};

/// In a box that scrolls by itself.
std::string html_of(const Grid& grid);
std::string markdown_of(const Grid& grid);

}  // namespace evenhand::report
