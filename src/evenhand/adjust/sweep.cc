#include "evenhand/adjust/sweep.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "evenhand/adjust/thresholds.h"

namespace evenhand::adjust {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A threshold of one group that may be chosen.
struct Choice {
  double rate = 0;   // that the window slides over
  double other = 0;  // of equal odds the second one
  double cost = 0;
  std::size_t taken = 0;  // levels, from above
};
using Choices = std::span<const Choice>;

struct Picked {
  double cost = kInfinity;
  std::vector<std::size_t> taken;  // shape [groups]
};

// The cheapest choice of each group with a rate in the window; nothing where a group has none.
std::optional<Picked> pick(const std::vector<Choices>& groups, double low, double high) {
  Picked out{0, {}};
  for (const Choices& choices : groups) {
    const Choice* best = nullptr;
    for (const Choice& each : choices) {
      const bool fits = each.rate >= low - kRounding && each.rate <= high + kRounding;
      if (fits && (best == nullptr || each.cost < best->cost)) best = &each;
    }
    if (best == nullptr) return std::nullopt;
    out.cost += best->cost;
    out.taken.push_back(best->taken);
  }
  return out;
}

// One group's window: choices whose rate lies within, the cheapest in front.
class Window {
 public:
  explicit Window(Choices choices) : choices_(choices) {}
  // nullptr: none lies within. Windows only move up.
  const Choice* cheapest(double low, double high) {
    for (; next_ < choices_.size() && choices_[next_].rate <= high + kRounding; ++next_) {
      while (!within_.empty() && within_.back()->cost > choices_[next_].cost) within_.pop_back();
      within_.push_back(&choices_[next_]);
    }
    while (!within_.empty() && within_.front()->rate < low - kRounding) within_.pop_front();
    return within_.empty() ? nullptr : within_.front();
  }

 private:
  Choices choices_;
  std::size_t next_ = 0;
  std::deque<const Choice*> within_;
};

// The window's place with the cheapest picks. Choices of each group come with rising rates.
std::optional<Picked> slide(const std::vector<Choices>& groups, double tolerance) {
  std::vector<double> lows;
  for (const Choices& choices : groups) {
    for (const Choice& each : choices) lows.push_back(each.rate);
  }
  std::sort(lows.begin(), lows.end());
  std::vector<Window> windows(groups.begin(), groups.end());
  double least = kInfinity, at = 0;
  for (const double low : lows) {
    double cost = 0;
    for (Window& window : windows) {
      const Choice* best = window.cheapest(low, low + tolerance);
      cost += best == nullptr ? kInfinity : best->cost;
    }
    if (cost < least) {
      least = cost;
      at = low;
    }
  }
  if (least == kInfinity) return std::nullopt;
  return pick(groups, at, at + tolerance);
}

// Equal odds: a window over the first rate holds a run of each group's thresholds, since both rates
// rise together; within it a second one slides over the other rate.
std::optional<Picked> slide_both(const std::vector<std::vector<Choice>>& groups, double tolerance) {
  std::optional<Picked> best;
  std::vector<double> lows;
  std::vector<std::vector<Choice>> turned = groups;  // sorted and windowed by the other rate
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t i = 0; i < groups[g].size(); ++i) {
      lows.push_back(groups[g][i].rate);
      std::swap(turned[g][i].rate, turned[g][i].other);
    }
  }
  std::sort(lows.begin(), lows.end());
  lows.erase(std::unique(lows.begin(), lows.end()), lows.end());
  for (const double low : lows) {
    std::vector<Choices> runs;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const auto& of = groups[g];
      const auto first = std::partition_point(
          of.begin(), of.end(), [&](const Choice& c) { return c.rate < low - kRounding; });
      const auto last = std::partition_point(of.begin(), of.end(), [&](const Choice& c) {
        return c.rate <= low + tolerance + kRounding;
      });
      runs.push_back(Choices(turned[g]).subspan(static_cast<std::size_t>(first - of.begin()),
                                                static_cast<std::size_t>(last - first)));
    }
    if (std::any_of(runs.begin(), runs.end(), [](const Choices& run) { return run.empty(); })) {
      continue;
    }
    auto here = slide(runs, tolerance);
    if (here && (!best || here->cost < best->cost)) best = std::move(here);
  }
  return best;
}

// --- Choices ----------------------------------------------------------------------------------

double precision_of(const Let& let) { return let.fp + let.tp > 0 ? let.tp / (let.fp + let.tp) : 0; }

// At most so many thresholds of a group where two windows slide.
constexpr std::size_t kThinned = 400;

std::vector<bool> kept_when_thinned(const Curve& curve) {
  const std::size_t levels = curve.levels.size();
  std::vector<bool> out(levels + 1, levels <= kThinned);
  if (levels <= kThinned) return out;
  const std::vector<Corner> hull = upper_hull(curve, false);
  std::size_t at = 0;
  for (std::size_t k = 0; k < hull.size(); k += hull.size() / kThinned + 1) {
    while (at < levels && threshold_after(curve.levels, at) > hull[k].threshold) ++at;
    out[at] = true;
  }
  for (std::size_t k = 0; k <= kThinned; ++k) out[k * levels / kThinned] = true;
  return out;
}

std::vector<Choice> choices_of(const Curve& curve, const Question& question, double weight) {
  const bool both = question.equalise == Equalise::kOdds;
  const bool precision = question.equalise == Equalise::kPrecision;
  const std::vector<bool> kept =
      both ? kept_when_thinned(curve) : std::vector<bool>(curve.levels.size() + 1, true);
  const std::vector<Linear> rates = rates_of(question.equalise, curve);
  const bool one_score = curve.levels.size() == 1;
  std::vector<Choice> out;
  Let let;
  for (std::size_t taken = 0; taken <= curve.levels.size(); ++taken) {
    if (taken > 0) {
      let.fp += curve.levels[taken - 1].n0;
      let.tp += curve.levels[taken - 1].n1;
    }
    const bool trivial = taken == 0 || taken == curve.levels.size();
    const bool too_few = let.fp + let.tp < question.rate_min * curve.rows() - kRounding;
    if ((trivial && !one_score) || too_few || !kept[taken]) continue;
    if (precision && taken == 0) continue;  // nobody has a precision
    Choice each{precision_of(let), 0, cost_of(curve, let, question, weight), taken};
    if (!precision) each.rate = rates[0].a0 * let.fp + rates[0].a1 * let.tp;
    if (both) each.other = rates[1].a0 * let.fp + rates[1].a1 * let.tp;
    out.push_back(each);
  }
  if (precision) {  // the only rate that does not rise with the threshold's fall
    std::stable_sort(out.begin(), out.end(),
                     [](const Choice& a, const Choice& b) { return a.rate < b.rate; });
  }
  return out;
}

std::optional<Picked> picked_within(const std::vector<std::vector<Choice>>& choices, bool both,
                                    double tolerance) {
  if (both) return slide_both(choices, tolerance);
  return slide(std::vector<Choices>(choices.begin(), choices.end()), tolerance);
}

// The smallest tolerance that some picks meet, to 1e-6.
std::optional<Picked> nearest(const std::vector<std::vector<Choice>>& choices, bool both) {
  double low = 0, high = 1;
  std::optional<Picked> best = picked_within(choices, both, high);
  while (best && high - low > 1e-6) {
    const double half = (low + high) / 2;
    auto picked = picked_within(choices, both, half);
    (picked ? high : low) = half;
    if (picked) best = std::move(picked);
  }
  return best;
}

}  // namespace

Answer thresholds_by_group(const std::vector<Curve>& curves, const Question& question) {
  const std::vector<double> weights = cost_weights(curves, question.groups_alike);
  const bool both = question.equalise == Equalise::kOdds;
  std::vector<std::vector<Choice>> choices;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    choices.push_back(choices_of(curves[g], question, weights[g]));
  }
  std::optional<Picked> picked = picked_within(choices, both, question.tolerance);
  if (!picked) picked = nearest(choices, both);
  Answer out;
  std::vector<Let> lets;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    // A least selection rate that only everybody meets leaves a group no choice: it takes all.
    const std::size_t taken = picked ? picked->taken[g] : curves[g].levels.size();
    out.rules.push_back(rule_at(threshold_after(curves[g].levels, taken)));
    lets.push_back(let_in(curves[g], out.rules.back()));
  }
  out.gap = gap_between(question.equalise, curves, lets, std::vector<bool>(curves.size(), true));
  out.reached = out.gap <= question.tolerance + kRounding;
  return out;
}

Answer threshold_for_everybody(const Crowd& crowd, const Question& question,
                               const std::vector<bool>& compared) {
  const std::vector<Curve> curves = curves_of(crowd);
  const std::vector<double> weights = cost_weights(curves, question.groups_alike);
  const Curve all = pooled(crowd);
  std::vector<Let> lets(curves.size());
  double cost = 0;
  // Better is: enough of each group, then a smaller excess over the tolerance, then cheaper.
  std::pair<double, double> best{kInfinity, kInfinity};
  std::size_t taken = 0, best_taken = all.levels.size();
  for (std::size_t i = 0; i < crowd.cells.size(); ++i) {
    const Cell& cell = crowd.cells[i];
    lets[cell.group].fp += cell.n0;
    lets[cell.group].tp += cell.n1;
    cost += weights[cell.group] * (question.cost_fp * cell.n0 - question.cost_fn * cell.n1);
    if (i + 1 < crowd.cells.size() && crowd.cells[i + 1].score == cell.score) continue;
    if (++taken == all.levels.size() && taken > 1) break;  // everybody: nothing is decided
    bool enough = true;
    for (std::size_t g = 0; g < curves.size(); ++g) {
      const double in = lets[g].fp + lets[g].tp;
      enough = enough && (!compared[g] || in >= question.rate_min * curves[g].rows() - kRounding);
    }
    if (!enough) continue;
    const double gap = gap_between(question.equalise, curves, lets, compared);
    const std::pair here{std::max(0.0, gap - question.tolerance - kRounding), cost};
    if (here < best) {
      best = here;
      best_taken = taken;
    }
  }
  Answer out{{rule_at(threshold_after(all.levels, best_taken))}, 0, true};
  for (std::size_t g = 0; g < curves.size(); ++g) lets[g] = let_in(curves[g], out.rules[0]);
  out.gap = gap_between(question.equalise, curves, lets, compared);
  out.reached = out.gap <= question.tolerance + kRounding;
  return out;
}

}  // namespace evenhand::adjust
