// A metric in words and as JSON, for `list metrics`, `explain` and the pages of the docs.
#pragma once

#include <string>
#include <string_view>

#include "evenhand/base/field.h"
#include "evenhand/metric/metric.h"

namespace evenhand::api {

Json metric_json(const metric::Metric& metric);

/// What to say of a word that is no metric: "; did you mean ...?", from its beginning, its letters
/// (TPR) or its spelling.
std::string did_you_mean(std::string_view word);

/// Formula, meaning, orientation, ideal, when it misleads, source: one paragraph each.
std::string metric_text(const metric::Metric& metric);

}  // namespace evenhand::api
