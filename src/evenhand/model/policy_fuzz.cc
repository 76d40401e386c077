// Hostile bytes for the reader of policies: it answers or refuses, and what it took for a policy
// decides every score without a crash.
#include "evenhand/model/policy.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evenhand/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace model = evenhand::model;
  const auto read = model::policy_from_json({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  for (const double score : {-1e300, 0.0, 0.5, 1.0, 1e300}) {
    const double chance = model::chance(read->everybody, score);
    EVENHAND_CHECK(chance >= 0 && chance <= 1);
    for (const model::GroupRule& each : read->groups) {
      EVENHAND_CHECK(model::chance(each.rule, score) >= 0);
    }
  }
  // What was read once is read again as the same from our own writing of it.
  const auto again = model::policy_from_json(model::to_json(*read));
  EVENHAND_CHECK(again.has_value() && model::to_json(*again) == model::to_json(*read));
  return 0;
}
