// Which rows stand in which batch. Rows of one group and label are a stratum, and every batch has
// each stratum in proportion, so that a batch's group means exist and wander little. A stratum that
// is too small for that lends some rows to every batch, by turns, each counting less: the expected
// loss of a batch is that of all rows. What epoch e looks like depends on the seed and e alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evenhand/train/gap_loss.h"

namespace evenhand::train {

/// Training rows, sorted by stratum: group by group, label 0 before label 1, kNoGroup last.
struct Strata {
  std::vector<Piece> train;                           // ranges of train_rows
  std::vector<Piece> watch;                           // ranges of watch_rows
  std::vector<std::uint32_t> train_rows, watch_rows;  // rows of the sample
  std::vector<std::size_t> drawn;  // per stratum: rows that an epoch draws, with repetition
  std::size_t steps = 0;           // batches of an epoch
  double weight = 0;               // of all training rows
};

struct StrataOptions {
  double held_out = 0;  // share of each stratum's rows that is only watched
  std::size_t batch = 256;
  std::uint64_t seed = 0;
};

/// @param groups   shape [rows]; kNoGroup: unknown. Empty: nobody has a group.
/// @param weights  shape [rows]; rows of weight 0 are in no stratum. Empty: every row counts once.
Strata stratify(std::span<const std::uint32_t> groups, std::span<const std::uint8_t> labels,
                std::span<const double> weights, const StrataOptions& options);

/// The rows of each stratum in the order in which epoch `epoch` draws them.
/// @return  shape [strata][drawn]; indices into train_rows.
std::vector<std::vector<std::uint32_t>> draw(const Strata& strata, std::uint64_t seed,
                                             std::uint64_t epoch);

/// Batch `step` of an epoch: the rows of each stratum side by side.
struct Batch {
  std::vector<Piece> pieces;
  std::vector<std::uint32_t> rows;   // indices into train_rows
  std::vector<double> coefficients;  // what a row counts: its weight over the mean batch's
};
/// @param weights  shape [train_rows].
void take(const Strata& strata, const std::vector<std::vector<std::uint32_t>>& drawn,
          std::span<const double> weights, std::size_t step, Batch& out);

}  // namespace evenhand::train
