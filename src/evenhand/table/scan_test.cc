// Scans of several files on several threads: every row once, errors and interruptions in order.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/digest.h"
#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

using testing::Folder;

const std::function<bool(std::uint64_t, std::uint64_t)> kAlways;  // empty: nobody asks

std::string numbered_rows(int from, int to) {
  std::string bytes;
  for (int i = from; i < to; ++i)
    bytes += std::to_string(i) + ",some text to fill the pieces with\n";
  return bytes;
}

struct Sum {
  double ids = 0;
  std::uint64_t rows = 0;
};

TEST(Scan, GivesEveryRowOnceForAnyNumberOfThreads) {
  const Folder folder;
  const std::string one = "id,text\n" + numbered_rows(0, 100'000);
  const std::string two = "text,id\n" + std::string("x,100000\n");  // columns match by name
  const std::vector<std::string> paths = {folder.write("one.csv", one),
                                          folder.write("two.csv", two)};
  for (const unsigned threads : {1U, 2U, 5U}) {
    std::vector<Sum> sums(threads);
    std::vector<std::atomic<bool>> busy(threads);
    std::mutex mutex;
    std::map<std::uint64_t, double> first_ids;
    const auto facts = scan(
        paths, {}, {{"id", As::kNumber}}, threads,
        [&](unsigned worker, std::uint64_t ordinal, Batch&& batch) -> Result<void> {
          EXPECT_FALSE(busy[worker].exchange(true));
          for (const double id : batch.columns[0].numbers) sums[worker].ids += id;
          sums[worker].rows += batch.rows;
          {
            const std::lock_guard lock(mutex);
            first_ids[ordinal] = batch.rows > 0 ? batch.columns[0].numbers[0] : -1;
          }
          busy[worker] = false;
          return {};
        },
        kAlways);
    ASSERT_TRUE(facts) << to_string(facts.error());
    double ids = 0;
    std::uint64_t rows = 0;
    for (const Sum& sum : sums) {
      ids += sum.ids;
      rows += sum.rows;
    }
    EXPECT_EQ(rows, 100'001U);
    EXPECT_EQ(ids, 100'000.0 * 100'001.0 / 2);
    double last = -1;
    for (const auto& [ordinal, id] : first_ids) {  // ordinals follow the files
      EXPECT_GT(id, last);
      last = id;
    }
    EXPECT_EQ(first_ids.rbegin()->first + 1, first_ids.size());
    EXPECT_EQ((*facts)[0].rows, 100'000U);
    EXPECT_EQ((*facts)[0].bytes, one.size());
    EXPECT_EQ((*facts)[0].sha256, sha256_hex(one));
    EXPECT_EQ((*facts)[1].rows, 1U);
    EXPECT_EQ((*facts)[1].path, paths[1]);
  }
}

TEST(Scan, GivesTheErrorThatStandsFirstInTheFileHoweverManyThreads) {
  const Folder folder;
  const std::string bytes = "id,text\n" + numbered_rows(0, 120'000) + "bad1,x\n" +
                            numbered_rows(0, 40'000) + "bad2,x\n" + numbered_rows(0, 100) +
                            "\"open,x\n";
  const std::string path = folder.write("file", bytes);
  for (int trial = 0; trial < 30; ++trial) {
    const auto facts = scan(
        {path}, {}, {{"id", As::kNumber}}, 1 + static_cast<unsigned>(trial) % 4,
        [](unsigned, std::uint64_t, Batch&&) { return Result<void>(); }, kAlways);
    ASSERT_FALSE(facts);
    EXPECT_EQ(folder.without(facts.error().says),
              "file, line 120,002, column \"id\": \"bad1\" is not a number; expected one such as "
              "0.5, or a "
              "missing mark");
  }
}

TEST(Scan, PassesOnTheCallersErrorOfTheLowestOrdinal) {
  const Folder folder;
  const std::string path = folder.write("file", "id,text\n" + numbered_rows(0, 200'000));
  for (int trial = 0; trial < 20; ++trial) {
    const auto facts = scan(
        {path}, {}, {{"id", As::kNumber}}, 3,
        [](unsigned, std::uint64_t ordinal, Batch&&) -> Result<void> {
          if (ordinal < 2) return {};
          return Error{Code::kBadInput, "piece " + std::to_string(ordinal)};
        },
        kAlways);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().says, "piece 2");
  }
}

TEST(Scan, StopsWhenAskedTo) {
  const Folder folder;
  const std::string path = folder.write("file", "id,text\n" + numbered_rows(0, 200'000));
  std::uint64_t asked = 0;
  std::uint64_t last_done = 0;
  std::uint64_t in_all = 0;
  const auto facts = scan(
      {path}, {}, {{"id", As::kNumber}}, 2,
      [](unsigned, std::uint64_t, Batch&&) { return Result<void>(); },
      [&](std::uint64_t done, std::uint64_t all) {
        EXPECT_GE(done, last_done);
        last_done = done;
        in_all = all;
        return ++asked < 4;
      });
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, Code::kInterrupted);
  EXPECT_EQ(asked, 4U);
  EXPECT_EQ(in_all, std::filesystem::file_size(path));
}

TEST(Scan, CountsSkippedRowsByFile) {
  const Folder folder;
  ReadOptions options;
  options.bad_rows = BadRows::kSkip;
  std::string bytes =
      "id,text\n" + numbered_rows(0, 60'000) + "x\n" + numbered_rows(0, 60'000) + "y\n";
  const auto facts = scan(
      {folder.write("a.csv", bytes), folder.write("b.csv", "id\n1\n")}, options,
      {{"id", As::kNumber}}, 2, [](unsigned, std::uint64_t, Batch&&) { return Result<void>(); },
      kAlways);
  ASSERT_TRUE(facts) << to_string(facts.error());
  EXPECT_EQ((*facts)[0].rows, 120'000U);
  EXPECT_EQ((*facts)[0].rows_skipped, 2U);
  EXPECT_EQ(folder.without((*facts)[0].first_skipped),
            "a.csv, line 60,002: 1 field where the header names 2");
  EXPECT_EQ((*facts)[1].rows_skipped, 0U);
}

TEST(Scan, RefusesAtOnceWhatCannotBe) {
  const Folder folder;
  const std::string path = folder.write("people.csv", "id\n1\n");
  int batches = 0;
  const auto count = [&](unsigned, std::uint64_t, Batch&&) {
    ++batches;
    return Result<void>();
  };
  const auto says = [&](const std::vector<std::string>& paths, unsigned threads,
                        const char* column) {
    const auto facts = scan(paths, {}, {{column, As::kText}}, threads, count, kAlways);
    return facts ? std::string("read") : folder.without(facts.error().says);
  };
  EXPECT_EQ(says({path, folder.at("peple.csv")}, 2, "id"),
            "peple.csv does not exist; did you mean people.csv?");
  EXPECT_EQ(says({}, 1, "id"), "no file was named");
  EXPECT_EQ(says({path}, 0, "id"), "threads must be 1 or more");
  EXPECT_EQ(says({path}, 1, "di"), "people.csv has no column \"di\"; it has \"id\"");
  EXPECT_EQ(batches, 0);
  EXPECT_EQ(says({path}, 1, "id"), "read");
}

TEST(Expand, GivesTheFilesOfAPatternSorted) {
  const Folder folder;
  const std::string b = folder.write("b.csv", "");
  const std::string a = folder.write("a.csv", "");
  const std::string odd = folder.write("odd[1].csv", "");
  EXPECT_EQ(expand(folder.at("?.csv")).value(), (std::vector<std::string>{a, b}));
  EXPECT_EQ(expand(odd).value(),
            std::vector<std::string>{odd});  // a name that exists is no pattern
  EXPECT_EQ(expand("-").value(), std::vector<std::string>{"-"});
  EXPECT_EQ(folder.without(expand(folder.at("*.tsv")).error().says),
            "no file matches the pattern \"*.tsv\"");
  EXPECT_EQ(folder.without(expand(folder.at("aa.csv")).error().says),
            "aa.csv does not exist; did you mean a.csv?");
}

}  // namespace
}  // namespace evenhand::table
