// Files are whole or not there, whatever stops the writer.
#include "evenhand/record/write.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace evenhand::record {
namespace {

namespace fs = std::filesystem;

class WriteFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("evenhand_write_" + std::to_string(::getpid()) + "_" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
    path_ = (folder_ / "record.json").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string content(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}));
  }

  fs::path folder_;
  std::string path_;
};

TEST_F(WriteFile, WritesAndOverwritesAndLeavesNothingElse) {
  const std::string bytes = std::string("a\0b\n", 4) + std::string(3'000'000, 'x');
  ASSERT_TRUE(write_file(path_, bytes));
  EXPECT_EQ(content(path_), bytes);
  ASSERT_TRUE(write_file(path_, "short"));
  EXPECT_EQ(content(path_), "short");
  EXPECT_EQ(files(), 1u);
}

TEST_F(WriteFile, UsesWhatAKilledWriterLeftAside) {
  std::ofstream(path_ + ".tmp") << std::string(100, 'y');
  ASSERT_TRUE(write_file(path_, "new"));
  EXPECT_EQ(content(path_), "new");
  EXPECT_EQ(files(), 1u);
}

TEST_F(WriteFile, AFailedWriteKeepsTheOldFileAndLeavesNothingHalfWritten) {
  ASSERT_TRUE(write_file(path_, "old"));
  // A limit of the file size stops the write in its middle, like a full disk does.
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit small { 4096, before.rlim_max };
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Result<void> wrote = write_file(path_, std::string(100'000, 'z'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(wrote);
  EXPECT_EQ(wrote.error().code, Code::kIo);
  EXPECT_EQ(wrote.error().says,
            "cannot write \"" + path_ + "\": the file would be larger than this system allows");
  EXPECT_EQ(content(path_), "old");
  EXPECT_EQ(files(), 1u);
}

TEST_F(WriteFile, SaysWhatIsInTheWay) {
  const std::string nowhere = (folder_ / "no" / "record.json").string();
  EXPECT_EQ(
      write_file(nowhere, "x").error().says,
      "cannot write \"" + nowhere + "\": there is no folder \"" + (folder_ / "no").string() + "\"");
  fs::create_directories(path_);
  EXPECT_EQ(write_file(path_, "x").error().says,
            "cannot write \"" + path_ + "\": there is a folder of that name");
  const std::string below = (folder_ / "file" / "record.json").string();
  std::ofstream(folder_ / "file") << "x";
  EXPECT_EQ(
      write_file(below, "x").error().says,
      "cannot write \"" + below + "\": \"" + (folder_ / "file").string() + "\" is not a folder");
  EXPECT_EQ(files(), 2u);
}

TEST_F(WriteFile, RefusesAFolderThatMayNotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  const Result<void> wrote = write_file(path_, "x");
  fs::permissions(folder_, fs::perms::owner_all);
  ASSERT_FALSE(wrote);
  EXPECT_EQ(
      wrote.error().says,
      "cannot write \"" + path_ + "\": you may not write there; choose another folder with --out");
}

TEST_F(WriteFile, TwoWritersDoNotMix) {
  const int other = ::open((path_ + ".tmp").c_str(), O_WRONLY | O_CREAT, 0666);
  ASSERT_GE(other, 0);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  EXPECT_EQ(write_file(path_, "x").error().says,
            "cannot write \"" + path_ + "\": somebody else is writing it at this moment");
  ::close(other);
  EXPECT_TRUE(write_file(path_, "x"));
}

}  // namespace
}  // namespace evenhand::record
