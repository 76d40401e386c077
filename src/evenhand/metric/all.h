// Every metric that there is, by its id or by a name that people know it under. all.def is the
// list.
#pragma once

#include <string_view>
#include <vector>

#include "evenhand/metric/compare.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/metric.h"

namespace evenhand::metric {

#define EVENHAND_MEASURE(name) extern const Measure name;
#define EVENHAND_METRIC(name) extern const Metric name;
#include "evenhand/metric/all.def"
#undef EVENHAND_MEASURE
#undef EVENHAND_METRIC

/// In the order of all.def, each measure followed by its comparisons.
const std::vector<Metric>& all();

/// By canonical id or alias; null when there is none.
const Metric* find(std::string_view id);

/// The id that looks most like a word that is none, for a sentence.
std::string_view nearest(std::string_view word);

}  // namespace evenhand::metric
