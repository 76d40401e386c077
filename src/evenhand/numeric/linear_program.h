// A linear program, solved exactly: the lowest cost of points within bounds and rows,
//
//   minimise  c^T x   so that   row_low <= A x <= row_high,   column_low <= x <= column_high.
//
// Solved by the dual simplex method of COIN-OR Clp, so x is a corner. One thread; the same program
// gives the same bits. Nothing here prints, and no type of Clp leaves the file.
#pragma once

#include <cstddef>
#include <vector>

#include "evenhand/base/result.h"

namespace evenhand::numeric {

/// The program. A bound may be infinite. Entries may come in any order; those of one place add up.
struct LinearProgram {
  std::vector<double> cost;                     // c, shape [columns]; minimised
  std::vector<double> column_low, column_high;  // shape [columns]
  std::vector<double> row_low, row_high;        // shape [rows]
  struct Entry {
    std::size_t row, column;
    double value;
  };
  std::vector<Entry> entries;  // A; what is not named is 0
};

struct Solution {
  std::vector<double> x;     // shape [columns]
  std::vector<double> dual;  // shape [rows]: by how much `value` rises as the row's limit does
  double value = 0;          // c^T x
};

/// Bounds and rows hold to 1e-9 in the units of the program.
/// @error kInvalidArgument if shapes differ, a low lies above its high, or a number is NaN
/// (infinite
///        in c or A); kBadInput if no point meets every bound and row, or if the cost has no lowest
///        value; kBug if Clp gives up.
/// @source  Forrest & Goldfarb, Math. Program. 57 (1992) 341 (dual steepest edge, as Clp does it).
Result<Solution> solve(const LinearProgram& program);

}  // namespace evenhand::numeric
