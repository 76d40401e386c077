// Writing a table, batch by batch: CSV or Parquet by the suffix of its name. It stands under its
// name only once it is whole; until then it is called NAME.part.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"

namespace evenhand::table {

/// One table that is being written. Inherited by each format's, one level deep. Dropped before
/// `finish`, it leaves nothing behind.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  /// Append rows, whose columns are those of `create`, in that order and kind. @error kIo.
  virtual Result<void> write(const Batch& batch) = 0;
  /// Complete the file and give it its name. @error kIo.
  virtual Result<void> finish() = 0;
};

/// Begin a table; folders above it are made.
/// @error kInvalidArgument for another suffix than .csv or .parquet; kIo.
Result<std::unique_ptr<TableWriter>> create(const std::string& path,
                                            const std::vector<Wanted>& columns);

/// RFC 4180 with line feeds: a missing value is an empty cell, a number its shortest spelling.
Result<std::unique_ptr<TableWriter>> create_csv(const std::string& path,
                                                const std::vector<Wanted>& columns);

}  // namespace evenhand::table
