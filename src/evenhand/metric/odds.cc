// Equalized odds: both error rates at once, the true and the false positive rate.
//
// The wider of two gaps is a maximum of maxima, so its interval comes from limits that hold for
// both rates together: each at half of the doubt. The signed means add up two estimates from rows
// apart instead (MOVER), each at the whole level.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/metric/rates.h"

namespace evenhand::metric {
namespace {

struct Odds {
  Measurements tpr, fpr;
};

Result<Odds> odds_of(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(Measurements tpr, measure_groups(true_positive_rate, t, o));
  EVENHAND_ASSIGN(Measurements fpr, measure_groups(false_positive_rate, t, o));
  return Odds{std::move(tpr), std::move(fpr)};
}

/// Both rates' intervals at half of the doubt hold together.
ReadOptions halved(ReadOptions o) {
  o.level = 1 - (1 - o.level) / 2;
  if (o.family_level > 0) o.family_level = 1 - (1 - o.family_level) / 2;
  return o;
}

Reading compared(const Measure& measure, const Measurements& m, const Tallies& t,
                 const ReadOptions& o, std::string_view suffix) {
  const auto& all = comparisons();
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const Comparison& c) { return c.suffix == suffix; });
  EVENHAND_CHECK(at != all.end());
  Metric metric;
  metric.measure = &measure;
  metric.comparison = &*at;
  return readings(metric, m, t, o).front();
}

/// A value that nothing missing could change is open to itself only.
Open open_or_point(const Reading& r) {
  return r.open ? *r.open
                : Open{r.estimate.value, r.estimate.value, r.estimate.low, r.estimate.high, 0};
}

/// What is open of the mean of two numbers.
std::optional<Open> mean_open(const Reading& a, const Reading& b) {
  if (!a.open && !b.open) return std::nullopt;
  const Open x = open_or_point(a), y = open_or_point(b);
  return Open{(x.lowest + y.lowest) / 2, (x.highest + y.highest) / 2, (x.low + y.low) / 2,
              (x.high + y.high) / 2, std::max(x.rows_missing, y.rows_missing)};
}

/// The reading whose value counts, with limits that hold for both.
Reading joined(Reading a, Reading b, bool take_larger) {
  if (!a.estimate.defined()) return a;  // where one rate is undefined, so is their maximum
  if (!b.estimate.defined()) return b;
  const bool first =
      take_larger ? a.estimate.value >= b.estimate.value : a.estimate.value <= b.estimate.value;
  Reading& lead = first ? a : b;
  lead.log10_p.reset();  // one rate's test is not both rates'
  const Reading& other = first ? b : a;
  const auto pick = [&](double x, double y) {
    return take_larger ? std::max(x, y) : std::min(x, y);
  };
  lead.estimate.low = pick(lead.estimate.low, other.estimate.low);
  lead.estimate.high = pick(lead.estimate.high, other.estimate.high);
  if (lead.family && other.family) {
    lead.family = Interval{pick(lead.family->low, other.family->low),
                           pick(lead.family->high, other.family->high)};
  }
  if (lead.open || other.open) {
    const Open x = open_or_point(lead), y = open_or_point(other);
    lead.open = Open{pick(x.lowest, y.lowest), pick(x.highest, y.highest), pick(x.low, y.low),
                     pick(x.high, y.high), std::max(x.rows_missing, y.rows_missing)};
  }
  return lead;
}

Result<std::vector<Reading>> read_difference(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(const Odds odds, odds_of(t, o));
  const ReadOptions half = halved(o);
  return std::vector{joined(widest_gap(odds.tpr, t, half), widest_gap(odds.fpr, t, half), true)};
}

Result<std::vector<Reading>> read_difference_mean(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(const Odds odds, odds_of(t, o));
  const ReadOptions half = halved(o);
  Reading a = widest_gap(odds.tpr, t, half);
  const Reading b = widest_gap(odds.fpr, t, half);
  if (!a.estimate.defined()) return std::vector{a};
  if (!b.estimate.defined()) return std::vector{b};
  const auto mean = [](double x, double y) { return (x + y) / 2; };
  a.open = mean_open(a, b);
  a.estimate.value = mean(a.estimate.value, b.estimate.value);
  a.estimate.low = mean(a.estimate.low, b.estimate.low);
  a.estimate.high = mean(a.estimate.high, b.estimate.high);
  a.estimate.rows += b.estimate.rows;
  if (a.family && b.family) {
    a.family = Interval{mean(a.family->low, b.family->low), mean(a.family->high, b.family->high)};
  }
  a.log10_p.reset();
  return std::vector{a};
}

Result<std::vector<Reading>> read_ratio(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(const Odds odds, odds_of(t, o));
  const ReadOptions half = halved(o);
  const Reading tpr = compared(true_positive_rate, odds.tpr, t, half, "_ratio");
  const Reading fpr = compared(false_positive_rate, odds.fpr, t, half, "_ratio");
  // fairlearn takes Python's min(TPR, FPR), which keeps the first where the second is NaN.
  if (o.convention == Convention::kFairlearn && !fpr.estimate.defined()) return std::vector{tpr};
  return std::vector{joined(tpr, fpr, false)};
}

/// The mean of two rates' differences to the reference, signed. The rows of the two rates are
/// apart, so variances add up: MOVER on both halves. The family's limits of both hold together at
/// half of the doubt each.
Result<std::vector<Reading>> read_mean(const Tallies& t, const ReadOptions& asked,
                                       const Measure& one, const Measure& other) {
  ReadOptions o = asked;
  o.family_level = halved(asked).family_level;
  EVENHAND_ASSIGN(const Measurements of_one, measure_groups(one, t, o));
  EVENHAND_ASSIGN(const Measurements of_other, measure_groups(other, t, o));
  const auto& all = comparisons();
  const auto at = std::find_if(all.begin(), all.end(), [](const Comparison& c) {
    return c.suffix == "_difference_to_reference";
  });
  std::vector<Reading> means = at->read(of_one, t, o);
  const std::vector<Reading> others = at->read(of_other, t, o);
  // Both open ends hold together at half of the doubt each; read again only where some are.
  const auto is_open = [](const Reading& r) { return r.open.has_value(); };
  const bool any_open = std::any_of(means.begin(), means.end(), is_open) ||
                        std::any_of(others.begin(), others.end(), is_open);
  const auto open_means = any_open ? at->read(of_one, t, halved(o)) : std::vector<Reading>();
  const auto open_others = any_open ? at->read(of_other, t, halved(o)) : std::vector<Reading>();
  EVENHAND_CHECK(means.size() == others.size());
  for (std::size_t i = 0; i < means.size(); ++i) {
    Reading& a = means[i];
    const Reading& b = others[i];
    a.estimate.rows += b.estimate.rows;
    if (a.estimate.defined() && !b.estimate.defined()) a.estimate.why = b.estimate.why;
    if (!a.estimate.defined()) {
      a.open.reset();
      a.estimate.value = a.estimate.low = a.estimate.high = 0;
      a.family.reset();
      continue;
    }
    const double value = (a.estimate.value + b.estimate.value) / 2;
    const double down =
        std::hypot(a.estimate.value - a.estimate.low, b.estimate.value - b.estimate.low) / 2;
    const double up =
        std::hypot(a.estimate.high - a.estimate.value, b.estimate.high - b.estimate.value) / 2;
    if (a.family && b.family) {
      a.family =
          Interval{(a.family->low + b.family->low) / 2, (a.family->high + b.family->high) / 2};
    }
    if (any_open) a.open = mean_open(open_means[i], open_others[i]);
    a.estimate.value = value;
    a.estimate.low = value - down;
    a.estimate.high = value + up;
    if (!a.between || !o.reference) continue;
    const tally::Key& wrongly_placed = value > 0 ? a.between->second : a.between->first;
    if (wrongly_placed == *o.reference) std::swap(a.between->first, a.between->second);
  }
  return means;
}

Result<std::vector<Reading>> read_average_odds(const Tallies& t, const ReadOptions& o) {
  return read_mean(t, o, true_positive_rate, false_positive_rate);
}

Result<std::vector<Reading>> read_average_predictive_value(const Tallies& t, const ReadOptions& o) {
  return read_mean(t, o, precision, false_omission_rate);
}

/// What the metrics of both error rates have in common. The measures that they compare have no
/// findings of their own unless they are asked for.
Metric of_odds(Metric m) {
  m.source = "Hardt, Price & Srebro 2016, arXiv:1610.02413";
  m.needs_label = m.needs_decision = true;
  m.compared = {&true_positive_rate, &false_positive_rate};
  return m;
}

/// A gap in [0,1] of both error rates.
Metric gap_of_odds(Metric m) {
  m.unit = "difference of shares, in [0,1]; 0 is parity";
  m.better = Better::kLower;
  m.ideal = 0;
  m.possible = {0, 1};
  return of_odds(std::move(m));
}

/// The signed mean of two rates' differences to the reference.
Metric mean_to_reference(Metric m, std::vector<const Measure*> compared) {
  m.unit = "signed difference of shares, in [-1,1]; 0 is parity";
  m.better = Better::kNearIdeal;
  m.ideal = 0;
  m.possible = {-1, 1};
  m.misleads = "Two gaps of opposite sign cancel.";
  m.source = "Bellamy et al. 2018, arXiv:1810.01943";
  m.needs_label = m.needs_decision = m.needs_reference = true;
  m.compared = std::move(compared);
  return m;
}

}  // namespace

const Metric equalized_odds_difference = gap_of_odds({
    .name = "equalized_odds_difference",
    .aliases = {"equalised_odds_difference"},
    .says =
        "How far apart are the groups in their chances, given the label: the wider of two gaps?",
    .formula = "max(max_g TPR(g) - min_g TPR(g), max_g FPR(g) - min_g FPR(g))",
    .misleads = "It trusts the labels, and cannot hold together with equal precision where base "
                "rates differ.",
    .read_self = read_difference,
});

const Metric equalized_odds_difference_mean = gap_of_odds({
    .name = "equalized_odds_difference_mean",
    .says =
        "How far apart are the groups in their chances, given the label, on average of two gaps?",
    .formula = "((max_g TPR(g) - min_g TPR(g)) + (max_g FPR(g) - min_g FPR(g))) / 2",
    .misleads = "A wide gap in one rate hides behind a narrow one in the other.",
    .read_self = read_difference_mean,
});

const Metric equalized_odds_ratio = of_odds({
    .name = "equalized_odds_ratio",
    .aliases = {"equalised_odds_ratio"},
    .says =
        "How far apart are the groups in their chances, given the label, as the smaller quotient?",
    .formula = "min(min_g TPR(g) / max_g TPR(g), min_g FPR(g) / max_g FPR(g))",
    .unit = "quotient in [0,1]; 1 is parity",
    .better = Better::kHigher,
    .ideal = 1,
    .possible = {0, 1},
    .misleads = "Where false positives are rare, a quotient is large for a gap that nobody feels.",
    .read_self = read_ratio,
});

const Metric average_odds_difference = mean_to_reference(
    {
        .name = "average_odds_difference",
        .says = "How much better or worse than the reference does a group fare, given the label, "
                "on average?",
        .formula = "((FPR(g) - FPR(reference)) + (TPR(g) - TPR(reference))) / 2, with its sign",
        .read_self = read_average_odds,
    },
    {&true_positive_rate, &false_positive_rate});

const Metric average_predictive_value_difference = mean_to_reference(
    {
        .name = "average_predictive_value_difference",
        .says = "How much more often than the reference's do a group's decisions come with the "
                "favourable label, on average over both decisions?",
        .formula = "((PPV(g) - PPV(reference)) + (FOR(g) - FOR(reference))) / 2, with its sign",
        .read_self = read_average_predictive_value,
    },
    {&precision, &false_omission_rate});

}  // namespace evenhand::metric
