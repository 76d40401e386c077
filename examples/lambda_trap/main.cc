// Prints the three lines of the trap; README.md says how to read them.
#include <cstdio>

#include "trap.h"

int main() {
  const auto lines = trap::run(0.1, 1);
  if (!lines) {
    std::fprintf(stderr, "%s\n", evenhand::to_string(lines.error()).c_str());
    return 1;
  }
  std::printf("%-28s  %-14s  %-18s  %s\n", "lambda 0 -> 0.1", "gap (points)", "accuracy (%)",
              "weights");
  for (const trap::Line& line : *lines) {
    std::printf("%-28s  %5.2f -> %5.2f  %6.2f -> %6.2f    %s\n", line.what.c_str(),
                100 * line.plain.gap, 100 * line.fair.gap, 100 * line.plain.accuracy,
                100 * line.fair.accuracy, line.same_bits ? "the same, to the last bit" : "moved");
  }
  return 0;
}
