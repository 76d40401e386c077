#include "evenhand/table/csv.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "evenhand/table/cell.h"
#include "evenhand/table/columns.h"
#include "evenhand/table/csv_marks.h"
#include "evenhand/table/utf8.h"

namespace evenhand::table {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;       // bytes to a piece
constexpr std::size_t kRecordMax = std::size_t{64} << 20;  // bytes to a record
constexpr std::size_t kPadding = 8;                        // readable behind the bytes (Coder)

struct Bytes {
  explicit Bytes(std::size_t room)
      : at(std::make_unique_for_overwrite<char[]>(room + kPadding)), capacity(room) {}
  std::string_view view() const { return {at.get(), size}; }
  std::unique_ptr<char[]> at;
  std::size_t capacity;
  std::size_t size = 0;
};

struct CsvPiece final : Piece {
  CsvPiece(Bytes b, std::size_t from, std::uint64_t line, std::uint64_t ends, bool last)
      : bytes(std::move(b)), begin(from), first_line(line), line_ends(ends), is_last(last) {}
  std::string_view view() const { return bytes.view().substr(begin); }
  Bytes bytes;
  std::size_t begin;  // where its first record begins: behind the header in the first piece
  std::uint64_t first_line;
  std::uint64_t line_ends;
  bool is_last;
};

// What a file is read with, once its first bytes were looked at.
struct Shape {
  std::string path;
  Dialect dialect;
  ReadOptions options;
  std::vector<std::string> names;
  bool marks_are_numbers = false;  // a missing mark is itself a number, such as -9

  std::string line(std::uint64_t number) const {
    return spoken(path) + ", line " + with_thousands(number);
  }
};

// Cuts a source into runs of whole records.
class Cutter {
 public:
  Cutter(std::unique_ptr<ByteSource> source, std::string path)
      : source_(std::move(source)), path_(std::move(path)) {}

  // Reads the first block, to look at; no byte of it is lost.
  Result<std::string_view> look() {
    Bytes block(kBlock);
    EVENHAND_TRY(fill(block));
    carry_ = std::move(block);
    if (carry_->view().substr(0, 3) == "\xef\xbb\xbf") carry_from_ = 3;  // the byte order mark
    return carry_->view().substr(carry_from_);
  }

  // The next whole records; nothing at the end.
  Result<std::unique_ptr<CsvPiece>> next(Dialect dialect) {
    std::unique_ptr<CsvPiece> none;
    Bytes block(kBlock + carried().size());
    append(block, carried());
    for (;;) {
      EVENHAND_TRY(fill(block));
      if (block.size == 0) return none;
      const Cut cut = last_record_end(block.view(), dialect, ended_);
      const bool all = ended_ && !cut.inside_quotes;
      if (all || cut.end > 0) return cut_off(std::move(block), all ? block.size : cut.end);
      if (ended_) return never_closed(block.view(), cut.quote);
      if (block.size >= kRecordMax) return too_long(block.view(), cut);
      Bytes larger(std::min(block.capacity * 2, kRecordMax));
      append(larger, block.view());
      block = std::move(larger);
    }
  }

  std::uint64_t line() const { return line_; }
  const ByteSource& source() const { return *source_; }

 private:
  std::string_view carried() const {
    return carry_ ? carry_->view().substr(carry_from_) : std::string_view();
  }
  static void append(Bytes& to, std::string_view bytes) {
    std::copy(bytes.begin(), bytes.end(), to.at.get() + to.size);
    to.size += bytes.size();
  }
  Result<void> fill(Bytes& block) {
    if (!ended_) {
      const std::size_t room = block.capacity - block.size;
      EVENHAND_ASSIGN(const std::size_t got, source_->read({block.at.get() + block.size, room}));
      block.size += got;
      ended_ = got < room;
    }
    std::memset(block.at.get() + block.size, 0, kPadding);
    return {};
  }
  Result<std::unique_ptr<CsvPiece>> cut_off(Bytes block, std::size_t end) {
    carry_.reset();
    carry_from_ = 0;
    if (end < block.size) {
      carry_.emplace(block.size - end);
      append(*carry_, block.view().substr(end));
    }
    block.size = end;
    const std::uint64_t ends = count_line_ends(block.view());
    const bool last = ended_ && !carry_;
    auto piece = std::make_unique<CsvPiece>(std::move(block), 0, line_, ends, last);
    line_ += ends;
    return piece;
  }
  std::string line_at(std::string_view bytes, std::size_t offset) const {
    return spoken(path_) + ", line " +
           with_thousands(line_ + count_line_ends(bytes.substr(0, offset)));
  }
  Error never_closed(std::string_view bytes, std::size_t quote) const {
    return {Code::kBadInput,
            line_at(bytes, quote) +
                ": the quote that opens here is never closed: the file ends inside it; "
                "close it, or fetch the whole file"};
  }
  Error too_long(std::string_view bytes, const Cut& cut) const {
    const std::string found = cut.inside_quotes
                                  ? ": the quote that opens here is not closed within "
                                  : ": no line end within ";
    return {Code::kBadInput, line_at(bytes, cut.inside_quotes ? cut.quote : 0) + found +
                                 std::to_string(kRecordMax >> 20) + " MiB; is this a table?"};
  }

  std::unique_ptr<ByteSource> source_;
  std::string path_;
  std::optional<Bytes> carry_;  // bytes that were read and not yet handed out
  std::size_t carry_from_ = 0;
  std::uint64_t line_ = 1;
  bool ended_ = false;
};

// Why a record cannot be taken; nothing if it can.
class RecordCheck {
 public:
  RecordCheck(const Shape& shape, const CsvPiece& piece, const Records& records)
      : shape_(shape), piece_(piece), records_(records) {
    suspicious_ =
        records.nul() || (!records.ascii() && utf8_valid_until(piece.view()) < piece.view().size());
  }

  std::optional<std::string> wrong(const std::vector<Field>& fields) const {
    if (records_.text_after_quote() != 0) return text_after_quote();
    if (fields.size() != shape_.names.size()) return wrong_count(fields.size());
    if (suspicious_) return wrong_bytes(fields);
    return std::nullopt;
  }

 private:
  std::string here() const { return shape_.line(records_.line()); }

  std::string text_after_quote() const {
    return shape_.line(records_.text_after_quote()) +
           ": text follows a closing quote in the field that a quote opens here; a quote inside a "
           "quoted "
           "value is written twice";
  }
  std::string wrong_count(std::size_t found) const {
    const std::size_t wanted = shape_.names.size();
    const std::string fields = found == 1 ? " field" : " fields";
    if (piece_.is_last && !records_.terminated() && found < wanted) {
      return here() + ": the file ends in mid-row, after " + std::to_string(found) + " of " +
             std::to_string(wanted) + " fields; fetch the whole file";
    }
    return here() + ": " + std::to_string(found) + fields + " where " +
           (shape_.options.header ? "the header names " : "the first row has ") +
           std::to_string(wanted);
  }
  std::optional<std::string> wrong_bytes(const std::vector<Field>& fields) const {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string_view text(fields[i].at, fields[i].size);
      const std::string where = here() + ", column " + shown(shape_.names[i]) + ": ";
      if (text.find('\0') != std::string_view::npos) {
        return where + shown(text) + " holds a NUL byte; text was expected";
      }
      if (utf8_valid_until(text) < text.size()) {
        return where + shown(text) + " is not UTF-8; save the file as UTF-8";
      }
    }
    return std::nullopt;
  }

  const Shape& shape_;
  const CsvPiece& piece_;
  const Records& records_;
  bool suspicious_ = false;
};

// Fills the wanted columns of one piece, row by row.
class Filler {
 public:
  Filler(const Shape& shape, const std::vector<Chosen>& chosen, std::size_t rows_max)
      : shape_(shape) {
    const auto& missing = shape.options.missing;
    for (const Chosen& c : chosen) {
      if (c.as == As::kNumber) {
        numbers_.push_back({c.index, std::vector<double>(rows_max)});
      } else {
        texts_.push_back({c.index, std::vector<std::uint32_t>(rows_max), Coder(missing)});
      }
    }
  }

  // Numbers come before text: only they can be wrong, and a row that is left out must leave no
  // value behind in a dictionary.
  std::optional<std::string> row(const std::vector<Field>& fields, std::size_t row,
                                 const char* end) {
    for (Number& column : numbers_) {
      const std::string_view cell = unquoted(fields[column.index], scratch_);
      const std::optional<double> number = value(cell);
      if (!number) return bad_number(cell, column.index);
      column.values[row] = *number;
    }
    for (Text& column : texts_) {
      const Field& field = fields[column.index];
      const std::string_view cell = unquoted(field, scratch_);
      const std::size_t readable =
          field.doubled ? cell.size() : static_cast<std::size_t>(end - field.at) + kPadding;
      column.codes[row] = column.coder.code(cell, readable);
    }
    return std::nullopt;
  }

  std::vector<Column> take(const std::vector<Chosen>& chosen, std::size_t rows) {
    std::vector<Column> columns;
    std::size_t number = 0;
    std::size_t text = 0;
    for (const Chosen& c : chosen) {
      Column& column = columns.emplace_back();
      column.as = c.as;
      if (c.as == As::kNumber) {
        column.numbers = std::move(numbers_[number++].values);
        column.numbers.resize(rows);
      } else {
        column.values = texts_[text].coder.take_values();
        column.codes = std::move(texts_[text++].codes);
        column.codes.resize(rows);
      }
    }
    return columns;
  }

 private:
  struct Number {
    std::size_t index;
    std::vector<double> values;
  };
  struct Text {
    std::size_t index;
    std::vector<std::uint32_t> codes;
    Coder coder;
  };

  bool is_missing(std::string_view cell) const {
    const auto& marks = shape_.options.missing;
    return std::find(marks.begin(), marks.end(), cell) != marks.end();
  }
  // NaN for a missing cell; nothing for a bad one.
  std::optional<double> value(std::string_view cell) const {
    constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
    if (shape_.marks_are_numbers && is_missing(cell)) return kMissing;
    const std::optional<double> number = parse_number(cell, shape_.options.decimal);
    if (!number && is_missing(cell)) return kMissing;
    return number;
  }
  std::string bad_number(std::string_view cell, std::size_t index) const {
    return ", column " + shown(shape_.names[index]) + ": " +
           not_a_number(cell, shape_.options.decimal);
  }

  const Shape& shape_;
  std::vector<Number> numbers_;
  std::vector<Text> texts_;
  std::string scratch_;
};

class CsvReader final : public Reader {
 public:
  CsvReader(Shape shape, Cutter cutter, std::unique_ptr<CsvPiece> first)
      : shape_(std::move(shape)), cutter_(std::move(cutter)), first_(std::move(first)) {}

  const std::vector<std::string>& columns() const override { return shape_.names; }

  Result<void> want(std::vector<Wanted> wanted) override {
    EVENHAND_ASSIGN(chosen_, choose(wanted, shape_.names, spoken(shape_.path)));
    return {};
  }

  Result<std::unique_ptr<Piece>> take() override {
    if (first_) return std::unique_ptr<Piece>(std::move(first_));
    EVENHAND_ASSIGN(std::unique_ptr<Piece> piece, cutter_.next(shape_.dialect));
    return piece;
  }

  Result<Batch> decode(const Piece& piece) const override {
    const auto& csv = static_cast<const CsvPiece&>(piece);
    Batch batch;
    batch.source = spoken(shape_.path);
    Records records(csv.view(), shape_.dialect, csv.first_line);
    const RecordCheck check(shape_, csv, records);
    Filler filler(shape_, chosen_, csv.line_ends + 1);
    const char* end = csv.view().data() + csv.view().size();
    std::vector<Field> fields;
    while (records.next(fields)) {
      std::optional<std::string> wrong = check.wrong(fields);
      if (!wrong) {
        wrong = filler.row(fields, batch.rows, end);
        if (wrong) wrong = shape_.line(records.line()) + *wrong;
      }
      if (!wrong) {
        note_line(batch, records.line());
      } else if (shape_.options.bad_rows == BadRows::kFail) {
        return Error{Code::kBadInput, *wrong};
      } else if (batch.rows_skipped++ == 0) {
        batch.first_skipped = *wrong;
      }
    }
    batch.columns = filler.take(chosen_, batch.rows);
    return batch;
  }

  std::pair<std::uint64_t, std::uint64_t> progress() const override {
    return {cutter_.source().stored_taken(), cutter_.source().stored_total()};
  }

  InputFacts facts() const override {
    InputFacts facts;
    facts.path = shape_.path;
    facts.bytes = cutter_.source().stored_taken();
    facts.sha256 = cutter_.source().sha256();
    return facts;
  }

 private:
  Shape shape_;
  Cutter cutter_;
  std::unique_ptr<CsvPiece> first_;
  std::vector<Chosen> chosen_;
};

Result<void> check_dialect(const ReadOptions& options) {
  const auto is_bad = [](char c) { return c == '"' || c == '\n' || c == '\r' || (c & 0x80) != 0; };
  if (is_bad(options.separator) || is_bad(options.comment)) {
    return Error{Code::kInvalidArgument,
                 "a separator or comment mark is one ASCII character, not a quote or a line end"};
  }
  if (options.separator != 0 && options.separator == options.comment) {
    return Error{Code::kInvalidArgument,
                 "the separator and the comment mark are the same character"};
  }
  if (options.decimal != '.' && options.decimal != ',') {
    return Error{Code::kInvalidArgument, "the decimal mark is \".\" or \",\""};
  }
  return {};
}

Result<void> check_first_bytes(std::string_view bytes, const std::string& path) {
  const auto bad = [&](const char* what) { return Error{Code::kBadInput, spoken(path) + what}; };
  if (bytes.empty()) return bad(" is empty: not even a header");
  const std::string_view mark = bytes.substr(0, 2);
  if (mark == "\xff\xfe" || mark == "\xfe\xff") return bad(" is UTF-16; save it as UTF-8");
  constexpr std::size_t kLook = 4096;
  if (bytes.substr(0, kLook).find('\0') != std::string_view::npos) {
    return bad(" holds NUL bytes: it is not a text file in UTF-8");
  }
  return {};
}

Result<std::vector<std::string>> header_names(const std::vector<Field>& fields, const Shape& shape,
                                              std::uint64_t line) {
  std::vector<std::string> names;
  std::string scratch;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view name = shape.options.header ? unquoted(fields[i], scratch) : "";
    if (utf8_valid_until(name) < name.size()) {
      return Error{Code::kBadInput, shape.line(line) + ": the header's name " + shown(name) +
                                        " is not UTF-8; save the file as UTF-8"};
    }
    names.push_back(name.empty() ? "column_" + std::to_string(i + 1) : std::string(name));
  }
  EVENHAND_TRY(check_names(names, spoken(shape.path)));
  return names;
}

}  // namespace

Result<std::unique_ptr<Reader>> open_csv(std::unique_ptr<ByteSource> source,
                                         const std::string& path, const ReadOptions& options) {
  EVENHAND_TRY(check_dialect(options));
  Shape shape{path, {}, options, {}, false};
  for (const std::string& mark : options.missing) {
    if (parse_number(mark, options.decimal)) shape.marks_are_numbers = true;
  }
  Cutter cutter(std::move(source), path);
  EVENHAND_ASSIGN(const std::string_view first, cutter.look());
  EVENHAND_TRY(check_first_bytes(first, path));
  shape.dialect = {options.separator != 0 ? options.separator
                                          : find_separator(first, options.comment, options.decimal),
                   options.comment};
  std::vector<Field> fields;
  for (;;) {  // pieces that hold nothing but comments and empty lines are passed over
    EVENHAND_ASSIGN(std::unique_ptr<CsvPiece> piece, cutter.next(shape.dialect));
    if (piece == nullptr) {
      return Error{Code::kBadInput,
                   spoken(path) + " holds only empty lines and comments: no header"};
    }
    Records records(piece->view(), shape.dialect, piece->first_line);
    if (!records.next(fields)) continue;
    if (records.text_after_quote() != 0) {
      return Error{Code::kBadInput, shape.line(records.text_after_quote()) +
                                        ": text follows a closing quote in the header"};
    }
    EVENHAND_ASSIGN(shape.names, header_names(fields, shape, records.line()));
    piece->begin = options.header ? records.end() : records.begin();
    const std::uint64_t passed = count_line_ends(piece->bytes.view().substr(0, piece->begin));
    piece->first_line += passed;
    piece->line_ends -= passed;
    std::unique_ptr<Reader> reader =
        std::make_unique<CsvReader>(std::move(shape), std::move(cutter), std::move(piece));
    return reader;
  }
}

Result<std::unique_ptr<Reader>> open_tsv(std::unique_ptr<ByteSource> source,
                                         const std::string& path, const ReadOptions& options) {
  ReadOptions with_tab = options;
  if (with_tab.separator == 0) with_tab.separator = '\t';
  return open_csv(std::move(source), path, with_tab);
}

}  // namespace evenhand::table
