// How tables were read, as a record's options hold it: what operations on tables have in common.
#pragma once

#include <nlohmann/json.hpp>

#include "evenhand/table/grouping.h"
#include "evenhand/table/reader.h"

namespace evenhand::record {

nlohmann::ordered_json read_json(const table::ReadOptions& options);
/// Throws nlohmann's exceptions on a wrong type.
table::ReadOptions read_of(const nlohmann::ordered_json& json);

nlohmann::ordered_json groupings_json(const table::Groupings& groupings);
/// Throws likewise.
table::Groupings groupings_of(const nlohmann::ordered_json& json);

}  // namespace evenhand::record
