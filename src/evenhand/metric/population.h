// Who is in the data: the groups that take part, their shares of the rows, and of a baseline. What
// the metrics of representation and of sources have in common.
//
// n(g) rows (or their weights), n = sum n(g), p(g) = n(g)/n, b(g) the baseline's share. Unknown
// groups take no part: p is a share of the rows whose group is known.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "evenhand/metric/metric.h"

namespace evenhand::metric {

struct Population {
  std::vector<std::size_t> in;   // indices into Tallies::groups
  std::vector<double> counts;    // n(g); of weights, scaled so that they add up to `rows`
  std::vector<Measured> shares;  // p(g), each a share of all rows that take part
  std::int64_t rows = 0;         // n, as counted
  double effective = 0;          // Kish's (sum w)^2 / sum w^2; without sampling weights, n
  bool weighted = false;

  std::vector<double> baseline;           // b(g); empty without a baseline
  std::vector<Measured> baseline_shares;  // the same as estimates; empty where they are known
  double baseline_effective = 0;          // rows of the baseline; 0 where its shares are known

  std::size_t size() const { return in.size(); }
  double share(std::size_t i) const { return shares[i].value; }
  /// Rows that a difference of both is worth: n, or n m / (n + m) against a baseline of m rows.
  double comparable_rows() const;
};

/// Groups that are known and, where there is a baseline, in it. A group of the baseline without a
/// row takes part with a share of 0. Reads tallies.crosstab and tallies.baseline.
/// @source Kish 1965; first-order correction of chi-square: Rao & Scott, JASA 76 (1981) 221.
Population population_of(const Tallies& tallies);

/// A finding about a whole question: its group is {}.
Reading about_all(const Population& people);
/// A finding about the group at place `i` of the population.
Reading about_group(const Population& people, const Tallies& tallies, std::size_t i);
/// The same, undefined.
Reading undefined(Reading reading, Undefined why);

/// Value and interval; the family interval where one was asked for.
struct Limits {
  Interval shown, family;
};
void set(Reading& reading, double value, const Limits& limits, const ReadOptions& options);
/// A number that is arithmetic on these rows: its interval is itself.
void set_exact(Reading& reading, double value, const ReadOptions& options);

/// The level of each of `count` intervals that together hold at `level` (Bonferroni).
double each_of(double level, std::size_t count);

/// An index of shares: shown by resampling the rows among the groups (BCa over multinomial draws),
/// deciding by its extremes over the shares' exact limits.
/// @param of_shares  from shares (they add up to 1) to the index.
/// Where the baseline is a sample too, both are shown by their extremes: draws of the rows alone
/// would leave its chance out.
/// @param extremes   as OfShares::extremes; of a sampled baseline the limits of its shares follow.
void set_index(Reading& reading, const Population& people,
               const std::function<double(std::span<const double>)>& of_shares,
               std::function<Interval(std::span<const Interval>)> extremes, Interval range,
               const ReadOptions& options);

}  // namespace evenhand::metric
