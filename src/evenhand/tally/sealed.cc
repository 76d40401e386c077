// Head and checksum of packed tallies.
#include "evenhand/tally/sealed.h"

#include <string>

namespace evenhand::tally {
namespace {

constexpr std::string_view kMagic = "EVHT";
constexpr std::size_t kChecksumBytes = 8;

// Fowler, Noll & Vo: each step is a bijection of the sum, so one changed byte changes the end.
std::uint64_t checksum(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0xcbf29ce484222325ULL;
  for (const std::byte b : bytes) sum = (sum ^ static_cast<std::uint64_t>(b)) * 0x100000001b3ULL;
  return sum;
}

Error bad(std::string sentence) { return {Code::kBadInput, std::move(sentence)}; }

// Past magic and version, up to the checksum.
Result<ByteReader> inside(std::span<const std::byte> bytes) {
  ByteReader head(bytes);
  const auto magic = head.raw(kMagic.size());
  if (!magic || *magic != kMagic) return bad("these bytes are not a packed tally");
  EVENHAND_ASSIGN(const std::uint8_t version, head.u8());
  if (version != kFormatVersion) {
    return bad("the tally is packed in format " + std::to_string(version) +
               "; this program reads " + std::to_string(kFormatVersion) +
               " (was it written by a newer one?)");
  }
  if (head.left() < kChecksumBytes) return bad("the packed tally is cut short");
  const auto body = bytes.first(bytes.size() - kChecksumBytes);
  ByteReader tail(bytes.last(kChecksumBytes));
  EVENHAND_ASSIGN(const std::uint64_t expected, tail.u64());
  if (checksum(body) != expected) return bad("the packed tally is damaged: its checksum is wrong");
  return ByteReader(body.subspan(kMagic.size() + 1));
}

}  // namespace

Writer open_seal(std::string_view name) {
  Writer writer;
  writer.raw(kMagic);
  writer.u8(kFormatVersion);
  writer.text(name);
  return writer;
}

Bytes close_seal(Writer writer) {
  writer.u64(checksum(writer.bytes()));
  return std::move(writer).take();
}

Result<ByteReader> break_seal(std::span<const std::byte> bytes, std::string_view name) {
  EVENHAND_ASSIGN(ByteReader body, inside(bytes));
  EVENHAND_ASSIGN(const std::string found, body.text());
  if (found != name) {
    return bad("a tally \"" + std::string(name) + "\" was asked for; these bytes hold another");
  }
  return body;
}

Result<std::string> packed_name(std::span<const std::byte> bytes) {
  EVENHAND_ASSIGN(ByteReader body, inside(bytes));
  return body.text();
}

}  // namespace evenhand::tally
