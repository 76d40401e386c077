// One pass over the rows: roles and groups become codes, codes are counted into tallies. What comes
// out is all that the findings stand on; no row is kept but scores (and clusters), as numbers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/evaluate/evaluate.h"
#include "evenhand/metric/score_rows.h"
#include "evenhand/tally/cluster_products.h"
#include "evenhand/tally/confusion.h"
#include "evenhand/tally/moments.h"
#include "evenhand/tally/score_grid.h"

namespace evenhand::evaluate {

/// The tallies of one question; options.strata are further attributes of their groups. Canonical.
struct Question {
  By by;
  tally::Confusion confusion;
  std::optional<tally::ScoreGrid> score_grid;
  std::optional<tally::Moments> score_moments;
  std::optional<tally::ClusterProducts> clusters;                    // by, over all strata; closed
  std::map<tally::Key, tally::ClusterProducts> clusters_of_stratum;  // by, within one stratum
  std::vector<std::uint32_t> score_group;  // group of each scored row, in the order of `Scored`
};

/// Rows with a score, ascending by it; equal ones by label, cluster, weight. Nothing of a row but
/// these numbers.
struct Scored {
  std::vector<double> score;
  std::vector<std::uint8_t> label;
  std::vector<double> weight;          // empty: every row counts once
  std::vector<std::uint32_t> cluster;  // empty: none
};

/// A role's values as they were found.
struct ValuesSeen {
  std::string favourable;  // declared, or found to be 1 or true; empty: none seen
  std::set<std::string> unfavourable;
  std::uint64_t missing = 0;  // rows
};

struct Counted {
  std::vector<Question> questions;  // the first is everybody: by = {}
  std::optional<Scored> scored;     // absent: no score, or more rows than kScoresKept
  std::vector<record::Input> inputs;
  std::string first_skipped;
  ValuesSeen label, decision;
  std::uint64_t missing_score = 0;
  std::uint64_t weightless = 0;  // rows whose frequency weight is 0: no copies of them
  std::uint64_t unmatched = 0;   // rows whose id the joined file does not have
};

/// Scores that are kept for exact ranks; beyond, the score grid stands in.
inline constexpr std::uint64_t kScoresKept = 10'000'000;

/// Read and count. @param questions  distinct; {} for everybody is added in front.
/// @error kBadInput, kNotFound, kIo, kInterrupted.
Result<Counted> count(const Options& options, const std::vector<By>& questions,
                      const KeepGoing& keep_going);

/// The scored rows of a question over the groups that `how` makes of its groups.
metric::ScoreRows score_rows(const Scored& scored, const Question& question,
                             const tally::Regrouping& how, bool sampling_weights);
/// The same filled from the question's score grid.
metric::ScoreRows score_rows_of_grid(const tally::ScoreGrid& grid, const tally::Regrouping& how);

}  // namespace evenhand::evaluate
