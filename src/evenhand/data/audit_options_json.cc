#include "evenhand/data/audit_options_json.h"

#include "evenhand/record/reading.h"

namespace evenhand::data {
namespace {

using Json = nlohmann::ordered_json;

using record::optional_of;
using record::or_null;

Json tolerance_json(const Tolerance& t) { return {{"at", t.at}, {"asked", t.asked}}; }
Tolerance tolerance_of(const Json& json) {
  return {json.at("at").get<std::string>(), json.at("asked").get<bool>()};
}

}  // namespace

Json to_json(const AuditOptions& o) {
  Json out;
  out["files"] = o.files;
  out["read"] = record::read_json(o.read);
  out["by"] = o.by;
  out["groupings"] = table::groupings_json(o.groupings);
  out["label"] = or_null(o.label);
  out["favourable"] = or_null(o.favourable);
  out["baseline"] = o.baseline;
  out["baseline_count"] = or_null(o.baseline_count);
  out["baseline_kind"] = o.baseline_kind;
  out["sources"] = o.sources;
  out["weight"] = or_null(o.weight);
  out["weight_kind"] = o.weight_kind;
  out["tolerance"] = tolerance_json(o.tolerance);
  out["association_tolerance"] = tolerance_json(o.association_tolerance);
  out["gap_tolerance"] = tolerance_json(o.gap_tolerance);
  out["proxies"] = o.proxies;
  out["features"] = o.features;
  out["exclude"] = o.exclude;
  out["level"] = o.level;
  out["rows_min"] = o.rows_min;
  return out;
}

Result<AuditOptions> audit_options_of(const Json& json) {
  AuditOptions o;
  try {
    o.files = json.at("files").get<std::vector<std::string>>();
    o.read = record::read_of(json.at("read"));
    o.by = json.at("by").get<std::vector<By>>();
    EVENHAND_ASSIGN(o.groupings, record::groupings_of(json.at("groupings")));
    o.label = optional_of<std::string>(json.at("label"));
    o.favourable = optional_of<std::string>(json.at("favourable"));
    o.baseline = json.at("baseline").get<std::string>();
    o.baseline_count = optional_of<std::string>(json.at("baseline_count"));
    o.baseline_kind = json.at("baseline_kind").get<std::string>();
    o.sources = json.at("sources").get<std::vector<std::string>>();
    o.weight = optional_of<std::string>(json.at("weight"));
    o.weight_kind = json.at("weight_kind").get<std::string>();
    o.tolerance = tolerance_of(json.at("tolerance"));
    o.association_tolerance = tolerance_of(json.at("association_tolerance"));
    o.gap_tolerance = tolerance_of(json.at("gap_tolerance"));
    o.proxies = json.at("proxies").get<bool>();
    o.features = json.at("features").get<std::vector<std::string>>();
    o.exclude = json.at("exclude").get<std::vector<std::string>>();
    o.level = json.at("level").get<double>();
    o.rows_min = json.at("rows_min").get<std::int64_t>();
  } catch (const nlohmann::json::exception& wrong) {
    return Error{Code::kBadInput,
                 std::string("the options of the record cannot be read: ") + wrong.what()};
  }
  return o;
}

}  // namespace evenhand::data
