#include "evenhand/record/sheet.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "evenhand/base/rows.h"
#include "evenhand/tally/cluster_products.h"

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

Error bad(std::string says) { return {Code::kBadInput, std::move(says)}; }

/// A list of texts; an absent one is empty.
Result<std::vector<std::string>> texts_at(const Sheet& sheet, const char* key) {
  std::vector<std::string> out;
  if (!sheet.contains(key)) return out;
  const bool texts =
      sheet[key].is_array() && std::all_of(sheet[key].begin(), sheet[key].end(),
                                           [](const Json& item) { return item.is_string(); });
  if (!texts) return bad("its \"" + std::string(key) + "\" is no list of texts");
  for (const Json& item : sheet[key]) out.push_back(item.get<std::string>());
  return out;
}

Result<void> check_counts(const Sheet& cells, std::size_t at, const std::string& column) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t all = 0;
  for (std::size_t r = 0; r < cells.size(); ++r) {
    const Json& n = cells[r][at];
    const std::string where = "row " + std::to_string(r + 1) + " of its cells";
    if (!n.is_number_unsigned()) {
      return bad(where + " has no whole number from 0 on as its \"" + column + '"');
    }
    if (n.get<std::uint64_t>() > kMost - all) {
      return bad("its cells count more than 2^63 - 1 rows, from " + where + " on");
    }
    all += n.get<std::uint64_t>();
  }
  return {};
}

}  // namespace

Result<void> check_form(const Sheet& sheet) {
  if (!sheet.is_object()) return bad("it is no object");
  EVENHAND_ASSIGN(std::vector<std::string> keys, texts_at(sheet, "by"));
  EVENHAND_ASSIGN(const std::vector<std::string> strata, texts_at(sheet, "strata"));
  EVENHAND_ASSIGN(const std::vector<std::string> columns, texts_at(sheet, "columns"));
  keys.insert(keys.end(), strata.begin(), strata.end());
  const bool numbered = columns == std::vector<std::string>{"i", "j", "sum"} &&
                        sheet.value("tally", Json()) == tally::ClusterProducts::kName;
  if (numbered) keys.clear();
  if (columns.size() < keys.size() || !std::equal(keys.begin(), keys.end(), columns.begin())) {
    return bad("its \"columns\" do not begin with the attributes of \"by\" and \"strata\"");
  }
  if (!sheet.contains("cells")) return {};
  const Json& cells = sheet["cells"];
  if (!cells.is_array()) return bad("its \"cells\" are no list");
  for (std::size_t r = 0; r < cells.size(); ++r) {
    if (cells[r].is_array() && cells[r].size() == columns.size()) continue;
    return bad("row " + std::to_string(r + 1) + " of its cells is no list of " +
               std::to_string(columns.size()) + " values, one for each of its columns");
  }
  for (std::size_t c = keys.size(); c < columns.size(); ++c) {
    if (columns[c] != "n" && columns[c] != "n_missing") continue;
    EVENHAND_TRY(check_counts(cells, c, columns[c]));
  }
  return {};
}

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
