// One call of the program, from its words to its exit status. main.cc only lends it the real
// streams and the clock, so tests run all of it.
#pragma once

#include "evenhand/cli/command_line.h"
#include "evenhand/cli/terminal.h"

namespace evenhand::cli {

/// @param words  the arguments without the program's name.
/// @return  the exit status: cli/exit_status.h for errors, api/operation.h for what was found.
int run(const Words& words, Terminal& terminal);

}  // namespace evenhand::cli
