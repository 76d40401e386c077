// How tables were read, as a record's options hold it: what operations on tables have in common.
#pragma once

#include <nlohmann/json.hpp>

#include "evenhand/base/result.h"
#include "evenhand/table/grouping.h"
#include "evenhand/table/reader.h"

namespace evenhand::record {

nlohmann::ordered_json read_json(const table::ReadOptions& options);
/// Throws nlohmann's exceptions on a wrong type.
table::ReadOptions read_of(const nlohmann::ordered_json& json);

/// @error kBadInput for what is no rule of grouping.
Result<table::Groupings> groupings_of(const nlohmann::ordered_json& json);

}  // namespace evenhand::record
