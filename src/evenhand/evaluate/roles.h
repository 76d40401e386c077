// From the words of a table to codes: labels and decisions to 1, 0 or missing. One batch at a time;
// what was seen is collected apart.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/evaluate/count.h"
#include "evenhand/table/batch.h"

namespace evenhand::evaluate {

/// Codes of a binary role: 1 favourable, 0 not, kMissingClass.
/// @param seen  what was found is added.
/// @error kBadInput for text without a declared favourable value: the values and what to write.
Result<std::vector<std::uint8_t>> class_codes(const Role& role, const char* option,
                                              const table::Batch& batch,
                                              const table::Column& column, ValuesSeen& seen);

/// After the last row: a declared favourable value that never occurred among several others is a
/// slip of the pen. @error kBadInput with the values that occurred.
Result<void> check_favourable(const Role& role, const char* option, const ValuesSeen& seen);

/// Merge what two threads saw.
void merge(ValuesSeen& into, const ValuesSeen& from);

}  // namespace evenhand::evaluate
