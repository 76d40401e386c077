// Diversity of sources: how many there are, effectively. p(s) is the share of source s.
//
// Hill numbers  qD = (sum_s p(s)^q)^(1/(1-q)):  q = 0 counts sources, q = 1 is exp(entropy), q = 2
// is 1 / sum p^2. S equal sources give S for every q; the larger q, the less rare ones count.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/metric/population.h"
#include "evenhand/numeric/normal.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Population sources_of(const Tallies& t) {
  Tallies rows = t;
  rows.baseline = nullptr;
  return population_of(rows);
}

/// Upper limit of Chao's estimate of all sources, unseen ones included: with f1 sources of one row
/// and f2 of two, u = (n-1)/n f1^2/(2 f2) unseen (f1 (f1-1)/2 times (n-1)/n where f2 is 0), whose
/// logarithm is taken as normal. No source of one row: nothing speaks of unseen ones.
double with_unseen(const Population& people, const Tallies& t, double seen, double level) {
  double f1 = 0, f2 = 0;
  for (const std::size_t g : people.in) {
    f1 += t.crosstab->n(g) == 1 ? 1 : 0;
    f2 += t.crosstab->n(g) == 2 ? 1 : 0;
  }
  if (f1 == 0) return seen;
  const auto n = static_cast<double>(people.rows);
  const double a = (n - 1) / n;
  double unseen = 0, variance = 0;
  if (f2 > 0) {
    const double r = f1 / f2;
    unseen = a * f1 * r / 2;
    variance = f2 * (a * r * r / 2 + a * a * r * r * r + a * a * r * r * r * r / 4);
  } else {
    unseen = a * f1 * (f1 - 1) / 2;
    const double all = seen + unseen;
    variance = a * f1 * (f1 - 1) / 2 + a * a * f1 * (2 * f1 - 1) * (2 * f1 - 1) / 4 -
               a * a * f1 * f1 * f1 * f1 / (4 * all);
  }
  if (!(unseen > 0)) return seen;
  const double z = numeric::normal_two_sided(level);
  const double spread =
      std::exp(z * std::sqrt(std::log1p(std::max(0.0, variance) / (unseen * unseen))));
  return seen + unseen * spread;
}

/// All that were seen are there, so nothing lies below; what lies above, no resampling of the rows
/// can know: a resample has never more sources than the rows.
Result<std::vector<Reading>> read_q0(const Tallies& t, const ReadOptions& o) {
  const Population people = sources_of(t);
  Reading reading = about_all(people);
  if (people.rows == 0) return std::vector{undefined(std::move(reading), Undefined::kNoRows)};
  const auto seen = static_cast<double>(std::count_if(
      people.in.begin(), people.in.end(), [&](std::size_t g) { return t.crosstab->n(g) > 0; }));
  Limits found{{seen, with_unseen(people, t, seen, o.level)}, {}};
  if (o.family_level > 0) {
    found.family = {seen, with_unseen(people, t, seen, o.family_level)};
  }
  set(reading, seen, found, o);
  return std::vector{std::move(reading)};
}

double entropy_term(double p) { return p > 0 ? -p * std::log(p) : 0; }

/// -p ln p rises up to 1/e and falls from there.
Interval entropy_term_within(const Interval& p) {
  const double peak = std::exp(-1.0);
  const double a = entropy_term(p.low), b = entropy_term(p.high);
  const double high = p.low < peak && p.high > peak ? peak : std::max(a, b);
  return {std::min(a, b), high};
}

double exp_entropy(std::span<const double> p) {
  double sum = 0;
  for (const double share : p) sum += entropy_term(share);
  return std::exp(sum);
}

double inverse_squares(std::span<const double> p) {
  return 1 / std::inner_product(p.begin(), p.end(), p.begin(), 0.0);
}

using OfShares = double (*)(std::span<const double>);
using Within = Interval (*)(std::span<const Interval>);

Interval exp_entropy_within(std::span<const Interval> box) {
  double low = 0, high = 0;
  for (const Interval& p : box) {
    const Interval term = entropy_term_within(p);
    low += term.low;
    high += term.high;
  }
  return {std::exp(low), std::min(std::exp(high), static_cast<double>(box.size()))};
}

Interval inverse_squares_within(std::span<const Interval> box) {
  double low = 0, high = 0;
  for (const Interval& p : box) {
    low += p.low * p.low;
    high += p.high * p.high;
  }
  const auto sources = static_cast<double>(box.size());
  return {std::max(1.0, 1 / high), low > 1 / sources ? 1 / low : sources};
}

Result<std::vector<Reading>> read_index(const Tallies& t, const ReadOptions& o, OfShares of,
                                        Within within) {
  const Population people = sources_of(t);
  Reading reading = about_all(people);
  if (people.rows == 0) return std::vector{undefined(std::move(reading), Undefined::kNoRows)};
  set_index(reading, people, of, within, {1, static_cast<double>(people.size())}, o);
  return std::vector{std::move(reading)};
}

Result<std::vector<Reading>> read_q1(const Tallies& t, const ReadOptions& o) {
  return read_index(t, o, exp_entropy, exp_entropy_within);
}
Result<std::vector<Reading>> read_q2(const Tallies& t, const ReadOptions& o) {
  return read_index(t, o, inverse_squares, inverse_squares_within);
}

/// [max L, max U] of limits that hold for all sources at once: a maximum is never resampled.
Result<std::vector<Reading>> read_largest(const Tallies& t, const ReadOptions& o) {
  const Population people = sources_of(t);
  Reading reading = about_all(people);
  if (people.rows == 0) return std::vector{undefined(std::move(reading), Undefined::kNoRows)};
  const auto at_level = [&](double level) {
    Interval out{0, 0};
    for (const Measured& share : people.shares) {
      const Interval l =
          limits(share, each_of(level, people.size()), Method::kClopperPearson, o.scale);
      out = {std::max(out.low, l.low), std::max(out.high, l.high)};
    }
    return out;
  };
  double value = 0;
  for (const Measured& share : people.shares) value = std::max(value, share.value);
  Limits found{at_level(o.level), {}};
  if (o.family_level > 0) found.family = at_level(o.family_level);
  set(reading, value, found, o);
  return std::vector{std::move(reading)};
}

// One source is an answer (1), not the lack of one; a source without a row shares in the doubt of
// all shares, so that limits widen.
constexpr Laws kOfSources = Laws{}.without(Law::kOneGroup).without(Law::kEmptyGroup);

constexpr const char* kUnseen =
    "Sources that are not in the rows are not counted; of few rows all Hill numbers come out too "
    "small.";

}  // namespace

const Metric effective_sources_q0{
    .name = "effective_sources_q0",
    .aliases = {"source_richness"},
    .says = "How many sources are there?",
    .formula = "sources with a row; the upper limit is Chao's, with those that no row has shown",
    .unit = "sources, >= 1",
    .better = Better::kHigher,
    .possible = {0, kInfinity},
    .misleads =
        "A source of one row counts as much as one of a million. It can only be too small; no "
        "resampling of the rows tells by how much, for a resample never has more sources, so the "
        "interval is Chao's and has the seen ones as its lower end.",
    .source =
        "Hill, Ecology 54 (1973) 427; Chao, Scand. J. Stat. 11 (1984) 265; limits: Chao, "
        "Biometrics 43 (1987) 783",
    .about = About::kData,
    .laws = kOfSources,
    .read_self = read_q0,
};

const Metric effective_sources_q1{
    .name = "effective_sources_q1",
    .aliases = {"source_diversity"},
    .says = "How many equally large sources would be as diverse, each row counting alike?",
    .formula = "exp(-sum_s p(s) ln p(s))",
    .unit = "sources, >= 1",
    .better = Better::kHigher,
    .possible = {1, kInfinity},
    .misleads = kUnseen,
    .source =
        "Hill, Ecology 54 (1973) 427; Jost, Oikos 113 (2006) 363; limits: BCa over "
        "multinomial draws, Efron, JASA 82 (1987) 171",
    .about = About::kData,
    .laws = kOfSources,
    .read_self = read_q1,
};

const Metric effective_sources_q2{
    .name = "effective_sources_q2",
    .aliases = {"inverse_simpson"},
    .says = "How many equally large sources would be as diverse, the large ones counting most?",
    .formula = "1 / sum_s p(s)^2",
    .unit = "sources, >= 1",
    .better = Better::kHigher,
    .possible = {1, kInfinity},
    .misleads = kUnseen,
    .source =
        "Hill, Ecology 54 (1973) 427; Simpson, Nature 163 (1949) 688; limits: BCa over "
        "multinomial draws, Efron, JASA 82 (1987) 171",
    .about = About::kData,
    .laws = kOfSources,
    .read_self = read_q2,
};

const Metric largest_source_share{
    .name = "largest_source_share",
    .says = "What share of the rows comes from the largest source?",
    .formula = "max_s p(s)",
    .unit = "share in [0,1]",
    .better = Better::kLower,
    .possible = {0, 1},
    .misleads = "It says nothing of the others: half and half is 0.5, and so is half and dust.",
    .source = "Berger & Parker, Science 168 (1970) 1345; limits simultaneous over all sources",
    .about = About::kData,
    .laws = kOfSources,
    .read_self = read_largest,
};

}  // namespace evenhand::metric
