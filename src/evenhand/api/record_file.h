// A record.json on disk, read with the sentences of its faces.
#pragma once

#include <string>

#include "evenhand/base/result.h"
#include "evenhand/record/record.h"

namespace evenhand::api {

/// @param path  of the file, or of the folder that holds a record.json.
/// @error kNotFound, kIo; kBadInput for text that is no record.
Result<record::Record> read_record(const std::string& path);

/// The file that `path` names: itself, or the record.json in that folder.
std::string record_path(const std::string& path);

}  // namespace evenhand::api
