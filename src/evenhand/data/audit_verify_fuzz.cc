// Hostile records of audits: whatever stands in one, verifying it ends with an answer.
#include "evenhand/data/audit_verify.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evenhand/record/record_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record = evenhand::record::from_json({reinterpret_cast<const char*>(data), size});
  if (record) (void)evenhand::data::verify_audit(*record);
  return 0;
}
