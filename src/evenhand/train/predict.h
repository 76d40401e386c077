// Scores a table with fitted models and writes it back with one more column for each. A row that a
// model was fitted on is scored by the fold that has not seen it; any other row by the fit of all
// rows.
//
// Whether these are the rows of the fit is told by the digests of the files, which the model keeps,
// or else by the values of the features in their order: a table that was converted or gained
// columns is known again. Rows in another order, or some of them, are scored as new, and told so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/model/artefact.h"
#include "evenhand/table/reader.h"

namespace evenhand::train {

struct PredictOptions {
  std::vector<std::string> files = {};  // as for FitOptions
  table::ReadOptions read = {};
  std::vector<std::string> models = {};         // model folders
  std::vector<std::string> keep = {};           // columns of the table to carry along; empty: all
  std::vector<std::string> scores = {"score"};  // names of the new columns, one a model
  /// Names of columns for decisions, one a model; empty: none are written. Favourable from a score
  /// of 1/2 on; of a model that decides by chance (a mixture) a lot decides, drawn by the row's
  /// number.
  std::vector<std::string> decisions = {};
  bool as_new = false;   // take the fit of all rows for every row
  unsigned threads = 0;  // 0: as many as the machine has
  std::string out = {};  // .parquet or .csv, made or overwritten
};

/// One model's part in it.
struct Scored {
  std::string folder, score;          // where the model lies, and the name of its column
  std::string kind;                   // its backend
  std::string label, favourable;      // what a high score speaks for
  std::vector<std::string> features;  // that the model sees
  std::size_t folds = 0;
  bool held_out = false;   // every score comes from a fit that has not seen its row
  bool by_values = false;  // the rows were known by their values, not by the files' bytes
  /// The share of rows that were scored as new and look like rows of a cross-fit; absent where that
  /// was not looked at or cannot be told.
  std::optional<double> seen;
  Json training;  // what its learner and method were told
  std::vector<model::FittedFile> fitted_to;
};

/// What was written.
struct Predicted {
  std::string out;
  std::uint64_t rows = 0;
  std::uint64_t rows_skipped = 0;    // bad rows, under BadRows::kSkip
  std::vector<std::string> columns;  // of the written table
  std::vector<Scored> models;        // in the order asked
};

/// Score and write, batch by batch: memory does not grow with the rows. A missing feature is no
/// missing score: numbers take the mean of the fit, categories have a level of their own.
/// @error kInvalidArgument for a suffix, a name that is taken, standard input with a model of
///        folds, or models that read one column in two ways; kNotFound for a folder or column;
///        kBadInput for a damaged model or cell; kIo; kInterrupted.
Result<Predicted> predict(const PredictOptions& options, const OnProgress& progress = {});

}  // namespace evenhand::train
