// A file is there whole or not at all: it is written aside and then takes its name.
#pragma once

#include <string>
#include <string_view>

#include "evenhand/base/result.h"

namespace evenhand::record {

/// Write `bytes` to `path`, over what may be there. They go to `path`.tmp in the same folder, to
/// the disk, and only then take the name; a writer that was killed leaves at most that .tmp file,
/// which the next one uses. The folder must exist.
/// @error kIo: no such folder, not writable, disk full, a folder of that name, somebody else is
/// writing it. The old file is then still whole, and no .tmp file is left.
Result<void> write_file(const std::string& path, std::string_view bytes);

/// The same, but left to the system when the bytes reach the disk: for what a killed program needs
/// again and a power cut may take.
Result<void> write_file_for_now(const std::string& path, std::string_view bytes);

}  // namespace evenhand::record
