// Formatting without a locale: the same bytes everywhere.
#include "evenhand/report/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "evenhand/metric/compare.h"
#include "evenhand/metric/estimate.h"

namespace evenhand::report {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

double shown(double x, Scale scale) { return scale == Scale::kNumber ? x : 100 * x; }

std::string_view unit(Scale scale) {
  switch (scale) {
    case Scale::kPercent:
      return " %";
    case Scale::kPoints:
      return " points";
    case Scale::kNumber:
      return "";
  }
  return "";
}

/// printf's %.*f, without a sign before zero.
std::string fixed(double x, int decimals) {
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, x);
  std::string out = text.data();
  if (out.starts_with('-') && out.find_first_not_of("-0.") == std::string::npos) out.erase(0, 1);
  return out;
}

/// Very large and very small numbers would be long or 0: those get an exponent.
std::string readable(double x, int decimals) {
  constexpr double kLarge = 1e7, kSmall = 1e-6;
  if (std::fabs(x) < kLarge && (x == 0 || std::fabs(x) >= kSmall)) return fixed(x, decimals);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2e", x);
  return text.data();
}

/// A decimal text times 100, exactly: "0.125" is "12.5".
std::string hundredfold(std::string_view decimal) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.12g",
                100 * std::strtod(std::string(decimal).c_str(), nullptr));
  return text.data();
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// One character of UTF-8, or 0 bytes if there is none.
struct Character {
  std::size_t bytes = 0;
  std::uint32_t code = 0;
};

Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = lead < 0x80         ? 1
                            : (lead >> 5) == 6  ? 2
                            : (lead >> 4) == 14 ? 3
                            : (lead >> 3) == 30 ? 4
                                                : 0;
  if (bytes == 0 || bytes > text.size()) return {};
  std::uint32_t code = bytes == 1 ? lead : lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!is_continuation(text[i])) return {};
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool valid = code >= kLeast[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return valid ? Character{bytes, code} : Character{};
}

/// Control characters, and those that turn the direction of text around or do not show at all.
bool disturbs(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

struct Suffix {
  std::string_view of_id, words;
};
constexpr std::array<Suffix, 8> kSuffixes{
    {{"_difference_to_overall", ", widest gap to everybody"},
     {"_ratio_to_overall", ", furthest ratio to everybody"},
     {"_difference_to_reference", ", gap to the reference group"},
     {"_ratio_to_reference", ", ratio to the reference group"},
     {"_difference", ", widest gap"},
     {"_ratio", ", lowest ÷ highest"},
     {"_group_min", ", lowest group"},
     {"_group_max", ", highest group"}}};

/// Ids that bear the name of a person, or of letters that are said one by one.
constexpr std::array<Suffix, 9> kNamed{
    {{"chi_square_baseline", "Chi-square test against the baseline"},
     {"chi_square_independence", "Chi-square test of independence"},
     {"cohens_w", "Cohen's w"},
     {"cramers_v", "Cramér's V"},
     {"detectable_v", "Detectable Cramér's V"},
     {"detectable_w", "Detectable Cohen's w"},
     {"g_test", "G-test against the baseline"},
     {"jensen_shannon", "Jensen-Shannon divergence"},
     {"proxy_auc", "Proxy AUC"}}};

std::string words_of(std::string_view id) {
  for (const Suffix& named : kNamed) {
    if (id == named.of_id) return std::string(named.words);
  }
  std::string out(id.substr(0, id.find('_')));
  static constexpr std::array<std::string_view, 5> kShort{"auc", "f1", "ece", "ecce", "ks"};
  if (std::find(kShort.begin(), kShort.end(), out) != kShort.end()) {
    for (char& c : out) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  out += id.substr(std::min(id.size(), out.size()));
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

}  // namespace

Scale scale_of(std::string_view unit) {
  if (unit.starts_with("share in")) return Scale::kPercent;
  if (unit.starts_with("difference of shares") || unit.starts_with("signed difference of shares")) {
    return Scale::kPoints;
  }
  return Scale::kNumber;
}

int decimals(const Numbers& numbers, Scale scale) {
  const int most = scale == Scale::kNumber ? 6 : 3;
  const int usual = scale == Scale::kNumber ? 3 : 1;
  if (!numbers.low || !numbers.high || !std::isfinite(*numbers.low) ||
      !std::isfinite(*numbers.high))
    return usual;
  const double half = shown(*numbers.high - *numbers.low, scale) / 2;
  if (!(half > 0)) return usual;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(half))), 0, most);
}

std::string number_without_unit(double x, Scale scale, int decimals) {
  return readable(shown(x, scale), decimals);
}

std::string number(double x, Scale scale, int decimals) {
  return number_without_unit(x, scale, decimals) + std::string(unit(scale));
}

std::string interval(const std::optional<double>& low, const std::optional<double>& high,
                     Scale scale, int decimals) {
  const bool below = low && std::isfinite(*low);
  const bool above = high && std::isfinite(*high);
  if (!below && !above) return "no limits";
  if (!above) return number(*low, scale, decimals) + " or more";
  if (!below) return number(*high, scale, decimals) + " or less";
  return number_without_unit(*low, scale, decimals) + " to " + number(*high, scale, decimals);
}

std::string asked(const record::Bound& bound, Scale scale) {
  const auto one = [&](const char* side, const std::string& decimal) {
    const std::string digits = scale == Scale::kNumber ? decimal : hundredfold(decimal);
    const bool one_point = scale == Scale::kPoints && digits == "1";
    return side + digits + (one_point ? " point" : std::string(unit(scale)));
  };
  std::string out;
  if (bound.at_least) out += one("at least ", *bound.at_least);
  if (bound.at_least && bound.at_most) out += " and ";
  if (bound.at_most) out += one("at most ", *bound.at_most);
  return out;
}

std::string thousands(std::uint64_t n) {
  std::string out = std::to_string(n);
  for (std::size_t i = out.size(); i > 3; i -= 3) out.insert(i - 3, ",");
  return out;
}

std::string count(std::uint64_t n, std::string_view one, std::string_view many) {
  return thousands(n) + " " + std::string(n == 1 ? one : many);
}

std::string enumerated(const std::vector<std::string>& items, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    out += i == 0 ? "" : i + 1 == items.size() ? last : ", ";
    out += items[i];
  }
  return out;
}

std::string name_of(std::string_view id, const metric::Metric* metric) {
  if (metric == nullptr || metric->comparison == nullptr) return words_of(id);
  for (const Suffix& suffix : kSuffixes) {
    if (id.ends_with(suffix.of_id)) {
      return words_of(id.substr(0, id.size() - suffix.of_id.size())) + std::string(suffix.words);
    }
  }
  return words_of(id);
}

std::string name_of(const record::Group& group, const std::vector<std::string>& by) {
  if (group.empty()) return "everybody";
  std::string out;
  const auto add = [&](const std::optional<std::string>& value) {
    if (!out.empty()) out += " × ";
    out += value ? (value->empty() ? "(empty)" : cleaned(*value)) : "unknown";
  };
  for (const std::string& attribute : by) {
    if (const auto found = group.find(attribute); found != group.end()) add(found->second);
  }
  if (out.empty()) {
    for (const auto& [attribute, value] : group) add(value);
  }
  return out;
}

std::string question(const std::vector<std::string>& by) {
  std::string out;
  for (const std::string& attribute : by) out += (out.empty() ? "" : " × ") + cleaned(attribute);
  return out.empty() ? "everybody" : out;
}

std::string stratum(const record::Group& strata) {
  std::string out;
  for (const auto& [attribute, value] : strata) {
    out += (out.empty() ? "" : ", ") + cleaned(attribute) + " = " +
           (value ? cleaned(*value) : "unknown");
  }
  return out;
}

std::string word(record::Verdict verdict) {
  return verdict == record::Verdict::kCannotTell ? "cannot tell" : std::string(name(verdict));
}

std::string why(std::string_view code) {
  using metric::Undefined;
  for (const Undefined reason :
       {Undefined::kNoRows, Undefined::kOneGroup, Undefined::kZeroDenominator,
        Undefined::kInsufficient, Undefined::kNoReference, Undefined::kNoSpread,
        Undefined::kConvention}) {
    if (metric::code(reason) == code) return std::string(metric::sentence(reason));
  }
  std::string out = cleaned(code);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string cleaned(std::string_view text, std::size_t most) {
  std::string out;
  for (std::size_t characters = 0; !text.empty(); ++characters) {
    if (characters == most) return out + "…";
    const Character c = first_character(text);
    const bool shows = c.bytes > 0 && !disturbs(c.code);
    out += shows ? text.substr(0, c.bytes) : kReplacement;
    text.remove_prefix(std::max<std::size_t>(c.bytes, 1));
  }
  return out;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case ' ':
        out += i + 1 < text.size() && text[i + 1] == '%' ? "\u00a0" : " ";
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

std::string markdown_escaped(std::string_view text, bool starts_line) {
  static constexpr std::string_view kSpecial = "\\`*[]#|~$";
  const auto word = [&](std::size_t i) {
    return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])) != 0;
  };
  // Where a line starts, these would make a list, a heading or a rule: "-", "+", "=", "12.".
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto starts = [&](std::size_t i) {
    if (!starts_line) return false;
    if (i == 0) return std::string_view("-+=:").find(text[0]) != std::string_view::npos;
    return i == digits && (text[i] == '.' || text[i] == ')');
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool emphasis = c == '_' && !(i > 0 && word(i - 1) && word(i + 1));
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '@') {
      out += "&#64;";  // would call people on a forge
    } else if (c == ':' && i + 1 < text.size() && text[i + 1] == '/') {
      out += "&#58;";  // would become a link
    } else {
      if (starts(i) || emphasis || kSpecial.find(c) != std::string_view::npos) out += '\\';
      out += c == '\n' || c == '\r' ? ' ' : c;
    }
  }
  return out;
}

}  // namespace evenhand::report
