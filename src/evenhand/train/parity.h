// What a classifier does to groups, as sums over cells (group, label): its error, and how far each
// group's rate lies from everybody's. All of it is linear in the shares
//
//   s(g,y) = weight of rows of group g and label y that are decided favourably, over all of them,
//
// so a classifier is a vector of shares, and a mixture of classifiers the mixture of their vectors.
// Nothing here knows features, learners or models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "evenhand/base/result.h"

namespace evenhand::train {

/// What is held equal between groups: P(decided favourably), that among label 1, among label 0,
/// both of these, or P(decision differs from label).
enum class Parity : std::uint8_t {
  kDemographic,
  kTruePositive,
  kFalsePositive,
  kEqualizedOdds,
  kErrorRate,
};

inline constexpr std::uint32_t kUnknownGroup = std::numeric_limits<std::uint32_t>::max();

/// Rows of a fit, without their features. The spans must outlive it.
struct ReductionsSample {
  std::span<const std::uint8_t> labels;   // shape [rows]; 1 favourable, 0 not
  std::span<const std::uint32_t> groups;  // shape [rows]; index into names, or kUnknownGroup
  std::vector<std::string> names;         // of the groups, for sentences
  std::span<const double> weights;        // shape [rows], >= 0; empty: every row counts once
};

/// What is asked of the rates, and what a wrong decision costs.
struct ParityOptions {
  Parity parity = Parity::kDemographic;
  double eps = 0.01;  // in (0,1]; unit: difference of shares
  double ratio = 1;   // r in (0,1]; 1: differences are bounded
  double cost_false_favourable = 1, cost_false_unfavourable = 1;  // >= 0, one of them above 0
};

/// One row of moments: how far the rate of one group lies beyond what is allowed, less eps.
///   over    r E[u | e,g] - E[u | e] <= eps        under    r E[u | e] - E[u | e,g] <= eps
/// u is the decision (or, for error rates, whether it is wrong), e the event: all rows or a label.
struct Moment {
  bool over = true;
  std::uint8_t event = 0;  // 0: label 0, 1: label 1, 2: all rows
  std::uint32_t group = 0;
  std::vector<double> of_share;  // shape [cells]: factor of s(cell)
  double constant = 0;
};

/// The whole question. Cell 2 g + y; the last two cells hold the rows of unknown group, which take
/// part in the error and in no rate.
struct ParityProblem {
  ParityOptions options;
  std::vector<double> weight;          // shape [cells]
  double all = 0;                      // sum of weight
  double rows_effective = 0;           // (sum w)^2 / sum w^2 over rows
  std::vector<double> error_of_share;  // shape [cells]
  double error_constant = 0;
  std::vector<Moment> moments;        // in the order event, group, over before under
  std::vector<std::string> left_out;  // sentences: rates that do not exist
};

/// Shares of one classifier, or of a mixture.
using Shares = std::vector<double>;

/// @error kInvalidArgument for options out of range; kBadInput if nothing could be held equal: one
///        label, fewer than two known groups, more than 1,000 of them, no rate that two groups
///        have. A rate that one group lacks (no row of that label) is left out with a sentence.
Result<ParityProblem> parity_problem(const ReductionsSample& sample, const ParityOptions& options);

/// The cell of a row.
std::size_t cell_of(const ReductionsSample& sample, std::size_t row);

/// @param decisions  shape [rows]; 1 or 0.
/// @return  shape [cells]; an empty cell has 0. Same bits for any number of threads.
Shares shares_of(const ParityProblem& problem, const ReductionsSample& sample,
                 std::span<const std::uint8_t> decisions, unsigned threads);

/// Cost of wrong decisions, divided by all rows; with costs of 1 the error rate.
double error_of(const ParityProblem& problem, const Shares& shares);
/// The left sides of the moments; a bound is met where it is at most eps.
std::vector<double> moments_of(const ParityProblem& problem, const Shares& shares);

/// The rate that a moment is of, of its group and of everybody in its event: "true positive rate".
struct RateOfGroup {
  std::string rate;
  std::uint32_t group = 0;
  double of_group = 0, of_all = 0;
};
/// One for each event and group that is bounded.
std::vector<RateOfGroup> rates_of(const ParityProblem& problem, const Shares& shares);

}  // namespace evenhand::train
