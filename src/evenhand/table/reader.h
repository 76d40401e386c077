// Reading a table in two steps: `take` runs in file order on one thread at a time and is cheap (it
// cuts the next piece of the input); `decode` turns a piece into a batch and may run on many
// threads at once. So memory does not grow with the rows, and the order of batches is the file's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"

namespace evenhand::table {

enum class BadRows : std::uint8_t { kFail, kSkip };

/// What the user may say about files; the rest is found out by looking.
struct ReadOptions {
  std::string format;  // "" (by name and first bytes), csv, tsv, jsonl, parquet, arrow
  char separator = 0;  // 0: found out among , ; tab |
  char decimal = '.';  // ',' for a decimal comma
  char comment = 0;    // lines that begin with it are skipped; 0: none
  bool header = true;  // false: columns are called column_1, column_2, ...
  std::vector<std::string> missing = {"", "NA", "N/A", "NaN", "null", "?"};
  BadRows bad_rows = BadRows::kFail;
};

/// What is known of an input once it was read to the end.
struct InputFacts {
  std::string path;         // as the user named it; "-" is standard input
  std::uint64_t bytes = 0;  // as stored (before decompression)
  std::uint64_t rows = 0;   // rows handed out
  std::uint64_t rows_skipped = 0;
  std::string first_skipped;  // where and why the first skipped row was
  std::string sha256;         // of the bytes as stored, lower-case hex
};

/// A piece of the input that was cut but not yet decoded.
class Piece {
 public:
  virtual ~Piece() = default;
};

/// One open input. Inherited by each format's reader, one level deep.
class Reader {
 public:
  virtual ~Reader() = default;
  /// Names of all columns, in the order of the file.
  virtual const std::vector<std::string>& columns() const = 0;
  /// Their names as the input has them: two may be the same, and then neither is in columns().
  virtual const std::vector<std::string>& stored_names() const { return columns(); }
  /// Choose the columns that decode hands out. @error kNotFound with the nearest name.
  virtual Result<void> want(std::vector<Wanted> wanted) = 0;
  /// The next piece, or nullptr at the end.
  virtual Result<std::unique_ptr<Piece>> take() = 0;
  /// A piece as a batch. Thread-safe. @error kBadInput naming file, line, column, value, expected.
  virtual Result<Batch> decode(const Piece& piece) const = 0;
  /// Bytes taken so far and bytes in all (0: not known), for a progress bar.
  virtual std::pair<std::uint64_t, std::uint64_t> progress() const = 0;
  /// Digest and bytes; complete once take() has returned nullptr.
  virtual InputFacts facts() const = 0;
};

/// Columns of one name, and what to ask for instead: column_12, column_40.
struct Doubled {
  std::string name;
  std::vector<std::string> columns;
};
/// In the order of the file; empty names, which are nobody's, are not among them.
std::vector<Doubled> doubled(const Reader& reader);

/// Open one file ("-" is standard input; .gz and .zst are unpacked on the way).
Result<std::unique_ptr<Reader>> open(const std::string& path, const ReadOptions& options);

/// Does the name end as those of tables do (.csv, .parquet, .csv.gz)? The file need not be there.
bool has_name_of_a_table(const std::string& path);

/// The files that a name stands for: itself, or what a glob matches, sorted by bytes.
/// @error kNotFound when nothing matches.
Result<std::vector<std::string>> expand(const std::string& path_or_glob);

/// Called for each batch; `worker` in [0, threads), `ordinal` counts pieces in file order.
using OnBatch = std::function<Result<void>(unsigned worker, std::uint64_t ordinal, Batch&& batch)>;

/// Read all files as one table (columns matched by name) on `threads` threads and hand out batches;
/// each worker's calls come one at a time. Stops at the first error: the one of the lowest ordinal.
/// @param keep_going  asked between pieces; false ends with kInterrupted. Gets bytes done and in
/// all.
/// @return  facts of each file, in the order given.
Result<std::vector<InputFacts>> scan(
    const std::vector<std::string>& paths, const ReadOptions& options,
    const std::vector<Wanted>& wanted, unsigned threads, const OnBatch& on_batch,
    const std::function<bool(std::uint64_t, std::uint64_t)>& keep_going);

}  // namespace evenhand::table
