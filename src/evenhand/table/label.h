// What came true, as 1 (the favourable value) and 0, of the texts in a label column.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"

namespace evenhand::table {

struct Labels {
  std::string favourable;            // the value, as it stands in the table
  std::vector<std::uint8_t> values;  // shape [rows]; 1, 0 or kMissingClass
};

/// Every value but the favourable one is 0. Without a declared one the values must be 0 and 1, or
/// false and true (letters of either case).
/// @error kInvalidArgument if text needs a declared value; kNotFound, with the values that there
/// are
///        (at most eight), if no row has the declared one.
Result<Labels> labels_of(const Column& column, const std::string& name,
                         const std::optional<std::string>& favourable);

}  // namespace evenhand::table
