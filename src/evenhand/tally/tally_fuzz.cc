// Any bytes, unpacked as every tally: refused, or read into a tally that behaves like one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "evenhand/tally/all.h"
#include "evenhand/tally/sealed.h"

namespace evenhand::tally {
namespace {

template <class T>
void unpack_and_use(std::span<const std::byte> bytes) {
  auto read = T::unpack(bytes);
  if (!read) {
    EVENHAND_CHECK(read.error().code == Code::kBadInput && !read.error().says.empty());
    return;
  }
  const Bytes again = read->pack();  // what is read has one form
  EVENHAND_CHECK(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  (void)collapse(*read, {});
  auto twice = *read;
  if (twice.merge(*read)) EVENHAND_CHECK(T::unpack(twice.pack()).has_value());
}

}  // namespace
}  // namespace evenhand::tally

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evenhand;
  using namespace evenhand::tally;
  const auto bytes = std::as_bytes(std::span(data, size));
  for_each_tally([&](auto type) {
    using T = typename decltype(type)::type;
    unpack_and_use<T>(bytes);
    // A fuzzer does not guess checksums: give the bytes a good head and seal.
    Writer writer = open_seal(T::kName);
    writer.raw({reinterpret_cast<const char*>(data), size});
    unpack_and_use<T>(close_seal(std::move(writer)));
  });
  return 0;
}
