// The envelope of every packed tally: "EVHT", the version of the format, the name of the tally, its
// body, and a checksum, so that bytes of another file, another tally, a newer program or a bad disk
// are told apart. It guards against accidents, not against forgers (the ledger does).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "evenhand/base/bytes.h"
#include "evenhand/base/result.h"

namespace evenhand::tally {

inline constexpr std::uint8_t kFormatVersion = 1;

/// A writer that has written the head.
Writer open_seal(std::string_view name);
/// The bytes with their checksum: FNV-1a over 64 bits, which sees every change of a single byte.
Bytes close_seal(Writer writer);

/// The body within the envelope, not copied.
/// @error kBadInput for other bytes, another tally, another version, a wrong checksum.
Result<ByteReader> break_seal(std::span<const std::byte> bytes, std::string_view name);

/// The name of the tally that is packed in `bytes`. @error as break_seal().
Result<std::string> packed_name(std::span<const std::byte> bytes);

}  // namespace evenhand::tally
