#include "evenhand/api/toml_text.h"

#include <array>
#include <cstdio>
#include <sstream>

#define TOML_EXCEPTIONS 0  // faults come back as values
#include <toml++/toml.h>

namespace evenhand::api {

namespace {

struct Walk {
  Toml& out;

  Json value(const toml::node& node, const std::string& path) {
    out.line[path] = static_cast<unsigned>(node.source().begin.line);
    if (const auto* table = node.as_table()) {
      Json json = Json::object();
      for (const auto& [key, child] : *table) {
        const std::string name(key.str());
        const std::string full = path.empty() ? name : path + '.' + name;
        json[name] = value(child, full);
        // The key's own line: a table under [groups.age] begins at its header, not at its value.
        out.line[full] = static_cast<unsigned>(key.source().begin.line);
      }
      return json;
    }
    if (const auto* array = node.as_array()) {
      Json json = Json::array();
      for (const toml::node& child : *array) {
        json.push_back(value(child, path + '.' + std::to_string(json.size())));
      }
      return json;
    }
    return plain(node);
  }

  static Json plain(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* whole = node.as_integer()) {
      return whole->get() < 0 ? Json(whole->get()) : Json(static_cast<std::uint64_t>(whole->get()));
    }
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* flag = node.as_boolean()) return flag->get();
    std::ostringstream text;  // dates and times are text to us
    if (const auto* date = node.as_date()) text << date->get();
    if (const auto* time = node.as_time()) text << time->get();
    if (const auto* both = node.as_date_time()) text << both->get();
    return text.str();
  }
};

}  // namespace

Result<Toml> parse_toml(std::string_view text) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const auto& error = parsed.error();
    return Error{Code::kInvalidArgument, "line " + std::to_string(error.source().begin.line) +
                                             ": " + std::string(error.description())};
  }
  Toml out;
  out.tree = Walk{out}.value(parsed.table(), "");
  return out;
}

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04X", static_cast<unsigned>(c));
      out += code.data();
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string toml_value(const Json& json) {
  if (json.is_string()) return toml_quoted(json.get_ref<const std::string&>());
  if (!json.is_array()) return found(json);
  std::string out;
  for (const Json& each : json) out += (out.empty() ? "" : ", ") + toml_value(each);
  return '[' + out + ']';
}

std::string toml_key(std::string_view text) {
  const bool bare = !text.empty() && text.find_first_not_of(
                                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789_-") == std::string_view::npos;
  return bare ? std::string(text) : toml_quoted(text);
}

}  // namespace evenhand::api
