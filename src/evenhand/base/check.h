// Broken invariants: our own mistakes, never a user's input. Always on, in every build.
#pragma once

namespace evenhand {

/// Print where and what to standard error and abort; cli/ turns it into exit status 70.
[[noreturn]] void check_failed(const char* what, const char* file, int line);

}  // namespace evenhand

#define EVENHAND_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::evenhand::check_failed(#condition, __FILE__, __LINE__))
