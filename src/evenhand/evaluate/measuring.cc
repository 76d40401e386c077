#include "evenhand/evaluate/measuring.h"

#include <algorithm>
#include <functional>

#include "evenhand/base/parallel.h"
#include "evenhand/metric/all.h"

namespace evenhand::evaluate {

using metric::Metric;
using metric::Reading;

void Measuring::prepare(const std::vector<std::pair<const Metric*, double>>& asked,
                        unsigned threads) {
  std::vector<std::function<void()>> work;
  std::vector<std::pair<const metric::Measure*, std::optional<metric::Measurements>>> measured;
  measured.reserve(asked.size());
  own_.reserve(asked.size());
  for (const auto& [m, family] : asked) {
    const metric::Measure* measure = m->measure;
    if (measure == nullptr) {
      own_.push_back({m, family, {}});
      work.emplace_back([this, own = &own_.back()] {
        metric::ReadOptions o = options_;
        o.family_level = own->family;
        if (auto readings = own->metric->read_self(tallies_, o)) own->readings = *readings;
      });
      continue;
    }
    const bool known = std::any_of(measured.begin(), measured.end(),
                                   [&](const auto& one) { return one.first == measure; });
    if (known) continue;
    measured.emplace_back(measure, std::nullopt);
    work.emplace_back([this, to = &measured.back()] {
      if (auto fresh = metric::measure_groups(*to->first, tallies_, options_, of_all(*to->first)))
        to->second = std::move(*fresh);
    });
  }
  for_each_index(work.size(), threads, [&](std::size_t i) { work[i](); });
  for (auto& [measure, found] : measured) {
    if (!found) continue;
    everybody_.emplace(measure, found->everybody);
    measured_.emplace(measure, std::move(*found));
  }
}

std::optional<Reading> Measuring::one(const Metric& m, std::size_t index, double family,
                                      double scale) {
  const bool alone = m.measure != nullptr && m.comparison == nullptr;
  const auto readings = read(m, family, scale, alone ? std::optional(index) : std::nullopt);
  const std::size_t at = alone ? 0 : index;
  if (!readings || at >= readings->size()) return std::nullopt;
  return (*readings)[at];
}

Result<std::vector<Reading>> Measuring::read(const Metric& m, double family, double scale,
                                             std::optional<std::size_t> only) {
  metric::ReadOptions o = options_;
  o.family_level = family;
  o.scale = scale;
  o.only = only;
  if (m.measure == nullptr) {
    for (const Own& own : own_) {
      if (own.metric == &m && own.family == family && scale == 1 && own.readings) {
        return *own.readings;
      }
    }
    return m.read_self(tallies_, o);
  }
  auto at = measured_.find(m.measure);
  if (at == measured_.end()) {
    EVENHAND_ASSIGN(auto fresh,
                    metric::measure_groups(*m.measure, tallies_, o, of_all(*m.measure)));
    everybody_.emplace(m.measure, fresh.everybody);
    at = measured_.emplace(m.measure, std::move(fresh)).first;
  }
  return metric::readings(m, at->second, tallies_, o);
}

const metric::Measured* Measuring::of_all(const metric::Measure& measure) const {
  const auto known = everybody_.find(&measure);
  return known == everybody_.end() ? nullptr : &known->second;
}

}  // namespace evenhand::evaluate
