// Words to codes.
#include "evenhand/evaluate/roles.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "evenhand/base/rows.h"

namespace evenhand::evaluate {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

std::optional<double> number(const std::string& text) {
  double x = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return x;
}

/// 1 and 0, true and false, however they are spelled; nothing for other words.
std::optional<std::uint8_t> plain_truth(const std::string& value) {
  const std::string word = lower(value);
  if (word == "true") return std::uint8_t{1};
  if (word == "false") return std::uint8_t{0};
  const auto x = number(value);
  if (x && *x == 1) return std::uint8_t{1};
  if (x && *x == 0) return std::uint8_t{0};
  return std::nullopt;
}

/// The same value, or the same number spelled otherwise (1 and 1.0).
bool same(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto x = number(a), y = number(b);
  return x && y && *x == *y;
}

constexpr std::size_t kShownValues = 8;  // more are no categories, and may name people

std::string listed(const std::set<std::string>& values) {
  if (values.size() > kShownValues) return std::to_string(values.size()) + " different values";
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "\"" : ", \"") + value + "\"";
  return text;
}

Error needs_favourable(const Role& role, const char* option, const table::Batch& batch,
                       const table::Column& column) {
  std::set<std::string> values(column.values.begin(), column.values.end());
  return Error{Code::kBadInput, batch.source + ": column \"" + role.column + "\" holds " +
                                    listed(values) +
                                    ", and which of them people want is not said; write --" +
                                    option + " '" + role.column + "=VALUE'"};
}

}  // namespace

Result<std::vector<std::uint8_t>> class_codes(const Role& role, const char* option,
                                              const table::Batch& batch,
                                              const table::Column& column, ValuesSeen& seen) {
  std::vector<std::uint8_t> code_of(column.values.size() + 1, kMissingClass);
  for (std::size_t v = 0; v < column.values.size(); ++v) {
    const std::string& value = column.values[v];
    if (role.favourable) {
      code_of[v + 1] = same(value, *role.favourable) ? 1 : 0;
    } else {
      const auto truth = plain_truth(value);
      if (!truth) return needs_favourable(role, option, batch, column);
      code_of[v + 1] = *truth;
    }
    if (code_of[v + 1] == 1) {
      if (seen.favourable.empty() || value < seen.favourable) seen.favourable = value;
    } else {
      seen.unfavourable.insert(value);
    }
  }
  std::vector<std::uint8_t> codes;
  codes.reserve(batch.rows);
  for (std::uint32_t code : column.codes) {
    codes.push_back(code_of[code]);
    seen.missing += code == 0 ? 1 : 0;
  }
  return codes;
}

Result<void> check_favourable(const Role& role, const char* option, const ValuesSeen& seen) {
  if (!role.favourable || !seen.favourable.empty() || seen.unfavourable.size() < 2) return {};
  return Error{Code::kBadInput, std::string("--") + option + " says that \"" + *role.favourable +
                                    "\" is favourable in column \"" + role.column +
                                    "\", but no row has it; found: " + listed(seen.unfavourable)};
}

void merge(ValuesSeen& into, const ValuesSeen& from) {
  if (into.favourable.empty() || (!from.favourable.empty() && from.favourable < into.favourable)) {
    into.favourable = from.favourable;
  }
  into.unfavourable.insert(from.unfavourable.begin(), from.unfavourable.end());
  into.missing += from.missing;
}

}  // namespace evenhand::evaluate
