// Little-endian bytes, one form for each value.
#include "evenhand/base/bytes.h"

#include <bit>

namespace evenhand {
namespace {

Error too_short() { return {Code::kBadInput, "the bytes end too early; the file is cut short"}; }
Error damaged(const char* what) {
  return {Code::kBadInput, std::string("the bytes are damaged: ") + what};
}

}  // namespace

void Writer::fixed(std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) u8(static_cast<std::uint8_t>(value >> (8 * i)));
}

void Writer::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) u8(static_cast<std::uint8_t>(value | 0x80));
  u8(static_cast<std::uint8_t>(value));
}

void Writer::f64(double value) { u64(std::bit_cast<std::uint64_t>(value)); }

void Writer::text(std::string_view value) {
  varint(value.size());
  raw(value);
}

void Writer::raw(std::string_view value) {
  const auto bytes = std::as_bytes(std::span(value));
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

Result<std::uint64_t> ByteReader::fixed(std::size_t size) {
  if (left_.size() < size) return too_short();
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= static_cast<std::uint64_t>(left_[i]) << (8 * i);
  }
  left_ = left_.subspan(size);
  return value;
}

Result<std::uint8_t> ByteReader::u8() {
  EVENHAND_ASSIGN(const auto value, fixed(1));
  return static_cast<std::uint8_t>(value);
}

Result<std::uint32_t> ByteReader::u32() {
  EVENHAND_ASSIGN(const auto value, fixed(4));
  return static_cast<std::uint32_t>(value);
}

Result<std::uint64_t> ByteReader::u64() { return fixed(8); }

Result<double> ByteReader::f64() {
  EVENHAND_ASSIGN(const auto value, fixed(8));
  return std::bit_cast<double>(value);
}

Result<std::uint64_t> ByteReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    EVENHAND_ASSIGN(const std::uint64_t byte, fixed(1));
    const std::uint64_t bits = byte & 0x7f;
    if (shift == 63 && bits > 1) return damaged("a number is too large");
    value |= bits << shift;
    if (byte < 0x80) {
      // 0x80 0x00 would be a second form of 0.
      if (byte == 0 && shift > 0) return damaged("a number is longer than it needs to be");
      return value;
    }
  }
  return damaged("a number is too large");
}

Result<std::uint64_t> ByteReader::varint(std::uint64_t most) {
  EVENHAND_ASSIGN(const auto value, varint());
  if (value > most) return damaged("a number is larger than it can be");
  return value;
}

Result<std::string_view> ByteReader::raw(std::size_t size) {
  if (left_.size() < size) return too_short();
  const std::string_view value(reinterpret_cast<const char*>(left_.data()), size);
  left_ = left_.subspan(size);
  return value;
}

Result<std::string> ByteReader::text() {
  EVENHAND_ASSIGN(const auto size, count(1));
  EVENHAND_ASSIGN(const auto value, raw(size));
  return std::string(value);
}

Result<std::size_t> ByteReader::count(std::size_t bytes_each) {
  EVENHAND_CHECK(bytes_each >= 1);
  EVENHAND_ASSIGN(const auto value, varint());
  if (value > left_.size() / bytes_each) return too_short();
  return static_cast<std::size_t>(value);
}

Result<void> ByteReader::end() const {
  if (!left_.empty()) return damaged("something follows where they should end");
  return {};
}

}  // namespace evenhand
