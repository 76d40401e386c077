// What the tests of this folder share: small files, and a whole table read into strings.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "evenhand/table/cell.h"
#include "evenhand/table/reader.h"

namespace evenhand::table::testing {

/// A folder of its own that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "evenhand_table_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string at(std::string_view name) const { return (path_ / name).string(); }
  std::string write(std::string_view name, std::string_view bytes) const {
    std::ofstream(at(name), std::ios::binary) << bytes;
    return at(name);
  }
  /// A sentence with this folder's path taken out of it.
  std::string without(std::string sentence) const {
    const std::string prefix = path_.string() + "/";
    for (std::size_t i = sentence.find(prefix); i != std::string::npos; i = sentence.find(prefix)) {
      sentence.erase(i, prefix.size());
    }
    return sentence;
  }

 private:
  std::filesystem::path path_;
};

inline constexpr std::string_view kMissing = "<missing>";

/// A column of a batch as strings, missing as kMissing.
inline std::vector<std::string> strings(const Column& column) {
  std::vector<std::string> out;
  for (const std::uint32_t code : column.codes) {
    out.push_back(code == 0 ? std::string(kMissing) : column.values.at(code - 1));
  }
  for (const double number : column.numbers) {
    out.push_back(std::isnan(number) ? std::string(kMissing) : spelled(number));
  }
  return out;
}

struct Whole {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> columns;  // [column][row]
  std::size_t rows = 0;
  std::uint64_t rows_skipped = 0;
  std::string first_skipped;
  InputFacts facts;
};

/// Everything that one reader hands out, batch after batch; `wanted` empty: every column as text.
inline Result<Whole> read_all(Reader& reader, std::vector<Wanted> wanted = {}) {
  Whole whole;
  whole.names = reader.columns();
  if (wanted.empty()) {
    for (const std::string& name : whole.names) wanted.push_back({name, As::kText});
  }
  whole.columns.resize(wanted.size());
  EVENHAND_TRY(reader.want(wanted));
  for (;;) {
    EVENHAND_ASSIGN(const std::unique_ptr<Piece> piece, reader.take());
    if (piece == nullptr) break;
    EVENHAND_ASSIGN(const Batch batch, reader.decode(*piece));
    for (std::size_t c = 0; c < wanted.size(); ++c) {
      for (std::string& value : strings(batch.columns[c]))
        whole.columns[c].push_back(std::move(value));
    }
    whole.rows += batch.rows;
    if (whole.rows_skipped == 0) whole.first_skipped = batch.first_skipped;
    whole.rows_skipped += batch.rows_skipped;
  }
  whole.facts = reader.facts();
  return whole;
}

inline Result<Whole> read_all(const std::string& path, const ReadOptions& options = {},
                              std::vector<Wanted> wanted = {}) {
  EVENHAND_ASSIGN(const std::unique_ptr<Reader> reader, open(path, options));
  return read_all(*reader, std::move(wanted));
}

}  // namespace evenhand::table::testing
