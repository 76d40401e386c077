// Comparisons between groups.
#include "evenhand/metric/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "evenhand/metric/homogeneity.h"
#include "evenhand/metric/intervals.h"
#include "evenhand/numeric/normal.h"

namespace evenhand::metric {
namespace {

using tally::Groups;
using tally::Key;

constexpr std::size_t kPairwiseUpTo = 50;  // groups; beyond, per-group limits are close and cheap

bool is_known(const Key& key) {
  return std::all_of(key.begin(), key.end(), [](const auto& value) { return value.has_value(); });
}

/// The level of each of `count` intervals that together hold at `level` (Bonferroni).
double each_of(double level, std::size_t count) {
  return 1 - (1 - level) / static_cast<double>(std::max<std::size_t>(count, 1));
}

Interval shown(const Measured& m, double level, const ReadOptions& o) {
  return limits(m, level, o.method, o.scale);
}
Interval decides(const Measured& m, double level, const ReadOptions& o) {
  return limits(m, level, Method::kClopperPearson, o.scale);
}

/// Limits of groups among which one is picked by looking. Wilson's hold on average over shares, and
/// the pick finds where they do not: 82 % were seen for ten unequal groups (tests/claims), so from
/// three groups on the exact limits stand in.
Interval picked(const Measured& m, double level, const ReadOptions& o, std::size_t groups) {
  return groups > 2 ? decides(m, level, o) : shown(m, level, o);
}

Sided sided(const Measured& m, const Interval& i) { return {m.value, i.low, i.high}; }

/// Rows beside a comparison: of everybody that it compares.
std::int64_t rows_of(const Measured& a, const Measured& b) { return a.rows + b.rows; }

void set_parts(Reading& reading, const Measured& lower, const Measured& higher) {
  reading.parts[0] = lower.part;
  reading.parts[1] = lower.rows;
  reading.parts[2] = higher.part;
  reading.parts[3] = higher.rows;
}

Reading undefined(Undefined why, std::int64_t rows = 0) {
  Reading reading;
  reading.estimate.why = why;
  reading.estimate.rows = rows;
  reading.between = std::pair<Key, Key>{};
  return reading;
}

/// The groups that take part, with what comparisons ask of them.
struct Field {
  const Measurements& measured;
  const Groups& groups;
  const ReadOptions& options;
  std::vector<std::size_t> in;

  Field(const Measurements& m, const Tallies& t, const ReadOptions& o)
      : measured(m), groups(*t.groups), options(o), in(taking_part(m.groups, *t.groups)) {}

  const Measured& at(std::size_t i) const { return measured.groups[i]; }
  std::size_t lowest() const {
    return *std::min_element(in.begin(), in.end(),
                             [&](auto a, auto b) { return at(a).value < at(b).value; });
  }
  std::size_t highest() const {
    // max_element gives the first of equals; the last keeps lowest and highest apart in a tie.
    return *std::max_element(in.begin(), in.end(),
                             [&](auto a, auto b) { return at(a).value <= at(b).value; });
  }
  std::int64_t rows_taking_part() const {
    std::int64_t rows = 0;
    for (std::size_t i : in) rows += at(i).rows;
    return rows;
  }
  /// Limits of every group that takes part, by position in `in`.
  std::vector<Interval> deciding_limits(double level) const {
    std::vector<Interval> out;
    out.reserve(in.size());
    for (std::size_t i : in) out.push_back(decides(at(i), level, options));
    return out;
  }
  std::vector<Interval> picked_limits(double level) const {
    std::vector<Interval> out;
    out.reserve(in.size());
    for (std::size_t i : in) out.push_back(picked(at(i), level, options, in.size()));
    return out;
  }
};

double max_low(const std::vector<Interval>& all) {
  double m = -std::numeric_limits<double>::infinity();
  for (const Interval& i : all) m = std::max(m, i.low);
  return m;
}
double max_high(const std::vector<Interval>& all) {
  double m = -std::numeric_limits<double>::infinity();
  for (const Interval& i : all) m = std::max(m, i.high);
  return m;
}
double min_low(const std::vector<Interval>& all) {
  double m = std::numeric_limits<double>::infinity();
  for (const Interval& i : all) m = std::min(m, i.low);
  return m;
}
double min_high(const std::vector<Interval>& all) {
  double m = std::numeric_limits<double>::infinity();
  for (const Interval& i : all) m = std::min(m, i.high);
  return m;
}

/// The widest gap from per-group limits that hold together: some pair is at least max l - min u
/// apart, and none is further apart than the largest u(i) - l(j) of two different groups.
Interval gap_of(const std::vector<Interval>& all) {
  std::size_t lowest = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].low < all[lowest].low) lowest = i;
  }
  double second = std::numeric_limits<double>::infinity(), high = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i != lowest) second = std::min(second, all[i].low);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    high = std::max(high, all[i].high - (i == lowest ? second : all[lowest].low));
  }
  return {std::max(0.0, max_low(all) - min_high(all)), high};
}

/// min/max from per-group limits that hold together. No ratio exceeds 1; none lies below 0.
Interval ratio_of(const std::vector<Interval>& all) {
  const double top_low = max_low(all), top_high = max_high(all);
  const double high = top_low > 0 ? std::min(1.0, min_high(all) / top_low) : 1.0;
  const double low = top_high > 0 ? std::max(0.0, min_low(all) / top_high) : 0.0;
  return {std::min(low, high), high};
}

/// [max(0, max L), max U] over all pairs' intervals of r(i) - r(j).
Interval widest_over_pairs(const Field& f, double level) {
  const std::size_t pairs = f.in.size() * (f.in.size() - 1) / 2;
  const std::vector<Interval> all = f.picked_limits(each_of(level, pairs));
  Interval widest{0, 0};
  for (std::size_t i = 0; i < f.in.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Interval d =
          mover_difference(sided(f.at(f.in[i]), all[i]), sided(f.at(f.in[j]), all[j]));
      widest.low = std::max({widest.low, d.low, -d.high});
      widest.high = std::max({widest.high, d.high, -d.low});
    }
  }
  return widest;
}

/// The smallest quotient over all pairs: [min L, min(1, min U)], each pair both ways.
Interval narrowest_over_pairs(const Field& f, double level) {
  const std::size_t pairs = f.in.size() * (f.in.size() - 1) / 2;
  const std::vector<Interval> all = f.picked_limits(each_of(level, pairs));
  Interval narrowest{1, 1};
  for (std::size_t i = 0; i < f.in.size(); ++i) {
    for (std::size_t j = 0; j < f.in.size(); ++j) {
      if (i == j || f.at(f.in[j]).value <= 0) continue;
      const Interval q = mover_ratio(sided(f.at(f.in[i]), all[i]), sided(f.at(f.in[j]), all[j]));
      narrowest.low = std::min(narrowest.low, std::max(0.0, q.low));
      narrowest.high = std::min(narrowest.high, q.high);
    }
  }
  narrowest.low = std::min(narrowest.low, narrowest.high);
  return narrowest;
}

/// How many standard errors go on each end of [lowest, highest], so that the interval covers the
/// true value (one point between the ends) with the level: c with Phi(c + width/se) - Phi(-c) =
/// level. It falls from the two-sided quantile (width 0) to the one-sided one (wide).
double imbens_manski(double width, double standard_error, double level) {
  double low = 0, high = numeric::normal_two_sided(level);
  for (int i = 0; i < 60; ++i) {  // the left side rises with c
    const double c = (low + high) / 2;
    const double covers = numeric::normal_cdf(c + width / standard_error) - numeric::normal_cdf(-c);
    (covers < level ? low : high) = c;
  }
  return high;
}

/// Standard error of a measure on its own scale, if its value were `at`.
double standard_error_at(const Measured& m, double at, double scale) {
  switch (m.spread) {
    case Spread::kShare:
      return std::sqrt(std::max(0.0, at * (1 - at)) / (m.n_effective * scale));
    case Spread::kLogit:
      return m.standard_error * std::max(0.0, at * (1 - at)) / std::sqrt(scale);
    default:
      return m.standard_error / std::sqrt(scale);
  }
}

/// What is open of a function of shares: its extremes over what is open of each. Where there are
/// several, not all may turn out so at once: then the ends are a little farther apart than need be.
Open open_of_shares(const Measured& m, double level, Method method, double scale) {
  const OfShares& of = *m.of_shares;
  std::vector<Interval> could, around;
  const auto& shares = of.completed.empty() ? of.shares : of.completed;
  const double each = each_of(level, shares.size());
  for (const Measured& share : shares) {
    const Open open = open_of(share, each, method, scale);
    could.push_back({open.lowest, open.highest});
    around.push_back({open.low, open.high});
  }
  const Interval value = of.extremes(could), ends = of.extremes(around);
  Open out{std::min(m.value, value.low), std::max(m.value, value.high), 0, 0, m.rows_missing};
  out.low = std::min(out.lowest, ends.low);
  out.high = std::max(out.highest, ends.high);
  return out;
}

Open open_of_one(const Measured& m, double level, Method method, double scale) {
  Measured lowest = m, highest = m;
  lowest.part = highest.part = -1;
  lowest.value = m.open_lowest;
  highest.value = m.open_highest;
  if (m.spread == Spread::kShare && m.rows > 0) {
    const double all = static_cast<double>(m.rows + m.rows_missing);
    lowest.n_effective = highest.n_effective = m.n_effective * all / static_cast<double>(m.rows);
  }
  const double width = m.open_highest - m.open_lowest;
  const double se = std::max({standard_error_at(lowest, m.open_lowest, scale),
                              standard_error_at(lowest, m.open_highest, scale), 1e-12});
  const double one_end = 2 * numeric::normal_cdf(imbens_manski(width, se, level)) - 1;
  return {m.open_lowest, m.open_highest, limits(lowest, one_end, method, scale).low,
          limits(highest, one_end, method, scale).high, m.rows_missing};
}

/// What is missing leaves open for a comparison: from the values that each of `all` could have.
/// @param compare  of the lowest and highest values, or limits, of all, in their order.
template <class Compare>
std::optional<Open> open_between(const std::vector<const Measured*>& all, const ReadOptions& o,
                                 const Compare& compare) {
  std::int64_t missing = 0;
  for (const Measured* m : all) missing += m->rows_missing;
  if (missing == 0) return std::nullopt;  // before any limit is computed
  std::vector<Interval> could, around;
  const double each = each_of(o.level, all.size());
  for (const Measured* m : all) {
    const Open open = open_of(*m, each, Method::kClopperPearson, o.scale);
    could.push_back({open.lowest, open.highest});
    around.push_back({open.low, open.high});
  }
  const Interval value = compare(could), limits = compare(around);
  return Open{value.low, value.high, limits.low, limits.high, missing};
}

std::vector<const Measured*> all_of(const Field& f) {
  std::vector<const Measured*> out;
  for (std::size_t i : f.in) out.push_back(&f.at(i));
  return out;
}

/// a - b, or a / b for numbers with a true zero.
Interval apart(const Interval& a, const Interval& b, bool ratio) {
  if (!ratio) return {a.low - b.high, a.high - b.low};
  const auto over = [](double x, double y) {
    return y > 0 ? std::max(0.0, x) / y : std::numeric_limits<double>::infinity();
  };
  return {over(a.low, b.high), over(a.high, b.low)};
}

/// A single group as a reading.
Reading reading_of(const Measured& m, const Key& key, const ReadOptions& o, std::size_t family) {
  Reading reading;
  reading.group = key;
  reading.estimate.rows = m.rows;
  reading.estimate.why = m.why;
  reading.log10_p = m.log10_p;
  reading.parts[0] = m.part;
  reading.parts[1] = m.rows;
  if (!m.defined()) return reading;
  const Interval plain = shown(m, o.level, o);
  reading.estimate.value = m.value;
  reading.estimate.low = plain.low;
  reading.estimate.high = plain.high;
  if (o.family_level > 0) reading.family = decides(m, each_of(o.family_level, family), o);
  if (m.rows_missing > 0) reading.open = open_of(m, o.level, o.method, o.scale);
  return reading;
}

std::vector<Reading> read_groups(const Measurements& m, const Tallies& t, const ReadOptions& o) {
  std::vector<Reading> out;
  const std::size_t family = std::max<std::size_t>(1, m.taking_part);
  if (o.only) return {reading_of(m.groups[*o.only], t.groups->keys[*o.only], o, family)};
  for (std::size_t i = 0; i < t.groups->size(); ++i) {
    out.push_back(reading_of(m.groups[i], t.groups->keys[i], o, family));
  }
  return out;
}

Undefined too_few(const ReadOptions& o) {
  return o.convention == Convention::kAif360 ? Undefined::kConvention : Undefined::kOneGroup;
}

/// AIF360 knows an unprivileged and a privileged group: everybody known but the reference, pooled,
/// and the reference. Only shares of counts can be pooled; other measures are undefined.
struct Pair {
  tally::Groups groups;
  Measurements measured;
};

std::optional<Pair> as_aif360(const Measurements& m, const Tallies& t, const ReadOptions& o) {
  const Field f(m, t, o);
  const auto& keys = t.groups->keys;
  const auto at = std::find(keys.begin(), keys.end(), *o.reference);
  if (at == keys.end()) return std::nullopt;
  const auto reference = static_cast<std::size_t>(at - keys.begin());
  Measured others;
  others.part = others.rows = 0;
  std::vector<std::size_t> pooled;
  for (std::size_t i : f.in) {
    if (i != reference) pooled.push_back(i);
  }
  if (pooled.empty() || !m.groups[reference].defined()) return std::nullopt;
  if (pooled.size() == 1) others = m.groups[pooled.front()];
  for (std::size_t i = 0; pooled.size() > 1 && i < pooled.size(); ++i) {
    const Measured& one = f.at(pooled[i]);
    if (one.part < 0) return std::nullopt;
    others.part += one.part;
    others.rows += one.rows;
    others.n_effective += one.n_effective;
    others.range = one.range;
    others.value = static_cast<double>(others.part) / static_cast<double>(others.rows);
  }
  Key unprivileged =
      pooled.size() == 1 ? keys[pooled.front()] : Key(t.groups->by.size(), "all others");
  return Pair{{t.groups->by, {}, {std::move(unprivileged), *o.reference}},
              {{std::move(others), m.groups[reference]}, m.everybody}};
}

bool wants_aif360(const ReadOptions& o) {
  return o.convention == Convention::kAif360 && o.reference.has_value();
}

std::vector<Reading> read_to_reference(const Measurements& m, const Tallies& t,
                                       const ReadOptions& o, bool ratio);

/// Unprivileged minus (or over) privileged.
std::vector<Reading> read_as_aif360(const Measurements& m, const Tallies& t, const ReadOptions& o,
                                    bool ratio) {
  const auto pair = as_aif360(m, t, o);
  if (!pair) return {undefined(Undefined::kConvention)};
  Tallies two = t;
  two.groups = &pair->groups;
  return read_to_reference(pair->measured, two, o, ratio);
}

std::vector<Reading> read_difference(const Measurements& m, const Tallies& t,
                                     const ReadOptions& o) {
  if (wants_aif360(o)) return read_as_aif360(m, t, o, false);
  return {widest_gap(m, t, o)};
}

std::vector<Reading> read_ratio(const Measurements& m, const Tallies& t, const ReadOptions& o) {
  if (wants_aif360(o)) return read_as_aif360(m, t, o, true);
  const Field f(m, t, o);
  const bool fairlearn = o.convention == Convention::kFairlearn;
  if (f.in.size() < 2 && !(fairlearn && f.in.size() == 1)) {
    return {undefined(too_few(o), f.rows_taking_part())};
  }
  const std::size_t low = f.lowest(), high = f.highest();
  const std::int64_t rows = rows_of(f.at(low), f.at(high));
  if (f.at(high).value <= 0) return {undefined(Undefined::kZeroDenominator, rows)};
  Reading reading;
  reading.between = {f.groups.keys[low], f.groups.keys[high]};
  reading.estimate.value = f.at(low).value / f.at(high).value;
  reading.estimate.rows = rows;
  set_parts(reading, f.at(low), f.at(high));
  if (f.in.size() == 1) {  // fairlearn: one group is its own best and worst
    reading.estimate.low = reading.estimate.high = 1;
    return {reading};
  }
  const std::size_t groups = f.in.size();
  const Interval plain = groups > kPairwiseUpTo
                             ? ratio_of(f.picked_limits(each_of(o.level, groups)))
                             : narrowest_over_pairs(f, o.level);
  reading.estimate.low = std::min(plain.low, reading.estimate.value);
  reading.estimate.high = std::max(plain.high, reading.estimate.value);
  if (o.family_level > 0) {
    reading.family = ratio_of(f.deciding_limits(each_of(o.family_level, groups)));
  }
  reading.open = open_between(all_of(f), o, ratio_of);
  return {reading};
}

/// Gap or quotient of group i to one other Measured `to` (key `key_to`).
struct To {
  double value;
  Interval plain;
  std::optional<Interval> family;
};

/// MOVER for the shown interval; the corners of both groups' limits for the family's.
To difference_to(const Measured& a, const Measured& b, const ReadOptions& o, std::size_t count) {
  const double level = each_of(o.level, count);
  To to{a.value - b.value,
        mover_difference(sided(a, shown(a, level, o)), sided(b, shown(b, level, o))),
        {}};
  if (o.family_level > 0) {
    const double each = each_of(o.family_level, count + 1);
    const Interval ia = decides(a, each, o), ib = decides(b, each, o);
    to.family = Interval{ia.low - ib.high, ia.high - ib.low};
  }
  return to;
}

To ratio_to(const Measured& a, const Measured& b, const ReadOptions& o, std::size_t count) {
  const double level = each_of(o.level, count);
  To to{a.value / b.value,
        mover_ratio(sided(a, shown(a, level, o)), sided(b, shown(b, level, o))),
        {}};
  if (o.family_level > 0) {
    const double each = each_of(o.family_level, count + 1);
    const Interval ia = decides(a, each, o), ib = decides(b, each, o);
    to.family = Interval{ib.high > 0 ? ia.low / ib.high : 0,
                         ib.low > 0 ? ia.high / ib.low : std::numeric_limits<double>::infinity()};
  }
  return to;
}

/// |d| from an interval of d.
Interval magnitude(const Interval& d) {
  if (d.low <= 0 && d.high >= 0) return {0, std::max(-d.low, d.high)};
  return {std::min(std::abs(d.low), std::abs(d.high)), std::max(std::abs(d.low), std::abs(d.high))};
}

/// The quotient turned so that it is at most 1.
Interval turned(const Interval& q) {
  const auto turn = [](double x) { return x > 1 ? 1 / x : x; };
  const double a = turn(std::max(q.low, 0.0)), b = std::isfinite(q.high) ? turn(q.high) : 0.0;
  const double high = q.low <= 1 && q.high >= 1 ? 1 : std::max(a, b);
  return {std::min(a, b), high};
}

/// A group against everybody. Everybody holds the group itself, so the two move together and the
/// interval as though they did not is too wide rather than too narrow.
std::vector<Reading> read_to_overall(const Measurements& m, const Tallies& t, const ReadOptions& o,
                                     bool ratio) {
  const Field f(m, t, o);
  const bool fairlearn = o.convention == Convention::kFairlearn;
  if (f.in.size() < 2 && !(fairlearn && f.in.size() == 1)) {
    return {undefined(too_few(o), f.rows_taking_part())};
  }
  if (!m.everybody.defined()) return {undefined(m.everybody.why)};
  if (ratio && m.everybody.value <= 0) return {undefined(Undefined::kZeroDenominator)};
  Reading best;
  bool first = true;
  Interval plain{0, 0}, family{0, 0};
  for (std::size_t i : f.in) {
    const To to = ratio ? ratio_to(f.at(i), m.everybody, o, f.in.size())
                        : difference_to(f.at(i), m.everybody, o, f.in.size());
    const double size = ratio ? (to.value > 1 ? 1 / to.value : to.value) : std::abs(to.value);
    const Interval p = ratio ? turned(to.plain) : magnitude(to.plain);
    const Interval q =
        to.family ? (ratio ? turned(*to.family) : magnitude(*to.family)) : Interval{};
    const bool widest = first || (ratio ? size < best.estimate.value : size > best.estimate.value);
    if (widest) {
      best.estimate.value = size;
      best.estimate.rows = rows_of(f.at(i), m.everybody);
      const bool group_lower = f.at(i).value <= m.everybody.value;
      best.between =
          group_lower ? std::pair{f.groups.keys[i], Key{}} : std::pair{Key{}, f.groups.keys[i]};
    }
    if (first) {
      plain = p;
      family = q;
    } else if (ratio) {
      plain = {std::min(plain.low, p.low), std::min(plain.high, p.high)};
      family = {std::min(family.low, q.low), std::min(family.high, q.high)};
    } else {
      plain = {std::max(plain.low, p.low), std::max(plain.high, p.high)};
      family = {std::max(family.low, q.low), std::max(family.high, q.high)};
    }
    first = false;
  }
  best.estimate.low = plain.low;
  best.estimate.high = plain.high;
  if (o.family_level > 0) best.family = family;
  std::vector<const Measured*> all = all_of(f);
  all.push_back(&m.everybody);
  best.open = open_between(all, o, [&](const std::vector<Interval>& of) {
    Interval widest{ratio ? 1.0 : 0.0, ratio ? 1.0 : 0.0};
    for (std::size_t i = 0; i + 1 < of.size(); ++i) {
      const Interval to = apart(of[i], of.back(), ratio);
      const Interval size = ratio ? turned(to) : magnitude(to);
      widest = ratio ? Interval{std::min(widest.low, size.low), std::min(widest.high, size.high)}
                     : Interval{std::max(widest.low, size.low), std::max(widest.high, size.high)};
    }
    return widest;
  });
  if (best.open) best.open->rows_missing = m.everybody.rows_missing;  // the groups' are among them
  return {best};
}

std::vector<Reading> read_difference_to_overall(const Measurements& m, const Tallies& t,
                                                const ReadOptions& o) {
  return read_to_overall(m, t, o, false);
}
std::vector<Reading> read_ratio_to_overall(const Measurements& m, const Tallies& t,
                                           const ReadOptions& o) {
  return read_to_overall(m, t, o, true);
}

/// Each group against the reference, signed: group minus reference, group over reference.
std::vector<Reading> read_to_reference(const Measurements& m, const Tallies& t,
                                       const ReadOptions& o, bool ratio) {
  const Field f(m, t, o);
  const auto& keys = t.groups->keys;
  const auto at = o.reference ? std::find(keys.begin(), keys.end(), *o.reference) : keys.end();
  if (at == keys.end()) return {undefined(Undefined::kNoReference)};
  const std::size_t reference = static_cast<std::size_t>(at - keys.begin());
  const Measured& ref = m.groups[reference];
  std::vector<Reading> out;
  const std::size_t others = f.in.size() > 1 ? f.in.size() - 1 : 1;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i == reference) continue;
    if (!is_known(keys[i])) continue;  // an unknown group is counted, never compared
    const bool lower = m.groups[i].value <= ref.value;
    Reading reading;
    reading.between =
        lower ? std::pair{keys[i], keys[reference]} : std::pair{keys[reference], keys[i]};
    reading.estimate.rows = rows_of(m.groups[i], ref);
    reading.estimate.why = !m.groups[i].defined()    ? m.groups[i].why
                           : !ref.defined()          ? Undefined::kNoReference
                           : ratio && ref.value <= 0 ? Undefined::kZeroDenominator
                                                     : Undefined::kDefined;
    if (reading.estimate.defined()) {
      const To to = ratio ? ratio_to(m.groups[i], ref, o, others)
                          : difference_to(m.groups[i], ref, o, others);
      reading.estimate.value = to.value;
      reading.estimate.low = to.plain.low;
      reading.estimate.high = to.plain.high;
      reading.family = to.family;
      reading.open = open_between({&m.groups[i], &ref}, o, [&](const std::vector<Interval>& two) {
        return apart(two[0], two[1], ratio);
      });
      if (ratio) set_parts(reading, m.groups[i], ref);
    }
    out.push_back(std::move(reading));
  }
  if (out.empty()) out.push_back(undefined(Undefined::kOneGroup, ref.rows));
  return out;
}

std::vector<Reading> read_difference_to_reference(const Measurements& m, const Tallies& t,
                                                  const ReadOptions& o) {
  return read_to_reference(m, t, o, false);
}
std::vector<Reading> read_ratio_to_reference(const Measurements& m, const Tallies& t,
                                             const ReadOptions& o) {
  return read_to_reference(m, t, o, true);
}

/// The lowest (or highest) group. Picked by looking, so its interval is that of the minimum itself:
/// [min l, min u] over limits that hold for all groups at once.
std::vector<Reading> read_extreme(const Measurements& m, const Tallies& t, const ReadOptions& o,
                                  bool lowest) {
  const Field f(m, t, o);
  if (f.in.empty()) {
    Reading reading;
    reading.group = Key{};
    reading.estimate.why = Undefined::kNoRows;
    for (std::size_t i = 0; i < m.groups.size(); ++i) {
      if (!is_known(f.groups.keys[i])) continue;
      reading.estimate.rows += m.groups[i].rows;
      // The same reason whatever the order: the last in the list of reasons.
      if (m.groups[i].rows > 0)
        reading.estimate.why = std::max(reading.estimate.why, m.groups[i].why);
    }
    return {reading};
  }
  const std::size_t i = lowest ? f.lowest() : f.highest();
  Reading reading;
  reading.group = f.groups.keys[i];
  reading.estimate.value = f.at(i).value;
  reading.estimate.rows = f.at(i).rows;
  reading.parts[0] = f.at(i).part;
  reading.parts[1] = f.at(i).rows;
  const auto extreme = [&](const std::vector<Interval>& all) {
    return lowest ? Interval{min_low(all), min_high(all)} : Interval{max_low(all), max_high(all)};
  };
  const Interval plain = extreme(f.picked_limits(each_of(o.level, f.in.size())));
  reading.estimate.low = plain.low;
  reading.estimate.high = plain.high;
  if (o.family_level > 0) {
    reading.family = extreme(f.deciding_limits(each_of(o.family_level, f.in.size())));
  }
  reading.open = open_between(all_of(f), o, extreme);
  return {reading};
}

std::vector<Reading> read_group_min(const Measurements& m, const Tallies& t, const ReadOptions& o) {
  return read_extreme(m, t, o, true);
}
std::vector<Reading> read_group_max(const Measurements& m, const Tallies& t, const ReadOptions& o) {
  return read_extreme(m, t, o, false);
}

}  // namespace

Open open_of(const Measured& m, double level, Method method, double scale) {
  if (m.rows_missing == 0) {
    const Interval plain = limits(m, level, method, scale);
    return {m.value, m.value, plain.low, plain.high, 0};
  }
  return m.of_shares == nullptr ? open_of_one(m, level, method, scale)
                                : open_of_shares(m, level, method, scale);
}

std::vector<std::size_t> taking_part(const std::vector<Measured>& measured, const Groups& groups) {
  std::vector<std::size_t> in;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (is_known(groups.keys[i]) && measured[i].defined()) in.push_back(i);
  }
  return in;
}

Reading widest_gap(const Measurements& m, const Tallies& t, const ReadOptions& o) {
  if (wants_aif360(o)) {
    const auto pair = as_aif360(m, t, o);
    if (!pair) return undefined(Undefined::kConvention);
    Tallies two = t;
    two.groups = &pair->groups;
    ReadOptions plain = o;
    plain.convention = Convention::kEvenhand;
    return widest_gap(pair->measured, two, plain);
  }
  const Field f(m, t, o);
  const bool fairlearn = o.convention == Convention::kFairlearn;
  if (f.in.size() < 2 && !(fairlearn && f.in.size() == 1)) {
    return undefined(too_few(o), f.rows_taking_part());
  }
  const std::size_t low = f.lowest(), high = f.highest();
  Reading reading;
  reading.between = {f.groups.keys[low], f.groups.keys[high]};
  reading.estimate.value = f.at(high).value - f.at(low).value;
  reading.estimate.rows = rows_of(f.at(low), f.at(high));
  set_parts(reading, f.at(low), f.at(high));
  if (f.in.size() == 1) return reading;  // fairlearn: a single group has a gap of 0
  const std::size_t groups = f.in.size();
  const Interval plain = groups > kPairwiseUpTo ? gap_of(f.picked_limits(each_of(o.level, groups)))
                                                : widest_over_pairs(f, o.level);
  reading.estimate.low = plain.low;
  reading.estimate.high = plain.high;
  if (o.family_level > 0) {
    reading.family = gap_of(f.deciding_limits(each_of(o.family_level, groups)));
  }
  reading.open = open_between(all_of(f), o, gap_of);
  if (o.scale == 1) {  // asked as though there were more rows, nobody tests
    std::vector<const Measured*> groups_in;
    for (std::size_t i : f.in) groups_in.push_back(&f.at(i));
    reading.log10_p = homogeneity_log10_p(groups_in);
  }
  return reading;
}

const std::vector<Comparison>& comparisons() {
  static const std::vector<Comparison> all{
      {"_difference", "How far apart are the groups with the highest and the lowest R?",
       "max_g R(g) - min_g R(g)",
       "Interval over all pairs: Newcombe, Stat. Med. 17 (1998) 873, at Bonferroni's level", false,
       false, false, read_difference},
      {"_ratio", "How large is the lowest group's R as a part of the highest group's?",
       "min_g R(g) / max_g R(g)",
       "Interval over all pairs: Donner & Zou, Stat. Methods Med. Res. 21 (2012) 347", true, false,
       false, read_ratio},
      {"_difference_to_overall", "How far is the group furthest from everybody's R away from it?",
       "max_g |R(g) - R(everybody)|", "Newcombe, Stat. Med. 17 (1998) 873", false, false, false,
       read_difference_to_overall},
      {"_ratio_to_overall", "How far is the group furthest from everybody's R away, as a quotient?",
       "min_g min(q, 1/q), q = R(g) / R(everybody)",
       "Donner & Zou, Stat. Methods Med. Res. 21 (2012) 347", true, false, false,
       read_ratio_to_overall},
      {"_difference_to_reference", "How much higher or lower is a group's R than the reference's?",
       "R(g) - R(reference), with its sign", "Newcombe, Stat. Med. 17 (1998) 873", false, true,
       false, read_difference_to_reference},
      {"_ratio_to_reference", "How large is a group's R as a part of the reference's?",
       "R(g) / R(reference)", "Donner & Zou, Stat. Methods Med. Res. 21 (2012) 347", true, true,
       false, read_ratio_to_reference},
      {"_group_min", "What is R in the group where it is lowest?", "min_g R(g)",
       "Per-group limits at Bonferroni's level", false, false, true, read_group_min},
      {"_group_max", "What is R in the group where it is highest?", "max_g R(g)",
       "Per-group limits at Bonferroni's level", false, false, true, read_group_max},
  };
  return all;
}

Result<Measurements> measure_groups(const Measure& measure, const Tallies& tallies,
                                    const ReadOptions& options, const Measured* known) {
  EVENHAND_ASSIGN(std::vector<Measured> groups, measure.measure(tallies, options));
  EVENHAND_CHECK(groups.size() == tallies.groups->size());
  // fairlearn's answers to 0/0 stand on no rows, and take part in its comparisons all the same.
  const bool zeros = options.convention == Convention::kFairlearn && options.rows_min <= 1;
  const std::int64_t rows_min = zeros ? 0 : options.rows_min;
  for (Measured& m : groups) {
    if (m.defined() && m.rows < rows_min) m.why = Undefined::kInsufficient;
  }
  const std::size_t in = taking_part(groups, *tallies.groups).size();
  if (known != nullptr) return Measurements{std::move(groups), *known, in};
  EVENHAND_ASSIGN(Measured everybody, measure_everybody(measure, tallies, options));
  return Measurements{std::move(groups), std::move(everybody), in};
}

Result<Measured> measure_everybody(const Measure& measure, const Tallies& tallies,
                                   const ReadOptions& options) {
  const Tallies& all = tallies.everybody != nullptr ? *tallies.everybody : tallies;
  EVENHAND_ASSIGN(std::vector<Measured> measured, measure.measure(all, options));
  if (measured.empty()) {
    Measured nobody;
    nobody.why = Undefined::kNoRows;
    return nobody;
  }
  EVENHAND_CHECK(measured.size() == 1);
  return measured.front();
}

std::vector<Reading> readings(const Metric& metric, const Measurements& measured,
                              const Tallies& tallies, const ReadOptions& options) {
  EVENHAND_CHECK(metric.measure != nullptr);
  if (metric.comparison == nullptr) return read_groups(measured, tallies, options);
  return metric.comparison->read(measured, tallies, options);
}

}  // namespace evenhand::metric
