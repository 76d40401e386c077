// The audit of a data set: who is in it, held against a population; how labels and missing values
// lie among the groups; which columns tell a group; from how many sources the rows come. Everything
// but proxies is counted over all rows in one pass and stands in the record as tallies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/record/record.h"
#include "evenhand/table/grouping.h"
#include "evenhand/table/reader.h"

namespace evenhand::data {

/// The attributes that a question crosses.
using By = std::vector<std::string>;

/// How far apart still counts as alike, as the user wrote it. Asked for, it can fail the audit;
/// else it only informs.
struct Tolerance {
  std::string at;
  bool asked = false;
};

struct AuditOptions {
  std::vector<std::string> files;
  table::ReadOptions read;
  std::vector<By> by;
  table::Groupings groupings;        // how raw values become groups
  std::optional<std::string> label;  // column
  std::optional<std::string> favourable;
  std::string baseline;                       // "": none; "uniform"; else a file
  std::optional<std::string> baseline_count;  // its column of shares or counts
  std::string baseline_kind;                  // "", "numbers" or "people"; "": told from the file
  std::vector<std::string> sources;           // columns whose diversity is asked for
  std::optional<std::string> weight;
  std::string weight_kind;                 // "frequency" or "sampling"
  Tolerance tolerance{"0.02"};             // of a group's share against the baseline's
  Tolerance association_tolerance{"0.1"};  // of Cramer's V; Cohen 1988 calls that effect small
  Tolerance gap_tolerance{"0.05"};         // of rates of labels, and of missing values
  bool proxies = true;
  std::vector<std::string> features;  // of proxies; empty: every column without another part
  std::vector<std::string> exclude;
  double level = 0.95;
  std::int64_t rows_min = 1;  // of a group that counts as covered
  std::uint64_t seed = 0;
  unsigned threads = 0;  // 0: as many as the machine has
};

/// Rows that proxies are fitted to, at most.
inline constexpr std::size_t kProxyRows = 20'000;

/// Do they fit together? @error kInvalidArgument.
Result<void> check_options(const AuditOptions& options);

/// Read once, count, compare. The record's operation is "data audit".
/// @error kInvalidArgument for options that do not fit together or to the columns; kBadInput,
///        kNotFound, kIo from files; kInterrupted.
Result<record::Record> audit(const AuditOptions& options, const OnProgress& progress);

/// 1 where a tolerance that was asked for is broken, 4 where the rows cannot tell, else 0.
int exit_status(const record::Record& record);

}  // namespace evenhand::data
