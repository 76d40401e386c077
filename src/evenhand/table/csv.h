// CSV and its kin (RFC 4180 and what people really write): records of fields, cut and split here.
//
// The rules, in one place:
// - A record ends at LF, CR LF or a lone CR outside quotes. Empty lines are passed over, as are
//   lines that begin with the comment mark.
// - Blanks (space, tab) around an unquoted field are no part of it. A quote opens a quoted field
//   only as its first byte (after blanks); elsewhere it is an ordinary byte. Inside, "" is a quote.
// - After the closing quote only blanks may follow: anything else is a bad row.
// - Quoted or not, a field that is one of the missing marks is missing.
// Nothing here knows where the bytes come from, except the reader at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/pieces.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

/// What tells fields and records apart.
struct Dialect {
  char separator = ',';
  char comment = 0;  // 0: none
};

/// One field as it stands in the bytes: without blanks, without its quotes.
struct Field {
  const char* at = nullptr;
  std::uint32_t size = 0;
  bool doubled = false;  // holds "" for "; `unquoted` undoes it
};

/// The text of a field; `scratch` holds it where doubled quotes had to be undone.
std::string_view unquoted(const Field& field, std::string& scratch);

/// Goes through whole records, one at a time.
class Records {
 public:
  /// @param bytes  begins at the start of a record; kept, not copied.
  Records(std::string_view bytes, Dialect dialect, std::uint64_t first_line);

  /// The next record that is neither empty nor a comment; false at the end.
  bool next(std::vector<Field>& fields);

  std::uint64_t line() const { return record_line_; }  ///< Where the last record began.
  bool terminated() const { return terminated_; }      ///< It ended with a line end.
  /// The line of the quote after whose closing other text follows; 0: none in the last record.
  std::uint64_t text_after_quote() const { return text_after_quote_; }
  std::size_t begin() const { return record_begin_; }  ///< Offset of its first byte.
  std::size_t end() const { return at_; }              ///< Offset behind it and its line end.
  bool ascii() const { return ascii_; }
  bool nul() const { return nul_; }

 private:
  bool next_any(std::vector<Field>& fields);
  void pass_line_end(std::size_t stop);
  void pass_comments();
  std::size_t next_mark();
  std::size_t read_field(Field& field);
  bool is_blank(char c) const { return (c == ' ' || c == '\t') && c != dialect_.separator; }

  std::string_view bytes_;
  Dialect dialect_;
  std::vector<std::uint64_t> marks_;
  std::uint64_t word_ = 0;  // marks of the current 64 bytes that were not taken yet
  std::size_t word_index_ = 0;
  std::size_t at_ = 0;
  std::uint64_t line_;  // of at_
  std::size_t record_begin_ = 0;
  std::uint64_t record_line_ = 0;
  std::uint64_t text_after_quote_ = 0;
  bool terminated_ = true;
  bool ascii_ = true;
  bool nul_ = false;
};

/// Where the last whole record of a run of bytes ends.
/// @param bytes    begins at the start of a record.
/// @param is_all   nothing follows, so that a CR at the very end is a line end.
Cut last_record_end(std::string_view bytes, Dialect dialect, bool is_all);

/// The separator that these first bytes of a file use, among , ; tab |: the one that gives the most
/// fields alike in all of the first records; a comma where none does.
char find_separator(std::string_view bytes, char comment, char decimal);

/// A reader of CSV. The rest of the bytes is not read before `take`.
/// @error kBadInput for an empty file, UTF-16, NUL bytes, two columns of one name.
Result<std::unique_ptr<Reader>> open_csv(std::unique_ptr<ByteSource> source,
                                         const std::string& path, const ReadOptions& options);

/// As open_csv, with the tab for separator unless one was declared.
Result<std::unique_ptr<Reader>> open_tsv(std::unique_ptr<ByteSource> source,
                                         const std::string& path, const ReadOptions& options);

}  // namespace evenhand::table
