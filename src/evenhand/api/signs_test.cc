#include "evenhand/api/signs.h"

#include <gtest/gtest.h>

namespace evenhand::api {
namespace {

Shape texts(std::string name, std::vector<std::string> values) {
  Shape out;
  out.name = std::move(name);
  for (auto& value : values) out.values.emplace_back(value, 5);
  out.rows = 5 * out.values.size();
  return out;
}

Shape numbers(std::string name, double low, double high, bool whole = true) {
  Shape out = texts(std::move(name), {"1", "2"});
  out.numeric = true;
  out.whole = whole;
  out.low = low;
  out.high = high;
  return out;
}

using Names = std::vector<std::string>;

TEST(Signs, FirstLineOfValuesIsSeen) {
  EXPECT_EQ(names_like_values({numbers("39", 17, 90), texts("Male", {"Male", "Female"}),
                               texts("Bachelors", {"HS-grad"})}),
            (Names{"39", "Male"}));
}

TEST(Signs, HeaderIsNotTakenForARow) {
  EXPECT_EQ(names_like_values({texts("sex", {"m", "f"}), numbers("age", 17, 90)}), Names{});
  // Years above sums, numbers that a program gave, one name that happens to be a value.
  EXPECT_EQ(names_like_values({numbers("2019", 0, 500), numbers("2020", 0, 500)}), Names{});
  EXPECT_EQ(names_like_values({numbers("0", 0, 1), numbers("1", 0, 1)}), Names{});
  EXPECT_EQ(names_like_values({texts("other", {"other", "none"}), texts("a", {"x"}),
                               texts("b", {"x"}), texts("c", {"x"})}),
            Names{});
}

TEST(Signs, DecimalCommaIsSeenThroughoutAColumn) {
  EXPECT_EQ(decimal_comma_columns({texts("price", {"12,5", "3", "-0,25"}), texts("sex", {"m"})}),
            Names{"price"});
  EXPECT_EQ(decimal_comma_columns({texts("price", {"12,5", "n"})}), Names{});
  EXPECT_EQ(decimal_comma_columns({texts("price", {"1,234", "2,000"})}), Names{});  // thousands?
  EXPECT_EQ(decimal_comma_columns({texts("pair", {"1,5"}), numbers("x", 0, 1, false)}), Names{});
}

}  // namespace
}  // namespace evenhand::api
