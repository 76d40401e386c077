#include "evenhand/api/adjust_text.h"

#include <algorithm>

#include "evenhand/adjust/shown.h"
#include "evenhand/report/suppress.h"

namespace evenhand::api {

namespace {

// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

}  // namespace

const char* not_shown_note() {
  static_assert(adjust::kShownMin == report::kSmallest);
  return "not shown: fewer than 11 rows could be read off it; the records and --json keep all";
}

std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& cells) {
  std::vector<std::size_t> widest;
  for (const auto& row : cells) {
    widest.resize(std::max(widest.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widest[c] = std::max(widest[c], width(row[c]));
  }
  std::vector<std::string> out;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string space(widest[c] - width(row[c]), ' ');
      line += (c == 0 ? "" : "  ") + (c == 0 ? row[c] + space : space + row[c]);
    }
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace evenhand::api
