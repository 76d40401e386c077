// The options of an evaluation as its record keeps them, all resolved, and back: so that a record
// can be verified without the command that made it. Threads are not among them.
#pragma once

#include "evenhand/base/result.h"
#include "evenhand/evaluate/evaluate.h"

namespace evenhand::evaluate {

nlohmann::ordered_json to_json(const Options& options);
/// @error kBadInput for options that cannot have been written.
Result<Options> options_of(const nlohmann::ordered_json& json);

}  // namespace evenhand::evaluate
