#include "evenhand/api/project_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

#include "evenhand/api/foreign_words.h"
#include "evenhand/api/toml_text.h"
#include "evenhand/base/nearest.h"

namespace evenhand::api {

namespace {

using Fields = std::map<std::string, const Field*>;  // "evaluate.level" -> its field

const Fields& known_fields() {
  static const Fields fields = [] {
    Fields out;
    for (const Operation& operation : all()) {
      for (const Field& each : operation.fields) {
        const std::string where = key(operation, each);
        if (!where.empty()) out.emplace(where, &each);
      }
    }
    return out;
  }();
  return fields;
}

/// Names that may stand in a table: of the file itself (section "") or of one section.
std::vector<std::string> names_in(const std::string& section) {
  std::set<std::string> names;
  const std::string start = section.empty() ? "" : section + '.';
  for (const auto& [where, field] : known_fields()) {
    if (where.starts_with(start)) {
      const std::string rest = where.substr(start.size());
      names.insert(rest.substr(0, rest.find('.')));
    }
  }
  return {names.begin(), names.end()};
}

/// Sections where a name would be known: "[audit] or [evaluate]"; "" where it is known nowhere.
std::string home_of(const std::string& name) {
  std::string out;
  for (const auto& [where, field] : known_fields()) {
    const std::size_t dot = where.find('.');
    if (dot == std::string::npos || where.substr(dot + 1) != name) continue;
    out += (out.empty() ? "[" : " or [") + where.substr(0, dot) + ']';
  }
  return out;
}

std::string unknown_key(const std::string& section, const std::string& name) {
  const std::vector<std::string> names = names_in(section);
  const auto has = [&](const std::string& each) {
    return std::find(names.begin(), names.end(), each) != names.end();
  };
  const std::string says =
      "there is no key \"" + name + '"' + (section.empty() ? "" : " in [" + section + ']');
  std::string ours(our_word(name).value_or(""));
  if (ours == "bound") ours = "bounds";
  if (!ours.empty() && has(ours)) return says + "; here it is called \"" + ours + '"';
  if (!ours.empty() && !home_of(ours).empty()) {
    return says + "; here it is called \"" + ours + "\" and stands in " + home_of(ours);
  }
  if (const std::string home = home_of(name); !home.empty()) {
    return says + "; it belongs in " + home;
  }
  const std::string near = nearest(name, names);
  if (!near.empty()) return says + "; did you mean \"" + near + "\"?";
  std::string list;
  for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
  return says + "; known are " + list;
}

/// Holds the tree against the fields; stops at the first fault.
struct Checker {
  const std::string& path;
  const Toml& toml;

  Error fault(std::string where, std::string says) const {
    // "at_mots: there is no key": the sentence begins with the key inside the value that it is
    // about.
    for (std::size_t colon = 0; (colon = says.find(": ")) != std::string::npos;) {
      const std::string deeper = where + '.' + says.substr(0, colon);
      if (!toml.line.contains(deeper)) break;
      where = deeper;
      says.erase(0, colon + 2);
    }
    const auto line = toml.line.find(where);
    std::string out = path;
    if (line != toml.line.end() && line->second > 0) {
      out += ", line " + std::to_string(line->second);
    }
    return {Code::kInvalidArgument, out + ": " + where + ": " + says};
  }

  Result<void> value(const std::string& where, const Field& field, const Json& json) const {
    const bool each = field.repeatable && json.is_array();
    for (std::size_t i = 0; each && i < json.size(); ++i) {
      auto checked = field.check(Json::array({json[i]}));
      if (!checked) return fault(where + '.' + std::to_string(i), checked.error().says);
    }
    if (each) return {};
    auto checked = field.check(json);
    return checked ? Result<void>() : fault(where, checked.error().says);
  }

  Result<void> section(const std::string& name, const Json& json) const {
    if (!json.is_object()) {
      return fault(name, found(json) + " was found; expected: a section [" + name + ']');
    }
    for (const auto& [key, child] : json.items()) {
      const std::string where = name + '.' + key;
      const auto field = known_fields().find(where);
      if (field == known_fields().end()) return fault(where, unknown_key(name, key));
      EVENHAND_TRY(value(where, *field->second, child));
    }
    return {};
  }

  Result<void> file() const {
    const std::vector<std::string> names = names_in("");
    for (const auto& [key, child] : toml.tree.items()) {
      if (const auto field = known_fields().find(key); field != known_fields().end()) {
        EVENHAND_TRY(value(key, *field->second, child));
      } else if (std::find(names.begin(), names.end(), key) != names.end()) {
        EVENHAND_TRY(section(key, child));
      } else {
        return fault(key, unknown_key("", key));
      }
    }
    return {};
  }
};

const Json* at(const Json& tree, const std::string& where) {
  const std::size_t dot = where.find('.');
  const std::string first = where.substr(0, dot);
  if (!tree.is_object() || !tree.contains(first)) return nullptr;
  const Json& child = tree[first];
  return dot == std::string::npos ? &child : at(child, where.substr(dot + 1));
}

// --- [groups] ---------------------------------------------------------------------------------

constexpr const char* kGroups = "groups";

/// "sex x race" may be a crossing, or a column of that name: both are taken.
void add_attributes(const Json& phrase, std::set<std::string>& out) {
  if (phrase.is_array()) {
    for (const Json& each : phrase) add_attributes(each, out);
  }
  if (!phrase.is_string()) return;
  std::string text = phrase.get<std::string>();
  out.insert(text);
  for (std::size_t at; (at = text.find(" x ")) != std::string::npos; text.erase(0, at + 3)) {
    out.insert(text.substr(0, at));
  }
  out.insert(text);
}

/// "metric by A x B <= 0.1" or a table with `by`.
void add_attributes_of_bound(const Json& bound, std::set<std::string>& out) {
  if (bound.is_object() && bound.contains("by")) add_attributes(bound["by"], out);
  if (!bound.is_string()) return;
  const std::string text = bound.get<std::string>();
  const std::size_t by = text.find(" by ");
  if (by == std::string::npos) return;
  const std::size_t limit = text.find_first_of("<>", by);
  const std::string group =
      text.substr(by + 4, limit == std::string::npos ? limit : limit - by - 4);
  add_attributes(group.substr(0, group.find_last_not_of(' ') + 1), out);
}

/// By which columns a stage groups people, as the file says it.
std::set<std::string> attributes_of(const Json& tree, const Operation& operation) {
  std::set<std::string> out;
  for (const Field& each : operation.fields) {
    const std::string where = key(operation, each);
    const Json* value = where.empty() ? nullptr : at(tree, where);
    if (value == nullptr) continue;
    if (each.name == "group" || each.name == "strata" || each.name == "source") {
      add_attributes(*value, out);
    }
    if (each.name != "bound") continue;
    for (const Json& bound : value->is_array() ? *value : Json::array({*value})) {
      add_attributes_of_bound(bound, out);
    }
  }
  return out;
}

/// [groups] of the columns that a stage groups by; those of others would do nothing there.
Json of_stage(const Json& groups, const std::set<std::string>& attributes) {
  Json out = Json::object();
  for (const auto& [column, how] : groups.items()) {
    if (attributes.contains(column)) out[column] = how;
  }
  return out;
}

/// A slip in [groups.COLUMN] would quietly do nothing.
Result<void> check_groups(const Checker& checker) {
  const Json& tree = checker.toml.tree;
  if (!tree.contains(kGroups)) return {};
  std::set<std::string> used;
  bool grouped = false;
  for (const Operation& operation : all()) {
    if (find(operation, kGroups) == nullptr || !tree.contains(operation.section)) continue;
    grouped = true;
    used.merge(attributes_of(tree, operation));
  }
  for (const auto& [column, how] : tree[kGroups].items()) {
    if (!grouped || used.contains(column)) continue;
    const std::string near = nearest(column, {used.begin(), used.end()});
    return checker.fault(std::string(kGroups) + '.' + column,
                         "no stage of this file groups people by \"" + column + '"' +
                             (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  }
  return {};
}

}  // namespace

Result<Project> parse_project(std::string_view text, std::string path) {
  auto toml = parse_toml(text);
  if (!toml) return Error{toml.error().code, path + ", " + toml.error().says};
  const Checker checker{path, *toml};
  EVENHAND_TRY(checker.file());
  EVENHAND_TRY(check_groups(checker));
  std::string folder = std::filesystem::path(path).parent_path().string();
  return Project{std::move(path), std::move(folder), std::move(toml->tree)};
}

Result<Project> read_project(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return Error{Code::kNotFound, "there is no project file " + path +
                                      "; `evenhand init FILE` looks at a table and writes one"};
  }
  if (std::filesystem::is_directory(path, ignored)) {
    return Error{Code::kBadInput, path + " is a folder; name the project file in it: " +
                                      (std::filesystem::path(path) / "evenhand.toml").string()};
  }
  constexpr std::uintmax_t kLargest = 1 << 20;  // a project file is written by hand
  if (std::filesystem::file_size(path, ignored) > kLargest) {
    return Error{Code::kBadInput, path +
                                      " is larger than 1 MiB, so it is no project file; a table " +
                                      "is evaluated with `evenhand " + path + '`'};
  }
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return Error{Code::kIo, "the project file " + path + " cannot be read"};
  return parse_project(text, path);
}

bool names_stage(const Project& project, const Operation& operation) {
  return !operation.section.empty() && project.tree.contains(operation.section);
}

std::string beside(const Project& project, const std::string& path) {
  const std::filesystem::path given(path);
  if (project.folder.empty() || given.is_absolute() || path == "-") return path;
  return (std::filesystem::path(project.folder) / given).lexically_normal().string();
}

Json options_for(const Project& project, const Operation& operation) {
  Json out = Json::object();
  for (const Field& each : operation.fields) {
    const std::string where = key(operation, each);
    const Json* value = where.empty() ? nullptr : at(project.tree, where);
    if (value == nullptr) continue;
    Json json = *value;
    if (each.says.is_path && json.is_string()) json = beside(project, json.get<std::string>());
    if (each.says.is_path && json.is_array()) {
      for (Json& path : json) path = beside(project, path.get<std::string>());
    }
    if (where == kGroups) json = of_stage(json, attributes_of(project.tree, operation));
    if (where == kGroups && json.empty()) continue;
    out[each.name] = std::move(json);
  }
  return out;
}

Json project_schema() {
  Json out;
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["title"] = "evenhand.toml";
  out["description"] = "project file of Evenhand: data, roles, groups, stages and bounds";
  out["type"] = "object";
  out["additionalProperties"] = false;
  Json& top = out["properties"] = Json::object();
  for (const auto& [where, field] : known_fields()) {
    const std::size_t dot = where.find('.');
    if (dot == std::string::npos) {
      top[where] = field->schema;
      continue;
    }
    Json& section = top[where.substr(0, dot)];
    section["type"] = "object";
    section["additionalProperties"] = false;
    section["properties"][where.substr(dot + 1)] = field->schema;
  }
  return out;
}

}  // namespace evenhand::api
