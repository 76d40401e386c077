#include "evenhand/metric/score_distance.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/metric/metric.h"
#include "evenhand/metric/score_means.h"
#include "evenhand/numeric/normal.h"
#include "evenhand/numeric/student.h"

namespace evenhand::metric {
namespace {

using tally::Key;

constexpr std::size_t kPairwiseUpTo = 50;  // groups; beyond, one margin serves all pairs
constexpr std::int64_t kRowsMin = 2;       // one row has no variance

double weight_of(const ScoreRun& run) { return run.w0 + run.w1 + run.w_missing; }
double squares_of(const ScoreRun& run) {
  const double n = static_cast<double>(run.n_missing);
  const double least = n > 0 ? run.w_missing * run.w_missing / n : 0;
  return run.ww0 + run.ww1 + std::max(least, run.ww_missing);
}

/// The two influences of one score: on the mean and on the variance.
struct Influence {
  double x, q;
};
Influence influence(const ScoreSample& s, double score) {
  const double x = score - s.mean;
  return {x, x * x - s.variance};
}

void add_runs(ScoreSample& s, double& squares) {
  for (const ScoreRun& run : *s.runs) {
    const Influence i = influence(s, run.score);
    const double ww = squares_of(run);
    squares += ww;
    s.a += ww * i.x * i.x;
    s.b += ww * i.x * i.q;
    s.c += ww * i.q * i.q;
  }
  s.clusters = static_cast<double>(s.rows);
}

void add_clusters(ScoreSample& s, const std::vector<ScoreRow>& rows, double& squares) {
  ByCluster w, x, q;
  for (const ScoreRow& row : rows) {
    const Influence i = influence(s, row.score);
    w.emplace_back(row.cluster, row.weight);
    x.emplace_back(row.cluster, row.weight * i.x);
    q.emplace_back(row.cluster, row.weight * i.q);
  }
  w = add_up(std::move(w));
  x = add_up(std::move(x));
  q = add_up(std::move(q));
  for (std::size_t k = 0; k < w.size(); ++k) {
    squares += w[k].second * w[k].second;
    s.a += x[k].second * x[k].second;
    s.b += x[k].second * q[k].second;
    s.c += q[k].second * q[k].second;
  }
  s.clusters = static_cast<double>(w.size());
}

/// Walk two distribution functions upwards: use(F_a, F_b, length to the next score).
template <class Use>
void for_each_stretch(const ScoreSample& a, const ScoreSample& b, Use use) {
  auto i = a.runs->begin(), j = b.runs->begin();
  double below_a = 0, below_b = 0;
  while (i != a.runs->end() || j != b.runs->end()) {
    const bool from_a = j == b.runs->end() || (i != a.runs->end() && i->score <= j->score);
    const double score = from_a ? i->score : j->score;
    for (; i != a.runs->end() && i->score == score; ++i) below_a += weight_of(*i);
    for (; j != b.runs->end() && j->score == score; ++j) below_b += weight_of(*j);
    double next = score;
    if (i != a.runs->end()) next = i->score;
    if (j != b.runs->end()) next = i != a.runs->end() ? std::min(next, j->score) : j->score;
    use(below_a / a.weight, below_b / b.weight, next - score);
  }
}

Distance kolmogorov_smirnov(const ScoreSample& a, const ScoreSample& b) {
  Distance d;
  for_each_stretch(
      a, b, [&](double fa, double fb, double) { d.value = std::max(d.value, std::abs(fa - fb)); });
  d.spread = std::sqrt(1 / a.independent + 1 / b.independent);
  // Between two edges of the grid, where both functions are exact, they part by a bin at most.
  if (a.grid_error > 0) d.slack_high = std::max(a.heaviest, b.heaviest);
  return d;
}

Distance wasserstein(const ScoreSample& a, const ScoreSample& b) {
  Distance d;
  for_each_stretch(a, b, [&](double fa, double fb, double length) {
    d.value += std::abs(fa - fb) * length;
    const double variance =
        std::max(0.0, fa * (1 - fa)) / a.independent + std::max(0.0, fb * (1 - fb)) / b.independent;
    d.bias += std::sqrt(2 / std::numbers::pi * variance) * length;
  });
  d.spread = std::sqrt(a.variance_up / a.independent + b.variance_up / b.independent);
  d.degrees = std::max(std::min(a.clusters, b.clusters) - 1, 1.0);
  d.slack_low = d.slack_high = a.grid_error + b.grid_error;
  return d;
}

Distance standardized(const ScoreSample& a, const ScoreSample& b) {
  Distance d;
  const double variance = (a.variance + b.variance) / 2;
  // Equal scores leave a variance of rounding errors only.
  if (!(variance > 1e-24)) {
    d.why = Undefined::kNoSpread;
    return d;
  }
  const double deviation = std::sqrt(variance);
  d.value = (b.mean - a.mean) / deviation;
  const double lever = d.value / (4 * variance);  // d moves by -lever for 1 more of var_a or var_b
  const auto from = [&](const ScoreSample& s, double sign) {
    const double square = s.a / variance - sign * 2 * lever * s.b / deviation + lever * lever * s.c;
    const double one_less = s.clusters > 1 ? s.clusters / (s.clusters - 1) : 1;
    return std::max(0.0, square) * one_less / (s.weight * s.weight);
  };
  d.spread = std::sqrt(from(a, -1) + from(b, 1));
  // The means move by as much; the deviation by no more, relative to itself.
  d.slack_low = d.slack_high = (a.grid_error + b.grid_error) / deviation * (1 + std::abs(d.value));
  d.degrees = std::max(std::min(a.clusters, b.clusters) - 1, 1.0);
  return d;
}

double quantile_of(DistanceKind kind, double level, double degrees) {
  if (kind == DistanceKind::kKolmogorovSmirnov) return std::sqrt(std::log(2 / (1 - level)) / 2);
  return degrees > 0 ? numeric::student_two_sided(level, degrees)
                     : numeric::normal_two_sided(level);
}

double each_of(double level, std::size_t count) {
  return 1 - (1 - level) / static_cast<double>(std::max<std::size_t>(count, 1));
}

/// |d| from an interval of d.
Interval magnitude(const Interval& d) {
  if (d.low <= 0 && d.high >= 0) return {0, std::max(-d.low, d.high)};
  return {std::min(std::abs(d.low), std::abs(d.high)), std::max(std::abs(d.low), std::abs(d.high))};
}

/// The groups of one question and their samples.
struct Field {
  const tally::Groups& groups;
  DistanceKind kind;
  const ReadOptions& options;
  std::vector<ScoreSample> samples;
  std::vector<std::size_t> in;  // indices of the groups that take part
};

Result<Field> field_of(const Tallies& tallies, DistanceKind kind, const ReadOptions& options) {
  EVENHAND_ASSIGN(const ScoreRows* rows, score_rows_of(tallies));
  Field f{*tallies.groups, kind, options, {}, {}};
  const std::int64_t rows_min = std::max(kRowsMin, options.rows_min);
  for (std::size_t g = 0; g < f.groups.size(); ++g) {
    f.samples.push_back(score_sample(*rows, g));
    const Key& key = f.groups.keys[g];
    const bool known =
        std::all_of(key.begin(), key.end(), [](const auto& value) { return value.has_value(); });
    if (known && f.samples[g].rows >= rows_min && f.samples[g].weight > 0) f.in.push_back(g);
  }
  return f;
}

struct Pair {
  std::size_t a = 0, b = 0;
  Distance distance;
};

/// Distances of all pairs that have one.
std::vector<Pair> all_pairs(const Field& f) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < f.in.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Pair pair{f.in[j], f.in[i],
                      score_distance(f.samples[f.in[j]], f.samples[f.in[i]], f.kind)};
      if (pair.distance.why == Undefined::kDefined) pairs.push_back(pair);
    }
  }
  return pairs;
}

/// The scores of all groups that take part, as one distribution function F that is searched, not
/// walked: so holding one group against it costs log(scores of all) a score of the group.
struct Pool {
  std::vector<double> scores;  // each once, rising
  std::vector<double> at;      // F of each
  std::vector<double> area;    // integral of F up to each

  std::size_t place(double score) const {  // of the first that is not below it
    return static_cast<std::size_t>(std::lower_bound(scores.begin(), scores.end(), score) -
                                    scores.begin());
  }
};

Pool pool_of(const Field& f) {
  std::vector<ScoreRun> all;
  for (const std::size_t g : f.in) {
    all.insert(all.end(), f.samples[g].runs->begin(), f.samples[g].runs->end());
  }
  std::sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.score < y.score; });
  double weight = 0, below = 0;
  for (const ScoreRun& run : all) weight += weight_of(run);
  Pool pool;
  for (std::size_t i = 0; i < all.size();) {
    const double score = all[i].score;
    for (; i < all.size() && all[i].score == score; ++i) below += weight_of(all[i]);
    const double before =
        pool.scores.empty() ? 0 : pool.area.back() + pool.at.back() * (score - pool.scores.back());
    pool.scores.push_back(score);
    pool.at.push_back(below / weight);
    pool.area.push_back(before);
  }
  return pool;
}

/// sup |F_a - F|: between two scores of the group F_a stands still and F rises, so the ends of each
/// stretch are all there is to look at.
double ks_to_pool(const ScoreSample& a, const Pool& pool) {
  double widest = 0, below = 0;
  for (auto i = a.runs->begin(); i != a.runs->end();) {
    const double score = i->score;
    const std::size_t k = pool.place(score);
    const double under = k == 0 ? 0 : pool.at[k - 1];
    widest = std::max(widest, std::abs(below / a.weight - under));
    for (; i != a.runs->end() && i->score == score; ++i) below += weight_of(*i);
    widest = std::max(widest, std::abs(below / a.weight - pool.at[k]));
  }
  return widest;
}

/// integral |F_a - F| over a stretch of the pool in which F_a is `level`.
double area_between(const Pool& pool, std::size_t from, std::size_t to, double level) {
  if (from == to) return 0;
  const auto begin = pool.at.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = pool.at.begin() + static_cast<std::ptrdiff_t>(to);
  const auto above = static_cast<std::size_t>(std::upper_bound(begin, end, level) -
                                              pool.at.begin());  // F > level from here on
  const auto part = [&](std::size_t low, std::size_t high) {     // integral of level - F
    return level * (pool.scores[high] - pool.scores[low]) - (pool.area[high] - pool.area[low]);
  };
  return part(from, above) - part(above, to);
}

double area_to_pool(const ScoreSample& a, const Pool& pool) {
  double sum = 0, below = 0;
  std::size_t at = 0;
  for (auto i = a.runs->begin(); i != a.runs->end();) {
    const double score = i->score;
    const std::size_t k = pool.place(score);
    sum += area_between(pool, at, k, below / a.weight);
    for (; i != a.runs->end() && i->score == score; ++i) below += weight_of(*i);
    at = k;
  }
  return sum + area_between(pool, at, pool.scores.size() - 1, below / a.weight);
}

/// The widest pair of very many groups. KS and Wasserstein are metrics, so no pair is further apart
/// than its two ways to the pool of all: going from the far groups inwards, most pairs need no
/// look.
Pair widest_by_bound(const Field& f) {
  const Pool pool = pool_of(f);
  const bool ks = f.kind == DistanceKind::kKolmogorovSmirnov;
  const double rounding = ks ? 0 : 1e-12;           // areas are differences of sums
  std::vector<std::pair<double, std::size_t>> far;  // distance to the pool, group
  for (const std::size_t g : f.in) {
    const ScoreSample& s = f.samples[g];
    far.emplace_back(ks ? ks_to_pool(s, pool) : area_to_pool(s, pool), g);
  }
  std::stable_sort(far.begin(), far.end(),
                   [](const auto& x, const auto& y) { return x.first > y.first; });
  Pair best;
  bool found = false;
  for (std::size_t i = 0; i < far.size(); ++i) {
    for (std::size_t j = i + 1; j < far.size(); ++j) {
      if (found && far[i].first + far[j].first + rounding <= best.distance.value) break;
      const std::size_t a = far[i].second, b = far[j].second;
      const Distance d = score_distance(f.samples[a], f.samples[b], f.kind);
      if (!found || d.value > best.distance.value) best = {a, b, d};
      found = true;
    }
  }
  return best;
}

/// The two largest of a number over the groups that take part, added.
double two_largest(const Field& f, const std::function<double(const ScoreSample&)>& of) {
  double first = 0, second = 0;
  for (const std::size_t g : f.in) {
    const double x = of(f.samples[g]);
    if (x > first)
      second = std::exchange(first, x);
    else
      second = std::max(second, x);
  }
  return first + second;
}

/// The widest pair of very many groups where a pair costs next to nothing, and the distance whose
/// margin is as wide as any pair's.
struct Widest {
  Pair best;
  Distance outer;
};

Widest widest_standardized(const Field& f) {
  Widest w;
  w.best.distance.why = Undefined::kNoSpread;
  for (std::size_t i = 0; i < f.in.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const std::size_t a = f.in[j], b = f.in[i];
      const Distance d = score_distance(f.samples[a], f.samples[b], f.kind);
      if (d.why != Undefined::kDefined) continue;
      const bool first = w.best.distance.why != Undefined::kDefined;
      if (first || std::abs(d.value) > std::abs(w.best.distance.value)) w.best = {a, b, d};
      w.outer.spread = std::max(w.outer.spread, d.spread);
      w.outer.slack_high = std::max(w.outer.slack_high, d.slack_high);
      w.outer.degrees = first ? d.degrees : std::min(w.outer.degrees, d.degrees);
    }
  }
  w.outer.value = std::abs(w.best.distance.value);
  return w;
}

/// The same for the two metrics.
Distance with_widest_margin(const Field& f, Distance d) {
  double clusters = std::numeric_limits<double>::infinity();
  for (const std::size_t g : f.in) clusters = std::min(clusters, f.samples[g].clusters);
  const bool ks = f.kind == DistanceKind::kKolmogorovSmirnov;
  d.spread = std::sqrt(two_largest(
      f, [&](const ScoreSample& s) { return (ks ? 1 : s.variance_up) / s.independent; }));
  d.degrees = ks ? 0 : std::max(clusters - 1, 1.0);
  for (const std::size_t g : f.in) {
    if (ks && f.samples[g].grid_error > 0)
      d.slack_high = std::max(d.slack_high, f.samples[g].heaviest);
  }
  return d;
}

Reading undefined(Undefined why) {
  Reading reading;
  reading.estimate.why = why;
  reading.between = std::pair<Key, Key>{};
  return reading;
}

/// Two groups, the one with the lower mean score first.
Reading between(const Field& f, std::size_t a, std::size_t b) {
  Reading reading;
  if (f.samples[a].mean > f.samples[b].mean) std::swap(a, b);
  reading.between = {f.groups.keys[a], f.groups.keys[b]};
  reading.estimate.rows = f.samples[a].rows + f.samples[b].rows;
  return reading;
}

/// [max(0, max L), max U] over all pairs' intervals at Bonferroni's level.
Interval widest_limits(const Field& f, const std::vector<Pair>& pairs, double level) {
  Interval widest{0, 0};
  for (const Pair& pair : pairs) {
    const Interval d = magnitude(
        distance_limits(pair.distance, f.kind, each_of(level, pairs.size()), f.options.scale));
    widest = {std::max(widest.low, d.low), std::max(widest.high, d.high)};
  }
  return widest;
}

std::size_t pairs_of(std::size_t groups) { return groups * (groups - 1) / 2; }

Widest widest_of(const Field& f) {
  if (f.kind == DistanceKind::kStandardized) return widest_standardized(f);
  const Pair best = widest_by_bound(f);
  return {best, with_widest_margin(f, best.distance)};
}

Reading widest_of_many(const Field& f) {
  const auto [best, outer] = widest_of(f);
  if (best.distance.why != Undefined::kDefined) return undefined(best.distance.why);
  Reading reading = between(f, best.a, best.b);
  reading.estimate.value = std::abs(best.distance.value);
  const auto at = [&, &pair = best, &wide = outer](double level) {
    const double each = each_of(level, pairs_of(f.in.size()));
    return Interval{magnitude(distance_limits(pair.distance, f.kind, each, f.options.scale)).low,
                    distance_limits(wide, f.kind, each, f.options.scale).high};
  };
  const Interval shown = at(f.options.level);
  reading.estimate.low = shown.low;
  reading.estimate.high = shown.high;
  if (f.options.family_level > 0) reading.family = at(f.options.family_level);
  return reading;
}

Reading widest_of_pairs(const Field& f) {
  const std::vector<Pair> pairs = all_pairs(f);
  if (pairs.empty()) return undefined(Undefined::kNoSpread);
  const Pair& best =
      *std::max_element(pairs.begin(), pairs.end(), [](const auto& x, const auto& y) {
        return std::abs(x.distance.value) < std::abs(y.distance.value);
      });
  Reading reading = between(f, best.a, best.b);
  reading.estimate.value = std::abs(best.distance.value);
  const Interval shown = widest_limits(f, pairs, f.options.level);
  reading.estimate.low = shown.low;
  reading.estimate.high = shown.high;
  if (f.options.family_level > 0) {
    reading.family = widest_limits(f, pairs, f.options.family_level);
  }
  return reading;
}

Result<std::vector<Reading>> read_widest(const Tallies& tallies, const ReadOptions& options,
                                         DistanceKind kind) {
  EVENHAND_ASSIGN(const Field f, field_of(tallies, kind, options));
  if (f.in.size() < 2) return std::vector<Reading>{undefined(Undefined::kOneGroup)};
  const bool many = f.in.size() > kPairwiseUpTo;
  return std::vector<Reading>{many ? widest_of_many(f) : widest_of_pairs(f)};
}

Undefined cannot_compare(const Field& f, std::size_t g) {
  if (f.samples[g].rows == 0 || !(f.samples[g].weight > 0)) return Undefined::kNoRows;
  const std::int64_t rows_min = std::max(kRowsMin, f.options.rows_min);
  return f.samples[g].rows < rows_min ? Undefined::kInsufficient : Undefined::kDefined;
}

Reading to_reference(const Field& f, std::size_t reference, std::size_t g, std::size_t others) {
  Reading reading = between(f, g, reference);
  reading.estimate.why = cannot_compare(f, g);
  if (!reading.estimate.defined()) return reading;
  if (cannot_compare(f, reference) != Undefined::kDefined) {
    reading.estimate.why = Undefined::kNoReference;
    return reading;
  }
  const Distance d = score_distance(f.samples[reference], f.samples[g], f.kind);
  reading.estimate.why = d.why;
  if (!reading.estimate.defined()) return reading;
  const double scale = f.options.scale;
  const Interval shown = distance_limits(d, f.kind, each_of(f.options.level, others), scale);
  reading.estimate.value = d.value;
  reading.estimate.low = shown.low;
  reading.estimate.high = shown.high;
  if (f.options.family_level > 0) {
    reading.family = distance_limits(d, f.kind, each_of(f.options.family_level, others), scale);
  }
  return reading;
}

Result<std::vector<Reading>> read_to_reference(const Tallies& tallies, const ReadOptions& options,
                                               DistanceKind kind) {
  EVENHAND_ASSIGN(const Field f, field_of(tallies, kind, options));
  const auto& keys = f.groups.keys;
  const auto at =
      options.reference ? std::find(keys.begin(), keys.end(), *options.reference) : keys.end();
  if (at == keys.end()) return std::vector<Reading>{undefined(Undefined::kNoReference)};
  const std::size_t reference = static_cast<std::size_t>(at - keys.begin());
  const std::size_t others = std::max<std::size_t>(2, f.in.size()) - 1;
  std::vector<Reading> out;
  for (std::size_t g = 0; g < keys.size(); ++g) {
    const bool unknown = std::any_of(keys[g].begin(), keys[g].end(),
                                     [](const auto& value) { return !value.has_value(); });
    if (g == reference || unknown) continue;  // an unknown group is counted, never compared
    out.push_back(to_reference(f, reference, g, others));
  }
  if (out.empty()) out.push_back(undefined(Undefined::kOneGroup));
  return out;
}

template <DistanceKind kind>
Result<std::vector<Reading>> widest(const Tallies& t, const ReadOptions& o) {
  return read_widest(t, o, kind);
}
template <DistanceKind kind>
Result<std::vector<Reading>> reference(const Tallies& t, const ReadOptions& o) {
  return read_to_reference(t, o, kind);
}

}  // namespace

ScoreSample score_sample(const ScoreRows& rows, std::size_t group) {
  ScoreSample s;
  s.runs = &rows.runs[group];
  double ws = 0;
  for (const ScoreRun& run : *s.runs) {
    s.rows += run.n0 + run.n1 + run.n_missing;
    s.weight += weight_of(run);
    ws += weight_of(run) * run.score;
  }
  if (!(s.weight > 0)) return s;
  s.mean = ws / s.weight;
  s.grid_error = rows.grid_error;
  double spread = 0;
  for (const ScoreRun& run : *s.runs) {
    s.heaviest = std::max(s.heaviest, weight_of(run) / s.weight);
    spread += weight_of(run) / s.weight * (run.score - s.mean) * (run.score - s.mean);
  }
  const double n = static_cast<double>(s.rows);
  s.variance = n > 1 ? spread * n / (n - 1) : 0;
  s.variance_up = (spread * n + s.mean * s.mean + (1 - s.mean) * (1 - s.mean)) / (n + 1);
  double squares = 0;
  if (clustered(rows, group)) {
    add_clusters(s, rows.rows[group], squares);
  } else {
    add_runs(s, squares);
  }
  s.independent = s.weight * s.weight / squares;
  return s;
}

Distance score_distance(const ScoreSample& a, const ScoreSample& b, DistanceKind kind) {
  switch (kind) {
    case DistanceKind::kKolmogorovSmirnov:
      return kolmogorov_smirnov(a, b);
    case DistanceKind::kWasserstein:
      return wasserstein(a, b);
    case DistanceKind::kStandardized:
      return standardized(a, b);
  }
  check_failed("a kind of distance", __FILE__, __LINE__);
}

Interval distance_limits(const Distance& d, DistanceKind kind, double level, double scale) {
  const double root = std::sqrt(scale);
  const double margin = quantile_of(kind, level, d.degrees * scale) * d.spread / root;
  const Interval open{d.value - d.bias / root - margin - d.slack_low,
                      d.value + margin + d.slack_high};
  if (kind == DistanceKind::kStandardized) return open;
  return {std::clamp(open.low, 0.0, 1.0), std::clamp(open.high, 0.0, 1.0)};  // scores lie in [0,1]
}

namespace {
constexpr const char* kKsSource =
    "Kolmogorov 1933, Smirnov 1939; limits by the inequality of Dvoretzky, Kiefer & Wolfowitz with "
    "the constant of Massart, Ann. Probab. 18 (1990) 1269, doi:10.1214/aop/1176990746";
constexpr const char* kWassersteinSource =
    "Vallender, Theory Probab. Appl. 18 (1974) 784, doi:10.1137/1118101; for fairness: Jiang et "
    "al. "
    "2020, arXiv:1907.12059";
constexpr const char* kStandardizedSource =
    "Cohen 1988, ISBN 978-0-8058-0283-2, 2.2; as a measure of balance: Austin, Stat. Med. 28 "
    "(2009) "
    "3083, doi:10.1002/sim.3697";
constexpr const char* kNeverZero =
    "It is above 0 for small groups even when their scores come from one distribution; look at the "
    "lower limit. Scores may differ because the groups' base rates do.";
constexpr const char* kMeansOnly =
    "It sees the means only: scores of one group that are both lower and higher than the other's "
    "give 0. Scores may differ because the groups' base rates do.";

constexpr Laws kDividesByRowsLessOne = Laws{}.without(Law::kDoubledRows);

/// What all distances have in common; the smaller the better, but for those with a sign.
Metric of_scores(Metric m) {
  if (m.better == Better::kNeither) m.better = Better::kLower;
  m.ideal = 0.0;
  m.from = From::kRows;
  m.needs_score = true;
  return m;
}

Metric to_reference(Metric m) {
  m.needs_reference = true;
  return of_scores(std::move(m));
}
}  // namespace

extern const Metric score_ks_distance = of_scores({
    .name = "score_ks_distance",
    .aliases = {"kolmogorov_smirnov_distance"},
    .says = "Over all thresholds, how far apart can the groups' selection rates be?",
    .formula = "max over pairs (g,h) of sup_s |F_g(s) - F_h(s)|",
    .unit = "share in [0,1]",
    .misleads = kNeverZero,
    .source = kKsSource,
    .read_self = widest<DistanceKind::kKolmogorovSmirnov>,
});

extern const Metric score_ks_distance_to_reference = to_reference({
    .name = "score_ks_distance_to_reference",
    .says =
        "Over all thresholds, how far apart can a group's and the reference's selection rates be?",
    .formula = "sup_s |F_g(s) - F_reference(s)|",
    .unit = "share in [0,1]",
    .misleads = kNeverZero,
    .source = kKsSource,
    .read_self = reference<DistanceKind::kKolmogorovSmirnov>,
});

extern const Metric score_wasserstein_distance = of_scores({
    .name = "score_wasserstein_distance",
    .aliases = {"earth_movers_distance_of_scores"},
    .says = "How far must one group's scores be moved on average to lie as another's do?",
    .formula = "max over pairs (g,h) of integral |F_g(s) - F_h(s)| ds",
    .unit = "score in [0,1]",
    .misleads = kNeverZero,
    .source = kWassersteinSource,
    .read_self = widest<DistanceKind::kWasserstein>,
});

extern const Metric score_wasserstein_distance_to_reference = to_reference({
    .name = "score_wasserstein_distance_to_reference",
    .says = "How far must a group's scores be moved on average to lie as the reference's do?",
    .formula = "integral |F_g(s) - F_reference(s)| ds",
    .unit = "score in [0,1]",
    .misleads = kNeverZero,
    .source = kWassersteinSource,
    .read_self = reference<DistanceKind::kWasserstein>,
});

extern const Metric standardized_mean_difference = of_scores({
    .name = "standardized_mean_difference",
    .aliases = {"cohens_d_of_scores"},
    .says = "How many standard deviations apart are the groups' mean scores?",
    .formula = "max over pairs (g,h) of |m_g - m_h| / sqrt((v_g + v_h) / 2), v with n - 1",
    .unit = "standard deviations, 0 or more",
    .misleads = kMeansOnly,
    .source = kStandardizedSource,
    .laws = kDividesByRowsLessOne,
    .read_self = widest<DistanceKind::kStandardized>,
});

extern const Metric standardized_mean_difference_to_reference = to_reference({
    .name = "standardized_mean_difference_to_reference",
    .says = "How many standard deviations is a group's mean score above the reference's?",
    .formula = "(m_g - m_reference) / sqrt((v_g + v_reference) / 2), v with n - 1",
    .unit = "standard deviations; below 0 the group scores lower",
    .better = Better::kNearIdeal,
    .misleads = kMeansOnly,
    .source = kStandardizedSource,
    .laws = kDividesByRowsLessOne,
    .read_self = reference<DistanceKind::kStandardized>,
});

}  // namespace evenhand::metric
