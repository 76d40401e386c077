#include "evenhand/table/grouping.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "evenhand/base/nearest.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/gather.h"

namespace evenhand::table {
namespace {

Error wrong(std::string says) { return Error{Code::kInvalidArgument, std::move(says)}; }

/// @error kInvalidArgument, beginning with `whose` they are.
Result<void> check_edges(const std::string& whose, const std::vector<double>& edges) {
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (!std::isfinite(edges[i])) return wrong(whose + ": edges are finite numbers");
    if (i > 0 && !(edges[i - 1] < edges[i])) {
      return wrong(whose + ": edges rise from each to the next, and " + shortest(edges[i - 1]) +
                   " stands before " + shortest(edges[i]));
    }
  }
  return {};
}

Error no_number(const Batch& rows, const Column& column, const std::string& name, char decimal) {
  for (std::size_t r = 0; r < column.codes.size(); ++r) {
    if (column.codes[r] == 0) continue;
    const std::string& value = column.values[column.codes[r] - 1];
    if (parse_number(value, decimal) || parse_number(value, '.')) continue;
    const std::string where = rows.source.empty() ? "row " + with_thousands(r + 1) : place(rows, r);
    return {Code::kBadInput, where + ": column \"" + name + "\" holds " + shown(value) +
                                 ", which is no number, and edges cut numbers"};
  }
  return {Code::kBug, "a column of numbers was none"};
}

Result<void> read_rename(const Json& json, std::map<std::string, std::string>& out) {
  if (!json.is_object()) {
    return wrong("rename: " + found(json) +
                 " was found; expected: rename = { \"value\" = \"group\" }");
  }
  for (const auto& [from, to] : json.items()) {
    auto read = read_text(to, Says{.help = ""}, out[from]);
    if (!read) return wrong("rename: " + from + ": " + read.error().says);
  }
  return {};
}

Result<Grouping> grouping_of(const Json& json) {
  if (!json.is_object()) return wrong(found(json) + " was found; expected: edges or rename");
  Grouping out;
  for (const auto& [key, value] : json.items()) {
    if (key == "edges") {
      auto read = FieldType<std::vector<double>>::read(value, Says{.help = ""}, out.edges);
      if (!read) return wrong("edges: " + read.error().says);
    } else if (key == "rename") {
      EVENHAND_TRY(read_rename(value, out.rename));
    } else {
      const std::string near = nearest(key, {"edges", "rename"});
      return wrong(key + ": there is no key \"" + key + "\"; " +
                   (near.empty() ? "known are edges, rename" : "did you mean \"" + near + "\"?"));
    }
  }
  EVENHAND_TRY(check_edges("edges", out.edges));
  return out;
}

}  // namespace

Result<void> check_groupings(const Groupings& groupings,
                             const std::vector<std::string>& attributes) {
  for (const auto& [attribute, how] : groupings) {
    EVENHAND_TRY(check_edges("the edges of \"" + attribute + '"', how.edges));
    if (how.edges.empty() && how.rename.empty()) continue;
    if (std::find(attributes.begin(), attributes.end(), attribute) != attributes.end()) continue;
    std::string known;
    for (const std::string& one : attributes) known += (known.empty() ? "\"" : ", \"") + one + "\"";
    return wrong((how.edges.empty() ? "names" : "edges") + std::string(" were given for \"") +
                 attribute + "\", but nobody is compared by it; groups are " +
                 (known.empty() ? "none" : known));
  }
  return {};
}

Result<Column> grouped(const Batch& rows, std::size_t place, const std::string& attribute,
                       const Groupings& groupings, char decimal) {
  Column column = rows.columns[place];
  const auto how = groupings.find(attribute);
  if (how == groupings.end()) return column;
  const bool is_number = column.as == As::kNumber;
  if (!how->second.edges.empty() && (is_number || !column.values.empty())) {
    if (!is_number && !become_numbers(column, decimal)) {
      return no_number(rows, column, attribute, decimal);
    }
    column = binned(column, how->second.edges);
  }
  rename(column, how->second.rename);
  return column;
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

Json groupings_json(const Groupings& groupings) {
  Json out = Json::object();
  for (const auto& [name, how] : groupings) {
    out[name] = Json{{"edges", how.edges}, {"rename", how.rename}};
  }
  return out;
}

Result<Groupings> groupings_of(const Json& json) {
  if (!json.is_object()) {
    return wrong(found(json) + " was found; expected: a table [groups.COLUMN] for each column");
  }
  Groupings out;
  for (const auto& [column, value] : json.items()) {
    auto how = grouping_of(value);
    if (!how) return wrong(column + ": " + how.error().says);
    out[column] = std::move(how).value();
  }
  return out;
}

}  // namespace evenhand::table
