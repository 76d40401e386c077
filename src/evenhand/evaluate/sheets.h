// Tallies as the sheets of a record, and back. A sheet is one sparse list of cells, with values by
// name: unknown groups, missing labels and missing decisions are null.
#pragma once

#include "evenhand/base/result.h"
#include "evenhand/evaluate/count.h"
#include "evenhand/record/record.h"

namespace evenhand::evaluate {

/// All sheets of the questions, in order.
std::vector<record::Sheet> sheets_of(const std::vector<Question>& questions);

/// The questions that the sheets hold. @error kBadInput for sheets that cannot have been written.
Result<std::vector<Question>> questions_of_sheets(const std::vector<record::Sheet>& sheets);

}  // namespace evenhand::evaluate
