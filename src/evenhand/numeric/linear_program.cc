#include "evenhand/numeric/linear_program.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include <coin/ClpSimplex.hpp>
#include <coin/CoinError.hpp>

namespace evenhand::numeric {

namespace {

using Vector = std::vector<double>;

constexpr double kTolerance = 1e-9;

Error invalid(const std::string& says) {
  return {Code::kInvalidArgument, "a linear program: " + says};
}

Result<void> check_bounds(const Vector& low, const Vector& high, const std::string& what) {
  if (low.size() != high.size()) {
    return invalid(what + "s have " + std::to_string(low.size()) + " lower limits and " +
                   std::to_string(high.size()) + " upper ones");
  }
  for (std::size_t i = 0; i < low.size(); ++i) {
    if (!(low[i] <= high[i])) {
      return invalid(what + ' ' + std::to_string(i) + " has a lower limit above the upper one");
    }
  }
  return {};
}

Result<void> check(const LinearProgram& program) {
  EVENHAND_TRY(check_bounds(program.column_low, program.column_high, "column"));
  EVENHAND_TRY(check_bounds(program.row_low, program.row_high, "row"));
  const std::size_t columns = program.column_low.size(), rows = program.row_low.size();
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<int>::max());
  if (columns > kMost || rows > kMost || program.entries.size() > kMost) {
    return invalid("more than 2^31 - 1 columns, rows or entries");
  }
  if (program.cost.size() != columns) {
    return invalid(std::to_string(program.cost.size()) + " costs for " + std::to_string(columns) +
                   " columns");
  }
  if (!std::all_of(program.cost.begin(), program.cost.end(),
                   [](double c) { return std::isfinite(c); })) {
    return invalid("a cost is no finite number");
  }
  for (const LinearProgram::Entry& each : program.entries) {
    if (each.row >= rows || each.column >= columns || !std::isfinite(each.value)) {
      return invalid("an entry is no finite number, or lies outside of its " +
                     std::to_string(rows) + " rows and " + std::to_string(columns) + " columns");
    }
  }
  return {};
}

// The entries, column by column, as Clp takes them; those of one place are one.
struct Packed {
  std::vector<CoinBigIndex> starts;
  std::vector<int> rows;
  Vector values;
};

Packed pack(const LinearProgram& program) {
  std::vector<LinearProgram::Entry> sorted = program.entries;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::pair(a.column, a.row) < std::pair(b.column, b.row);
  });
  Packed out;
  std::size_t next = 0;
  for (std::size_t column = 0; column < program.cost.size(); ++column) {
    out.starts.push_back(static_cast<CoinBigIndex>(out.rows.size()));
    const std::size_t first = out.rows.size();
    for (; next < sorted.size() && sorted[next].column == column; ++next) {
      const int row = static_cast<int>(sorted[next].row);
      if (out.rows.size() > first && out.rows.back() == row) {
        out.values.back() += sorted[next].value;
      } else {
        out.rows.push_back(row);
        out.values.push_back(sorted[next].value);
      }
    }
  }
  out.starts.push_back(static_cast<CoinBigIndex>(out.rows.size()));
  return out;
}

// Clp knows infinity as its own largest number.
Vector limits(const Vector& of) {
  Vector out = of;
  for (double& x : out) {
    if (std::isinf(x)) x = std::copysign(COIN_DBL_MAX, x);
  }
  return out;
}

// What Clp says of a program that it has worked on: its documented status codes.
enum Status { kOptimal = 0, kInfeasible = 1, kUnbounded = 2 };

Result<Solution> run_clp(const LinearProgram& program) {
  const Packed packed = pack(program);
  ClpSimplex clp;
  clp.setLogLevel(0);
  clp.loadProblem(static_cast<int>(program.cost.size()), static_cast<int>(program.row_low.size()),
                  packed.starts.data(), packed.rows.data(), packed.values.data(),
                  limits(program.column_low).data(), limits(program.column_high).data(),
                  program.cost.data(), limits(program.row_low).data(),
                  limits(program.row_high).data());
  clp.setPrimalTolerance(kTolerance);
  clp.setDualTolerance(kTolerance);
  clp.dual();
  // The dual method may end with a doubt that the primal one clears up.
  if (clp.status() != kOptimal) clp.primal();
  switch (clp.status()) {
    case kOptimal:
      break;
    case kInfeasible:
      return Error{Code::kBadInput, "no point meets every bound and row of the linear program"};
    case kUnbounded:
      return Error{Code::kBadInput,
                   "the cost of the linear program has no lowest value: it falls without end"};
    default:
      return Error{Code::kBug, "Clp gave up on a linear program of " +
                                   std::to_string(program.cost.size()) + " columns and " +
                                   std::to_string(program.row_low.size()) + " rows"};
  }
  Solution out;
  out.x.assign(clp.primalColumnSolution(), clp.primalColumnSolution() + program.cost.size());
  out.dual.assign(clp.dualRowSolution(), clp.dualRowSolution() + program.row_low.size());
  for (std::size_t i = 0; i < out.x.size(); ++i) {
    // Within the tolerance is on the bound: shares shall not be -1e-12.
    out.x[i] = std::clamp(out.x[i], program.column_low[i], program.column_high[i]);
    out.value += program.cost[i] * out.x[i];
  }
  return out;
}

}  // namespace

Result<Solution> solve(const LinearProgram& program) {
  EVENHAND_TRY(check(program));
  if (program.cost.empty()) {
    const bool met = std::all_of(program.row_low.begin(), program.row_low.end(),
                                 [](double x) { return x <= 0; }) &&
                     std::all_of(program.row_high.begin(), program.row_high.end(),
                                 [](double x) { return x >= 0; });
    if (!met) return Error{Code::kBadInput, "no point meets every row of the linear program"};
    return Solution{{}, Vector(program.row_low.size(), 0), 0};
  }
  try {
    return run_clp(program);
  } catch (const CoinError& error) {
    return Error{Code::kBug, "Clp gave up on a linear program: " + error.message()};
  }
}

}  // namespace evenhand::numeric
