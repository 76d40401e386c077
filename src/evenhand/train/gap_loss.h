// The loss that a fair model is trained with, on one batch, and its derivative by each logit.
//
//   L = sum_i c_i ce_i + lambda D(x),     x = max_g l_g - min_g l_g,   D(x) = sqrt(x^2 + d^2) - d
//   l_g = the weighted mean of an error e_i over those rows of group g that the gap looks at
//
// With m the margin (z of a row with label 1, -z of one with label 0) and s(t) = 1 / (1 + exp(-t)):
//
//   cross_entropy   e = log(1 + exp(-m))     soft_error      e = s(-m) = 1 - p(label)
//   sigmoid_margin  e = s(-m / tau)          argmax          e = 1 if the decision is wrong, else 0
//
// argmax has derivative 0 wherever it has one: it is here to be measured, not to be trained with.
// Of the decision rate the "error" is deciding favourably: m is -z whatever the label.
//
// More than two groups: x is the widest gap, which for two is |l_A - l_B| and which is what the
// metrics of this house report, so that a bound on x means the same in training and in a record.
// Label 1 and label 0 together (`both`): the wider of the two gaps, as equalized odds is read.
//
// A batch's own gap is positive even for a fair model, so the value and the sign of x come from
// moving averages of the group means, the derivative from the batch (sign s_g: 1 for the highest
// group, -1 for the lowest, times D'(x)). Nothing here sees a model, a feature, a name or a file.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"

namespace evenhand::train {

enum class Over : std::uint8_t { kAll, kLabel1, kLabel0, kBoth, kDecision };
enum class Surrogate : std::uint8_t { kCrossEntropy, kSoftError, kSigmoidMargin, kArgmax };

inline constexpr std::string_view kOverNames[] = {"all", "label_1", "label_0", "both", "decision"};
inline constexpr std::string_view kSurrogateNames[] = {"cross_entropy", "soft_error",
                                                       "sigmoid_margin", "argmax"};
/// By their names. @error kInvalidArgument with the names that there are.
Result<Over> over_named(std::string_view name);
Result<Surrogate> surrogate_named(std::string_view name);
std::string_view name_of(Over over);
std::string_view name_of(Surrogate surrogate);

/// The group of rows that take part in the loss and not in the gap.
inline constexpr std::uint32_t kNoGroup = std::numeric_limits<std::uint32_t>::max();

struct GapTerms {
  Over over = Over::kAll;
  Surrogate surrogate = Surrogate::kSoftError;
  double tau = 0.5;      // > 0; of sigmoid_margin: smaller is nearer to counting
  double smooth = 0.01;  // >= 0; d above
  bool guard = true;     // never pay for a worse group
};

/// Rows of one group and label that stand together in a batch.
struct Piece {
  std::uint32_t group = kNoGroup;
  std::uint8_t label = 0;
  std::size_t begin = 0, end = 0;
  double share = 0;  // of the weight of all training rows
};

/// One gap: whose rows it looks at.
struct Cell {
  bool looks_at[2] = {true, true};    // rows with label 0, with label 1
  std::vector<double> share;          // shape [groups]: weight of their rows over that of all
  std::vector<std::uint32_t> groups;  // those that take part, ascending; two or more
};

/// Moving averages of the group means: for each cell, for each group.
struct GapMeans {
  std::vector<double> sums;  // shape [cells][groups]
  double weight = 0;         // of all batches so far; a mean is sum / weight
};

struct StepFacts {
  double task = 0;                                              // sum_i c_i ce_i
  double gap = 0;                                               // x
  double derivative = std::numeric_limits<double>::infinity();  // the least, see below
  bool capped = false;
};

/// Reused between batches.
struct GapScratch {
  std::vector<double> wrong, slope;
};

/// The derivative of L by each logit.
///
/// The guard watches the derivative of L by each group's loss. Where error and task loss are the
/// same function that is n_g/n + lambda s_g, and lambda s_g is kept above -n_g/n: below it, making
/// the group worse would pay (levelling down). Where they are not, both are compared by what a
/// common shift of the margins does: of the rows of group g and label y the gap must not push
/// harder than the task pulls,  lambda |s_g| sum c |e'| / share_g <= sum c |ce'|;  what it pushes
/// beyond that is cut, for all rows of the group alike. `derivative` is the least
/// share_g (1 - push / pull) before the cut.
/// A gap in the decision rate is no function of the groups' losses: the derivative by each is its
/// share of the rows, and there is nothing to cut.
///
/// @param pieces        all rows of the batch, in order.
/// @param coefficients  shape [rows]; c_i; over an epoch's batches their mean sum is 1.
/// @param cells         empty: the task loss alone.
/// @param by_logit      shape [rows].
StepFacts gap_gradient(const GapTerms& terms, std::span<const Cell> cells,
                       std::span<const Piece> pieces, std::span<const double> logits,
                       std::span<const double> coefficients, double lambda, GapMeans& means,
                       GapScratch& scratch, std::span<double> by_logit);

/// Counted errors (decisions, for kDecision) by cell and group, over any number of batches; rows
/// are favourable where z >= 0.
struct Counted {
  std::vector<double> wrong, all;  // shape [cells][groups]; weights
};
/// @param weights  shape [rows].
void count(Over over, std::span<const Cell> cells, std::span<const Piece> pieces,
           std::span<const double> logits, std::span<const double> weights, Counted& counted);
/// The widest gap between groups with rows, the wider over cells; NaN where no cell has two.
double widest_gap(std::span<const Cell> cells, const Counted& counted);

/// -log p(label) of a row.
double cross_entropy(double logit, std::uint8_t label);

}  // namespace evenhand::train
