// Each group's share of the rows, and how far it lies from its share of a baseline population:
// in points of share, in rows, and in standard errors.
//
// n(g) of n rows are of group g, p(g) = n(g)/n; b(g) is its share of the baseline.
#include <algorithm>
#include <cmath>
#include <limits>

#include "evenhand/metric/all.h"
#include "evenhand/metric/baseline.h"
#include "evenhand/metric/intervals.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/population.h"
#include "evenhand/numeric/binomial.h"
#include "evenhand/numeric/chi_square.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Result<std::vector<Measured>> measure_share(const Tallies& t, const ReadOptions&) {
  Tallies rows = t;
  rows.baseline = nullptr;
  const Population people = population_of(rows);
  Measured nobody;
  nobody.why = Undefined::kNoRows;
  std::vector<Measured> out(t.groups->size(), nobody);
  for (std::size_t i = 0; i < people.size(); ++i) out[people.in[i]] = people.shares[i];
  return out;
}

Undefined missing_for_gaps(const Population& people) {
  if (people.rows == 0) return Undefined::kNoRows;
  return people.size() < 2 ? Undefined::kOneGroup : Undefined::kDefined;
}

/// Limits of p(g) - b(g) that err on each side with at most (1 - level) / 2. Against a sampled
/// baseline each share errs with half of that, so that the difference keeps the level whatever the
/// shares are.
Interval exact_gap(const Population& people, std::size_t i, double level, double scale) {
  const Measured& p = people.shares[i];
  if (people.baseline_shares.empty()) {
    const Interval l = limits(p, level, Method::kClopperPearson, scale);
    return {l.low - people.baseline[i], l.high - people.baseline[i]};
  }
  const double each = each_of(level, 2);
  const Interval l = limits(p, each, Method::kClopperPearson, scale);
  const Interval b = limits(people.baseline_shares[i], each, Method::kClopperPearson, scale);
  return {l.low - b.high, l.high - b.low};
}

Interval shown_gap(const Population& people, std::size_t i, const ReadOptions& o) {
  const Measured& p = people.shares[i];
  const Interval l = limits(p, o.level, o.method, o.scale);
  if (people.baseline_shares.empty()) {
    return {l.low - people.baseline[i], l.high - people.baseline[i]};
  }
  const Interval b = limits(people.baseline_shares[i], o.level, o.method, o.scale);
  return mover_difference({p.value, l.low, l.high}, {people.baseline[i], b.low, b.high});
}

/// One reading for each group; `what` fills in a defined one.
template <class What>
std::vector<Reading> each_group(const Tallies& t, What what) {
  const Population people = population_of(t);
  const Undefined why = missing_for_gaps(people);
  std::vector<Reading> out;
  for (std::size_t i = 0; i < people.size(); ++i) {
    Reading reading = about_group(people, t, i);
    if (why != Undefined::kDefined) {
      out.push_back(undefined(std::move(reading), why));
      continue;
    }
    what(reading, people, i);
    out.push_back(std::move(reading));
  }
  if (out.empty()) out.push_back(undefined(about_all(people), Undefined::kNoRows));
  return out;
}

/// A function of p(g) - b(g) that only rises, or only falls.
template <class Monotone>
std::vector<Reading> of_gaps(const Tallies& t, const ReadOptions& o, Monotone of) {
  return each_group(t, [&](Reading& reading, const Population& people, std::size_t i) {
    const auto through = [&](const Interval& gap) {
      const double a = of(people, i, gap.low), b = of(people, i, gap.high);
      return Interval{std::min(a, b), std::max(a, b)};
    };
    Limits found{through(shown_gap(people, i, o)), {}};
    if (o.family_level > 0) {
      found.family = through(exact_gap(people, i, each_of(o.family_level, people.size()), o.scale));
    }
    set(reading, of(people, i, people.share(i) - people.baseline[i]), found, o);
  });
}

double gap_itself(const Population&, std::size_t, double gap) { return gap; }

Result<std::vector<Reading>> read_gap(const Tallies& t, const ReadOptions& o) {
  return of_gaps(t, o, gap_itself);
}

/// |d| over an interval of d.
Interval magnitude(const Interval& d) {
  return {std::max({0.0, d.low, -d.high}), std::max(-d.low, d.high)};
}

/// max over groups of |p(g) - b(g)|, from limits of each.
template <class LimitsOf>
Interval widest(const Population& people, LimitsOf limits_of) {
  Interval out{0, 0};
  for (std::size_t i = 0; i < people.size(); ++i) {
    const Interval m = magnitude(limits_of(i));
    out.low = std::max(out.low, m.low);
    out.high = std::max(out.high, m.high);
  }
  return out;
}

/// The interval that a tolerance is held against errs on each side with alpha = 1 - family_level.
/// Above: every group's limits at 1 - 2 alpha, not corrected for how many there are: "within the
/// tolerance" is claimed of all groups at once, and it is false only if it is false of one of them,
/// which its own test lets through with probability alpha (intersection-union). Below: "beyond the
/// tolerance" is claimed of whichever group it is, so alpha is shared among them.
Interval deciding(const Population& people, const ReadOptions& o) {
  const double alpha = 1 - o.family_level;
  constexpr double kLevelMin = 0.01;
  const double both_sides = std::max(kLevelMin, 1 - 2 * alpha);
  const double shared = each_of(o.family_level, people.size());
  const Interval above =
      widest(people, [&](std::size_t i) { return exact_gap(people, i, both_sides, o.scale); });
  const Interval below =
      widest(people, [&](std::size_t i) { return exact_gap(people, i, shared, o.scale); });
  return {below.low, above.high};
}

Result<std::vector<Reading>> read_largest(const Tallies& t, const ReadOptions& o) {
  const Population people = population_of(t);
  Reading reading = about_all(people);
  const Undefined why = missing_for_gaps(people);
  if (why != Undefined::kDefined) return std::vector{undefined(std::move(reading), why)};
  double value = 0;
  for (std::size_t i = 0; i < people.size(); ++i) {
    value = std::max(value, std::abs(people.share(i) - people.baseline[i]));
  }
  // Picked by looking: the limits of all groups hold at once.
  const double each = each_of(o.level, people.size());
  Limits found{widest(people, [&](auto i) { return exact_gap(people, i, each, o.scale); }), {}};
  if (o.family_level > 0) found.family = deciding(people, o);
  set(reading, value, found, o);
  return std::vector{std::move(reading)};
}

Result<std::vector<Reading>> read_short(const Tallies& t, const ReadOptions& o) {
  return of_gaps(t, o, [](const Population& people, std::size_t i, double gap) {
    const auto n = static_cast<double>(people.rows);
    // Of counts where they are whole: 100 short, not 99.99999999999997.
    const bool measured = gap == people.share(i) - people.baseline[i];
    return measured ? n * people.baseline[i] - people.counts[i] : 0 - n * gap;
  });
}

/// Rows to add to each group so that none has to go: the group that is best represented sets the
/// size, N = max n(g)/b(g).
Result<std::vector<Reading>> read_collect(const Tallies& t, const ReadOptions& o) {
  const Population people = population_of(t);
  double size = 0;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (people.counts[i] > 0) size = std::max(size, people.counts[i] / people.baseline[i]);
  }
  double all = 0;
  constexpr double kRounding = 1e-9;  // of a whole number that arithmetic missed by a hair
  const auto rows_of = [&](std::size_t i) {
    const double wanted = size * people.baseline[i];
    return std::max(0.0, std::ceil(wanted - people.counts[i] - kRounding * wanted));
  };
  const bool endless = !std::isfinite(size);
  auto out = each_group(t, [&](Reading& reading, const Population&, std::size_t i) {
    if (endless) {
      reading = undefined(std::move(reading), Undefined::kZeroDenominator);
      return;
    }
    all += rows_of(i);
    set_exact(reading, rows_of(i), o);
  });
  Reading total = about_all(people);
  const Undefined why = endless ? Undefined::kZeroDenominator : missing_for_gaps(people);
  if (why != Undefined::kDefined) {
    total = undefined(std::move(total), why);
  } else {
    set_exact(total, all, o);
  }
  if (!out.front().group->empty()) out.push_back(std::move(total));
  return out;
}

/// Standard error of p(g) if the baseline held.
double error_at_baseline(const Population& people, std::size_t i) {
  const double b =
      people.baseline_effective > 0
          ? (people.effective * people.share(i) + people.baseline_effective * people.baseline[i]) /
                (people.effective + people.baseline_effective)
          : people.baseline[i];
  return std::sqrt(b * (1 - b) / people.comparable_rows());
}

/// Of whole rows against a known share, the exact binomial test; else the square of the residual.
double log10_p_of(const Population& people, std::size_t i, double residual) {
  const bool exact = !people.weighted && people.baseline_effective == 0;
  if (exact) {
    const double p = numeric::binomial_two_sided(std::llround(people.counts[i]),
                                                 {people.rows, people.baseline[i]});
    constexpr double kSafe = 1e-250;
    if (p > kSafe) return std::min(0.0, std::log10(p));
  }
  return numeric::chi_square_log10_tail(residual * residual, 1);
}

Result<std::vector<Reading>> read_residual(const Tallies& t, const ReadOptions& o) {
  return each_group(t, [&](Reading& reading, const Population& people, std::size_t i) {
    const double error = error_at_baseline(people, i);
    if (!(error > 0)) {
      reading = undefined(std::move(reading), Undefined::kNoSpread);
      return;
    }
    const double gap = people.share(i) - people.baseline[i];
    const Interval shown = shown_gap(people, i, o);
    Limits found{{shown.low / error, shown.high / error}, {}};
    if (o.family_level > 0) {
      const Interval exact = exact_gap(people, i, each_of(o.family_level, people.size()), o.scale);
      found.family = {exact.low / error, exact.high / error};
    }
    set(reading, gap / error, found, o);
    reading.log10_p = log10_p_of(people, i, gap / error);
  });
}

Result<std::vector<Reading>> read_coverage(const Tallies& t, const ReadOptions& o) {
  const Population people = population_of(t);
  Reading reading = about_all(people);
  if (people.rows == 0) return std::vector{undefined(std::move(reading), Undefined::kNoRows)};
  double covered = 0;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (t.crosstab->n(people.in[i]) >= o.rows_min) covered += people.baseline[i];
  }
  set_exact(reading, std::min(1.0, covered), o);
  return std::vector{std::move(reading)};
}

// A group without a row is just what representation is about: it has a share of 0.
constexpr Laws kOfShares = Laws{}.without(Law::kEmptyGroup);
// Rows are counted here, so twice as many are twice as many.
constexpr Laws kOfRows = kOfShares.without(Law::kDoubledRows);

}  // namespace

const Measure row_share{
    .name = "row_share",
    .says = "What share of the rows is of this group?",
    .formula = "n(g) / n over the rows whose group is known",
    .unit = "share in [0,1]",
    .misleads =
        "A small share is not a small group: with a million rows one per cent is 10,000 rows. And "
        "a share that fits the population says nothing of how its rows were chosen.",
    .source = "Intervals: Wilson 1927; Clopper & Pearson 1934",
    .about = About::kData,
    .laws = kOfShares,
    .compares = Compares::kNone,
    .measure = measure_share,
};

const Metric representation_gap{
    .name = "representation_gap",
    .aliases = {"representation_disparity"},
    .says = "By how much does the share of the rows exceed the share of the baseline?",
    .formula = "n(g)/n - b(g)",
    .unit = "signed difference of shares; 0 is parity",
    .better = Better::kNearIdeal,
    .ideal = 0,
    .possible = {-1, 1},
    .misleads =
        "It is only as good as the baseline: applicants are not residents. A gap of one point is "
        "nothing for half of a population and everything for a hundredth of it.",
    .source = "Newcombe, Stat. Med. 17 (1998) 873 where the baseline is a sample",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfShares,
    .read_self = read_gap,
};

const Metric largest_representation_gap{
    .name = "largest_representation_gap",
    .says = "How far from its share of the baseline is the group that is farthest from it?",
    .formula =
        "max_g |n(g)/n - b(g)|; within a tolerance if every group's two one-sided exact "
        "tests say so",
    .unit = "difference of shares, >= 0; 0 is parity",
    .better = Better::kLower,
    .ideal = 0,
    .possible = {0, 1},
    .misleads =
        "The tolerance is a choice: two points of share are much for a group that has three. Met "
        "means within the tolerance of this baseline, not a fair sample.",
    .source =
        "Equivalence by two one-sided tests: Schuirmann, J. Pharmacokinet. Biopharm. 15 "
        "(1987) 657; of all groups at once: Berger & Hsu, Stat. Sci. 11 (1996) 283; Wellek, "
        "Testing Statistical Hypotheses of Equivalence, 2nd ed. 2010",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfShares,
    .read_self = read_largest,
};

const Metric rows_short{
    .name = "rows_short",
    .says = "How many rows of this size of data set does the group lack?",
    .formula = "n b(g) - n(g)",
    .unit = "rows; above 0 the group is short, below 0 it has more than its share",
    .better = Better::kNearIdeal,
    .ideal = 0,
    .misleads =
        "It speaks of a data set of the same size: others would have to go. How many rows to "
        "collect is rows_to_collect, and more.",
    .source = "Arithmetic of the table",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_short,
};

const Metric rows_to_collect{
    .name = "rows_to_collect",
    .says = "How many rows of the group must be added so that all shares fit and no row goes?",
    .formula = "N b(g) - n(g), rounded up, N = max_h n(h)/b(h)",
    .unit = "rows, >= 0",
    .better = Better::kLower,
    .ideal = 0,
    .possible = {0, kInfinity},
    .misleads =
        "The group with the largest n(g)/b(g) sets the size: one with a tiny share of the baseline "
        "and a few rows too many asks for very many of all others.",
    .source = "Arithmetic of the table",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_collect,
};

const Metric standardized_residual{
    .name = "standardized_residual",
    .aliases = {"adjusted_residual"},
    .says = "How many standard errors lie between the group's share and the baseline?",
    .formula = "(n(g) - n b(g)) / sqrt(n b(g) (1 - b(g)))",
    .unit = "standard errors; 0 is parity",
    .better = Better::kNearIdeal,
    .ideal = 0,
    .misleads = "It grows with the rows: with very many of them the smallest gap stands out.",
    .source = "Haberman, Biometrics 29 (1973) 205; p by the exact binomial test",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_residual,
};

const Metric baseline_coverage{
    .name = "baseline_coverage",
    .says = "What share of the baseline's population belongs to groups that the data have?",
    .formula = "sum of b(g) over groups with at least rows_min rows",
    .unit = "share in [0,1]",
    .better = Better::kHigher,
    .ideal = 1,
    .possible = {0, 1},
    .misleads = "A group is covered by rows_min rows, however few that is for its size.",
    .source = "Arithmetic of the table",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfRows.without(Law::kOneGroup),  // one group may be all of a population
    .read_self = read_coverage,
};

}  // namespace evenhand::metric
