// The backends of all.def, by name.
#include <array>

#include "evenhand/model/model.h"

namespace evenhand::model {

#define EVENHAND_MODEL(name) extern const Backend name;
#include "evenhand/model/all.def"
#undef EVENHAND_MODEL

namespace {
constexpr std::array kAll{
#define EVENHAND_MODEL(name) &name,
#include "evenhand/model/all.def"
#undef EVENHAND_MODEL
};
}  // namespace

std::span<const Backend* const> all_backends() { return kAll; }

const Backend* find_backend(std::string_view name) {
  for (const Backend* backend : kAll) {
    if (backend->name == name) return backend;
  }
  return nullptr;
}

}  // namespace evenhand::model
