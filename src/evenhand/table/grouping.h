// How raw values of an attribute become groups: numbers cut at edges, names merged. Every stage
// that groups people does it here, and models and policies keep the rules, so that a new table
// falls into the same groups.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"

namespace evenhand::table {

struct Grouping {
  std::vector<double> edges;                  // numeric: (-inf,e0) [e0,e1) ... [ek,inf)
  std::map<std::string, std::string> rename;  // raw value -> group; several to one merges them
};

/// By attribute.
using Groupings = std::map<std::string, Grouping>;

/// Edges are finite and rise, and each rule is of one of `attributes`: of another it would do
/// nothing. @error kInvalidArgument.
Result<void> check_groupings(const Groupings& groupings,
                             const std::vector<std::string>& attributes);

/// A column as groups: cut at the edges of its attribute, where those stand as numbers or as text,
/// then renamed. Missing stays missing.
/// @param decimal  mark of numbers in the text. @error kBadInput, naming the row, for a value that
///        is no number where edges cut.
Result<Column> grouped(const Batch& rows, std::size_t place, const std::string& attribute,
                       const Groupings& groupings, char decimal);

/// A numeric column cut at edges e0 < e1 < ...: "under e0", "e0 to e1", ..., "ek or more"; an edge
/// belongs to the interval above it.
Column binned(const Column& numbers, const std::vector<double>& edges);
std::vector<std::string> bin_names(const std::vector<double>& edges);

/// Values renamed. Several of one name keep a code each: who counts by code must look at names.
void rename(Column& column, const std::map<std::string, std::string>& names);

/// {"age": {"edges": [25, 45], "rename": {}}}; in reading, either may be left out.
Json groupings_json(const Groupings& groupings);
/// @error kInvalidArgument, beginning with the keys that lead to the fault: "age: edges: ...".
Result<Groupings> groupings_of(const Json& json);

}  // namespace evenhand::table
