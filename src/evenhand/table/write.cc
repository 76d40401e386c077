#include "evenhand/table/write.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/table/arrow_write.h"
#include "evenhand/table/cell.h"

namespace evenhand::table {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFlushBytes = 1 << 20;

bool needs_quotes(std::string_view cell) {
  if (cell.empty()) return true;  // an empty text is no missing value
  const bool blank_end =
      cell.front() == ' ' || cell.front() == '\t' || cell.back() == ' ' || cell.back() == '\t';
  return blank_end || cell.find_first_of(",;|\t\"\n\r") != std::string_view::npos;
}

std::string csv_cell(std::string_view cell) {
  if (!needs_quotes(cell)) return std::string(cell);
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

class CsvWriter final : public TableWriter {
 public:
  CsvWriter(std::string path, std::vector<Wanted> columns)
      : path_(std::move(path)), part_(path_ + ".part"), columns_(std::move(columns)) {
    errno = 0;
    file_.open(part_, std::ios::binary | std::ios::trunc);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      bytes_ += (c == 0 ? "" : ",") + csv_cell(columns_[c].name);
    }
    bytes_ += '\n';
  }
  ~CsvWriter() override {
    file_.close();
    if (!finished_) std::remove(part_.c_str());
  }

  bool is_open() const { return file_.is_open(); }
  Error refused() const {
    return {Code::kIo, "could not write " + path_ + ": " + std::strerror(errno)};
  }

  Result<void> write(const Batch& batch) override {
    EVENHAND_CHECK(batch.columns.size() == columns_.size());
    std::vector<std::vector<std::string>> cells(columns_.size());  // of each distinct text
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      EVENHAND_CHECK(batch.columns[c].as == columns_[c].as);
      cells[c].push_back("");
      for (const std::string& value : batch.columns[c].values) cells[c].push_back(csv_cell(value));
    }
    for (std::size_t row = 0; row < batch.rows; ++row) {
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (c != 0) bytes_ += ',';
        add_cell(batch.columns[c], cells[c], row);
      }
      bytes_ += '\n';
      if (bytes_.size() >= kFlushBytes) EVENHAND_TRY(flush());
    }
    return {};
  }

  Result<void> finish() override {
    EVENHAND_TRY(flush());
    file_.close();
    if (file_.fail() || std::rename(part_.c_str(), path_.c_str()) != 0) return refused();
    finished_ = true;
    return {};
  }

 private:
  void add_cell(const Column& column, const std::vector<std::string>& cells, std::size_t row) {
    if (column.as == As::kText) {
      bytes_ += cells[column.codes[row]];
    } else if (!std::isnan(column.numbers[row])) {
      bytes_ += spelled(column.numbers[row]);
    }
  }

  Result<void> flush() {
    errno = 0;
    file_.write(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
    bytes_.clear();
    if (!file_.flush()) return refused();
    return {};
  }

  std::string path_, part_;
  std::vector<Wanted> columns_;
  std::ofstream file_;
  std::string bytes_;
  bool finished_ = false;
};

}  // namespace

Result<std::unique_ptr<TableWriter>> create_csv(const std::string& path,
                                                const std::vector<Wanted>& columns) {
  auto writer = std::make_unique<CsvWriter>(path, columns);
  if (!writer->is_open()) return writer->refused();
  return Result<std::unique_ptr<TableWriter>>(std::move(writer));
}

Result<std::unique_ptr<TableWriter>> create(const std::string& path,
                                            const std::vector<Wanted>& columns) {
  const fs::path target = path;
  const std::string suffix = target.extension().string();
  if (suffix != ".csv" && suffix != ".parquet") {
    return Error{Code::kInvalidArgument,
                 "a table is written as .csv or .parquet, not as \"" + path + '"'};
  }
  std::error_code failed;
  if (fs::is_directory(target, failed)) return Error{Code::kIo, path + " is a folder"};
  failed.clear();  // a file that is not there yet is no failure
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), failed);
  if (failed) {
    return Error{Code::kIo, "could not make the folder " + target.parent_path().string() + ": " +
                                failed.message()};
  }
  return suffix == ".csv" ? create_csv(path, columns) : create_parquet(path, columns);
}

}  // namespace evenhand::table
