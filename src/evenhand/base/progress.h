// How long work tells the face that started it how far it is, and learns whether to stop. The core
// calls it between pieces of work; what is drawn, and when, only the face knows.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace evenhand {

/// What is counted, so that a face can write a rate: bytes as MB/s, steps as they are.
enum class Counts : std::uint8_t { kBytes, kSteps };

/// How far one stage is. `all` is 0 where the end is not known.
struct Progress {
  std::string_view stage;  // "reading people.csv"
  Counts counts = Counts::kSteps;
  std::uint64_t done = 0, all = 0;
};

/// Called between pieces; false asks to stop (Code::kInterrupted). An empty one never stops.
using OnProgress = std::function<bool(const Progress&)>;

}  // namespace evenhand
