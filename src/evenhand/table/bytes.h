// Bytes of an input in order, as they are after unpacking: a file, standard input, gzip, Zstandard.
// Underneath, the stored bytes are counted and digested on their way, so that a record can say what
// was read without reading it twice. Nothing here knows rows or formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "evenhand/base/result.h"

namespace evenhand::table {

/// Where bytes come from. Inherited by what unpacks, one level deep.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// The first bytes, up to `size` of them, without taking them: `read` gives them again. Once
  /// only.
  Result<std::string> peek(std::size_t size);
  /// Fill `into` from its start with the next bytes; fewer than asked for only at the end.
  /// @return how many; 0 is the end.
  /// @error kIo if the system refuses or the file shrinks meanwhile; kBadInput if what is packed is
  ///        damaged or cut short.
  Result<std::size_t> read(std::span<char> into);
  /// Stored bytes (before unpacking) taken so far.
  virtual std::uint64_t stored_taken() const = 0;
  /// Stored bytes in all; 0: not known (a pipe).
  virtual std::uint64_t stored_total() const = 0;
  /// SHA-256 of the stored bytes taken so far, lower-case hex.
  virtual std::string sha256() const = 0;
  /// Whether the bytes are a regular file's as stored, so that it may also be read by its path, to
  /// and fro.
  virtual bool is_plain_file() const { return false; }

 private:
  virtual Result<std::size_t> unpack(std::span<char> into) = 0;
  std::string peeked_;
};

/// Open a file or, as "-", standard input; gzip and Zstandard are told by their first bytes.
/// @error kNotFound with the nearest name of that folder; kBadInput for a folder, or for an archive
///        that is not unpacked here (zip, bzip2, xz); kIo if the system refuses.
Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path);

/// Take all bytes that are left, for their digest.
Result<void> drain(ByteSource& source);

/// How a path is called in sentences: itself, or "standard input".
std::string spoken(const std::string& path);

/// The failure to open a path that does not exist, with the nearest name of its folder.
Error no_such_file(const std::string& path);

/// The number with thousands separated: 1,234,567.
std::string with_thousands(std::uint64_t number);

}  // namespace evenhand::table
