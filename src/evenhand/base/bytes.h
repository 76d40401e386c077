// Bytes of our own file formats: written in order, read back with every read checked against what
// is left. Little endian whatever the machine; one value has one form, so equal things are equal
// bytes. Nothing here knows what the bytes mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"

namespace evenhand {

using Bytes = std::vector<std::byte>;

/// Appends to bytes. Cannot fail.
class Writer {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(std::byte{value}); }
  void u32(std::uint32_t value) { fixed(value, 4); }
  void u64(std::uint64_t value) { fixed(value, 8); }
  /// Seven bits a byte, lowest first; small numbers take one byte.
  void varint(std::uint64_t value);
  /// The bits of a double (IEEE 754).
  void f64(double value);
  /// Length as varint, then the bytes.
  void text(std::string_view value);
  void raw(std::string_view value);

  std::span<const std::byte> bytes() const { return bytes_; }
  Bytes take() && { return std::move(bytes_); }

 private:
  void fixed(std::uint64_t value, int count);
  Bytes bytes_;
};

/// Reads what Writer wrote, from bytes that anybody may have made.
/// Every read: @error kBadInput if the bytes end too early or are not in the one form.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : left_(bytes) {}

  Result<std::uint8_t> u8();
  Result<std::uint32_t> u32();
  Result<std::uint64_t> u64();
  Result<std::uint64_t> varint();
  /// A varint that is at most `most`.
  Result<std::uint64_t> varint(std::uint64_t most);
  Result<double> f64();
  Result<std::string> text();
  Result<std::string_view> raw(std::size_t size);
  /// How many things follow, each of which takes at least `bytes_each` (>= 1) bytes: a number that
  /// the bytes cannot hold is refused before anything is allocated for it.
  Result<std::size_t> count(std::size_t bytes_each);

  std::size_t left() const { return left_.size(); }
  /// @error kBadInput unless everything has been read.
  Result<void> end() const;

 private:
  Result<std::uint64_t> fixed(std::size_t size);
  std::span<const std::byte> left_;
};

}  // namespace evenhand
