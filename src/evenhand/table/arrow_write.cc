#include "evenhand/table/arrow_write.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <utility>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "evenhand/base/check.h"

namespace evenhand::table {

namespace {

// Arrow's refusals cross this macro only, as a sentence of ours.
#define EVENHAND_ARROW(expression)                                        \
  do {                                                                    \
    const arrow::Status evenhand_status = (expression);                   \
    if (!evenhand_status.ok()) return refused(evenhand_status.message()); \
  } while (false)

class ParquetWriter final : public TableWriter {
 public:
  explicit ParquetWriter(std::string path) : path_(std::move(path)), part_(path_ + ".part") {}
  ~ParquetWriter() override {
    if (finished_) return;
    if (file_) static_cast<void>(file_->Close());
    std::remove(part_.c_str());
  }

  Result<void> open(const std::vector<Wanted>& columns) {
    return caught([&]() -> Result<void> {
      arrow::FieldVector fields;
      for (const Wanted& column : columns) {
        fields.push_back(
            arrow::field(column.name, column.as == As::kText ? arrow::utf8() : arrow::float64()));
      }
      schema_ = arrow::schema(std::move(fields));
      auto file = arrow::io::FileOutputStream::Open(part_);
      if (!file.ok()) return refused(file.status().message());
      file_ = *file;
      const auto properties =
          parquet::WriterProperties::Builder().compression(parquet::Compression::ZSTD)->build();
      auto writer = parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), file_,
                                                     properties);
      if (!writer.ok()) return refused(writer.status().message());
      writer_ = *std::move(writer);
      return {};
    });
  }

  Result<void> write(const Batch& batch) override {
    return caught([&]() -> Result<void> {
      EVENHAND_CHECK(static_cast<int>(batch.columns.size()) == schema_->num_fields());
      arrow::ArrayVector arrays;
      for (const Column& column : batch.columns) {
        std::shared_ptr<arrow::Array> array;
        EVENHAND_ARROW(column.as == As::kText ? text(column, array) : numbers(column, array));
        arrays.push_back(std::move(array));
      }
      const auto rows = static_cast<std::int64_t>(batch.rows);
      EVENHAND_ARROW(
          writer_->WriteRecordBatch(*arrow::RecordBatch::Make(schema_, rows, std::move(arrays))));
      return {};
    });
  }

  Result<void> finish() override {
    return caught([&]() -> Result<void> {
      EVENHAND_ARROW(writer_->Close());
      EVENHAND_ARROW(file_->Close());
      if (std::rename(part_.c_str(), path_.c_str()) != 0) return refused("it cannot be renamed");
      finished_ = true;
      return {};
    });
  }

 private:
  Error refused(const std::string& why) const {
    return {Code::kIo, "could not write " + path_ + ": " + why};
  }

  // Arrow answers with a status, the Parquet layer below it throws.
  template <class F>
  Result<void> caught(const F& work) const {
    try {
      return work();
    } catch (const std::exception& thrown) {
      return refused(thrown.what());
    }
  }

  static arrow::Status text(const Column& column, std::shared_ptr<arrow::Array>& out) {
    arrow::StringBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<std::int64_t>(column.codes.size())));
    for (const std::uint32_t code : column.codes) {
      ARROW_RETURN_NOT_OK(code == 0 ? builder.AppendNull()
                                    : builder.Append(column.values[code - 1]));
    }
    return builder.Finish(&out);
  }

  static arrow::Status numbers(const Column& column, std::shared_ptr<arrow::Array>& out) {
    arrow::DoubleBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<std::int64_t>(column.numbers.size())));
    for (const double x : column.numbers) {
      if (std::isnan(x)) {
        builder.UnsafeAppendNull();
      } else {
        builder.UnsafeAppend(x);
      }
    }
    return builder.Finish(&out);
  }

  std::string path_, part_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::io::FileOutputStream> file_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  bool finished_ = false;
};

#undef EVENHAND_ARROW

}  // namespace

Result<std::unique_ptr<TableWriter>> create_parquet(const std::string& path,
                                                    const std::vector<Wanted>& columns) {
  auto writer = std::make_unique<ParquetWriter>(path);
  EVENHAND_TRY(writer->open(columns));
  return Result<std::unique_ptr<TableWriter>>(std::move(writer));
}

}  // namespace evenhand::table
