// Does the record of an audit agree with itself, and with the data that it names? What stands on
// tallies is computed again from the record's own sheets; with the data, rows are counted and
// proxies fitted again.
#pragma once

#include <string>
#include <vector>

#include "evenhand/data/audit.h"
#include "evenhand/record/compare.h"

namespace evenhand::data {

/// @error kBadInput naming what is no record of an audit, or the first thing that differs.
Result<record::Verified> verify_audit(const record::Record& record);

/// @param files  in the record's order, the baseline last where it is a file; empty: as the record
///               names them.
/// @error kBadInput as above; what audit() answers where a file cannot be read; kInterrupted.
Result<record::Verified> verify_audit_with_data(const record::Record& record,
                                                const std::vector<std::string>& files,
                                                unsigned threads, const OnProgress& progress);

}  // namespace evenhand::data
