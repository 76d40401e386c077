#include "evenhand/table/c_stream.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "evenhand/table/bytes.h"
#include "evenhand/table/c_values.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/utf8.h"

namespace evenhand::table {

OwnedSchema::~OwnedSchema() {
  if (schema.release != nullptr) schema.release(&schema);
}

ArrayPiece::~ArrayPiece() {
  if (array.release != nullptr) array.release(&array);
}

Result<Names> names_of(const ArrowSchema& schema, const std::string& input) {
  if (schema.format == nullptr || std::string_view(schema.format) != "+s") {
    return Error{Code::kBadInput, input + " is one column, not a table with named columns"};
  }
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const char* name = schema.children[i]->name;
    names.emplace_back(name != nullptr ? name : "");
  }
  return settle_names(std::move(names));
}

namespace {

std::string name_of(const ArrowSchema& schema, const Chosen& chosen) {
  const char* name = schema.children[chosen.index]->name;
  const bool has_name = name != nullptr && *name != '\0';
  return shown(has_name ? std::string(name) : "column_" + std::to_string(chosen.index + 1));
}

// The lowest row that cannot be taken, and every such row.
struct BadCells {
  std::vector<bool> is_bad;
  std::size_t count = 0;
  std::size_t first = std::numeric_limits<std::size_t>::max();
  std::string why;  // of the first: the column and what is wrong

  template <class Says>
  void add(std::size_t row, const Says& says) {
    if (!is_bad[row]) ++count;
    is_bad[row] = true;
    if (row < first) {
      first = row;
      why = says();
    }
  }
};

class ArrayDecoder {
 public:
  ArrayDecoder(const ArrowSchema& schema, const ArrayPiece& piece,
               const std::vector<Chosen>& chosen, const ReadOptions& options)
      : schema_(schema), array_(piece.array), chosen_(chosen), missing_(options.missing) {
    rows_ = static_cast<std::size_t>(array_.length);
    bad_.is_bad.resize(rows_);
    for (const Chosen& c : chosen) {
      views_.emplace_back(*schema.children[c.index], *array_.children[c.index], array_.offset);
    }
  }

  const BadCells& look() {
    columns_.resize(chosen_.size());
    for (std::size_t c = 0; c < chosen_.size(); ++c) {
      columns_[c].as = chosen_[c].as;
      if (chosen_[c].as == As::kNumber) {
        read_numbers(c);
      } else {
        check_text(c);
      }
    }
    return bad_;
  }

  std::vector<Column> take() {
    for (std::size_t c = 0; c < chosen_.size(); ++c) {
      if (chosen_[c].as == As::kText) {
        code_text(c);
      } else if (bad_.count > 0) {
        drop_bad(columns_[c].numbers);
      }
    }
    return std::move(columns_);
  }

 private:
  // A row that the table itself declares null has no value in any column.
  bool is_null(std::size_t c, std::size_t row) const {
    return is_null_at(array_, row + static_cast<std::size_t>(array_.offset)) ||
           views_[c].is_null(row);
  }
  bool is_mark(std::string_view text) const {
    return std::find(missing_.begin(), missing_.end(), text) != missing_.end();
  }
  std::string says(std::size_t c, const std::string& what) const {
    return ", column " + name_of(schema_, chosen_[c]) + ": " + what;
  }

  void read_numbers(std::size_t c) {
    constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
    std::vector<double>& numbers = columns_[c].numbers;
    numbers.assign(rows_, kMissing);
    const bool is_text = views_[c].spells_text();
    std::string scratch;
    for (std::size_t row = 0; row < rows_; ++row) {
      if (is_null(c, row)) continue;
      std::optional<double> number;
      if (is_text) {
        const std::string_view text = views_[c].text(row, scratch);
        number = parse_number(text, '.');
        if (is_mark(text)) continue;
      } else {
        number = views_[c].number(row);
        if (std::isnan(*number) && is_mark("NaN")) continue;
        if (!std::isfinite(*number)) number.reset();
      }
      if (number) {
        numbers[row] = *number;
      } else {
        bad_.add(row, [&] { return says(c, not_a_number(views_[c].text(row, scratch), '.')); });
      }
    }
  }

  void check_text(std::size_t c) {
    if (!views_[c].spells_text()) return;
    std::string scratch;
    for (std::size_t row = 0; row < rows_; ++row) {
      if (is_null(c, row)) continue;
      const std::string_view text = views_[c].text(row, scratch);
      if (utf8_valid_until(text) < text.size()) {
        bad_.add(row, [&] { return says(c, shown(text) + " is not UTF-8"); });
      } else if (!text.empty() && std::memchr(text.data(), '\0', text.size()) != nullptr) {
        bad_.add(row,
                 [&] { return says(c, shown(text) + " holds a NUL byte; text was expected"); });
      }
    }
  }

  void code_text(std::size_t c) {
    constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();
    const ValueView& view = views_[c];
    Coder coder(missing_);
    std::string scratch;
    std::vector<std::uint32_t> known(view.dictionary_size(), kUnknown);  // by index, once each
    std::vector<std::uint32_t>& codes = columns_[c].codes;
    codes.reserve(rows_ - bad_.count);
    for (std::size_t row = 0; row < rows_; ++row) {
      if (bad_.is_bad[row]) continue;
      if (is_null(c, row)) {
        codes.push_back(0);
        continue;
      }
      if (known.empty()) {
        const std::string_view text = view.text(row, scratch);
        codes.push_back(coder.code(text, text.size()));
        continue;
      }
      std::uint32_t& code = known[view.dictionary_index(row)];
      if (code == kUnknown) {
        const std::string_view text = view.text(row, scratch);
        code = coder.code(text, text.size());
      }
      codes.push_back(code);
    }
    columns_[c].values = coder.take_values();
  }

  void drop_bad(std::vector<double>& numbers) const {
    std::size_t kept = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
      if (!bad_.is_bad[row]) numbers[kept++] = numbers[row];
    }
    numbers.resize(kept);
  }

  const ArrowSchema& schema_;
  const ArrowArray& array_;
  const std::vector<Chosen>& chosen_;
  const std::vector<std::string>& missing_;
  std::size_t rows_ = 0;
  std::vector<ValueView> views_;
  std::vector<Column> columns_;
  BadCells bad_;
};

// The door: what comes through it from outside is what the interface promises.
Result<void> check_array(const ArrowSchema& schema, const ArrowArray& array,
                         const std::vector<Chosen>& chosen, const std::string& input) {
  bool good = array.n_children == schema.n_children && array.length >= 0 && array.offset >= 0;
  for (const Chosen& c : chosen) {
    good = good && values_fit(*schema.children[c.index], *array.children[c.index],
                              array.length + array.offset);
  }
  if (good) return {};
  return Error{Code::kBadInput,
               input + ": an array does not have the form that its schema declares"};
}

}  // namespace

Result<void> check_types(const ArrowSchema& schema, const std::vector<Chosen>& chosen,
                         const std::string& input) {
  for (const Chosen& c : chosen) {
    const ArrowSchema& column = *schema.children[c.index];
    const ValueKind kind = kind_of(column.dictionary != nullptr ? *column.dictionary : column);
    const std::string where = input + ", column " + name_of(schema, c) + ": ";
    const bool is_twice_coded =
        column.dictionary != nullptr && column.dictionary->dictionary != nullptr;
    if (kind.type == ValueKind::kOther || is_twice_coded) {
      return Error{Code::kBadInput, where + "holds values of Arrow type \"" + column.format +
                                        "\" (nested or without a plain spelling); write it as text "
                                        "or a number"};
    }
    if (c.as == As::kNumber && kind.is_time()) {
      return Error{Code::kBadInput, where + "holds dates or times; a number was expected"};
    }
  }
  return {};
}

Result<Batch> decode_array(const ArrowSchema& schema, const ArrayPiece& piece,
                           const std::vector<Chosen>& chosen, const ReadOptions& options,
                           const std::string& input) {
  EVENHAND_TRY(check_array(schema, piece.array, chosen, input));
  ArrayDecoder decoder(schema, piece, chosen, options);
  const BadCells& bad = decoder.look();
  Batch batch;
  batch.source = input;
  batch.unit = "row";
  batch.first_line = piece.first_row;
  batch.rows_skipped = bad.count;
  if (bad.count > 0) {
    batch.first_skipped = input + ", row " + with_thousands(piece.first_row + bad.first) + bad.why;
    if (options.bad_rows == BadRows::kFail) return Error{Code::kBadInput, batch.first_skipped};
  }
  const auto rows = static_cast<std::size_t>(piece.array.length);
  for (std::size_t row = 0; row < rows; ++row) {
    if (!bad.is_bad[row]) note_line(batch, piece.first_row + row);
  }
  batch.columns = decoder.take();
  return batch;
}

namespace {

class StreamReader final : public Reader {
 public:
  StreamReader(std::string input, ReadOptions options)
      : input_(std::move(input)), options_(std::move(options)) {}
  ~StreamReader() override {
    if (stream_.release != nullptr) stream_.release(&stream_);
  }

  Result<void> start(ArrowArrayStream* stream) {
    stream_ = std::exchange(*stream, ArrowArrayStream{});
    if (stream_.release == nullptr) {
      return Error{Code::kInvalidArgument, input_ + " was read before: its stream is used up"};
    }
    if (const int failure = stream_.get_schema(&stream_, &schema_.schema); failure != 0) {
      return failed(failure);
    }
    EVENHAND_ASSIGN(names_, names_of(schema_.schema, input_));
    return {};
  }

  const std::vector<std::string>& columns() const override { return names_.unique; }
  const std::vector<std::string>& stored_names() const override { return names_.stored; }

  Result<void> want(std::vector<Wanted> wanted) override {
    EVENHAND_ASSIGN(chosen_, choose(wanted, names_, input_));
    return check_types(schema_.schema, chosen_, input_);
  }

  Result<std::unique_ptr<Piece>> take() override {
    auto piece = std::make_unique<ArrayPiece>();
    if (const int failure = stream_.get_next(&stream_, &piece->array); failure != 0) {
      return failed(failure);
    }
    if (piece->array.release == nullptr) return std::unique_ptr<Piece>();
    piece->first_row = next_row_;
    next_row_ += static_cast<std::uint64_t>(std::max<std::int64_t>(0, piece->array.length));
    return std::unique_ptr<Piece>(std::move(piece));
  }

  Result<Batch> decode(const Piece& piece) const override {
    return decode_array(schema_.schema, static_cast<const ArrayPiece&>(piece), chosen_, options_,
                        input_);
  }

  std::pair<std::uint64_t, std::uint64_t> progress() const override { return {0, 0}; }

  InputFacts facts() const override {
    InputFacts facts;
    facts.path = input_;
    return facts;
  }

 private:
  Error failed(int failure) {
    const char* says = stream_.get_last_error(&stream_);
    return {Code::kBadInput,
            input_ + " cannot be read: " +
                (says != nullptr ? std::string(says) : std::string(std::strerror(failure)))};
  }

  std::string input_;
  ReadOptions options_;
  ArrowArrayStream stream_{};
  OwnedSchema schema_;
  Names names_;
  std::vector<Chosen> chosen_;
  std::uint64_t next_row_ = 1;
};

}  // namespace

Result<std::unique_ptr<Reader>> open_c_stream(ArrowArrayStream* stream, const std::string& input,
                                              const ReadOptions& options) {
  auto reader = std::make_unique<StreamReader>(input, options);
  EVENHAND_TRY(reader->start(stream));
  return std::unique_ptr<Reader>(std::move(reader));
}

}  // namespace evenhand::table
