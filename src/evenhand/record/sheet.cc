#include "evenhand/record/sheet.h"

#include <cstdint>
#include <optional>

#include "evenhand/base/rows.h"

namespace evenhand::record {
namespace {

using Json = nlohmann::ordered_json;

Json value_json(const std::optional<std::string>& value) {
  return value ? Json(*value) : Json(nullptr);
}
Json class_json(std::uint8_t code) {
  return code == kMissingClass ? Json(nullptr) : Json(int{code});
}

std::optional<std::string> value_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<std::string>();
}
std::uint8_t class_of(const Json& json) {
  if (json.is_null()) return kMissingClass;
  return json == 0 ? std::uint8_t{0} : json == 1 ? std::uint8_t{1} : std::uint8_t{254};
}

}  // namespace

Sheet key_json(const tally::Key& key) {
  Json out = Json::array();
  for (const auto& value : key) out.push_back(value_json(value));
  return out;
}

Sheet head_of(std::string_view tally, const tally::Groups& groups, bool weighted,
              const std::vector<std::string>& columns) {
  Json out;
  out["tally"] = tally;
  out["by"] = groups.by;
  out["strata"] = groups.strata;
  out["weights"] = weighted ? "sampling" : "counts";
  std::vector<std::string> all = groups.by;
  all.insert(all.end(), groups.strata.begin(), groups.strata.end());
  all.insert(all.end(), columns.begin(), columns.end());
  out["columns"] = all;
  out["cells"] = Json::array();
  return out;
}

Sheet sheet_of(const tally::Confusion& t) {
  std::vector<std::string> columns{"label", "decision", "n"};
  if (t.weighted()) columns.insert(columns.end(), {"w", "w2"});
  Json out = head_of(tally::Confusion::kName, t.groups(), t.weighted(), columns);
  for (const auto& cell : t.cells()) {
    Json row = key_json(t.groups().keys[cell.group]);
    row.push_back(class_json(cell.label));
    row.push_back(class_json(cell.decision));
    row.push_back(cell.n);
    if (t.weighted()) {
      row.push_back(cell.w);
      row.push_back(cell.w2);
    }
    out["cells"].push_back(std::move(row));
  }
  return out;
}

Sheet sheet_of(const tally::Crosstab& t) {
  std::vector<std::string> columns{"n"};
  if (t.weighted()) columns.insert(columns.end(), {"w", "w2"});
  Json out = head_of(tally::Crosstab::kName, t.groups(), t.weighted(), columns);
  for (const auto& cell : t.cells()) {
    Json row = key_json(t.groups().keys[cell.group]);
    row.push_back(cell.n);
    if (t.weighted()) {
      row.push_back(cell.w);
      row.push_back(cell.w2);
    }
    out["cells"].push_back(std::move(row));
  }
  return out;
}

std::int64_t rows_at(const Sheet& row, std::size_t at) {
  const Json& json = row.at(at);
  if (!json.is_number_integer())
    throw nlohmann::json::type_error::create(302, "a count is no whole number", &json);
  return json.get<std::int64_t>();
}

tally::Key key_of(const Sheet& row, std::size_t values) {
  tally::Key key;
  for (std::size_t i = 0; i < values; ++i) key.push_back(value_of(row.at(i)));
  return key;
}

Head head_of(const Sheet& sheet) {
  Head h;
  h.groups.by = sheet.at("by").get<std::vector<std::string>>();
  h.groups.strata = sheet.at("strata").get<std::vector<std::string>>();
  h.weighting = sheet.at("weights").get<std::string>() == "sampling" ? tally::Weighting::kSampling
                                                                     : tally::Weighting::kFrequency;
  h.values = h.groups.by.size() + h.groups.strata.size();
  return h;
}

Result<tally::Confusion> confusion_of(const Sheet& sheet) {
  const Head h = head_of(sheet);
  tally::Confusion t(h.groups, tally::binary_classes(), h.weighting);
  for (const Json& row : sheet.at("cells")) {
    tally::Confusion::Cell cell;
    cell.group = t.group(key_of(row, h.values));
    cell.label = class_of(row.at(h.values));
    cell.decision = class_of(row.at(h.values + 1));
    cell.n = rows_at(row, h.values + 2);
    if (t.weighted()) {
      cell.w = row.at(h.values + 3).get<double>();
      cell.w2 = row.at(h.values + 4).get<double>();
    }
    EVENHAND_TRY(t.add_cell(cell));
  }
  return t.canonical();
}

Result<tally::Crosstab> crosstab_of(const Sheet& sheet) {
  const Head h = head_of(sheet);
  tally::Crosstab t(h.groups, h.weighting);
  for (const Json& row : sheet.at("cells")) {
    tally::Crosstab::Cell cell;
    cell.group = t.group(key_of(row, h.values));
    cell.n = rows_at(row, h.values);
    if (t.weighted()) {
      cell.w = row.at(h.values + 1).get<double>();
      cell.w2 = row.at(h.values + 2).get<double>();
    }
    EVENHAND_TRY(t.add_cell(cell));
  }
  return t.regrouped(tally::canonical(t.groups()));
}

}  // namespace evenhand::record
