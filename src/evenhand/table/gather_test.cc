// A table in memory: which of its text is numbers, and which cells keep a column from being so.
#include "evenhand/table/gather.h"

#include <gtest/gtest.h>

#include "evenhand/table/cell.h"
#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

Column text(std::vector<std::string> values, std::vector<std::uint32_t> codes) {
  return {As::kText, std::move(codes), std::move(values), {}};
}

std::vector<std::string> cells(const Column& column) {
  std::vector<std::string> out;
  for (const double x : column.numbers) out.push_back(spelled(x));
  for (const std::uint32_t code : column.codes) {
    out.push_back(code == 0 ? "missing" : column.values[code - 1]);
  }
  return out;
}

// The slow twin reads everything as text and turns it into numbers afterwards.
void expect_as_by_text(const std::string& path, const ReadOptions& read,
                       const std::vector<As>& expected) {
  const std::vector<Wanted> wanted{{"a", As::kText}, {"b", As::kText}, {"c", As::kText}};
  std::vector<Wanted> found = wanted;
  const auto fast = gather_as_found({path}, read, found, {true, true, false}, 2, {});
  auto slow = gather({path}, read, wanted, 2, {});
  ASSERT_TRUE(fast && slow);
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    EXPECT_EQ(found[c].as, expected[c]) << c;
    EXPECT_EQ(fast->all.columns[c].as, found[c].as);
    if (found[c].as == As::kNumber) {
      ASSERT_TRUE(become_numbers(slow->all.columns[c], read.decimal));
    }
    EXPECT_EQ(cells(fast->all.columns[c]), cells(slow->all.columns[c])) << c;
  }
}

TEST(GatherAsFound, ReadsWhatReadingByTextDoes) {
  const testing::Folder folder;
  const As n = As::kNumber, t = As::kText;
  expect_as_by_text(folder.write("a.csv", "a,b,c\n1,x,5\n,y,6\n2.5e3,,7\n"), {}, {n, t, t});
  expect_as_by_text(folder.write("b.csv", "a,b,c\n,1,5\n,2,6\n"), {}, {t, n, t});
  std::string late = "a,b,c\n";  // the first piece holds numbers, a later one does not
  for (int i = 0; i < 400'000; ++i) late += std::to_string(i) + ",1,2\n";
  expect_as_by_text(folder.write("c.csv", late + "n/a?,1,2\n"), {}, {t, t, t});
  ReadOptions comma;
  comma.decimal = ',';
  comma.separator = ';';
  expect_as_by_text(folder.write("d.csv", "a;b;c\n1,5;1.5;x\n2,5;2.5;y\n"), comma, {t, t, t});
  ReadOptions skip;
  skip.bad_rows = BadRows::kSkip;
  expect_as_by_text(folder.write("e.csv", "a,b,c\n1,2,3\n"), skip, {t, t, t});
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
