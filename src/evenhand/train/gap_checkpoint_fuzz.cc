// Hostile bytes for the reader of checkpoints: it answers or refuses, and never crashes.
#include "evenhand/train/gap_checkpoint.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "evenhand/base/check.h"
#include "evenhand/base/digest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace train = evenhand::train;
  const std::string digest(64, 'a');
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)train::unpack_checkpoint(bytes, digest);

  // No mutation guesses the two digests: given them, the bytes are those between the head and the
  // seal.
  const std::string empty = train::pack_checkpoint(digest, {});
  std::string sealed = empty.substr(0, empty.size() - 65) + std::string(bytes);
  sealed += evenhand::sha256_hex(sealed);
  const auto read = train::unpack_checkpoint(sealed, digest);
  if (!read) return 0;
  // What was read once is read again as the same from our own writing of it.
  const std::string packed = train::pack_checkpoint(digest, *read);
  const auto again = train::unpack_checkpoint(packed, digest);
  EVENHAND_CHECK(again.has_value() && train::pack_checkpoint(digest, *again) == packed);
  return 0;
}
