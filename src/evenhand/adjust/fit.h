// Fits a policy to scored rows whose labels are known: calibrators, thresholds, or both. What its
// decisions promise is measured on rows that were kept from the fit, one fold of them; thresholds
// jump, so an average over cross-fitted ones would speak of other policies than this (simulated, it
// held in 76 % of tables). Calibrators move smoothly: their error is cross-fitted over all folds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/adjust/findings.h"
#include "evenhand/adjust/people.h"
#include "evenhand/base/field.h"
#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/model/policy.h"
#include "evenhand/record/record.h"
#include "evenhand/table/reader.h"

namespace evenhand::adjust {

struct FitOptions {
  std::vector<std::string> files;
  table::ReadOptions read;
  Columns columns;
  std::string equalise;   // selection_rate, tpr, fpr, odds, precision; "": calibrators only
  std::string calibrate;  // platt, isotonic; "": scores as they are
  double tolerance = 0.02;
  double cost_fp = 1, cost_fn = 1;
  std::optional<double> rate_min;  // absent: 0, and 0.05 where precision is equalised
  bool group_aware = false;
  std::string basis, signatory;
  std::string unseen = "everybody";  // or "refuse": rows of a group without a rule
  bool deterministic = false, flip = false, groups_alike = false;
  std::int64_t rows_min = 30;
  std::int64_t folds = 4;  // one of so many is kept from thresholds; 0: none; else 2..100
  std::uint64_t seed = 0;  // of folds and lots
  unsigned threads = 0;
  Json scored_by;  // of the model whose scores these are, as `train predict` says it; null: nobody
};

struct Fitted {
  model::Policy policy;
  record::Record record;
  std::vector<Seen> seen;
  std::vector<bool> compared;     // shape [groups]
  table::Crossing crossing;       // names the groups
  std::vector<std::string> says;  // sentences that the user should read
  bool reached = true;            // the tolerance, on the rows of the fit
  /// Is the tolerance kept as far as can be told: on the rows of the fit, and not broken on those
  /// that were kept from it?
  bool kept() const {
    return reached && !(policy.held_out && policy.held_out->verdict == "broken");
  }
  Plan plan;
};

/// Read, build, measure; nothing is written.
/// @error kInvalidArgument for options that do not fit together, and for a group-aware policy
///        without a basis and a signatory; as read_people and build.
Result<Fitted> fit(const FitOptions& options, const OnProgress& progress = {});

/// policy.json and record.json into a folder, which is made. @error kIo.
Result<void> write(const Fitted& fitted, const std::string& folder);

}  // namespace evenhand::adjust
