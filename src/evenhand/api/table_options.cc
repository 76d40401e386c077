#include "evenhand/api/table_options.h"

#include <algorithm>
#include <utility>

namespace evenhand::api {

namespace {

Result<char> character(const std::string& text, const std::string& option) {
  if (text.empty()) return '\0';
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && text[0] != '"' && text[0] != '\n' && text[0] != '\r') return text[0];
  return Error{Code::kInvalidArgument,
               option + ": \"" + text + "\" was found; expected: one character of ASCII, or tab"};
}

}  // namespace

Result<table::ReadOptions> read_options(const TableOptions& options) {
  table::ReadOptions out;
  out.format = options.format == "auto" ? "" : options.format;
  EVENHAND_ASSIGN(out.separator, character(options.separator, "--separator"));
  EVENHAND_ASSIGN(out.comment, character(options.comment, "--comment"));
  out.decimal = options.decimal == "," ? ',' : '.';
  if (out.separator != 0 && out.separator == out.decimal) {
    return Error{Code::kInvalidArgument,
                 std::string("the separator and the decimal mark are both ") + out.decimal};
  }
  out.header = !options.no_header;
  out.missing.insert(out.missing.end(), options.missing.begin(), options.missing.end());
  out.bad_rows = options.bad_rows == "skip" ? table::BadRows::kSkip : table::BadRows::kFail;
  return out;
}

Result<std::vector<std::string>> expand_all(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    std::vector<std::string> paths = {name};
    if (name != "-") {
      EVENHAND_ASSIGN(paths, table::expand(name));
    }
    for (std::string& path : paths) {
      if (std::find(out.begin(), out.end(), path) != out.end()) {
        return Error{Code::kInvalidArgument,
                     path + " was named twice, and its rows would count twice; name it once"};
      }
      out.push_back(std::move(path));
    }
  }
  return out;
}

Result<std::vector<std::string>> column_names(const TableOptions& options) {
  std::vector<std::string> out;
  EVENHAND_ASSIGN(const table::ReadOptions read, read_options(options));
  std::vector<std::string> names = {options.files.front()};
  if (options.join) names.push_back(*options.join);
  for (const std::string& name : names) {
    if (name == "-") continue;
    EVENHAND_ASSIGN(const std::vector<std::string> paths, table::expand(name));
    EVENHAND_ASSIGN(const auto reader, table::open(paths.front(), read));
    out.insert(out.end(), reader->columns().begin(), reader->columns().end());
  }
  return out;
}

}  // namespace evenhand::api
