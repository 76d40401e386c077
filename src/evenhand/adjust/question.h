// What is asked of thresholds, and what they answer. Shared by the ways of finding them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "evenhand/adjust/curve.h"
#include "evenhand/model/policy.h"

namespace evenhand::adjust {

/// What shall be alike in all groups.
enum class Equalise : std::uint8_t {
  kSelectionRate,      // (fp + tp) / n
  kTruePositiveRate,   // tp / n1
  kFalsePositiveRate,  // fp / n0
  kOdds,               // both of the two above
  kPrecision           // tp / (fp + tp)
};

std::optional<Equalise> equalise_of(std::string_view name);  // "selection_rate", "tpr", ...

struct Question {
  Equalise equalise = Equalise::kSelectionRate;
  double tolerance = 0;             // widest gap between groups, in [0,1]
  double cost_fp = 1, cost_fn = 1;  // of one row that is wrongly let in, wrongly kept out
  double rate_min = 0;              // least selection rate of each group, in [0,1]
  bool flip = false;                // rules that favour low scores count as well
  bool groups_alike = false;        // each group weighs the same in the cost, whatever its size
};

struct Answer {
  std::vector<model::Rule> rules;  // one a group, or the one of everybody
  double gap = 0;                  // widest that is left between the groups
  bool reached = true;             // gap <= tolerance
};

/// A rate as a sum over those let in: a0 fp + a1 tp.
struct Linear {
  double a0 = 0, a1 = 0;
};

/// The rates that shall be alike, of a group of n0 and n1 rows; none for precision, which is no
/// sum.
std::vector<Linear> rates_of(Equalise equalise, const Curve& curve);

/// What a row of each group weighs in the cost, so that all together weigh 1.
std::vector<double> cost_weights(const std::vector<Curve>& curves, bool groups_alike);

/// What one group's rule costs: weight (cost_fp fp + cost_fn (n1 - tp)).
double cost_of(const Curve& curve, const Let& let, const Question& question, double weight);

/// Can the group be held against others: does every rate that shall be alike exist for it?
bool is_comparable(Equalise equalise, const Curve& curve);

/// The widest gap between groups under their rules, over all rates that shall be alike. Of
/// precision: groups from which nobody is let in take no part.
/// @param lets  shape [groups]. @param compared  groups that take part; fewer than two: gap 0.
double gap_between(Equalise equalise, const std::vector<Curve>& curves,
                   const std::vector<Let>& lets, const std::vector<bool>& compared);

/// Smaller differences are rounding.
inline constexpr double kRounding = 1e-9;

}  // namespace evenhand::adjust
