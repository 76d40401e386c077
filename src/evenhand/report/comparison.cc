// A comparison in sentences: the first way of deciding against each of the others.
#include "evenhand/report/comparison.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace evenhand::report {

namespace {

/// "lambda"; "" where the ways of deciding are no row of values.
std::string frontier_by(const View& view) {
  const auto& options = view.record->options;
  if (!is_comparison(view) || !options.is_object() || !options.contains("frontier")) return "";
  const auto& said = options["frontier"];
  const bool named = said.is_object() && said.contains("by") && said["by"].is_string();
  return named ? cleaned(said["by"].get<std::string>()) : "";
}

}  // namespace

/// The names of the ways of deciding, the one before first.
std::vector<std::string> ways_of(const View& view) {
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

std::string change_of(const std::vector<std::string>& ways, std::size_t way) {
  return ways.front() + " to " + ways[way];
}

const Shown* number_at(const std::vector<Shown>& all, std::string_view id, const std::string& at) {
  for (const Shown& s : all) {
    if (s.id() == id && s.at() == at) return &s;
  }
  return nullptr;
}

const Shown* shown_at(const std::vector<Shown>& all, std::string_view id, const std::string& at) {
  const Shown* s = number_at(all, id, at);
  return s != nullptr && s->state() == State::kShown ? s : nullptr;
}

bool is_comparison(const View& view) { return view.record->operation == "compare run"; }

bool is_frontier(const View& view) { return !frontier_by(view).empty(); }

namespace {

/// "from 17.2 points to 6.9 points: a change of -10.3 points (-10.8 to -9.8 points)"; "" where a
/// value is not shown.
std::string from_to(const Shown* before, const Shown* after, const Shown* change) {
  if (before == nullptr || after == nullptr) return "";
  const int digits = std::max(before->digits(), after->digits());
  const std::string out = "from " + before->value(digits) + " to " + after->value(digits);
  if (change == nullptr) return out + " (the interval of the change is not shown)";
  return out + ": a change of " + change->value() + " (" + change->plain() + ")";
}

std::string gap_sentence(const Question& q, const std::vector<std::string>& ways, std::size_t c) {
  const std::string id = "selection_rate_difference";
  const std::string told =
      from_to(shown_at(q.gaps, id, ways.front()), shown_at(q.gaps, id, ways[c]),
              shown_at(q.gaps, id + "_change", change_of(ways, c)));
  if (told.empty()) return "";
  return "With “" + ways[c] + "” instead of “" + ways.front() +
         "” the widest gap in the share that is selected, by " + q.name + ", goes " + told + ".";
}

std::string cost_sentence(const Question& everybody, const std::vector<std::string>& ways,
                          std::size_t c) {
  const std::string right =
      from_to(shown_at(everybody.groups, "accuracy", ways.front()),
              shown_at(everybody.groups, "accuracy", ways[c]),
              shown_at(everybody.groups, "accuracy_change", change_of(ways, c)));
  const std::string selected =
      from_to(shown_at(everybody.groups, "selection_rate", ways.front()),
              shown_at(everybody.groups, "selection_rate", ways[c]),
              shown_at(everybody.groups, "selection_rate_change", change_of(ways, c)));
  std::string out;
  if (!right.empty()) out = "the share of right decisions goes " + right;
  if (!selected.empty()) {
    out += (out.empty() ? "" : "; ") + ("the share that is selected goes " + selected);
  }
  return out.empty() ? "" : "With “" + ways[c] + "” " + out + ".";
}

/// Who gains and who loses: of each group the shares that are decided differently.
std::string who_sentence(const Question& q, const std::vector<std::string>& ways, std::size_t c) {
  const std::string change = change_of(ways, c);
  std::string out;
  std::size_t told = 0;
  constexpr std::size_t kNamed = 6;
  const ByGroup down = by_group(q, "newly_unfavourable", change);
  for (const Shown& up : q.groups) {
    if (up.id() != "newly_favourable" || up.at() != change || up.state() != State::kShown) continue;
    const auto at = down.find(*up.group());
    if (at == down.end() || at->second->state() != State::kShown || ++told > kNamed) continue;
    out += (out.empty() ? "of " : "; of ") + up.about() + " " + up.value() + " and " +
           at->second->value();
  }
  if (out.empty()) return "";
  return "By " + q.name + " with “" + ways[c] +
         "” these shares are newly selected, and no longer selected: " + out + ".";
}

/// The group whose true positive rate falls most, if it surely falls. Among groups that are hidden
/// one may lose more, so the rank is one of those that are shown; of a single one there is none.
std::string worse_sentence(const Question& q, const std::vector<std::string>& ways, std::size_t c) {
  const Shown* worst = nullptr;
  std::size_t shown = 0;
  bool hidden = false;
  for (const Shown& s : q.groups) {
    if (s.id() != "true_positive_rate_change" || s.at() != change_of(ways, c)) continue;
    hidden = hidden || s.state() == State::kHidden;
    if (s.state() != State::kShown || s.unknown()) continue;
    ++shown;
    if (worst == nullptr || *s.numbers().value < *worst->numbers().value) worst = &s;
  }
  if (worst == nullptr || worst->numbers().high.value_or(0) >= 0) return "";
  const std::string rank = shown == 1 ? " loses"
                           : hidden   ? " loses most of the groups that are shown"
                                      : " loses most";
  return "With “" + ways[c] + "” " + worst->about() + rank +
         ": of those with the favourable label, the share that is selected changes by " +
         worst->value() + " (" + worst->plain() + ").";
}

/// "from 17.2 points (16.6 to 17.8 points) with “plain” to 2.1 points (...) with “lambda 10”".
std::string first_to_last(const Frontier& along, const Shown* FrontierPoint::*number) {
  const FrontierPoint &first = along.points.front(), &last = along.points.back();
  if (first.*number == nullptr || last.*number == nullptr) return "";
  const auto told = [&](const FrontierPoint& point) {
    const Shown& s = *(point.*number);
    return s.value() + " (" + s.plain() + ") with “" + point.name + "”";
  };
  return "from " + told(first) + " to " + told(last);
}

std::string frontier_sentence(const Frontier& along, const Question& q) {
  const std::string gap = first_to_last(along, &FrontierPoint::gap);
  const std::string accuracy = first_to_last(along, &FrontierPoint::accuracy);
  if (gap.empty() || accuracy.empty()) return "";
  return along.points.front().gap->name() + ", by " + q.name + ": " + gap +
         "; accuracy: " + accuracy + ".";
}

/// What a decision maker must not miss and no gap tells: everybody refused or let in, every group
/// selected less. "" where none of it is so.
std::string levelled_sentence(const Question& q, const Question* everybody,
                              const std::vector<std::string>& ways, std::size_t c) {
  const ByGroup before = by_group(q, "selection_rate", ways.front());
  const ByGroup after = by_group(q, "selection_rate", ways[c]);
  const auto shown = [](const ByGroup& numbers, const Size& size) -> const Shown* {
    const auto at = numbers.find(size.group);
    const bool is = at != numbers.end() && at->second->state() == State::kShown;
    return is && !at->second->unknown() ? at->second : nullptr;
  };
  std::string rates;
  std::size_t groups = 0, less = 0;
  for (const Size& size : q.sizes) {
    const Shown *was = shown(before, size), *is = shown(after, size);
    if (was == nullptr || is == nullptr) continue;
    ++groups;
    // Beyond what either interval leaves open.
    less += is->numbers().high.value_or(1) < was->numbers().low.value_or(0) ? 1 : 0;
    constexpr std::size_t kNamed = 6;
    if (groups <= kNamed) {
      rates += (rates.empty() ? "" : "; ") + size.name + " " + was->value() + " to " + is->value();
    }
  }
  if (groups == 0) return "";
  const Shown* all =
      everybody == nullptr ? nullptr : shown_at(everybody->groups, "selection_rate", ways[c]);
  const double share = all == nullptr ? 0.5 : *all->numbers().value;
  constexpr double kNearly = 0.05;
  std::string first;
  if (share < kNearly) first = "nearly everybody is refused (" + all->value() + " are selected)";
  if (share > 1 - kNearly) first = "nearly everybody is selected (" + all->value() + ")";
  if (first.empty() && groups > 1 && less == groups) {
    first = "every group that is shown is selected less";
  }
  if (first.empty()) return "";
  return "With “" + ways[c] + "” " + first + "; selection rates by " + q.name + " go from " +
         rates + ".";
}

void say(std::vector<std::string>& to, const std::string& sentence) {
  if (!sentence.empty()) to.push_back(sentence);
}

/// Who is decided differently, and who loses: what the tables of gaps do not say.
void say_who(std::vector<std::string>& to, const View& view, const std::vector<std::string>& ways,
             std::size_t c) {
  const Question* all = everybody(view);
  for (const Question& q : view.questions) {
    if (q.by.empty()) continue;
    say(to, levelled_sentence(q, all, ways, c));
    // Of a frontier the numbers of each value stand in the tables.
    if (c + 1 == ways.size() || !frontier(view, q)) say(to, who_sentence(q, ways, c));
    say(to, worse_sentence(q, ways, c));
  }
}

/// Gap and cost of each way in one breath: "The gap in the selection rate by sex goes from 19.3
/// points to 9.8 points with “gap” (accuracy changes by -1.2 points)."; else the first sentence.
std::string headline(const View& view, const std::vector<std::string>& ways,
                     const std::vector<std::string>& sentences) {
  const Question* all = everybody(view);
  std::string out;
  for (const Question& q : view.questions) {
    if (q.by.empty() || frontier(view, q)) continue;
    const Shown* before = shown_at(q.gaps, "selection_rate_difference", ways.front());
    for (std::size_t c = 1; c < ways.size() && before != nullptr; ++c) {
      const Shown* after = shown_at(q.gaps, "selection_rate_difference", ways[c]);
      if (after == nullptr) continue;
      out += (out.empty() ? "The gap in the selection rate by " + q.name + " goes from " +
                                before->value() + " to "
                          : "; to ") +
             after->value() + " with “" + ways[c] + "”";
      const Shown* cost =
          all == nullptr ? nullptr : shown_at(all->groups, "accuracy_change", change_of(ways, c));
      if (cost != nullptr) out += " (accuracy changes by " + cost->value() + ")";
    }
    break;
  }
  if (!out.empty()) return out + ".";
  if (!sentences.empty()) return sentences.front();
  return "The decisions were compared; no gap between groups can be shown, nor a change of one.";
}

}  // namespace

Weighed weigh(const View& view) {
  const std::vector<std::string> ways = ways_of(view);
  const Question* all = everybody(view);
  Weighed out;
  for (const Question& q : view.questions) {
    if (const auto along = frontier(view, q)) say(out.between, frontier_sentence(*along, q));
  }
  if (is_frontier(view)) return out;
  say(out.gained, bounds_sentence(view));
  const auto first = std::find_if(view.questions.begin(), view.questions.end(),
                                  [](const Question& q) { return !q.by.empty(); });
  for (std::size_t c = 1; c < ways.size() && first != view.questions.end(); ++c) {
    say(out.who, levelled_sentence(*first, all, ways, c));  // first: it must not be missed
  }
  for (std::size_t c = 1; c < ways.size(); ++c) {
    if (all != nullptr) say(out.cost, cost_sentence(*all, ways, c));
    if (first != view.questions.end()) say(out.who, who_sentence(*first, ways, c));
    for (const Question& q : view.questions) {
      if (q.by.empty()) continue;
      say(out.gained, gap_sentence(q, ways, c));
      say(out.who, worse_sentence(q, ways, c));
    }
  }
  return out;
}

void tell_comparison(const View& view, Story& story) {
  const std::vector<std::string> ways = ways_of(view);
  story.title = is_frontier(view) ? "Frontier by " + frontier_by(view) : "Comparison of decisions";
  story.done = count(ways.size(), "way", "ways") + " of deciding about the same " +
               count(view.rows, "row", "rows") + " were held against each other.";
  std::vector<std::string> sentences;
  for (const Question& q : view.questions) {
    if (const auto along = frontier(view, q)) say(sentences, frontier_sentence(*along, q));
  }
  for (std::size_t c = 1; c < ways.size(); ++c) say_who(sentences, view, ways, c);
  const std::string verdicts = bounds_sentence(view);
  story.headline = (verdicts.empty() ? "" : verdicts + " ") + headline(view, ways, sentences);
  story.found = sentences;
  story.judged.clear();  // they stand in a table, bounds by ways
  story.judged_left_out = 0;
  if (verdicts.empty()) story.meanings.clear();
  story.meanings.insert(
      story.meanings.end(),
      {"A change is counted over the same rows under both ways of deciding, so it is known better "
       "than a difference of two samples.",
       "A gap closes as well by making the better group worse as by making the worse group better: "
       "read the change of each group beside it.",
       "That people are decided differently does not say who was decided rightly."});
  story.intervals = {
      "A rate has Wilson's interval; the change of a rate Newcombe's for pairs (1998).",
      "The change of the widest gap has limits that hold whichever groups are widest before and "
      "after; with more than two groups they stand on exact limits of every group."};
  if (verdicts.empty()) return;
  story.intervals.push_back(
      "A verdict rests on Clopper-Pearson limits at Bonferroni's level over all bounds and all "
      "ways of deciding together: with the probability of the intervals none of these verdicts is "
      "wrong.");
}

}  // namespace evenhand::report
