// The options of an evaluation as its record keeps them, all resolved, and back: so that a record
// can be verified without the command that made it. Threads are not among them.
#pragma once

#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/evaluate/evaluate.h"

namespace evenhand::evaluate {

nlohmann::ordered_json to_json(const Options& options);

/// Bounds alone, as any record keeps them, and back. Reading may throw nlohmann's exceptions for a
/// wrong type.
nlohmann::ordered_json bounds_json(const std::vector<BoundAsked>& bounds);
std::vector<BoundAsked> bounds_of(const nlohmann::ordered_json& json);

/// @error kBadInput for options that cannot have been written.
Result<Options> options_of(const nlohmann::ordered_json& json);

}  // namespace evenhand::evaluate
