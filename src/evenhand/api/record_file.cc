#include "evenhand/api/record_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "evenhand/model/policy.h"
#include "evenhand/record/record_json.h"

namespace evenhand::api {

std::string record_path(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored)
             ? (std::filesystem::path(path) / "record.json").string()
             : path;
}

Result<record::Record> read_record(const std::string& path) {
  const std::string name = record_path(path);
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored)) {
    return Error{Code::kNotFound, "there is no record " + name +
                                      "; `evenhand evaluate run` writes one into its --out folder"};
  }
  if (!std::filesystem::is_regular_file(name, ignored)) {
    return Error{Code::kBadInput, name + " is no file; name a record.json, or the folder it is in"};
  }
  std::ifstream file(name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return Error{Code::kIo, "the record " + name + " cannot be read"};
  auto record = record::from_json(text);
  if (!record && model::policy_from_json(text)) {
    return Error{Code::kInvalidArgument,
                 name + " is a policy and no record; `evenhand adjust explain " + name +
                     "` checks it against its digest and says what it does, and what `evenhand "
                     "evaluate run` finds of its decisions can be verified"};
  }
  if (!record) return std::move(record).error().within("reading " + name);
  return record;
}

}  // namespace evenhand::api
