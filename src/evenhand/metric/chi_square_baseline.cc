// Tests of all groups at once against the baseline, and the effect behind them.
//
//   X^2 = sum_g n (p - b)^2 / b      G = 2 sum_g n p ln(p/b)      w = sqrt(X^2 / n)
//
// A baseline that is a sample of m rows makes it a table of two rows: with the pooled share
// s(g) = (n p + m b)/(n + m), X^2 = sum_g (n (p - s)^2 + m (b - s)^2) / s, and n m / (n + m) takes
// the place of n. Sampling weights: n is Kish's effective number of rows.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/metric/baseline.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/chi_square_effect.h"
#include "evenhand/metric/population.h"
#include "evenhand/numeric/chi_square.h"

namespace evenhand::metric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Shares of the rows and of the baseline, and how many rows each has.
struct Sides {
  std::vector<double> p, b;
  double n = 0, m = 0;  // m is 0 where the baseline is known
};

Sides sides_of(const Population& people) {
  Sides out{{}, people.baseline, people.effective, people.baseline_effective};
  for (const Measured& share : people.shares) out.p.push_back(share.value);
  return out;
}

/// Expected share of each group if there were no difference.
double pooled(const Sides& s, std::size_t g) {
  return s.m > 0 ? (s.n * s.p[g] + s.m * s.b[g]) / (s.n + s.m) : s.b[g];
}

double square(double x) { return x * x; }

double chi_square(const Sides& s) {
  double sum = 0;
  for (std::size_t g = 0; g < s.p.size(); ++g) {
    const double e = pooled(s, g);
    if (e > 0) sum += (s.n * square(s.p[g] - e) + s.m * square(s.b[g] - e)) / e;
  }
  return sum;
}

double likelihood_ratio(const Sides& s) {
  double sum = 0;
  const auto add = [&](double rows, double share, double e) {
    if (share > 0) sum += rows * share * std::log(share / e);
  };
  for (std::size_t g = 0; g < s.p.size(); ++g) {
    add(s.n, s.p[g], pooled(s, g));
    add(s.m, s.b[g], pooled(s, g));
  }
  return std::max(0.0, 2 * sum);
}

/// With r = (p - b)/b: (sum p r^2 - (sum p r)^2) / sum b r^2, the multinomial variance of the
/// statistic over the noncentral one.
double inflation(const Sides& s) {
  double first = 0, second = 0, nominal = 0;
  for (std::size_t g = 0; g < s.p.size(); ++g) {
    const double e = pooled(s, g);
    if (!(e > 0)) continue;
    const double r = (s.p[g] - s.b[g]) / e;
    first += s.p[g] * r;
    second += s.p[g] * r * r;
    nominal += e * r * r;
  }
  return nominal > 0 ? std::max(1.0, (second - first * first) / nominal) : 1;
}

double degrees(const Sides& s) {
  double groups = 0;
  for (std::size_t g = 0; g < s.p.size(); ++g) groups += pooled(s, g) > 0 ? 1 : 0;
  return groups - 1;
}

/// Too few groups, nobody, or rows where the baseline has none.
Undefined why_not(const Population& people, const Sides& s) {
  if (people.rows == 0) return Undefined::kNoRows;
  if (people.size() < 2 || degrees(s) < 1) return Undefined::kOneGroup;
  for (std::size_t g = 0; g < s.p.size(); ++g) {
    if (s.p[g] > 0 && !(pooled(s, g) > 0)) return Undefined::kZeroDenominator;
  }
  return Undefined::kDefined;
}

bool few_expected(const Sides& s) {
  for (std::size_t g = 0; g < s.p.size(); ++g) {
    const double least = s.m > 0 ? std::min(s.n, s.m) : s.n;
    const double e = pooled(s, g);
    if (e > 0 && least * e < kExpectedMin) return true;
  }
  return false;
}

/// Shares of `rows` rows drawn by the weights.
std::vector<double> drawn(const std::vector<std::int64_t>& weights, double rows, Random& random) {
  std::vector<std::int64_t> counts(weights.size());
  draw_multinomial(weights, std::llround(rows), random, counts);
  std::vector<double> out;
  for (const std::int64_t c : counts) out.push_back(static_cast<double>(c) / rows);
  return out;
}

using OfSides = double (*)(const Sides&);

/// The p-value of the test: of small cells by drawing tables without a difference.
double log10_p(const Population& people, const Sides& s, OfSides statistic, const ReadOptions& o) {
  constexpr std::size_t kCellsMax = 10'000;
  const double found = statistic(s);
  constexpr double kDrawnMax = 0x1p53;
  const bool too_many = s.p.size() > kCellsMax || s.n > kDrawnMax || s.m > kDrawnMax;
  if (people.weighted || !few_expected(s) || too_many) {
    return numeric::chi_square_log10_tail(found, degrees(s));
  }
  constexpr double kFine = 0x1p50;
  std::vector<std::int64_t> weights;
  for (std::size_t g = 0; g < s.p.size(); ++g)
    weights.push_back(std::llround(pooled(s, g) * kFine));
  Sides again = s;
  again.n = std::round(s.n);
  again.m = std::round(s.m);
  return simulated_log10_p(found, s.p.size(), o.seed, [&](Random& random) {
    again.p = drawn(weights, again.n, random);
    if (again.m > 0) again.b = drawn(weights, again.m, random);
    return statistic(again);
  });
}

/// The statistic, and what it would be on average: degrees + lambda, lambda within its limits.
Result<std::vector<Reading>> read_test(const Tallies& t, const ReadOptions& o, OfSides statistic) {
  const Population people = population_of(t);
  const Sides s = sides_of(people);
  Reading reading = about_all(people);
  const Undefined why = why_not(people, s);
  if (why != Undefined::kDefined) return std::vector{undefined(std::move(reading), why)};
  const ChiSquare test{statistic(s), degrees(s), inflation(s)};
  const auto around = [&](double level) {
    const Interval lambda = noncentrality_limits(test, level);
    return Interval{test.degrees + lambda.low, test.degrees + lambda.high};
  };
  Limits found{around(o.level), {}};
  if (o.family_level > 0) found.family = around(o.family_level);
  set(reading, test.statistic, found, o);
  reading.log10_p = log10_p(people, s, statistic, o);
  return std::vector{std::move(reading)};
}

Result<std::vector<Reading>> read_chi_square(const Tallies& t, const ReadOptions& o) {
  return read_test(t, o, chi_square);
}
Result<std::vector<Reading>> read_g(const Tallies& t, const ReadOptions& o) {
  return read_test(t, o, likelihood_ratio);
}

Result<std::vector<Reading>> read_w(const Tallies& t, const ReadOptions& o) {
  const Population people = population_of(t);
  const Sides s = sides_of(people);
  Reading reading = about_all(people);
  const Undefined why = why_not(people, s);
  if (why != Undefined::kDefined) return std::vector{undefined(std::move(reading), why)};
  const ChiSquare test{chi_square(s), degrees(s), inflation(s)};
  const double rows = people.comparable_rows();
  const auto effect = [&](double lambda) { return std::sqrt(lambda / rows); };
  const auto around = [&](double level) {
    const Interval lambda = noncentrality_limits(test, level);
    return Interval{effect(lambda.low), effect(lambda.high)};
  };
  Limits found{around(o.level), {}};
  if (o.family_level > 0) found.family = around(o.family_level);
  set(reading, effect(test.statistic), found, o);
  return std::vector{std::move(reading)};
}

/// The w that this many rows would have found; nothing where there is no test.
std::optional<double> found_w(const Population& people, const ReadOptions& o) {
  const Sides s = sides_of(people);
  if (why_not(people, s) != Undefined::kDefined) return std::nullopt;
  return std::sqrt(noncentrality_found(degrees(s), 1 - o.level) / people.comparable_rows());
}

Result<std::vector<Reading>> read_detectable_w(const Tallies& t, const ReadOptions& o) {
  const Population people = population_of(t);
  Reading reading = about_all(people);
  const auto w = found_w(people, o);
  if (!w) {
    return std::vector{undefined(std::move(reading), why_not(people, sides_of(people)))};
  }
  set_exact(reading, *w, o);
  return std::vector{std::move(reading)};
}

/// A gap d in one group, made up by all others in proportion, is w^2 = d^2 / (b (1 - b)).
Result<std::vector<Reading>> read_detectable_gap(const Tallies& t, const ReadOptions& o) {
  const Population people = population_of(t);
  const Sides s = sides_of(people);
  const auto w = found_w(people, o);
  std::vector<Reading> out;
  for (std::size_t i = 0; i < people.size(); ++i) {
    Reading reading = about_group(people, t, i);
    const double e = pooled(s, i);
    const double gap = w ? *w * std::sqrt(e * (1 - e)) : 0;
    if (!w) {
      reading = undefined(std::move(reading), why_not(people, s));
    } else if (!(gap > 0) || gap > std::max(e, 1 - e)) {
      reading = undefined(std::move(reading), Undefined::kInsufficient);
    } else {
      set_exact(reading, gap, o);
    }
    out.push_back(std::move(reading));
  }
  if (out.empty()) out.push_back(undefined(about_all(people), Undefined::kNoRows));
  return out;
}

/// One group's part of the Jensen-Shannon divergence, >= 0 and 0 where p = b.
double divergence(double p, double b) {
  const double middle = (p + b) / 2;
  const auto part = [&](double x) { return x > 0 ? x * std::log2(x / middle) : 0.0; };
  return std::max(0.0, (part(p) + part(b)) / 2);
}

/// The lowest and the highest part while both stay within their limits: it falls towards p = b and
/// rises away from it.
Interval divergence_within(const Interval& p, const Interval& b) {
  const bool meet = p.low <= b.high && b.low <= p.high;
  const double low = meet             ? 0
                     : p.low > b.high ? divergence(p.low, b.high)
                                      : divergence(p.high, b.low);
  return {low, std::max(divergence(p.low, b.high), divergence(p.high, b.low))};
}

Result<std::vector<Reading>> read_jensen_shannon(const Tallies& t, const ReadOptions& o) {
  const Population people = population_of(t);
  Reading reading = about_all(people);
  const Undefined why = people.rows == 0    ? Undefined::kNoRows
                        : people.size() < 2 ? Undefined::kOneGroup
                                            : Undefined::kDefined;
  if (why != Undefined::kDefined) return std::vector{undefined(std::move(reading), why)};
  const std::vector<double>& b = people.baseline;
  const auto of_shares = [&](std::span<const double> p) {
    double sum = 0;
    for (std::size_t g = 0; g < b.size(); ++g) sum += divergence(p[g], b[g]);
    return std::min(1.0, sum);
  };
  const auto extremes = [b](std::span<const Interval> box) {
    Interval sum{0, 0};
    for (std::size_t g = 0; g < b.size(); ++g) {
      const Interval other = box.size() > b.size() ? box[b.size() + g] : Interval{b[g], b[g]};
      const Interval part = divergence_within(box[g], other);
      sum.low += part.low;
      sum.high += part.high;
    }
    return Interval{std::min(1.0, sum.low), std::min(1.0, sum.high)};
  };
  set_index(reading, people, of_shares, extremes, {0, 1}, o);
  return std::vector{std::move(reading)};
}

// A group without a row is just what representation is about.
constexpr Laws kOfShares = Laws{}.without(Law::kEmptyGroup);
// Twice the rows are twice the evidence.
constexpr Laws kOfRows = kOfShares.without(Law::kDoubledRows);

constexpr const char* kNoEvidence =
    "A high p-value is no evidence of balance: few rows give one as well. Beside it stand the "
    "effect with its interval, the smallest deviation that these rows would have found, and a test "
    "of equivalence. With very many rows a trifle has a small p-value.";

}  // namespace

const Metric chi_square_baseline{
    .name = "chi_square_baseline",
    .aliases = {"chi_square_goodness_of_fit"},
    .says = "Do the shares of the rows differ from those of the baseline by more than chance?",
    .formula =
        "X^2 = sum_g (n(g) - n b(g))^2 / (n b(g)), G - 1 degrees of freedom; its interval is "
        "that of its average",
    .unit = "chi-square >= 0",
    .possible = {0, kInfinity},
    .misleads = kNoEvidence,
    .source =
        "Pearson, Phil. Mag. 50 (1900) 157; sampling weights: Rao & Scott, JASA 76 (1981) "
        "221, first order; fewer than five rows expected: Hope, J. R. Stat. Soc. B 30 (1968) "
        "582",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_chi_square,
};

const Metric g_test{
    .name = "g_test",
    .aliases = {"likelihood_ratio_baseline"},
    .says = "The same question by the likelihood: do the shares differ from the baseline?",
    .formula = "G = 2 sum_g n(g) ln(n(g) / (n b(g))), G - 1 degrees of freedom",
    .unit = "chi-square >= 0",
    .possible = {0, kInfinity},
    .misleads = kNoEvidence,
    .source = "Wilks, Ann. Math. Stat. 9 (1938) 60; Sokal & Rohlf, Biometry",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_g,
};

const Metric cohens_w{
    .name = "cohens_w",
    .says = "How large is the deviation from the baseline, whatever the number of rows?",
    .formula =
        "w = sqrt(sum_g (p(g) - b(g))^2 / b(g)); limits sqrt(lambda/n) of the noncentral "
        "chi-square",
    .unit = "effect >= 0; 0 is parity",
    .better = Better::kLower,
    .ideal = 0,
    .possible = {0, kInfinity},
    .misleads =
        "Of few rows it is above 0 by chance alone; read its interval. 0.1, 0.3 and 0.5 are called "
        "small, medium and large, which is a convention of psychology, not of fairness.",
    .source =
        "Cohen, Statistical Power Analysis, 2nd ed. 1988, 7.2; limits: Steiger & Fouladi 1997",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfShares,
    .read_self = read_w,
};

const Metric detectable_w{
    .name = "detectable_w",
    .says = "Which deviation (Cohen's w) would these rows have found, four times in five?",
    .formula = "sqrt(lambda/n) with P(chi-square(G-1, lambda) >= its (level) quantile) = 0.8",
    .unit = "effect >= 0",
    .better = Better::kLower,
    .possible = {0, kInfinity},
    .misleads = "It depends on the rows alone, not on what was found: no power after the fact.",
    .source = "Cohen, Statistical Power Analysis, 2nd ed. 1988, ch. 7",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_detectable_w,
};

const Metric detectable_gap{
    .name = "detectable_gap",
    .says = "Which gap in this group's share would these rows have found, four times in five?",
    .formula = "detectable_w sqrt(b(g) (1 - b(g))), the other groups sharing in proportion",
    .unit = "difference of shares, >= 0",
    .better = Better::kLower,
    .possible = {0, 1},
    .misleads =
        "A smaller gap may well be there, unseen. It is undefined where not even a group that is "
        "absent, or alone, would have been found out.",
    .source = "Cohen, Statistical Power Analysis, 2nd ed. 1988, ch. 7",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_detectable_gap,
};

const Metric jensen_shannon{
    .name = "jensen_shannon",
    .aliases = {"jensen_shannon_divergence"},
    .says = "How far apart are the shares of the rows and of the baseline, as information?",
    .formula = "(KL(p | (p+b)/2) + KL(b | (p+b)/2)) / 2, logarithms to base 2",
    .unit = "bits in [0,1]; 0 is parity",
    .better = Better::kLower,
    .ideal = 0,
    .possible = {0, 1},
    .misleads = "It is above 0 by chance alone, the more so the fewer rows and the more groups.",
    .source = "Lin, IEEE Trans. Inf. Theory 37 (1991) 145, doi:10.1109/18.61115",
    .needs_baseline = true,
    .about = About::kData,
    .laws = kOfShares,
    .read_self = read_jensen_shannon,
};

}  // namespace evenhand::metric
