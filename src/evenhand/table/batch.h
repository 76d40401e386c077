// Some rows of a table, column by column, as every reader hands them out.
//
// A text column comes coded: each value stands once in a dictionary of its own batch, and the rows
// hold codes. A numeric column comes as doubles. What a reader does not know is only which role a
// column plays: no label, group or score here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace evenhand::table {

/// How a column is wanted.
enum class As : std::uint8_t { kText, kNumber };

/// A column that a caller wants: its name and how.
struct Wanted {
  std::string name;
  As as = As::kText;
};

/// One column of one batch. Text: `codes` (0 is missing, else index + 1 into `values`).
/// Number: `numbers` (NaN is missing; a NaN or infinity in the file is a bad cell).
struct Column {
  As as = As::kText;
  std::vector<std::uint32_t> codes;
  std::vector<std::string> values;
  std::vector<double> numbers;
};

/// Rows that were read, in the order of the file. `columns` in the order of the wanted list.
struct Batch {
  std::size_t rows = 0;
  std::vector<Column> columns;
  std::uint64_t rows_skipped = 0;  // bad rows left out (only under BadRows::kSkip)
  std::string first_skipped;       // where and why the first one was: no cell's neighbours

  // Where the rows came from, for sentences about a value that somebody above cannot take.
  std::string source;                // the input as its user named it
  std::string unit = "line";         // what is counted there: "line", or "row" in binary formats
  std::uint64_t first_line = 1;      // of row 0; the first line of a file is 1
  std::vector<std::uint32_t> lines;  // line of row i less first_line; empty: row i is i lines on
};

/// Where a row of a batch stands: "people.csv, line 17".
std::string place(const Batch& batch, std::size_t row);

}  // namespace evenhand::table
