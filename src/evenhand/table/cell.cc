#include "evenhand/table/cell.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>
#include <utility>

#include "evenhand/table/utf8.h"

namespace evenhand::table {

namespace {

constexpr std::size_t kWordBytes = 8;

std::uint64_t first_bytes(const char* at, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, size);
  return word;
}

std::uint64_t mix(std::uint64_t x) {  // the finaliser of MurmurHash3 (Appleby 2011)
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0x9e3779b97f4a7c15ULL ^ text.size();
  for (; text.size() > kWordBytes; text.remove_prefix(kWordBytes)) {
    h = mix(h ^ first_bytes(text.data(), kWordBytes));
  }
  return mix(h ^ first_bytes(text.data(), text.size()));
}

std::size_t slot_of(std::uint64_t word, std::uint32_t size, std::size_t slots) {
  // Fibonacci hashing (Knuth 6.4): one multiplication, and the upper bits are the well-mixed ones.
  const std::uint64_t spread = (word ^ size) * 0x9e3779b97f4a7c15ULL;
  return static_cast<std::size_t>(spread >> (64 - std::countr_zero(slots)));
}

// from_chars calls numbers that are too small out of range as well. Only text that is plainly tiny
// counts as 0: a short number with a negative exponent, or 0.000...
bool plainly_tiny(std::string_view text) {
  constexpr std::size_t kShort = 60;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent == std::string_view::npos) return text.substr(0, 2) == "0.";
  return exponent + 1 < text.size() && text[exponent + 1] == '-' && text.size() < kShort;
}

std::optional<double> parse_with_point(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (stop != end || text.empty()) return std::nullopt;
  if (failure == std::errc::result_out_of_range && plainly_tiny(text)) return 0.0;
  if (failure != std::errc{} || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace

std::optional<double> parse_number(std::string_view text, char decimal) {
  if (decimal == '.') return parse_with_point(text);
  constexpr std::size_t kLongest = 1000;  // digits; a longer cell is no number that anyone wrote
  std::array<char, kLongest> pointed{};
  if (text.size() > kLongest || text.find('.') != std::string_view::npos) return std::nullopt;
  std::replace_copy(text.begin(), text.end(), pointed.begin(), decimal, '.');
  return parse_with_point({pointed.data(), text.size()});
}

std::string shown(std::string_view cell) {
  constexpr std::size_t kLongest = 40;
  std::size_t stop = cell.size();
  if (stop > kLongest) {
    stop = kLongest;
    while (stop > 0 && (static_cast<unsigned char>(cell[stop]) & 0xc0) == 0x80) --stop;
    if (stop == 0) stop = kLongest;
  }
  std::string text = "\"";
  for (std::size_t at = 0; at < stop;) {
    const auto byte = static_cast<unsigned char>(cell[at]);
    std::size_t length = 1;
    if (byte >= 0x80) {
      while (at + length < stop && length < 4 &&
             (static_cast<unsigned char>(cell[at + length]) & 0xc0) == 0x80) {
        ++length;
      }
    }
    const std::string_view piece = cell.substr(at, length);
    const bool printable = byte >= 0x20 && byte != 0x7f && utf8_valid_until(piece) == length;
    if (printable) {
      text += piece;
    } else {
      length = 1;
      text += "\\x";
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    at += length;
  }
  return text + (stop < cell.size() ? "...\"" : "\"");
}

std::string spelled(double number) {
  if (std::isnan(number)) return "NaN";
  std::array<char, 64> text{};
  const double size = std::fabs(number);
  const bool plain = size == 0 || (size >= 1e-5 && size < 1e16);
  const auto [end, failure] =
      std::to_chars(text.data(), text.data() + text.size(), number,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  return failure == std::errc{} ? std::string(text.data(), end) : std::string();
}

Coder::Coder(const std::vector<std::string>& missing) : missing_(missing), slots_(64) {}

std::uint32_t Coder::code(std::string_view cell, std::size_t readable) {
  const auto size = static_cast<std::uint32_t>(cell.size());
  std::uint64_t word = 0;
  if (size > kWordBytes) {
    word = hash(cell);
  } else if (readable >= kWordBytes) {
    word = size == 0 ? 0 : first_bytes(cell.data(), kWordBytes) << (8 * (kWordBytes - size));
  } else {
    word = size == 0 ? 0 : first_bytes(cell.data(), size) << (8 * (kWordBytes - size));
  }
  for (std::size_t at = slot_of(word, size, slots_.size());; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.code == kFree) return add(cell, word, at);
    if (slot.word != word || slot.size != size) continue;
    if (size <= kWordBytes) return slot.code;
    if (slot.code == 0) {
      if (std::find(long_missing_.begin(), long_missing_.end(), cell) != long_missing_.end())
        return 0;
    } else if (values_[slot.code - 1] == cell) {
      return slot.code;
    }
  }
}

std::uint32_t Coder::add(std::string_view cell, std::uint64_t word, std::size_t at) {
  std::uint32_t code = 0;
  if (std::find(missing_.begin(), missing_.end(), cell) == missing_.end()) {
    values_.emplace_back(cell);
    code = static_cast<std::uint32_t>(values_.size());
  } else if (cell.size() > kWordBytes) {
    long_missing_.emplace_back(cell);
  }
  slots_[at] = {word, static_cast<std::uint32_t>(cell.size()), code};
  if (++used_ * 2 > slots_.size()) grow();
  return code;
}

void Coder::grow() {
  std::vector<Slot> larger(slots_.size() * 4);
  for (const Slot& slot : slots_) {
    if (slot.code == kFree) continue;
    std::size_t at = slot_of(slot.word, slot.size, larger.size());
    while (larger[at].code != kFree) at = (at + 1) & (larger.size() - 1);
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace evenhand::table
