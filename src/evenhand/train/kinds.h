// Which features are numbers and which are text. A column is one of numbers if every value is one;
// one that is of numbers but for a few cells is neither, and its user must say what it is: taken as
// text, each of its numbers would be a level of its own.
#pragma once

#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"

namespace evenhand::train {

/// What the user said of features.
struct Said {
  const std::vector<std::string>& features;    // named; empty: all columns but some
  const std::vector<std::string>& exclude;     // these
  const std::vector<std::string>& categories;  // text, whatever stands in them
  char decimal = '.';
};

/// Turn the features' columns, as far as they are text, into numbers where they are; `wanted`
/// follows.
/// @param features  their names; their columns are the first ones of `wanted` and `all`.
/// @param notes     gains a sentence for each column of a few texts that are numbers but for some.
/// @error kInvalidArgument for a category that is no feature; kBadInput, naming all such columns at
///        once, for numbers with stray cells and for texts of more than 1,000 levels.
Result<void> settle_kinds(const Said& said, const std::vector<std::string>& features,
                          std::vector<table::Wanted>& wanted, table::Batch& all,
                          std::vector<std::string>& notes);

}  // namespace evenhand::train
