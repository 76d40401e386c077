// The tables of an audit, as somebody reads them who has to decide: of each attribute first who is
// here and who is missing, then labels, missing values, sources and what tells the groups; the
// tests of all questions stand in one table at the end.
#pragma once

#include <string>
#include <vector>

#include "evenhand/report/pictures.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

/// Plain text; what stands below is smaller on the page, and in brackets in Markdown.
struct GridCell {
  std::string text;
  std::string below = {};
};

struct Grid {
  std::string caption;
  std::vector<std::string> head;
  std::size_t words = 1;  // columns of words; those after them, up to `numbers`, hold numbers
  std::size_t numbers = 0;
  std::vector<std::vector<GridCell>> rows = {};
  std::string note = {};  // below it
  bool folded = false;    // on the page: shown when asked for
};

/// Tables under one heading.
struct Part {
  std::string title;
  std::vector<Grid> grids;
};

std::vector<Part> audit_tables(const View& view, const Room& room);

std::string html_of(const Grid& grid);
std::string markdown_of(const Grid& grid);

}  // namespace evenhand::report
