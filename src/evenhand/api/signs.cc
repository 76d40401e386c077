#include "evenhand/api/signs.h"

#include <algorithm>

#include "evenhand/table/cell.h"

namespace evenhand::api {

namespace {

/// A year above sums of money is no value of its column; an age above ages is.
bool is_like_a_value(const Shape& shape) {
  const auto number = table::parse_number(shape.name, '.');
  if (number && shape.numeric) return *number >= shape.low && *number <= shape.high;
  return std::any_of(shape.values.begin(), shape.values.end(),
                     [&](const auto& value) { return value.first == shape.name; });
}

/// "0", "1", "2", ...: names that a program gave.
bool is_numbered(const std::vector<Shape>& shapes, std::size_t first) {
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (shapes[i].name != std::to_string(i + first)) return false;
  }
  return true;
}

/// Digits behind the only comma; 0: there is none. "1,234" has three, and may be a thousand.
std::size_t digits_behind_comma(const std::string& text) {
  const std::size_t comma = text.find(',');
  return comma == std::string::npos ? 0 : text.size() - comma - 1;
}

bool has_decimal_comma(const Shape& shape) {
  bool certain = false;
  for (const auto& [text, rows] : shape.values) {
    if (text.find('.') != std::string::npos || !table::parse_number(text, ',')) return false;
    const std::size_t digits = digits_behind_comma(text);
    certain = certain || (digits != 0 && digits != 3);
  }
  return certain;
}

}  // namespace

std::vector<std::string> names_like_values(const std::vector<Shape>& shapes) {
  // One name alone may happen to be a value; in a row of values most columns show it.
  constexpr std::size_t kOneIn = 3;
  if (is_numbered(shapes, 0) || is_numbered(shapes, 1)) return {};
  std::vector<std::string> out;
  for (const Shape& shape : shapes) {
    if (is_like_a_value(shape)) out.push_back(shape.name);
  }
  if (out.size() * kOneIn < shapes.size()) out.clear();
  return out;
}

std::vector<std::string> decimal_comma_columns(const std::vector<Shape>& shapes) {
  std::vector<std::string> out;
  for (const Shape& shape : shapes) {
    if (!shape.numeric && has_decimal_comma(shape)) out.push_back(shape.name);
    // One mark a file: numbers with a point speak against the comma.
    if (shape.numeric && !shape.whole) return {};
  }
  return out;
}

}  // namespace evenhand::api
