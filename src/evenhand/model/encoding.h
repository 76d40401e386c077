// How columns of a table become columns of a design, learnt from the rows of a fit alone:
//
//   number   (x - mean) / sd; missing counts as the mean
//   text     a column per level with at least 10 rows, 1 where the row has it; the most frequent
//            level is the reference and has none; levels that are rare or were never seen have none
//   missing  a column of its own, where at least 10 rows of the fit miss the value
//
// With weights, "rows" are weights and means are weighted, so a row of weight 2 equals two rows.
// What adds nothing (one value only) makes no column. Nothing here knows labels or scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"
#include "evenhand/model/design.h"
#include "evenhand/table/batch.h"

namespace evenhand::model {

/// One column of the table, and what it becomes.
struct Feature {
  std::string column;
  table::As as = table::As::kNumber;
  double mean = 0, sd = 0;          // number; sd 0: no column but, it may be, the one for missing
  std::string reference;            // text: the level without a column
  std::vector<std::string> levels;  // text: those with one, sorted by bytes
  bool missing_column = false;
};

struct Encoding {
  std::vector<Feature> features;
};

/// Some rows of a table; `rows` picks them out of `batch`, whose columns are those of `wanted`.
struct Selection {
  const std::vector<table::Wanted>& wanted;
  const table::Batch& batch;
  std::span<const std::uint32_t> rows;  // indices into the batch
};

/// Rows of a level, or missing ones, that earn a column.
inline constexpr double kLevelRowsMin = 10;

/// Learn the encoding of the named columns, in that order; those that give no column are left out.
/// @param weights  shape [selection.rows]; empty: every row counts once.
Encoding learn_encoding(const Selection& selection, const std::vector<std::string>& columns,
                        std::span<const double> weights);

/// Why the numbers or texts of a column are no part of the design, or "": no value in any row, one
/// value only, numbers whose spread a double cannot hold, texts too rare for a column.
std::string why_unused(const Encoding& encoding, const Selection& selection,
                       const std::string& column);

/// Names of the design's columns: "age", "workclass = Private", "workclass is missing".
std::vector<std::string> design_columns(const Encoding& encoding);

/// The design of these rows. Every feature's column must be wanted, and as the encoding has it.
/// Cost: one table look-up a distinct text, one load a cell.
Design encode(const Encoding& encoding, const Selection& selection);

Json to_json(const Encoding& encoding);
/// @error kBadInput naming what is not as docs/formats/model.md says.
Result<Encoding> encoding_from_json(const Json& json);

}  // namespace evenhand::model
