// Which Evenhand this is. The record carries it as code_version.
#pragma once

namespace evenhand {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace evenhand
