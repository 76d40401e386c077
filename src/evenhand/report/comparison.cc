// A comparison in sentences and pictures: the first way of deciding against each of the others.
#include "evenhand/report/comparison.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "evenhand/report/svg.h"

namespace evenhand::report {
namespace {

/// The names of the ways of deciding, the one before first.
std::vector<std::string> names_of(const View& view) {
  std::vector<std::string> out;
  const auto& options = view.record->options;
  if (!options.is_object() || !options.contains("decisions")) return out;
  for (const auto& each : options["decisions"]) {
    if (each.is_object() && each.contains("name") && each["name"].is_string()) {
      out.push_back(cleaned(each["name"].get<std::string>()));
    }
  }
  return out;
}

const Shown* find(const std::vector<Shown>& all, std::string_view id, const std::string& at) {
  for (const Shown& s : all) {
    if (s.id() == id && s.at() == at && s.state() == State::kShown) return &s;
  }
  return nullptr;
}

std::string change_of(const std::vector<std::string>& names, std::size_t c) {
  return names.front() + " to " + names[c];
}

/// "from 17.2 points to 6.9 points: a change of -10.3 points (-10.8 to -9.8 points)"; "" where a
/// value is not shown.
std::string from_to(const Shown* before, const Shown* after, const Shown* change) {
  if (before == nullptr || after == nullptr) return "";
  const std::string out = "from " + before->value() + " to " + after->value();
  if (change == nullptr) return out + " (the interval of the change is not shown)";
  return out + ": a change of " + change->value() + " (" + change->plain() + ")";
}

std::string gap_sentence(const Question& q, const std::vector<std::string>& names, std::size_t c,
                         const std::string& rate, const std::string& words) {
  const std::string id = rate + "_difference";
  const std::string told = from_to(find(q.gaps, id, names.front()), find(q.gaps, id, names[c]),
                                   find(q.gaps, id + "_change", change_of(names, c)));
  if (told.empty()) return "";
  return "With “" + names[c] + "” instead of “" + names.front() + "” the widest gap in the " +
         words + " by " + q.name + " goes " + told + ".";
}

std::string cost_sentence(const Question& everybody, const std::vector<std::string>& names,
                          std::size_t c) {
  const std::string told = from_to(find(everybody.groups, "accuracy", names.front()),
                                   find(everybody.groups, "accuracy", names[c]),
                                   find(everybody.groups, "accuracy_change", change_of(names, c)));
  return told.empty() ? "" : "With “" + names[c] + "” the accuracy goes " + told + ".";
}

/// Who gains and who loses: of each group the shares that are decided differently.
std::string who_sentence(const Question& q, const std::vector<std::string>& names, std::size_t c) {
  const std::string change = change_of(names, c);
  std::string out;
  std::size_t told = 0;
  constexpr std::size_t kNamed = 6;
  for (const Shown& up : q.groups) {
    if (up.id() != "newly_favourable" || up.at() != change || up.state() != State::kShown) continue;
    const auto down = std::find_if(q.groups.begin(), q.groups.end(), [&](const Shown& s) {
      return s.id() == "newly_unfavourable" && s.at() == change && s.about() == up.about() &&
             s.state() == State::kShown;
    });
    if (down == q.groups.end() || ++told > kNamed) continue;
    out += (out.empty() ? "" : "; ") + up.about() + " " + up.value() + " and " + down->value();
  }
  if (out.empty()) return "";
  return "With “" + names[c] +
         "” these shares are decided differently, newly favourably and "
         "newly unfavourably: " +
         out + ".";
}

/// The group whose true positive rate falls most, if it surely falls.
std::string worse_sentence(const Question& q, const std::vector<std::string>& names,
                           std::size_t c) {
  const Shown* worst = nullptr;
  for (const Shown& s : q.groups) {
    if (s.id() != "true_positive_rate_change" || s.at() != change_of(names, c)) continue;
    if (s.state() != State::kShown || s.unknown()) continue;
    if (worst == nullptr || *s.numbers().value < *worst->numbers().value) worst = &s;
  }
  if (worst == nullptr || worst->numbers().high.value_or(0) >= 0) return "";
  return "With “" + names[c] + "” " + worst->about() +
         " loses most: of those with the favourable label, the share that is decided favourably "
         "changes by " +
         worst->value() + " (" + worst->plain() + ").";
}

void say(std::vector<std::string>& to, const std::string& sentence) {
  if (!sentence.empty()) to.push_back(sentence);
}

Picture picture(const std::string& title, const std::string& caption,
                const std::vector<const Shown*>& findings, const std::vector<std::string>& labels,
                Counter& counter) {
  std::vector<Dot> dots;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    dots.push_back(dot_of(*findings[i], labels[i], static_cast<int>(i % kHues)));
    dots.back().note.clear();
  }
  const Axis axis = axis_for(dots, findings.front()->scale(), std::nullopt);
  Picture out{title, caption, ""};
  out.svg = report::dots({counter.id(), title, described(findings)}, dots, axis);
  return out;
}

/// One number of each way of deciding.
void add_ways(std::vector<Picture>& out, const std::vector<Shown>& all, const std::string& id,
              const std::string& words, const std::vector<std::string>& names, Counter& counter) {
  std::vector<const Shown*> findings;
  std::vector<std::string> labels;
  for (const std::string& name : names) {
    const Shown* s = find(all, id, name);
    if (s == nullptr) continue;
    findings.push_back(s);
    labels.push_back(name);
  }
  if (findings.empty()) return;
  out.push_back(picture(
      words + ": " + findings.front()->value() + " (" + labels.front() + ")" +
          (findings.size() > 1 ? ", " + findings.back()->value() + " (" + labels.back() + ")" : ""),
      "One row for each way of deciding.", findings, labels, counter));
}

/// A rate of each group under each way of deciding.
void add_groups(std::vector<Picture>& out, const Question& q, const std::string& id,
                const std::string& words, const std::vector<std::string>& names, Counter& counter) {
  constexpr std::size_t kRows = 24;
  std::vector<const Shown*> findings;
  std::vector<std::string> labels;
  for (const Size& size : q.sizes) {
    for (const std::string& name : names) {
      for (const Shown& s : q.groups) {
        if (s.id() != id || s.at() != name || s.about() != size.name) continue;
        if (findings.size() == kRows) continue;
        findings.push_back(&s);
        labels.push_back(size.name + ", " + name);
      }
    }
  }
  if (findings.empty()) return;
  out.push_back(picture(words + " of each group", "One row for each group and way of deciding.",
                        findings, labels, counter));
}

}  // namespace

bool is_comparison(const View& view) { return view.record->operation == "compare run"; }

void tell_comparison(const View& view, Story& story) {
  const std::vector<std::string> names = names_of(view);
  const Question* all = everybody(view);
  story.title = "Comparison of decisions";
  std::vector<std::string> sentences;
  for (std::size_t c = 1; c < names.size(); ++c) {
    for (const Question& q : view.questions) {
      if (q.by.empty()) continue;
      say(sentences, gap_sentence(q, names, c, "selection_rate", "selection rate"));
      say(sentences, gap_sentence(q, names, c, "true_positive_rate", "true positive rate"));
      say(sentences, gap_sentence(q, names, c, "false_positive_rate", "false positive rate"));
    }
    if (all != nullptr) say(sentences, cost_sentence(*all, names, c));
    for (const Question& q : view.questions) {
      if (q.by.empty()) continue;
      say(sentences, worse_sentence(q, names, c));
      say(sentences, who_sentence(q, names, c));
    }
  }
  story.headline = sentences.empty() ? "The decisions were compared; nothing of it can be shown."
                                     : sentences.front();
  if (!sentences.empty()) sentences.erase(sentences.begin());
  story.found = sentences;
  story.meanings = {
      "A change is counted over the same rows under both ways of deciding, so it is known better "
      "than a difference of two samples.",
      "A gap closes as well by making the better group worse as by making the worse group better: "
      "read the change of each group beside it.",
      "That people are decided differently does not say who was decided rightly."};
  story.intervals = {
      "A rate has Wilson's interval; the change of a rate Newcombe's for pairs (1998).",
      "The change of the widest gap has limits that hold whichever groups are widest before and "
      "after; with more than two groups they stand on exact limits of every group."};
}

std::vector<Picture> comparison_pictures(const View& view, const Question& question,
                                         const Question* everybody, Counter& counter) {
  const std::vector<std::string> names = names_of(view);
  std::vector<Picture> out;
  if (question.by.empty()) {
    add_ways(out, question.groups, "accuracy", "Accuracy", names, counter);
    add_ways(out, question.groups, "selection_rate", "Selection rate", names, counter);
    return out;
  }
  const std::pair<const char*, const char*> gaps[] = {
      {"selection_rate_difference", "Gap in the selection rate"},
      {"true_positive_rate_difference", "Gap in the true positive rate"},
      {"false_positive_rate_difference", "Gap in the false positive rate"}};
  for (const auto& [id, words] : gaps) add_ways(out, question.gaps, id, words, names, counter);
  if (everybody != nullptr) {
    add_ways(out, everybody->groups, "accuracy", "Accuracy of everybody", names, counter);
  }
  add_groups(out, question, "selection_rate", "Selection rate", names, counter);
  add_groups(out, question, "true_positive_rate", "True positive rate", names, counter);
  return out;
}

}  // namespace evenhand::report
