#include "evenhand/table/csv.h"

#include <algorithm>
#include <cctype>
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

// What a file is read with, once its first bytes were looked at.
struct Shape {
  std::string path;
  Dialect dialect;
  ReadOptions options;
  Names names;
  std::string header_doubt;        // what a wrong number of fields may come from; may be empty
  bool marks_are_numbers = false;  // a missing mark is itself a number, such as -9

  std::string line(std::uint64_t number) const {
    return spoken(path) + ", line " + with_thousands(number);
  }
};

Cutter::FindCut cut_by(Dialect dialect) {
  return [dialect](std::string_view bytes, bool is_all) {
    return last_record_end(bytes, dialect, is_all);
  };
}

// Why a record cannot be taken; nothing if it can.
class RecordCheck {
 public:
  RecordCheck(const Shape& shape, const TextPiece& piece, const Records& records)
      : shape_(shape), piece_(piece), records_(records) {
    suspicious_ =
        records.nul() || (!records.ascii() && utf8_valid_until(piece.view()) < piece.view().size());
  }

  std::optional<std::string> wrong(const std::vector<Field>& fields) const {
    if (records_.text_after_quote() != 0) return text_after_quote();
    if (fields.size() != shape_.names.unique.size()) return wrong_count(fields.size());
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
    const std::size_t wanted = shape_.names.unique.size();
    const std::string fields = found == 1 ? " field" : " fields";
    if (piece_.is_last && !records_.terminated() && found < wanted) {
      return here() + ": the file ends in mid-row, after " + std::to_string(found) + " of " +
             std::to_string(wanted) + " fields; fetch the whole file";
    }
    return here() + ": " + std::to_string(found) + fields + " where " +
           (shape_.options.header ? "the header names " : "the first row has ") +
           std::to_string(wanted) + shape_.header_doubt;
  }
  std::optional<std::string> wrong_bytes(const std::vector<Field>& fields) const {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string_view text(fields[i].at, fields[i].size);
      const std::string where = here() + ", column " + shown(shape_.names.unique[i]) + ": ";
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
  const TextPiece& piece_;
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
    return ", column " + shown(shape_.names.unique[index]) + ": " +
           not_a_number(cell, shape_.options.decimal);
  }

  const Shape& shape_;
  std::vector<Number> numbers_;
  std::vector<Text> texts_;
  std::string scratch_;
};

class CsvReader final : public Reader {
 public:
  CsvReader(Shape shape, Cutter cutter, std::unique_ptr<TextPiece> first)
      : shape_(std::move(shape)), cutter_(std::move(cutter)), first_(std::move(first)) {}

  const std::vector<std::string>& columns() const override { return shape_.names.unique; }
  const std::vector<std::string>& stored_names() const override { return shape_.names.stored; }

  Result<void> want(std::vector<Wanted> wanted) override {
    EVENHAND_ASSIGN(chosen_, choose(wanted, shape_.names, spoken(shape_.path)));
    return {};
  }

  Result<std::unique_ptr<Piece>> take() override {
    if (first_) return std::unique_ptr<Piece>(std::move(first_));
    EVENHAND_ASSIGN(std::unique_ptr<Piece> piece, cutter_.next(cut_by(shape_.dialect)));
    return piece;
  }

  Result<Batch> decode(const Piece& piece) const override {
    const auto& csv = static_cast<const TextPiece&>(piece);
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
  std::unique_ptr<TextPiece> first_;
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

Result<Names> header_names(const std::vector<Field>& fields, const Shape& shape,
                           std::uint64_t line) {
  std::vector<std::string> names;
  std::string scratch;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view name = shape.options.header ? unquoted(fields[i], scratch) : "";
    if (utf8_valid_until(name) < name.size()) {
      return Error{Code::kBadInput, shape.line(line) + ": the header's name " + shown(name) +
                                        " is not UTF-8; save the file as UTF-8"};
    }
    names.emplace_back(name);
  }
  return settle_names(std::move(names));
}

// A first line of one field, or one that begins with a mark, may be a title or a comment.
std::string doubt_of(std::string_view line, std::size_t fields, const ReadOptions& options) {
  const bool mark = std::ispunct(static_cast<unsigned char>(line.front())) != 0 &&
                    std::string_view("\"'_,;").find(line.front()) == std::string_view::npos;
  if (!options.header || (fields != 1 && !mark)) return {};
  return std::string("; is the first line no header? If it is a comment: ") +
         (mark ? std::string("--comment '") + line.front() + '\'' : "take it out") +
         "; if it holds values: --no-header";
}

}  // namespace

Result<std::unique_ptr<Reader>> open_csv(std::unique_ptr<ByteSource> source,
                                         const std::string& path, const ReadOptions& options) {
  EVENHAND_TRY(check_dialect(options));
  Shape shape{path, {}, options, {}, {}, false};
  for (const std::string& mark : options.missing) {
    if (parse_number(mark, options.decimal)) shape.marks_are_numbers = true;
  }
  Cutter cutter(std::move(source), path);
  EVENHAND_ASSIGN(const std::string_view first, cutter.look());
  shape.dialect = {options.separator != 0 ? options.separator
                                          : find_separator(first, options.comment, options.decimal),
                   options.comment};
  std::vector<Field> fields;
  for (;;) {  // pieces that hold nothing but comments and empty lines are passed over
    EVENHAND_ASSIGN(std::unique_ptr<TextPiece> piece, cutter.next(cut_by(shape.dialect)));
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
    shape.header_doubt = doubt_of(piece->view().substr(records.begin()), fields.size(), options);
    piece->pass(options.header ? records.end() : records.begin());
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
