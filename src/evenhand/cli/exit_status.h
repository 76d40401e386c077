// The one table from what went wrong to what a script sees.
#pragma once

#include <string_view>

#include "evenhand/base/result.h"

namespace evenhand::cli {

inline constexpr int kWrongUsage = 2, kBug = 70, kInterrupted = 130, kTerminated = 143;

/// 2 wrong usage, 3 bad input, 5 an end point failed, 70 our bug, 130 interrupted. What was found
/// has its own: 0 met, 1 a bound broken, 4 cannot tell (api/operation.h).
int exit_status(Code code);

/// As shells count: 130 of SIGINT (Ctrl-C), 143 of SIGTERM.
constexpr int exit_status_of_signal(int signal) { return 128 + signal; }

/// "bad_input": as --json prints it.
std::string_view name(Code code);

}  // namespace evenhand::cli
