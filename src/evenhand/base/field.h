// An option, described once: its name, the member that it sets, range, unit, help and an example.
// The command line, --help, completion, the project file, its schema and the docs are made from
// this; the default is the member's initialiser. Nothing here knows a face or a file.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "evenhand/base/result.h"

namespace evenhand {

using Json = nlohmann::ordered_json;

/// What a value looks like when it is typed; kShaped says so in its own words (a column with a
/// value, a crossing, a bound) and is typed as text.
enum class Kind : std::uint8_t { kFlag, kWhole, kNumber, kText, kShaped };

/// The numbers that a field takes. An absent end is open to infinity.
struct Range {
  std::optional<double> low, high;
  bool low_open = false, high_open = false;
  bool holds(double x) const;  // false for NaN
  bool whole_line() const { return !low && !high; }
};
Range open(double low, double high);     // (low, high)
Range between(double low, double high);  // [low, high]
Range from(double low);                  // [low, infinity)
std::string to_string(const Range& range);

/// What people are told of a field, and how it stands in the faces.
struct Says {
  std::string help;        // one line, without a full stop
  std::string value = {};  // what the value is called in help: COLUMN
  std::string unit = {};
  std::string example = {};  // a value as it is typed
  Range range = {};
  std::vector<std::string> choices = {};
  std::string fallback = {};  // what an absent value means, where no default says it
  std::string key = {};       // place in the project file ("data.files"); empty: in the
                              // operation's own section; "-": not there
  bool positional = false;
  bool required = false;
  bool is_path = false;  // relative to the project file that names it
  bool in_shell = true;  // false: only in the project file
};

/// A field as the faces see it, whatever struct it belongs to.
struct Field {
  std::string name;  // weight_kind; the shell writes --weight-kind
  Says says;
  Kind kind = Kind::kText;
  bool repeatable = false;
  Json default_value;                              // null: none
  Json schema;                                     // JSON schema of the value
  std::function<Result<void>(const Json&)> check;  // @error kInvalidArgument: found and expected
};

/// --weight-kind
std::string in_shell(const Field& field);
/// The value as JSON from what was typed. @error kInvalidArgument.
Result<Json> from_text(const Field& field, std::string_view text);
/// "abc", 3, a list: what was found, for sentences.
std::string found(const Json& value);
/// A number as people write it: 0.95, not 0.94999999999999996.
std::string shortest(double x);

/// How a member's type reads JSON; api/ adds shapes of its own by specialising it.
template <class T>
struct FieldType;

/// A field of the options struct O.
template <class O>
struct FieldOf {
  Field field;
  std::function<Result<void>(O&, const Json&)> set;
  std::function<Json(const O&)> get;  // null: nothing was said
};

/// Describe a member. The default is read from a fresh O.
template <class O, class T, class B>
requires std::derived_from<O, B> FieldOf<O> field(std::string name, T B::*member, Says says) {
  using Type = FieldType<T>;
  FieldOf<O> out;
  out.field.name = std::move(name);
  out.field.kind = Type::kKind;
  out.field.repeatable = Type::kRepeatable;
  out.field.default_value = Type::write(O{}.*member);
  out.field.schema = Type::schema(says);
  out.field.schema["description"] = says.help + (says.unit.empty() ? "" : "; unit: " + says.unit);
  if (!out.field.default_value.is_null()) out.field.schema["default"] = out.field.default_value;
  out.field.check = [says](const Json& json) {
    T ignored{};
    return Type::read(json, says, ignored);
  };
  out.set = [member, says](O& options, const Json& json) {
    return Type::read(json, says, options.*member);
  };
  out.get = [member](const O& options) { return Type::write(options.*member); };
  out.field.says = std::move(says);
  return out;
}

// Plain types. Each read() leaves its target alone when it fails.

Result<void> read_flag(const Json& json, bool& out);
Result<void> read_text(const Json& json, const Says& says, std::string& out);
Result<void> read_number(const Json& json, const Says& says, double& out);
/// @param high  the largest value of the member's type.
Result<void> read_whole(const Json& json, const Says& says, std::int64_t low, std::uint64_t high,
                        std::int64_t& out_signed, std::uint64_t& out_unsigned);
Json number_schema(const Says& says, const char* type);
Json text_schema(const Says& says);

template <>
struct FieldType<bool> {
  static constexpr Kind kKind = Kind::kFlag;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says&, bool& out) {
    return read_flag(json, out);
  }
  static Json write(bool value) { return value; }
  static Json schema(const Says&) { return {{"type", "boolean"}}; }
};

template <>
struct FieldType<std::string> {
  static constexpr Kind kKind = Kind::kText;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says& says, std::string& out) {
    return read_text(json, says, out);
  }
  static Json write(const std::string& value) { return value.empty() ? Json() : Json(value); }
  static Json schema(const Says& says) { return text_schema(says); }
};

template <>
struct FieldType<double> {
  static constexpr Kind kKind = Kind::kNumber;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says& says, double& out) {
    return read_number(json, says, out);
  }
  static Json write(double value) { return value; }
  static Json schema(const Says& says) { return number_schema(says, "number"); }
};

template <std::integral T>
struct FieldType<T> {
  static constexpr Kind kKind = Kind::kWhole;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says& says, T& out) {
    std::int64_t with_sign = 0;
    std::uint64_t without = 0;
    EVENHAND_TRY(read_whole(json, says, static_cast<std::int64_t>(std::numeric_limits<T>::min()),
                            static_cast<std::uint64_t>(std::numeric_limits<T>::max()), with_sign,
                            without));
    out = std::is_signed_v<T> ? static_cast<T>(with_sign) : static_cast<T>(without);
    return {};
  }
  static Json write(T value) { return value; }
  static Json schema(const Says& says) { return number_schema(says, "integer"); }
};

template <class T>
struct FieldType<std::optional<T>> {
  static constexpr Kind kKind = FieldType<T>::kKind;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says& says, std::optional<T>& out) {
    T value{};
    EVENHAND_TRY(FieldType<T>::read(json, says, value));
    out = std::move(value);
    return {};
  }
  static Json write(const std::optional<T>& value) {
    return value ? FieldType<T>::write(*value) : Json();
  }
  static Json schema(const Says& says) { return FieldType<T>::schema(says); }
};

/// One value, or a list of values.
template <class T>
struct FieldType<std::vector<T>> {
  static constexpr Kind kKind = FieldType<T>::kKind;
  static constexpr bool kRepeatable = true;
  static Result<void> read(const Json& json, const Says& says, std::vector<T>& out) {
    const Json list = json.is_array() ? json : Json::array({json});
    if (list.empty() && says.required) {
      return Error{Code::kInvalidArgument, "an empty list was found; expected: " + says.help};
    }
    std::vector<T> values;
    for (const Json& item : list) {
      T value{};
      EVENHAND_TRY(FieldType<T>::read(item, says, value));
      values.push_back(std::move(value));
    }
    out = std::move(values);
    return {};
  }
  static Json write(const std::vector<T>& values) {
    Json out = Json::array();
    for (const T& value : values) out.push_back(FieldType<T>::write(value));
    return values.empty() ? Json() : out;
  }
  static Json schema(const Says& says) {
    const Json one = FieldType<T>::schema(says);
    return {{"anyOf", Json::array({one, Json{{"type", "array"}, {"items", one}}})}};
  }
};

}  // namespace evenhand
