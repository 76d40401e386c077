// A table in memory: which of its text is numbers, and which cells keep a column from being so.
#include "evenhand/table/gather.h"

#include <gtest/gtest.h>

namespace evenhand::table {
namespace {

Column text(std::vector<std::string> values, std::vector<std::uint32_t> codes) {
  return {As::kText, std::move(codes), std::move(values), {}};
}

TEST(Strays, AreRowsWithAValueThatIsNoNumber) {
  const Strays strays = strays_of(text({"1", "12O", "2.5"}, {1, 0, 2, 3, 3, 2}), '.');
  EXPECT_EQ(strays.values, 5U);  // the missing one is none
  EXPECT_EQ(strays.rows, 2U);
  EXPECT_EQ(strays.first, 2U);
  EXPECT_TRUE(strays.among_numbers());
}

TEST(Strays, AreNoneOfNumbersAndNotAmongNumbersOfText) {
  EXPECT_FALSE(strays_of(text({"1", "2"}, {1, 2, 0}), '.').among_numbers());
  EXPECT_FALSE(strays_of(text({"a", "2", "c"}, {1, 2, 3}), '.').among_numbers());
  EXPECT_FALSE(strays_of(text({}, {0, 0}), '.').among_numbers());
}

TEST(Strays, ReadTheDecimalMarkThatWasDeclared) {
  EXPECT_EQ(strays_of(text({"1,5", "2,5"}, {1, 2}), ',').rows, 0U);
  EXPECT_EQ(strays_of(text({"1,5", "2,5"}, {1, 2}), '.').rows, 2U);
}

}  // namespace
}  // namespace evenhand::table
