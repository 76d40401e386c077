// A table that is written back with more columns, batch by batch: what every operation of that kind
// asks of its files, and the order of its rows. What the new columns hold is not known here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

/// A file must not be overwritten while it is read. @error kInvalidArgument.
Result<void> spare_what_is_read(const std::string& out, const std::vector<std::string>& files);

/// The columns that are carried along: those named, or all of the first file.
/// @param added  names of the new columns. @error kInvalidArgument for a column that is named twice
///        or called as a new one; for standard input without names, whose columns nobody knows yet.
Result<std::vector<std::string>> kept_columns(const std::vector<std::string>& named,
                                              const std::vector<std::string>& files,
                                              const ReadOptions& read,
                                              const std::vector<std::string>& added);

/// Where a column stands in what is read; it is added, as text, if it is not there yet.
std::size_t place_in(std::vector<Wanted>& read, const std::string& name);

/// Hands batches on in the order of the file, whichever order and thread they come in; one at a
/// time.
class InOrder {
 public:
  explicit InOrder(std::function<Result<void>(Batch&&)> next) : hand_on_(std::move(next)) {}

  /// @param ordinal  the batch's number in the file, from 0. @error what the next one says.
  Result<void> take(std::uint64_t ordinal, Batch&& batch);

 private:
  const std::function<Result<void>(Batch&&)> hand_on_;
  std::mutex mutex_;  // guards what follows, and what hand_on_ works on
  std::map<std::uint64_t, Batch> waiting_;
  std::uint64_t next_ = 0;
};

}  // namespace evenhand::table
