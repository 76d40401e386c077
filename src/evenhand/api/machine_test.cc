#include "evenhand/api/machine.h"

#include <gtest/gtest.h>

#include "evenhand/api/outputs.h"

namespace evenhand::api {
namespace {

// Paths as Debian 12 and Ubuntu 24.04 install them.
TEST(Blas, IsJudgedByItsFile) {
  const std::string lib = "/usr/lib/x86_64-linux-gnu/";
  const auto judged = [](const std::string& file) { return judge_blas({file, {}, {}}, {}); };
  EXPECT_EQ(judged(""), Blas::kNone);
  EXPECT_EQ(judged(lib + "blas/libblas.so.3.11.0"), Blas::kReference);
  EXPECT_EQ(judged(lib + "openblas-openmp/libopenblaso-r0.3.26.so"), Blas::kGood);
  EXPECT_EQ(judged(lib + "openblas-openmp/libopenblasp-r0.3.21.so"), Blas::kGood);
  EXPECT_EQ(judged(lib + "openblas-pthread/libopenblasp-r0.3.21.so"), Blas::kThreads);
  EXPECT_EQ(judged("/opt/intel/libmkl_rt.so.2"), Blas::kGood);
}

/// The sentences that doctor says of this BLAS on this processor.
std::string said(const BlasFound& blas, bool avx2, bool avx512) {
  Machine machine;
  machine.avx2 = avx2;
  machine.avx512 = avx512;
  std::string out;
  for (const Missing& each : missing(machine, blas)) out += each.what + " | " + each.mend;
  return out;
}

TEST(Blas, ThatFallsBackToOldKernelsIsToldWithWhatToDo) {
  const std::string file = "/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblaso-r0.3.21.so";
  const std::string dynamic = "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY USE_OPENMP";
  EXPECT_EQ(said({file, "Prescott", dynamic}, true, true),
            "OpenBLAS works with its kernels for Prescott, and this processor has AVX-512: models "
            "train and score several times slower than they could | export "
            "OPENBLAS_CORETYPE=SkylakeX, or install a newer OpenBLAS, which knows this processor");
  EXPECT_EQ(said({file, "generic", "OpenBLAS 0.3.21 USE_OPENMP"}, true, false),
            "OpenBLAS works with its kernels for generic, and this processor has AVX2: models "
            "train and score several times slower than they could | sudo apt-get install "
            "libopenblas0-openmp, a build that chooses its kernels");
  EXPECT_EQ(said({file, "Prescott", dynamic}, false, false), "");  // it has nothing better
  EXPECT_EQ(said({file, "Haswell", dynamic}, true, false), "");
  EXPECT_EQ(said({file, "Zen", dynamic}, true, true), "");
  EXPECT_EQ(said({"/usr/lib/libblas.so.3", "", ""}, true, true),
            "the BLAS is the reference one, some 60 times slower than OpenBLAS | sudo apt-get "
            "install libopenblas0-openmp");
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
