// A comparison in sentences and pictures: the first way of deciding against each of the others.
#include "evenhand/report/comparison.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "evenhand/base/field.h"
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
  return "By " + q.name + " with “" + names[c] +
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

/// The rates whose gaps are told of: of a frontier those that it closes.
std::vector<std::pair<std::string, std::string>> told_rates(const std::optional<Frontier>& along) {
  const std::vector<std::pair<std::string, std::string>> all = {
      {"selection_rate", "selection rate"},
      {"true_positive_rate", "true positive rate"},
      {"false_positive_rate", "false positive rate"}};
  if (!along) return all;
  if (along->gap == "accuracy_difference") return {{"accuracy", "accuracy"}};
  if (along->gap == "equalized_odds_difference") return {all[1], all[2]};
  for (const auto& each : all) {
    if (along->gap == each.first + "_difference") return {each};
  }
  return all;
}

/// "from 17.2 points with “plain” to 2.1 points with “lambda 10”".
std::string first_to_last(const Frontier& along, const Shown* FrontierPoint::*number) {
  const FrontierPoint &first = along.points.front(), &last = along.points.back();
  if (first.*number == nullptr || last.*number == nullptr) return "";
  return "from " + (first.*number)->value() + " with “" + first.name + "” to " +
         (last.*number)->value() + " with “" + last.name + "”";
}

std::string frontier_sentence(const Frontier& along, const Question& q) {
  const std::string gap = first_to_last(along, &FrontierPoint::gap);
  const std::string accuracy = first_to_last(along, &FrontierPoint::accuracy);
  if (gap.empty() || accuracy.empty()) return "";
  return along.points.front().gap->name() + ", by " + q.name + ": " + gap +
         "; accuracy: " + accuracy + ".";
}

/// Whom a gap was closed by: of all groups that are shown under both, the selection rates. Says
/// first what a decision maker must not miss: everybody refused or let in, every group selected
/// less.
std::string selected_sentence(const Question& q, const Question* everybody,
                              const std::vector<std::string>& names, std::size_t c) {
  std::string rates;
  std::size_t groups = 0, less = 0;
  for (const Size& size : q.sizes) {
    const Shown *before = nullptr, *after = nullptr;
    for (const Shown& s : q.groups) {
      if (s.id() != "selection_rate" || s.about() != size.name) continue;
      if (s.state() != State::kShown || s.unknown()) continue;
      if (s.at() == names.front()) before = &s;
      if (s.at() == names[c]) after = &s;
    }
    if (before == nullptr || after == nullptr) continue;
    ++groups;
    // Beyond what either interval leaves open.
    less += after->numbers().high.value_or(1) < before->numbers().low.value_or(0) ? 1 : 0;
    constexpr std::size_t kNamed = 6;
    if (groups <= kNamed) {
      rates +=
          (rates.empty() ? "" : "; ") + size.name + " " + before->value() + " to " + after->value();
    }
  }
  if (groups == 0) return "";
  const Shown* all =
      everybody == nullptr ? nullptr : find(everybody->groups, "selection_rate", names[c]);
  const double share = all == nullptr ? 0.5 : *all->numbers().value;
  constexpr double kNearly = 0.05;
  std::string first;
  if (share < kNearly) first = "nearly everybody is refused (" + all->value() + " are selected)";
  if (share > 1 - kNearly) first = "nearly everybody is selected (" + all->value() + ")";
  if (first.empty() && groups > 1 && less == groups) {
    first = "every group that is shown is selected less";
  }
  return "With “" + names[c] + "”" + (first.empty() ? "" : " " + first + ";") +
         " selection rates by " + q.name + " go from " + rates + ".";
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

/// Accuracy against the gap, a dot for each value.
void add_frontier(std::vector<Picture>& out, const View& view, const Question& q,
                  Counter& counter) {
  const std::optional<Frontier> along = frontier(view, q);
  if (!along) return;
  std::vector<Spot> spots;
  std::string says;
  const FrontierPoint *first = nullptr, *last = nullptr;
  for (const FrontierPoint& point : along->points) {
    if (point.accuracy == nullptr || point.gap == nullptr) continue;
    spots.push_back({point.value ? shortest(*point.value) : point.name, point.gap->numbers(),
                     point.accuracy->numbers(), point.value.has_value()});
    says += point.name + ": gap " + point.gap->value() + ", interval " + point.gap->plain() +
            "; accuracy " + point.accuracy->value() + ", interval " + point.accuracy->plain() +
            ". ";
    if (first == nullptr) first = &point;
    last = &point;
  }
  if (spots.size() < 2) return;
  const std::string title = first->gap->name() + ": " + first->gap->value() + " (" + first->name +
                            ") to " + last->gap->value() + " (" + last->name + "); accuracy " +
                            first->accuracy->value() + " to " + last->accuracy->value();
  const std::size_t hidden = along->points.size() - spots.size();
  const std::string caption =
      "Across: the gap; the dashed line is parity. Up: accuracy of everybody. One dot for each " +
      along->by + ", which stands beside it, joined in their order; hollow: “" +
      along->points.front().name + "”. Further left is fairer, further up more accurate." +
      (hidden == 0 ? "" : " " + count(hidden, "value", "values") + " cannot be shown.");
  out.push_back(
      {title, caption, plane({counter.id(), title, says}, spots, "gap, points", "accuracy, %")});
}

}  // namespace

std::optional<Frontier> frontier(const View& view, const Question& question) {
  const auto& options = view.record->options;
  if (question.by.empty() || !options.is_object() || !options.contains("frontier")) return {};
  const auto& said = options["frontier"];
  const auto has = [&](const char* name, bool (nlohmann::ordered_json::*is)() const noexcept) {
    return said.is_object() && said.contains(name) && (said[name].*is)();
  };
  using J = nlohmann::ordered_json;
  if (!has("by", &J::is_string) || !has("gap", &J::is_string) || !has("values", &J::is_array)) {
    return {};
  }
  const std::vector<std::string> names = names_of(view);
  if (names.size() != said["values"].size() + 1) return {};
  Frontier out{cleaned(said["by"].get<std::string>()), said["gap"].get<std::string>(), {}};
  const Question* all = everybody(view);
  for (std::size_t c = 0; c < names.size(); ++c) {
    FrontierPoint point{names[c], {}, nullptr, nullptr, nullptr, nullptr};
    if (c > 0 && !said["values"][c - 1].is_number()) return {};
    if (c > 0) point.value = said["values"][c - 1].get<double>();
    point.gap = find(question.gaps, out.gap, names[c]);
    if (c > 0) point.gap_change = find(question.gaps, out.gap + "_change", change_of(names, c));
    if (all != nullptr) {
      point.accuracy = find(all->groups, "accuracy", names[c]);
      if (c > 0) point.accuracy_change = find(all->groups, "accuracy_change", change_of(names, c));
    }
    out.points.push_back(std::move(point));
  }
  return out;
}

bool is_comparison(const View& view) { return view.record->operation == "compare run"; }

namespace {

/// Gap and cost of each way in one breath: "gap: gap 19.3 points to 9.8 points, accuracy ...".
std::string headline(const View& view, const std::vector<std::string>& names,
                     const std::vector<std::string>& sentences) {
  if (sentences.empty()) return "The decisions were compared; nothing of it can be shown.";
  const Question* all = everybody(view);
  std::string out;
  for (const Question& q : view.questions) {
    if (q.by.empty() || frontier(view, q)) continue;
    const Shown* before = find(q.gaps, "selection_rate_difference", names.front());
    for (std::size_t c = 1; c < names.size() && before != nullptr; ++c) {
      const Shown* after = find(q.gaps, "selection_rate_difference", names[c]);
      if (after == nullptr) continue;
      out += (out.empty() ? "The gap in the selection rate by " + q.name + " goes from " +
                                before->value() + " to "
                          : "; to ") +
             after->value() + " with “" + names[c] + "”";
      const Shown* cost =
          all == nullptr ? nullptr : find(all->groups, "accuracy_change", change_of(names, c));
      if (cost != nullptr) out += " (accuracy " + cost->value() + ")";
    }
    break;
  }
  return out.empty() ? sentences.front() : out + ".";
}

}  // namespace

Weighed weigh(const View& view) {
  const std::vector<std::string> names = names_of(view);
  const Question* all = everybody(view);
  Weighed out;
  for (std::size_t c = 1; c < names.size(); ++c) {
    for (const Question& q : view.questions) {
      if (q.by.empty()) continue;
      say(out.gained, gap_sentence(q, names, c, "selection_rate", "selection rate"));
      say(out.who, who_sentence(q, names, c));
      say(out.who, worse_sentence(q, names, c));
    }
    if (all != nullptr) say(out.cost, cost_sentence(*all, names, c));
  }
  return out;
}

void tell_comparison(const View& view, Story& story) {
  const std::vector<std::string> names = names_of(view);
  const Question* all = everybody(view);
  story.title = "Comparison of decisions";
  story.done = count(names.size(), "way", "ways") + " of deciding about the same " +
               count(view.rows, "row", "rows") + " were held against each other.";
  std::vector<std::string> sentences;
  for (const Question& q : view.questions) {
    if (const auto along = frontier(view, q)) say(sentences, frontier_sentence(*along, q));
  }
  for (std::size_t c = 1; c < names.size(); ++c) {
    for (const Question& q : view.questions) {
      if (q.by.empty()) continue;
      say(sentences, selected_sentence(q, all, names, c));
      for (const auto& [rate, words] : told_rates(frontier(view, q))) {
        say(sentences, gap_sentence(q, names, c, rate, words));
      }
    }
    if (all != nullptr) say(sentences, cost_sentence(*all, names, c));
    for (const Question& q : view.questions) {
      if (q.by.empty()) continue;
      say(sentences, worse_sentence(q, names, c));
      // Of a frontier the numbers of each value stand in the tables.
      if (c + 1 == names.size() || !frontier(view, q)) say(sentences, who_sentence(q, names, c));
    }
  }
  story.headline = headline(view, names, sentences);
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
  add_frontier(out, view, question, counter);
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
