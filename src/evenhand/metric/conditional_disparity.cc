// Conditional demographic disparity: is a group a larger part of the refused than of the accepted,
// within strata that are held apart (departments, say)?
//
//   DD_i(g) = n_i(g, d=0) / n_i(d=0) - n_i(g, d=1) / n_i(d=1)   in stratum i
//   CDD(g)  = sum_i n_i DD_i(g) / sum_i n_i
// A stratum where nobody was refused or nobody accepted has no DD: it takes no part, and `rows`
// says how many rows did.
#include <cmath>
#include <map>
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {
namespace {

constexpr std::uint8_t kClasses[3] = {0, 1, kMissingClass};

/// Refused and accepted weight, and rows, of one group of the stratified tally.
struct Decided {
  double refused = 0, accepted = 0;
  std::int64_t refused_rows = 0, accepted_rows = 0;
  std::int64_t rows() const { return refused_rows + accepted_rows; }
};

Decided decided(const tally::Confusion& counts, std::size_t group) {
  Decided out;
  for (std::uint8_t y : kClasses) {
    out.refused += counts.w(group, y, 0);
    out.accepted += counts.w(group, y, 1);
    out.refused_rows += counts.n(group, y, 0);
    out.accepted_rows += counts.n(group, y, 1);
  }
  return out;
}

/// p(1-p)/n of a share of n rows, with half a row more of each kind at the edges (Agresti & Coull
/// 1998). Rows, not weights: doubling all weights says nothing new.
double variance(double part, double whole, std::int64_t rows) {
  const auto n = static_cast<double>(rows);
  const double share = part / whole;
  const bool edge = part <= 0 || part >= whole;
  const double p = edge ? (n * share + 0.5) / (n + 1) : share;
  return p * (1 - p) / n;
}

Result<std::vector<Measured>> measure(const Tallies& t, const ReadOptions& o) {
  std::vector<Measured> out(t.groups->size());
  if (t.stratified == nullptr || t.groups->by.empty()) {
    for (Measured& m : out) m.why = Undefined::kOneGroup;
    return out;
  }
  const tally::Groups& fine = t.stratified->groups();
  std::vector<double> sum(out.size(), 0), var(out.size(), 0);
  double whole = 0;
  std::int64_t rows = 0;
  std::vector<std::int64_t> own_rows(out.size(), 0);
  for (const tally::Key& stratum : tally::strata_keys(fine)) {
    const tally::Regrouping how = tally::within(fine, stratum);
    EVENHAND_ASSIGN(const tally::Confusion here, t.stratified->regrouped(how));
    std::vector<Decided> group(here.groups().size());
    Decided all;
    for (std::size_t g = 0; g < group.size(); ++g) {
      group[g] = decided(here, g);
      all.refused += group[g].refused;
      all.accepted += group[g].accepted;
      all.refused_rows += group[g].refused_rows;
      all.accepted_rows += group[g].accepted_rows;
    }
    if (!(all.refused > 0) || !(all.accepted > 0)) continue;
    const double n = all.refused + all.accepted;
    whole += n;
    rows += all.rows();
    std::map<tally::Key, Decided> by_key;
    for (std::size_t h = 0; h < group.size(); ++h) by_key[here.groups().keys[h]] = group[h];
    for (std::size_t g = 0; g < out.size(); ++g) {
      // A group that is not in this stratum is none of its refused and accepted.
      const auto at = by_key.find(t.groups->keys[g]);
      const Decided mine = at == by_key.end() ? Decided{} : at->second;
      own_rows[g] += mine.rows();
      sum[g] += n * (mine.refused / all.refused - mine.accepted / all.accepted);
      var[g] += n * n *
                (variance(mine.refused, all.refused, all.refused_rows) +
                 variance(mine.accepted, all.accepted, all.accepted_rows));
    }
  }
  // Weights and clusters widen as they do for the selection rate of everybody.
  double design = 1;
  EVENHAND_ASSIGN(const Measured everybody, measure_everybody(selection_rate, t, o));
  if (everybody.defined() && everybody.n_effective > 0) {
    design = static_cast<double>(everybody.rows) / everybody.n_effective;
  }
  for (std::size_t g = 0; g < out.size(); ++g) {
    Measured& m = out[g];
    m.rows = rows;
    if (!(whole > 0) || own_rows[g] == 0) {  // of a group that nobody decided on, nothing is known
      m.why = Undefined::kNoRows;
      continue;
    }
    m.value = sum[g] / whole;
    m.spread = Spread::kNormal;
    m.standard_error = std::sqrt(var[g] * design) / whole;
    m.degrees = everybody.degrees;
    m.range = {-1, 1};
  }
  return out;
}

}  // namespace

const Measure conditional_demographic_disparity{
    .name = "conditional_demographic_disparity",
    .aliases = {},
    .says = "Within the strata, is the group a larger part of the refused than of the accepted?",
    .formula = "sum_i n_i (n_i(g,d=0)/n_i(d=0) - n_i(g,d=1)/n_i(d=1)) / sum_i n_i over strata i",
    .unit = "difference of shares, in [-1,1]; 0 is parity; above 0 the group is worse off",
    .better = Better::kNearIdeal,
    .ideal = 0,
    .possible = {-1, 1},
    .misleads = "Strata may carry the very disadvantage that they seem to explain.",
    .source = "Wachter, Mittelstadt & Russell 2021, doi:10.2139/ssrn.3547922",
    .needs_decision = true,
    .needs_strata = true,
    .compares = Compares::kNone,
    .measure = measure,
};

}  // namespace evenhand::metric
