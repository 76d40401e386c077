// The stage that judges decisions and scores on rows: count once, read every metric off the
// tallies, hold the bounds against family intervals, and leave a record.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"
#include "evenhand/record/record.h"
#include "evenhand/table/grouping.h"
#include "evenhand/table/reader.h"

namespace evenhand::evaluate {

/// A column that plays a role, with the value that a person wants.
struct Role {
  std::string column;
  std::optional<std::string> favourable;  // absent: 1 of {0, 1}, true of {false, true}
};

/// One question: the attributes that are crossed. From "sex x race", or an array.
using By = std::vector<std::string>;

using table::Grouping;

/// A bound: one metric, one question, a limit; `limit` is the number as the user wrote it.
struct BoundAsked {
  std::string metric;
  By by;
  record::Bound bound;
};

struct Options {
  std::vector<std::string> files;
  table::ReadOptions read;
  std::optional<Role> label, decision;
  std::optional<std::string> score;
  std::optional<double> threshold;  // decision = score >= threshold where there is no decision; 0.5
  std::vector<By> by;
  std::vector<std::string> strata;
  std::map<std::string, Grouping> groupings;  // attribute -> how
  std::optional<std::string> cluster;
  std::optional<std::string> weight;
  std::string weight_kind;  // "frequency" or "sampling"
  std::optional<std::string> join, on;
  std::string convention = "evenhand";
  std::vector<std::string> metrics;  // empty: the usual ones
  std::vector<BoundAsked> bounds;
  std::map<std::string, std::string> reference;  // attribute -> value
  Json scored_by;                   // of a model whose scores these are; null: nobody says
  std::string interval = "wilson";  // or clopper_pearson, jeffreys
  double level = 0.95;
  std::int64_t rows_min = 1;
  std::uint64_t seed = 0;
  unsigned threads = 0;  // 0: as many as the machine has
};

/// Between pieces: bytes done, bytes in all (0 unknown); false stops with kInterrupted.
using KeepGoing = std::function<bool(std::uint64_t, std::uint64_t)>;

/// Do they fit together? @error kInvalidArgument.
Result<void> check_options(const Options& options);

/// Count, read, judge. The record holds the options as resolved (but no thread count: the same
/// inputs give the same bytes for any).
/// @error kInvalidArgument for options that do not fit together; kBadInput, kNotFound, kIo from
/// files.
Result<record::Record> evaluate(const Options& options, const KeepGoing& keep_going);

/// Levels that rows can bear: between them, a part of the doubt for each of thousands of groups and
/// bounds is still a number.
inline bool is_level(double level) { return level >= 0.01 && level <= 0.999999; }

/// The exit status that a record's verdicts ask for: 1 broken, 4 cannot tell, 0 otherwise
/// (bounds with severity or on_cannot_tell "warn" do not count).
int exit_status(const record::Record& record);

}  // namespace evenhand::evaluate
