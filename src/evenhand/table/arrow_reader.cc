// Parquet and Arrow files, through Arrow C++: the only file of the program that sees an Arrow type.
// Arrow opens the file and cuts it into record batches; each is handed over by the Arrow C data
// interface, and c_stream.h makes rows of it as of any other.
//
// Memory: one batch a thread, and the pages of Parquet that are being read (a buffered stream, not
// the whole row group).
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <arrow/io/api.h>
#include <arrow/ipc/api.h>
#include <parquet/arrow/reader.h>
#include <parquet/properties.h>

#include "evenhand/table/bytes.h"
#include "evenhand/table/c_stream.h"
#include "evenhand/table/columns.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

namespace {

constexpr std::int64_t kRowsPerPiece = 65'536;

// What a format must do. Arrow's calls may throw (a hostile Parquet page does): `guarded` catches.
class Batches {
 public:
  virtual ~Batches() = default;
  virtual std::shared_ptr<arrow::Schema> schema() const = 0;
  // From now on only these columns are needed, numbered as in the schema; the batches may have
  // more.
  virtual arrow::Status narrow(const std::set<std::size_t>& columns) = 0;
  // Where a column of the schema stands in the batches.
  virtual std::size_t place_of(std::size_t column) const { return column; }
  // Rows in all; 0: not known.
  virtual std::uint64_t rows() const { return 0; }
  // Null at the end.
  virtual arrow::Result<std::shared_ptr<arrow::RecordBatch>> next() = 0;
};

template <class Call>
arrow::Status guarded(const Call& call) {
  try {
    return call();
  } catch (const std::exception& failure) {
    return arrow::Status::Invalid(failure.what());
  }
}

class ParquetBatches final : public Batches {
 public:
  arrow::Status start(const std::string& path) {
    ARROW_ASSIGN_OR_RAISE(file_, arrow::io::ReadableFile::Open(path));
    ARROW_RETURN_NOT_OK(open({}));
    return reader_->GetSchema(&schema_);
  }
  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  std::uint64_t rows() const override {
    return static_cast<std::uint64_t>(reader_->parquet_reader()->metadata()->num_rows());
  }

  arrow::Status narrow(const std::set<std::size_t>& columns) override {
    const parquet::SchemaDescriptor& stored = *reader_->parquet_reader()->metadata()->schema();
    std::vector<int> leaves;  // Parquet counts the leaves of nested columns, Arrow the columns
    for (int i = 0; i < stored.num_columns(); ++i) {
      const int column = stored.group_node()->FieldIndex(*stored.GetColumnRoot(i));
      if (columns.count(static_cast<std::size_t>(column)) != 0) leaves.push_back(i);
    }
    narrowed_ = columns;
    ARROW_RETURN_NOT_OK(open(leaves));
    std::vector<int> row_groups(static_cast<std::size_t>(reader_->num_row_groups()));
    for (std::size_t i = 0; i < row_groups.size(); ++i) row_groups[i] = static_cast<int>(i);
    ARROW_ASSIGN_OR_RAISE(batches_, reader_->GetRecordBatchReader(row_groups, leaves));
    return arrow::Status::OK();
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches_->ReadNext(&batch));
    return batch;
  }

  std::size_t place_of(std::size_t column) const override {
    return static_cast<std::size_t>(std::distance(narrowed_.begin(), narrowed_.find(column)));
  }

 private:
  // @param leaves  text columns among them stay coded, as they are stored.
  arrow::Status open(const std::vector<int>& leaves) {
    parquet::ReaderProperties stored;
    stored.enable_buffered_stream();
    parquet::ArrowReaderProperties read;
    read.set_batch_size(kRowsPerPiece);
    read.set_use_threads(false);
    read.set_pre_buffer(false);
    for (const int leaf : leaves) {
      const parquet::ColumnDescriptor& column =
          *reader_->parquet_reader()->metadata()->schema()->Column(leaf);
      const bool is_flat =
          column.max_repetition_level() == 0 && column.path()->ToDotVector().size() == 1;
      if (is_flat && column.physical_type() == parquet::Type::BYTE_ARRAY && !delta_coded(leaf)) {
        read.set_read_dictionary(leaf, true);
      }
    }
    parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(file_, stored));
    builder.properties(read);
    return builder.Build(&reader_);
  }

  /// Arrow cannot keep these coded ("not yet implemented"), but reads them as plain text.
  bool delta_coded(int leaf) const {
    const auto metadata = reader_->parquet_reader()->metadata();
    for (int group = 0; group < metadata->num_row_groups(); ++group) {
      const auto chunk = metadata->RowGroup(group)->ColumnChunk(leaf);  // owns its encodings
      for (const auto encoding : chunk->encodings()) {
        if (encoding == parquet::Encoding::DELTA_BYTE_ARRAY ||
            encoding == parquet::Encoding::DELTA_LENGTH_BYTE_ARRAY) {
          return true;
        }
      }
    }
    return false;
  }

  std::shared_ptr<arrow::io::ReadableFile> file_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  std::set<std::size_t> narrowed_;
};

// The IPC file format: a table of contents at its end, batches in any order.
class ArrowFileBatches final : public Batches {
 public:
  arrow::Status start(const std::string& path) {
    ARROW_ASSIGN_OR_RAISE(const auto file, arrow::io::ReadableFile::Open(path));
    ARROW_ASSIGN_OR_RAISE(reader_, arrow::ipc::RecordBatchFileReader::Open(file, options()));
    return arrow::Status::OK();
  }
  static arrow::ipc::IpcReadOptions options() {
    arrow::ipc::IpcReadOptions read = arrow::ipc::IpcReadOptions::Defaults();
    read.use_threads = false;
    return read;
  }
  std::shared_ptr<arrow::Schema> schema() const override { return reader_->schema(); }
  arrow::Status narrow(const std::set<std::size_t>&) override { return arrow::Status::OK(); }
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> none;
    if (next_ >= reader_->num_record_batches()) return none;
    return reader_->ReadRecordBatch(next_++);
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader_;
  int next_ = 0;
};

// Our bytes as Arrow's stream, so that an IPC stream may come packed or through a pipe.
class SourceStream final : public arrow::io::InputStream {
 public:
  explicit SourceStream(ByteSource& source) : source_(source) {}
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override { return told_; }
  arrow::Result<std::int64_t> Read(std::int64_t size, void* out) override {
    const Result<std::size_t> got =
        source_.read({static_cast<char*>(out), static_cast<std::size_t>(size)});
    if (!got) return arrow::Status::IOError(got.error().says);
    told_ += static_cast<std::int64_t>(*got);
    return static_cast<std::int64_t>(*got);
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t size) override {
    // A damaged length must not become a huge allocation: what is not there is not made room for.
    constexpr std::int64_t kStep = std::int64_t{16} << 20;
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(0));
    while (buffer->size() < size) {
      const std::int64_t had = buffer->size();
      const std::int64_t step = std::min(kStep, size - had);
      ARROW_RETURN_NOT_OK(buffer->Resize(had + step, false));
      ARROW_ASSIGN_OR_RAISE(const std::int64_t got, Read(step, buffer->mutable_data() + had));
      if (got == step) continue;
      ARROW_RETURN_NOT_OK(buffer->Resize(had + got, false));
      break;
    }
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }

 private:
  ByteSource& source_;
  std::int64_t told_ = 0;
  bool closed_ = false;
};

// The IPC stream format: one batch after the other.
class ArrowStreamBatches final : public Batches {
 public:
  arrow::Status start(ByteSource& source) {
    ARROW_ASSIGN_OR_RAISE(
        reader_, arrow::ipc::RecordBatchStreamReader::Open(std::make_shared<SourceStream>(source),
                                                           ArrowFileBatches::options()));
    return arrow::Status::OK();
  }
  std::shared_ptr<arrow::Schema> schema() const override { return reader_->schema(); }
  arrow::Status narrow(const std::set<std::size_t>&) override { return arrow::Status::OK(); }
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(reader_->ReadNext(&batch));
    return batch;
  }

 private:
  std::shared_ptr<arrow::RecordBatchReader> reader_;
};

// A batch with the schema that it was exported with: dictionaries come and go with Parquet's pages.
struct ArrowPiece final : Piece {
  OwnedSchema schema;
  ArrayPiece array;
};

class ArrowReader final : public Reader {
 public:
  ArrowReader(std::string path, const char* format, ReadOptions options,
              std::unique_ptr<ByteSource> source, std::unique_ptr<Batches> batches)
      : path_(std::move(path)),
        format_(format),
        options_(std::move(options)),
        source_(std::move(source)),
        batches_(std::move(batches)) {}

  Result<void> start() {
    if (const auto status = arrow::ExportSchema(*batches_->schema(), &schema_.schema);
        !status.ok()) {
      return failed(status);
    }
    EVENHAND_ASSIGN(names_, names_of(schema_.schema, spoken(path_)));
    return {};
  }

  const std::vector<std::string>& columns() const override { return names_.unique; }
  const std::vector<std::string>& stored_names() const override { return names_.stored; }

  Result<void> want(std::vector<Wanted> wanted) override {
    EVENHAND_ASSIGN(std::vector<Chosen> chosen, choose(wanted, names_, spoken(path_)));
    EVENHAND_TRY(check_types(schema_.schema, chosen, spoken(path_)));
    std::set<std::size_t> columns;
    for (const Chosen& c : chosen) columns.insert(c.index);
    const arrow::Status status = guarded([&] { return batches_->narrow(columns); });
    if (!status.ok()) return failed(status);
    for (Chosen& c : chosen) c.index = batches_->place_of(c.index);
    chosen_ = std::move(chosen);
    is_narrowed_ = true;
    return {};
  }

  Result<std::unique_ptr<Piece>> take() override {
    if (!is_narrowed_) EVENHAND_TRY(want({}));
    std::shared_ptr<arrow::RecordBatch> batch;
    auto piece = std::make_unique<ArrowPiece>();
    const arrow::Status status = guarded([&] {
      ARROW_ASSIGN_OR_RAISE(batch, batches_->next());
      if (batch == nullptr) return arrow::Status::OK();
      ARROW_RETURN_NOT_OK(batch->ValidateFull());  // a file is not to be trusted
      return arrow::ExportRecordBatch(*batch, &piece->array.array, &piece->schema.schema);
    });
    if (!status.ok()) return failed(status);
    if (batch == nullptr) {
      EVENHAND_TRY(drain(*source_));  // the digest is of the whole file
      return std::unique_ptr<Piece>();
    }
    piece->array.first_row = next_row_;
    next_row_ += static_cast<std::uint64_t>(batch->num_rows());
    return std::unique_ptr<Piece>(std::move(piece));
  }

  Result<Batch> decode(const Piece& piece) const override {
    const auto& arrow_piece = static_cast<const ArrowPiece&>(piece);
    const ArrowSchema& schema = arrow_piece.schema.schema;
    for (const Chosen& c : chosen_) {
      if (c.index >= static_cast<std::size_t>(schema.n_children)) {
        return Error{Code::kBadInput,
                     spoken(path_) + ": a batch has fewer columns than the schema"};
      }
    }
    return decode_array(schema, arrow_piece.array, chosen_, options_, spoken(path_));
  }

  std::pair<std::uint64_t, std::uint64_t> progress() const override {
    const std::uint64_t total = source_->stored_total();
    if (batches_->rows() == 0) return {source_->stored_taken(), total};
    // Parquet's bytes are read to and fro; the share of the rows is what a reader wants to know.
    const double share = static_cast<double>(next_row_ - 1) / static_cast<double>(batches_->rows());
    return {static_cast<std::uint64_t>(share * static_cast<double>(total)), total};
  }

  InputFacts facts() const override {
    InputFacts facts;
    facts.path = path_;
    facts.bytes = source_->stored_taken();
    facts.sha256 = source_->sha256();
    return facts;
  }

 private:
  Error failed(const arrow::Status& status) const {
    std::string says = status.message();
    says = says.substr(0, says.find('\n'));
    while (!says.empty() && (says.back() == '.' || says.back() == ' ')) says.pop_back();
    return {Code::kBadInput, spoken(path_) + " cannot be read as " + format_ + ": " + says};
  }

  std::string path_;
  const char* format_;
  ReadOptions options_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<Batches> batches_;
  OwnedSchema schema_;
  Names names_;
  std::vector<Chosen> chosen_;
  bool is_narrowed_ = false;
  std::uint64_t next_row_ = 1;
};

template <class Format, class Input>
Result<std::unique_ptr<Reader>> open_as(const char* format, Input& input, const std::string& path,
                                        const ReadOptions& options,
                                        std::unique_ptr<ByteSource> source) {
  auto batches = std::make_unique<Format>();
  const arrow::Status status = guarded([&] { return batches->start(input); });
  const std::string says =
      status.ok() ? "" : status.message().substr(0, status.message().find('\n'));
  if (!status.ok()) {
    return Error{Code::kBadInput, spoken(path) + " cannot be read as " + format + ": " + says};
  }
  auto reader =
      std::make_unique<ArrowReader>(path, format, options, std::move(source), std::move(batches));
  EVENHAND_TRY(reader->start());
  return std::unique_ptr<Reader>(std::move(reader));
}

Result<void> need_plain_file(const ByteSource& source, const std::string& path,
                             const char* format) {
  if (source.is_plain_file()) return {};
  return Error{Code::kBadInput,
               spoken(path) + " is " + format +
                   ", which is read from its end, but it is packed or comes through a "
                   "pipe; name an unpacked file"};
}

}  // namespace

Result<std::unique_ptr<Reader>> open_parquet(std::unique_ptr<ByteSource> source,
                                             const std::string& path, const ReadOptions& options) {
  EVENHAND_TRY(need_plain_file(*source, path, "Parquet"));
  return open_as<ParquetBatches>("Parquet", path, path, options, std::move(source));
}

Result<std::unique_ptr<Reader>> open_arrow(std::unique_ptr<ByteSource> source,
                                           const std::string& path, const ReadOptions& options) {
  EVENHAND_ASSIGN(const std::string first, source->peek(6));
  if (first == "ARROW1") {
    EVENHAND_TRY(need_plain_file(*source, path, "an Arrow file"));
    return open_as<ArrowFileBatches>("an Arrow file", path, path, options, std::move(source));
  }
  ByteSource& bytes = *source;
  return open_as<ArrowStreamBatches>("an Arrow stream", bytes, path, options, std::move(source));
}

}  // namespace evenhand::table
