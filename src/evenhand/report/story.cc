// Sentences first need their facts; each function below writes one list.
#include "evenhand/report/story.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>

#include "evenhand/metric/measure.h"
#include "evenhand/report/audit.h"
#include "evenhand/report/comparison.h"
#include "evenhand/report/small_groups.h"
#include "evenhand/report/stages.h"
#include "evenhand/report/svg.h"

namespace evenhand::report {
namespace {

using record::Verdict;

std::string option(const View& view, const char* name) {
  const auto& options = view.record->options;
  if (!options.is_object() || !options.contains(name) || options[name].is_null()) return "";
  for (const auto& [key, value] : view.options) {
    if (key == name) return value;
  }
  return "";
}

std::string within(const Shown& s) {
  const std::string stratum = s.stratum_name(), place = s.place();
  return (stratum.empty() ? "" : ", within " + stratum) + (place.empty() ? "" : ", " + place);
}

std::string of_whom(const Shown& s) {
  if (s.about_question()) return "";
  return s.about_group() ? " for " + s.about() : " between " + s.about();
}

std::string limits(const View& view, const Shown& s) {
  std::string out = " (" + view.level + " interval " + s.plain();
  if (!s.family().empty()) out += "; the verdict rests on " + s.family();
  return out + ")";
}

/// A verdict that was asked to be told without failing.
bool only_warns(const Shown& s) {
  return (s.verdict() == Verdict::kBroken && s.bound()->severity == "warn") ||
         (s.verdict() == Verdict::kCannotTell && s.bound()->on_cannot_tell == "warn");
}

/// "33.1 % (Other; 28.5 to 38.0 %)".
std::string end(const Shown& s) { return s.value() + " (" + s.about() + "; " + s.plain() + ")"; }

/// Where a gap is hidden, the groups that are shown say what there is between them.
std::string among_the_shown(const View& view, const Shown& gap) {
  if (gap.metric() == nullptr || gap.metric()->measure == nullptr || !gap.within().empty())
    return "";
  std::vector<const Shown*> groups;
  for (const Question& q : view.questions) {
    for (const Shown& s : q.groups) {
      if (s.by() == gap.by() && s.id() == gap.metric()->measure->name) groups.push_back(&s);
    }
  }
  const auto [lowest, highest, hidden] = ends_of(groups);
  if (lowest == nullptr || lowest == highest) return "";
  return "; of the groups that are shown, " + end(*lowest) + " and " + end(*highest) +
         " lie furthest apart";
}

/// Whose rows a number counts: "rows with the favourable label, of the two groups together".
std::string rows_counted(const Shown& s) {
  std::string of =
      s.metric() != nullptr && s.metric()->measure != nullptr ? s.metric()->measure->name : s.id();
  constexpr std::pair<const char*, const char*> kWhole[] = {
      {"true_positive_rate", " with the favourable label"},
      {"false_negative_rate", " with the favourable label"},
      {"false_positive_rate", " without the favourable label"},
      {"true_negative_rate", " without the favourable label"},
      {"precision", " that are selected"}};
  std::string out = "rows";
  for (const auto& [rate, whole] : kWhole) {
    if (of == rate) out += whole;
  }
  return out + (s.about_group() ? "" : ", of the two groups together,");
}

std::string judged_sentence(const View& view, const Shown& s) {
  std::string out = s.name() + " by " + question(s.by()) + within(s) + ": ";
  switch (s.state()) {
    case State::kShown:
      out += s.value() + of_whom(s) + limits(view, s);
      break;
    case State::kUndefined:
      out += s.value() + ", because " + s.reason();
      break;
    case State::kHidden:
      out += "not shown, because " + s.reason() + among_the_shown(view, s);
      break;
  }
  const std::string limit = asked(*s.bound(), s.scale());
  out += "; " + limit + " was asked";
  if (s.bound()->judge == "point") out += ", judged by the value alone";
  if (only_warns(s)) out += "; this is a warning only";
  if (s.verdict() == Verdict::kCannotTell && s.rows_needed()) {
    out += "; about " + thousands(*s.rows_needed()) + " " + rows_counted(s) + " would decide";
  }
  return out + ".";
}

int urgency(const Shown& s) {
  if (s.verdict() == Verdict::kBroken) return 0;
  return s.verdict() == Verdict::kCannotTell ? 1 : 2;
}

void tell_judged(const View& view, Story& story) {
  constexpr std::size_t kMost = 100;
  std::vector<Shown> sorted = view.judged;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Shown& a, const Shown& b) { return urgency(a) < urgency(b); });
  for (const Shown& s : sorted) {
    if (story.judged.size() == kMost) break;
    story.judged.push_back({s.verdict(), judged_sentence(view, s)});
  }
  story.judged_left_out = sorted.size() - story.judged.size();
}

void tell_asked(const View& view, Story& story) {
  if (std::string model = told_of_the_model(view); !model.empty()) {
    story.asked.push_back(std::move(model));
  }
  std::vector<std::string> names;
  for (const Question& q : view.questions) {
    if (!q.by.empty()) names.push_back(q.name);
  }
  constexpr std::size_t kNamed = 6;
  if (names.size() > kNamed) {
    const std::string more = count(names.size() - kNamed, "other question", "other questions");
    names.resize(kNamed);
    names.push_back(more);
  }
  story.asked.push_back(count(view.rows, "row", "rows") + " from " +
                        count(view.record->inputs.size(), "file", "files") +
                        (names.empty()
                             ? std::string(" were looked at.")
                             : " were compared between groups of " + enumerated(names) + "."));
  if (view.judged.empty()) {
    story.asked.push_back(
        "No bound was asked for, so nothing was judged: the numbers describe, they do not decide.");
    return;
  }
  story.asked.push_back(count(view.judged.size(), "number was", "numbers were") +
                        " held against a bound.");
}

/// "The selection rate goes from 33.1 % (Other; 28.5 to 38.0 %) to 57.8 % (...)": a range of groups
/// that are shown and known.
std::optional<std::string> range(const std::vector<const Shown*>& findings) {
  const auto [lowest, highest, hidden] = ends_of(findings);
  if (lowest == nullptr || lowest == highest) return std::nullopt;
  return lowest->name() + " by " + question(lowest->by()) +
         (hidden ? ", of the groups that are shown" : "") + ": from " + end(*lowest) + " to " +
         end(*highest) + ".";
}

void tell_found(const View& view, Story& story) {
  constexpr std::size_t kQuestions = 4, kEach = 3;
  std::size_t questions = 0;
  for (const Question& q : view.questions) {
    std::size_t told = 0;
    for (const auto& findings : by_metric(q.groups)) {
      if (told == kEach) break;
      const auto sentence = range(findings);
      if (!sentence) continue;
      story.found.push_back(*sentence);
      ++told;
    }
    questions += told > 0;
    if (questions == kQuestions) break;
  }
}

/// Tests of numbers that nobody set a bound on, all of them together. Hidden ones stay out of the
/// count: that one of them stands out would tell of it.
void tell_exploration(const View& view, Story& story) {
  std::size_t tests = 0, all_out = 0;
  std::vector<std::string> named;
  for (const Question& q : view.questions) {
    for (const std::vector<Shown>* part : {&q.gaps, &q.groups}) {
      for (const Shown& s : *part) {
        if (!s.stands_out()) continue;
        ++tests;
        if (!*s.stands_out()) continue;
        ++all_out;
        constexpr std::size_t kNamed = 4;
        if (named.size() < kNamed && !s.about_group()) {
          named.push_back(s.name() + " by " + question(s.by()) + within(s));
        }
      }
    }
  }
  if (tests == 0) return;
  story.found.push_back("Exploration: of " + count(tests, "number", "numbers") +
                        " with a test and without a bound, " + thousands(all_out) +
                        (all_out == 1 ? " stands" : " stand") +
                        " out when all are looked at together (Benjamini-Hochberg)" +
                        (named.empty() ? "" : "; the first: " + enumerated(named)) + ".");
}

/// One sentence for each reason. How many rows a group has is told in the tables, where that may
/// be; "unknown" is such a group.
void tell_left_out(const View& view, Story& story) {
  std::vector<std::pair<std::string, std::vector<const record::LeftOut*>>> reasons;
  for (const record::LeftOut& left : view.record->left_out) {
    const auto same = std::find_if(reasons.begin(), reasons.end(),
                                   [&](const auto& r) { return r.first == left.why; });
    if (same != reasons.end()) {
      same->second.push_back(&left);
    } else {
      reasons.push_back({left.why, {&left}});
    }
  }
  constexpr std::size_t kReasons = 8, kNamed = 4;
  for (std::size_t i = 0; i < std::min(kReasons, reasons.size()); ++i) {
    const auto& [why, all] = reasons[i];
    std::vector<std::string> names;
    for (std::size_t j = 0; j < std::min(kNamed, all.size()); ++j) {
      const std::string& what = all[j]->what;
      const bool of_group = what.starts_with("group ") || what.starts_with("unknown groups ") ||
                            what.starts_with("rows whose id ") ||
                            what.find(" groups in ") != std::string::npos;
      const bool counted = !of_group && all[j]->rows > 0;
      names.push_back(cleaned(what) +
                      (counted ? " (" + thousands(static_cast<std::uint64_t>(all[j]->rows)) + ")"
                               : std::string()));
    }
    if (all.size() > kNamed) names.push_back(thousands(all.size() - kNamed) + " more");
    constexpr std::size_t kLong = 400;
    std::string sentence = enumerated(names) + ": " + cleaned(why, kLong) + ".";
    sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence[0])));
    story.cannot_be_told.push_back(std::move(sentence));
  }
  if (reasons.size() > kReasons) {
    story.cannot_be_told.push_back("More was left out, for other reasons; record.json lists it.");
  }
}

/// "; about so many would decide: 12,000 rows without the favourable label, of the two groups
/// together, for “plain” in False positive rate, widest gap by sex".
std::string rows_that_would_decide(const View& view) {
  std::vector<std::string> out;
  constexpr std::size_t kNamed = 4;
  for (const Shown& s : view.judged) {
    if (s.verdict() != Verdict::kCannotTell || !s.rows_needed() || out.size() == kNamed) continue;
    out.push_back(thousands(*s.rows_needed()) + " " + rows_counted(s) + " for “" + s.at() +
                  "” in " + s.name() + " by " + question(s.by()));
  }
  return out.empty() ? "" : "; about so many would decide: " + enumerated(out);
}

void tell_unknown(const View& view, Story& story) {
  const auto cannot = std::count_if(view.judged.begin(), view.judged.end(), [](const Shown& s) {
    return s.verdict() == Verdict::kCannotTell;
  });
  if (cannot > 0) {
    const bool ways = is_comparison(view);  // each bound is judged for each of them
    story.cannot_be_told.push_back(count(static_cast<std::uint64_t>(cannot),
                                         ways ? "verdict" : "bound", ways ? "verdicts" : "bounds") +
                                   ": the rows are too few for an answer in either direction" +
                                   (ways ? rows_that_would_decide(view) : "") + ".");
  }
  if (view.undefined > 0) {
    std::vector<std::string> reasons;
    for (const auto& [reason, times] : view.reasons)
      reasons.push_back(reason + " (" + thousands(times) + ")");
    story.cannot_be_told.push_back(count(view.undefined, "number does", "numbers do") +
                                   " not exist or stand on too few rows: " + enumerated(reasons) +
                                   ".");
  }
  if (view.hidden > 0) {
    story.cannot_be_told.push_back(
        count(view.hidden, "number is", "numbers are") +
        " not shown, so that no cell of fewer than 11 rows can be read off or worked out. They "
        "stand in record.json, for those who may see the rows.");
    for (std::string& advice : advice_on_small_groups(view)) {
      story.cannot_be_told.push_back(std::move(advice));
    }
  }
  tell_left_out(view, story);
}

std::string method_name(const std::string& interval) {
  if (interval == "clopper_pearson") return "Clopper-Pearson (exact)";
  if (interval == "jeffreys") return "Jeffreys";
  return "Wilson";
}

void tell_intervals(const View& view, Story& story) {
  story.intervals = {
      "The plain interval of a share is " + method_name(option(view, "interval")) + " at " +
          view.level +
          "; of a difference or a quotient of two groups it is made from their intervals (Newcombe "
          "1998; Zou & Donner "
          "2008; Donner & Zou 2012). It holds for one number looked at by itself.",
      "The widest gap is picked by looking at the data, so its interval covers all pairs of groups "
      "at once.",
      "A verdict rests on the family interval: Clopper-Pearson limits at Bonferroni's level over "
      "all bounds that were "
      "asked for. A bound is met when that whole interval lies on its good side, broken when it "
      "lies on the bad side, and "
      "cannot be told otherwise.",
      "Numbers without a bound are exploration: with many of them, some lie far out by chance. "
      "Those "
      "with a test (are all groups alike? chi-square of shares, Cochran's Q of other numbers; is a "
      "group calibrated?) stand out if they still do so among all of them: of what stands out, at "
      "most "
      "the doubt of the intervals is false on average (Benjamini & Hochberg 1995)."};
  const std::string cluster = option(view, "cluster");
  story.intervals.push_back(cluster.empty() ? "Rows were taken as independent: one row, one person."
                                            : "Rows of one " + cluster +
                                                  " were taken together in every interval.");
  const std::string weight = option(view, "weight");
  if (!weight.empty()) {
    story.intervals.push_back("Rows carry " + option(view, "weight_kind") +
                              " weights from the column " + weight + ".");
  }
  const std::string convention = option(view, "convention");
  if (!convention.empty() && convention != "evenhand") {
    story.intervals.push_back("Values follow the convention of " + convention +
                              ", also where it answers 0/0.");
  }
}

void tell_limitations(const View& view, Story& story) {
  if (view.labels) {
    story.limitations.push_back(
        "Labels may be seen only for the accepted: whoever was refused a loan cannot repay it. "
        "Then every number that "
        "needs a label speaks of the accepted only, and differences among the refused stay "
        "unseen.");
    story.limitations.push_back(
        "Labels may carry old bias: an arrest is not an offence, and a past rating is somebody's "
        "judgement. Agreement with "
        "such a label is no proof of a right decision.");
  }
  story.limitations.push_back(
      "Differences are measured, not explained: the rows do not hold all reasons, and no number "
      "here tells cause.");
  story.limitations.push_back(
      "Groups are as they were recorded. Unknown is shown as a group and never compared; a group "
      "that nobody recorded "
      "cannot be seen at all. Even groups can hide uneven crossings of them.");
  story.limitations.push_back(
      "The rows are those of this file and this time; other people, places and times may differ.");
  for (const record::Finding& f : view.record->findings) {
    if (!f.open) continue;
    story.limitations.push_back(
        "Labels or decisions are missing. The tables say between which values a number would lie "
        "if they were known, with the interval of Imbens & Manski (2004) around both. Calibration "
        "errors and slopes, conditional disparity and differential fairness have no such range: "
        "they speak of the rows that lack nothing.");
    break;
  }
  if (view.hidden > 0) {
    story.limitations.push_back(
        "Cells of fewer than 11 rows are suppressed here, and with them others from which they "
        "could be worked out. "
        "record.json holds all counts, for those who may see them.");
  }
}

std::string digest(const record::Input& input) {
  constexpr std::size_t kShown = 16;
  return cleaned(input.path) + " (SHA-256 " + cleaned(input.sha256.substr(0, kShown)) + "…)";
}

void tell_paragraph(const View& view, Story& story) {
  std::string& out = story.paragraph;
  out = looked_at(view);
  if (const std::string model = told_of_the_model(view); !model.empty()) out += " " + model;
  out += " " + story.headline;
  constexpr std::size_t kQuoted = 6;
  for (std::size_t i = 0; i < std::min(story.judged.size(), kQuoted); ++i) {
    const Sentence& s = story.judged[i];
    std::string verdict = s.verdict ? word(*s.verdict) : "";
    if (!verdict.empty()) verdict[0] = static_cast<char>(verdict[0] - 'a' + 'A');
    out += " " + verdict + ": " + s.text;
  }
  if (story.judged.empty()) {
    for (std::size_t i = 0; i < std::min(story.found.size(), kQuoted); ++i)
      out += " " + story.found[i];
  }
  const std::size_t all = story.judged.size() + story.judged_left_out;
  if (all > kQuoted)
    out += " The report lists " + count(all - kQuoted, "more bound.", "more bounds.");
  out += " " + cautions(view);
}

}  // namespace

std::string headline(const record::Record& record) {
  std::array<std::uint64_t, 3> times{};
  for (const record::Finding& f : record.findings) {
    if (f.verdict) ++times[static_cast<std::size_t>(*f.verdict)];
  }
  const auto [met, broken, open] = times;
  const std::uint64_t all = met + broken + open;
  if (all == 0) return "Nothing was judged: no bound was asked for.";
  if (all == 1) {
    return broken == 1 ? "The one bound that was asked for is broken."
           : met == 1
               ? "The one bound that was asked for is met."
               : "Whether the one bound that was asked for holds cannot be told from these rows.";
  }
  std::vector<std::string> parts;
  const auto add = [&](std::uint64_t n, const char* one, const char* many) {
    if (n > 0) parts.push_back(count(n, one, many));
  };
  add(broken, "is broken", "are broken");
  add(met, "is met", "are met");
  add(open, "cannot be told", "cannot be told");
  return "Of " + thousands(all) + " bounds, " + enumerated(parts) + ".";
}

namespace {

/// "a fully connected network": what kinds of models say of themselves begins with an article, or
/// not.
std::string with_article(std::string model) {
  constexpr std::string_view kAny = ", of any widths";
  if (const std::size_t at = model.find(kAny); at != std::string::npos)
    model.erase(at, kAny.size());
  const bool has = model.starts_with("a ") || model.starts_with("an ");
  return (has || model.starts_with("classifiers ") ? "" : "a ") + model;
}

}  // namespace

std::string told_of_the_model(const View& view) {
  const auto& options = view.record->options;
  if (!options.is_object() || !options.contains("scored_by")) return "";
  const auto& by = options["scored_by"];
  if (!by.is_object()) return "";
  const auto text = [&](const char* name) {
    return by.contains(name) && by[name].is_string() ? cleaned(by[name].get<std::string>())
                                                     : std::string("unknown");
  };
  std::vector<std::string> features, files;
  constexpr std::size_t kNamed = 12;
  if (by.contains("features") && by["features"].is_array()) {
    for (const auto& each : by["features"]) {
      if (each.is_string()) features.push_back(cleaned(each.get<std::string>()));
    }
  }
  if (by.contains("fitted_to") && by["fitted_to"].is_array()) {
    for (const auto& each : by["fitted_to"]) {
      if (each.is_object() && each.contains("path") && each["path"].is_string())
        files.push_back(cleaned(each["path"].get<std::string>()));
    }
  }
  const std::size_t all = features.size();
  if (all > kNamed) {
    features.resize(kNamed);
    features.push_back(thousands(all - kNamed) + " more");
  }
  const bool held_out = by.contains("held_out") && by["held_out"] == true;
  return "The scores are nobody's decisions: Evenhand fitted " + with_article(text("model")) +
         " of " + text("label") + " (" + text("favourable") + ") to " +
         count(all, "column", "columns") + " of " +
         (files.empty() ? "a table" : enumerated(files)) +
         (features.empty() ? "" : ": " + enumerated(features)) + ". " +
         (held_out ? "Each row was scored by a fit that had not seen it."
                   : "The fit that scored the rows may have seen them.");
}

std::string looked_at(const View& view) {
  std::string out = "Evenhand " + cleaned(view.record->code_version) + " looked at " +
                    count(view.rows, "row", "rows");
  if (!view.record->inputs.empty()) out += " of " + digest(view.record->inputs.front());
  if (view.record->inputs.size() > 1)
    out += " and " + count(view.record->inputs.size() - 1, "more file", "more files");
  return out + ".";
}

std::string cautions(const View& view) {
  const std::string seed = " (seed " + std::to_string(view.record->seed) + ").";
  return std::string(kCaution) + (view.record->tallies.empty()
                                      ? " The numbers stand in record.json, with what they were "
                                        "made from" +
                                            seed
                                      : " Every number can be recomputed from record.json" + seed);
}

Story story(const View& view) {
  Story out;
  out.headline = headline(*view.record);
  tell_judged(view, out);
  tell_asked(view, out);
  tell_found(view, out);
  tell_exploration(view, out);
  tell_unknown(view, out);
  out.meanings = {
      "Met means: this bound, on these rows, at this error rate. It does not mean fair, and it "
      "does not mean lawful.",
      "Broken means: a measured difference beyond what was asked. It is not by itself "
      "discrimination; reasons and law are "
      "not in the rows.",
      "Cannot tell means: too few rows for an answer in either direction. It does not mean that "
      "there is no difference."};
  tell_intervals(view, out);
  tell_limitations(view, out);
  out.done = (view.judged.empty() ? std::string("The decisions were described")
                                  : "The decisions were held against " +
                                        count(view.judged.size(), "bound", "bounds")) +
             ", on " + count(view.rows, "row", "rows") + ".";
  if (is_audit(view)) {
    tell_audit(view, out);
    out.done = out.asked.empty() ? "" : out.asked.front();
  }
  if (is_comparison(view)) tell_comparison(view, out);
  if (is_training(view)) tell_training(view, out);
  if (is_adjustment(view)) tell_adjustment(view, out);
  tell_paragraph(view, out);
  return out;
}

std::string evaluation_title(const record::Record& record) {
  const auto& options = record.options;
  std::string of;
  if (options.is_object() && options.contains("decision") && options["decision"].is_object() &&
      options["decision"].contains("column") && options["decision"]["column"].is_string()) {
    of = options["decision"]["column"].get<std::string>();
  } else if (options.is_object() && options.contains("score") && options["score"].is_string()) {
    of = options["score"].get<std::string>();
  }
  return of.empty() ? "Evaluation" : "Evaluation of " + cleaned(of);
}

Ends ends_of(const std::vector<const Shown*>& findings) {
  Ends out;
  for (const Shown* s : findings) {
    if (s->unknown() || s->everybody() || !s->within().empty()) continue;
    out.hidden = out.hidden || s->state() == State::kHidden;
    if (s->state() != State::kShown) continue;
    const double v = *s->numbers().value;
    if (out.lowest == nullptr || v < *out.lowest->numbers().value) out.lowest = s;
    if (out.highest == nullptr || v > *out.highest->numbers().value) out.highest = s;
  }
  return out;
}

Choice choose(const std::vector<const Shown*>& all, std::size_t most) {
  if (all.size() <= most) return {all, 0};
  std::vector<const Shown*> valued;
  for (const Shown* s : all) {
    if (s->state() == State::kShown && !s->everybody()) valued.push_back(s);
  }
  std::stable_sort(valued.begin(), valued.end(), [](const Shown* a, const Shown* b) {
    return *a->numbers().value < *b->numbers().value;
  });
  const std::size_t each = std::max<std::size_t>(most / 2, 1);
  if (valued.size() > 2 * each) {
    valued.erase(valued.begin() + static_cast<std::ptrdiff_t>(each),
                 valued.end() - static_cast<std::ptrdiff_t>(each));
  }
  for (const Shown* s : all) {
    if (s->everybody()) valued.push_back(s);
  }
  return {valued, all.size() - valued.size()};
}

std::string says_choice(const Choice& choice) {
  if (choice.left_out == 0) return "";
  return "Only the lowest and the highest values are shown; " + thousands(choice.left_out) +
         " others are left out here and stand in record.json.";
}

std::vector<std::vector<const Shown*>> by_metric(const std::vector<Shown>& all) {
  std::vector<std::vector<const Shown*>> out;
  for (const Shown& s : all) {
    if (out.empty() || out.back().front()->id() != s.id()) out.emplace_back();
    out.back().push_back(&s);
  }
  return out;
}

int hue(const Question& question, const std::string& group) {
  const auto found = question.hues.find(group);
  return found == question.hues.end() ? -1 : found->second % kHues;
}

}  // namespace evenhand::report
