#include "evenhand/table/gather.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "evenhand/base/parallel.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"

namespace evenhand::table {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Appends the same column of batch after batch.
class Stitch {
 public:
  Stitch(Column& whole, std::size_t rows) : whole_(whole) {
    whole_.as == As::kNumber ? whole_.numbers.reserve(rows) : whole_.codes.reserve(rows);
  }

  void append(Column&& part) {
    if (whole_.as == As::kNumber) {
      whole_.numbers.insert(whole_.numbers.end(), part.numbers.begin(), part.numbers.end());
      return;
    }
    std::vector<std::uint32_t> new_code(part.values.size() + 1);
    for (std::size_t v = 0; v < part.values.size(); ++v) {
      const auto next = static_cast<std::uint32_t>(whole_.values.size() + 1);
      const auto [at, is_new] = code_of_.try_emplace(part.values[v], next);
      if (is_new) whole_.values.push_back(std::move(part.values[v]));
      new_code[v + 1] = at->second;
    }
    for (const std::uint32_t code : part.codes) whole_.codes.push_back(new_code[code]);
  }

 private:
  Column& whole_;
  std::unordered_map<std::string, std::uint32_t> code_of_;
};

Batch stitched(std::map<std::uint64_t, Batch> parts, const std::vector<Wanted>& wanted) {
  Batch out;
  out.columns.resize(wanted.size());
  std::size_t rows = 0;
  for (const auto& [ordinal, part] : parts) rows += part.rows;
  std::vector<Stitch> stitches;
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    out.columns[c].as = wanted[c].as;
    stitches.emplace_back(out.columns[c], rows);
  }
  for (auto& [ordinal, part] : parts) {
    out.rows += part.rows;
    for (std::size_t c = 0; c < wanted.size(); ++c) stitches[c].append(std::move(part.columns[c]));
    part = {};
  }
  return out;
}

// Which of these columns hold numbers in the first piece of the first file.
Result<std::vector<bool>> begin_with_numbers(const std::string& file, const ReadOptions& read,
                                             const std::vector<Wanted>& wanted,
                                             const std::vector<bool>& may_be_numbers) {
  std::vector<bool> out(wanted.size(), false);
  EVENHAND_ASSIGN(const auto reader, open(file, read));
  EVENHAND_TRY(reader->want(wanted));
  EVENHAND_ASSIGN(const auto piece, reader->take());
  if (piece == nullptr) return out;
  EVENHAND_ASSIGN(Batch batch, reader->decode(*piece));
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    out[c] = may_be_numbers[c] && wanted[c].as == As::kText &&
             become_numbers(batch.columns[c], read.decimal);
  }
  return out;
}

// The numbers of the distinct values, or nothing if one of them is none.
std::optional<std::vector<double>> parsed(const std::vector<std::string>& values, char decimal) {
  std::vector<double> out{kMissing};  // of code 0
  for (const std::string& value : values) {
    const std::optional<double> number = parse_number(value, decimal);
    if (!number) return std::nullopt;
    out.push_back(*number);
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> expand_all(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    EVENHAND_ASSIGN(const std::vector<std::string> files, expand(name));
    out.insert(out.end(), files.begin(), files.end());
  }
  if (out.empty()) return Error{Code::kInvalidArgument, "no file was named"};
  return out;
}

std::function<bool(std::uint64_t, std::uint64_t)> as_keep_going(const OnProgress& progress,
                                                                const std::string& stage) {
  return [&progress, stage](std::uint64_t done, std::uint64_t all) {
    return !progress || progress({stage, Counts::kBytes, done, all});
  };
}

Result<Gathered> gather(const std::vector<std::string>& files, const ReadOptions& read,
                        const std::vector<Wanted>& wanted, unsigned threads,
                        const OnProgress& progress) {
  std::mutex mutex;
  std::map<std::uint64_t, Batch> parts;
  const OnBatch keep = [&](unsigned, std::uint64_t ordinal, Batch&& batch) -> Result<void> {
    const std::lock_guard lock(mutex);
    parts.emplace(ordinal, std::move(batch));
    return {};
  };
  const std::string stage = "reading " + spoken(files.front());
  Gathered out;
  EVENHAND_ASSIGN(out.facts, scan(files, read, wanted, threads_wanted(threads), keep,
                                  as_keep_going(progress, stage)));
  out.all = stitched(std::move(parts), wanted);
  if (out.all.rows >= std::numeric_limits<std::uint32_t>::max()) {
    return Error{Code::kBadInput,
                 "a table to be held in memory has at most 4,294,967,294 rows, this one has " +
                     with_thousands(out.all.rows)};
  }
  return out;
}

Result<Gathered> gather_as_found(const std::vector<std::string>& files, const ReadOptions& read,
                                 std::vector<Wanted>& wanted,
                                 const std::vector<bool>& may_be_numbers, unsigned threads,
                                 const OnProgress& progress) {
  const bool once = std::find(files.begin(), files.end(), "-") != files.end();
  if (once || read.bad_rows == BadRows::kSkip) {
    return gather(files, read, wanted, threads, progress);
  }
  EVENHAND_ASSIGN(const std::vector<bool> numbers,
                  begin_with_numbers(files.front(), read, wanted, may_be_numbers));
  std::vector<Wanted> as_found = wanted;
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    if (numbers[c]) as_found[c].as = As::kNumber;
  }
  auto found = gather(files, read, as_found, threads, progress);
  // A column that begins with numbers and goes on otherwise is text, and whoever asked judges it.
  if (!found && found.error().code == Code::kBadInput) {
    return gather(files, read, wanted, threads, progress);
  }
  if (found) wanted = std::move(as_found);
  return found;
}

bool become_numbers(Column& column, char decimal) {
  if (column.values.empty()) return false;
  std::optional<std::vector<double>> numbers = parsed(column.values, decimal);
  // Binary formats spell their numbers with a point, whatever mark text was declared to have.
  if (!numbers && decimal != '.') numbers = parsed(column.values, '.');
  if (!numbers) return false;
  column.numbers.reserve(column.codes.size());
  for (const std::uint32_t code : column.codes) column.numbers.push_back((*numbers)[code]);
  column.as = As::kNumber;
  column.codes = {};
  column.values = {};
  return true;
}

Strays strays_of(const Column& column, char decimal) {
  std::vector<bool> stray{false};  // of code 0
  for (const std::string& value : column.values) {
    stray.push_back(!parse_number(value, decimal) && !parse_number(value, '.'));
  }
  Strays out;
  for (std::size_t i = 0; i < column.codes.size(); ++i) {
    const std::uint32_t code = column.codes[i];
    out.values += code != 0 ? 1 : 0;
    if (!stray[code]) continue;
    if (out.rows++ == 0) out.first = i;
  }
  return out;
}

}  // namespace evenhand::table
