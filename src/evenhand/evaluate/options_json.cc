// Options to JSON and back.
#include "evenhand/evaluate/options_json.h"

#include "evenhand/record/reading.h"

namespace evenhand::evaluate {
namespace {

using Json = nlohmann::ordered_json;

using record::optional_of;
using record::or_null;

Json role_json(const std::optional<Role>& role) {
  if (!role) return nullptr;
  return Json{{"column", role->column}, {"favourable", or_null(role->favourable)}};
}
std::optional<Role> role_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return Role{json.at("column").get<std::string>(),
              optional_of<std::string>(json.at("favourable"))};
}

Json bound_json(const BoundAsked& b) {
  return Json{{"metric", b.metric},
              {"by", b.by},
              {"at_most", or_null(b.bound.at_most)},
              {"at_least", or_null(b.bound.at_least)},
              {"judge", b.bound.judge},
              {"on_cannot_tell", b.bound.on_cannot_tell},
              {"severity", b.bound.severity}};
}

BoundAsked bound_of(const Json& json) {
  BoundAsked b;
  b.metric = json.at("metric").get<std::string>();
  b.by = json.at("by").get<By>();
  b.bound.at_most = optional_of<std::string>(json.at("at_most"));
  b.bound.at_least = optional_of<std::string>(json.at("at_least"));
  b.bound.judge = json.at("judge").get<std::string>();
  b.bound.on_cannot_tell = json.at("on_cannot_tell").get<std::string>();
  b.bound.severity = json.at("severity").get<std::string>();
  return b;
}

}  // namespace

Json bounds_json(const std::vector<BoundAsked>& bounds) {
  Json out = Json::array();
  for (const BoundAsked& b : bounds) out.push_back(bound_json(b));
  return out;
}

std::vector<BoundAsked> bounds_of(const Json& json) {
  std::vector<BoundAsked> out;
  for (const Json& b : json) out.push_back(bound_of(b));
  return out;
}

Json to_json(const Options& o) {
  Json out;
  out["files"] = o.files;
  out["read"] = record::read_json(o.read);
  out["label"] = role_json(o.label);
  out["decision"] = role_json(o.decision);
  out["score"] = or_null(o.score);
  out["threshold"] = or_null(o.threshold);
  out["by"] = o.by;
  out["strata"] = o.strata;
  out["groupings"] = table::groupings_json(o.groupings);
  out["cluster"] = or_null(o.cluster);
  out["weight"] = or_null(o.weight);
  out["weight_kind"] = o.weight_kind;
  out["join"] = or_null(o.join);
  out["on"] = or_null(o.on);
  out["convention"] = o.convention;
  out["metrics"] = o.metrics;
  out["bounds"] = bounds_json(o.bounds);
  out["reference"] = o.reference;
  out["scored_by"] = o.scored_by;
  out["interval"] = o.interval;
  out["level"] = o.level;
  out["rows_min"] = o.rows_min;
  return out;
}

Result<Options> options_of(const Json& json) {
  Options o;
  try {
    o.files = json.at("files").get<std::vector<std::string>>();
    o.read = record::read_of(json.at("read"));
    o.label = role_of(json.at("label"));
    o.decision = role_of(json.at("decision"));
    o.score = optional_of<std::string>(json.at("score"));
    o.threshold = optional_of<double>(json.at("threshold"));
    o.by = json.at("by").get<std::vector<By>>();
    o.strata = json.at("strata").get<std::vector<std::string>>();
    EVENHAND_ASSIGN(o.groupings, record::groupings_of(json.at("groupings")));
    o.cluster = optional_of<std::string>(json.at("cluster"));
    o.weight = optional_of<std::string>(json.at("weight"));
    o.weight_kind = json.at("weight_kind").get<std::string>();
    o.join = optional_of<std::string>(json.at("join"));
    o.on = optional_of<std::string>(json.at("on"));
    o.convention = json.at("convention").get<std::string>();
    o.metrics = json.at("metrics").get<std::vector<std::string>>();
    o.bounds = bounds_of(json.at("bounds"));
    o.reference = json.at("reference").get<std::map<std::string, std::string>>();
    o.scored_by = json.at("scored_by");
    if (!o.scored_by.is_null() && !o.scored_by.is_object()) {
      return Error{Code::kBadInput, "scored_by of the record is no object"};
    }
    o.interval = json.at("interval").get<std::string>();
    o.level = json.at("level").get<double>();
    o.rows_min = json.at("rows_min").get<std::int64_t>();
  } catch (const nlohmann::json::exception& wrong) {
    return Error{Code::kBadInput,
                 std::string("the options of the record cannot be read: ") + wrong.what()};
  }
  if (!is_level(o.level))
    return Error{Code::kBadInput, "the level of the record is not in [0.01, 0.999999]"};
  return o;
}

}  // namespace evenhand::evaluate
