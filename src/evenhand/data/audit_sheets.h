// What an audit counted as sheets of a record, and back: a crosstab of every question, the labels
// as a confusion, rows without a value by column, and the baselines (docs/formats/record.md).
#pragma once

#include <vector>

#include "evenhand/data/audit_findings.h"

namespace evenhand::data {

std::vector<record::Sheet> sheets_of(const AuditStanding& standing);

/// @error kBadInput naming the sheet that cannot be read or does not belong there.
Result<AuditStanding> standing_of(const std::vector<record::Sheet>& sheets);

}  // namespace evenhand::data
