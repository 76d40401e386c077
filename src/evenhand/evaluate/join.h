// Attributes that stand in a second table: looked up by a column that both tables share.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"
#include "evenhand/table/grouping.h"
#include "evenhand/table/reader.h"

namespace evenhand::evaluate {

/// The second table, held whole: it grows with its rows.
struct Joined {
  std::vector<std::string> names;
  std::unordered_map<std::string, std::uint32_t> row_of;  // id -> row
  std::vector<table::Column> columns;                     // text; in the order of names
  table::InputFacts facts;
};

/// Its attributes are groups already, cut and renamed as `groupings` say.
/// @error kBadInput where an id stands twice or is missing, or edges cut what is no number;
/// kNotFound
///        for a column.
Result<Joined> read_joined(const std::string& path, const std::string& on,
                           const std::vector<std::string>& names, const table::Groupings& groupings,
                           const table::ReadOptions& options);

/// The joined column for the rows of a batch. An id that the table does not have: missing.
/// @param ids  the batch's column `on`, as text.
table::Column look_up(const Joined& joined, std::size_t column, const table::Column& ids,
                      std::uint64_t& unmatched);

}  // namespace evenhand::evaluate
