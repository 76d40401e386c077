#include "evenhand/api/grammar.h"

#include <algorithm>
#include <charconv>

#include "evenhand/api/decimal.h"

namespace evenhand::api {

namespace {

constexpr std::string_view kCross = " x ";

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool has(const Columns& columns, std::string_view name) {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

/// Where the column's name ends in "COLUMN=rest": the longest column that fits, else the first "=".
/// npos: the whole text is the name.
std::size_t name_end(std::string_view text, const Columns& columns) {
  if (has(columns, text)) return std::string_view::npos;
  std::size_t best = text.find('=');
  for (const std::string& column : columns) {
    const bool fits =
        text.size() > column.size() && text.starts_with(column) && text[column.size()] == '=';
    if (fits && (best == std::string_view::npos || column.size() > best)) best = column.size();
  }
  return best;
}

std::vector<std::string_view> cut(std::string_view text, std::string_view at) {
  std::vector<std::string_view> out;
  for (std::size_t end = 0; (end = text.find(at)) != std::string_view::npos;) {
    out.push_back(text.substr(0, end));
    text.remove_prefix(end + at.size());
  }
  out.push_back(text);
  return out;
}

/// Neighbouring pieces that together are a column's name belong together; the longest first.
evaluate::By join_columns(const std::vector<std::string_view>& pieces, const Columns& columns) {
  evaluate::By out;
  for (std::size_t begin = 0; begin < pieces.size();) {
    std::size_t taken = 1;
    std::string name(trim(pieces[begin]));
    std::string longer(pieces[begin]);
    for (std::size_t end = begin + 1; end < pieces.size(); ++end) {
      longer.append(kCross).append(pieces[end]);
      if (has(columns, trim(longer))) {
        taken = end - begin + 1;
        name = std::string(trim(longer));
      }
    }
    out.push_back(std::move(name));
    begin += taken;
  }
  return out;
}

Result<evaluate::By> without_repeats(evaluate::By by, std::string_view typed) {
  for (std::size_t i = 0; i < by.size(); ++i) {
    if (by[i].empty()) {
      return wrong("the crossing " + in_quotes(typed) +
                   " names an empty column; crossings are written \"sex x race\"");
    }
    if (std::find(by.begin(), by.begin() + static_cast<std::ptrdiff_t>(i), by[i]) !=
        by.begin() + static_cast<std::ptrdiff_t>(i)) {
      return wrong("the crossing " + in_quotes(typed) + " names " + in_quotes(by[i]) + " twice");
    }
  }
  return by;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& each : parts) out += (out.empty() ? "" : std::string(kCross)) + each;
  return out;
}

/// What a bound says after its operator: "0.1 point warn".
Result<void> read_limit(std::string_view text, std::string_view whole, bool at_least,
                        record::Bound& out) {
  const std::vector<std::string_view> words = cut(trim(text), " ");
  std::string number(words.front());
  if (!is_decimal(number)) {
    return wrong("the bound " + in_quotes(whole) + " ends in " + in_quotes(number) +
                 ", which is not a number; write shares as 0.1 and four fifths as 0.8");
  }
  (at_least ? out.at_least : out.at_most) = std::move(number);
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].empty()) continue;
    if (words[i] == "point" || words[i] == "interval") {
      out.judge = std::string(words[i]);
    } else if (words[i] == "warn") {
      out.severity = "warn";
    } else {
      return wrong("the bound " + in_quotes(whole) + " ends in " + in_quotes(words[i]) +
                   "; after the number may stand point (judge the value alone) and warn");
    }
  }
  return {};
}

struct Operator {
  std::size_t at = std::string_view::npos, size = 0;
  bool at_least = false;
};

/// The last <= or >= (a column's name may hold one too).
Operator find_operator(std::string_view text) {
  Operator best;
  for (const auto& [sign, at_least] :
       {std::pair{"<=", false}, {">=", true}, {"\u2264", false}, {"\u2265", true}}) {
    const std::size_t at = text.rfind(sign);
    if (at != std::string_view::npos && (best.at == std::string_view::npos || at > best.at)) {
      best = {at, std::string_view(sign).size(), at_least};
    }
  }
  return best;
}

Result<evaluate::BoundAsked> typed_bound(std::string_view text, const Columns& columns) {
  const auto form = "; a bound is written \"selection_rate_difference by sex <= 0.1\", in quotes";
  const Operator sign = find_operator(text);
  if (sign.at == std::string_view::npos) {
    return wrong("the bound " + in_quotes(text) + " has neither <= nor >=" + form);
  }
  const std::string_view left = trim(text.substr(0, sign.at));
  evaluate::BoundAsked out;
  const std::size_t metric_end = std::min(left.find(' '), left.size());
  out.metric = std::string(left.substr(0, metric_end));
  if (out.metric.empty()) return wrong("the bound " + in_quotes(text) + " names no metric" + form);
  const std::string_view rest = trim(left.substr(metric_end));
  if (!rest.empty()) {
    if (!rest.starts_with("by ")) {
      return wrong("the bound " + in_quotes(text) + " has " + in_quotes(rest) +
                   " where \"by COLUMN\" is expected" + form);
    }
    EVENHAND_ASSIGN(out.by, crossing({{std::string(trim(rest.substr(3)))}, false}, columns));
  }
  EVENHAND_TRY(read_limit(text.substr(sign.at + sign.size), text, sign.at_least, out.bound));
  return out;
}

}  // namespace

Result<evaluate::Role> role(const Phrase& phrase, const Columns& columns, std::string_view option) {
  if (phrase.exact) {
    if (phrase.parts.size() > 2) {
      return wrong(std::string(option) +
                   " takes a column and its favourable value, and a list of " +
                   std::to_string(phrase.parts.size()) + " was found");
    }
    if (phrase.parts.front().empty()) {
      return wrong(std::string(option) + " names no column: its first part is empty");
    }
    evaluate::Role out{phrase.parts.front(), std::nullopt};
    if (phrase.parts.size() == 2) out.favourable = phrase.parts[1];
    return out;
  }
  const std::string& text = phrase.parts.front();
  const std::size_t end = name_end(text, columns);
  if (end == std::string_view::npos) return evaluate::Role{text, std::nullopt};
  const std::string column = text.substr(0, end);
  const std::string value = text.substr(end + 1);
  if (column.empty()) {
    return wrong(std::string(option) + ' ' + in_quotes(text) +
                 " names no column before \"=\"; write COLUMN=VALUE");
  }
  if (value.empty()) {
    return wrong(
        std::string(option) + ' ' + text + " gives no favourable value after \"=\": a " +
        "shell takes > and < for itself (and may have made a file of what followed); put " +
        "it in quotes: " + std::string(option) + " '" + column + "=>50K'");
  }
  return evaluate::Role{column, value};
}

bool looks_like_a_crossing(std::string_view text) {
  for (const std::string_view sign : {",", "*", " X ", "\xc3\x97", ":"}) {
    if (text.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

Result<evaluate::By> crossing(const Phrase& phrase, const Columns& columns) {
  if (phrase.exact) return without_repeats(phrase.parts, joined(phrase.parts));
  if (phrase.parts.empty()) return evaluate::By{};
  const std::string& text = phrase.parts.front();
  if (has(columns, text)) return evaluate::By{text};
  if (!columns.empty() && looks_like_a_crossing(text)) {
    return wrong("there is no column " + in_quotes(text) +
                 "; several groups are named one by one (--group a --group b), a crossing of "
                 "columns is written with \" x \": --group 'a x b'");
  }
  return without_repeats(join_columns(cut(text, kCross), columns), text);
}

Result<std::pair<std::string, std::string>> assignment(const Phrase& phrase, const Columns& columns,
                                                       std::string_view option) {
  const auto form = [&](const std::string& was) {
    return wrong(std::string(option) + ' ' + was + " is not a column with a value; write " +
                 std::string(option) + " sex=Male");
  };
  if (phrase.exact) {
    if (phrase.parts.size() != 2) return form(joined(phrase.parts));
    return std::pair{phrase.parts[0], phrase.parts[1]};
  }
  const std::string& text = phrase.parts.front();
  const std::size_t end = name_end(text, columns);
  if (end == std::string_view::npos || end == 0 || end + 1 == text.size())
    return form(in_quotes(text));
  return std::pair{text.substr(0, end), text.substr(end + 1)};
}

Result<std::pair<std::string, std::vector<double>>> edges(const Phrase& phrase,
                                                          const Columns& columns) {
  EVENHAND_ASSIGN(auto both, assignment(phrase, columns, "--edges"));
  std::vector<double> numbers;
  for (const std::string_view piece : cut(both.second, ",")) {
    const std::string text(trim(piece));
    if (!is_decimal(text)) {
      return wrong("--edges " + both.first + '=' + both.second + ": " + in_quotes(text) +
                   " is not a number; write --edges age=25,45");
    }
    const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
    double number = 0;
    if (std::from_chars(begin, text.data() + text.size(), number).ec != std::errc()) {
      return wrong("--edges " + both.first + ": " + text + " is too large a number");
    }
    if (!numbers.empty() && !(numbers.back() < number)) {
      return wrong("--edges " + both.first + '=' + both.second +
                   ": edges rise from each to the next");
    }
    numbers.push_back(number);
  }
  return std::pair{both.first, numbers};
}

Result<std::pair<std::string, std::map<std::string, std::string>>> renaming(
    const Phrase& phrase, const Columns& columns) {
  EVENHAND_ASSIGN(const auto both, assignment(phrase, columns, "--rename"));
  const std::string& text = both.second;
  const std::size_t equals = text.rfind('=');
  const std::string name(equals == std::string::npos ? "" : trim(text.substr(equals + 1)));
  std::map<std::string, std::string> out;
  for (const std::string_view piece : cut(std::string_view(text).substr(0, equals), ",")) {
    if (std::string value(trim(piece)); !value.empty()) out[std::move(value)] = name;
  }
  if (name.empty() || out.empty()) {
    return wrong("--rename " + both.first + '=' + text +
                 " does not say which values get which name; write --rename "
                 "'race=Amer-Indian-Eskimo,Other=other'");
  }
  return std::pair{both.first, std::move(out)};
}

Result<evaluate::BoundAsked> bound(const BoundPhrase& phrase, const Columns& columns) {
  if (!phrase.typed.empty()) return typed_bound(phrase.typed, columns);
  if (phrase.metric.empty()) return typed_bound("", columns);
  EVENHAND_ASSIGN(evaluate::By by, crossing(phrase.by, columns));
  return evaluate::BoundAsked{phrase.metric, std::move(by), phrase.bound};
}

}  // namespace evenhand::api
