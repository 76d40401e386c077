// Fields, records and where they end: the loops over the marked bytes.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "evenhand/table/csv.h"
#include "evenhand/table/csv_marks.h"

namespace evenhand::table {

std::string_view unquoted(const Field& field, std::string& scratch) {
  const std::string_view raw(field.at, field.size);
  if (!field.doubled) return raw;
  scratch.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    scratch += raw[i];
    if (raw[i] == '"') ++i;
  }
  return scratch;
}

Records::Records(std::string_view bytes, Dialect dialect, std::uint64_t first_line)
    : bytes_(bytes), dialect_(dialect), marks_(bytes.size() / 64 + 1), line_(first_line) {
  const Seen seen = mark(bytes, dialect.separator, marks_);
  ascii_ = seen.ascii;
  nul_ = seen.nul;
  word_ = marks_[0];
}

// The next marked byte, taken once; the size of the bytes where there is none.
inline std::size_t Records::next_mark() {
  while (word_ == 0) {
    if (word_index_ + 1 >= marks_.size()) return bytes_.size();
    word_ = marks_[++word_index_];
  }
  const auto bit = static_cast<std::size_t>(std::countr_zero(word_));
  word_ &= word_ - 1;
  return word_index_ * 64 + bit;
}

// Reads the field that begins at at_; returns where its separator or line end stands.
inline std::size_t Records::read_field(Field& field) {
  std::size_t begin = at_;
  while (begin < bytes_.size() && is_blank(bytes_[begin])) ++begin;
  field.doubled = false;
  if (begin < bytes_.size() && bytes_[begin] == '"') {
    const std::uint64_t opened = line_;
    next_mark();  // the opening quote itself: blanks bear no marks
    std::size_t close = bytes_.size();
    for (std::size_t m = next_mark(); m < bytes_.size(); m = next_mark()) {
      if (bytes_[m] == '"') {
        if (m + 1 < bytes_.size() && bytes_[m + 1] == '"') {
          field.doubled = true;
          next_mark();
          continue;
        }
        close = m;
        break;
      }
      line_ += bytes_[m] == '\r' || (bytes_[m] == '\n' && bytes_[m - 1] != '\r');
    }
    field.at = bytes_.data() + begin + 1;
    field.size = static_cast<std::uint32_t>(close - std::min(close, begin + 1));
    std::size_t stop = close;
    if (close < bytes_.size()) {
      do {
        stop = next_mark();
      } while (stop < bytes_.size() && bytes_[stop] == '"');
      for (std::size_t i = close + 1; i < stop; ++i) {
        if (!is_blank(bytes_[i]) && text_after_quote_ == 0) text_after_quote_ = opened;
      }
    }
    return stop;
  }
  std::size_t stop = next_mark();
  while (stop < bytes_.size() && bytes_[stop] == '"') stop = next_mark();
  std::size_t end = stop;
  while (end > begin && is_blank(bytes_[end - 1])) --end;
  field.at = bytes_.data() + begin;
  field.size = static_cast<std::uint32_t>(end - begin);
  return stop;
}

namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

}  // namespace

// Goes behind the line end at `stop`, be it one byte or two.
inline void Records::pass_line_end(std::size_t stop) {
  at_ = stop + 1;
  ++line_;
  if (bytes_[stop] == '\r' && at_ < bytes_.size() && bytes_[at_] == '\n') {
    next_mark();
    ++at_;
  }
}

void Records::pass_comments() {
  while (at_ < bytes_.size() && bytes_[at_] == dialect_.comment) {
    std::size_t stop = next_mark();
    while (stop < bytes_.size() && !is_line_end(bytes_[stop])) stop = next_mark();
    if (stop == bytes_.size()) {
      at_ = stop;
    } else {
      pass_line_end(stop);
    }
  }
}

bool Records::next_any(std::vector<Field>& fields) {
  fields.clear();
  if (at_ >= bytes_.size()) return false;
  record_begin_ = at_;
  record_line_ = line_;
  text_after_quote_ = 0;
  for (;;) {
    const std::size_t stop = read_field(fields.emplace_back());
    terminated_ = stop < bytes_.size() && bytes_[stop] != dialect_.separator;
    if (terminated_) pass_line_end(stop);
    if (terminated_ || stop == bytes_.size()) break;
    at_ = stop + 1;
  }
  if (!terminated_) at_ = bytes_.size();
  return true;
}

bool Records::next(std::vector<Field>& fields) {
  for (;;) {
    if (dialect_.comment != 0) pass_comments();
    if (!next_any(fields)) return false;
    // A quoted empty field is a value, an empty line is none.
    const bool empty_line =
        fields.size() == 1 && fields[0].size == 0 &&
        std::memchr(bytes_.data() + record_begin_, '"', at_ - record_begin_) == nullptr;
    if (!empty_line) return true;
  }
}

namespace {

// The end of the last record within bytes[begin, end), outside quotes; 0 if none ends there. A CR
// counts as the end only where the byte after it is known (`known_end`).
std::size_t last_end_within(std::string_view bytes, std::size_t begin, std::size_t end,
                            std::size_t known_end) {
  for (std::size_t i = end; i > begin; --i) {
    const char c = bytes[i - 1];
    if (c == '\n' || (c == '\r' && i < known_end)) return i;
  }
  return 0;
}

// As last_end_within for long runs: LF first, by memrchr; a lone CR only where there is no LF.
std::size_t last_end_long(std::string_view bytes, std::size_t begin, std::size_t end,
                          std::size_t known_end) {
  const auto* feed = static_cast<const char*>(::memrchr(bytes.data() + begin, '\n', end - begin));
  if (feed != nullptr) return static_cast<std::size_t>(feed - bytes.data()) + 1;
  return last_end_within(bytes, begin, end, known_end);
}

// Whether the quote at `quote`, outside quotes, is the first byte of its field.
bool opens_field(std::string_view bytes, std::size_t quote, Dialect dialect) {
  std::size_t i = quote;
  while (i > 0 && (bytes[i - 1] == ' ' || bytes[i - 1] == '\t') &&
         bytes[i - 1] != dialect.separator)
    --i;
  return i == 0 || bytes[i - 1] == dialect.separator || is_line_end(bytes[i - 1]);
}

// Tells of bytes outside quotes, in ascending order, whether they stand in a comment line.
class Comments {
 public:
  Comments(std::string_view bytes, Dialect dialect) : bytes_(bytes), dialect_(dialect) {}
  // `outside`: where the last quotes closed. No byte is looked at twice, however long its line is.
  bool holds(std::size_t at, std::size_t outside) {
    if (dialect_.comment == 0) return false;
    std::size_t i = at;
    const std::size_t known = std::max(outside, looked_);
    while (i > known && !is_line_end(bytes_[i - 1])) --i;
    if (i > known || i == 0) {
      comment_ = bytes_[i] == dialect_.comment;
    } else if (i == outside) {
      comment_ = false;  // the line holds quotes that were closed
    }
    looked_ = at;
    return comment_;
  }

 private:
  std::string_view bytes_;
  Dialect dialect_;
  std::size_t looked_ = 0;
  bool comment_ = false;  // of the line that the byte before looked_ stands in
};

}  // namespace

Cut last_record_end(std::string_view bytes, Dialect dialect, bool is_all) {
  const std::size_t known_end = is_all ? bytes.size() + 1 : bytes.size();
  Cut cut;
  std::size_t outside = 0;  // the bytes since here are outside quotes
  std::size_t looked = 0;   // quotes before here are dealt with
  Comments comments(bytes, dialect);
  const auto take_ends = [&](std::size_t end) {
    constexpr std::size_t kShort = 32;
    const std::size_t last = end - outside <= kShort
                                 ? last_end_within(bytes, outside, end, known_end)
                                 : last_end_long(bytes, outside, end, known_end);
    if (last != 0) cut.end = last;
  };
  for (;;) {
    const std::size_t quote = bytes.find('"', looked);
    if (quote == std::string_view::npos) break;
    looked = quote + 1;
    if (comments.holds(quote, outside)) {
      while (looked < bytes.size() && !is_line_end(bytes[looked])) ++looked;
      continue;
    }
    if (!opens_field(bytes, quote, dialect)) continue;
    take_ends(quote);
    std::size_t close = bytes.find('"', looked);
    while (close != std::string_view::npos && close + 1 < bytes.size() && bytes[close + 1] == '"') {
      close = bytes.find('"', close + 2);
    }
    if (close == std::string_view::npos) {
      cut.inside_quotes = true;
      cut.quote = quote;
      return cut;
    }
    outside = looked = close + 1;
  }
  take_ends(bytes.size());
  return cut;
}

char find_separator(std::string_view bytes, char comment, char decimal) {
  constexpr std::size_t kLookBytes = std::size_t{1} << 16;
  constexpr std::size_t kLookRecords = 50;
  const bool cut_off = bytes.size() > kLookBytes;
  bytes = bytes.substr(0, kLookBytes);
  // With a decimal comma a comma between fields is the last thing to expect.
  const std::string_view candidates = decimal == ',' ? ";\t|," : ",;\t|";
  char best = ',';
  std::size_t best_fields = 1;
  bool best_alike = false;
  for (const char candidate : candidates) {
    Records records(bytes, {candidate, comment}, 1);
    std::vector<Field> fields;
    std::size_t first = 0;
    bool alike = true;
    for (std::size_t n = 0; n < kLookRecords && records.next(fields); ++n) {
      if (cut_off && !records.terminated()) break;
      if (n == 0) first = fields.size();
      alike = alike && fields.size() == first;
    }
    const bool better = alike != best_alike ? alike : first > best_fields;
    if (first > 1 && better) {
      best = candidate;
      best_fields = first;
      best_alike = alike;
    }
  }
  return best;
}

}  // namespace evenhand::table
