// Several decisions about the same rows, side by side: what the rates and gaps of each are, and
// what changed from the first to each of the others. So it is seen what a fairer model gains, what
// it costs, and who is decided differently.
//
// The rows are counted once, into one crosstab a question over groups, label and all decisions
// together; everything in the record is read off these and can be computed again from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/evaluate/evaluate.h"
#include "evenhand/record/compare.h"
#include "evenhand/record/record.h"
#include "evenhand/table/reader.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::evaluate {

/// One way of deciding: a column of decisions, or a score that is cut.
struct Contender {
  std::string name;    // "plain", "fair"; each once
  std::string column;  // of the table
  std::optional<std::string>
      favourable;                   // of decisions; absent: 1 of {0, 1}, true of {false, true}
  std::optional<double> threshold;  // of a score in [0,1]: favourable from here on
};

/// A cell of the joint table is numbered in 64 bits.
inline constexpr std::size_t kContendersMax = 12;

/// That the contenders after the first are one method at several values of one number, from the
/// weakest to the strongest.
struct Frontier {
  std::string by;              // "lambda", "eps"
  std::vector<double> values;  // rising or falling; one for each contender after the first
  std::string gap;             // the metric of the gap that is to close
};

struct CompareOptions {
  std::vector<std::string> files;
  table::ReadOptions read;
  std::optional<Role> label;
  std::vector<Contender> contenders;  // 2 to 12; the first is what the others are held against
  std::optional<Frontier> frontier;   // absent: they are no row of values
  std::vector<By> by;                 // everybody is asked beside them
  std::vector<BoundAsked> bounds;     // each is asked of every way; their groups are asked, too
  table::Groupings groupings;         // how values of these become groups
  double level = 0.95;
  std::int64_t rows_min = 1;
  unsigned threads = 0;  // 0: as many as the machine has; the record is the same for any
};

/// The record of a comparison: operation "compare run".
/// @error kInvalidArgument for fewer than two contenders, two of one name, a label that is also
///        a decision, a bound that makes no sense; kNotFound, kBadInput, kIo from the files;
///        kInterrupted.
Result<record::Record> compare(const CompareOptions& options, const OnProgress& progress);

/// The exit status that the bounds of a comparison ask for. The first way is what the others are
/// held against, so its verdicts do not count: 0 if one of the others meets every bound (or none
/// was asked), 1 if each of them breaks one, else 4. Bounds that only warn do not count.
int compared_status(const record::Record& record);

/// A question's rows by its attributes, then kLabelAxis, then one axis for each contender; of
/// these, a value is "1", "0" or unknown.
using Joint = tally::Crosstab;
inline constexpr const char* kLabelAxis = "= label";
std::string axis_of(const Contender& contender);  // "= plain"

/// Does the frontier fit the contenders, and is its gap one of those that are compared?
bool fits(const Frontier& frontier, std::size_t contenders);

/// The findings that stand on these counts: question by question, everybody first.
Result<std::vector<record::Finding>> compared(const CompareOptions& options,
                                              const std::vector<Joint>& questions);

/// Rows without label or decision, and bad rows that were skipped.
std::vector<record::LeftOut> left_out_of(const CompareOptions& options, const Joint& everybody,
                                         const std::vector<record::Input>& inputs);

/// Compute the findings of a record of "compare run" again from its own tallies.
/// @error kBadInput naming what is no such record, or the first finding that differs.
Result<record::Verified> verify_comparison(const record::Record& record);
/// Count the named files again with the record's options, and compare every cell and finding.
/// @error likewise; what compare() answers where a file cannot be read.
Result<record::Verified> verify_comparison_with_data(const record::Record& record,
                                                     const std::vector<std::string>& files,
                                                     unsigned threads, const OnProgress& progress);

}  // namespace evenhand::evaluate
