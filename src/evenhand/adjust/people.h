// The rows of a table that a policy can be fitted to: those with a label and a score, by group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/adjust/curve.h"
#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/table/crossing.h"
#include "evenhand/table/reader.h"

namespace evenhand::adjust {

/// Which columns play which part.
struct Columns {
  std::string score;
  std::string label;
  std::optional<std::string> favourable;  // absent: 1 of {0, 1}, true of {false, true}
  std::vector<std::string> by;            // attributes, crossed to groups; empty: everybody is one
  std::optional<std::string> id;
  table::Groupings groupings = {};  // how values of the attributes become groups
};

struct People {
  std::vector<Row> rows;              // with label and score, in the order of the table
  std::vector<std::uint64_t> places;  // shape of rows: their number in the table, for folds
  table::Crossing crossing;           // its `codes` are moved into rows
  std::string favourable;
  std::vector<table::InputFacts> facts;
  std::uint64_t rows_read = 0, rows_without_label = 0, rows_without_score = 0;
};

/// @error kInvalidArgument if one column plays two parts; kBadInput if nobody is left, all labels
///        or all scores are the same; else as table::gather and table::labels_of.
Result<People> read_people(const std::vector<std::string>& files, const table::ReadOptions& read,
                           const Columns& columns, unsigned threads, const OnProgress& progress);

}  // namespace evenhand::adjust
