// Text files in runs of whole records: what CSV and JSON Lines have in common. Bytes come from a
// source block by block; where the last record of a block ends, the format says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "evenhand/base/result.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

/// Bytes that may be read (as zeros) behind every piece: what the JSON parser asks for.
inline constexpr std::size_t kPadding = 64;

/// A buffer of bytes; `capacity` without the padding.
struct Bytes {
  explicit Bytes(std::size_t room)
      : at(std::make_unique_for_overwrite<char[]>(room + kPadding)), capacity(room) {}
  std::string_view view() const { return {at.get(), size}; }
  std::unique_ptr<char[]> at;
  std::size_t capacity;
  std::size_t size = 0;
};

/// Whole records of a text file.
struct TextPiece final : Piece {
  TextPiece(Bytes b, std::uint64_t line, std::uint64_t ends, bool last)
      : bytes(std::move(b)), first_line(line), line_ends(ends), is_last(last) {}
  std::string_view view() const { return bytes.view().substr(begin); }
  /// Leave out the first bytes: a header.
  void pass(std::size_t size);

  Bytes bytes;
  std::size_t begin = 0;     // where its first record begins
  std::uint64_t first_line;  // of that record
  std::uint64_t line_ends;   // from there on
  bool is_last;              // the file ends with it
};

/// Where the last whole record of a run of bytes ends.
struct Cut {
  std::size_t end = 0;         // 0: no record ends here
  bool inside_quotes = false;  // the bytes end inside quotes
  std::size_t quote = 0;       // the one that is open
};

/// Cuts a source into pieces. Not thread-safe: one `next` at a time.
class Cutter {
 public:
  /// @param bytes   begins at the start of a record. @param is_all  nothing follows.
  using FindCut = std::function<Cut(std::string_view bytes, bool is_all)>;

  Cutter(std::unique_ptr<ByteSource> source, std::string path)
      : source_(std::move(source)), path_(std::move(path)) {}

  /// The first block, behind a byte order mark, to look at: no byte of it is lost.
  /// @error kBadInput if it is empty, UTF-16 or holds NUL bytes.
  Result<std::string_view> look();

  /// The next piece, or nullptr at the end.
  /// @error kBadInput for a record of more than 64 MiB, or quotes that are never closed.
  Result<std::unique_ptr<TextPiece>> next(const FindCut& find_cut);

  const ByteSource& source() const { return *source_; }

 private:
  std::string_view carried() const;
  Result<void> fill(Bytes& block);
  std::unique_ptr<TextPiece> cut_off(Bytes block, std::size_t end);
  std::string line_at(std::string_view bytes, std::size_t offset) const;
  Error never_closed(std::string_view bytes, std::size_t quote) const;
  Error too_long(std::string_view bytes, const Cut& cut) const;

  std::unique_ptr<ByteSource> source_;
  std::string path_;
  std::optional<Bytes> carry_;  // bytes that were read and not yet handed out
  std::size_t carry_from_ = 0;
  std::uint64_t line_ = 1;
  bool ended_ = false;
};

}  // namespace evenhand::table
