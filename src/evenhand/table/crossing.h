// Which group each row belongs to: the values of some attributes, crossed. Groups are those that
// were seen, in the order of tally/groups.h (value by value, by bytes, unknown last), so the same
// rows give the same codes in any order. Nothing here knows labels, scores or what a group fares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"
#include "evenhand/table/grouping.h"

namespace evenhand::table {

/// One value an attribute; an absent one is *unknown*.
using GroupKey = std::vector<std::optional<std::string>>;

struct Crossing {
  std::vector<std::string> by;       // attribute names; empty: everybody is one group
  std::vector<GroupKey> groups;      // sorted, each with at least one row
  std::vector<std::uint32_t> codes;  // shape [rows]; index into groups

  /// Is an attribute of the group unknown? Such groups are counted and never compared.
  bool unknown(std::uint32_t group) const;
};

/// Cross the columns at `places`, all of them text, once their values are groups (grouping.h). No
/// place: everybody is one group.
/// Cost: two loads a row and attribute; groups that were seen are held, never their product.
/// @param decimal  mark of numbers that are cut at edges.
/// @error kBadInput for more than 100,000 groups: such attributes tell persons, not groups; and as
///        grouped().
Result<Crossing> cross(const Batch& rows, const std::vector<std::string>& by,
                       const std::vector<std::size_t>& places, const Groupings& groupings = {},
                       char decimal = '.');

/// "sex x race": attributes as people type a crossing of them; "" of none.
std::string crossed(const std::vector<std::string>& attributes);

/// "Female, Black"; "unknown" where a value is; "everybody" without attributes.
std::string spoken(const GroupKey& group);

}  // namespace evenhand::table
