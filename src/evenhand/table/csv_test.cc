#include "evenhand/table/csv.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/table/csv_marks.h"
#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

using testing::Folder;
using testing::read_all;
using testing::Whole;

using Rows = std::vector<std::vector<std::string>>;

// The rows of a table, missing cells as "<missing>".
Rows rows_of(const Whole& whole) {
  Rows rows(whole.rows);
  for (std::size_t r = 0; r < whole.rows; ++r) {
    for (const auto& column : whole.columns) rows[r].push_back(column.at(r));
  }
  return rows;
}

// ---- What is read -----------------------------------------------------------------------------

struct Good {
  const char* name;
  std::string bytes;
  std::vector<std::string> names;
  Rows rows;
  ReadOptions options = {};
};

ReadOptions with_comment(char c) {
  ReadOptions o;
  o.comment = c;
  return o;
}
ReadOptions with_separator(char c) {
  ReadOptions o;
  o.separator = c;
  return o;
}
ReadOptions with_format(const char* f) {
  ReadOptions o;
  o.format = f;
  return o;
}
ReadOptions without_header() {
  ReadOptions o;
  o.header = false;
  return o;
}
ReadOptions with_missing(std::vector<std::string> marks) {
  ReadOptions o;
  o.missing = std::move(marks);
  return o;
}

const std::string kM(testing::kMissing);

// Origin: by hand, from the rules at the head of csv.h.
const std::vector<Good>& good_files() {
  static const std::vector<Good> files = {
      {"plain", "a,b\n1,x\n2,y\n", {"a", "b"}, {{"1", "x"}, {"2", "y"}}},
      {"no_last_line_end", "a,b\n1,x\n2,y", {"a", "b"}, {{"1", "x"}, {"2", "y"}}},
      {"crlf", "a,b\r\n1,x\r\n2,y\r\n", {"a", "b"}, {{"1", "x"}, {"2", "y"}}},
      {"cr_alone", "a,b\r1,x\r2,y\r", {"a", "b"}, {{"1", "x"}, {"2", "y"}}},
      {"mixed_line_ends", "a,b\r\n1,x\n2,y\r3,z", {"a", "b"}, {{"1", "x"}, {"2", "y"}, {"3", "z"}}},
      {"byte_order_mark",
       "\xef\xbb\xbf"
       "a,b\n1,x\n",
       {"a", "b"},
       {{"1", "x"}}},
      {"byte_order_mark_before_quote", "\xef\xbb\xbf\"a\",b\n1,x\n", {"a", "b"}, {{"1", "x"}}},
      {"quotes", "a,b\n\"1\",\"x,y\"\n", {"a", "b"}, {{"1", "x,y"}}},
      {"doubled_quotes", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", {"a", "b"}, {{"say \"hi\"", "\""}}},
      {"newline_in_quotes",
       "a,b\n\"1\n2\",x\n3,\"y\r\nz\"\n",
       {"a", "b"},
       {{"1\n2", "x"}, {"3", "y\r\nz"}}},
      {"quote_inside_unquoted",
       "a,b\n5\" pipe,x\n6'2\",y\n",
       {"a", "b"},
       {{"5\" pipe", "x"}, {"6'2\"", "y"}}},
      {"blanks_around", "a , b\n 1\t,  x y \n", {"a", "b"}, {{"1", "x y"}}},
      {"blanks_inside_quotes_stay", "a,b\n\" 1 \",x\n", {"a", "b"}, {{" 1 ", "x"}}},
      {"blanks_around_quotes", "a,b\n1, \"x, y\" \n", {"a", "b"}, {{"1", "x, y"}}},
      {"empty_cells", "a,b,c\n,,\n1,,3\n", {"a", "b", "c"}, {{kM, kM, kM}, {"1", kM, "3"}}},
      {"empty_quotes_are_missing", "a,b\n\"\",x\n", {"a", "b"}, {{kM, "x"}}},
      {"empty_lines", "\n\na,b\n\n1,x\n  \n2,y\n\n\n", {"a", "b"}, {{"1", "x"}, {"2", "y"}}},
      {"double_returns", "a,b\r\r\n1,x\r\r\n", {"a", "b"}, {{"1", "x"}}},
      {"one_column", "a\n1\n\n2\n\"\"\n", {"a"}, {{"1"}, {"2"}, {kM}}},
      {"header_only", "a,b\n", {"a", "b"}, {}},
      {"header_only_without_end", "a,b", {"a", "b"}, {}},
      {"nameless_column", ",b,\n0,x,y\n", {"column_1", "b", "column_3"}, {{"0", "x", "y"}}},
      {"quoted_header", "\"a, b\",\"c\"\"d\"\n1,2\n", {"a, b", "c\"d"}, {{"1", "2"}}},
      {"standard_missing",
       "a,b\nNA,N/A\nNaN,null\n?,x\n",
       {"a", "b"},
       {{kM, kM}, {kM, kM}, {kM, "x"}}},
      {"missing_is_exact", "a,b\nna,Null\n", {"a", "b"}, {{"na", "Null"}}},
      {"declared_missing",
       "a,b\n-9,\nunknown value,x\n",
       {"a", "b"},
       {{kM, ""}, {kM, "x"}},
       with_missing({"-9", "unknown value"})},
      {"semicolons_found", "a;b\n1,5;x\n", {"a", "b"}, {{"1,5", "x"}}},
      {"tabs_found", "a\tb\n1\tx y\n", {"a", "b"}, {{"1", "x y"}}},
      {"bars_found", "a|b\n1|x\n", {"a", "b"}, {{"1", "x"}}},
      {"alike_beats_many", "a;b\nx,y,z;1\nu;2\n", {"a", "b"}, {{"x,y,z", "1"}, {"u", "2"}}},
      {"separator_in_quotes_not_found", "\"a;b;c\",d\n1,2\n", {"a;b;c", "d"}, {{"1", "2"}}},
      {"colon_declared", "a:b\n1:x\n", {"a", "b"}, {{"1", "x"}}, with_separator(':')},
      {"space_declared",
       "a b\n1 x\n\"2 3\" y\n",
       {"a", "b"},
       {{"1", "x"}, {"2 3", "y"}},
       with_separator(' ')},
      {"tsv", "a\tb\n1,2\t\n", {"a", "b"}, {{"1,2", kM}}, with_format("tsv")},
      {"comments",
       "# head, \"er\n#\na,b\n# it's, \"\n1,x\n2,#\n#",
       {"a", "b"},
       {{"1", "x"}, {"2", "#"}},
       with_comment('#')},
      {"comment_mark_in_quotes",
       "a,b\n\"1\n#2\",x\n",
       {"a", "b"},
       {{"1\n#2", "x"}},
       with_comment('#')},
      {"comment_between_quotes",
       "a,b\n\"1\",\"2\"\n#,\"\"\",\"\n\"3\",\"4\"\n",
       {"a", "b"},
       {{"1", "2"}, {"3", "4"}},
       with_comment('#')},
      {"no_header",
       "1,x\n2,y\n",
       {"column_1", "column_2"},
       {{"1", "x"}, {"2", "y"}},
       without_header()},
      {"utf8", "naïve,名前\nÅse,😀\n", {"naïve", "名前"}, {{"Åse", "😀"}}},
      {"adult_style",
       "39, State-gov, <=50K\n50, ?, >50K\n\n",
       {"column_1", "column_2", "column_3"},
       {{"39", "State-gov", "<=50K"}, {"50", kM, ">50K"}},
       without_header()},
  };
  return files;
}

TEST(Csv, ReadsWhatPeopleWrite) {
  const Folder folder;
  for (const Good& file : good_files()) {
    const Result<Whole> whole = read_all(folder.write("file", file.bytes), file.options);
    ASSERT_TRUE(whole) << file.name << ": " << to_string(whole.error());
    EXPECT_EQ(whole->names, file.names) << file.name;
    EXPECT_EQ(rows_of(*whole), file.rows) << file.name;
  }
}

TEST(Csv, ReadsNumbers) {
  const Folder folder;
  const std::string path = folder.write(
      "file",
      "x\n1\n-0.5\n+2\n1e3\n.25\n7.\nNA\n\"3\"\n1e-400\n123456789012345678901234567890\n0.1\n");
  const Result<Whole> whole = read_all(path, {}, {{"x", As::kNumber}});
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(whole->columns[0],
            (std::vector<std::string>{"1", "-0.5", "2", "1000", "0.25", "7", kM, "3", "0",
                                      "1.2345678901234568e+29", "0.1"}));
}

TEST(Csv, ReadsDecimalCommas) {
  const Folder folder;
  ReadOptions options;
  options.decimal = ',';
  const Result<Whole> whole = read_all(folder.write("file", "x;y\n0,5;a\n-1e2;b\n"), options,
                                       {{"x", As::kNumber}, {"y", As::kText}});
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(rows_of(*whole), (Rows{{"0.5", "a"}, {"-100", "b"}}));
}

TEST(Csv, TakesADeclaredMarkThatIsANumberForMissing) {
  const Folder folder;
  const Result<Whole> whole =
      read_all(folder.write("file", "x\n-9\n9\n"), with_missing({"-9"}), {{"x", As::kNumber}});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->columns[0], (std::vector<std::string>{kM, "9"}));
}

TEST(Csv, HandsOutOneColumnTwiceAndInAnyOrder) {
  const Folder folder;
  const Result<Whole> whole = read_all(folder.write("file", "a,b\n1.0,x\n"), {},
                                       {{"b", As::kText}, {"a", As::kNumber}, {"a", As::kText}});
  ASSERT_TRUE(whole);
  EXPECT_EQ(rows_of(*whole), (Rows{{"x", "1", "1.0"}}));
}

// ---- What is refused --------------------------------------------------------------------------

struct Bad {
  const char* name;
  std::string bytes;
  std::string says;
  ReadOptions options = {};
};

const std::vector<Bad>& bad_files() {
  using namespace std::string_literals;
  static const std::vector<Bad> files = {
      {"empty", "", "file is empty: not even a header"},
      {"only_a_mark", "\xef\xbb\xbf", "file is empty: not even a header"},
      {"only_line_ends", "\n\r\n\n", "file holds only empty lines and comments: no header"},
      {"only_comments", "#a\n#b", "file holds only empty lines and comments: no header",
       with_comment('#')},
      {"utf16_little",
       "\xff\xfe"
       "a\0,\0"s,
       "file is UTF-16; save it as UTF-8"},
      {"utf16_big", "\xfe\xff\0a"s, "file is UTF-16; save it as UTF-8"},
      {"zeros", std::string(100, '\0'), "file holds NUL bytes: it is not a text file in UTF-8"},
      {"nul_later", "a,b\n" + std::string(5000, '\n') + "1,x\0y\n"s,
       "file, line 5,002, column \"b\": \"x\\x00y\" holds a NUL byte; text was expected"},
      {"too_few", "x,b,c\n1,2,3\n1,2\n1,2,3\n", "file, line 3: 2 fields where the header names 3"},
      {"too_many", "x,b\n1,2\n1,2,3\n", "file, line 3: 3 fields where the header names 2"},
      {"one_field", "x,b\nabc\n1,2\n", "file, line 2: 1 field where the header names 2"},
      {"comment_for_header", "|1x3 Cross validator\n25,Private\n",
       "file, line 2: 1 field where the header names 2; is the first line no header? If it is a "
       "comment: --comment '|'; if it holds values: --no-header"},
      {"title_for_header", "Our people\n25,Private\n",
       "file, line 2: 2 fields where the header names 1; is the first line no header? If it is a "
       "comment: take it out; if it holds values: --no-header"},
      {"too_few_without_header", "1,2\n3\n", "file, line 2: 1 field where the first row has 2",
       without_header()},
      {"ends_in_mid_row", "x,b,c\n1,2,3\n1,2",
       "file, line 3: the file ends in mid-row, after 2 of 3 fields; fetch the whole file"},
      {"ends_in_mid_row_at_separator", "x,b,c\n1,2,3\n1,",
       "file, line 3: the file ends in mid-row, after 2 of 3 fields; fetch the whole file"},
      {"ends_inside_quotes", "x,b\n1,2\n3,\"y\n4,5\n",
       "file, line 3: the quote that opens here is never closed: the file ends inside it; close "
       "it, or fetch the whole file"},
      {"header_inside_quotes", "x,\"b\n1,2\n",
       "file, line 1: the quote that opens here is never closed: the file ends inside it; close "
       "it, or fetch the whole file"},
      {"text_after_quote", "x,b\n1,\"y\"z\n",
       "file, line 2: text follows a closing quote in the field that a quote opens here; a quote "
       "inside a quoted value is written twice"},
      {"stray_quote_swallows_a_row", "x,b\n1,\"y\n2,\"z\"\n",
       "file, line 2: text follows a closing quote in the field that a quote opens here; a quote "
       "inside a quoted value is written twice"},
      {"text_after_quote_in_header", "x,\"b\"c\n",
       "file, line 1: text follows a closing quote in the header"},
      {"latin1", "x,name\n1,Andr\xe9\n",
       "file, line 2, column \"name\": \"Andr\\xe9\" is not UTF-8; save the file as UTF-8"},
      {"latin1_header", "x,Andr\xe9\n1,y\n",
       "file, line 1: the header's name \"Andr\\xe9\" is not UTF-8; save the file as UTF-8"},
      {"surrogate", "x,b\n1,\xed\xa0\x80\n",
       "file, line 2, column \"b\": \"\\xed\\xa0\\x80\" is not UTF-8; save the file as UTF-8"},
      {"overlong", "x,b\n1,\xc0\xaf\n",
       "file, line 2, column \"b\": \"\\xc0\\xaf\" is not UTF-8; save the file as UTF-8"},
      {"word_for_number", "x,b\n1,2\nabc,2\n",
       "file, line 3, column \"x\": \"abc\" is not a number; expected one such as 0.5, or a "
       "missing mark"},
      {"word_in_quotes", "x,b\n\"1\n2\",2\n",
       "file, line 2, column \"x\": \"1\\x0a2\" is not a number; expected one such as 0.5, or a "
       "missing mark"},
      {"line_after_newlines_in_quotes", "b,x\n\"u\nv\r\nw\",1\n2,y\n",
       "file, line 5, column \"x\": \"y\" is not a number; expected one such as 0.5, or a missing "
       "mark"},
      {"decimal_comma_unasked", "x;b\n0,5;2\n",
       "file, line 2, column \"x\": \"0,5\" is not a number; expected one such as 0.5, or a "
       "missing mark; if its mark is a comma: --decimal ,"},
      {"nan", "x\nnan\n",
       "file, line 2, column \"x\": \"nan\" is not a finite number; declare it as a missing mark "
       "if it stands for no value"},
      {"inf", "x\n1\n-inf\n",
       "file, line 3, column \"x\": \"-inf\" is not a finite number; declare it as a missing mark "
       "if it stands for no value"},
      {"infinity", "x\nInfinity\n",
       "file, line 2, column \"x\": \"Infinity\" is not a finite number; declare it as a missing "
       "mark if it stands for no value"},
      {"huge", "x\n1e999\n",
       "file, line 2, column \"x\": \"1e999\" is not a number; expected one such as 0.5, or a "
       "missing mark"},
      {"hexadecimal", "x\n0x1A\n",
       "file, line 2, column \"x\": \"0x1A\" is not a number; expected one such as 0.5, or a "
       "missing mark"},
      {"long_cell", "x\n" + std::string(100, 'a') + "\n",
       "file, line 2, column \"x\": \"" + std::string(40, 'a') +
           "...\" is not a number; expected one such as 0.5, or a missing mark"},
      {"no_header_and_a_person_in_its_place", "Anna,1,1\nBob,0,1\n",
       "file has no column \"x\"; its first line holds numbers, as a row does: is it the header? "
       "(--no-header calls the columns column_1, column_2, ...)"},
      {"other_column_wanted", "a,X1\n1,2\n", "file has no column \"x\"; it has \"a\", \"X1\""},
  };
  return files;
}

TEST(Csv, RefusesWithASentence) {
  const Folder folder;
  for (const Bad& file : bad_files()) {
    const Result<Whole> whole = read_all(
        folder.write("file", file.bytes), file.options,
        file.options.header ? std::vector<Wanted>{{"x", As::kNumber}} : std::vector<Wanted>{});
    // Files without a column x are about something else; those are read as text.
    if (!whole && whole.error().code == Code::kNotFound &&
        file.says.find("no column") == std::string::npos) {
      const Result<Whole> text = read_all(folder.at("file"), file.options);
      ASSERT_FALSE(text) << file.name;
      EXPECT_EQ(folder.without(text.error().says), file.says) << file.name;
      continue;
    }
    ASSERT_FALSE(whole) << file.name;
    EXPECT_EQ(folder.without(whole.error().says), file.says) << file.name;
  }
}

TEST(Csv, RefusesANameThatTwoColumnsHaveOnlyWhereItIsWanted) {
  const Folder folder;
  const std::string path = folder.write("file", "a,sex,\"b\", sex,,column_5\n1,2,3,4,5,6\n");
  const Result<Whole> all = read_all(path);
  ASSERT_TRUE(all) << to_string(all.error());
  EXPECT_EQ(all->names,
            (std::vector<std::string>{"a", "column_2", "b", "column_4", "column_5_", "column_5"}));
  EXPECT_EQ(rows_of(*all), (Rows{{"1", "2", "3", "4", "5", "6"}}));
  const Result<Whole> sex = read_all(path, {}, {{"a", As::kText}, {"sex", As::kText}});
  ASSERT_FALSE(sex);
  EXPECT_EQ(sex.error().code, Code::kBadInput);
  EXPECT_EQ(folder.without(sex.error().says),
            "file: two columns are called \"sex\", the 2. and the 4.; rename one, or ask for "
            "\"column_2\" or \"column_4\"");
  EXPECT_EQ(read_all(path, {}, {{"column_4", As::kText}})->columns[0],
            (std::vector<std::string>{"4"}));
}

TEST(Csv, GuessesTheColumnThatWasMeant) {
  const Folder folder;
  const Result<Whole> whole =
      read_all(folder.write("people.csv", "age,Gender\n1,x\n"), {}, {{"gendre", As::kText}});
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code, Code::kNotFound);
  EXPECT_EQ(folder.without(whole.error().says),
            "people.csv has no column \"gendre\"; did you mean \"Gender\"?");
}

TEST(Csv, RefusesDialectsThatCannotBe) {
  const Folder folder;
  const std::string path = folder.write("file", "a,b\n");
  ReadOptions same = with_comment('#');
  same.separator = '#';
  ReadOptions decimal;
  decimal.decimal = ';';
  for (const ReadOptions& options : {with_separator('"'), with_separator('\n'), with_comment('\r'),
                                     same, decimal, with_separator('\xe9'), with_format("cvs")}) {
    const auto reader = open(path, options);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, Code::kInvalidArgument);
  }
  EXPECT_EQ(open(path, with_format("cvs")).error().says,
            "there is no format \"cvs\"; did you mean \"csv\"?");
}

TEST(Csv, SkipsBadRowsAndKeepsTheFirstReason) {
  const Folder folder;
  ReadOptions options;
  options.bad_rows = BadRows::kSkip;
  const std::string path = folder.write(
      "file", "x,b\n1,kept\n2\nabc,gone\n3,\"y\"z\n4,Andr\xe9\n\n5,\"two\nlines\"\n6,also\n7");
  const Result<std::unique_ptr<Reader>> reader = open(path, options);
  ASSERT_TRUE(reader);
  ASSERT_TRUE((*reader)->want({{"x", As::kNumber}, {"b", As::kText}}));
  const auto piece = (*reader)->take();
  const Result<Batch> batch = (*reader)->decode(**piece);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->rows, 3U);
  EXPECT_EQ(batch->rows_skipped, 5U);
  EXPECT_EQ(folder.without(batch->first_skipped), "file, line 3: 1 field where the header names 2");
  EXPECT_EQ(batch->columns[0].numbers, (std::vector<double>{1, 5, 6}));
  // A row that was left out leaves no value behind.
  EXPECT_EQ(batch->columns[1].values, (std::vector<std::string>{"kept", "two\nlines", "also"}));
  EXPECT_EQ(folder.without(place(*batch, 0)), "file, line 2");
  EXPECT_EQ(folder.without(place(*batch, 1)), "file, line 8");
  EXPECT_EQ(folder.without(place(*batch, 2)), "file, line 10");
}

TEST(Csv, KeepsWhatWasReadBeforeAnOpenQuote) {
  const Folder folder;
  const auto reader = open(folder.write("file", "x\n1\n2\n\"3\n"), {});
  ASSERT_TRUE(reader);
  ASSERT_TRUE((*reader)->want({{"x", As::kText}}));
  const auto piece = (*reader)->take();
  ASSERT_TRUE(piece);
  EXPECT_EQ((*reader)->decode(**piece)->rows, 2U);
  EXPECT_FALSE((*reader)->take());
}

// ---- Long files: pieces -----------------------------------------------------------------------

TEST(Csv, CutsLongFilesAtRecordsOnly) {
  const Folder folder;
  std::string bytes = "id,text\r\n";
  Rows wanted;
  Random random(7);
  std::uint64_t line = 2;
  std::vector<std::uint64_t> lines;
  for (int i = 0; bytes.size() < 5'000'000; ++i) {
    std::string text;
    const std::uint64_t kind = random() % 4;
    lines.push_back(line);
    if (kind == 0) text = "plain";
    if (kind == 1) text = "a,\"b\"\nc";
    if (kind == 2) text = std::string(random() % 3000, 'x') + "\n,\n\"";
    if (kind == 3) text = "it's 5\"";
    std::string written = text;
    if (kind == 1) written = "\"a,\"\"b\"\"\nc\"";
    if (kind == 2) written = "\"" + text.substr(0, text.size() - 1) + "\"\"\"";
    bytes += std::to_string(i) + "," + written + "\r\n";
    line += 1 + (kind == 1 ? 1U : 0U) + (kind == 2 ? 2U : 0U);
    wanted.push_back({std::to_string(i), text});
  }
  const auto reader = open(folder.write("file", bytes), {});
  ASSERT_TRUE(reader);
  ASSERT_TRUE((*reader)->want({{"id", As::kText}, {"text", As::kText}}));
  std::size_t row = 0;
  std::size_t pieces = 0;
  for (;; ++pieces) {
    auto piece = (*reader)->take();
    ASSERT_TRUE(piece);
    if (*piece == nullptr) break;
    const Result<Batch> batch = (*reader)->decode(**piece);
    ASSERT_TRUE(batch) << to_string(batch.error());
    const auto ids = testing::strings(batch->columns[0]);
    const auto texts = testing::strings(batch->columns[1]);
    for (std::size_t i = 0; i < batch->rows; ++i, ++row) {
      ASSERT_EQ((std::vector<std::string>{ids[i], texts[i]}), wanted[row]);
      ASSERT_EQ(batch->first_line + (batch->lines.empty() ? i : batch->lines[i]), lines[row]);
    }
  }
  EXPECT_EQ(row, wanted.size());
  EXPECT_GE(pieces, 4U);
}

TEST(Csv, TakesARecordLongerThanAPiece) {
  const Folder folder;
  const std::string longest(10'000'000, 'y');
  const Result<Whole> whole = read_all(folder.write("file", "a,b\n1,\"" + longest + "\n\"\n2,z\n"));
  ASSERT_TRUE(whole) << to_string(whole.error());
  ASSERT_EQ(whole->rows, 2U);
  EXPECT_TRUE(whole->columns[1][0] == longest + "\n");
  EXPECT_EQ(whole->columns[1][1], "z");
}

TEST(Csv, RefusesARecordWithoutEnd) {
  const Folder folder;
  const std::string path = folder.write("file", "a,b\n1,\"" + std::string(70'000'000, '\n'));
  const Result<Whole> whole = read_all(path);
  ASSERT_FALSE(whole);
  EXPECT_EQ(
      folder.without(whole.error().says),
      "file, line 2: the quote that opens here is not closed within 64 MiB; is this a table?");
  const Result<Whole> unbroken =
      read_all(folder.write("file", "a,b\n1," + std::string(70'000'000, 'x')));
  ASSERT_FALSE(unbroken);
  EXPECT_EQ(folder.without(unbroken.error().says),
            "file, line 2: no line end within 64 MiB; is this a table?");
}

// ---- The slow twin ----------------------------------------------------------------------------

struct Twin {
  Rows rows;
  bool text_after_quote = false;
  bool open_quote = false;
};

// The rules at the head of csv.h, one character at a time.
Twin slow_twin(const std::string& bytes, char comment) {
  Twin twin;
  std::size_t i = 0;
  const auto at_end = [&] { return i >= bytes.size(); };
  const auto line_end = [&] { return at_end() || bytes[i] == '\n' || bytes[i] == '\r'; };
  const auto pass_line_end = [&] {
    if (!at_end() && bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') ++i;
    ++i;
  };
  while (!at_end()) {
    if (comment != 0 && bytes[i] == comment) {
      while (!line_end()) ++i;
      pass_line_end();
      continue;
    }
    std::vector<std::string> row;
    bool any_quote = false;
    for (;;) {
      std::string cell;
      while (!at_end() && bytes[i] == ' ') ++i;
      const bool is_quoted = !at_end() && bytes[i] == '"';
      if (is_quoted) {
        any_quote = true;
        for (++i;; ++i) {
          if (at_end()) {
            twin.open_quote = true;
            break;
          }
          if (bytes[i] == '"' && i + 1 < bytes.size() && bytes[i + 1] == '"')
            ++i;
          else if (bytes[i] == '"')
            break;
          cell += bytes[i];
        }
        ++i;
        while (!line_end() && bytes[i] != ',') twin.text_after_quote |= bytes[i++] != ' ';
      } else {
        while (!line_end() && bytes[i] != ',') cell += bytes[i++];
        while (!cell.empty() && cell.back() == ' ') cell.pop_back();
      }
      row.push_back(cell);
      if (line_end()) break;
      ++i;
    }
    pass_line_end();
    if (row.size() > 1 || !row[0].empty() || any_quote) twin.rows.push_back(row);
  }
  return twin;
}

Rows fast(const std::string& bytes, char comment, bool& text_after_quote) {
  Rows rows;
  Records records(bytes, {',', comment}, 1);
  std::vector<Field> fields;
  std::string scratch;
  while (records.next(fields)) {
    std::vector<std::string>& row = rows.emplace_back();
    for (const Field& field : fields) row.emplace_back(unquoted(field, scratch));
    text_after_quote |= records.text_after_quote() != 0;
  }
  return rows;
}

TEST(Csv, AgreesWithTheSlowTwinOnRandomFiles) {
  constexpr std::string_view kLetters = "a,\"\n\r #b,\"\n";
  Random random(1);
  for (int trial = 0; trial < 200'000; ++trial) {
    std::string bytes;
    const std::size_t size = random() % (trial % 100 == 0 ? 300 : 24);
    for (std::size_t i = 0; i < size; ++i) bytes += kLetters[random() % kLetters.size()];
    const char comment = trial % 2 == 0 ? '#' : '\0';
    const Twin twin = slow_twin(bytes, comment);
    const Cut cut = last_record_end(bytes, {',', comment}, true);
    ASSERT_EQ(cut.inside_quotes, twin.open_quote) << ::testing::PrintToString(bytes);
    if (twin.open_quote) continue;
    bool text_after_quote = false;
    ASSERT_EQ(fast(bytes, comment, text_after_quote), twin.rows) << ::testing::PrintToString(bytes);
    ASSERT_EQ(text_after_quote, twin.text_after_quote) << ::testing::PrintToString(bytes);
  }
}

// Cutting a file where last_record_end says, and reading the parts, is reading the whole, however
// few of its bytes were there when the cut was made.
TEST(Csv, ReadsThePartsAsTheWhole) {
  constexpr std::string_view kLetters = "a,\"\n\r #";
  Random random(2);
  int cuts = 0;
  for (int trial = 0; trial < 100'000; ++trial) {
    std::string bytes;
    const std::size_t size = 2 + random() % 40;
    for (std::size_t i = 0; i < size; ++i) bytes += kLetters[random() % kLetters.size()];
    const char comment = trial % 2 == 0 ? '#' : '\0';
    const Dialect dialect{',', comment};
    if (last_record_end(bytes, dialect, true).inside_quotes) continue;
    const std::size_t known = 1 + random() % (size - 1);
    const std::size_t end =
        last_record_end(std::string_view(bytes).substr(0, known), dialect, false).end;
    ASSERT_LE(end, known);
    bool ignored = false;
    Rows parts = fast(bytes.substr(0, end), comment, ignored);
    for (auto& row : fast(bytes.substr(end), comment, ignored)) parts.push_back(row);
    ASSERT_EQ(parts, fast(bytes, comment, ignored))
        << ::testing::PrintToString(bytes) << " at " << end;
    ASSERT_EQ(count_line_ends(bytes),
              count_line_ends(bytes.substr(0, end)) + count_line_ends(bytes.substr(end)));
    cuts += end > 0 ? 1 : 0;
  }
  EXPECT_GT(cuts, 10'000);
}

TEST(CsvMarks, AreTheSameWithAndWithoutAvx2) {
  const std::string kLetters = std::string("a,\"\n\r ") + '\0' + "\x80zbcdefgh";
  Random random(3);
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string bytes;
    const std::size_t size = random() % 400;
    const std::size_t letters = trial % 3 == 0 ? 5 : 16;
    for (std::size_t i = 0; i < size; ++i) bytes += kLetters[random() % letters];
    if (trial % 7 == 0)
      bytes = std::string(size, 'x') + (trial % 2 == 0 ? std::string(1, '\0') : "\xff");
    std::vector<std::uint64_t> marks(bytes.size() / 64 + 1, ~std::uint64_t{0});
    std::vector<std::uint64_t> slow(marks.size());
    const Seen seen = mark(bytes, ',', marks);
    const Seen seen_slowly = plain::mark(bytes, ',', slow);
    ASSERT_EQ(marks, slow);
    ASSERT_EQ(seen.ascii, seen_slowly.ascii);
    ASSERT_EQ(seen.nul, seen_slowly.nul);
    ASSERT_EQ(count_line_ends(bytes), plain::count_line_ends(bytes));
  }
}

}  // namespace
}  // namespace evenhand::table
