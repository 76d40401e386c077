// JSON Lines: what is read and what is refused. Origin of every expectation: by hand.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

using testing::Folder;
using testing::read_all;
using testing::Whole;

const std::string kM(testing::kMissing);

TEST(JsonLines, AreReadByKeyWhateverTheOrder) {
  const Folder folder;
  const Result<Whole> whole =
      read_all(folder.write("a.jsonl",
                            "{\"a\": 1, \"b\": \"x\"}\n\n  {\"b\": \"y\\n\\u00e5\", \"a\": "
                            "0.5}\r\n{\"c\": true}\n{\"a\": null, \"b\": \"NA\", \"c\": false}"));
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(whole->names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(whole->columns[0], (std::vector<std::string>{"1", "0.5", kM, kM}));
  EXPECT_EQ(whole->columns[1], (std::vector<std::string>{"x", "y\nå", kM, kM}));
  EXPECT_EQ(whole->columns[2], (std::vector<std::string>{kM, kM, "true", "false"}));
}

TEST(JsonLines, GiveNumbersWhereTheyAreWanted) {
  const Folder folder;
  const Result<Whole> whole =
      read_all(folder.write("a",
                            "{\"x\":1}\n{\"x\":\"0.25\"}\n{\"x\":true}\n{\"x\":null}\n{\"x\":\"?\"}"
                            "\n{}\n{\"x\":18446744073709551615}\n"),
               {}, {{"x", As::kNumber}});
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(whole->columns[0],
            (std::vector<std::string>{"1", "0.25", "1", kM, kM, kM, "1.8446744073709552e+19"}));
}

TEST(JsonLines, MayHaveKeysThatComeUpLateAndNestedValuesThatNobodyWants) {
  const Folder folder;
  std::string bytes;
  for (int i = 0; i < 100'000; ++i)
    bytes += "{\"id\": " + std::to_string(i) + ", \"list\": [1, {\"id\": 2}]}\n";
  bytes += "{\"id\": 100000, \"late\": 1}\n";
  const Result<Whole> whole = read_all(folder.write("a.jsonl", bytes), {}, {{"id", As::kText}});
  ASSERT_TRUE(whole) << to_string(whole.error());
  ASSERT_EQ(whole->rows, 100'001U);
  for (std::size_t i = 0; i < whole->rows; ++i) ASSERT_EQ(whole->columns[0][i], std::to_string(i));
}

TEST(JsonLines, AreRefusedWithASentence) {
  const Folder folder;
  struct Bad {
    std::string bytes, says;
  };
  const std::vector<Bad> files = {
      {"", "a.jsonl is empty: not even a header"},
      {"\n \n", "a.jsonl holds only empty lines"},
      {"\xff\xfe{", "a.jsonl is UTF-16; save it as UTF-8"},
      {"[{\"x\": 1}]\n",
       "a.jsonl, line 1: the line is a JSON array; JSON Lines has one object in each line"},
      {"{\"x\": 1}\n7\n",
       "a.jsonl, line 2: the line is a single JSON value; JSON Lines has one object in each line"},
      {"{\"x\": 1}\n{\"x\": \"Andr\xe9\"}\n",
       "a.jsonl, line 2: the line is not UTF-8; save the file as UTF-8"},
      {"{\"x\": 1}\n\n{\"x\": 1, \"x\": 2}\n",
       "a.jsonl, line 3: the key \"x\" stands twice in the line"},
      {"{\"x\": 1}\n{\"x\": [1]}\n",
       "a.jsonl, line 2, column \"x\": a list stands here; text or a number was expected"},
      {"{\"x\": 1}\n{\"x\": {\"y\": 1}}\n",
       "a.jsonl, line 2, column \"x\": an object stands here; text or a number was expected"},
      {"{\"x\": \"abc\"}\n",
       "a.jsonl, line 1, column \"x\": \"abc\" is not a number; expected one such as 0.5, or a "
       "missing mark"},
      {"{\"x\": \"inf\"}\n",
       "a.jsonl, line 1, column \"x\": \"inf\" is not a finite number; declare it as a missing "
       "mark if it stands for no value"},
      {"{\"y\": 1}\n", "a.jsonl has no column \"x\"; it has \"y\""},
  };
  for (const Bad& file : files) {
    const Result<Whole> whole =
        read_all(folder.write("a.jsonl", file.bytes), {}, {{"x", As::kNumber}});
    ASSERT_FALSE(whole) << file.bytes;
    EXPECT_EQ(folder.without(whole.error().says), file.says);
  }
  // What follows the colon is the parser's own word for it.
  for (const auto& [bytes, begin, end] : std::vector<std::array<std::string, 3>>{
           {"{\"x\": 1}\n{\"x\": 1\n", "a.jsonl, line 2: the line is not a JSON object: ", ""},
           {"{\"x\": 1} {\"x\": 2}\n", "a.jsonl, line 1: the line is not a JSON object: ", ""},
           {"{\"x\": NaN}\n", "a.jsonl, line 1: the line is not a JSON object: ", ""},
           {"{\"x\": 1}\n{\"x\": 1, \"y",
            "a.jsonl, line 2: the line is not a JSON object: ", "; the file ends in mid-row"}}) {
    const Result<Whole> whole = read_all(folder.write("a.jsonl", bytes));
    ASSERT_FALSE(whole) << bytes;
    const std::string says = folder.without(whole.error().says);
    EXPECT_EQ(says.substr(0, begin.size()), begin);
    EXPECT_EQ(says.substr(says.size() - std::min(says.size(), end.size())), end);
  }
}

TEST(JsonLines, SkipBadRowsAndKeepTheFirstReason) {
  const Folder folder;
  ReadOptions options;
  options.bad_rows = BadRows::kSkip;
  const Result<Whole> whole =
      read_all(folder.write("a.jsonl",
                            "{\"t\":\"a\",\"x\":1}\n{\"t\":\"b\",\"x\":\"no\"}\n}\n{\"t\":"
                            "\"c\\u0000\",\"x\":2}\n{\"t\":\"d\",\"x\":3}\n"),
               options, {{"t", As::kText}, {"x", As::kNumber}});
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(whole->columns[0], (std::vector<std::string>{"a", "d"}));
  EXPECT_EQ(whole->columns[1], (std::vector<std::string>{"1", "3"}));
  EXPECT_EQ(whole->rows_skipped, 3U);
  EXPECT_EQ(folder.without(whole->first_skipped),
            "a.jsonl, line 2, column \"x\": \"no\" is not a number; expected one such as 0.5, or a "
            "missing mark");
}

}  // namespace
}  // namespace evenhand::table
