#include "evenhand/metric/estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "evenhand/base/check.h"
#include "evenhand/metric/intervals.h"
#include "evenhand/numeric/normal.h"
#include "evenhand/numeric/student.h"

namespace evenhand::metric {
namespace {

double quantile_for(double level, double degrees) {
  return degrees > 0 ? numeric::student_two_sided(level, degrees)
                     : numeric::normal_two_sided(level);
}

// Korn & Graubard, Surv. Methodol. 24 (1998) 193: the effective size shrinks by what a t with few
// degrees of freedom is wider than the one that independent rows would have.
double size_for_exact(double n, double level, double rows, double degrees) {
  if (!(degrees > 0)) return n;
  const double usual = quantile_for(level, std::max(rows - 1, 0.0));
  const double wider = quantile_for(level, degrees);
  return n * std::min(1.0, (usual / wider) * (usual / wider));
}

Interval share_limits(double share, const Measured& m, double level, Method method, double scale) {
  EVENHAND_CHECK(share >= 0 && share <= 1 && m.n_effective > 0);
  const double degrees = m.degrees * scale;
  double n = m.n_effective * scale;
  // Exactly `part` where rows count once: share * n could miss a whole number by an ulp. Where all
  // rows of clusters are in the part, it could pass n by one.
  const auto part_of = [&](double size) {
    if (m.part < 0 || m.rows <= 0) return share * size;
    return std::min(size, static_cast<double>(m.part) * (size / static_cast<double>(m.rows)));
  };
  if (method == Method::kWilson) {
    return wilson_with_quantile(std::min(part_of(n), n), n, quantile_for(level, degrees));
  }
  n = size_for_exact(n, level, static_cast<double>(m.rows) * scale, degrees);
  const double x = part_of(n);
  return method == Method::kJeffreys ? jeffreys(x, n, level) : clopper_pearson(x, n, level);
}

Interval odds_limits(const Measured& m, double level, Method method, double scale) {
  Measured share = m;
  share.part = -1;
  const Interval of_share = share_limits(m.value / (1 + m.value), share, level, method, scale);
  const auto odds = [](double s) {
    return s < 1 ? s / (1 - s) : std::numeric_limits<double>::infinity();
  };
  return {odds(of_share.low), odds(of_share.high)};
}

Interval normal_limits(const Measured& m, double half_width) {
  return {m.value - half_width, m.value + half_width};
}

// A value at the very edge of (0,1) has no log-odds: nothing is known but the range.
Interval logit_limits(const Measured& m, double half_width) {
  if (!(m.value > 0 && m.value < 1)) return {0, 1};
  const double logit = std::log(m.value) - std::log1p(-m.value);
  const auto back = [](double x) { return 1 / (1 + std::exp(-x)); };
  return {back(logit - half_width), back(logit + half_width)};
}

Interval log_limits(const Measured& m, double half_width) {
  if (!(m.value > 0)) return {0, std::numeric_limits<double>::infinity()};
  return {m.value * std::exp(-half_width), m.value * std::exp(half_width)};
}

// Quantile at probability p of B sorted replicates: position p (B + 1), between neighbours.
double replicate_at(const std::vector<double>& sorted, double p) {
  const double position = p * (static_cast<double>(sorted.size()) + 1) - 1;
  if (position <= 0) return sorted.front();
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double step = position - static_cast<double>(below);
  return sorted[below] + step * (sorted[below + 1] - sorted[below]);
}

double share_below(const std::vector<double>& sorted, double value) {
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
  const auto below = static_cast<double>(first - sorted.begin());
  const auto ties = static_cast<double>(last - first);
  return (below + ties / 2) / static_cast<double>(sorted.size());
}

struct Scatter {
  double mean = 0, standard_deviation = 0;
};
Scatter scatter_of(const std::vector<double>& sorted) {
  double mean = 0, squares = 0;
  for (const double r : sorted) mean += r / static_cast<double>(sorted.size());
  for (const double r : sorted) squares += (r - mean) * (r - mean);
  return {mean,
          std::sqrt(squares / static_cast<double>(std::max<std::size_t>(sorted.size() - 1, 1)))};
}

// BCa: alpha_i = Phi(z0 + (z0 + z_i) / (1 - a (z0 + z_i))).
Interval bca_limits(const Measured& m, double level, double below) {
  const Replicates& replicates = *m.replicates;
  const double z = numeric::normal_two_sided(level);
  const double z0 = numeric::normal_quantile(below);
  const auto corrected = [&](double z_i) {
    const double slack = 1 - replicates.acceleration * (z0 + z_i);
    if (!(slack > 0)) return z_i < 0 ? 0.0 : 1.0;
    return numeric::normal_cdf(z0 + (z0 + z_i) / slack);
  };
  return {replicate_at(replicates.sorted, corrected(-z)),
          replicate_at(replicates.sorted, corrected(z))};
}

// Percentiles, and the same mirrored at the value.
Interval mirrored_limits(const Measured& m, double level) {
  const double low = replicate_at(m.replicates->sorted, (1 - level) / 2);
  const double high = replicate_at(m.replicates->sorted, (1 + level) / 2);
  return {std::min(low, 2 * m.value - high), std::max(high, 2 * m.value - low)};
}

Interval hull(const Interval& a, const Interval& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

// Near the edge of its range a number is biased by its own noise: of equal groups the entropy
// between them is never below 0 and hardly ever 0. There BCa moves towards the edge without
// reaching it, and the truth may be as far on the other side of the value as the replicates are on
// this one. Efron & Tibshirani (1993, 10.3) let a bias of a quarter of a standard error pass; with
// two groups a fifth is needed to hold the level.
Interval resampled_limits(const Measured& m, double level) {
  constexpr double kBiasMax = 0.2;  // unit: standard errors
  const Scatter scatter = scatter_of(m.replicates->sorted);
  const double below = share_below(m.replicates->sorted, m.value);
  const bool biased = std::abs(scatter.mean - m.value) > kBiasMax * scatter.standard_deviation;
  Interval found{m.value, m.value};
  if (below > 0 && below < 1) found = hull(found, bca_limits(m, level, below));
  if (biased) found = hull(found, mirrored_limits(m, level));
  return found;
}

// The value lies in the box as well, whatever rounding does at its edges.
Interval box_limits(const Measured& m, double level, Method method, double scale) {
  EVENHAND_CHECK(m.of_shares != nullptr && !m.of_shares->shares.empty());
  const double each = 1 - (1 - level) / static_cast<double>(m.of_shares->shares.size());
  std::vector<Interval> box;
  for (const Measured& share : m.of_shares->shares) {
    box.push_back(limits(share, each, method, scale));
  }
  return hull({m.value, m.value}, m.of_shares->extremes(box));
}

// Replicates never decide: a few thousand do not reach the tails that a family asks for, and where
// hardly anything varies they do not vary at all.
Interval replicate_limits(const Measured& m, double level, Method method, double scale) {
  EVENHAND_CHECK(m.replicates != nullptr && !m.replicates->sorted.empty());
  if (method == Method::kClopperPearson) return box_limits(m, level, method, scale);
  const Interval at_level = resampled_limits(m, level);
  const double shrink = 1 / std::sqrt(scale);
  return {m.value - (m.value - at_level.low) * shrink,
          m.value + (at_level.high - m.value) * shrink};
}

Interval sampling_limits(const Measured& measured, double level, Method method, double scale) {
  switch (measured.spread) {
    case Spread::kShare:
      return share_limits(measured.value, measured, level, method, scale);
    case Spread::kOdds:
      return odds_limits(measured, level, method, scale);
    case Spread::kReplicate:
      return replicate_limits(measured, level, method, scale);
    case Spread::kOfShares:
      return box_limits(measured, level, method, scale);
    case Spread::kNormal:
    case Spread::kLogit:
    case Spread::kLog:
      break;
  }
  const double half_width =
      quantile_for(level, measured.degrees * scale) * measured.standard_error / std::sqrt(scale);
  if (measured.spread == Spread::kLogit) return logit_limits(measured, half_width);
  if (measured.spread == Spread::kLog) return log_limits(measured, half_width);
  return normal_limits(measured, half_width);
}

}  // namespace

Interval limits(const Measured& measured, double level, Method method, double scale) {
  EVENHAND_CHECK(measured.defined() && level > 0 && level < 1 && scale > 0);
  const Interval sampling = sampling_limits(measured, level, method, scale);
  return {std::max(measured.range.low, sampling.low - measured.slack_low),
          std::min(measured.range.high, sampling.high + measured.slack_high)};
}

std::string_view code(Undefined why) {
  switch (why) {
    case Undefined::kDefined:
      return "";
    case Undefined::kNoRows:
      return "no_rows";
    case Undefined::kOneGroup:
      return "one_group";
    case Undefined::kZeroDenominator:
      return "zero_denominator";
    case Undefined::kInsufficient:
      return "insufficient";
    case Undefined::kNoReference:
      return "no_reference";
    case Undefined::kNoSpread:
      return "no_spread";
    case Undefined::kConvention:
      return "convention";
  }
  check_failed("a reason has a code", __FILE__, __LINE__);
}

std::string_view sentence(Undefined why) {
  switch (why) {
    case Undefined::kDefined:
      return "";
    case Undefined::kNoRows:
      return "nobody is in the denominator";
    case Undefined::kOneGroup:
      return "a comparison needs two groups that take part";
    case Undefined::kZeroDenominator:
      return "the ratio's denominator is 0";
    case Undefined::kInsufficient:
      return "there are fewer rows than this number needs";
    case Undefined::kNoReference:
      return "the reference group has no such number";
    case Undefined::kNoSpread:
      return "all values are the same";
    case Undefined::kConvention:
      return "the chosen convention gives no number here";
  }
  check_failed("a reason has a sentence", __FILE__, __LINE__);
}

}  // namespace evenhand::metric
