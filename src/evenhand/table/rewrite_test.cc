#include "evenhand/table/rewrite.h"

#include <gtest/gtest.h>

#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

Batch of_rows(std::size_t rows) {
  Batch out;
  out.rows = rows;
  return out;
}

TEST(InOrder, HandsBatchesOnAsTheyStandInTheFile) {
  std::vector<std::size_t> seen;
  InOrder in_order([&](Batch&& batch) -> Result<void> {
    seen.push_back(batch.rows);
    return {};
  });
  for (const std::uint64_t ordinal : {2U, 0U, 3U, 1U}) {
    ASSERT_TRUE(in_order.take(ordinal, of_rows(10 + ordinal)));
  }
  EXPECT_EQ(seen, (std::vector<std::size_t>{10, 11, 12, 13}));
}

TEST(InOrder, StopsWithWhatTheNextOneSays) {
  InOrder in_order([](Batch&&) -> Result<void> { return Error{Code::kIo, "disk full"}; });
  ASSERT_TRUE(in_order.take(1, of_rows(1)));  // it waits
  const auto stopped = in_order.take(0, of_rows(1));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().says, "disk full");
}

TEST(Rewrite, RefusesToWriteOverWhatItReads) {
  const testing::Folder folder;
  const std::string file = folder.write("a.csv", "x\n1\n");
  EXPECT_FALSE(spare_what_is_read(file, {file}));
  EXPECT_TRUE(spare_what_is_read(folder.at("b.csv"), {file}));
}

TEST(Rewrite, ReadsAColumnOnce) {
  std::vector<Wanted> read{{"x", As::kNumber}};
  EXPECT_EQ(place_in(read, "y"), 1U);
  EXPECT_EQ(place_in(read, "x"), 0U);
  EXPECT_EQ(read.size(), 2U);
}

}  // namespace
}  // namespace evenhand::table
