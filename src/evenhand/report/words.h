// Numbers and names as people read them, and text made safe for the place where it goes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/metric/metric.h"
#include "evenhand/record/record.h"

namespace evenhand::report {

/// How a unit is shown: a share as 12.3 %, a difference of shares as 12.3 points, else the number.
enum class Scale : std::uint8_t { kPercent, kPoints, kNumber };
Scale scale_of(std::string_view unit);

/// A number with its limits; a limit that is absent is unbounded.
struct Numbers {
  std::optional<double> value, low, high, family_low, family_high;
};

/// Digits after the point that the interval bears: two significant digits of its half-width, at
/// most (12.3 % for 9.1 % to 15.5 %). At most 3 for shares and 6 for numbers.
int decimals(const Numbers& numbers, Scale scale);

/// "12.3 %", "-4.1 points", "0.592"; without_unit: "12.3".
std::string number(double x, Scale scale, int decimals);
std::string number_without_unit(double x, Scale scale, int decimals);
/// "9.1 to 15.5 %", "0.41 or more", "no limits".
std::string interval(const std::optional<double>& low, const std::optional<double>& high,
                     Scale scale, int decimals);
/// "at most 10 points": the decimal that was asked for, in the unit of the finding.
std::string asked(const record::Bound& bound, Scale scale);

/// "7,214".
std::string thousands(std::uint64_t n);
/// "1 group", "2 groups".
std::string count(std::uint64_t n, std::string_view one, std::string_view many);

/// "a", "a and b", "a, b and c".
std::string enumerated(const std::vector<std::string>& items, std::string_view last = " and ");

/// "Selection rate, widest gap"; an unknown id as words.
std::string name_of(std::string_view id, const metric::Metric* metric);
/// "Female × Asian", "unknown", "everybody".
std::string name_of(const record::Group& group, const std::vector<std::string>& by);
/// "sex × race", "everybody".
std::string question(const std::vector<std::string>& by);
/// "dept = A, year = 2024"; "" for all rows.
std::string stratum(const record::Group& strata);
/// "met", "broken", "cannot tell".
std::string word(record::Verdict verdict);
/// The sentence of a code: "nobody is in the denominator"; an unknown code as words.
std::string why(std::string_view code);

/// Names from data can hold anything: control and direction characters are replaced, so that they
/// neither move a terminal's cursor nor turn a line around; invalid UTF-8 likewise.
/// @param most  characters; what is longer is cut.
std::string cleaned(std::string_view text, std::size_t most = 80);
/// Characters as a terminal counts them (one column each).
std::size_t width(std::string_view text);
/// Safe in text and attributes of HTML and SVG; "12 %" does not break.
std::string html_escaped(std::string_view text);
/// Safe in a paragraph or a table cell of Markdown (CommonMark, GitHub tables).
/// @param starts_line  a cell does not: there "12." is no list.
std::string markdown_escaped(std::string_view text, bool starts_line = true);

}  // namespace evenhand::report
