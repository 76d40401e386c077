#include "evenhand/table/c_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "evenhand/base/check.h"
#include "evenhand/table/c_stream.h"
#include "evenhand/table/cell.h"

namespace evenhand::table {

namespace {

template <class T>
T element(const ArrowArray& array, int buffer, std::size_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(array.buffers[buffer]) + at * sizeof(T), sizeof(T));
  return value;
}

bool bit(const void* bits, std::size_t at) {
  return ((static_cast<const std::uint8_t*>(bits)[at / 8] >> (at % 8)) & 1) != 0;
}

ValueKind fixed(ValueKind::Type type, std::size_t bytes) {
  ValueKind kind;
  kind.type = type;
  kind.bytes = bytes;
  return kind;
}

std::int64_t units_per_second(char unit) {
  if (unit == 's') return 1;
  if (unit == 'm') return 1'000;
  return unit == 'u' ? 1'000'000 : 1'000'000'000;
}

ValueKind decimal_kind(std::string_view format) {  // d:precision,scale[,bits]
  int precision = 0;
  int bits = 128;
  ValueKind kind;
  const char* end = format.data() + format.size();
  const auto first = std::from_chars(format.data() + 2, end, precision);
  if (first.ptr == end || *first.ptr != ',') return kind;
  const auto second = std::from_chars(first.ptr + 1, end, kind.scale);
  if (second.ptr != end) std::from_chars(second.ptr + 1, end, bits);
  constexpr int kScaleMax = 100;
  const bool is_known =
      (bits == 32 || bits == 64 || bits == 128 || bits == 256) && std::abs(kind.scale) <= kScaleMax;
  if (!is_known) return kind;
  kind.type = ValueKind::kDecimal;
  kind.bytes = static_cast<std::size_t>(bits) / 8;
  return kind;
}

ValueKind time_kind(std::string_view format) {
  if (format == "tdD") return fixed(ValueKind::kDate32, 4);
  if (format == "tdm") return fixed(ValueKind::kDate64, 8);
  if (format == "tts" || format == "ttm" || format == "ttu" || format == "ttn") {
    ValueKind kind = fixed(ValueKind::kTime, format[2] == 's' || format[2] == 'm' ? 4 : 8);
    kind.per_second = units_per_second(format[2]);
    return kind;
  }
  if (format.size() >= 4 && format.substr(0, 2) == "ts" && format[3] == ':') {
    ValueKind kind = fixed(ValueKind::kTimestamp, 8);
    kind.per_second = units_per_second(format[2]);
    kind.has_zone = format.size() > 4;
    return kind;
  }
  return {};
}

// ---- spelling ---------------------------------------------------------------------------------

template <class T>
void spell_integer(T value, std::string& out) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

// A decimal of any width: the digits of its two's complement, by long division.
void spell_decimal(const ArrowArray& array, const ValueKind& kind, std::size_t at,
                   std::string& out) {
  constexpr std::size_t kWordsMax = 8;
  std::array<std::uint32_t, kWordsMax> words{};  // least first
  const auto* bytes = static_cast<const char*>(array.buffers[1]) + at * kind.bytes;
  const std::size_t count = kind.bytes / sizeof(std::uint32_t);
  std::memcpy(words.data(), bytes, kind.bytes);
  const bool negative = (words[count - 1] >> 31) != 0;
  if (negative) {
    std::uint64_t carry = 1;
    for (std::size_t i = 0; i < count; ++i) {
      carry += static_cast<std::uint32_t>(~words[i]);
      words[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }
  std::string digits;  // least first
  const auto is_zero = [&] {
    return std::all_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count),
                       [](std::uint32_t w) { return w == 0; });
  };
  while (!is_zero()) {
    std::uint64_t rest = 0;
    for (std::size_t i = count; i-- > 0;) {
      rest = (rest << 32) | words[i];
      words[i] = static_cast<std::uint32_t>(rest / 10);
      rest %= 10;
    }
    digits += static_cast<char>('0' + rest);
  }
  const auto behind_point = static_cast<std::size_t>(std::max(0, kind.scale));
  if (!digits.empty() && kind.scale < 0) {
    digits.insert(0, static_cast<std::size_t>(-kind.scale), '0');
  }
  if (digits.size() < behind_point + 1) digits.append(behind_point + 1 - digits.size(), '0');
  std::reverse(digits.begin(), digits.end());
  if (behind_point > 0) digits.insert(digits.size() - behind_point, 1, '.');
  if (negative) out += '-';
  out += digits;
}

void spell_date(std::int64_t days_since_1970, std::string& out) {
  // Arrow's days reach further than std::chrono's years; what is outside is given as a day number.
  constexpr std::int64_t kDaysMax = 10'000'000;
  if (std::abs(days_since_1970) > kDaysMax) {
    out += "day ";
    spell_integer(days_since_1970, out);
    return;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days_since_1970}}};
  std::array<char, 32> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  out.append(text.data(), static_cast<std::size_t>(size));
}

// hh:mm:ss and, where there is one, the fraction of a second without its last zeros.
void spell_time(std::int64_t units, std::int64_t per_second, std::string& out) {
  const std::int64_t seconds = units / per_second;
  std::int64_t fraction = units % per_second;
  std::array<char, 32> text{};
  int size =
      std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                    static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  out.append(text.data(), static_cast<std::size_t>(size));
  if (fraction == 0) return;
  std::string digits = std::to_string(per_second + fraction).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  out += "." + digits;
}

void spell_timestamp(std::int64_t units, const ValueKind& kind, std::string& out) {
  const std::int64_t per_day = 86'400 * kind.per_second;
  std::int64_t day = units / per_day;
  std::int64_t rest = units % per_day;
  if (rest < 0) {
    rest += per_day;
    --day;
  }
  spell_date(day, out);
  out += 'T';
  spell_time(rest, kind.per_second, out);
  if (kind.has_zone) out += 'Z';
}

// IEEE 754 binary16.
double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  double size = 0;
  if (exponent == 31) {
    size = fraction == 0 ? HUGE_VAL : std::nan("");
  } else if (exponent == 0) {
    size = std::ldexp(fraction, -24);
  } else {
    size = std::ldexp(1024 + fraction, exponent - 25);
  }
  return (bits >> 15) != 0 ? -size : size;
}

void spell_float(float value, std::string& out) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  std::array<char, 64> text{};
  const float size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-5F && size < 1e16F);
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  out.append(text.data(), end);
}

template <class Offset>
std::string_view text_between(const ArrowArray& array, std::size_t at) {
  const auto begin = static_cast<std::size_t>(element<Offset>(array, 1, at));
  const auto end = static_cast<std::size_t>(element<Offset>(array, 1, at + 1));
  return begin == end
             ? std::string_view()
             : std::string_view(static_cast<const char*>(array.buffers[2]) + begin, end - begin);
}

struct View {  // 16 bytes: the text itself, or where it lies
  std::int32_t size;
  char begin[4];
  std::int32_t buffer;
  std::int32_t offset;
};
constexpr std::int32_t kInlineMax = 12;

std::string_view text_of_view(const ArrowArray& array, std::size_t at) {
  const auto* place = static_cast<const char*>(array.buffers[1]) + at * sizeof(View);
  const auto view = element<View>(array, 1, at);
  const auto size = static_cast<std::size_t>(view.size);
  if (view.size <= kInlineMax) return {place + sizeof view.size, size};
  return {static_cast<const char*>(array.buffers[2 + view.buffer]) + view.offset, size};
}

// ---- the door ---------------------------------------------------------------------------------

template <class Offset>
bool offsets_ascend(const ArrowArray& array, std::size_t values) {
  if (values == 0) return true;
  if (array.n_buffers < 3 || array.buffers[1] == nullptr) return false;
  Offset before = element<Offset>(array, 1, 0);
  bool good = before >= 0;
  for (std::size_t i = 1; i <= values; ++i) {
    const Offset next = element<Offset>(array, 1, i);
    good = good && next >= before;
    before = next;
  }
  return good && (before == 0 || array.buffers[2] != nullptr);
}

bool views_fit(const ArrowArray& array, std::size_t values) {
  if (values == 0) return true;
  if (array.n_buffers < 3 || array.buffers[1] == nullptr) return false;
  // The last buffer holds the sizes of those before it.
  const std::int64_t data_buffers = array.n_buffers - 3;
  for (std::size_t i = 0; i < values; ++i) {
    if (is_null_at(array, i)) continue;
    const auto view = element<View>(array, 1, i);
    if (view.size < 0) return false;
    if (view.size <= kInlineMax) continue;
    if (view.buffer < 0 || view.buffer >= data_buffers || view.offset < 0) return false;
    const auto room = element<std::int64_t>(array, static_cast<int>(array.n_buffers) - 1,
                                            static_cast<std::size_t>(view.buffer));
    if (view.offset > room - view.size) return false;
  }
  return true;
}

}  // namespace

ValueKind kind_of(const ArrowSchema& schema) {
  const std::string_view format = schema.format != nullptr ? schema.format : "";
  if (format.size() == 1) {
    switch (format[0]) {
      case 'n':
        return fixed(ValueKind::kNull, 0);
      case 'b':
        return fixed(ValueKind::kBool, 0);
      case 'c':
        return fixed(ValueKind::kInt8, 1);
      case 's':
        return fixed(ValueKind::kInt16, 2);
      case 'i':
        return fixed(ValueKind::kInt32, 4);
      case 'l':
        return fixed(ValueKind::kInt64, 8);
      case 'C':
        return fixed(ValueKind::kUint8, 1);
      case 'S':
        return fixed(ValueKind::kUint16, 2);
      case 'I':
        return fixed(ValueKind::kUint32, 4);
      case 'L':
        return fixed(ValueKind::kUint64, 8);
      case 'e':
        return fixed(ValueKind::kHalf, 2);
      case 'f':
        return fixed(ValueKind::kFloat, 4);
      case 'g':
        return fixed(ValueKind::kDouble, 8);
      // Bytes are text where they are UTF-8: older Parquet writers do not say which they meant.
      case 'u':
      case 'z':
        return fixed(ValueKind::kText, 0);
      case 'U':
      case 'Z':
        return fixed(ValueKind::kLargeText, 0);
      default:
        return {};
    }
  }
  if (format == "vu" || format == "vz") return fixed(ValueKind::kTextView, 0);
  if (format.substr(0, 2) == "d:") return decimal_kind(format);
  return time_kind(format);
}

bool is_null_at(const ArrowArray& array, std::size_t row) {
  return array.null_count != 0 && array.n_buffers > 0 && array.buffers[0] != nullptr &&
         !bit(array.buffers[0], row);
}

bool values_fit(const ArrowSchema& schema, const ArrowArray& array, std::int64_t rows_needed) {
  if (array.offset < 0 || array.length < rows_needed) return false;
  const auto values = static_cast<std::size_t>(array.offset + array.length);
  const ValueKind kind = kind_of(schema);
  const bool has_values = array.n_buffers >= 2 && array.buffers[1] != nullptr;
  switch (kind.type) {
    case ValueKind::kOther:
      return false;
    case ValueKind::kNull:
      return true;
    case ValueKind::kText:
      return offsets_ascend<std::int32_t>(array, values);
    case ValueKind::kLargeText:
      return offsets_ascend<std::int64_t>(array, values);
    case ValueKind::kTextView:
      return views_fit(array, values);
    default:
      break;
  }
  if (values > 0 && !has_values) return false;
  if (schema.dictionary == nullptr) return true;
  const bool is_index = kind.type >= ValueKind::kInt8 && kind.type <= ValueKind::kUint64;
  if (!is_index || array.dictionary == nullptr ||
      !values_fit(*schema.dictionary, *array.dictionary, 0))
    return false;
  const ValueView view(schema, array, 0);
  for (std::size_t row = 0; row < static_cast<std::size_t>(array.length); ++row) {
    const bool is_null = is_null_at(array, row + static_cast<std::size_t>(array.offset));
    if (!is_null && view.dictionary_index(row) >= view.dictionary_size()) return false;
  }
  return true;
}

ValueView::ValueView(const ArrowSchema& schema, const ArrowArray& array, std::int64_t parent_offset)
    : kind_(kind_of(schema)),
      array_(&array),
      offset_(static_cast<std::size_t>(array.offset + parent_offset)) {
  if (schema.dictionary != nullptr) {
    dictionary_ = std::make_shared<const ValueView>(*schema.dictionary, *array.dictionary, 0);
  }
}

bool ValueView::is_null(std::size_t row) const {
  if (kind_.type == ValueKind::kNull || is_null_at(*array_, row + offset_)) return true;
  return dictionary_ && dictionary_->is_null(dictionary_index(row));
}

std::size_t ValueView::dictionary_size() const {
  return dictionary_ ? static_cast<std::size_t>(dictionary_->array_->length) : 0;
}

std::size_t ValueView::dictionary_index(std::size_t row) const {
  return static_cast<std::size_t>(
      integer(row + offset_));  // a negative one is larger than any size
}

std::int64_t ValueView::integer(std::size_t at) const {
  switch (kind_.type) {
    case ValueKind::kInt8:
      return element<std::int8_t>(*array_, 1, at);
    case ValueKind::kInt16:
      return element<std::int16_t>(*array_, 1, at);
    case ValueKind::kInt32:
    case ValueKind::kDate32:
      return element<std::int32_t>(*array_, 1, at);
    case ValueKind::kUint8:
      return element<std::uint8_t>(*array_, 1, at);
    case ValueKind::kUint16:
      return element<std::uint16_t>(*array_, 1, at);
    case ValueKind::kUint32:
      return element<std::uint32_t>(*array_, 1, at);
    case ValueKind::kTime:
      return kind_.bytes == 4 ? element<std::int32_t>(*array_, 1, at)
                              : element<std::int64_t>(*array_, 1, at);
    default:
      return element<std::int64_t>(*array_, 1, at);
  }
}

std::string_view ValueView::text(std::size_t row, std::string& scratch) const {
  if (dictionary_) return dictionary_->text(dictionary_index(row), scratch);
  const std::size_t at = row + offset_;
  scratch.clear();
  switch (kind_.type) {
    case ValueKind::kText:
      return text_between<std::int32_t>(*array_, at);
    case ValueKind::kLargeText:
      return text_between<std::int64_t>(*array_, at);
    case ValueKind::kTextView:
      return text_of_view(*array_, at);
    case ValueKind::kBool:
      return bit(array_->buffers[1], at) ? "true" : "false";
    case ValueKind::kUint64:
      spell_integer(element<std::uint64_t>(*array_, 1, at), scratch);
      break;
    case ValueKind::kHalf:
      scratch = spelled(half(element<std::uint16_t>(*array_, 1, at)));
      break;
    case ValueKind::kFloat:
      spell_float(element<float>(*array_, 1, at), scratch);
      break;
    case ValueKind::kDouble:
      scratch = spelled(element<double>(*array_, 1, at));
      break;
    case ValueKind::kDecimal:
      spell_decimal(*array_, kind_, at, scratch);
      break;
    case ValueKind::kDate32:
      spell_date(integer(at), scratch);
      break;
    case ValueKind::kDate64:
      spell_date(integer(at) / 86'400'000, scratch);
      break;
    case ValueKind::kTime:
      spell_time(integer(at), kind_.per_second, scratch);
      break;
    case ValueKind::kTimestamp:
      spell_timestamp(integer(at), kind_, scratch);
      break;
    default:
      spell_integer(integer(at), scratch);
      break;
  }
  return scratch;
}

double ValueView::number(std::size_t row) const {
  if (dictionary_) return dictionary_->number(dictionary_index(row));
  const std::size_t at = row + offset_;
  switch (kind_.type) {
    case ValueKind::kBool:
      return bit(array_->buffers[1], at) ? 1 : 0;
    case ValueKind::kUint64:
      return static_cast<double>(element<std::uint64_t>(*array_, 1, at));
    case ValueKind::kHalf:
      return half(element<std::uint16_t>(*array_, 1, at));
    case ValueKind::kFloat:
      return static_cast<double>(element<float>(*array_, 1, at));
    case ValueKind::kDouble:
      return element<double>(*array_, 1, at);
    case ValueKind::kDecimal: {
      std::string digits;
      spell_decimal(*array_, kind_, at, digits);
      return parse_number(digits, '.').value_or(std::nan(""));
    }
    default:
      return static_cast<double>(integer(at));
  }
}

}  // namespace evenhand::table
