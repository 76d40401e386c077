#include "evenhand/api/operation.h"

#include <algorithm>

#include "evenhand/api/foreign_words.h"
#include "evenhand/base/nearest.h"

namespace evenhand::api {

const Operation* find(std::string_view name) {
  const auto& list = all();
  const auto at = std::find_if(list.begin(), list.end(),
                               [name](const Operation& each) { return each.name == name; });
  return at == list.end() ? nullptr : &*at;
}

const Field* find(const Operation& operation, std::string_view field) {
  const auto at = std::find_if(operation.fields.begin(), operation.fields.end(),
                               [field](const Field& each) { return each.name == field; });
  return at == operation.fields.end() ? nullptr : &*at;
}

std::string key(const Operation& operation, const Field& field) {
  if (field.says.key == "-" || (field.says.key.empty() && operation.section.empty())) return {};
  return field.says.key.empty() ? operation.section + "." + field.name : field.says.key;
}

std::string no_such_option(const std::vector<Field>& fields, std::string_view name) {
  const auto has = [&](std::string_view wanted) {
    return std::find_if(fields.begin(), fields.end(), [&](const Field& each) {
             return each.name == wanted && each.says.in_shell;
           }) != fields.end();
  };
  std::string underscored(name);
  std::replace(underscored.begin(), underscored.end(), '-', '_');
  std::string dashed(name);
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  std::string says = "there is no option --" + dashed;
  const auto ours = our_word(underscored);
  if (ours && has(*ours)) {
    std::string word(*ours);
    std::replace(word.begin(), word.end(), '_', '-');
    return says + "; here it is called --" + word;
  }
  std::vector<std::string> names;
  for (const Field& each : fields) {
    if (each.says.in_shell && !each.says.positional) names.push_back(each.name);
  }
  std::string near = nearest(underscored, names);
  std::replace(near.begin(), near.end(), '_', '-');
  return near.empty() ? says + "; --help lists them all" : says + "; did you mean --" + near + "?";
}

Result<void> check_names(const std::vector<Field>& fields, const Json& options) {
  if (!options.is_object()) {
    return Error{Code::kInvalidArgument, "options are a JSON object of names and values, and " +
                                             found(options) + " was given"};
  }
  for (const auto& item : options.items()) {
    const auto is = [&](const Field& each) { return each.name == item.key(); };
    if (std::find_if(fields.begin(), fields.end(), is) == fields.end()) {
      return Error{Code::kInvalidArgument, no_such_option(fields, item.key())};
    }
  }
  for (const Field& each : fields) {
    if (!each.says.required || options.contains(each.name)) continue;
    const std::string what = each.says.positional ? each.says.value : in_shell(each);
    return Error{Code::kInvalidArgument,
                 what + " is missing: " + each.says.help +
                     (each.says.example.empty() ? "" : ", for example " + each.says.example)};
  }
  return {};
}

}  // namespace evenhand::api
