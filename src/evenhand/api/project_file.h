// The project file, evenhand.toml: data, roles, groups, stages and bounds. Which keys it may have
// follows from the fields of the operations; what it means is in docs/formats/project_file.md.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "evenhand/api/operation.h"
#include "evenhand/base/field.h"
#include "evenhand/base/result.h"

namespace evenhand::api {

struct Project {
  std::string path;    // as the user named it
  std::string folder;  // of the file, "" for the current one: its paths are relative to it
  Json tree;
};

/// Parse and check every key and value against the fields of all operations.
/// @error kInvalidArgument "evenhand.toml, line 7: ..." for no TOML, an unknown key (with the
///        nearest known one), a value of the wrong type or out of range.
Result<Project> parse_project(std::string_view text, std::string path);

/// @error also kNotFound, kIo.
Result<Project> read_project(const std::string& path);

/// Does the file name the stage (has its section)?
bool names_stage(const Project& project, const Operation& operation);

/// What the file says to an operation, paths seen from the current folder.
Json options_for(const Project& project, const Operation& operation);

/// A path of the project file as seen from the current folder.
std::string beside(const Project& project, const std::string& path);

/// JSON schema of the project file, made from the fields.
Json project_schema();

}  // namespace evenhand::api
