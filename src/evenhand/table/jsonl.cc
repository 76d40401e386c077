// JSON Lines (also called NDJSON): one object a line, its keys the columns. A key that a line does
// not have is missing there. Numbers and truth values may stand where text is wanted and are
// spelled plainly; text may stand where numbers are wanted if it spells one. Parsed by simdjson.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/columns.h"
#include "evenhand/table/pieces.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

namespace {

namespace dom = simdjson::dom;
static_assert(kPadding >= simdjson::SIMDJSON_PADDING);

Cut last_line_end(std::string_view bytes, bool) {
  const void* feed = ::memrchr(bytes.data(), '\n', bytes.size());
  if (feed == nullptr) return {};
  return {static_cast<std::size_t>(static_cast<const char*>(feed) - bytes.data()) + 1, false, 0};
}

// The lines of a piece, empty ones passed over.
class Lines {
 public:
  explicit Lines(const TextPiece& piece) : rest_(piece.view()), line_(piece.first_line - 1) {}
  bool next(std::string_view& line) {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      is_ended_ = end < rest_.size();
      line = rest_.substr(0, end);
      rest_.remove_prefix(is_ended_ ? end + 1 : end);
      ++line_;
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) {
        line.remove_suffix(1);
      }
      while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
      if (!line.empty()) return true;
    }
    return false;
  }
  std::uint64_t line() const { return line_; }
  bool is_ended() const { return is_ended_; }

 private:
  std::string_view rest_;
  std::uint64_t line_;
  bool is_ended_ = true;
};

// The object of a line, or what is wrong with it.
std::optional<std::string> parse(dom::parser& parser, std::string_view line, dom::object& object) {
  dom::element element;
  // No copy: behind each line lie the next ones, and behind the last one the padding.
  const auto failure = parser.parse(line.data(), line.size(), false).get(element);
  if (failure == simdjson::UTF8_ERROR) return "the line is not UTF-8; save the file as UTF-8";
  if (failure != simdjson::SUCCESS) {
    return std::string("the line is not a JSON object: ") + simdjson::error_message(failure);
  }
  if (element.get(object) != simdjson::SUCCESS) {
    return line.front() == '['
               ? std::string("the line is a JSON array; JSON Lines has one object in each line")
               : std::string(
                     "the line is a single JSON value; JSON Lines has one object in each line");
  }
  return std::nullopt;
}

class JsonLinesReader final : public Reader {
 public:
  JsonLinesReader(std::unique_ptr<ByteSource> source, const std::string& path, ReadOptions options)
      : path_(path), options_(std::move(options)), cutter_(std::move(source), path) {}

  // The columns are the keys of the first piece, in the order of their first appearance.
  Result<void> start() {
    EVENHAND_TRY(cutter_.look());
    EVENHAND_ASSIGN(first_, cutter_.next(last_line_end));
    dom::parser parser;
    dom::object object;
    Lines lines(*first_);
    std::string_view line;
    bool is_first = true;
    for (; lines.next(line); is_first = false) {
      if (const auto wrong = parse(parser, line, object)) {
        if (is_first && options_.bad_rows == BadRows::kFail) {
          return Error{Code::kBadInput, here(lines) + *wrong};
        }
        continue;  // `decode` says so where it is read
      }
      for (const dom::key_value_pair field : object) {
        if (index_.count(std::string(field.key)) != 0) continue;
        index_.emplace(std::string(field.key), names_.size());
        names_.emplace_back(field.key);
      }
    }
    if (is_first) return Error{Code::kBadInput, spoken(path_) + " holds only empty lines"};
    return {};
  }

  const std::vector<std::string>& columns() const override { return names_; }

  Result<void> want(std::vector<Wanted> wanted) override {
    EVENHAND_ASSIGN(chosen_, choose(wanted, {names_, names_}, spoken(path_)));
    return {};
  }

  Result<std::unique_ptr<Piece>> take() override {
    if (first_) return std::unique_ptr<Piece>(std::move(first_));
    EVENHAND_ASSIGN(std::unique_ptr<Piece> piece, cutter_.next(last_line_end));
    return piece;
  }

  Result<Batch> decode(const Piece& piece) const override;

  std::pair<std::uint64_t, std::uint64_t> progress() const override {
    return {cutter_.source().stored_taken(), cutter_.source().stored_total()};
  }

  InputFacts facts() const override {
    InputFacts facts;
    facts.path = path_;
    facts.bytes = cutter_.source().stored_taken();
    facts.sha256 = cutter_.source().sha256();
    return facts;
  }

 private:
  friend class RowReader;
  std::string here(const Lines& lines) const {
    return spoken(path_) + ", line " + with_thousands(lines.line()) + ": ";
  }

  std::string path_;
  ReadOptions options_;
  Cutter cutter_;
  std::unique_ptr<TextPiece> first_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> index_;  // of a name among names_
  std::vector<Chosen> chosen_;
};

// One line after the other into columns.
class RowReader {
 public:
  explicit RowReader(const JsonLinesReader& reader)
      : reader_(reader), cells_(reader.names_.size()) {
    for (const Chosen& c : reader.chosen_) {
      columns_.emplace_back().as = c.as;
      coders_.emplace_back(reader.options_.missing);
    }
  }

  // What is wrong with the row, behind its line number; then no column has grown.
  std::optional<std::string> read(std::string_view line) {
    dom::object object;
    if (auto wrong = parse(parser_, line, object)) return ": " + *wrong;
    if (auto wrong = find_cells(object)) return wrong;
    numbers_.clear();
    texts_.clear();
    for (const Chosen& c : reader_.chosen_) {
      if (auto wrong = c.as == As::kNumber ? read_number(c.index) : read_text(c.index))
        return wrong;
    }
    std::size_t number = 0;
    std::size_t text = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].as == As::kNumber) {
        columns_[i].numbers.push_back(numbers_[number++]);
      } else {
        const std::optional<std::string>& value = texts_[text++];
        columns_[i].codes.push_back(value ? coders_[i].code(*value, value->size()) : 0);
      }
    }
    return std::nullopt;
  }

  std::vector<Column> take() {
    for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].values = coders_[i].take_values();
    return std::move(columns_);
  }

 private:
  struct Cell {
    dom::element element;
    std::uint64_t row = 0;  // in which it was seen; 0: never
  };

  std::string column(std::size_t index) const {
    return ", column " + shown(reader_.names_[index]) + ": ";
  }

  std::optional<std::string> find_cells(dom::object object) {
    ++row_;
    std::size_t expected = 0;  // lines mostly have the same keys in the same order
    for (const dom::key_value_pair field : object) {
      std::size_t index = expected;
      if (index >= cells_.size() || reader_.names_[index] != field.key) {
        const auto found = reader_.index_.find(std::string(field.key));
        if (found == reader_.index_.end()) continue;  // a key that came up late: nobody wants it
        index = found->second;
      }
      if (cells_[index].row == row_)
        return ": the key " + shown(field.key) + " stands twice in the line";
      cells_[index] = {field.value, row_};
      expected = index + 1;
    }
    return std::nullopt;
  }

  bool is_mark(std::string_view text) const {
    const auto& marks = reader_.options_.missing;
    return std::find(marks.begin(), marks.end(), text) != marks.end();
  }

  std::optional<std::string> read_number(std::size_t index) {
    const Cell& cell = cells_[index];
    double number = std::numeric_limits<double>::quiet_NaN();
    if (cell.row != row_ || cell.element.is_null()) {
      // stays missing
    } else if (bool flag = false; cell.element.get(flag) == simdjson::SUCCESS) {
      number = flag ? 1 : 0;
    } else if (std::string_view text; cell.element.get(text) == simdjson::SUCCESS) {
      const std::optional<double> spelled_out = parse_number(text, reader_.options_.decimal);
      if (!spelled_out && !is_mark(text))
        return column(index) + not_a_number(text, reader_.options_.decimal);
      if (spelled_out && !is_mark(text)) number = *spelled_out;
    } else if (cell.element.get(number) != simdjson::SUCCESS) {
      return nested(cell.element, index);
    }
    numbers_.push_back(number);
    return std::nullopt;
  }

  std::optional<std::string> read_text(std::size_t index) {
    const Cell& cell = cells_[index];
    std::optional<std::string>& value = texts_.emplace_back();
    if (cell.row != row_) return std::nullopt;
    switch (cell.element.type()) {
      case dom::element_type::STRING: {
        const std::string_view text = cell.element.get_string().value_unsafe();
        if (text.find('\0') != std::string_view::npos) {
          return column(index) + shown(text) + " holds a NUL byte; text was expected";
        }
        value = text;
        break;
      }
      case dom::element_type::INT64:
        value = std::to_string(cell.element.get_int64().value_unsafe());
        break;
      case dom::element_type::UINT64:
        value = std::to_string(cell.element.get_uint64().value_unsafe());
        break;
      case dom::element_type::DOUBLE:
        value = spelled(cell.element.get_double().value_unsafe());
        break;
      case dom::element_type::BOOL:
        value = cell.element.get_bool().value_unsafe() ? "true" : "false";
        break;
      case dom::element_type::NULL_VALUE:
        break;
      default:
        return nested(cell.element, index);
    }
    return std::nullopt;
  }

  std::string nested(const dom::element& element, std::size_t index) const {
    return column(index) + (element.is_array() ? "a list" : "an object") +
           " stands here; text or a number was expected";
  }

  const JsonLinesReader& reader_;
  dom::parser parser_;
  std::vector<Cell> cells_;
  std::uint64_t row_ = 0;
  std::vector<Column> columns_;
  std::vector<Coder> coders_;
  std::vector<double> numbers_;                    // of the row that is being read
  std::vector<std::optional<std::string>> texts_;  // likewise; nothing: missing
};

Result<Batch> JsonLinesReader::decode(const Piece& piece) const {
  const auto& text = static_cast<const TextPiece&>(piece);
  Batch batch;
  batch.source = spoken(path_);
  RowReader rows(*this);
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    std::optional<std::string> wrong = rows.read(line);
    if (!wrong) {
      note_line(batch, lines.line());
      continue;
    }
    std::string says = spoken(path_) + ", line " + with_thousands(lines.line()) + *wrong;
    if (text.is_last && !lines.is_ended() && line.back() != '}')
      says += "; the file ends in mid-row";
    if (options_.bad_rows == BadRows::kFail) return Error{Code::kBadInput, says};
    if (batch.rows_skipped++ == 0) batch.first_skipped = says;
  }
  batch.columns = rows.take();
  return batch;
}

}  // namespace

Result<std::unique_ptr<Reader>> open_jsonl(std::unique_ptr<ByteSource> source,
                                           const std::string& path, const ReadOptions& options) {
  auto reader = std::make_unique<JsonLinesReader>(std::move(source), path, options);
  EVENHAND_TRY(reader->start());
  return std::unique_ptr<Reader>(std::move(reader));
}

}  // namespace evenhand::table
