// The table of a fit, made ready: which columns are features and of what kind, who has a label,
// which group and which fold each row belongs to; and the fits of its parts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/model/artefact.h"
#include "evenhand/table/crossing.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/label.h"
#include "evenhand/train/fit.h"

namespace evenhand::train {

struct People {
  std::vector<std::string> features;  // as asked, or every column without another part
  std::vector<table::Wanted> wanted;  // of all.columns; the features come first
  table::Gathered gathered;
  table::Labels labels;
  std::vector<double> weights;        // empty: every row counts once
  table::Crossing crossing;           // by options.group; everybody is one group without
  std::vector<std::uint8_t> folds;    // shape [rows]; empty: not cross-fitted
  std::vector<std::string> left_out;  // columns that are no features, and why
  std::vector<std::string> notes;     // what people should know of the table, in sentences

  std::size_t rows() const { return gathered.all.rows; }
};

/// Do they fit together? @error kInvalidArgument.
Result<void> check_options(const FitOptions& options);

/// Read and check. @error as fit().
Result<People> gather_people(const FitOptions& options, const OnProgress& progress);

/// Fit to people that were gathered before, so that several fits read their table once.
/// @param options  those that `people` were gathered with, but for what a learner and a method are
///        told and the folder. @error as fit().
Result<Fitted> fit(const FitOptions& options, const People& people, const OnProgress& progress);

/// The rows of a fit with what belongs to each.
struct Part {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;        // empty without a weight column
  std::vector<std::uint32_t> groups;  // empty without groups
};

/// No fold is left out.
inline constexpr std::int64_t kNoFold = -1;
/// Every row with a label and a weight but those of one fold.
Part all_but(const People& people, std::int64_t fold);

/// One fit, and what there is to tell of it.
struct Lessoned {
  model::Fit fit;
  Taught taught;  // its model has moved into `fit`
};

/// The fit of all rows, then one for each fold.
/// @param folder  where a fit that is stopped leaves its state; "": nowhere.
/// @error as the method's, with which fit it was; kInterrupted.
Result<std::vector<Lessoned>> fit_parts(const FitOptions& options, const People& people,
                                        const std::string& folder, const OnProgress& progress);

}  // namespace evenhand::train
