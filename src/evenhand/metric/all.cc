// The registry: measures times comparisons, and the metrics that read themselves.
#include "evenhand/metric/all.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>

#include "evenhand/base/nearest.h"

namespace evenhand::metric {
namespace {

/// "R" stands for the measure in a comparison's texts.
std::string about(std::string text, const std::string& measure) {
  for (std::size_t at = 0; (at = text.find('R', at)) != std::string::npos; at += measure.size()) {
    const bool word =
        (at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1]))) &&
        (at + 1 == text.size() || !std::isalnum(static_cast<unsigned char>(text[at + 1])));
    if (!word) {
      at += 1;
      at -= measure.size();
      continue;
    }
    text.replace(at, 1, measure);
  }
  return text;
}

Metric of_measure(const Measure& m) {
  Metric metric;
  metric.name = m.name;
  metric.aliases = m.aliases;
  metric.says = m.says;
  metric.formula = m.name + "(g) = " + m.formula;
  metric.unit = m.unit;
  metric.better = m.better;
  metric.ideal = m.ideal;
  metric.possible = m.possible;
  metric.misleads = m.misleads;
  metric.source = m.source;
  metric.from = m.from;
  metric.needs_label = m.needs_label;
  metric.needs_decision = m.needs_decision;
  metric.needs_score = m.needs_score;
  metric.needs_strata = m.needs_strata;
  metric.needs_baseline = m.needs_baseline;
  metric.about = m.about;
  metric.laws = m.laws.without(Law::kOneGroup);
  metric.measure = &m;
  return metric;
}

std::string unit_of(const Measure& m, const Comparison& c) {
  if (c.keeps_unit) return m.unit;
  if (c.ratio)
    return c.per_reference ? "quotient >= 0; 1 is parity" : "quotient in [0,1]; 1 is parity";
  const std::string what = m.unit.substr(0, m.unit.find(" in "));
  return c.per_reference ? "signed difference of " + what + "s; 0 is parity"
                         : "difference of " + what + "s, >= 0; 0 is parity";
}

Interval possible_of(const Measure& m, const Comparison& c) {
  const double width = m.possible.high - m.possible.low;
  if (c.ratio) return {0, c.per_reference ? std::numeric_limits<double>::infinity() : 1};
  return {c.per_reference ? -width : 0, width};
}

Metric of_comparison(const Measure& m, const Comparison& c) {
  Metric metric = of_measure(m);
  metric.name = m.name + c.suffix;
  metric.aliases.clear();
  for (const auto& [suffix, alias] : m.comparison_aliases) {
    if (suffix == c.suffix) metric.aliases.push_back(alias);
  }
  metric.says = about(c.says, m.name);
  metric.formula = about(c.formula, m.name) + ",  " + m.name + "(g) = " + m.formula;
  metric.unit = unit_of(m, c);
  metric.source = m.source + ". " + c.source;
  metric.needs_reference = c.per_reference;
  if (!c.keeps_unit) {
    metric.laws = m.laws;
    metric.better = c.per_reference ? Better::kNearIdeal
                    : c.ratio       ? Better::kHigher
                                    : Better::kLower;
    metric.ideal = c.ratio ? 1 : 0;
    metric.possible = possible_of(m, c);
  }
  metric.comparison = &c;
  return metric;
}

bool makes_sense(const Measure& m, const Comparison& c) {
  if (m.compares == Compares::kNone) return false;
  return m.compares == Compares::kDifferencesAndRatios || !c.ratio;
}

void add(std::vector<Metric>& out, const Measure& m) {
  out.push_back(of_measure(m));
  for (const Comparison& c : comparisons()) {
    if (makes_sense(m, c)) out.push_back(of_comparison(m, c));
  }
}

void add(std::vector<Metric>& out, const Metric& m) { out.push_back(m); }

std::vector<Metric> made() {
  std::vector<Metric> out;
#define EVENHAND_MEASURE(name) add(out, name);
#define EVENHAND_METRIC(name) add(out, name);
#include "evenhand/metric/all.def"
#undef EVENHAND_MEASURE
#undef EVENHAND_METRIC
  return out;
}

}  // namespace

std::string_view name(From from) {
  switch (from) {
    case From::kTally:
      return "tally";
    case From::kRows:
      return "rows";
    case From::kModel:
      return "model";
  }
  return "tally";
}

const std::vector<Metric>& all() {
  static const std::vector<Metric> metrics = made();
  return metrics;
}

const Metric* find(std::string_view id) {
  static const std::map<std::string_view, const Metric*> by_name = [] {
    std::map<std::string_view, const Metric*> names;
    for (const Metric& metric : all()) {
      names.emplace(metric.name, &metric);
      for (const std::string& alias : metric.aliases) names.emplace(alias, &metric);
    }
    return names;
  }();
  const auto at = by_name.find(id);
  return at == by_name.end() ? nullptr : at->second;
}

std::string_view nearest(std::string_view word) {
  std::string_view best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  const auto consider = [&](std::string_view name) {
    const std::size_t d = edit_distance(word, name);
    if (d < least) {
      least = d;
      best = name;
    }
  };
  for (const Metric& metric : all()) {
    consider(metric.name);
    for (const std::string& alias : metric.aliases) consider(alias);
  }
  return best;
}

Result<std::vector<Reading>> read(const Metric& metric, const Tallies& tallies,
                                  const ReadOptions& options) {
  if (metric.read_self != nullptr) return metric.read_self(tallies, options);
  EVENHAND_ASSIGN(const Measurements measured, measure_groups(*metric.measure, tallies, options));
  return readings(metric, measured, tallies, options);
}

}  // namespace evenhand::metric
