#include "evenhand/report/stages.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/report/suppress.h"

namespace evenhand::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kSentence = 600;  // characters of a note

std::string text(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name) || !json[name].is_string()) return "";
  return cleaned(json[name].get<std::string>());
}

std::vector<std::string> texts(const Json& json, const char* name) {
  std::vector<std::string> out;
  if (!json.is_object() || !json.contains(name) || !json[name].is_array()) return out;
  for (const Json& each : json[name]) {
    if (each.is_string()) out.push_back(cleaned(each.get<std::string>(), kSentence));
  }
  return out;
}

constexpr const char* kRows = "held_out";  // that the policy was not fitted to

const Shown* find(const Question& q, std::string_view id, const std::string& about,
                  const std::string& rule) {
  for (const Shown& s : q.groups) {
    const bool is_it =
        s.id() == id && s.about() == about && s.at() == rule && s.lies("rows", kRows);
    if (is_it && s.state() == State::kShown) return &s;
  }
  return nullptr;
}

/// "Female 6.1 % to 3.1 % (2.6 to 3.7 %); ...".
std::string promised(const Question& q, const std::string& rule) {
  std::string out;
  for (const Size& size : q.sizes) {
    const Shown* before = find(q, "selection_rate", size.name, "plain");
    const Shown* after = find(q, "selection_rate", size.name, rule);
    if (before == nullptr || after == nullptr) continue;
    out += (out.empty() ? "" : "; ") + size.name + " " + before->value() + " to " + after->value() +
           " (" + after->plain() + ")";
  }
  return out;
}

std::string rates_sentence(const Question& q, const std::string& rule, const std::string& words) {
  const std::string told = promised(q, rule);
  if (told.empty()) return "";
  return "Selection rates by " + q.name + " from one threshold at the least cost to " + words +
         ", on rows kept from the fit: " + told + ".";
}

std::string cost_sentence(const Question& everybody, bool aware) {
  const auto cost = [&](const char* rule) {
    for (const Shown& s : everybody.groups) {
      if (s.id() == "cost" && s.at() == rule && s.lies("rows", kRows)) {
        return s.state() == State::kShown ? s.value() : std::string();
      }
    }
    return std::string();
  };
  if (cost("plain").empty() || cost("policy").empty()) return "";
  return "A wrong decision costs as was asked; a row costs " + cost("plain") +
         " under one threshold at the least cost and " + cost("policy") + " under the policy" +
         (aware && !cost("blind").empty()
              ? ", and " + cost("blind") + " under a rule that does not look at groups"
              : "") +
         ".";
}

/// The widest gap in what was to be made alike, on rows kept from the fit.
const Shown* gap_under(const Question& q, const char* rule) {
  for (const Shown& s : q.gaps) {
    const bool is_it = s.at() == rule && s.lies("rows", kRows);
    if (is_it && s.state() == State::kShown) return &s;
  }
  return nullptr;
}

std::string reached_sentence(const Question& q) {
  const Shown *after = gap_under(q, "policy"), *before = gap_under(q, "plain");
  if (after == nullptr) return "";
  return "On rows kept from the fit the gap by " + q.name + " is " + after->value() + " (" +
         after->plain() + ")" +
         (before == nullptr ? std::string()
                            : "; with one threshold at the least cost it is " + before->value() +
                                  " (" + before->plain() + ")") +
         ".";
}

/// A share as points: "10 points".
std::string points(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name) || !json[name].is_number()) return "";
  const double x = json[name].get<double>();
  std::string out = number(x, Scale::kPoints, 2);
  for (const char* zeros : {".00", "0"}) {  // "10.00 points", "2.50 points"
    const std::size_t at = out.find(std::string(zeros) + " points");
    const bool whole = zeros[0] == '.' || out.find('.') != std::string::npos;
    if (at != std::string::npos && whole) out.erase(at, std::string(zeros).size());
  }
  return out;
}

/// What a method holds alike, by its option `over`.
std::string held_alike(const std::string& over) {
  if (over == "label_1") return "the errors among those with the favourable label";
  if (over == "label_0") return "the errors among those without the favourable label";
  if (over == "both") return "the errors among those with, and those without, the favourable label";
  if (over == "all") return "the errors among all";
  return "the share that is selected";
}

/// What a policy holds alike, by its option `equalise`.
std::string made_alike(const std::string& equalise) {
  if (equalise == "selection_rate") return "the share that is selected";
  if (equalise == "tpr") return "the share that is selected of those with the favourable label";
  if (equalise == "fpr") return "the share that is selected of those without the favourable label";
  if (equalise == "odds") {
    return "the share that is selected, of those with and of those without the favourable label,";
  }
  return equalise == "precision" ? "the share of right selections" : equalise;
}

/// What a method promises, in words for people who fit no models.
std::string promise(const Json& training, const std::string& by) {
  const std::string method = text(training, "method"), eps = points(training, "eps");
  const std::string what = held_alike(text(training, "over"));
  const std::string groups = by.empty() ? "groups" : "groups of " + by;
  if (method == "plain") {
    return "It was made to be right as often as it can; nothing was asked of it about groups.";
  }
  if (method == "reweigh") {
    return "The rows were weighted so that the favourable label is as frequent in all " + groups +
           "; then it was made to be right as often as it can. It promises no gap.";
  }
  if (method == "gap" && eps.empty()) {
    return "While it learned, a gap between " + groups + " in " + what +
           " counted as an error does. It promises no gap of a certain size.";
  }
  if (method == "gap" || method == "reductions") {
    return "It was to be right as often as it can while " + what + " differs by " +
           (eps.empty() ? "little" : "at most " + eps) + " between " + groups +
           ", on the rows of the fit.";
  }
  return "";
}

/// A number in facts; absent where it is not there.
std::optional<double> fact(const Json& facts, const char* name) {
  if (!facts.is_object() || !facts.contains(name) || !facts[name].is_number()) return std::nullopt;
  return facts[name].get<double>();
}

/// Of the groups that a fit watched on rows kept from it, the fewest rows; 0 where it watched none,
/// or where the gap is between parts of groups, whose rows it does not tell.
double fewest_watched(const Json& training, const Json& facts) {
  const std::string over = text(training, "over");
  const bool whole = over.empty() || over == "decision" || over == "all";
  if (!whole || !facts.is_object() || !facts.contains("watched")) return 0;
  std::optional<double> least;
  for (const Json& each : facts["watched"]) {
    const double rows = fact(each, "rows").value_or(0);
    least = std::min(least.value_or(rows), rows);
  }
  return least.value_or(0);
}

/// Where one group has a rate of 0 or 1, the gap tells how many rows of the other are in its rate
/// or beside it: they must be 11 at least.
bool may_be_told(const std::optional<double>& gap, double fewest_rows) {
  return gap && fewest_rows >= kSmallest && *gap * fewest_rows >= kSmallest;
}

/// "On the rows of the fit the gap is 9.78 points.", or where that could tell of few rows, whether
/// it is what was asked for.
std::string fitted_gap(const Json& training, const Json& facts) {
  const auto gap = fact(facts, "gap"), eps = fact(training, "eps");
  if (text(training, "method") == "plain") return "";
  const double watched = fact(facts, "rows_watched").value_or(0);
  const double each = watched > 0 ? fact(facts, "rows_trained").value_or(0) / watched : 0;
  if (may_be_told(gap, fewest_watched(training, facts) * each)) {
    return "On the rows of the fit the gap is " + points(facts, "gap") + ".";
  }
  // Reductions hold each group within half of eps of everybody.
  const auto apart = fact(facts, "violation");
  if (!eps || (!gap && !apart)) return "";
  const bool reached = gap ? *gap <= *eps : *apart <= *eps / 2;
  return "On the rows of the fit the gap that was asked for is " +
         std::string(reached ? "" : "not ") + "reached.";
}

/// What the fit saw on rows kept from it: the gap, and which groups it predicts worse for its sake.
std::vector<std::string> watched(const Json& training, const Json& facts) {
  std::vector<std::string> out;
  if (!facts.is_object()) return out;
  const Json gaps = facts.contains("watched_gap") ? facts["watched_gap"] : Json();
  const auto fair = fact(gaps, "fair"), plain = fact(gaps, "plain"), eps = fact(training, "eps");
  const double fewest = fewest_watched(training, facts);
  if (may_be_told(fair, fewest) && may_be_told(plain, fewest)) {
    out.push_back("On rows kept from the fit the gap is " + points(gaps, "fair") + ", and " +
                  points(gaps, "plain") + " under the plain model.");
  } else if (fair && eps) {
    out.push_back("On rows kept from the fit the gap is " +
                  std::string(*fair <= *eps ? "no more" : "more") + " than was asked for.");
  }
  for (const Json& each : facts.contains("watched") ? facts["watched"] : Json::array()) {
    const auto rows = fact(each, "rows"), now = fact(each, "fair_loss"),
               before = fact(each, "plain_loss");
    const bool worse =
        each.is_object() && each.contains("levelled_down") && each["levelled_down"] == true;
    if (!worse || !now || !before || rows.value_or(0) < kSmallest) continue;
    constexpr int kDigits = 3;
    out.push_back("“" + text(each, "group") + "” is predicted worse than by the plain model: on " +
                  count(static_cast<std::uint64_t>(*rows), "row", "rows") +
                  " kept from the fit its loss is " + number(*now, Scale::kNumber, kDigits) +
                  " and was " + number(*before, Scale::kNumber, kDigits) + ".");
  }
  return out;
}

/// The numbers in a note of a fit. Whatever they count, rows or values or people: one from 1 to 10
/// is few; a fraction may be a rate of a small group.
struct Numbered {
  bool few = false, fraction = false;
};

Numbered numbers_in(std::string note) {
  for (const char* label : {" with label 0", " with label 1"}) {  // no count
    for (std::size_t at = note.find(label); at != std::string::npos; at = note.find(label, at)) {
      note.erase(at, std::string_view(label).size());
    }
  }
  const auto digit = [&](std::size_t i) {
    return i < note.size() && std::isdigit(static_cast<unsigned char>(note[i])) != 0;
  };
  Numbered out;
  for (std::size_t i = 0; i < note.size(); ++i) {
    if (!digit(i)) continue;
    const char before = i > 0 ? note[i - 1] : ' ';
    std::string read;
    for (; digit(i) || ((note[i] == ',' || note[i] == '.') && digit(i + 1)); ++i) {
      if (note[i] != ',') read += note[i];
    }
    // "income2" is a name.
    if (std::isalpha(static_cast<unsigned char>(before)) != 0 || before == '_') continue;
    const double value = std::strtod(read.c_str(), nullptr);
    out.few = out.few || (value >= 1 && value < kSmallest);
    out.fraction = out.fraction || read.find('.') != std::string::npos;
  }
  return out;
}

std::string sentence(std::string note) {
  if (note.empty()) return note;
  note[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(note[0])));
  return note.ends_with('.') ? note : note + ".";
}

/// What the fit reached, and those of its notes that give no few rows away.
void tell_fit(const Json& training, const std::vector<std::string>& notes, Story& story) {
  const Json facts =
      training.is_object() && training.contains("facts") ? training["facts"] : Json();
  if (const std::string gap = fitted_gap(training, facts); !gap.empty()) {
    story.found.push_back(gap);
  }
  for (std::string& told : watched(training, facts)) story.found.push_back(std::move(told));
  std::size_t few = 0, fractions = 0;
  for (const std::string& note : notes) {
    const Numbered numbers = numbers_in(note);
    if (numbers.few) {
      ++few;
    } else if (numbers.fraction) {
      ++fractions;
    } else {
      story.found.push_back(sentence(note));
    }
  }
  if (few > 0) {
    story.cannot_be_told.push_back(
        count(few, "note", "notes") + " of the fit " +
        (few == 1 ? "counts fewer than 11 and is" : "count fewer than 11 and are") +
        " not shown; record.json has " + (few == 1 ? "it." : "them."));
  }
  if (fractions > 0) {
    story.cannot_be_told.push_back(
        "What the fit notes with gaps or losses of groups stands in record.json: here such numbers "
        "are told where no few rows can be worked out from them.");
  }
}

}  // namespace

bool is_training(const View& view) { return view.record->operation == "train fit"; }
bool is_adjustment(const View& view) { return view.record->operation == "adjust fit"; }

void tell_training(const View& view, Story& story) {
  const auto& options = view.record->options;
  const Json training =
      options.is_object() && options.contains("training") ? options["training"] : Json::object();
  const std::string method = text(training, "method");
  const std::vector<std::string> features = texts(options, "features");
  const std::string what = "“" + text(options, "label") + "” (" + text(options, "favourable") + ")";
  const std::string columns = count(features.size(), "column", "columns");
  story.title = "Training: " + method;
  story.headline = "A model predicts " + what + " from " + columns + ".";
  if (const std::string says = promise(training, enumerated(texts(training, "group")));
      !says.empty()) {
    story.headline += " " + says;
  }
  story.done = "A model was made that predicts " + what + " from " + columns + ", by the method “" +
               method + "”.";
  story.asked = {"A model of kind “" + text(training, "learner") + "” was fitted by the method “" +
                 method + "”."};
  const std::vector<std::string> groups = texts(options, "groups");
  if (!groups.empty()) {
    story.asked.push_back("Groups: " + enumerated(groups) +
                          (method == "plain" ? "; this method does not look at them." : "."));
  }
  story.found.clear();
  tell_fit(training, texts(options, "notes"), story);
  story.found.push_back("It sees " + columns + ": " + enumerated(features) + ".");
  story.meanings = {
      "How the model's decisions fare is judged by the evaluation and the comparison, on rows that "
      "the model has not seen."};
  story.intervals = {};
  story.limitations = {"A label that is itself unfair teaches unfairness, whatever the method."};
}

void tell_adjustment(const View& view, Story& story) {
  const auto& options = view.record->options;
  const bool aware =
      options.is_object() && options.contains("group_aware") && options["group_aware"] == true;
  const std::string equalise = text(options, "equalise"), by = enumerated(texts(options, "group"));
  story.title = "Adjustment";
  story.headline = aware ? "Each group has a rule of its own; the basis named for it is “" +
                               text(options, "basis") + "”, and “" + text(options, "signatory") +
                               "” answers for it."
                         : "One rule decides for everybody: the group is not looked at when a "
                           "decision is made.";
  story.done = aware ? "A rule for each group was made for the decisions."
                     : "One rule for everybody was made for the decisions.";
  if (equalise.empty()) {
    story.headline += " Nothing was to be made alike; scores were calibrated.";
  } else {
    const std::string within = points(options, "tolerance");
    story.headline += " It was to make " + made_alike(equalise) + " alike between groups of " + by +
                      (within.empty() || within == "0 points" ? "" : ", to within " + within) +
                      ", on the rows of the fit.";
  }
  story.asked = {"What was to be made alike: " + (equalise.empty() ? "nothing" : equalise) + "."};
  story.found.clear();
  const auto say = [&](const std::string& told) {
    if (!told.empty()) story.found.push_back(told);
  };
  for (const Question& q : view.questions) {
    if (q.by.empty()) {
      say(cost_sentence(q, aware));
      continue;
    }
    if (!equalise.empty()) say(reached_sentence(q));
    say(rates_sentence(q, "policy", "the policy"));
    if (aware) say(rates_sentence(q, "blind", "a rule that does not look at groups"));
  }
  story.meanings = {
      "A policy changes decisions, not scores: what the scores know of people stays as it was.",
      "Rules that look at the group are forbidden in US employment tests (Title VII, section "
      "703(l)) and are treatment by a protected trait in credit; elsewhere they need a legal "
      "basis."};
}

}  // namespace evenhand::report
