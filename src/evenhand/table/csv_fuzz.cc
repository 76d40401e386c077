// Any bytes as a CSV file: no crash, and what is read does not depend on how the bytes are cut. The
// first byte chooses the options.
#include "evenhand/table/csv.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evenhand::table {
namespace {

class Memory final : public ByteSource {
 public:
  explicit Memory(std::string_view bytes) : rest_(bytes), total_(bytes.size()) {}
  std::uint64_t stored_taken() const override { return total_ - rest_.size(); }
  std::uint64_t stored_total() const override { return total_; }
  std::string sha256() const override { return {}; }

 private:
  Result<std::size_t> unpack(std::span<char> into) override {
    const std::size_t size = std::min(into.size(), rest_.size());
    std::copy_n(rest_.data(), size, into.data());
    rest_.remove_prefix(size);
    return size;
  }
  std::string_view rest_;
  std::size_t total_;
};

void must(bool holds) {
  if (!holds) std::abort();
}

void read_everything(std::string_view bytes, const ReadOptions& options, As as) {
  Result<std::unique_ptr<Reader>> reader = open_csv(std::make_unique<Memory>(bytes), "f", options);
  if (!reader) return must(!reader.error().says.empty());
  std::vector<Wanted> wanted;
  for (const std::string& name : (*reader)->columns()) wanted.push_back({name, as});
  must((*reader)->want(wanted).has_value());
  for (;;) {
    const Result<std::unique_ptr<Piece>> piece = (*reader)->take();
    if (!piece || *piece == nullptr) return;
    const Result<Batch> batch = (*reader)->decode(**piece);
    if (!batch) return must(options.bad_rows == BadRows::kFail);
    must(batch->columns.size() == wanted.size());
    for (const Column& column : batch->columns) {
      must((as == As::kText ? column.codes.size() : column.numbers.size()) == batch->rows);
      for (const std::uint32_t code : column.codes) must(code <= column.values.size());
    }
    must(batch->lines.empty() || batch->lines.size() == batch->rows);
  }
}

std::vector<std::string> fields_of(std::string_view bytes, Dialect dialect) {
  std::vector<std::string> all;
  Records records(bytes, dialect, 1);
  std::vector<Field> fields;
  std::string scratch;
  while (records.next(fields)) {
    for (const Field& field : fields) all.emplace_back(unquoted(field, scratch));
    all.emplace_back("\n");
  }
  return all;
}

void cut_anywhere(std::string_view bytes, Dialect dialect) {
  if (last_record_end(bytes, dialect, true).inside_quotes) return;
  const std::vector<std::string> whole = fields_of(bytes, dialect);
  const std::size_t end = last_record_end(bytes.substr(0, bytes.size() / 2), dialect, false).end;
  std::vector<std::string> parts = fields_of(bytes.substr(0, end), dialect);
  for (std::string& field : fields_of(bytes.substr(end), dialect))
    parts.push_back(std::move(field));
  must(parts == whole);
}

}  // namespace
}  // namespace evenhand::table

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evenhand::table;
  if (size == 0) return 0;
  const std::uint8_t choice = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ReadOptions options;
  options.header = (choice & 1) != 0;
  options.comment = (choice & 2) != 0 ? '#' : '\0';
  options.separator = (choice & 4) != 0 ? ',' : '\0';
  options.bad_rows = (choice & 8) != 0 ? BadRows::kSkip : BadRows::kFail;
  options.decimal = (choice & 16) != 0 ? ',' : '.';
  read_everything(bytes, options, (choice & 32) != 0 ? As::kNumber : As::kText);
  cut_anywhere(bytes, {',', options.comment});
  return 0;
}
