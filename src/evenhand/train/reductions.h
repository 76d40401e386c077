// Constrained training by cost-sensitive learning: among mixtures of classifiers, the one with the
// least error whose rates differ from everybody's by at most eps.
//
// Two players over the Lagrangian  L(Q,l) = err(Q) + sum_k l_k (m_k(Q) - eps),  l >= 0, sum l <= B,
// B = 1/eps. The multipliers rise by exponentiated gradient where a bound is broken; the learner
// answers with the classifier that is best under them, which is a fit with other labels and
// weights. Over the classifiers found so far a linear program finds the best mixture.
//
// A gap between the players of v certifies an error at most 2 v above the best mixture's, as far as
// the learner's answers are the best there are: a logistic regression is not, it minimises another
// loss. Bounds hold on these rows; on new rows they hold up to noise.
// @source  Agarwal, Beygelzimer, Dudik, Langford & Wallach 2018, arXiv:1803.02453.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/model/model.h"
#include "evenhand/train/parity.h"

namespace evenhand::train {

/// What a learner answers: a decision for every row of the sample, and what took it.
struct Classifier {
  std::vector<std::uint8_t> decisions;        // shape [rows]; 1 favourable, 0 not
  std::shared_ptr<const model::Model> model;  // its score is >= 1/2 where it decides 1; may be null
};

/// A cost-sensitive learner: labels (1 or 0, perhaps all alike) and weights (>= 0, their sum that
/// of the sample) of all rows. Must give the same answer to the same question.
using Oracle = std::function<Result<Classifier>(std::span<const std::uint8_t> labels,
                                                std::span<const double> weights)>;

struct ReductionsOptions : ParityOptions {
  std::int64_t iterations_max = 50;  // >= 1
  /// The players' gap at which it is enough; absent: half a standard error of the first
  /// classifier's error rate.
  std::optional<double> gap_max;
  unsigned threads = 0;  // 0: as many as the machine has
};

/// A classifier of the mixture and how often it decides.
struct MixtureMember {
  double share = 0;       // in (0,1]; together 1
  std::size_t found = 0;  // it was the found-th new answer of the learner, from 0
  std::shared_ptr<const model::Model> model;
};

struct ReductionsFit {
  std::vector<MixtureMember> members;  // in the order in which they were found
  double error = 0;                    // expected cost of the mixture on the sample; 1 a row
  double violation = 0;                // largest moment: rates lie this far apart, eps was asked
  bool reached = false;                // violation <= eps; else this is the nearest that was found
  double gap = 0;                      // between the players
  double error_least = 0;              // no mixture within eps errs less, if the oracle is exact
  double gap_wanted = 0;
  bool converged = false;  // gap <= gap_wanted
  std::int64_t iterations = 0;
  std::int64_t oracle_calls = 0;  // answers that were asked for
  std::int64_t fits = 0;          // of these, those that were not known already
  std::size_t classifiers = 0;    // different ones that were found
  std::vector<RateOfGroup> rates;
  std::vector<std::string> left_out;  // sentences: rates that are not bounded
  std::string says;                   // what was reached and what it certifies, for people
};

/// The same sample, options and oracle give the same fit for any number of threads.
/// @error as `parity_problem`; kInvalidArgument for options out of range; what the oracle says;
///        kInterrupted.
/// Cost: up to nine fits an iteration, most often one to four; memory of one row's label and
/// weight.
Result<ReductionsFit> fit_reductions(const ReductionsSample& sample,
                                     const ReductionsOptions& options, const Oracle& oracle,
                                     const OnProgress& progress = {});

/// The mixture as one model (model/mixture.h); every member must have a model.
Result<std::unique_ptr<model::Model>> as_model(const ReductionsFit& fit);

}  // namespace evenhand::train
