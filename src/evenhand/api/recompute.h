// Each operation knows how its records are computed again; a record says of which one it is.
#pragma once

#include <string>
#include <vector>

#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/record/compare.h"
#include "evenhand/record/record.h"

namespace evenhand::api {

/// @param files  the data, in the record's order: they are counted again too; empty: tallies alone.
/// @error kBadInput for a record that disagrees, or of an operation that leaves no tallies.
Result<record::Verified> computed_again(const record::Record& record,
                                        const std::vector<std::string>& files, unsigned threads,
                                        const OnProgress& progress);

}  // namespace evenhand::api
