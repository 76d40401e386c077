// `evenhand evaluate run` as its user writes it: words, not yet columns. resolve() turns them into
// evaluate::Options once the names of the columns are known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/api/group_options.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/phrase.h"
#include "evenhand/api/table_options.h"
#include "evenhand/base/result.h"
#include "evenhand/evaluate/evaluate.h"

namespace evenhand::api {

struct EvaluateRun : TableOptions, GroupOptions {
  std::optional<Phrase> label, decision;
  std::optional<std::string> score;
  std::optional<double> threshold;
  std::vector<Phrase> group;
  std::vector<std::string> strata;
  std::optional<std::string> cluster, weight;
  std::string weight_kind;
  std::string convention = "evenhand";
  std::vector<std::string> metric;
  std::vector<BoundPhrase> bound;
  std::vector<Phrase> reference;
  std::string interval = "wilson";
  double level = 0.95;
  std::int64_t rows_min = 1;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  bool gate = false;
  Handed scored_by;  // by `run`, where another stage made the scores
  std::string out = "evenhand-out";
};

/// Read the grammar and check what fits together.
/// @param columns  of the table; empty: not known beforehand, so the grammar holds.
/// @error kInvalidArgument.
Result<evaluate::Options> resolve(const EvaluateRun& asked,
                                  const std::vector<std::string>& columns);

/// Does a word of these options need the columns' names to be understood?
bool needs_columns(const EvaluateRun& asked);

}  // namespace evenhand::api
