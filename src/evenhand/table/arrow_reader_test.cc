// Parquet and Arrow files, written here by Arrow C++ itself: what comes out is held against what
// was put in, spelled by hand.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <arrow/io/api.h>
#include <arrow/ipc/api.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>
#include <zstd.h>

#include "evenhand/base/digest.h"
#include "evenhand/base/random.h"
#include "evenhand/table/c_stream.h"
#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

using testing::Folder;
using testing::read_all;
using testing::Whole;

const std::string kM(testing::kMissing);

template <class Builder, class Value>
std::shared_ptr<arrow::Array> array_of(Builder builder, const std::vector<Value>& values,
                                       const std::vector<bool>& is_there) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_TRUE((is_there[i] ? builder.Append(values[i]) : builder.AppendNull()).ok());
  }
  return builder.Finish().ValueOrDie();
}

struct Typed {
  std::string name;
  std::shared_ptr<arrow::Array> array;
  std::vector<std::string> text;  // how the rows are spelled, by hand
};

// Three rows of every type that is read; the second one is null.
std::vector<Typed> typed_columns() {
  const std::vector<bool> there = {true, false, true};
  const auto pool = arrow::default_memory_pool();
  const auto decimal = arrow::decimal128(10, 2);
  const auto stamp = arrow::timestamp(arrow::TimeUnit::MILLI);
  const auto zoned = arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  std::vector<Typed> columns = {
      {"bool",
       array_of(arrow::BooleanBuilder(), std::vector<bool>{true, false, false}, there),
       {"true", kM, "false"}},
      {"int8",
       array_of(arrow::Int8Builder(), std::vector<std::int8_t>{-128, 0, 7}, there),
       {"-128", kM, "7"}},
      {"uint16",
       array_of(arrow::UInt16Builder(), std::vector<std::uint16_t>{65535, 0, 7}, there),
       {"65535", kM, "7"}},
      {"int32",
       array_of(arrow::Int32Builder(), std::vector<int>{1, 0, -7}, there),
       {"1", kM, "-7"}},
      {"int64",
       array_of(arrow::Int64Builder(), std::vector<std::int64_t>{INT64_MIN, 0, 100000}, there),
       {"-9223372036854775808", kM, "100000"}},
      {"uint64",
       array_of(arrow::UInt64Builder(), std::vector<std::uint64_t>{UINT64_MAX, 0, 7}, there),
       {"18446744073709551615", kM, "7"}},
      {"float",
       array_of(arrow::FloatBuilder(), std::vector<float>{0.1F, 0, 1}, there),
       {"0.1", kM, "1"}},
      {"double",
       array_of(arrow::DoubleBuilder(), std::vector<double>{0.5, 0, 1e300}, there),
       {"0.5", kM, "1e+300"}},
      {"text",
       array_of(arrow::StringBuilder(),
                std::vector<std::string>{"Åse", "", "a longer text than twelve"}, there),
       {"Åse", kM, "a longer text than twelve"}},
      {"marked",
       array_of(arrow::StringBuilder(), std::vector<std::string>{"?", "", "x"}, there),
       {kM, kM, "x"}},
      {"large",
       array_of(arrow::LargeStringBuilder(), std::vector<std::string>{"x", "", "y"}, there),
       {"x", kM, "y"}},
      {"bytes",
       array_of(arrow::BinaryBuilder(), std::vector<std::string>{"x", "", "y"}, there),
       {"x", kM, "y"}},
      {"coded",
       array_of(arrow::StringDictionaryBuilder(), std::vector<std::string>{"x", "", "x"}, there),
       {"x", kM, "x"}},
      {"decimal",
       array_of(arrow::Decimal128Builder(decimal, pool),
                std::vector<arrow::Decimal128>{arrow::Decimal128(-1230), arrow::Decimal128(0),
                                               arrow::Decimal128(5)},
                there),
       {"-12.30", kM, "0.05"}},
      {"date",
       array_of(arrow::Date32Builder(), std::vector<int>{19753, 0, -1}, there),
       {"2024-01-31", kM, "1969-12-31"}},
      {"stamp",
       array_of(arrow::TimestampBuilder(stamp, pool),
                std::vector<std::int64_t>{1706704200500, 0, -1}, there),
       {"2024-01-31T12:30:00.5", kM, "1969-12-31T23:59:59.999"}},
      {"zoned",
       array_of(arrow::TimestampBuilder(zoned, pool),
                std::vector<std::int64_t>{1706704200000000, 0, 0}, there),
       {"2024-01-31T12:30:00Z", kM, "1970-01-01T00:00:00Z"}},
      {"time",
       array_of(arrow::Time32Builder(arrow::time32(arrow::TimeUnit::SECOND), pool),
                std::vector<int>{45000, 0, 59}, there),
       {"12:30:00", kM, "00:00:59"}},
      {"nothing", std::make_shared<arrow::NullArray>(3), {kM, kM, kM}},
  };
  return columns;
}

std::shared_ptr<arrow::RecordBatch> batch_of(const std::vector<Typed>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const Typed& column : columns) {
    fields.push_back(arrow::field(column.name, column.array->type()));
    arrays.push_back(column.array);
  }
  return arrow::RecordBatch::Make(arrow::schema(fields), arrays[0]->length(), arrays);
}

std::string as_parquet(const arrow::Table& table, std::int64_t rows_per_group = 1 << 20) {
  const auto out = arrow::io::BufferOutputStream::Create().ValueOrDie();
  EXPECT_TRUE(
      parquet::arrow::WriteTable(table, arrow::default_memory_pool(), out, rows_per_group).ok());
  return out->Finish().ValueOrDie()->ToString();
}

std::string as_parquet(const std::shared_ptr<arrow::RecordBatch>& batch) {
  return as_parquet(*arrow::Table::FromRecordBatches({batch}).ValueOrDie());
}

std::string as_arrow(const std::shared_ptr<arrow::RecordBatch>& batch, bool is_stream,
                     int times = 1) {
  const auto out = arrow::io::BufferOutputStream::Create().ValueOrDie();
  const auto writer = (is_stream ? arrow::ipc::MakeStreamWriter(out, batch->schema())
                                 : arrow::ipc::MakeFileWriter(out, batch->schema()))
                          .ValueOrDie();
  for (int i = 0; i < times; ++i) EXPECT_TRUE(writer->WriteRecordBatch(*batch).ok());
  EXPECT_TRUE(writer->Close().ok());
  return out->Finish().ValueOrDie()->ToString();
}

std::string zstandard(const std::string& bytes) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 3));
  return packed;
}

TEST(ArrowReader, SpellsEveryTypePlainlyInEveryFormat) {
  const Folder folder;
  const std::vector<Typed> columns = typed_columns();
  const auto batch = batch_of(columns);
  const std::vector<std::pair<std::string, std::string>> files = {
      {"a.parquet", as_parquet(batch)},
      {"a.arrow", as_arrow(batch, false)},
      {"a.arrows", as_arrow(batch, true)},
      {"a.arrows.zst", zstandard(as_arrow(batch, true))},
      {"misnamed.csv", as_parquet(batch)}};
  for (const auto& [name, bytes] : files) {
    const Result<Whole> whole = read_all(folder.write(name, bytes));
    ASSERT_TRUE(whole) << name << ": " << to_string(whole.error());
    ASSERT_EQ(whole->columns.size(), columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
      EXPECT_EQ(whole->names[c], columns[c].name);
      EXPECT_EQ(whole->columns[c], columns[c].text) << name << ", " << columns[c].name;
    }
    EXPECT_EQ(whole->facts.sha256, sha256_hex(bytes));
    EXPECT_EQ(whole->facts.bytes, bytes.size());
  }
}

TEST(ArrowReader, GivesNumbersOfEveryTypeThatHasThem) {
  const Folder folder;
  const std::string path = folder.write("a.parquet", as_parquet(batch_of(typed_columns())));
  const Result<Whole> whole = read_all(path, {},
                                       {{"bool", As::kNumber},
                                        {"int64", As::kNumber},
                                        {"double", As::kNumber},
                                        {"decimal", As::kNumber},
                                        {"nothing", As::kNumber},
                                        {"int8", As::kNumber}});
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(whole->columns[0], (std::vector<std::string>{"1", kM, "0"}));
  EXPECT_EQ(whole->columns[1], (std::vector<std::string>{"-9.223372036854776e+18", kM, "100000"}));
  EXPECT_EQ(whole->columns[2], (std::vector<std::string>{"0.5", kM, "1e+300"}));
  EXPECT_EQ(whole->columns[3], (std::vector<std::string>{"-12.3", kM, "0.05"}));
  EXPECT_EQ(whole->columns[4], (std::vector<std::string>{kM, kM, kM}));
  EXPECT_EQ(whole->columns[5], (std::vector<std::string>{"-128", kM, "7"}));
}

TEST(ArrowReader, GivesTheSameThroughACStream) {
  const std::vector<Typed> columns = typed_columns();
  const auto whole_batch = batch_of(columns);
  const auto sliced = whole_batch->Slice(1, 2);  // offsets in every column
  ArrowArrayStream stream;
  ASSERT_TRUE(arrow::ExportRecordBatchReader(
                  arrow::RecordBatchReader::Make({sliced, whole_batch}).ValueOrDie(), &stream)
                  .ok());
  Result<std::unique_ptr<Reader>> reader = open_c_stream(&stream, "the table", {});
  ASSERT_TRUE(reader) << to_string(reader.error());
  const Result<Whole> whole = read_all(**reader);
  ASSERT_TRUE(whole) << to_string(whole.error());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::vector<std::string> wanted(columns[c].text.begin() + 1, columns[c].text.end());
    wanted.insert(wanted.end(), columns[c].text.begin(), columns[c].text.end());
    EXPECT_EQ(whole->columns[c], wanted) << columns[c].name;
  }
}

TEST(ArrowReader, StreamsManyRowGroupsAndDictionaries) {
  const Folder folder;
  arrow::StringBuilder texts;
  arrow::DoubleBuilder numbers;
  Random random(5);
  std::vector<std::string> wanted;
  double sum = 0;
  for (int i = 0; i < 200'000; ++i) {
    // The values drift, so that every row group has another dictionary.
    wanted.push_back("v" + std::to_string(i / 1000 + static_cast<int>(random() % 3)));
    ASSERT_TRUE(texts.Append(wanted.back()).ok());
    ASSERT_TRUE(numbers.Append(i).ok());
    sum += i;
  }
  const auto table = arrow::Table::Make(
      arrow::schema({arrow::field("t", arrow::utf8()), arrow::field("x", arrow::float64())}),
      {texts.Finish().ValueOrDie(), numbers.Finish().ValueOrDie()});
  const std::string path = folder.write("a.parquet", as_parquet(*table, 30'000));
  const Result<Whole> whole = read_all(path, {}, {{"x", As::kNumber}, {"t", As::kText}});
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_TRUE(whole->columns[1] == wanted);
  double found = 0;
  for (const std::string& x : whole->columns[0]) found += std::stod(x);
  EXPECT_EQ(found, sum);

  std::uint64_t rows = 0;  // nothing wanted: rows are counted all the same
  const auto facts = scan({path}, {}, {}, 1,
                          [&](unsigned, std::uint64_t, Batch&& batch) {
                            rows += batch.rows;
                            return Result<void>();
                          },
                          {});
  ASSERT_TRUE(facts) << to_string(facts.error());
  EXPECT_EQ(rows, 200'000U);
}

// Encodings of text that newer writers choose, and that Arrow cannot keep coded.
TEST(ArrowReader, ReadsTextInEveryEncoding) {
  for (const auto encoding : {parquet::Encoding::PLAIN, parquet::Encoding::DELTA_BYTE_ARRAY,
                              parquet::Encoding::DELTA_LENGTH_BYTE_ARRAY}) {
    const auto column = array_of(arrow::StringBuilder(), std::vector<std::string>{"F", "M", "F"},
                                 {true, true, true});
    const auto table =
        arrow::Table::Make(arrow::schema({arrow::field("sex", arrow::utf8())}), {column});
    const auto out = arrow::io::BufferOutputStream::Create().ValueOrDie();
    const auto how = parquet::WriterProperties::Builder()
                         .disable_dictionary()
                         ->encoding("sex", encoding)
                         ->build();
    ASSERT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), out, 3, how).ok());
    const Folder folder;
    const std::string path = folder.write("t.parquet", out->Finish().ValueOrDie()->ToString());
    const Result<Whole> whole = read_all(path, {}, {{"sex", As::kText}});
    ASSERT_TRUE(whole) << to_string(whole.error());
    EXPECT_EQ(whole->columns[0], (std::vector<std::string>{"F", "M", "F"}));
  }
}

TEST(ArrowReader, PassesOverNestedColumnsUnlessTheyAreWanted) {
  const Folder folder;
  arrow::ListBuilder lists(arrow::default_memory_pool(), std::make_shared<arrow::Int32Builder>());
  ASSERT_TRUE(lists.Append().ok());
  const auto nested =
      arrow::StructArray::Make({array_of(arrow::Int32Builder(), std::vector<int>{1}, {true}),
                                array_of(arrow::Int32Builder(), std::vector<int>{2}, {true})},
                               std::vector<std::string>{"x", "y"})
          .ValueOrDie();
  const auto batch = batch_of(
      {{"list", lists.Finish().ValueOrDie(), {}},
       {"pair", nested, {}},
       {"x", array_of(arrow::StringBuilder(), std::vector<std::string>{"me"}, {true}), {}}});
  for (const char* name : {"a.parquet", "a.arrow"}) {
    const std::string path = folder.write(
        name, name == std::string("a.arrow") ? as_arrow(batch, false) : as_parquet(batch));
    const Result<Whole> whole = read_all(path, {}, {{"x", As::kText}});
    ASSERT_TRUE(whole) << to_string(whole.error());
    EXPECT_EQ(whole->columns[0], std::vector<std::string>{"me"});
    EXPECT_EQ(folder.without(read_all(path, {}, {{"pair", As::kText}}).error().says),
              std::string(name) +
                  ", column \"pair\": holds values of Arrow type \"+s\" (nested or without a plain "
                  "spelling); "
                  "write it as text or a number");
  }
}

TEST(ArrowReader, TellsColumnsOfOneNameApartByTheirPlace) {
  const Folder folder;
  const auto number = [](int n) {
    return array_of(arrow::Int32Builder(), std::vector<int>{n}, {true});
  };
  const auto batch = batch_of({{"x", number(1), {}}, {"y", number(2), {}}, {"x", number(3), {}}});
  for (const std::string& bytes :
       {as_parquet(batch), as_arrow(batch, false), as_arrow(batch, true)}) {
    const std::string path = folder.write("a", bytes);
    const Result<Whole> whole = read_all(path, {}, {{"column_3", As::kText}, {"y", As::kNumber}});
    ASSERT_TRUE(whole) << to_string(whole.error());
    EXPECT_EQ(whole->columns[0], std::vector<std::string>{"3"});
    EXPECT_EQ(whole->columns[1], std::vector<std::string>{"2"});
    EXPECT_EQ(folder.without(read_all(path, {}, {{"x", As::kText}}).error().says),
              "a: two columns are called \"x\", the 1. and the 3.; rename one, or ask for "
              "\"column_1\" or \"column_3\"");
  }
}

TEST(ArrowReader, NamesRowAndColumnOfABadCell) {
  const Folder folder;
  const auto batch = batch_of(
      {{"x", array_of(arrow::DoubleBuilder(), std::vector<double>{1, HUGE_VAL}, {true, true}), {}},
       {"t",
        array_of(arrow::BinaryBuilder(), std::vector<std::string>{"\xff\xfe", "y"}, {true, true}),
        {}}});
  const std::string path = folder.write("a.parquet", as_parquet(batch));
  EXPECT_EQ(folder.without(read_all(path, {}, {{"x", As::kNumber}}).error().says),
            "a.parquet, row 2, column \"x\": \"inf\" is not a finite number; declare it as a "
            "missing mark if it stands for no value");
  EXPECT_EQ(folder.without(read_all(path, {}, {{"x", As::kNumber}, {"t", As::kText}}).error().says),
            "a.parquet, row 1, column \"t\": \"\\xff\\xfe\" is not UTF-8");
}

TEST(ArrowReader, RefusesFilesThatAreCutShortWhereverTheCutIs) {
  const Folder folder;
  const auto batch = batch_of(typed_columns());
  for (const std::string& whole : {as_parquet(batch), as_arrow(batch, false)}) {
    for (std::size_t keep = 6; keep < whole.size(); keep += 61) {
      const Result<Whole> got = read_all(folder.write("cut", whole.substr(0, keep)));
      ASSERT_FALSE(got) << keep;
      EXPECT_EQ(got.error().code, Code::kBadInput);
    }
  }
  // A stream may end between two batches, and only there.
  const std::string stream = as_arrow(batch, true, 3);
  int read = 0;
  for (std::size_t keep = 4; keep < stream.size(); keep += 61) {
    const Result<Whole> got = read_all(folder.write("cut", stream.substr(0, keep)));
    if (got) {
      ++read;
      EXPECT_EQ(got->rows % 3, 0U);
    }
  }
  EXPECT_LE(read, 3);
}

TEST(ArrowReader, DoesNotCrashOnDamagedFiles) {
  const Folder folder;
  const auto batch = batch_of(typed_columns());
  Random random(11);
  for (const std::string& whole :
       {as_parquet(batch), as_arrow(batch, false), as_arrow(batch, true)}) {
    int refused = 0;
    for (int trial = 0; trial < 400; ++trial) {
      std::string damaged = whole;
      for (int i = 0; i < 3; ++i)
        damaged[8 + random() % (damaged.size() - 8)] = static_cast<char>(random());
      const Result<Whole> got = read_all(folder.write("damaged", damaged));
      if (!got) ++refused;
    }
    EXPECT_GT(refused, 20);
  }
}

TEST(ArrowReader, NeedsAPlainFileForWhatIsReadFromItsEnd) {
  const Folder folder;
  const std::string path =
      folder.write("a.parquet.zst", zstandard(as_parquet(batch_of(typed_columns()))));
  EXPECT_EQ(folder.without(read_all(path).error().says),
            "a.parquet.zst is Parquet, which is read from its end, but it is packed or comes "
            "through a pipe; "
            "name an unpacked file");
}

}  // namespace
}  // namespace evenhand::table
