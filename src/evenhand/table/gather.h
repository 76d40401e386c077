// A whole table in memory, column by column, for work that goes over it more than once; and which
// of its text is really numbers. Nothing here knows labels or models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

struct Gathered {
  Batch all;  // every row; the values of a text column stand in the order they were met
  std::vector<InputFacts> facts;
};

/// The files that names and globs stand for, in order. @error kNotFound.
Result<std::vector<std::string>> expand_all(const std::vector<std::string>& names);

/// How a scan tells its bytes to a face.
std::function<bool(std::uint64_t, std::uint64_t)> as_keep_going(const OnProgress& progress,
                                                                const std::string& stage);

/// Read everything. Rows stand in the order of the files for any number of threads.
/// @error as scan; kBadInput for more than 2^32 - 2 rows.
Result<Gathered> gather(const std::vector<std::string>& files, const ReadOptions& read,
                        const std::vector<Wanted>& wanted, unsigned threads,
                        const OnProgress& progress);

/// The same, but a column of `wanted` that may be of numbers is read as such where it begins so:
/// eight bytes a cell from the start, instead of each different text.
/// @param may_be_numbers  shape of wanted, whose `as` follows what was found. Not even tried on
///        standard input, which can be read only once, and where bad rows are skipped: a cell that
///        is no number would take its row with it.
Result<Gathered> gather_as_found(const std::vector<std::string>& files, const ReadOptions& read,
                                 std::vector<Wanted>& wanted,
                                 const std::vector<bool>& may_be_numbers, unsigned threads,
                                 const OnProgress& progress);

/// Turn a text column into one of numbers if every value that is not missing is one.
/// @return  whether it did; a column without any value stays text.
bool become_numbers(Column& column, char decimal);

/// Rows of a text column whose value is no number.
struct Strays {
  std::uint64_t values = 0, rows = 0;  // rows with a value; those of them that hold no number
  std::size_t first = 0;               // the first such row, from 0

  /// Most values are numbers, and some are not.
  bool among_numbers() const { return rows > 0 && rows * 2 <= values; }
};
Strays strays_of(const Column& column, char decimal);

}  // namespace evenhand::table
