// Fits a model to a table, so that there are decisions to judge: a learner on the named columns, by
// a method (plain, or one with fairness in its objective), and for honest judgement one fit a fold
// that has not seen that fold's rows.
//
// A row's fold depends on its number in the table (or its cluster's value) and the seed alone, so
// `predict` finds it again. The whole table is held in memory, four to eight bytes a cell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/table/grouping.h"
#include "evenhand/table/reader.h"
#include "evenhand/train/method.h"

namespace evenhand::train {

struct FitOptions : LearnOptions {
  std::vector<std::string> files;  // together one table, in this order
  table::ReadOptions read;
  std::string label;                      // column
  std::optional<std::string> favourable;  // its value; absent: 1 of {0, 1}, true of {false, true}
  std::vector<std::string> features;      // columns; empty: all but those with another part
  std::vector<std::string> exclude;       // columns that are no features
  std::vector<std::string> categories;    // features that are text, whatever stands in them
  std::vector<std::string> group;         // attributes, crossed, between which a method is fair
  table::Groupings groupings;             // how values of these become groups
  std::optional<std::string> weight;      // column of numbers >= 0; a row counts that many times
  std::optional<std::string> cluster;     // column: rows of one value fall into one fold
  std::int64_t folds = 0;                 // 0: one fit of all rows; else 2..100, plus that one fit
  std::string out;                        // model folder, made or overwritten
};

/// What a fit tells the one who asked for it. Rates of the model are not here: `evaluate` judges.
struct Fitted {
  std::string folder;
  std::string record;  // path of its record.json
  std::string learner, method;
  std::uint64_t rows = 0;                // that were read
  std::uint64_t rows_used = 0;           // with a label and a weight
  std::uint64_t rows_without_label = 0;  // left out of the fits, scored by `predict` all the same
  std::uint64_t rows_skipped = 0;        // bad rows, under BadRows::kSkip
  std::uint64_t rows_favourable = 0;
  std::vector<std::string> features;  // as used, in the order asked or of the table
  std::vector<std::string> left_out;  // and why: "country: one value only"
  std::vector<std::string> groups;    // between which the method was fair; empty: none
  std::size_t columns = 0;            // of the design matrix of the fit of all rows
  Json fit;                           // how the fit of all rows went, as its model describes it
  Json facts;                         // numbers of the method, of the fit of all rows
  std::vector<std::string> notes;     // what people should know of it, in sentences
  bool eps_reached = true;            // false: a gap was asked and not reached; the nearest stands
};

/// Read, encode, fit and write the model folder (docs/formats/model.md), with a record beside it.
/// Same options and files give the same bytes for any `threads`. A fit that was stopped leaves its
/// state in the folder, and the same fit goes on from there, to the same bytes.
/// @error kInvalidArgument for options that do not fit together; kNotFound with the nearest name
///        for a column or favourable value that is not there; kBadInput if nothing can be learnt
///        (one label only, a text feature with too many values, a label that is separated while
///        l2 = 0); kIo if the folder cannot be written; kInterrupted.
Result<Fitted> fit(const FitOptions& options, const OnProgress& progress = {});

}  // namespace evenhand::train
