// Where the command line speaks, and what it may ask of the machine: streams, a clock, whether the
// user asked to stop. main.cc gives the real ones, tests give their own.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace evenhand::cli {

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;           // draws a progress bar
  bool colour = false;                    // on err; never the sole bearer of meaning
  bool colour_out = false;                // on out
  int width = 100;                        // columns
  std::function<int()> interrupted = {};  // the signal that asked to stop, else 0; empty: never
  std::function<std::int64_t()> steady_ms = {};  // for rates; empty: no bar
  std::function<std::int64_t()> now_ms = {};     // since 1970-01-01 UTC
  std::string host = {};
};

}  // namespace evenhand::cli
