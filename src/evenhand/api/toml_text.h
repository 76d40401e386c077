// TOML read into a JSON tree, with the line where each key stands. toml++ is seen only behind this.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"

namespace evenhand::api {

struct Toml {
  Json tree;
  std::map<std::string, unsigned> line;  // "evaluate.level" -> 7, "bounds.0.metric" -> 12; from 1
};

/// @error kInvalidArgument "line 7: ..." for text that is not TOML.
Result<Toml> parse_toml(std::string_view text);

/// Text in quotes and with escapes, as TOML writes it.
std::string toml_quoted(std::string_view text);
/// A text, number, flag or list of these, as TOML writes it.
std::string toml_value(const Json& json);
/// A key: bare where it can be, else in quotes.
std::string toml_key(std::string_view text);

}  // namespace evenhand::api
