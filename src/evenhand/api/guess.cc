#include "evenhand/api/guess.h"

#include <algorithm>
#include <iterator>

#include "evenhand/api/guess_features.h"
#include "evenhand/base/field.h"

namespace evenhand::api {

namespace {

std::string quoted_value(const std::string& text) { return '"' + text + '"'; }

bool is_binary(const Shape& shape) { return shape.values.size() == 2 && !shape.many; }

/// Which of two values a person wants, why, and how surely.
void choose_favourable(const Shape& shape, RoleGuess& out) {
  const std::string& a = shape.values[0].first;
  const std::string& b = shape.values[1].first;
  const std::string bad_name = word_in(kBadNames, shape.name);
  const auto good = [](const std::string& v) {
    return holds(kGoodValues, lower(v)) || v.starts_with('>');
  };
  const auto bad = [](const std::string& v) {
    return holds(kBadValues, lower(v)) || v.starts_with('<');
  };
  const bool a_is_good = (good(a) && !good(b)) || (bad(b) && !bad(a));
  const bool b_is_good = (good(b) && !good(a)) || (bad(a) && !bad(b));
  out.sure = out.sure && (a_is_good || b_is_good);
  if (!a_is_good && !b_is_good) {
    out.favourable = std::max(a, b);
    out.reason += "; which of " + quoted_value(a) + " and " + quoted_value(b) +
                  " a person wants cannot be told from here";
    return;
  }
  // Words such as "denied" say by themselves what they are; bare yes and no turn with the name.
  const bool bare = holds(kBareValues, lower(a)) && holds(kBareValues, lower(b));
  const bool turned = bare && !bad_name.empty();
  out.favourable = (a_is_good != turned) ? a : b;
  if (bare && !turned && !word_in(kSilentWords, shape.name).empty()) {
    out.sure = false;
    out.reason += "; that " + quoted_value(*out.favourable) +
                  " is what a person wants is only the custom: its name does not say it";
    return;
  }
  out.reason += turned ? "; its name (" + bad_name + ") says that " +
                             quoted_value(*out.favourable) + " is what a person wants"
                       : "; of its values a person wants " + quoted_value(*out.favourable);
}

bool names_a_span(const Shape& shape) { return !word_in(kSpanWords, shape.name).empty(); }

/// The surest name first; of equals one that says within what time, which is the same for all.
bool surer(WordList names, const Shape& a, const Shape& b) {
  const std::size_t at_a = place_in(names, a.name), at_b = place_in(names, b.name);
  return at_a != at_b ? at_a < at_b : names_a_span(a) && !names_a_span(b);
}

std::optional<RoleGuess> binary_role(const std::vector<Shape>& shapes, WordList names,
                                     const std::string& what, const std::string& taken) {
  std::vector<const Shape*> candidates;
  for (const Shape& shape : shapes) {
    if (!is_binary(shape) || shape.name == taken || word_in(names, shape.name).empty()) continue;
    if (word_in(kGroupWords, shape.name).empty()) candidates.push_back(&shape);
  }
  if (candidates.empty()) return std::nullopt;
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&](const Shape* a, const Shape* b) { return surer(names, *a, *b); });
  const Shape& best = *candidates.front();
  RoleGuess out{best.name, {}, {}, candidates.size() == 1, {}};
  out.reason = "two values, and its name (" + word_in(names, best.name) + ") speaks of " + what;
  for (const Shape* each : candidates) {
    if (each == &best) continue;
    out.reason += (out.rivals.empty() ? "; so do the names of: " : ", ") + each->name;
    out.rivals.push_back(each->name);
  }
  choose_favourable(best, out);
  return out;
}

/// Where no name says it: two values below and above an amount.
std::optional<RoleGuess> label_by_values(const std::vector<Shape>& shapes) {
  for (const Shape& shape : shapes) {
    if (!is_binary(shape) || !word_in(kGroupWords, shape.name).empty()) continue;
    const std::string& a = shape.values[0].first;
    const std::string& b = shape.values[1].first;
    const bool cut =
        (a.starts_with('<') && b.starts_with('>')) || (a.starts_with('>') && b.starts_with('<'));
    if (!cut) continue;
    RoleGuess out{shape.name, {}, "two values, below and above an amount", false, {}};
    choose_favourable(shape, out);
    return out;
  }
  return std::nullopt;
}

std::optional<RoleGuess> score_role(const std::vector<Shape>& shapes) {
  std::vector<const Shape*> shares;
  for (const Shape& shape : shapes) {
    const bool share = shape.numeric && !shape.whole && shape.low >= 0 && shape.high <= 1 &&
                       (shape.many || shape.values.size() > 2);
    if (!share) continue;
    if (const std::string word = word_in(kScoreWords, shape.name); !word.empty()) {
      return RoleGuess{shape.name,
                       {},
                       "numbers in [0, 1], and its name (" + word + ") speaks of a score",
                       true,
                       {}};
    }
    shares.push_back(&shape);
  }
  if (shares.size() != 1) return std::nullopt;  // several: features that were scaled
  return RoleGuess{shares[0]->name, {}, "the only column of numbers in [0, 1]", false, {}};
}

bool is_age(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "age") != words.end() ||
         std::find(words.begin(), words.end(), "agep") != words.end();
}

/// Cut points that leave somebody on either side; among the young only coming of age.
std::vector<double> age_edges(const Shape& shape) {
  const auto inside = [&](double edge) { return edge > shape.low && edge <= shape.high; };
  std::vector<double> out;
  for (const double edge : {25.0, 45.0, 65.0}) {
    if (inside(edge)) out.push_back(edge);
  }
  if (out.empty() && inside(18)) out.push_back(18);
  return out;
}

/// Few small whole numbers are codes of age groups, not years.
bool is_years(const Shape& shape) {
  constexpr std::size_t kMostCodes = 10;
  constexpr double kOldest = 10;  // at least: below, it is a share or a code
  return shape.numeric && is_age(words_of(shape.name)) && shape.high > kOldest &&
         !(shape.whole && shape.low < kMostCodes && shape.values.size() <= kMostCodes);
}

GroupGuess years_guess(const Shape& shape) {
  return {shape.name, age_edges(shape),
          "years from " + shortest(shape.low) + " to " + shortest(shape.high) +
              "; the edges are only a proposal",
          false};
}

/// What the values themselves speak of, whatever the column is called; empty: nothing.
std::string word_of_values(const Shape& shape) {
  std::vector<std::string> values;
  for (const auto& [value, rows] : shape.values) values.push_back(lower(value));
  const auto has = [&](const char* value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  };
  if (has("male") && has("female") && values.size() <= 4) return "sex";
  return has("white") && has("black") ? "race" : "";
}

std::optional<GroupGuess> group_guess(const Shape& shape) {
  constexpr std::size_t kMostGroups = 30;
  if (shape.many || shape.values.size() < 2 || shape.values.size() > kMostGroups) {
    return std::nullopt;
  }
  const std::string by_name = word_in(kGroupWords, shape.name);
  const std::string word = by_name.empty() ? word_of_values(shape) : by_name;
  if (word.empty()) return std::nullopt;
  if (shape.numeric && !shape.whole) return std::nullopt;  // a share or an amount
  const bool named = word != "country" && word != "nation" && word != "language";
  return GroupGuess{shape.name,
                    {},
                    std::to_string(shape.values.size()) + " values, and " +
                        (by_name.empty() ? "they speak" : "its name speaks") + " of " +
                        (word == "rac1p" ? "race" : word),
                    named && !shape.numeric};
}

void guess_group(const Shape& shape, Guesses& out) {
  const auto plays = [&](const std::optional<RoleGuess>& role) {
    return role && role->column == shape.name;
  };
  if (plays(out.label) || plays(out.decision) || plays(out.score)) return;
  if (!is_years(shape)) {
    if (auto group = group_guess(shape)) out.groups.push_back(std::move(*group));
    return;
  }
  GroupGuess years = years_guess(shape);
  if (years.edges.empty()) {
    out.no_groups.push_back({shape.name, "no usual edge (25, 45, 65) parts its values"});
  } else {
    out.groups.push_back(std::move(years));
  }
}

/// Age in years says nothing more where a column of age groups was found.
void prefer_age_groups(Guesses& out) {
  const auto cuts = [](const GroupGuess& each) { return !each.edges.empty(); };
  const auto groups = std::find_if(out.groups.begin(), out.groups.end(), [&](const auto& each) {
    return !cuts(each) && is_age(words_of(each.column));
  });
  if (groups == out.groups.end()) return;
  const std::string found = groups->column;
  for (const GroupGuess& each : out.groups) {
    if (cuts(each)) out.no_groups.push_back({each.column, found + " has groups of age already"});
  }
  std::erase_if(out.groups, cuts);
}

/// A decision or a score by its name, whose values are of another shape.
bool may_be_decision(const Shape& shape, const Guesses& guesses) {
  constexpr std::size_t kMostTexts = 10;
  if (word_in(kMaybeWords, shape.name).empty() || shape.values.size() < 2) return false;
  if (guesses.label && guesses.label->column == shape.name) return false;
  return shape.numeric || (!shape.many && shape.values.size() <= kMostTexts);
}

void guess_rest(const Shape& shape, Guesses& out) {
  if (!word_in(kWeightWords, shape.name).empty() && shape.numeric && shape.values.size() > 2) {
    out.weights.push_back({shape.name, {}, "numbers, and its name speaks of a weight", false, {}});
  }
  const std::string person = word_in(kPersonWords, shape.name);
  const bool repeats = !shape.many && shape.values.size() > 20 && shape.values.size() < shape.rows;
  if (!person.empty() && names_a_person_or_row(shape.name) && repeats && !out.cluster) {
    out.cluster = RoleGuess{
        shape.name,
        {},
        "fewer values than rows, and its name speaks of a " + person + ": several rows of one",
        false,
        {}};
  }
}

}  // namespace

Guesses guess(const std::vector<Shape>& shapes) {
  Guesses out;
  out.score = score_role(shapes);
  out.decision = binary_role(shapes, kDecisionWords, "a decision", "");
  const std::string decision = out.decision ? out.decision->column : "";
  out.label = binary_role(shapes, kLabelWords, "what came true", decision);
  if (!out.label && !out.decision) out.label = label_by_values(shapes);
  for (const Shape& shape : shapes) {
    guess_group(shape, out);
    guess_rest(shape, out);
  }
  prefer_age_groups(out);
  if (!out.decision && !out.score) {
    std::copy_if(shapes.begin(), shapes.end(), std::back_inserter(out.maybe_decision),
                 [&](const Shape& shape) { return may_be_decision(shape, out); });
  }
  out.no_features = no_features(shapes, out);
  out.codes = maybe_codes(shapes, out);
  // Sure ones first; within them sex and race before what is asked more rarely.
  std::stable_sort(out.groups.begin(), out.groups.end(),
                   [](const GroupGuess& a, const GroupGuess& b) {
                     if (a.sure != b.sure) return a.sure;
                     return place_in(kGroupWords, a.column) < place_in(kGroupWords, b.column);
                   });
  return out;
}

}  // namespace evenhand::api
