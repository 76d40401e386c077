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

namespace evenhand::table {

/// A file must not be overwritten while it is read. @error kInvalidArgument.
Result<void> spare_what_is_read(const std::string& out, const std::vector<std::string>& files);

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
