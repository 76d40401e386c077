// Smoothed empirical differential fairness: the largest log-ratio of any outcome's probability
// between any two groups.
//
// P(g) = (n(g,1) + 1/2) / (n(g) + 1), and 1 - P(g) for the other outcome. The number is a maximum
// over pairs and outcomes; both probabilities are monotone in one share, so its interval comes from
// the shares' limits, which hold for all groups at once: never from a bootstrap of the maximum.
#include <algorithm>
#include <cmath>
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/metric/rates.h"

namespace evenhand::metric {
namespace {

/// ln P and ln(1 - P) of one group, or limits of both.
struct Logs {
  double favourable, unfavourable;
};

Logs smoothed(double share, double n) {
  const double p = (share * n + 0.5) / (n + 1);
  return {std::log(p), std::log1p(-p)};
}

struct Widest {
  double value = 0, low = 0, high = 0;
  std::size_t lowest = 0, highest = 0;
};

/// Largest |difference| over pairs, from values and from limits that hold together.
void widen(Widest& w, const std::vector<double>& value, const std::vector<double>& low,
           const std::vector<double>& high, const std::vector<std::size_t>& in) {
  const auto top = std::max_element(value.begin(), value.end()) - value.begin();
  const auto bottom = std::min_element(value.begin(), value.end()) - value.begin();
  const double gap = value[static_cast<std::size_t>(top)] - value[static_cast<std::size_t>(bottom)];
  if (gap >= w.value) {
    w.value = gap;
    w.highest = in[static_cast<std::size_t>(top)];
    w.lowest = in[static_cast<std::size_t>(bottom)];
  }
  w.low = std::max(w.low, *std::max_element(low.begin(), low.end()) -
                              *std::min_element(high.begin(), high.end()));
  w.high = std::max(w.high, *std::max_element(high.begin(), high.end()) -
                                *std::min_element(low.begin(), low.end()));
}

Widest widest(const std::vector<Measured>& m, const std::vector<std::size_t>& in, double level,
              Method method, double scale) {
  const double each = 1 - (1 - level) / static_cast<double>(in.size());
  std::vector<double> value, low, high, value0, low0, high0;
  for (std::size_t i : in) {
    const auto n = static_cast<double>(m[i].rows);  // as the formula counts, whatever the design
    const Interval l = limits(m[i], each, method, scale);
    const Logs v = smoothed(m[i].value, n), a = smoothed(l.low, n), b = smoothed(l.high, n);
    value.push_back(v.favourable);
    low.push_back(a.favourable);
    high.push_back(b.favourable);
    value0.push_back(v.unfavourable);
    low0.push_back(b.unfavourable);
    high0.push_back(a.unfavourable);
  }
  Widest w;
  widen(w, value, low, high, in);
  widen(w, value0, low0, high0, in);
  return w;
}

Result<Reading> read_one(const Measure& measure, const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(const Measurements m, measure_groups(measure, t, o));
  std::vector<std::size_t> in = taking_part(m.groups, *t.groups);
  std::erase_if(in, [&](std::size_t i) { return !(m.groups[i].n_effective > 0); });
  Reading reading;
  reading.between = std::pair<tally::Key, tally::Key>{};
  for (std::size_t i : in) reading.estimate.rows += m.groups[i].rows;
  if (in.size() < 2) {
    reading.estimate.why = Undefined::kOneGroup;
    return reading;
  }
  const Widest shown = widest(m.groups, in, o.level, o.method, o.scale);
  // Whichever outcome the ratio is widest for, the group with the lower share of the favourable one
  // comes first.
  const bool turned = m.groups[shown.lowest].value > m.groups[shown.highest].value;
  const std::size_t lower = turned ? shown.highest : shown.lowest;
  const std::size_t higher = turned ? shown.lowest : shown.highest;
  reading.between = {t.groups->keys[lower], t.groups->keys[higher]};
  reading.estimate.rows = m.groups[shown.lowest].rows + m.groups[shown.highest].rows;
  reading.estimate.value = shown.value;
  reading.estimate.low = std::min(shown.low, shown.value);
  reading.estimate.high = std::max(shown.high, shown.value);
  if (o.family_level > 0) {
    const Widest family = widest(m.groups, in, o.family_level, Method::kClopperPearson, o.scale);
    reading.family = Interval{family.low, family.high};
  }
  return reading;
}

Result<std::vector<Reading>> read_decisions(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(Reading reading, read_one(selection_rate, t, o));
  return std::vector{std::move(reading)};
}

Result<std::vector<Reading>> read_labels(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(Reading reading, read_one(base_rate, t, o));
  return std::vector{std::move(reading)};
}

Result<std::vector<Reading>> read_amplification(const Tallies& t, const ReadOptions& o) {
  ReadOptions half = o;  // both numbers' limits hold together at half of the doubt each
  half.level = 1 - (1 - o.level) / 2;
  if (o.family_level > 0) half.family_level = 1 - (1 - o.family_level) / 2;
  EVENHAND_ASSIGN(Reading decisions, read_one(selection_rate, t, half));
  EVENHAND_ASSIGN(const Reading labels, read_one(base_rate, t, half));
  if (!decisions.estimate.defined() || !labels.estimate.defined()) {
    decisions.estimate.why = Undefined::kOneGroup;
    decisions.estimate.value = decisions.estimate.low = decisions.estimate.high = 0;
    decisions.family.reset();
    return std::vector{decisions};
  }
  Estimate& e = decisions.estimate;
  e = {e.value - labels.estimate.value, e.low - labels.estimate.high, e.high - labels.estimate.low,
       e.rows, Undefined::kDefined};
  if (decisions.family && labels.family) {
    decisions.family = Interval{decisions.family->low - labels.family->high,
                                decisions.family->high - labels.family->low};
  }
  return std::vector{decisions};
}

/// Half a row is added whatever the rows, so twice the rows are another number.
constexpr Laws kSmoothed = Laws{}.without(Law::kDoubledRows);

constexpr const char* kSource = "Foulds, Islam, Keya & Pan 2020, arXiv:1807.08362";

}  // namespace

const Metric differential_fairness{
    .name = "differential_fairness",
    .aliases = {"smoothed_empirical_differential_fairness"},
    .says = "How much more likely is a decision in one group than in another, at the most?",
    .formula = "max_{g,h,d} |ln P(d|g) - ln P(d|h)|,  P(d|g) = (n(g,d) + 1/2) / (n(g) + 1)",
    .unit = "log-ratio >= 0; 0 is parity",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "A rare decision gives a large log-ratio for a gap of few people.",
    .source = kSource,
    .needs_decision = true,
    .laws = kSmoothed,
    .read_self = read_decisions,
    .compared = {&selection_rate},
};

const Metric differential_fairness_of_labels{
    .name = "differential_fairness_of_labels",
    .aliases = {},
    .says = "How much more likely is a label in one group than in another, at the most?",
    .formula = "max_{g,h,y} |ln P(y|g) - ln P(y|h)|,  P(y|g) = (n(g,y) + 1/2) / (n(g) + 1)",
    .unit = "log-ratio >= 0; 0 is parity",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "A rare label gives a large log-ratio for a gap of few people.",
    .source = kSource,
    .needs_label = true,
    .laws = kSmoothed,
    .read_self = read_labels,
    .compared = {&base_rate},
};

const Metric differential_fairness_amplification{
    .name = "differential_fairness_amplification",
    .aliases = {"bias_amplification"},
    .says = "How much further apart are the groups in decisions than they were in labels?",
    .formula = "differential_fairness - differential_fairness_of_labels",
    .unit = "difference of log-ratios; 0: decisions are as far apart as labels",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "It takes the labels as they are for the measure of what is fair.",
    .source = kSource,
    .needs_label = true,
    .needs_decision = true,
    .laws = kSmoothed,
    .read_self = read_amplification,
    .compared = {&selection_rate, &base_rate},
};

}  // namespace evenhand::metric
