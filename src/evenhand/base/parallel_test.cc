#include "evenhand/base/parallel.h"

#include <atomic>
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

TEST(Parallel, WhatAPieceThrowsIsThrownOnceAllHaveStopped) {
  for (const unsigned threads : {1U, 4U}) {
    std::atomic<int> running = 0;
    const auto work = [&](std::size_t i) {
      ++running;
      const int before = running--;
      if (i == 100) throw before;
    };
    EXPECT_THROW(for_each_index(1000, threads, work), int) << threads << " threads";
    EXPECT_EQ(running, 0);
  }
}

}  // namespace
}  // namespace evenhand
