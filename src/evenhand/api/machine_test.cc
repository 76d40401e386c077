#include "evenhand/api/machine.h"

#include <gtest/gtest.h>

#include "evenhand/api/outputs.h"

namespace evenhand::api {
namespace {

// Paths as Debian 12 and Ubuntu 24.04 install them.
TEST(Blas, IsJudgedByItsFile) {
  const std::string lib = "/usr/lib/x86_64-linux-gnu/";
  EXPECT_EQ(judge_blas(""), Blas::kNone);
  EXPECT_EQ(judge_blas(lib + "blas/libblas.so.3.11.0"), Blas::kReference);
  EXPECT_EQ(judge_blas(lib + "openblas-openmp/libopenblaso-r0.3.26.so"), Blas::kGood);
  EXPECT_EQ(judge_blas(lib + "openblas-openmp/libopenblasp-r0.3.21.so"), Blas::kGood);
  EXPECT_EQ(judge_blas(lib + "openblas-pthread/libopenblasp-r0.3.21.so"), Blas::kThreads);
  EXPECT_EQ(judge_blas("/opt/intel/libmkl_rt.so.2"), Blas::kGood);
}

TEST(Machine, HasAThreadSomeMemoryAndLibraries) {
  const Machine machine = look_at_machine();
  EXPECT_GE(machine.threads, 1U);
  EXPECT_GT(machine.memory_bytes, 0U);
  EXPECT_GE(machine.memory_bytes, machine.memory_free_bytes);
  EXPECT_FALSE(machine.libraries.empty());
}

// `date -u -d @1700000000.123` says 2023-11-14 22:13:20.
TEST(Utc, IsIso8601) {
  EXPECT_EQ(utc(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(utc(1700000000123), "2023-11-14T22:13:20.123Z");
}

TEST(CheckFolder, RefusesAFileAndTakesWhatCanBeMade) {
  EXPECT_EQ(check_folder(EVENHAND_SOURCE_DIR "/CMakeLists.txt").error().code, Code::kIo);
  EXPECT_TRUE(check_folder(testing::TempDir() + "/evenhand_to_be_made/b/c"));
  EXPECT_FALSE(check_folder(EVENHAND_SOURCE_DIR "/tools/setup/below"));
}

}  // namespace
}  // namespace evenhand::api
