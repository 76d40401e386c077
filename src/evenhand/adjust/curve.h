// What scores can do. Rows in the order of falling scores; each threshold between two scores lets
// in so many of those who would not have succeeded (fp) and of those who would (tp). The upper hull
// of these points holds every trade-off that thresholds and lots between them can reach.
//
// Counts are sums of weights of rows: n0 with label 0, n1 with label 1. Groups are numbers here;
// nothing sees a table.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "evenhand/model/policy.h"

namespace evenhand::adjust {

struct Row {
  double score = 0;  // finite
  std::uint32_t group = 0;
  std::uint8_t label = 0;  // 0 or 1
};

/// The rows of one group with one score.
struct Cell {
  double score = 0;
  std::uint32_t group = 0;
  double n0 = 0, n1 = 0;
};

/// All rows, highest score first, groups of one score in their order.
struct Crowd {
  std::vector<Cell> cells;
  std::uint32_t groups = 0;
};

/// Cost: one sort.
Crowd crowd_of(std::vector<Row> rows, std::uint32_t groups);

/// The rows of one score.
struct Level {
  double score = 0;
  double n0 = 0, n1 = 0;
};

/// One group's rows, highest score first.
struct Curve {
  std::vector<Level> levels;
  double n0 = 0, n1 = 0;
  double rows() const { return n0 + n1; }
};

std::vector<Curve> curves_of(const Crowd& crowd);
Curve pooled(const Crowd& crowd);

/// A threshold and whom it lets in: scores >= threshold, or, where `above` is false, those below
/// it.
struct Corner {
  double threshold = std::numeric_limits<double>::infinity();  // infinity: nobody
  bool above = true;
  double fp = 0, tp = 0;
};

/// The threshold that lets in the first `taken` levels: halfway to the next one, so that fresh
/// scores in between fall to the nearer side; infinity for none, -infinity for all.
double threshold_after(const std::vector<Level>& levels, std::size_t taken);

/// Corners of the upper hull in the plane (fp, tp), from nobody to everybody, both included. No
/// corner lies on the line between its neighbours.
/// @param flip  thresholds that let in the scores below them count as well.
/// Cost: linear in the levels. @source Andrew, Inf. Process. Lett. 9 (1979) 216 (monotone chain).
std::vector<Corner> upper_hull(const Curve& curve, bool flip);

/// A corner and the share of lots that choose it.
struct Share {
  Corner corner;
  double weight = 0;
};

/// The rule that draws among corners: P(s) is the weight of those that let s in.
model::Rule rule_of(std::span<const Share> mix);

/// The rule of one threshold.
model::Rule rule_at(double threshold);

/// Whom a rule lets in, on average.
struct Let {
  double fp = 0, tp = 0;
};
Let let_in(const Curve& curve, const model::Rule& rule);

}  // namespace evenhand::adjust
