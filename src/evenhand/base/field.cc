#include "evenhand/base/field.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace evenhand {

namespace {

Error expected(const Json& value, const std::string& what) {
  return {Code::kInvalidArgument, found(value) + " was found; expected: " + what};
}

std::string list(const std::vector<std::string>& choices) {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) out += i + 1 == choices.size() ? " or " : ", ";
    out += choices[i];
  }
  return out;
}

std::string a_number(const Says& says, const char* noun) {
  std::string out = noun;
  if (!says.range.whole_line()) out += " in " + to_string(says.range);
  if (!says.unit.empty()) out += " (" + says.unit + ")";
  return out;
}

template <class T>
std::optional<T> parse(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool Range::holds(double x) const {
  if (std::isnan(x)) return false;
  if (low && (low_open ? !(x > *low) : !(x >= *low))) return false;
  return !high || (high_open ? x < *high : x <= *high);
}

Range open(double low, double high) { return {low, high, true, true}; }
Range between(double low, double high) { return {low, high, false, false}; }
Range from(double low) { return {low, std::nullopt, false, false}; }

std::string shortest(double x) {
  std::array<char, 40> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), x);
  return error == std::errc() ? std::string(text.data(), end) : std::string("?");
}

std::string to_string(const Range& range) {
  std::string out = range.low ? (range.low_open ? "(" : "[") + shortest(*range.low) : "(-infinity";
  out += ", ";
  return out + (range.high ? shortest(*range.high) + (range.high_open ? ")" : "]") : "infinity)");
}

std::string found(const Json& value) {
  if (value.is_string()) return '"' + value.get_ref<const std::string&>() + '"';
  if (value.is_null()) return "nothing";
  if (value.is_array()) return "a list";
  if (value.is_object()) return "a table";
  if (value.is_number_float()) return shortest(value.get<double>());
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string in_shell(const Field& field) {
  std::string out = "--" + field.name;
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

Result<Json> from_text(const Field& field, std::string_view text) {
  switch (field.kind) {
    case Kind::kFlag:
      if (text == "true" || text == "1" || text == "yes") return Json(true);
      if (text == "false" || text == "0" || text == "no") return Json(false);
      return expected(Json(text), "true or false");
    case Kind::kWhole:
      if (const auto whole = parse<std::uint64_t>(text)) return Json(*whole);
      if (const auto whole = parse<std::int64_t>(text)) return Json(*whole);
      return expected(Json(text), a_number(field.says, "a whole number"));
    case Kind::kNumber:
      if (const auto number = parse<double>(text)) return Json(*number);
      return expected(Json(text), a_number(field.says, "a number"));
    case Kind::kText:
    case Kind::kShaped:
      break;
  }
  return Json(text);
}

Result<void> read_flag(const Json& json, bool& out) {
  if (!json.is_boolean()) return expected(json, "true or false");
  out = json.get<bool>();
  return {};
}

Result<void> read_text(const Json& json, const Says& says, std::string& out) {
  if (!json.is_string()) {
    return expected(json, says.choices.empty() ? "text in quotes" : list(says.choices));
  }
  const auto& text = json.get_ref<const std::string&>();
  const auto& choices = says.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end()) {
    return expected(json, list(choices));
  }
  out = text;
  return {};
}

Result<void> read_number(const Json& json, const Says& says, double& out) {
  if (!json.is_number()) return expected(json, a_number(says, "a number"));
  const double value = json.get<double>();
  if (!std::isfinite(value) || !says.range.holds(value)) {
    return expected(json, a_number(says, "a number"));
  }
  out = value;
  return {};
}

Result<void> read_whole(const Json& json, const Says& says, std::int64_t low, std::uint64_t high,
                        std::int64_t& out_signed, std::uint64_t& out_unsigned) {
  const auto wrong = [&] { return expected(json, a_number(says, "a whole number")); };
  if (!json.is_number_integer()) return wrong();
  const bool positive = json.is_number_unsigned() || json.get<std::int64_t>() >= 0;
  if (positive ? json.get<std::uint64_t>() > high : json.get<std::int64_t>() < low) return wrong();
  if (!says.range.holds(json.get<double>())) return wrong();
  out_unsigned = positive ? json.get<std::uint64_t>() : 0;
  out_signed = json.get<std::int64_t>();
  return {};
}

Json number_schema(const Says& says, const char* type) {
  Json out = {{"type", type}};
  if (says.range.low) out[says.range.low_open ? "exclusiveMinimum" : "minimum"] = *says.range.low;
  if (says.range.high)
    out[says.range.high_open ? "exclusiveMaximum" : "maximum"] = *says.range.high;
  return out;
}

Json text_schema(const Says& says) {
  Json out = {{"type", "string"}};
  if (!says.choices.empty()) out["enum"] = says.choices;
  return out;
}

}  // namespace evenhand
