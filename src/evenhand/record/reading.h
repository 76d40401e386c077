// How tables were read, as a record's options hold it: what operations on tables have in common.
#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "evenhand/base/result.h"
#include "evenhand/table/grouping.h"
#include "evenhand/table/reader.h"

namespace evenhand::record {

nlohmann::ordered_json read_json(const table::ReadOptions& options);
/// Throws nlohmann's exceptions on a wrong type.
table::ReadOptions read_of(const nlohmann::ordered_json& json);

/// null where there is none.
template <class T>
nlohmann::ordered_json or_null(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}
/// Throws likewise.
template <class T>
std::optional<T> optional_of(const nlohmann::ordered_json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<T>();
}

/// @error kBadInput for what is no rule of grouping.
Result<table::Groupings> groupings_of(const nlohmann::ordered_json& json);

}  // namespace evenhand::record
