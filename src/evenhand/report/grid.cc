#include "evenhand/report/grid.h"

#include "evenhand/report/html_parts.h"
#include "evenhand/report/words.h"

namespace evenhand::report {
namespace {

bool is_number(const Grid& grid, std::size_t column) {
  return column >= grid.words && column < grid.numbers;
}

const char* kind(const Grid& grid, std::size_t column) {
  return is_number(grid, column) ? " class=\"num\"" : "";
}

std::string one_html(const Grid::Cell& c) {
  return page::verdict(c.verdict) + page::esc(c.text) +
         (c.below.empty() ? "" : "<small>" + page::esc(c.below) + "</small>");
}

std::string one_markdown(const Grid::Cell& c) {
  return (c.verdict ? " **" + word(*c.verdict) + "** " : " ") +
         markdown_escaped(c.text + (c.below.empty() ? "" : " (" + c.below + ")"), false) + " |";
}

}  // namespace

std::string html_of(const Grid& grid) {
  std::string inside = "<thead><tr>";
  for (std::size_t i = 0; i < grid.head.size(); ++i) {
    inside +=
        std::string("<th scope=\"col\"") + kind(grid, i) + ">" + page::esc(grid.head[i]) + "</th>";
  }
  inside += "</tr></thead>\n<tbody>\n";
  for (const Grid::Row& row : grid.rows) {
    inside += "<tr><th scope=\"row\">" + page::esc(row.name) + "</th>";
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      inside += std::string("<td") + kind(grid, i + 1) + ">" + one_html(row.cells[i]) + "</td>";
    }
    inside += "</tr>\n";
  }
  std::string out =
      "<div class=\"grid\">" + page::table(grid.caption, inside + "</tbody>") + "</div>\n";
  if (!grid.note.empty()) out += "<p class=\"pale\">" + page::esc(grid.note) + "</p>\n";
  if (!grid.folded) return out;
  return "<details><summary>" + page::esc(grid.caption) + "</summary>\n" + out + "</details>\n";
}

std::string markdown_of(const Grid& grid) {
  std::string head = "|", rule = "|";
  for (std::size_t i = 0; i < grid.head.size(); ++i) {
    head += " " + markdown_escaped(grid.head[i], false) + " |";
    rule += is_number(grid, i) ? "---:|" : "---|";
  }
  std::string out = "**" + markdown_escaped(grid.caption) + "**\n\n" + head + "\n" + rule + "\n";
  for (const Grid::Row& row : grid.rows) {
    out += "| " + markdown_escaped(row.name, false) + " |";
    for (const Grid::Cell& cell : row.cells) out += one_markdown(cell);
    out += "\n";
  }
  return out + (grid.note.empty() ? "" : "\n" + markdown_escaped(grid.note) + "\n") + "\n";
}

}  // namespace evenhand::report
