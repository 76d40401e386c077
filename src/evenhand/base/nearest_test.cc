#include "evenhand/base/nearest.h"

#include <gtest/gtest.h>

namespace evenhand {
namespace {

// Origin: by hand; kitten/sitting is the textbook case (Levenshtein distance 3).
TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("cvs", "csv"), 1U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);  // 2 in the unrestricted form
}

TEST(Nearest, GuessesOnlyWhatIsNear) {
  EXPECT_EQ(nearest("sxe", {"age", "sex", "race"}), "sex");
  EXPECT_EQ(nearest("RACE", {"age", "sex", "race"}), "race");
  EXPECT_EQ(nearest("colour", {"age", "sex", "race"}), "");
  EXPECT_EQ(nearest("x", {"y"}), "");
  EXPECT_EQ(nearest("people", {}), "");
}

}  // namespace
}  // namespace evenhand
