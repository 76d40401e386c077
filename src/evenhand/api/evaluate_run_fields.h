// The fields of `evenhand evaluate run`, also section [evaluate] of the project file.
#pragma once

#include <vector>

#include "evenhand/api/evaluate_run.h"
#include "evenhand/base/field.h"

namespace evenhand::api {

std::vector<FieldOf<EvaluateRun>> evaluate_run_fields();

}  // namespace evenhand::api
