// How raw values of an attribute become groups: numbers cut at edges, names merged.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"

namespace evenhand::table {

struct Grouping {
  std::vector<double> edges;                  // numeric: (-inf,e0) [e0,e1) ... [ek,inf)
  std::map<std::string, std::string> rename;  // raw value -> group; several to one merges them
};

/// By attribute.
using Groupings = std::map<std::string, Grouping>;

/// Edges cut the line into intervals from left to right. @error kInvalidArgument.
Result<void> check_edges(const Groupings& groupings);

/// A numeric column cut at edges e0 < e1 < ...: "under e0", "e0 to e1", ..., "ek or more"; an edge
/// belongs to the interval above it.
Column binned(const Column& numbers, const std::vector<double>& edges);
std::vector<std::string> bin_names(const std::vector<double>& edges);

/// Values renamed (several to one name merges them).
void rename(Column& column, const std::map<std::string, std::string>& names);

}  // namespace evenhand::table
