#include "evenhand/api/phrase.h"

#include <array>
#include <cmath>
#include <string_view>

#include "evenhand/api/decimal.h"
#include "evenhand/base/nearest.h"

namespace evenhand::api {

namespace {

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

/// The key of a table is not one of `known`: the sentence.
Error no_such_key(const std::string& key, const std::vector<std::string>& known) {
  const std::string near = nearest(key, known);
  std::string list;
  for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
  return wrong("there is no key \"" + key + "\"; " +
               (near.empty() ? "known are " + list : "did you mean \"" + near + "\"?"));
}

Result<void> read_word(const Json& json, std::initializer_list<const char*> choices,
                       std::string& out) {
  Says says{.help = ""};
  for (const char* each : choices) says.choices.emplace_back(each);
  return read_text(json, says, out);
}

Result<void> read_bound_key(const std::string& key, const Json& value, BoundPhrase& out) {
  const Says plain{.help = ""};
  if (key == "metric") return read_text(value, plain, out.metric);
  if (key == "by") return FieldType<Phrase>::read(value, plain, out.by);
  if (key == "at_least" || key == "at_most") {
    EVENHAND_ASSIGN(std::string number, decimal(value));
    (key == "at_least" ? out.bound.at_least : out.bound.at_most) = std::move(number);
    return {};
  }
  if (key == "judge") return read_word(value, {"interval", "point"}, out.bound.judge);
  if (key == "on_cannot_tell") return read_word(value, {"fail", "warn"}, out.bound.on_cannot_tell);
  if (key == "severity") return read_word(value, {"fail", "warn"}, out.bound.severity);
  return no_such_key(
      key, {"metric", "by", "at_least", "at_most", "judge", "on_cannot_tell", "severity"});
}

}  // namespace

Result<std::string> decimal(const Json& json) {
  if (json.is_number_integer()) return json.dump();
  if (json.is_number_float() && std::isfinite(json.get<double>())) {
    return shortest(json.get<double>());
  }
  if (json.is_string() && is_decimal(json.get_ref<const std::string&>())) {
    return json.get<std::string>();
  }
  return wrong(found(json) + " was found; expected: a number such as 0.1");
}

}  // namespace evenhand::api

namespace evenhand {

using api::BoundPhrase;
using api::Groupings;
using api::Phrase;

namespace {

/// A value of a column may be written as a number or true: favourable = 1.
std::optional<std::string> as_text(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_boolean() || json.is_number()) return found(json);
  return std::nullopt;
}

}  // namespace

Result<void> FieldType<Phrase>::read(const Json& json, const Says& says, Phrase& out) {
  const std::string shape = says.value.empty() ? "text or a list of texts" : says.value;
  const auto wrong = [&](const Json& value) {
    return Error{Code::kInvalidArgument, found(value) + " was found; expected: " + shape};
  };
  if (json.is_string()) {
    out = {{json.get<std::string>()}, false};
    return {};
  }
  Phrase phrase{{}, true};
  if (json.is_array()) {
    for (const Json& each : json) {
      const auto text = as_text(each);
      if (!text) return wrong(each);
      phrase.parts.push_back(*text);
    }
    if (phrase.parts.empty()) return wrong(json);
    out = std::move(phrase);
    return {};
  }
  // { column = "income", favourable = ">50K" }
  if (!json.is_object() || !json.contains("column") || !json["column"].is_string()) {
    return wrong(json);
  }
  phrase.parts.push_back(json["column"].get<std::string>());
  for (const auto& [key, value] : json.items()) {
    if (key == "column") continue;
    if (key != "favourable") {
      return api::wrong(key + ": " + api::no_such_key(key, {"column", "favourable"}).says);
    }
    const auto text = as_text(value);
    if (!text) return wrong(value);
    phrase.parts.push_back(*text);
  }
  out = std::move(phrase);
  return {};
}

Json FieldType<Phrase>::write(const Phrase& phrase) {
  if (phrase.parts.empty()) return {};
  return phrase.exact ? Json(phrase.parts) : Json(phrase.parts.front());
}

Json FieldType<Phrase>::schema(const Says&) {
  const Json text = {{"type", "string"}};
  const Json value = {{"type", Json::array({"string", "number", "boolean"})}};
  return {{"anyOf", Json::array({text, Json{{"type", "array"}, {"items", value}, {"minItems", 1}},
                                 Json{{"type", "object"},
                                      {"properties", {{"column", text}, {"favourable", value}}},
                                      {"required", Json::array({"column"})},
                                      {"additionalProperties", false}}})}};
}

Result<void> FieldType<BoundPhrase>::read(const Json& json, const Says&, BoundPhrase& out) {
  BoundPhrase bound;
  if (json.is_string()) {
    out = {};
    out.typed = json.get<std::string>();
    return {};
  }
  if (!json.is_object()) {
    return api::wrong(found(json) +
                      " was found; expected: \"METRIC by GROUP <= NUMBER\", or a table with "
                      "metric, by, and at_most or at_least");
  }
  for (const auto& [key, value] : json.items()) {
    auto read = api::read_bound_key(key, value, bound);
    if (!read) return Error{read.error().code, key + ": " + read.error().says};
  }
  if (bound.metric.empty()) return api::wrong("a bound needs a metric");
  if (!bound.bound.at_least && !bound.bound.at_most) {
    return api::wrong("the bound on " + bound.metric + " needs at_most or at_least");
  }
  out = std::move(bound);
  return {};
}

Json FieldType<BoundPhrase>::write(const BoundPhrase& bound) { return Json(bound.typed); }

Json FieldType<BoundPhrase>::schema(const Says& says) {
  const Json text = {{"type", "string"}};
  const Json number = {{"anyOf", Json::array({Json{{"type", "number"}}, text})}};
  const auto choice = [](const char* a, const char* b) {
    return Json{{"enum", Json::array({a, b})}, {"default", a}};
  };
  Json properties;
  properties["metric"] = text;
  properties["by"] = FieldType<Phrase>::schema(says);
  properties["at_least"] = number;
  properties["at_most"] = number;
  properties["judge"] = choice("interval", "point");
  properties["on_cannot_tell"] = choice("fail", "warn");
  properties["severity"] = choice("fail", "warn");
  return {{"anyOf", Json::array({text, Json{{"type", "object"},
                                            {"properties", properties},
                                            {"required", Json::array({"metric"})},
                                            {"additionalProperties", false}}})}};
}

Result<void> FieldType<Groupings>::read(const Json& json, const Says&, Groupings& out) {
  EVENHAND_ASSIGN(out, table::groupings_of(json));
  return {};
}

Json FieldType<Groupings>::write(const Groupings& groupings) {
  return groupings.empty() ? Json() : table::groupings_json(groupings);
}

Json FieldType<Groupings>::schema(const Says&) {
  const Json edges = {{"type", "array"}, {"items", {{"type", "number"}}}};
  const Json rename = {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
  return {{"type", "object"},
          {"additionalProperties",
           {{"type", "object"},
            {"properties", {{"edges", edges}, {"rename", rename}}},
            {"additionalProperties", false}}}};
}

Result<void> FieldType<api::Handed>::read(const Json& json, const Says&, api::Handed& out) {
  if (!json.is_object()) {
    return Error{Code::kInvalidArgument, found(json) + " was found; expected: an object"};
  }
  out.json = json;
  return {};
}

}  // namespace evenhand
