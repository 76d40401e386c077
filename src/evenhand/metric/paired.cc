#include "evenhand/metric/paired.h"

#include <algorithm>
#include <cmath>

#include "evenhand/base/check.h"
#include "evenhand/metric/compare.h"
#include "evenhand/metric/intervals.h"

namespace evenhand::metric {

namespace {

constexpr int kMissing = 2;

bool has(std::uint8_t mask, int label, int decision) {
  return (mask >> (2 * label + decision) & 1) != 0;
}

bool asks_label(Rate rate) {
  const auto differs = [](std::uint8_t mask) { return (mask & 3) != (mask >> 2 & 3); };
  return differs(rate.part) || differs(rate.whole);
}

Change change_of(const std::array<std::int64_t, 27>& cells, Rate rate) {
  Change out;
  const int labels = asks_label(rate) ? 2 : 3;
  for (int y = 0; y < labels; ++y) {
    const int label = y == kMissing ? 0 : y;  // the rate is the same for either
    if (!has(rate.whole, label, 0)) continue;
    for (int before = 0; before < 3; ++before) {
      for (int after = 0; after < 3; ++after) {
        const std::int64_t n = cells[PairedCounts::cell(y, before, after)];
        if (before == kMissing || after == kMissing) {
          out.rows_without += n;
          continue;
        }
        const bool was = has(rate.part, label, before), is = has(rate.part, label, after);
        out.n += n;
        out.both += was && is ? n : 0;
        out.up += !was && is ? n : 0;
        out.down += was && !is ? n : 0;
      }
    }
  }
  return out;
}

double share(std::int64_t x, std::int64_t n) {
  return static_cast<double>(x) / static_cast<double>(n);
}

// The correlation of the two decisions, drawn towards 0 as Newcombe does, so that few rows do not
// claim to agree.
double correlation(const Change& c) {
  const auto a = static_cast<double>(c.both), b = static_cast<double>(c.down),
             d = static_cast<double>(c.up), n = static_cast<double>(c.n);
  const double e = n - a - b - d;  // in neither
  const double product = (a + b) * (d + e) * (a + d) * (b + e);
  if (product <= 0) return 0;
  double covariance = a * e - b * d;
  if (covariance > 0) covariance = std::max(covariance - n / 2, 0.0);
  return covariance / std::sqrt(product);
}

Sided wilson_of(std::int64_t x, std::int64_t n, double level) {
  const Interval limits = wilson(static_cast<double>(x), static_cast<double>(n), level);
  return {share(x, n), limits.low, limits.high};
}

Undefined why_not(const Change& c, const ReadOptions& options) {
  if (c.n == 0) return Undefined::kNoRows;
  return c.n < options.rows_min ? Undefined::kInsufficient : Undefined::kDefined;
}

// The groups that a comparison sees: no attribute unknown, and rows enough.
std::vector<std::size_t> groups_that_count(const PairedCounts& counts,
                                           const std::vector<Change>& all,
                                           const ReadOptions& options) {
  std::vector<std::size_t> out;
  for (std::size_t g = 0; g < all.size(); ++g) {
    const tally::Key& key = counts.groups->keys[g];
    const bool known =
        std::all_of(key.begin(), key.end(), [](const auto& value) { return value.has_value(); });
    if (known && why_not(all[g], options) == Undefined::kDefined) out.push_back(g);
  }
  return out;
}

// A group's rate before and after and its change, each with limits.
struct Bounded {
  Sided before, after, change;
};

Bounded bounded(const Change& c, double level, bool exact) {
  const auto rate = [&](std::int64_t x) -> Sided {
    if (!exact) return wilson_of(x, c.n, level);
    const Interval limits =
        clopper_pearson(static_cast<double>(x), static_cast<double>(c.n), level);
    return {share(x, c.n), limits.low, limits.high};
  };
  const Interval limits = exact ? exact_limits(c, level) : shown_limits(c, level);
  return {rate(c.both + c.down), rate(c.both + c.up), {c.value(), limits.low, limits.high}};
}

Interval difference(const Sided& a, const Sided& b, bool exact) {
  if (exact) return {a.low - b.high, a.high - b.low};
  return mover_difference(a, b);
}

// max of s + c - |s| where s lies in `from`, c is at most `most` and s + c at most `to.high`.
double most_gained(const Interval& from, double most, const Interval& to) {
  const double s = std::clamp(0.0, from.low, from.high);
  return std::min(to.high, s + most) - std::abs(s);
}

constexpr std::size_t kGroupsByPairs = 100;

// The widest of the rates before, or after, from limits of every group that hold together.
Interval widest_of(const std::vector<Bounded>& groups, Sided Bounded::*rate) {
  double least_low = 1, most_low = 0, least_high = 1, most_high = 0;
  for (const Bounded& g : groups) {
    least_low = std::min(least_low, (g.*rate).low), most_low = std::max(most_low, (g.*rate).low);
    least_high = std::min(least_high, (g.*rate).high);
    most_high = std::max(most_high, (g.*rate).high);
  }
  return {std::max(0.0, most_low - least_high), most_high - least_low};
}

// Of very many groups: D' - D is at most the widest c(a) - c(b), whichever pair that is.
Interval coarse_limits(const std::vector<Bounded>& groups) {
  double rise = -1, fall = 1;  // of c
  for (const Bounded& g : groups) {
    rise = std::max(rise, g.change.high);
    fall = std::min(fall, g.change.low);
  }
  const double moved = std::clamp(rise - fall, 0.0, 1.0);
  return {-moved, moved};
}

Interval within(const Interval& a, const Interval& b) {
  return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

// What two gaps, each within its own limits, leave open of their difference.
Interval between(const Interval& before, const Interval& after) {
  return {after.low - before.high, after.high - before.low};
}

Interval by_pairs(const std::vector<Bounded>& groups, bool exact) {
  double gained = -1, lost = -1;
  for (std::size_t a = 0; a < groups.size(); ++a) {
    for (std::size_t b = 0; b < groups.size(); ++b) {
      if (a == b) continue;
      const Interval c = difference(groups[a].change, groups[b].change, exact);
      const Interval before = difference(groups[a].before, groups[b].before, exact);
      const Interval after = difference(groups[a].after, groups[b].after, exact);
      gained = std::max(gained, most_gained(before, c.high, after));
      lost = std::max(lost, most_gained(after, -c.low, before));
    }
  }
  return {std::max(-lost, -1.0), std::min(gained, 1.0)};
}

// Exact limits of each group's rates and change, at Bonferroni's level over all of them.
Interval exact_gap_limits(const std::vector<Change>& seen, double level) {
  std::vector<Bounded> groups;
  const auto parts = static_cast<double>(3 * seen.size());
  for (const Change& c : seen) groups.push_back(bounded(c, 1 - (1 - level) / parts, true));
  const Interval paired =
      groups.size() > kGroupsByPairs ? coarse_limits(groups) : by_pairs(groups, true);
  return within(paired,
                between(widest_of(groups, &Bounded::before), widest_of(groups, &Bounded::after)));
}

// The gap of one of the two decisions, as it is shown without the other.
Interval own_gap_limits(const std::vector<Change>& seen, bool after, double level) {
  Measurements measured;
  tally::Groups groups{{"group"}, {}, {}};
  for (std::size_t g = 0; g < seen.size(); ++g) {
    Measured m;
    m.rows = seen[g].n;
    m.part = seen[g].both + (after ? seen[g].up : seen[g].down);
    m.n_effective = static_cast<double>(m.rows);
    m.value = share(m.part, m.rows);
    measured.groups.push_back(std::move(m));
    groups.keys.push_back({std::to_string(g)});
  }
  Tallies tallies;
  tallies.groups = &groups;
  ReadOptions options;
  options.level = level;
  const Estimate gap = widest_gap(measured, tallies, options).estimate;
  return {gap.low, gap.high};
}

Interval shown_gap_limits(const std::vector<Change>& seen, double level) {
  if (seen.size() == 2) {
    return by_pairs({bounded(seen[0], level, false), bounded(seen[1], level, false)}, false);
  }
  const double half = 1 - (1 - level) / 2, quarter = 1 - (1 - level) / 4;
  return within(exact_gap_limits(seen, half),
                between(own_gap_limits(seen, false, quarter), own_gap_limits(seen, true, quarter)));
}

}  // namespace

double Change::before() const { return share(both + down, n); }
double Change::after() const { return share(both + up, n); }
double Change::value() const { return share(up - down, n); }

std::vector<Change> change_by_group(const PairedCounts& counts, Rate rate) {
  EVENHAND_CHECK(has(rate.whole, 0, 0) == has(rate.whole, 0, 1) &&
                 has(rate.whole, 1, 0) == has(rate.whole, 1, 1));
  std::vector<Change> out;
  for (const auto& cells : counts.cells) out.push_back(change_of(cells, rate));
  return out;
}

Interval shown_limits(const Change& c, double level) {
  return mover_difference(wilson_of(c.both + c.up, c.n, level),
                          wilson_of(c.both + c.down, c.n, level), correlation(c));
}

Interval exact_limits(const Change& c, double level) {
  const double each = 1 - (1 - level) / 2;
  const auto n = static_cast<double>(c.n);
  const Interval up = clopper_pearson(static_cast<double>(c.up), n, each);
  const Interval down = clopper_pearson(static_cast<double>(c.down), n, each);
  return {up.low - down.high, up.high - down.low};
}

std::vector<Reading> changes(const PairedCounts& counts, Rate rate, const ReadOptions& options) {
  const std::vector<Change> all = change_by_group(counts, rate);
  std::vector<Reading> out;
  for (std::size_t g = 0; g < all.size(); ++g) {
    Reading r;
    r.group = counts.groups->keys[g];
    r.estimate.rows = all[g].n;
    r.estimate.why = why_not(all[g], options);
    if (r.estimate.defined()) {
      const Interval limits = shown_limits(all[g], options.level);
      r.estimate.value = all[g].value();
      r.estimate.low = limits.low;
      r.estimate.high = limits.high;
      if (options.family_level > 0) r.family = exact_limits(all[g], options.family_level);
    }
    out.push_back(std::move(r));
  }
  return out;
}

Reading gap_change(const PairedCounts& counts, Rate rate, const ReadOptions& options) {
  const std::vector<Change> all = change_by_group(counts, rate);
  const std::vector<std::size_t> seen = groups_that_count(counts, all, options);
  Reading out;
  if (seen.size() < 2) {
    out.group = tally::Key{};
    out.estimate.why = Undefined::kOneGroup;
    for (const std::size_t g : seen) out.estimate.rows += all[g].n;
    return out;
  }
  const auto ends = [&](auto of) {
    return std::minmax_element(seen.begin(), seen.end(), [&](std::size_t a, std::size_t b) {
      return of(all[a]) < of(all[b]);
    });
  };
  const auto [low_before, high_before] = ends([](const Change& c) { return c.before(); });
  const auto [low, high] = ends([](const Change& c) { return c.after(); });
  out.between = {counts.groups->keys[*low], counts.groups->keys[*high]};
  out.estimate.rows = all[*low].n + (low == high ? 0 : all[*high].n);
  out.estimate.value = (all[*high].after() - all[*low].after()) -
                       (all[*high_before].before() - all[*low_before].before());
  std::vector<Change> changes;
  for (const std::size_t g : seen) changes.push_back(all[g]);
  const Interval shown = shown_gap_limits(changes, options.level);
  out.estimate.low = shown.low;
  out.estimate.high = shown.high;
  if (options.family_level > 0) out.family = exact_gap_limits(changes, options.family_level);
  return out;
}

std::vector<Reading> newly(const PairedCounts& counts, bool favourable,
                           const ReadOptions& options) {
  const std::vector<Change> all = change_by_group(counts, kSelectionRate);
  std::vector<Reading> out;
  for (std::size_t g = 0; g < all.size(); ++g) {
    Reading r;
    r.group = counts.groups->keys[g];
    r.estimate.rows = all[g].n;
    r.estimate.why = why_not(all[g], options);
    if (r.estimate.defined()) {
      const std::int64_t x = favourable ? all[g].up : all[g].down;
      const Sided shown = wilson_of(x, all[g].n, options.level);
      r.estimate.value = shown.value;
      r.estimate.low = shown.low;
      r.estimate.high = shown.high;
      if (options.family_level > 0) {
        r.family = clopper_pearson(static_cast<double>(x), static_cast<double>(all[g].n),
                                   options.family_level);
      }
    }
    out.push_back(std::move(r));
  }
  return out;
}

}  // namespace evenhand::metric
