#include "evenhand/api/guess_features.h"

#include <algorithm>
#include <cctype>

#include "evenhand/table/cell.h"

namespace evenhand::api {

namespace {

// The fit gives each text a coefficient of its own: names and free text only spend rows.
constexpr std::size_t kTextsMost = 100;
constexpr std::uint64_t kRowsPerText = 10;  // on average, as the fit wants them for a level
constexpr std::size_t kTextsFew = 20;       // below this the average is not asked for

bool plays(const std::optional<RoleGuess>& role, const std::string& column) {
  return role && role->column == column;
}

template <class Guess>
bool names(const std::vector<Guess>& guesses, const std::string& column) {
  return std::any_of(guesses.begin(), guesses.end(),
                     [&](const Guess& each) { return each.column == column; });
}

bool all_differ(const Shape& shape) {
  return shape.many || shape.values.size() + shape.missing == shape.rows;
}

/// 1, 2, 3, ... in any order, one a row.
bool counts_rows(const Shape& shape) {
  return shape.whole && !shape.many && shape.missing == 0 && shape.values.size() > kTextsFew &&
         all_differ(shape) && shape.high - shape.low + 1 == static_cast<double>(shape.rows);
}

/// "2013-08-14 05:41", "14.8.2013", "8/14/13".
bool is_date(const std::string& text) {
  constexpr std::size_t kShortest = 6;
  const auto marks = std::count_if(text.begin(), text.end(),
                                   [](char c) { return c == '-' || c == '/' || c == '.'; });
  return text.size() >= kShortest && marks >= 2 &&
         std::isdigit(static_cast<unsigned char>(text.front())) != 0 &&
         text.find_first_not_of("0123456789-/.:+ TZ") == std::string::npos;
}

/// Most of the texts are numbers: a fit asks its user what the others are.
bool among_numbers(const Shape& shape) {
  if (shape.numeric || shape.values.size() <= kTextsFew) return false;
  std::uint64_t all = 0, numbers = 0;
  for (const auto& [value, rows] : shape.values) {
    all += rows;
    numbers += table::parse_number(value, '.') || table::parse_number(value, ',') ? rows : 0;
  }
  return numbers * 2 >= all;
}

bool has_many_texts(const Shape& shape) {
  if (shape.numeric) return false;
  const std::size_t n = shape.values.size();
  const std::uint64_t filled = shape.rows - shape.missing;
  return shape.many || n > kTextsMost || (n > kTextsFew && filled < n * kRowsPerText);
}

/// It might have been the label itself, or its name holds a word of the label's or of an outcome.
bool speaks_of_the_label(const Shape& shape, const RoleGuess& label) {
  const auto& rivals = label.rivals;
  if (std::find(rivals.begin(), rivals.end(), shape.name) != rivals.end()) return true;
  if (!word_in(kAfterwardsWords, shape.name).empty()) return true;
  const std::string word = word_in(kLabelWords, label.column);
  const std::vector<std::string> own = words_of(shape.name);
  return std::find(own.begin(), own.end(), word) != own.end();
}

/// Few values under a name of a score or decision: a band of risk, not a measurement. (A credit or
/// an exam has a score of many values, which may well be learnt from.)
bool is_band(const Shape& shape, const Guesses& guesses) {
  constexpr std::size_t kMostBands = 10;
  return shape.values.size() <= kMostBands &&
         std::any_of(guesses.maybe_decision.begin(), guesses.maybe_decision.end(),
                     [&](const Shape& each) { return each.name == shape.name; });
}

/// Empty: it may be a feature.
std::string why_not(const Shape& shape, const Guesses& guesses) {
  if (names(guesses.groups, shape.name) || names(guesses.no_groups, shape.name)) {
    return "groups, by which people are compared";
  }
  if (names(guesses.weights, shape.name)) return "weights";
  if (names_a_person_or_row(shape.name) || counts_rows(shape)) return "identifiers";
  if (guesses.label && speaks_of_the_label(shape, *guesses.label)) {
    return "their names speak of what came true";
  }
  if (!word_in(kAfterWords, shape.name).empty()) {
    return "their names speak of a time after the decision";
  }
  if (is_band(shape, guesses)) return "their names speak of a score or decision, to be judged";
  const bool dates = !shape.values.empty() && !shape.numeric &&
                     std::all_of(shape.values.begin(), shape.values.end(),
                                 [](const auto& value) { return is_date(value.first); });
  if (dates) return "dates";
  if (among_numbers(shape)) return "numbers with some cells that are none";
  return has_many_texts(shape) ? "texts with many values" : "";
}

}  // namespace

bool names_a_person_or_row(const std::string& column) {
  const std::vector<std::string> words = words_of(column);
  if (words.empty()) return false;
  if (words.size() == 1 && holds(kRowNames, words.front())) return true;
  return holds(kPersonWords, words.back()) || !word_in(kIdWords, column).empty();
}

std::vector<LeftOut> no_features(const std::vector<Shape>& shapes, const Guesses& guesses) {
  std::vector<LeftOut> out;
  for (const Shape& shape : shapes) {
    if (plays(guesses.label, shape.name)) continue;
    const std::string why = why_not(shape, guesses);
    if (!why.empty()) out.push_back({shape.name, why});
  }
  return out;
}

std::vector<std::string> maybe_codes(const std::vector<Shape>& shapes, const Guesses& guesses) {
  constexpr std::size_t kFewest = 3, kMost = 30;  // two numbers are fitted alike either way
  std::vector<std::string> out;
  for (const Shape& shape : shapes) {
    const bool few = shape.values.size() >= kFewest && shape.values.size() <= kMost;
    const bool feature =
        !plays(guesses.label, shape.name) && !names(guesses.no_features, shape.name);
    if (shape.whole && few && feature) out.push_back(shape.name);
  }
  return out;
}

}  // namespace evenhand::api
