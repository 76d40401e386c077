#include "evenhand/table/grouping.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace evenhand::table {
namespace {

Error wrong(std::string says) { return Error{Code::kInvalidArgument, std::move(says)}; }

}  // namespace

Result<void> check_edges(const Groupings& groupings) {
  for (const auto& [attribute, how] : groupings) {
    for (std::size_t i = 0; i < how.edges.size(); ++i) {
      if (!std::isfinite(how.edges[i])) {
        return wrong("the edges of \"" + attribute + "\" must be finite numbers");
      }
      if (i > 0 && !(how.edges[i - 1] < how.edges[i])) {
        return wrong("the edges of \"" + attribute + "\" must ascend, each above the one before");
      }
    }
  }
  return {};
}

std::vector<std::string> bin_names(const std::vector<double>& edges) {
  const auto spelled = [](double x) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, x).ptr;
    return std::string(text, end);
  };
  std::vector<std::string> names;
  if (edges.empty()) return names;
  names.push_back("under " + spelled(edges.front()));
  for (std::size_t i = 1; i < edges.size(); ++i) {
    names.push_back(spelled(edges[i - 1]) + " to " + spelled(edges[i]));
  }
  names.push_back(spelled(edges.back()) + " or more");
  return names;
}

Column binned(const Column& numbers, const std::vector<double>& edges) {
  Column out;
  out.values = bin_names(edges);
  out.codes.reserve(numbers.numbers.size());
  for (double x : numbers.numbers) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), x) - edges.begin();
    out.codes.push_back(std::isnan(x) ? 0 : static_cast<std::uint32_t>(above) + 1);
  }
  return out;
}

void rename(Column& column, const std::map<std::string, std::string>& names) {
  for (std::string& value : column.values) {
    const auto at = names.find(value);
    if (at != names.end()) value = at->second;
  }
}

}  // namespace evenhand::table
