#include "evenhand/record/reading.h"

#include <map>
#include <string>
#include <vector>

namespace evenhand::record {
namespace {

using Json = nlohmann::ordered_json;

char letter(const Json& json, char none) {
  const auto text = json.get<std::string>();
  return text.empty() ? none : text[0];
}

}  // namespace

Json read_json(const table::ReadOptions& r) {
  return Json{{"format", r.format},
              {"separator", r.separator == 0 ? "" : std::string(1, r.separator)},
              {"decimal", std::string(1, r.decimal)},
              {"comment", r.comment == 0 ? "" : std::string(1, r.comment)},
              {"header", r.header},
              {"missing", r.missing},
              {"bad_rows", r.bad_rows == table::BadRows::kSkip ? "skip" : "fail"}};
}

table::ReadOptions read_of(const Json& json) {
  table::ReadOptions r;
  r.format = json.at("format").get<std::string>();
  r.separator = letter(json.at("separator"), 0);
  r.decimal = letter(json.at("decimal"), '.');
  r.comment = letter(json.at("comment"), 0);
  r.header = json.at("header").get<bool>();
  r.missing = json.at("missing").get<std::vector<std::string>>();
  r.bad_rows = json.at("bad_rows") == "skip" ? table::BadRows::kSkip : table::BadRows::kFail;
  return r;
}

Json groupings_json(const table::Groupings& groupings) {
  Json out = Json::object();
  for (const auto& [name, how] : groupings) {
    out[name] = Json{{"edges", how.edges}, {"rename", how.rename}};
  }
  return out;
}

table::Groupings groupings_of(const Json& json) {
  table::Groupings out;
  for (const auto& [name, how] : json.items()) {
    out[name] = {how.at("edges").get<std::vector<double>>(),
                 how.at("rename").get<std::map<std::string, std::string>>()};
  }
  return out;
}

}  // namespace evenhand::record
