#include "evenhand/table/label.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "evenhand/base/rows.h"
#include "evenhand/table/cell.h"

namespace evenhand::table {

namespace {

constexpr std::size_t kValuesShown = 8;

// The values in use, sorted: what a batch has met and no row holds does not count.
std::vector<std::string> values_in_use(const Column& column) {
  std::vector<bool> used(column.values.size() + 1);
  for (const std::uint32_t code : column.codes) used[code] = true;
  std::vector<std::string> out;
  for (std::size_t v = 0; v < column.values.size(); ++v) {
    if (used[v + 1]) out.push_back(column.values[v]);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string listed(const std::vector<std::string>& values) {
  std::string out;
  for (std::size_t v = 0; v < std::min(values.size(), kValuesShown); ++v) {
    out += (v == 0 ? "" : ", ") + shown(values[v]);
  }
  return values.size() > kValuesShown ? out + ", ..." : out;
}

bool same_text(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == y;
  });
}

// 1 or 0 for what needs no declaration; -1 for anything else.
int plain_value(const std::string& value) {
  if (same_text(value, "true")) return 1;
  if (same_text(value, "false")) return 0;
  const std::optional<double> number = parse_number(value, '.');
  if (number == 1.0) return 1;
  return number == 0.0 ? 0 : -1;
}

// "1" is declared and the file says "1.0": one number.
bool is_value(const std::string& found, const std::string& declared) {
  if (found == declared) return true;
  const std::optional<double> a = parse_number(found, '.');
  return a && a == parse_number(declared, '.');
}

Error no_such_value(const std::string& name, const std::string& favourable,
                    const std::vector<std::string>& values) {
  if (favourable.empty()) {
    return {Code::kInvalidArgument,
            "the favourable value of \"" + name +
                "\" is empty: a shell takes > and < for itself, so write '" + name +
                "=>50K' in quotes"};
  }
  return {Code::kNotFound, "no row has " + shown(favourable) + " as its \"" + name +
                               "\"; the values are " + listed(values)};
}

}  // namespace

Result<Labels> labels_of(const Column& column, const std::string& name,
                         const std::optional<std::string>& favourable) {
  if (column.codes.empty()) return Error{Code::kBadInput, "the table has no rows"};
  const std::vector<std::string> values = values_in_use(column);
  if (values.empty())
    return Error{Code::kBadInput, "no row has a label: \"" + name + "\" is empty"};
  Labels out;
  std::vector<std::uint8_t> of_code{kMissingClass};
  for (const std::string& value : column.values) {
    const int plain = favourable ? (is_value(value, *favourable) ? 1 : 0) : plain_value(value);
    const bool used = std::binary_search(values.begin(), values.end(), value);
    if (plain < 0 && used) {
      return Error{Code::kInvalidArgument,
                   "the label \"" + name + "\" has the values " + listed(values) +
                       "; say which one a person wants: " + name + "=" + values.back()};
    }
    if (plain == 1 && used) out.favourable = value;
    of_code.push_back(plain == 1 ? 1 : 0);
  }
  if (favourable && out.favourable.empty()) return no_such_value(name, *favourable, values);
  for (const std::uint32_t code : column.codes) out.values.push_back(of_code[code]);
  return out;
}

}  // namespace evenhand::table
