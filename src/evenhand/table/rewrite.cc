#include "evenhand/table/rewrite.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace evenhand::table {

Result<void> spare_what_is_read(const std::string& out, const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::error_code failed;
    if (std::filesystem::equivalent(file, out, failed)) {
      return Error{Code::kInvalidArgument, out + " is a file that is read; write to another"};
    }
  }
  return {};
}

Result<std::vector<std::string>> kept_columns(const std::vector<std::string>& named,
                                              const std::vector<std::string>& files,
                                              const ReadOptions& read,
                                              const std::vector<std::string>& added) {
  const auto wrong = [](std::string says) {
    return Error{Code::kInvalidArgument, std::move(says)};
  };
  std::vector<std::string> out = named;
  if (out.empty()) {
    if (std::find(files.begin(), files.end(), "-") != files.end()) {
      return wrong(
          "standard input can be read only once; name the columns to keep, or give a file");
    }
    EVENHAND_ASSIGN(const auto reader, open(files.front(), read));
    out = reader->columns();
  }
  for (const std::string& name : out) {
    if (std::find(added.begin(), added.end(), name) != added.end()) {
      return wrong("the table has a column \"" + name +
                   "\" already; give the new column another name, or keep fewer columns");
    }
    if (std::count(out.begin(), out.end(), name) > 1) {
      return wrong("the column \"" + name + "\" is to be kept twice");
    }
  }
  return out;
}

std::size_t place_in(std::vector<Wanted>& read, const std::string& name) {
  for (std::size_t c = 0; c < read.size(); ++c) {
    if (read[c].name == name) return c;
  }
  read.push_back({name, As::kText});
  return read.size() - 1;
}

Result<void> InOrder::take(std::uint64_t ordinal, Batch&& batch) {
  const std::lock_guard lock(mutex_);
  waiting_.emplace(ordinal, std::move(batch));
  while (!waiting_.empty() && waiting_.begin()->first == next_) {
    Batch due = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    ++next_;
    EVENHAND_TRY(hand_on_(std::move(due)));
  }
  return {};
}

}  // namespace evenhand::table
