#include "evenhand/cli/progress_bar.h"

#include <sstream>

#include <gtest/gtest.h>

namespace evenhand::cli {
namespace {

struct Screen {
  std::ostringstream out, err;
  std::int64_t now = 0;
  bool stop = false;
  Terminal terminal{out, err};
  explicit Screen(bool is_terminal) {
    terminal.err_is_terminal = is_terminal;
    terminal.steady_ms = [this] { return now; };
    terminal.interrupted = [this] { return stop ? 2 : 0; };
  }
};

TEST(ProgressBar, ShowsShareRateAndTimeLeft) {
  EXPECT_EQ(bar_line({"reading people.csv", Counts::kBytes, 50'000'000, 100'000'000}, 5000, 200),
            "reading people.csv [############............] 50 %  10.0 MB/s  5 s left");
}

TEST(ProgressBar, WithoutAnEndShowsTheRateAlone) {
  EXPECT_EQ(bar_line({"reading -", Counts::kBytes, 4'000'000, 0}, 2000, 200),
            "reading -  2.0 MB/s");
}

TEST(ProgressBar, IsSilentForTwoSeconds) {
  Screen screen(true);
  ProgressBar bar(screen.terminal);
  EXPECT_TRUE(bar.tell({"fit", Counts::kSteps, 1, 10}));
  screen.now = 1999;
  EXPECT_TRUE(bar.tell({"fit", Counts::kSteps, 2, 10}));
  EXPECT_EQ(screen.err.str(), "");
  screen.now = 2000;
  EXPECT_TRUE(bar.tell({"fit", Counts::kSteps, 3, 10}));
  EXPECT_NE(screen.err.str().find("fit ["), std::string::npos);
}

TEST(ProgressBar, IsSilentInAPipe) {
  Screen screen(false);
  ProgressBar bar(screen.terminal);
  EXPECT_TRUE(bar.tell({"fit", Counts::kSteps, 1, 10}));
  screen.now = 60'000;
  EXPECT_TRUE(bar.tell({"fit", Counts::kSteps, 2, 10}));
  EXPECT_EQ(screen.err.str(), "");
}

TEST(ProgressBar, WipesItselfAway) {
  Screen screen(true);
  {
    ProgressBar bar(screen.terminal);
    EXPECT_TRUE(bar.tell({"fit", Counts::kSteps, 1, 10}));
    screen.now = 3000;
    EXPECT_TRUE(bar.tell({"fit", Counts::kSteps, 2, 10}));
  }
  EXPECT_TRUE(screen.err.str().ends_with("\r\x1b[K"));
}

TEST(ProgressBar, PassesOnThatTheUserAskedToStop) {
  Screen screen(false);
  ProgressBar bar(screen.terminal);
  screen.stop = true;
  EXPECT_FALSE(bar.tell({"fit", Counts::kSteps, 1, 10}));
}

}  // namespace
}  // namespace evenhand::cli
