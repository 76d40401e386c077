// What an evaluation leaves in its folder: record.json, run.json, report.html, report.md. Each is
// written aside and renamed, so a reader never sees half of one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"
#include "evenhand/record/record.h"

namespace evenhand::api {

/// What differs between two runs of the same question, so it is kept out of the record.
struct RunFacts {
  std::optional<std::int64_t> started_ms, finished_ms;  // since 1970-01-01 UTC
  std::string host;
  unsigned threads = 0;  // asked for; 0: as many as the machine has
};

struct Written {
  std::string record, run, html, markdown;  // paths
};

/// Can files be made in this folder, or it itself? Asked before the work, not after it.
/// @error kIo; kInvalidArgument for "".
Result<void> check_folder(const std::string& folder);

/// Would one of the four files take the place of a file that is read? @error kInvalidArgument.
Result<void> spare_inputs(const std::string& folder, const std::vector<std::string>& inputs);

/// Make the folder and write all four. @error kIo.
Result<Written> write_outputs(const std::string& folder, const record::Record& record,
                              const RunFacts& facts);

/// Render and write the report alone. @error kIo.
Result<Written> write_report(const std::string& folder, const record::Record& record);
/// The same of several records: a chapter each, in their order.
Result<Written> write_report(const std::string& folder, std::span<const record::Record> chapters);

/// "2026-11-24T01:02:03.004Z"
std::string utc(std::int64_t ms);

}  // namespace evenhand::api
