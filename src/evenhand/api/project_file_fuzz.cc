// Whatever stands in a project file, it is read or refused with a sentence; it never crashes.
#include "evenhand/api/project_file.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evenhand/api/operation.h"
#include "evenhand/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace evenhand;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto project = api::parse_project(text, "fuzz/evenhand.toml");
  if (!project) {
    EVENHAND_CHECK(!project.error().says.empty());
    return 0;
  }
  // What was accepted can be handed to every stage, and each field takes its own value again.
  for (const api::Operation& operation : api::all()) {
    const Json options = api::options_for(*project, operation);
    for (const auto& [name, value] : options.items()) {
      const Field* field = api::find(operation, name);
      EVENHAND_CHECK(field != nullptr);
      EVENHAND_CHECK(field->check(value).has_value());
    }
  }
  return 0;
}
