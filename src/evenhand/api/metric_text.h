// A metric in words and as JSON, for `list metrics`, `explain` and the pages of the docs.
#pragma once

#include <string>

#include "evenhand/base/field.h"
#include "evenhand/metric/metric.h"

namespace evenhand::api {

Json metric_json(const metric::Metric& metric);

/// Formula, meaning, orientation, ideal, when it misleads, source: one paragraph each.
std::string metric_text(const metric::Metric& metric);

}  // namespace evenhand::api
