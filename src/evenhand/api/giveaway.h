// Columns that give the label away: by one of them alone the label could be written down, so a
// model that learns from it says nothing about decisions that are made before the label is known.
//
// Two signs, read off n(v, y), the rows of the looked-at ones with value v and label y:
// - one rule tells the label in at least 99 % of the rows: a threshold of a number, or the more
//   frequent label of each value;
// - one value (or having one, or none) that many rows have goes with one label only.
// A guess for the project file, no judgement: a person may put the column back.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/api/guess.h"
#include "evenhand/api/look.h"

namespace evenhand::api {

/// Rows with the unfavourable and the favourable label.
using LabelCounts = std::array<std::uint64_t, 2>;

/// How often each value of a column stands beside each label.
struct Beside {
  LabelCounts missing{};
  std::vector<std::pair<std::string, LabelCounts>> values;
};

/// Why the column gives the label away: "alone it tells y in 99.8 % of the rows".
/// @param label    the label's name, for the sentence.
/// @param decimal  mark of numbers.
/// @return  nothing if it does not, or if too few rows of either label were seen to say so.
std::optional<std::string> gives_away(const Beside& counts, const std::string& label, char decimal);

/// Look at the features again, beside the label and beside what may be other forms of it, and leave
/// out those that give it away. @error as look.
Result<void> leave_out_giveaways(const std::string& path, const table::ReadOptions& read,
                                 const std::vector<Shape>& shapes, Guesses& guesses,
                                 const OnProgress& progress);

}  // namespace evenhand::api
