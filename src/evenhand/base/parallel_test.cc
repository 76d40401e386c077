#include "evenhand/base/parallel.h"

#include <vector>

#include <gtest/gtest.h>

namespace evenhand {
namespace {

TEST(Parallel, EveryPieceIsDoneOnce) {
  for (const unsigned threads : {0U, 1U, 2U, 7U}) {
    for (const std::size_t count : {0, 1, 3, 1000}) {
      std::vector<int> done(count, 0);
      for_each_index(count, threads, [&](std::size_t i) { ++done[i]; });
      EXPECT_EQ(done, std::vector<int>(count, 1)) << threads << " threads";
    }
  }
}

}  // namespace
}  // namespace evenhand
