// Static pictures: dots with whiskers, a plane of two shares, calibration curves, distributions. A
// picture is 440 units wide, so that it can be read on a phone without scrolling; colours are CSS
// variables of the page
// (--ink, --line, --c0 ... --c6), so that light and dark are the same picture. Text is escaped
// here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evenhand/report/words.h"

namespace evenhand::report {

/// What a screen reader says instead; `id` is unique on the page.
struct Alt {
  std::string id, title, description;
};

enum class Mark { kDot, kHollow, kUndefined, kHidden };

/// One row of a dot chart.
struct Dot {
  std::string label, note;  // "Female", "1,395 rows"
  std::string text;         // "48.8 %", or why there is no number
  Mark mark = Mark::kDot;
  Numbers numbers;  // with plain and family limits
  int colour = 0;   // of the hues, or -1 for ink
  std::optional<double> at_least, at_most;
  std::string bound;             // "at most 10 points"
  std::optional<double> target;  // where it would be ideal, of this row alone: a hollow diamond
};

struct Axis {
  double low = 0, high = 1;
  Scale scale = Scale::kPercent;
  std::optional<double> ideal;
};

/// Number of hues; group i has hue i modulo this.
inline constexpr int kHues = 7;

/// The smallest round axis that begins at 0 (or below) and holds all numbers and bounds.
Axis axis_for(const std::vector<Dot>& dots, Scale scale, std::optional<double> ideal);

/// Dots with the plain interval as a thick whisker and the family interval as a thin one with ends.
std::string dots(const Alt& alt, const std::vector<Dot>& rows, const Axis& axis);

struct CurveDot {
  double x = 0, y = 0, low = 0, high = 0;
};
/// Share with the favourable label against the mean score; the diagonal is perfect calibration.
std::string calibration(const Alt& alt, const std::vector<CurveDot>& points, int colour);

/// A dot of a plane with its intervals in both directions.
struct Spot {
  std::string label;  // beside the dot; "0.1"
  Numbers across, up;
  bool joined = true;  // to the joined one before it; false: it stands by itself, hollow
};
/// Two shares against each other: `across` from 0, its ideal; `up` where its values lie. Labels
/// stand where they are free of dots and of each other.
/// @param across, up  what the axes are called.
std::string plane(const Alt& alt, const std::vector<Spot>& spots, const std::string& across,
                  const std::string& up);

struct Block {
  double from = 0, to = 0, height = 0;
};
/// A distribution as steps; `highest` is the top of the axis, the same for all groups of a row.
std::string distribution(const Alt& alt, const std::vector<Block>& steps, double highest,
                         int colour);

}  // namespace evenhand::report
