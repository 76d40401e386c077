// Hostile bytes for the reader of weights: it answers or refuses, and never crashes.
#include "evenhand/model/safetensors.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evenhand/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read =
      evenhand::model::unpack_safetensors({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  // What was read once is read again as the same from our own writing of it.
  const auto again = evenhand::model::unpack_safetensors(evenhand::model::pack_safetensors(*read));
  EVENHAND_CHECK(again.has_value() && again->size() == read->size());
  return 0;
}
