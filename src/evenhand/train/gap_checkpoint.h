// What a training needs to go on as if it had not stopped, and its bytes. Random numbers are
// counted by epoch, so no generator is in it.
//
//   "EHGC", version 1, digest of options and data, number of trainings, each of them,
//   SHA-256 of all that
//
// Nothing here knows a row or a loss.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/model/network.h"
#include "evenhand/train/gap.h"

namespace evenhand::train {

/// One training between two epochs.
struct Training {
  std::vector<float> parameters;
  model::Adam<float> adam;
  GapMeans means;
  double lambda = 0;              // of the next epoch
  std::vector<GapEpoch> history;  // as long as epochs were done
  std::vector<float> best;        // parameters of the epoch that is kept
  std::uint64_t best_epoch = 0;   // from 1; 0: none yet
  double least_derivative = 1;
  std::uint64_t steps_capped = 0;
};

/// @param digest  of options and data, 64 hex digits.
std::string pack_checkpoint(const std::string& digest, const std::vector<Training>& trainings);

/// @error kBadInput if the bytes are none of ours, broken, or of other options or data.
Result<std::vector<Training>> unpack_checkpoint(std::string_view bytes, const std::string& digest);

/// pack_checkpoint in a file, written aside and renamed. @error kIo.
Result<void> write_checkpoint(const std::string& path, const std::string& digest,
                              const std::vector<Training>& trainings);

/// @return  absent if there is no such file.
/// @error those of unpack_checkpoint; kIo.
Result<std::optional<std::vector<Training>>> read_checkpoint(const std::string& path,
                                                             const std::string& digest);

}  // namespace evenhand::train
