// The three statements of README.md.
#include "trap.h"

#include <gtest/gtest.h>

namespace {

TEST(LambdaTrap, CountedErrorsMoveNothingForAnyLambda) {
  for (const double lambda : {0.1, 10.0}) {
    const auto lines = trap::run(lambda, 1);
    ASSERT_TRUE(lines.has_value());
    EXPECT_TRUE(lines->at(0).same_bits) << lambda;
    EXPECT_FALSE(lines->at(1).same_bits) << lambda;
    EXPECT_FALSE(lines->at(2).same_bits) << lambda;
  }
}

// On random rows a held-out gap is noise around 0: 20,000 rows, so its standard error is 0.7
// points, whatever the model; 3.5 of them.
TEST(LambdaTrap, RandomRowsHaveNoGapToNarrow) {
  const auto lines = trap::run(0.1, 1);
  ASSERT_TRUE(lines.has_value());
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_LT(lines->at(k).plain.gap, 0.025);
    EXPECT_LT(lines->at(k).fair.gap, 0.025);
    EXPECT_NEAR(lines->at(k).fair.accuracy, 0.5, 0.0125);
  }
}

TEST(LambdaTrap, ARealGapIsNarrowedOnRowsNotSeen) {
  for (const unsigned long seed : {1UL, 2UL, 3UL, 4UL, 5UL}) {
    const auto lines = trap::run(0.1, seed);
    ASSERT_TRUE(lines.has_value());
    EXPECT_GT(lines->at(2).plain.gap, 0.05) << seed;
    EXPECT_LT(lines->at(2).fair.gap, lines->at(2).plain.gap - 0.014) << seed;  // two errors
  }
}

}  // namespace
