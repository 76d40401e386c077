// A table with one more column: the weight under which every group has the same share of favourable
// labels (table/reweigh.h). A learner that honours it learns from a population in which group and
// label are independent; what the features say of the group is left as it is.
//
// The whole table is held in memory, four bytes a cell.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/table/grouping.h"
#include "evenhand/table/reader.h"

namespace evenhand::data {

struct ReweighOptions {
  std::vector<std::string> files;  // together one table, in this order
  table::ReadOptions read;
  std::string label;                      // column
  std::optional<std::string> favourable;  // its value; absent: 1 of {0, 1}, true of {false, true}
  std::vector<std::string> by;            // columns whose values are crossed to groups
  table::Groupings groupings;             // how values of these become groups
  std::optional<std::string> weight;      // column of numbers >= 0 that is multiplied in
  std::string name = "reweigh_weight";    // of the new column
  unsigned threads = 0;                   // 0: as many as the machine has
  std::string out;                        // table to write: .csv or .parquet
};

/// A group with its two cells; index 0: another label, 1: the favourable one.
struct BalancedGroup {
  std::string name;  // "Female, Black"
  std::array<std::uint64_t, 2> rows{};
  std::array<double, 2> factor{};  // w(g,y)
};

struct Reweighed {
  std::string out;
  std::string favourable;
  double share = 0;  // n(1)/n: of every group, once weighted
  std::vector<BalancedGroup> groups;
  std::uint64_t rows = 0;                   // that were read and written
  std::uint64_t rows_without_label = 0;     // keep their own weight
  std::uint64_t rows_of_unknown_group = 0;  // with a label; keep their own weight
  std::uint64_t rows_skipped = 0;           // bad rows, under BadRows::kSkip
};

/// Read, weigh and write; all columns are kept, text as it stands. The same bytes for any
/// `threads`.
/// @error kInvalidArgument for options that do not fit together (the name is taken, the output is
/// an
///        input); kNotFound with the nearest name for a column that is not there; kBadInput as
///        `table::reweigh`, or for a weight that is missing or below 0; kIo; kInterrupted.
Result<Reweighed> reweigh(const ReweighOptions& options, const OnProgress& progress = {});

}  // namespace evenhand::data
