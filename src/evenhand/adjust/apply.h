// Decides the rows of a table by a policy and writes it back with the decisions. A row's decision
// depends on its score, its group and its id alone, so rows may come in any order, and the same
// person is decided alike every time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/model/policy.h"
#include "evenhand/table/reader.h"

namespace evenhand::adjust {

struct ApplyOptions {
  std::vector<std::string> files;
  table::ReadOptions read;
  std::string policy;             // file, or the folder it is in
  std::vector<std::string> keep;  // columns to carry along; empty: all
  std::string decision = "decision";
  /// Write only the rows that a fit of these files with so many folds and this seed kept from its
  /// thresholds, so that decisions can be judged on rows that made none of them; 0: every row.
  std::int64_t held_out_folds = 0;
  std::uint64_t seed = 0;
  bool chances = false;  // add decision_probability, and calibrated_score where there is one
  unsigned threads = 0;
  std::string out;  // .parquet or .csv
};

/// How a group was decided.
struct Decided {
  table::GroupKey group;
  std::uint64_t rows = 0, favourable = 0;
};

struct Applied {
  std::string out;
  std::uint64_t rows = 0, favourable = 0;
  std::uint64_t rows_without_score = 0;  // their decision is left empty
  std::uint64_t rows_without_rule = 0;   // of groups that the fit did not see
  std::uint64_t rows_beyond_fit = 0;     // whose score lies outside of those of the fit
  std::uint64_t rows_skipped = 0;
  std::vector<Decided> groups;  // sorted as table/crossing.h does
  std::vector<std::string> columns;
  model::Policy policy;
};

/// Memory does not grow with the rows. Columns: those kept, then the decision (1 favourable, 0 not;
/// empty without a score), and where asked `decision_probability` and `calibrated_score`. A policy
/// of calibrators only writes `calibrated_score` alone.
/// @error kNotFound for a column that the policy needs; kBadInput for a row without an id, for a
///        score outside of [0,1] where those of the fit lay in it, and for a group without a rule
///        where the policy refuses such; kInvalidArgument for names that are
///        taken. Nothing is written then.
Result<Applied> apply(const ApplyOptions& options, const OnProgress& progress = {});

}  // namespace evenhand::adjust
