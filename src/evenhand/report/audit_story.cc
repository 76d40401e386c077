// The sentences of an audit. Three that must not be mixed up: evidence of imbalance; evidence of
// balance, within a tolerance; and no evidence of imbalance, which is no evidence of balance.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "evenhand/report/audit.h"
#include "evenhand/report/audit_evidence.h"

namespace evenhand::report {
namespace {

const Shown* find(const std::vector<Shown>& all, std::string_view id) {
  for (const Shown& s : all) {
    if (s.id() == id) return &s;
  }
  return nullptr;
}

std::optional<double> value_of(const Shown* s) {
  return s == nullptr ? std::nullopt : s->numbers().value;
}

const Shown* of_group(const Question& q, std::string_view id, const std::string& group) {
  for (const Shown& s : q.groups) {
    if (s.id() == id && s.about() == group && !s.on_curve()) return &s;
  }
  return nullptr;
}

/// Known groups that are short, the shortest first.
std::vector<const Shown*> short_groups(const Question& q) {
  std::vector<const Shown*> out;
  for (const Shown& s : q.groups) {
    if (s.id() == "rows_short" && !s.unknown() && value_of(&s).value_or(0) >= 1) out.push_back(&s);
  }
  std::stable_sort(out.begin(), out.end(), [](const Shown* a, const Shown* b) {
    return *a->numbers().value > *b->numbers().value;
  });
  return out;
}

std::string rows(double n) {
  return count(static_cast<std::uint64_t>(std::llround(std::max(0.0, n))), "row", "rows");
}

std::string share(double x) { return number(x, Scale::kPercent, 1); }

/// "Female: 33.1 % of the rows and 51.3 % of the baseline, 5,917 rows short".
std::string lack(const Question& q, const Shown& short_by) {
  const std::string group = short_by.about();
  const auto p = value_of(of_group(q, "row_share", group));
  const auto gap = value_of(of_group(q, "representation_gap", group));
  std::string out = group + ": ";
  if (p && gap) out += share(*p) + " of the rows and " + share(*p - *gap) + " of the baseline, ";
  return out + rows(*short_by.numbers().value) + " short at this size";
}

/// What would mend it.
std::string to_collect(const Question& q) {
  const auto all = value_of(find(q.gaps, "rows_to_collect"));
  if (!all || *all < 1) return "";
  return rows(*all) + " would have to be collected if none goes";
}

std::string lacks(const Question& q) {
  const auto groups = short_groups(q);
  constexpr std::size_t kNamed = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(kNamed, groups.size()); ++i) {
    out += (i == 0 ? "" : "; ") + lack(q, *groups[i]);
  }
  if (groups.size() > kNamed) {
    out += "; and " + count(groups.size() - kNamed, "more group", "more groups") + " short";
  }
  const std::string mend = to_collect(q);
  return out + (out.empty() || mend.empty() ? "" : "; ") + mend;
}

/// The widest gap that the rows would have missed one time in five.
std::string unseen(const Question& q) {
  const Shown* widest = nullptr;
  for (const Shown& s : q.groups) {
    if (s.id() != "detectable_gap" || s.state() != State::kShown) continue;
    if (widest == nullptr || *s.numbers().value > *widest->numbers().value) widest = &s;
  }
  if (widest == nullptr) return "";
  return ": a gap of " + number(*widest->numbers().value, Scale::kPoints, 1) + " (" +
         widest->about() + ") would have gone unseen one time in five";
}

/// What would decide, where the rows do not.
std::string needed(const Shown& s) {
  const auto rows = s.rows_needed();
  return rows ? " About " + thousands(*rows) + " rows with shares like these would decide." : "";
}

/// One question against its baseline.
std::optional<std::string> balance(const View& view, const Question& q) {
  const Shown* widest = find(q.gaps, "largest_representation_gap");
  if (widest == nullptr || !widest->bound()) return std::nullopt;
  const std::string by = "By " + q.name + " ";
  const Shows shown = shows(view, *widest, find(q.gaps, "chi_square_baseline"));
  if (widest->state() == State::kUndefined) {
    return by + "nothing can be held against the baseline: " + widest->reason() + ".";
  }
  if (shown.evidence == Evidence::kAlike) {
    return by + "there is evidence of balance: every group's share lies " + shown.within +
           " from the baseline's" +
           (shown.differs ? ", though smaller gaps are there beyond chance" : "") + ".";
  }
  const std::string who = lacks(q);
  if (shown.evidence == Evidence::kApart) {
    return by + "there is evidence of imbalance" +
           (shown.beyond ? ""
                         : ", and it cannot be told whether it stays within the tolerance (" +
                               shown.within + ")") +
           (who.empty() ? "" : ". " + who) + ".";
  }
  if (widest->state() == State::kHidden) {
    return by + "it is not shown how the rows compare with the baseline, because " +
           widest->reason() + ".";
  }
  return by + "there is no evidence of imbalance, which is no evidence of balance" + unseen(q) +
         "." + needed(*widest);
}

/// "sex × income: there is no evidence of association, which is no evidence of independence: ..."
std::string association(const View& view, const Question& q) {
  const Shown* v = find(q.gaps, "cramers_v");
  if (v == nullptr || !v->bound() || v->state() == State::kUndefined) return "";
  const Shows shown = shows(view, *v, find(q.gaps, "chi_square_independence"));
  const std::string of = q.name + ": ";
  const std::string size = v->state() == State::kShown
                               ? "Cramér's V is " + v->value() + " (" + v->plain() + ")"
                               : "Cramér's V is not shown";
  switch (shown.evidence) {
    case Evidence::kAlike:
      return of + "there is evidence of near independence: " + size + ", " + shown.within +
             (shown.differs ? ", though something is there beyond chance" : "") + ".";
    case Evidence::kApart:
      return of + "there is evidence of association: " + size +
             (shown.beyond ? ", beyond the tolerance ("
                           : ", and it cannot be told whether it stays within the tolerance (") +
             shown.within + ").";
    case Evidence::kNeither:
      break;
  }
  const Shown* unseen = find(q.gaps, "detectable_v");
  if (v->state() == State::kHidden) {
    return of + "it is not shown how they go together, because " + v->reason() + ".";
  }
  return of + "there is no evidence of association, which is no evidence of independence: " +
         (value_of(unseen) ? "a V of " + unseen->value() : std::string("even a V of 1")) +
         " would have gone unseen one time in five." + needed(*v);
}

std::string sources_sentence(const Question& q) {
  const auto seen = value_of(find(q.gaps, "effective_sources_q0"));
  const Shown* equal = find(q.gaps, "effective_sources_q1");
  const Shown* largest = find(q.gaps, "largest_source_share");
  if (!seen || !value_of(equal) || !value_of(largest)) return "";
  return "By " + q.name + " the rows come from " +
         count(static_cast<std::uint64_t>(std::llround(*seen)), "source", "sources") +
         ", as diverse as " + number(*value_of(equal), Scale::kNumber, 1) +
         " equal ones (interval " + equal->plain() + "); the largest has " +
         share(*value_of(largest)) + " of the rows.";
}

/// "With all features sex = Female can be told with an AUC of 0.930; relationship alone gives
/// 0.863."
std::string proxies_sentence(const Question& q) {
  const Shown *all = nullptr, *alone = nullptr;
  for (const Shown& s : q.groups) {
    if (s.id() != "proxy_auc" || s.state() != State::kShown) continue;
    const Shown*& best = s.at() == "all features" ? all : alone;
    if (best == nullptr || *s.numbers().value > *best->numbers().value) best = &s;
  }
  const auto told = [&](const Shown& s) {
    return "“" + s.about() + "” with an AUC of " + s.value() + " (" + s.plain() + ")";
  };
  if (all == nullptr && alone == nullptr) return "";
  std::string out = "Other columns tell ";
  if (all != nullptr) out += told(*all) + (alone != nullptr ? "; of single ones, " : "");
  if (alone != nullptr) out += alone->at() + " alone tells " + told(*alone);
  return out + ". 0.5 tells nothing, 1 everything.";
}

/// "income (18.2 points)", some of them.
std::string some(const std::vector<const Shown*>& gaps) {
  constexpr std::size_t kNamed = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(kNamed, gaps.size()); ++i) {
    out += (i == 0 ? "“" : ", “") + gaps[i]->at() + "”";
    if (gaps[i]->state() == State::kShown) out += " (" + gaps[i]->value() + ")";
  }
  return gaps.size() > kNamed ? out + " and " + thousands(gaps.size() - kNamed) + " more" : out;
}

/// Of all columns with missing values, which of three holds.
std::string missing_sentence(const View& view, const Question& q) {
  std::vector<const Shown*> apart, alike, neither;
  std::string within;
  for (const Shown& s : q.gaps) {
    const bool judged = s.id() == "missing_rate_difference" && s.bound();
    if (!judged || s.state() != State::kShown) continue;
    const Shows shown = shows(view, s);
    within = shown.within;
    (shown.evidence == Evidence::kApart   ? apart
     : shown.evidence == Evidence::kAlike ? alike
                                          : neither)
        .push_back(&s);
  }
  if (within.empty()) return "";
  const auto widest = [](const Shown* a, const Shown* b) {
    return *a->numbers().value > *b->numbers().value;
  };
  std::string out;
  const auto add = [&](std::vector<const Shown*>& columns, const std::string& words) {
    std::stable_sort(columns.begin(), columns.end(), widest);
    if (!columns.empty()) out += (out.empty() ? "" : "; ") + words + some(columns);
  };
  add(apart, "there is evidence of a gap in ");
  add(alike, "there is evidence of near equality (" + within + ") in ");
  add(neither, "there is evidence of neither a gap nor near equality in ");
  return "Missing values by " + q.name + ": " + out + ".";
}

std::string labels_sentence(const View& view, const Question& q) {
  const Shown* gap = find(q.gaps, "base_rate_difference");
  if (gap == nullptr || gap->state() != State::kShown) return "";
  const std::string size = "The share with the favourable label differs by " + gap->value() + " (" +
                           gap->plain() + ") between " + gap->about();
  if (!gap->bound()) return size + ".";
  return size + ": " + told(shows(view, *gap), kOfGap) + ".";
}

/// Without a baseline the shares are all that can be told.
std::string shares_sentence(const Question& q) {
  std::vector<const Shown*> shares;
  for (const Shown& s : q.groups) {
    if (s.id() == "row_share") shares.push_back(&s);
  }
  const Ends ends = ends_of(shares);
  if (ends.lowest == nullptr || ends.lowest == ends.highest) return "";
  return "By " + q.name + (ends.hidden ? ", of the groups that are shown," : "") +
         " the shares of the rows go from " + ends.lowest->value() + " (" + ends.lowest->about() +
         ") to " + ends.highest->value() + " (" + ends.highest->about() +
         "); no baseline says what they should be.";
}

void tell_intervals(const View& view, Story& story) {
  story.intervals.clear();
  const auto say = [&](std::string sentence) { story.intervals.push_back(std::move(sentence)); };
  say("The plain interval of a share is Wilson's at " + view.level +
      "; of a gap to a known baseline it is that of the share, to a baseline that is a sample "
      "Newcombe's (1998).");
  say("Tests of all groups are chi-square tests; where fewer than five rows are expected in a "
      "group, the p-value comes from tables drawn without a difference (Hope 1968). The effect "
      "beside it (Cohen's w, Cramér's V) has the interval of the noncentral chi-square.");
  say("Balance is claimed by two one-sided exact tests for each group: the Clopper-Pearson limits "
      "of every group's share must lie within the tolerance around the baseline's. That is claimed "
      "of all groups at once, so its error stays below the level without a correction (Berger & "
      "Hsu 1996); that a group lies beyond the tolerance is claimed with the error shared among "
      "the groups. Several questions share it too.");
  say("Near independence is claimed where the upper limit of Cramér's V, at one minus twice the "
      "error, lies within the tolerance (Shishkina, Farmus & Cribbie 2018); a V of 0.1 is a small "
      "effect (Cohen 1988). That limit reckons with the association at the limit, not with the one "
      "found, and needs five rows expected in every cell. Near equality of labels and of missing "
      "values is claimed where the exact limits of no two groups lie further apart than the "
      "tolerance. All of one kind share the error.");
  say("What would have been found is computed from the number of rows (and of labels and missing "
      "values from the rate of all groups together), at a power of 80 %.");
  say("Proxies: a logistic regression of “is of this group”, fitted on four fifths of a sample of "
      "rows and asked of the last fifth, five times over. Effective sources are Hill numbers; "
      "their intervals come from drawing the rows again, but of the number of sources itself from "
      "Chao's estimate of those that were not seen.");
}

}  // namespace

bool is_audit(const View& view) { return view.record->operation == "data audit"; }

void tell_audit(const View& view, Story& story) {
  story.title = "Data audit";
  std::vector<std::string> first, second;
  std::vector<std::string> names;
  const auto say = [](std::vector<std::string>& to, const std::string& sentence) {
    if (!sentence.empty()) to.push_back(sentence);
  };
  for (const Question& q : view.questions) {
    if (q.by.empty()) continue;
    if (const auto sentence = balance(view, q)) {
      first.push_back(*sentence);
    } else {
      say(second, shares_sentence(q));
    }
    say(second, sources_sentence(q));
    say(second, labels_sentence(view, q));
    say(second, association(view, q));
    say(second, missing_sentence(view, q));
    say(second, proxies_sentence(q));
  }
  std::vector<std::string> all = first;
  all.insert(all.end(), second.begin(), second.end());
  story.headline =
      all.empty() ? "The rows were counted; there is nothing to compare." : all.front();
  const std::vector<std::string> explored = story.found;
  story.found.assign(all.begin() + (all.empty() ? 0 : 1), all.end());
  for (const std::string& sentence : explored) {
    if (sentence.starts_with("Exploration")) story.found.push_back(sentence);
  }
  for (const Question& q : view.questions) {
    const bool counted = !q.sizes.empty() && !q.by.empty();
    if (counted) names.push_back(q.name);
  }
  const std::string by = enumerated(names);
  story.asked = {count(view.rows, "row was", "rows were") + " counted by " +
                 (by.empty() ? "nothing" : by) + "."};
  story.meanings = {
      "Evidence of imbalance means: the shares differ from the baseline's by more than chance. It "
      "does not say why, and the baseline may be the wrong one.",
      "Evidence of balance means: every group's share was shown to lie within the tolerance. It "
      "does not mean that the rows were chosen fairly.",
      "No evidence of imbalance is neither: too few rows can look just like it. Read beside it "
      "which gap would have gone unseen.",
      "Labels and missing values likewise: a gap, near equality within a tolerance, or neither. So "
      "do two attributes: association, near independence, or neither."};
  tell_intervals(view, story);
  story.limitations.insert(story.limitations.begin(),
                           "A share that fits says nothing of the rows within it: they may be "
                           "older, poorer in values or labelled otherwise.");
}

}  // namespace evenhand::report
