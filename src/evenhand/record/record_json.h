// record.json: a record as text and back. The form is described in docs/formats/record.md; one
// finding and one cell of a tally stand on a line each, so that the file stays small and a diff of
// two of them can be read. The same record gives the same bytes.
#pragma once

#include <string>
#include <string_view>

#include "evenhand/base/result.h"
#include "evenhand/record/record.h"

namespace evenhand::record {

/// The version that to_json writes and from_json reads.
inline constexpr int kRecordVersion = 1;

/// The text of record.json. Every number is the shortest that reads back as itself; a bound is the
/// decimal that the user wrote. A value that is not finite is our own mistake and stops the
/// program.
std::string to_json(const Record& record);

/// Read what to_json wrote. Strict: every key is known, none is missing, none stands twice.
/// @error kBadInput with the place ("findings[3].value"), what was found and what was expected.
Result<Record> from_json(std::string_view text);

/// One finding as it stands in record.json, for faces that print single ones.
nlohmann::ordered_json to_json(const Finding& finding);

}  // namespace evenhand::record
