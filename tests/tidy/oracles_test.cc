// The page of oracles says what the comments beside the tests say.
#include <cstdlib>
#include <string>
#include <sys/wait.h>

#include <gtest/gtest.h>

namespace {

TEST(Oracles, ThePageIsWhatItsGeneratorWrites) {
  const std::string command = "'" EVENHAND_SOURCE_DIR "/tools/oracles' --check";
  const int status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "run tools/oracles";
}

}  // namespace
