// Trains a classifier, a network or (without hidden layers) a logistic regression, so that groups
// differ less in an error:  L_total = L_task + lambda * gap  (gap_loss.h has the formulas), with
// lambda a number, or found so that the counted gap is at most eps.
//
// The number of epochs is fixed; there is no early stopping. lambda = 0 without eps is plain
// training: the same batches, and no term beside the loss; with groups and the guard it leaves out
// the watched rows like any other lambda, so that all have learnt from the same. Of a lambda that
// is given, the model is that of the last epoch. Of an eps, it is that of the epoch with the least
// loss among those whose gap was at most eps, or, where there was none, of the epoch with the least
// gap.
//
// Nothing here reads a table or writes a model folder; a checkpoint is the only file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/model/design.h"
#include "evenhand/model/model.h"
#include "evenhand/train/gap_loss.h"

namespace evenhand::train {

/// What is learnt from. The spans must outlive it.
struct GapSample {
  const model::Design& design;
  std::span<const std::uint8_t> labels;   // shape [rows]; 1 favourable, 0 not
  std::span<const double> weights;        // shape [rows], >= 0; empty: every row counts once
  std::span<const std::uint32_t> groups;  // shape [rows], index into names; empty: no groups
  std::vector<std::string> names;         // of the groups
  std::vector<bool> unknown;              // shape [names]; empty: none. Such rows take part in the
                                          // loss, not in the gap
};

struct GapOptions {
  std::vector<std::size_t> widths{64, 64};  // hidden layers; empty: logistic regression
  std::size_t outputs = 1;                  // 2: softmax over two units, as textbooks draw it
  double lambda = 0;                        // >= 0; with eps: where its search starts
  std::optional<double>
      eps;                   // in [0,1]: the counted gap of the training rows is to be at most this
  double dual_rate = 2;      // > 0; lambda <- max(0, lambda + dual_rate (gap - eps)) per epoch
  GapTerms terms;            // over, surrogate, tau, smooth, guard
  std::int64_t epochs = 20;  // >= 1
  std::size_t batch = 256;   // >= 1; rows of a step
  double learning_rate = 0.001;  // > 0; of Adam
  double rate_left = 1;          // in [0,1]: share of the rate in the last step, linear in between
  double l2 = 1;                 // >= 0; l2/2 times the squared weights, biases apart, beside the
                                 // summed loss: as in `linear`
  std::uint64_t seed = 0;
  double held_out = 0.2;   // in [0, 0.9]: share of rows, by group and label, that the guard
                           // watches and nobody learns from; without groups or guard none
  std::string checkpoint;  // file, written after each epoch; empty: none
  bool resume = false;     // go on from the checkpoint where there is one
};

/// Loss and gap are of the training rows: after the epoch where there is an eps and in the last
/// epoch; else as the epoch's batches met them, each before its step.
struct GapEpoch {
  double loss = 0;       // mean cross entropy
  double gap = 0;        // counted; NaN where there are no two groups
  double surrogate = 0;  // the gap of the surrogate's moving averages; 0 where it is not looked at
  double lambda = 0;     // in force during the epoch
};

/// What the fair model does to rows of a group that nobody learnt from, beside the plain model of
/// the same seed, rows and options but lambda = 0.
struct GroupWatch {
  std::string name;
  std::uint64_t rows = 0;
  double plain_loss = 0, fair_loss = 0;  // mean cross entropy
  double worse = 0, standard_error = 0;  // mean of the paired difference; of those rows alone,
                                         // not of training anew
  bool levelled_down = false;  // worse by more than noise: one-sided 5 %, Bonferroni over groups
};

struct GapFit {
  std::unique_ptr<model::Model> model;  // kind "mlp", or "linear" where there are no widths
  std::vector<GapEpoch> history;
  std::int64_t epoch = 0;  // that the model is of, from 1
  double loss = 0;         // at that epoch, of training rows
  double gap = 0;          // counted; under an eps that was not reached, the nearest reached
  bool reached = true;     // false: no epoch had a gap of at most eps
  std::vector<GroupWatch> groups;             // empty where nothing was watched
  std::optional<double> plain_gap, fair_gap;  // counted, of the watched rows
  double least_derivative = 1;  // of the whole loss by a group's loss, before the guard cut it:
                                // below 0 making a group worse would have paid
  std::uint64_t steps = 0, steps_capped = 0;  // how many the guard cut
  std::uint64_t rows_trained = 0, rows_watched = 0;
  std::vector<std::string> notes;  // sentences: groups left out, unknown rows, eps not reached
};

/// Train. The same sample and options give the same bytes, whole or in pieces (resume).
/// Cost: an epoch is about 6 rows x parameters operations, with an eps 8; where a guard watches,
/// twice that, for the plain model beside it. One thread: fits beside each other are the caller's.
/// @error kInvalidArgument for options out of range; kBadInput if only one label has weight, if
///        there are not two groups with rows that the gap looks at, if a column holds numbers
///        beyond 1e30, if the loss stops being a number (batch, epoch and likely cause are named),
///        or if the checkpoint is of other options or data; kIo; kInterrupted.
/// @source  the dual step: Cotter, Jiang & Sridharan 2019, arXiv:1804.06500: the model sees the
///          surrogate, the multiplier the counted gap.
Result<GapFit> fit_gap(const GapSample& sample, const GapOptions& options,
                       const OnProgress& progress = {});

}  // namespace evenhand::train
