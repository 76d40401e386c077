#include "evenhand/model/encoding.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "evenhand/base/check.h"

namespace evenhand::model {

namespace {

// Relative to the mean: below it, what differs is rounding, not people.
constexpr double kSpreadMin = 1e-12;

std::size_t place_of(const Selection& selection, const std::string& column) {
  std::size_t place = 0;
  while (place < selection.wanted.size() && selection.wanted[place].name != column) ++place;
  EVENHAND_CHECK(place < selection.wanted.size());
  return place;
}

double weight_at(std::span<const double> weights, std::size_t i) {
  return weights.empty() ? 1 : weights[i];
}

Feature learn_number(const std::string& name, const table::Column& column,
                     const Selection& selection, std::span<const double> weights) {
  Feature out;
  out.column = name;
  out.as = table::As::kNumber;
  double present = 0, missing = 0, sum = 0, squares = 0;
  for (std::size_t i = 0; i < selection.rows.size(); ++i) {
    const double x = column.numbers[selection.rows[i]], w = weight_at(weights, i);
    (std::isnan(x) ? missing : present) += w;
    if (!std::isnan(x)) sum += w * x;
  }
  out.missing_column = missing >= kLevelRowsMin && present > 0;
  if (!(present > 0)) return out;
  out.mean = sum / present;
  for (std::size_t i = 0; i < selection.rows.size(); ++i) {
    const double d = column.numbers[selection.rows[i]] - out.mean;
    if (!std::isnan(d)) squares += weight_at(weights, i) * d * d;
  }
  const double sd = std::sqrt(squares / present);
  out.sd = std::isfinite(sd) && sd > kSpreadMin * std::abs(out.mean) ? sd : 0;
  return out;
}

Feature learn_text(const std::string& name, const table::Column& column, const Selection& selection,
                   std::span<const double> weights) {
  Feature out;
  out.column = name;
  out.as = table::As::kText;
  std::vector<double> rows_of(column.values.size() + 1);
  for (std::size_t i = 0; i < selection.rows.size(); ++i) {
    rows_of[column.codes[selection.rows[i]]] += weight_at(weights, i);
  }
  std::map<std::string, double> levels;  // sorted by bytes, so that ties are broken alike
  for (std::size_t v = 0; v < column.values.size(); ++v) {
    if (rows_of[v + 1] > 0) levels[column.values[v]] += rows_of[v + 1];
  }
  double most = 0;
  for (const auto& [level, rows] : levels) {
    if (rows > most) out.reference = level;
    most = std::max(most, rows);
  }
  for (const auto& [level, rows] : levels) {
    if (rows >= kLevelRowsMin && level != out.reference) out.levels.push_back(level);
  }
  out.missing_column = rows_of[0] >= kLevelRowsMin && !levels.empty();
  return out;
}

bool gives_a_column(const Feature& feature) {
  return feature.missing_column || feature.sd > 0 || !feature.levels.empty();
}

bool is_factor(const Feature& feature) {
  return feature.as == table::As::kText || feature.missing_column;
}

// Columns of a factor: its levels, then the one for missing.
std::uint32_t columns_of(const Feature& feature) {
  return static_cast<std::uint32_t>(feature.levels.size() + (feature.missing_column ? 1 : 0));
}

void encode_number(const Feature& feature, const table::Column& column, const Selection& selection,
                   double* values, std::size_t stride) {
  for (std::size_t i = 0; i < selection.rows.size(); ++i, values += stride) {
    const double x = (column.numbers[selection.rows[i]] - feature.mean) / feature.sd;
    *values = std::isnan(x) ? 0 : x;
  }
}

void encode_missing(const table::Column& column, std::uint32_t first, const Selection& selection,
                    std::uint32_t* levels, std::size_t stride) {
  for (std::size_t i = 0; i < selection.rows.size(); ++i, levels += stride) {
    *levels = std::isnan(column.numbers[selection.rows[i]]) ? first : kNoLevel;
  }
}

void encode_text(const Feature& feature, const table::Column& column, std::uint32_t first,
                 const Selection& selection, std::uint32_t* levels, std::size_t stride) {
  std::unordered_map<std::string_view, std::uint32_t> known;
  std::uint32_t next = first;
  for (const std::string& level : feature.levels) known.emplace(level, next++);
  std::vector<std::uint32_t> column_of(column.values.size() + 1, kNoLevel);
  if (feature.missing_column) column_of[0] = next;
  for (std::size_t v = 0; v < column.values.size(); ++v) {
    const auto found = known.find(column.values[v]);
    if (found != known.end()) column_of[v + 1] = found->second;
  }
  for (std::size_t i = 0; i < selection.rows.size(); ++i, levels += stride) {
    *levels = column_of[column.codes[selection.rows[i]]];
  }
}

// Of the rows of the selection.
struct Extent {
  std::size_t distinct = 0;  // numbers: 0, 1 or 2 (more than one)
  double low = 0, high = 0;
};

Extent extent_of(const table::Column& column, const Selection& selection) {
  Extent out;
  for (const std::uint32_t row : selection.rows) {
    const double x = column.numbers[row];
    if (std::isnan(x)) continue;
    out.low = out.distinct == 0 ? x : std::min(out.low, x);
    out.high = out.distinct == 0 ? x : std::max(out.high, x);
    out.distinct = out.low < out.high ? 2 : 1;
  }
  return out;
}

// Why numbers that differ have no standard deviation.
std::string why_no_spread(const Extent& extent) {
  const double most = std::max(std::abs(extent.low), std::abs(extent.high));
  constexpr double kHuge = 1e150, kTiny = 1e-150;  // the squares of these are infinity and 0
  if (most > kHuge) return "its numbers are too large for a standard deviation; use a larger unit";
  if (most < kTiny) return "its numbers are too small for a standard deviation; use a smaller unit";
  return "its numbers differ by less than a millionth of a millionth of their size";
}

std::size_t texts_of(const table::Column& column, const Selection& selection) {
  std::vector<bool> met(column.values.size() + 1);
  for (const std::uint32_t row : selection.rows) met[column.codes[row]] = true;
  return static_cast<std::size_t>(std::count(met.begin() + 1, met.end(), true));
}

Error not_an_encoding(const std::string& why) {
  return {Code::kBadInput, "the features of model.json: " + why};
}

Result<std::string> text_at(const Json& json, const char* key) {
  if (!json.contains(key) || !json[key].is_string()) {
    return not_an_encoding(std::string("one lacks the text \"") + key + '"');
  }
  return json[key].get<std::string>();
}

Result<double> number_at(const Json& json, const char* key) {
  if (!json.contains(key) || !json[key].is_number() || !std::isfinite(json[key].get<double>())) {
    return not_an_encoding(std::string("one lacks the number \"") + key + '"');
  }
  return json[key].get<double>();
}

Result<Feature> feature_from_json(const Json& json) {
  Feature out;
  if (!json.is_object()) return not_an_encoding("one is no object");
  EVENHAND_ASSIGN(out.column, text_at(json, "column"));
  EVENHAND_ASSIGN(const std::string as, text_at(json, "as"));
  if (as != "number" && as != "text") return not_an_encoding("one is neither number nor text");
  out.as = as == "number" ? table::As::kNumber : table::As::kText;
  if (!json.contains("missing_column") || !json["missing_column"].is_boolean()) {
    return not_an_encoding("one does not say \"missing_column\"");
  }
  out.missing_column = json["missing_column"].get<bool>();
  if (out.as == table::As::kNumber) {
    EVENHAND_ASSIGN(out.mean, number_at(json, "mean"));
    EVENHAND_ASSIGN(out.sd, number_at(json, "sd"));
    if (out.sd < 0) return not_an_encoding("an \"sd\" is below 0");
    return out;
  }
  EVENHAND_ASSIGN(out.reference, text_at(json, "reference"));
  if (!json.contains("levels") || !json["levels"].is_array()) {
    return not_an_encoding("one lacks the list \"levels\"");
  }
  for (const Json& level : json["levels"]) {
    if (!level.is_string()) return not_an_encoding("a level is no text");
    out.levels.push_back(level.get<std::string>());
  }
  return out;
}

}  // namespace

Encoding learn_encoding(const Selection& selection, const std::vector<std::string>& columns,
                        std::span<const double> weights) {
  EVENHAND_CHECK(weights.empty() || weights.size() == selection.rows.size());
  Encoding out;
  for (const std::string& name : columns) {
    const table::Column& column = selection.batch.columns[place_of(selection, name)];
    Feature feature = column.as == table::As::kNumber
                          ? learn_number(name, column, selection, weights)
                          : learn_text(name, column, selection, weights);
    if (gives_a_column(feature)) out.features.push_back(std::move(feature));
  }
  return out;
}

std::string why_unused(const Encoding& encoding, const Selection& selection,
                       const std::string& name) {
  for (const Feature& feature : encoding.features) {
    if (feature.column == name && (feature.sd > 0 || !feature.levels.empty())) return "";
  }
  const table::Column& column = selection.batch.columns[place_of(selection, name)];
  const bool number = column.as == table::As::kNumber;
  const Extent extent =
      number ? extent_of(column, selection) : Extent{texts_of(column, selection), 0, 0};
  if (extent.distinct == 0) return "no row has a value";
  if (extent.distinct == 1) return "one value only";
  return number ? why_no_spread(extent)
                : std::to_string(extent.distinct) +
                      " different texts, none of them but the most frequent in 10 rows or more";
}

std::vector<std::string> design_columns(const Encoding& encoding) {
  std::vector<std::string> out;
  for (const Feature& feature : encoding.features) {
    if (feature.sd > 0) out.push_back(feature.column);
  }
  for (const Feature& feature : encoding.features) {
    for (const std::string& level : feature.levels) out.push_back(feature.column + " = " + level);
    if (feature.missing_column) out.push_back(feature.column + " is missing");
  }
  return out;
}

Design encode(const Encoding& encoding, const Selection& selection) {
  Design out;
  out.rows = selection.rows.size();
  out.columns = design_columns(encoding);
  for (const Feature& feature : encoding.features) {
    out.numbers += feature.sd > 0 ? 1 : 0;
    out.factors += is_factor(feature) ? 1 : 0;
  }
  out.values.resize(out.rows * out.numbers);
  out.levels.resize(out.rows * out.factors);
  std::size_t number = 0, factor = 0;
  auto first = static_cast<std::uint32_t>(out.numbers);
  for (const Feature& feature : encoding.features) {
    const table::Column& column = selection.batch.columns[place_of(selection, feature.column)];
    EVENHAND_CHECK(column.as == feature.as);
    if (feature.sd > 0) {
      encode_number(feature, column, selection, out.values.data() + number++, out.numbers);
    }
    if (!is_factor(feature)) continue;
    std::uint32_t* levels = out.levels.data() + factor++;
    if (feature.as == table::As::kText) {
      encode_text(feature, column, first, selection, levels, out.factors);
    } else {
      encode_missing(column, first, selection, levels, out.factors);
    }
    first += columns_of(feature);
  }
  return out;
}

Json to_json(const Encoding& encoding) {
  Json out = Json::array();
  for (const Feature& feature : encoding.features) {
    Json one = {{"column", feature.column}};
    if (feature.as == table::As::kNumber) {
      one["as"] = "number";
      one["mean"] = feature.mean;
      one["sd"] = feature.sd;
    } else {
      one["as"] = "text";
      one["reference"] = feature.reference;
      one["levels"] = feature.levels;
    }
    one["missing_column"] = feature.missing_column;
    out.push_back(std::move(one));
  }
  return out;
}

Result<Encoding> encoding_from_json(const Json& json) {
  if (!json.is_array()) return not_an_encoding("they are no list");
  Encoding out;
  for (const Json& one : json) {
    EVENHAND_ASSIGN(Feature feature, feature_from_json(one));
    out.features.push_back(std::move(feature));
  }
  return out;
}

}  // namespace evenhand::model
