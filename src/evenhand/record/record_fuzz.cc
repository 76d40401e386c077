// Any bytes as record.json: a sentence or a record, never a crash; and a record that was read is
// written and read again without change.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "evenhand/base/check.h"
#include "evenhand/record/record_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace evenhand;
  const auto read = record::from_json(std::string_view(reinterpret_cast<const char*>(bytes), size));
  if (!read) return 0;
  const std::string once = record::to_json(*read);
  const auto again = record::from_json(once);
  EVENHAND_CHECK(again);
  EVENHAND_CHECK(record::to_json(*again) == once);
  return 0;
}
