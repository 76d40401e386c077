#include "evenhand/table/c_stream.h"

#include <cmath>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

using testing::read_all;
using testing::Whole;

const std::string kM(testing::kMissing);

// A stream made by hand, from the layouts of the Arrow columnar format: no Arrow library here.
struct Source {
  struct Made {
    ArrowSchema schema{};
    ArrowArray array{};
    std::vector<std::vector<char>> bytes;
    std::vector<const void*> buffers;
  };
  std::deque<Made> columns;
  std::vector<ArrowSchema*> schema_children;
  std::vector<ArrowArray*> array_children;
  std::string root_format = "+s";
  const void* no_bitmap = nullptr;
  std::int64_t rows = 0, offset = 0;
  int batches = 1;
  int handed_out = 0;
  int released = 0;
  bool fails = false;
  ArrowArrayStream stream{};

  template <class T>
  static std::vector<char> raw(const std::vector<T>& values) {
    std::vector<char> bytes(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
  }

  // `bits`: the bitmap of values that are there; negative: all of them.
  Made& add(const char* name, const char* format, int bits, std::vector<std::vector<char>> buffers,
            std::int64_t length) {
    Made& made = columns.emplace_back();
    made.schema.format = format;
    made.schema.name = name;
    made.bytes = std::move(buffers);
    made.bytes.insert(made.bytes.begin(),
                      std::vector<char>{static_cast<char>(bits), static_cast<char>(bits >> 8)});
    for (auto& buffer : made.bytes) made.buffers.push_back(buffer.data());
    if (bits < 0) made.buffers[0] = nullptr;
    made.array.length = length;
    made.array.null_count = bits < 0 ? 0 : -1;
    made.array.n_buffers = static_cast<std::int64_t>(made.buffers.size());
    made.array.buffers = made.buffers.data();
    return made;
  }
  Made& add_child(const char* name, const char* format, int bits,
                  std::vector<std::vector<char>> buffers, std::int64_t length) {
    Made& made = add(name, format, bits, std::move(buffers), length);
    schema_children.push_back(&made.schema);
    array_children.push_back(&made.array);
    rows = length;
    return made;
  }

  ArrowArrayStream* open() {
    stream.private_data = this;
    stream.get_schema = [](ArrowArrayStream* s, ArrowSchema* out) {
      auto& self = *static_cast<Source*>(s->private_data);
      *out = {};
      out->format = self.root_format.c_str();
      out->n_children = static_cast<std::int64_t>(self.schema_children.size());
      out->children = self.schema_children.data();
      out->private_data = &self;
      out->release = [](ArrowSchema* schema) {
        ++static_cast<Source*>(schema->private_data)->released;
        schema->release = nullptr;
      };
      return 0;
    };
    stream.get_next = [](ArrowArrayStream* s, ArrowArray* out) {
      auto& self = *static_cast<Source*>(s->private_data);
      *out = {};
      if (self.fails) return EIO;
      if (self.handed_out == self.batches) return 0;
      ++self.handed_out;
      out->length = self.rows;
      out->offset = self.offset;
      out->n_buffers = 1;
      out->buffers = &self.no_bitmap;
      out->n_children = static_cast<std::int64_t>(self.array_children.size());
      out->children = self.array_children.data();
      out->private_data = &self;
      out->release = [](ArrowArray* array) {
        ++static_cast<Source*>(array->private_data)->released;
        array->release = nullptr;
      };
      return 0;
    };
    stream.get_last_error = [](ArrowArrayStream*) { return "the disk is gone"; };
    stream.release = [](ArrowArrayStream* s) {
      ++static_cast<Source*>(s->private_data)->released;
      s->release = nullptr;
    };
    return &stream;
  }
};

TEST(CStream, IsReadAndReleased) {
  Source source;
  source.add_child("n", "i", 0b1011, {Source::raw<std::int32_t>({1, -2, 99, 4})}, 4);
  source.add_child("t", "u", -1,
                   {Source::raw<std::int32_t>({0, 1, 1, 3, 5}), {'a', 'b', 'c', 'N', 'A'}}, 4);
  source.add_child("b", "b", -1, {{0b0101}}, 4);
  source.batches = 2;
  {
    Result<std::unique_ptr<Reader>> reader = open_c_stream(source.open(), "the table", {});
    ASSERT_TRUE(reader) << to_string(reader.error());
    EXPECT_EQ(source.stream.release, nullptr);  // moved, as the interface asks
    const Result<Whole> whole = read_all(**reader, {{"t", As::kText},
                                                    {"n", As::kNumber},
                                                    {"n", As::kText},
                                                    {"b", As::kText},
                                                    {"b", As::kNumber}});
    ASSERT_TRUE(whole) << to_string(whole.error());
    EXPECT_EQ(whole->names, (std::vector<std::string>{"n", "t", "b"}));
    EXPECT_EQ(whole->columns[0], (std::vector<std::string>{"a", kM, "bc", kM, "a", kM, "bc", kM}));
    EXPECT_EQ(whole->columns[1],
              (std::vector<std::string>{"1", "-2", kM, "4", "1", "-2", kM, "4"}));
    EXPECT_EQ(whole->columns[2], whole->columns[1]);
    EXPECT_EQ(whole->columns[3][0], "true");
    EXPECT_EQ(whole->columns[4][1], "0");
  }
  EXPECT_EQ(source.released, 4);  // two arrays, the schema, the stream
}

TEST(CStream, HonoursOffsetsOfTableAndColumn) {
  Source source;
  Source::Made& column = source.add_child("n", "l", 0b11110111,
                                          {Source::raw<std::int64_t>({0, 1, 2, 3, 4, 5, 6, 7})}, 6);
  column.array.offset = 2;
  source.offset = 1;
  source.rows = 4;
  Result<std::unique_ptr<Reader>> reader = open_c_stream(source.open(), "the table", {});
  ASSERT_TRUE(reader);
  const Result<Whole> whole = read_all(**reader);
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(whole->columns[0], (std::vector<std::string>{kM, "4", "5", "6"}));
}

TEST(CStream, LooksThroughDictionaries) {
  Source source;
  Source::Made& dictionary =
      source.add("", "u", -1, {Source::raw<std::int32_t>({0, 1, 2, 3}), {'x', 'y', 'z'}}, 3);
  Source::Made& column = source.add_child("d", "c", 0b1101, {{2, 0, 0, 2}}, 4);
  column.schema.dictionary = &dictionary.schema;
  column.array.dictionary = &dictionary.array;
  Result<std::unique_ptr<Reader>> reader = open_c_stream(source.open(), "the table", {});
  ASSERT_TRUE(reader);
  ASSERT_TRUE((*reader)->want({{"d", As::kText}}));
  const auto piece = (*reader)->take();
  ASSERT_TRUE(piece);
  const Result<Batch> batch = (*reader)->decode(**piece);
  ASSERT_TRUE(batch) << to_string(batch.error());
  // y is in the dictionary but in no row: it is no value of this batch.
  EXPECT_EQ(batch->columns[0].values, (std::vector<std::string>{"z", "x"}));
  EXPECT_EQ(batch->columns[0].codes, (std::vector<std::uint32_t>{1, 0, 2, 1}));
}

TEST(CStream, TakesNaNForMissingAndRefusesInfinity) {
  Source source;
  source.add_child("x", "g", -1, {Source::raw<double>({0.5, std::nan(""), 1})}, 3);
  source.add_child("y", "g", -1, {Source::raw<double>({0.5, 1, HUGE_VAL})}, 3);
  Result<std::unique_ptr<Reader>> reader = open_c_stream(source.open(), "the table", {});
  ASSERT_TRUE(reader);
  ASSERT_TRUE((*reader)->want({{"x", As::kNumber}, {"x", As::kText}}));
  const auto piece = (*reader)->take();
  const Result<Batch> batch = (*reader)->decode(**piece);
  ASSERT_TRUE(batch) << to_string(batch.error());
  EXPECT_TRUE(std::isnan(batch->columns[0].numbers[1]));
  EXPECT_EQ(batch->columns[1].codes, (std::vector<std::uint32_t>{1, 0, 2}));
  ASSERT_TRUE((*reader)->want({{"x", As::kNumber}, {"y", As::kNumber}}));
  const Result<Batch> refused = (*reader)->decode(**piece);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().says,
            "the table, row 3, column \"y\": \"inf\" is not a finite number; declare it as a "
            "missing mark if "
            "it stands for no value");
}

TEST(CStream, SkipsBadRowsInEveryColumn) {
  Source source;
  source.add_child("x", "u", -1,
                   {Source::raw<std::int32_t>({0, 1, 4, 5}), {'1', 'a', 'b', 'c', '3'}}, 3);
  source.add_child("t", "u", -1, {Source::raw<std::int32_t>({0, 1, 2, 3}), {'p', 'q', '\xff'}}, 3);
  ReadOptions options;
  options.bad_rows = BadRows::kSkip;
  Result<std::unique_ptr<Reader>> reader = open_c_stream(source.open(), "the table", options);
  ASSERT_TRUE(reader);
  const Result<Whole> whole = read_all(**reader, {{"t", As::kText}, {"x", As::kNumber}});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->rows, 1U);
  EXPECT_EQ(whole->rows_skipped, 2U);
  EXPECT_EQ(whole->columns[0], std::vector<std::string>{"p"});
  EXPECT_EQ(whole->columns[1], std::vector<std::string>{"1"});
  EXPECT_EQ(whole->first_skipped,
            "the table, row 2, column \"x\": \"abc\" is not a number; expected one such as 0.5, or "
            "a missing mark");
}

TEST(CStream, RefusesWhatIsNotAsDeclared) {
  const auto says = [](Source& source, As as = As::kText) -> std::string {
    Result<std::unique_ptr<Reader>> reader = open_c_stream(source.open(), "the table", {});
    if (!reader) return reader.error().says;
    const Result<Whole> whole = read_all(**reader, {{"c", as}});
    return whole ? "read" : whole.error().says;
  };
  const std::string form = "the table: an array does not have the form that its schema declares";
  {
    Source source;
    source.root_format = "i";
    EXPECT_EQ(says(source), "the table is one column, not a table with named columns");
  }
  {
    Source source;
    source.add_child("c", "i", -1, {Source::raw<std::int32_t>({1})}, 1);
    source.add_child("c", "i", -1, {Source::raw<std::int32_t>({1})}, 1);
    EXPECT_EQ(says(source),
              "the table: two columns are called \"c\", the 1. and the 2.; rename one, or ask for "
              "\"column_1\" or \"column_2\"");
  }
  {
    Source source;
    source.add_child("c", "+l", -1, {}, 1);
    EXPECT_EQ(says(source).substr(0, 60),
              "the table, column \"c\": holds values of Arrow type \"+l\" (nest");
  }
  {
    Source source;
    source.add_child("c", "tdD", -1, {Source::raw<std::int32_t>({1})}, 1);
    EXPECT_EQ(says(source, As::kNumber),
              "the table, column \"c\": holds dates or times; a number was expected");
  }
  {
    Source source;
    source.add_child("c", "u", -1,
                     {Source::raw<std::int32_t>({0, 5, 3}), {'a', 'b', 'c', 'd', 'e'}}, 2);
    EXPECT_EQ(says(source), form);
  }
  {
    Source source;
    source.add_child("c", "i", -1, {Source::raw<std::int32_t>({1})}, 1);
    source.rows = 2;  // more than the column has
    EXPECT_EQ(says(source), form);
  }
  {
    Source source;
    Source::Made& dictionary =
        source.add("", "u", -1, {Source::raw<std::int32_t>({0, 1}), {'x'}}, 1);
    Source::Made& column = source.add_child("c", "c", -1, {{0, -1}}, 2);
    column.schema.dictionary = &dictionary.schema;
    column.array.dictionary = &dictionary.array;
    EXPECT_EQ(says(source), form);
  }
  {
    Source source;
    source.add_child("c", "i", -1, {Source::raw<std::int32_t>({1})}, 1);
    source.fails = true;
    EXPECT_EQ(says(source), "the table cannot be read: the disk is gone");
  }
  ArrowArrayStream used{};
  EXPECT_EQ(open_c_stream(&used, "the table", {}).error().says,
            "the table was read before: its stream is used up");
}

}  // namespace
}  // namespace evenhand::table
