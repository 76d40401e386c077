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

Result<table::Groupings> groupings_of(const Json& json) {
  auto out = table::groupings_of(json);
  if (!out) return Error{Code::kBadInput, "groupings of the record: " + out.error().says};
  return out;
}

}  // namespace evenhand::record
