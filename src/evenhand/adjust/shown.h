// Which counts of groups may be shown to a reader: none that tells of 1 to 10 rows, and none from
// which such a one could be worked out as everybody less the others. Records and policies keep all;
// this is for what is printed (docs/formats/report.md has the rule of reports).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/adjust/findings.h"
#include "evenhand/model/policy.h"

namespace evenhand::adjust {

inline constexpr std::uint64_t kShownMin = 11;  // rows

/// Is it a count of 1 to 10 rows? A sum of chances counts in parts of rows.
bool few(double rows);

/// Of each group: must it be hidden? And must the sum over all groups?
struct Hidden {
  std::vector<bool> groups;
  bool total = false;
};

/// @param cells    shape [groups][cells]: the counts that a number of the group stands on.
/// @param already  shape [groups] or empty: hidden for another reason.
/// @return  a group with a small cell or few rows; then the smallest others, until those that are
///          hidden are two or more and no cell of theirs together is small.
Hidden hidden(const std::vector<std::vector<double>>& cells, const std::vector<bool>& already = {});

/// The numbers of groups under a rule: how many rows; how many of them are selected; and how the
/// selected and the others fared.
struct HiddenRates {
  Hidden rows, selected, outcomes;
};
HiddenRates hidden_rates(const std::vector<Outcome>& groups);

/// The counts behind the rates of a policy; cells that the rates do not tell are 0.
Outcome outcome_of(const model::Expected& expected);

}  // namespace evenhand::adjust
