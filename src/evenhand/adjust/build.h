// From rows to rules: calibrators first, then thresholds on what they give. The same for all rows
// and for the part that a fold leaves.
//
// Where groups have rules of their own, nobody's rate depends on what is left for the others: an
// unknown or unseen group. A rule that is blind and still meets the constraint would often take
// nearly everybody of them, or nobody; so they get the threshold that costs least.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evenhand/adjust/curve.h"
#include "evenhand/adjust/question.h"
#include "evenhand/base/result.h"
#include "evenhand/model/policy.h"
#include "evenhand/table/crossing.h"

namespace evenhand::adjust {

enum class Calibrate : std::uint8_t { kNot, kPlatt, kIsotonic };

/// What is wanted of the rules.
struct Plan {
  Calibrate calibrate = Calibrate::kNot;
  std::optional<Equalise> equalise;  // absent: calibrators only
  Question question;
  bool group_aware = false;
  bool deterministic = false;
  std::int64_t rows_min = 30;  // rows in each denominator that a group needs for a rule of its own
  std::vector<bool> kept_out;  // shape [groups]: takes no part whatever its rows; empty: nobody
};

/// A group that takes no part, and why.
struct LeftOut {
  std::uint32_t group = 0;
  std::string why;
};

struct Built {
  model::Rule plain;              // one threshold, at the least cost, whatever the groups
  model::Rule blind;              // the least cost under what is asked, the same for every group
  model::Rule everybody;          // for who has no rule of an own: `blind` where nobody has one;
                                  // else one threshold at the least cost, which owes nothing to
                                  // groups that have theirs
  std::vector<model::Rule> own;   // shape [groups]; empty unless group-aware
  std::vector<LeftOut> left_out;  // of the comparison; they take the rule of all others
  double gap = 0;                 // of the rules asked for
  bool reached = true;
};

/// The rule that a row of this group gets.
const model::Rule& rule_for(const Built& built, std::uint32_t group);

/// @param crossing  names the groups, and which are unknown.
/// @error kBadInput if fewer than two groups can be compared, or nothing can be calibrated.
Result<Built> build(const std::vector<Row>& rows, const table::Crossing& crossing,
                    const Plan& plan);

}  // namespace evenhand::adjust
