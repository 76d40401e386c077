#include "evenhand/api/guess.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <string_view>

#include "evenhand/base/field.h"

namespace evenhand::api {

namespace {

using List = std::span<const std::string_view>;

constexpr std::string_view kGroupWords[] = {
    "sex",      "gender",      "race",       "ethnicity",   "ethnic",  "ethnicgroup", "hispanic",
    "male",     "female",      "minority",   "afam",        "cauc",    "black",       "rac1p",
    "religion", "age",         "agegroup",   "nationality", "nation",  "country",     "birthplace",
    "citizen",  "citizenship", "disability", "disabled",    "marital", "veteran",     "orientation",
    "pregnant", "language",    "skin",       "caste",       "agep"};
constexpr std::string_view kScoreWords[] = {"score", "scores",     "prob",    "probability",
                                            "proba", "risk",       "p",       "yhat",
                                            "phat",  "propensity", "predprob"};
constexpr std::string_view kDecisionWords[] = {
    "decision", "decided",  "prediction",  "predicted", "pred",     "ypred",   "approved",
    "approve",  "accepted", "admitted",    "selected",  "hired",    "hire",    "offer",
    "offered",  "granted",  "shortlisted", "call",      "callback", "invited", "deny",
    "denied",   "rejected", "promoted",    "funded",    "issued",   "flagged", "detained"};
constexpr std::string_view kLabelWords[] = {
    "label",      "target",  "outcome",    "ytrue",     "y",         "truth",
    "actual",     "class",   "income",     "default",   "defaulted", "repaid",
    "paid",       "recid",   "recidivism", "pass",      "passed",    "bar",
    "graduated",  "success", "survived",   "qualified", "churn",     "fraud",
    "readmitted", "died",    "pincp",      "loan",      "credit",    "performance"};
// Names under which "yes" is what nobody wants.
constexpr std::string_view kBadNames[] = {
    "default",  "defaulted", "fraud",      "recid",      "recidivism", "denied", "deny",
    "rejected", "churn",     "bad",        "died",       "death",      "arrest", "arrested",
    "flagged",  "detained",  "readmitted", "delinquent", "late",       "fail",   "failed"};
constexpr std::string_view kGoodValues[] = {
    "1",        "1.0",    "yes",  "true",   "y",          "t",         "approved", "accepted",
    "granted",  "hired",  "pass", "passed", "good",       "selected",  "admit",    "admitted",
    "positive", "repaid", "paid", "offer",  "favourable", "favorable", "success",  "invited"};
constexpr std::string_view kBadValues[] = {
    "0",        "0.0",      "no",        "false",        "n",           "f",
    "denied",   "rejected", "fail",      "failed",       "bad",         "refused",
    "negative", "default",  "defaulted", "unfavourable", "unfavorable", "failure"};
constexpr std::string_view kBareValues[] = {"0",    "1",     "0.0", "1.0", "yes", "no",
                                            "true", "false", "y",   "n",   "t",   "f"};
constexpr std::string_view kPersonWords[] = {"person",     "applicant", "user",      "customer",
                                             "patient",    "student",   "candidate", "borrower",
                                             "respondent", "defendant"};
constexpr std::string_view kWeightWords[] = {"weight", "weights", "wgt",  "wt",
                                             "fnlwgt", "pwgtp",   "perwt"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool in(List list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Where in the list the name's best word stands (lists begin with the surest); its size: nowhere.
std::size_t place_in(List list, const std::string& name) {
  std::size_t best = list.size();
  for (const std::string& word : words_of(name)) {
    const auto at = std::find(list.begin(), list.end(), word);
    best = std::min(best, static_cast<std::size_t>(at - list.begin()));
  }
  return best;
}

/// That word; empty: none.
std::string word_in(List list, const std::string& name) {
  const std::size_t place = place_in(list, name);
  return place == list.size() ? std::string() : std::string(list[place]);
}

std::string quoted_value(const std::string& text) { return '"' + text + '"'; }

bool is_binary(const Shape& shape) { return shape.values.size() == 2 && !shape.many; }

/// Which of two values a person wants, why, and how surely.
void choose_favourable(const Shape& shape, RoleGuess& out) {
  const std::string& a = shape.values[0].first;
  const std::string& b = shape.values[1].first;
  const std::string bad_name = word_in(kBadNames, shape.name);
  const auto good = [](const std::string& v) {
    return in(kGoodValues, lower(v)) || v.starts_with('>');
  };
  const auto bad = [](const std::string& v) {
    return in(kBadValues, lower(v)) || v.starts_with('<');
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
  const bool bare = in(kBareValues, lower(a)) && in(kBareValues, lower(b));
  const bool turned = bare && !bad_name.empty();
  out.favourable = (a_is_good != turned) ? a : b;
  out.reason += turned ? "; its name (" + bad_name + ") says that " +
                             quoted_value(*out.favourable) + " is what a person wants"
                       : "; of its values a person wants " + quoted_value(*out.favourable);
}

std::optional<RoleGuess> binary_role(const std::vector<Shape>& shapes, List names,
                                     const std::string& what, const std::string& taken) {
  const Shape* best = nullptr;
  std::size_t candidates = 0;
  for (const Shape& shape : shapes) {
    if (!is_binary(shape) || shape.name == taken || word_in(names, shape.name).empty()) continue;
    if (!word_in(kGroupWords, shape.name).empty()) continue;
    ++candidates;
    if (!best || place_in(names, shape.name) < place_in(names, best->name)) best = &shape;
  }
  if (!best) return std::nullopt;
  RoleGuess out{best->name,
                {},
                "two values, and its name (" + word_in(names, best->name) + ") speaks of " + what,
                candidates == 1};
  if (candidates > 1) {
    out.reason += ", as do those of " + std::to_string(candidates - 1) +
                  (candidates == 2 ? " other column" : " other columns");
  }
  choose_favourable(*best, out);
  return out;
}

std::optional<RoleGuess> score_role(const std::vector<Shape>& shapes) {
  std::vector<const Shape*> shares;
  for (const Shape& shape : shapes) {
    const bool share = shape.numeric && !shape.whole && shape.low >= 0 && shape.high <= 1 &&
                       (shape.many || shape.values.size() > 2);
    if (!share) continue;
    if (const std::string word = word_in(kScoreWords, shape.name); !word.empty()) {
      return RoleGuess{
          shape.name, {}, "numbers in [0, 1], and its name (" + word + ") speaks of a score", true};
    }
    shares.push_back(&shape);
  }
  if (shares.size() != 1) return std::nullopt;  // several: features that were scaled
  return RoleGuess{shares[0]->name, {}, "the only column of numbers in [0, 1]", false};
}

bool is_age(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "age") != words.end() ||
         std::find(words.begin(), words.end(), "agep") != words.end();
}

/// Cut points that leave somebody on either side.
std::vector<double> age_edges(const Shape& shape) {
  std::vector<double> out;
  for (const double edge : {25.0, 45.0, 65.0}) {
    if (edge > shape.low && edge <= shape.high) out.push_back(edge);
  }
  return out;
}

std::optional<GroupGuess> group_guess(const Shape& shape) {
  constexpr std::size_t kMostGroups = 30;
  const std::string word = word_in(kGroupWords, shape.name);
  if (word.empty() || shape.values.size() < 2) return std::nullopt;
  const std::string count = std::to_string(shape.values.size()) + (shape.many ? " or more" : "");
  if (is_age(words_of(shape.name)) && shape.numeric && shape.values.size() > 10) {
    GroupGuess out{shape.name, age_edges(shape), {}, false};
    out.reason = "years from " + shortest(shape.low) + " to " + shortest(shape.high) +
                 "; the edges are only a proposal";
    if (!out.edges.empty()) return out;
    return std::nullopt;
  }
  if (shape.many || shape.values.size() > kMostGroups) return std::nullopt;
  const bool named = word != "country" && word != "nation" && word != "language";
  return GroupGuess{shape.name,
                    {},
                    count + " values, and its name speaks of " + (word == "rac1p" ? "race" : word),
                    named && !shape.numeric};
}

void guess_group(const Shape& shape, Guesses& out) {
  const auto plays = [&](const std::optional<RoleGuess>& role) {
    return role && role->column == shape.name;
  };
  if (plays(out.label) || plays(out.decision) || plays(out.score)) return;
  if (auto group = group_guess(shape)) out.groups.push_back(std::move(*group));
}

void guess_rest(const Shape& shape, Guesses& out) {
  if (!word_in(kWeightWords, shape.name).empty() && shape.numeric && shape.values.size() > 2) {
    out.weights.push_back({shape.name, {}, "numbers, and its name speaks of a weight", false});
    out.no_features.push_back(shape.name);
  }
  const std::vector<std::string> words = words_of(shape.name);
  const bool id = std::find(words.begin(), words.end(), "id") != words.end();
  const std::string person = word_in(kPersonWords, shape.name);
  const bool all_differ = shape.many || shape.values.size() + shape.missing == shape.rows;
  if (id || !person.empty() || (all_differ && !shape.numeric && shape.rows > 20)) {
    out.no_features.push_back(shape.name);
  }
  const bool repeats = !shape.many && shape.values.size() > 20 && shape.values.size() < shape.rows;
  if (!person.empty() && repeats && !out.cluster) {
    out.cluster = RoleGuess{
        shape.name,
        {},
        "fewer values than rows, and its name speaks of a " + person + ": several rows of one",
        false};
  }
}

}  // namespace

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool hump =
        i > 0 && std::isupper(c) && std::islower(static_cast<unsigned char>(name[i - 1]));
    if ((hump || !std::isalnum(c)) && !out.back().empty()) out.emplace_back();
    if (std::isalnum(c)) out.back() += static_cast<char>(std::tolower(c));
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

Guesses guess(const std::vector<Shape>& shapes) {
  Guesses out;
  out.score = score_role(shapes);
  out.decision = binary_role(shapes, kDecisionWords, "a decision", "");
  const std::string decision = out.decision ? out.decision->column : "";
  out.label = binary_role(shapes, kLabelWords, "what came true", decision);
  for (const Shape& shape : shapes) {
    guess_group(shape, out);
    guess_rest(shape, out);
  }
  // Sure ones first; within them sex and race before what is asked more rarely.
  std::stable_sort(out.groups.begin(), out.groups.end(),
                   [](const GroupGuess& a, const GroupGuess& b) {
                     if (a.sure != b.sure) return a.sure;
                     return place_in(kGroupWords, a.column) < place_in(kGroupWords, b.column);
                   });
  return out;
}

}  // namespace evenhand::api
