// JSON text as a tree: strictly, within a depth, without two keys of one name and without an
// exception. Inside record/ only.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "evenhand/base/result.h"

namespace evenhand::record {

/// Parse. The limits of a bound (findings[i].bound.at_most) keep the digits that were written: they
/// are binary values that hold the number's text.
/// @error kBadInput with line and column.
Result<nlohmann::ordered_json> parse_record_text(std::string_view text);

}  // namespace evenhand::record
