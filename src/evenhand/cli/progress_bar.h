// One line on a terminal that says how far long work is: bar, rate and time left. It appears after
// two seconds, is drawn at most ten times a second, and wipes itself away. In a pipe it is silent.
#pragma once

#include <cstdint>
#include <string>

#include "evenhand/base/progress.h"
#include "evenhand/cli/terminal.h"

namespace evenhand::cli {

inline constexpr std::int64_t kSilent_ms = 2000, kBetween_ms = 100;

class ProgressBar {
 public:
  explicit ProgressBar(Terminal& terminal) : terminal_(terminal) {}
  ~ProgressBar() { wipe(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Draw when it is time. @return  false when the user asked to stop.
  bool tell(const Progress& progress);
  void wipe();

 private:
  Terminal& terminal_;
  std::string stage_;
  std::int64_t began_ms_ = 0, drawn_ms_ = 0, stage_ms_ = 0;
  bool began_ = false, drawn_ = false;
};

/// "reading people.csv [#####.....] 50 %  12.0 MB/s  4 s left"
/// @param ms  since the stage began.
std::string bar_line(const Progress& progress, std::int64_t ms, int width);

}  // namespace evenhand::cli
