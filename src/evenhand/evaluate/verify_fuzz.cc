// Any bytes as a record that is verified: it agrees or gets a sentence, and never crashes, whatever
// its tallies, options and findings say of each other.
#include "evenhand/evaluate/verify.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evenhand/base/check.h"
#include "evenhand/evaluate/compare.h"
#include "evenhand/record/record_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace evenhand;
  const auto read = record::from_json(std::string_view(reinterpret_cast<const char*>(bytes), size));
  if (!read) return 0;
  const auto verified = evaluate::verify(*read);
  EVENHAND_CHECK(verified || !verified.error().says.empty());
  const auto compared = evaluate::verify_comparison(*read);
  EVENHAND_CHECK(compared || !compared.error().says.empty());
  return 0;
}
