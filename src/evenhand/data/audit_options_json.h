// The options of an audit as a record holds them, and back.
#pragma once

#include "evenhand/data/audit.h"

namespace evenhand::data {

/// All of them, as resolved, but no thread count: the same inputs give the same bytes for any.
nlohmann::ordered_json to_json(const AuditOptions& options);

/// @error kBadInput for what to_json() cannot have written.
Result<AuditOptions> audit_options_of(const nlohmann::ordered_json& json);

}  // namespace evenhand::data
