// Counts and sums of weights, and their bytes.
#include "evenhand/tally/cells.h"

#include "evenhand/tally/tally.h"

namespace evenhand::tally {

std::int64_t Cells::n(std::uint64_t cell) const {
  const std::int64_t* found = counts_.find(cell);
  return found == nullptr ? 0 : *found;
}

double Cells::w(std::uint64_t cell) const {
  const WeightSums* found = sums_.find(cell);
  return found == nullptr ? 0 : found->w.round();
}

double Cells::w2(std::uint64_t cell) const {
  const WeightSums* found = sums_.find(cell);
  return found == nullptr ? 0 : found->w2.round();
}

Result<void> Cells::announce(std::int64_t rows) { return add_rows(rows_, rows); }

std::vector<std::uint64_t> Cells::filled() const {
  std::vector<std::uint64_t> out;
  counts_.for_each([&out](std::uint64_t cell, std::int64_t n) {
    if (n != 0) out.push_back(cell);
  });
  return out;
}

void Cells::pack(Writer& writer, bool weighted) const {
  const std::vector<std::uint64_t> cells = filled();
  writer.varint(cells.size());
  std::uint64_t next = 0;
  for (const std::uint64_t cell : cells) {
    writer.varint(cell - next);
    next = cell + 1;
    writer.varint(static_cast<std::uint64_t>(n(cell)));
    if (!weighted) continue;
    const WeightSums* found = sums_.find(cell);
    (found == nullptr ? ExactSum() : found->w).pack(writer);
    (found == nullptr ? ExactSum() : found->w2).pack(writer);
  }
}

Result<void> Cells::unpack(ByteReader& reader, std::uint64_t size, bool weighted) {
  EVENHAND_ASSIGN(const std::size_t filled, reader.count(weighted ? 4 : 2));
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < filled; ++i) {
    if (next >= size) return Error{Code::kBadInput, "the bytes are damaged: too many cells"};
    EVENHAND_ASSIGN(const std::uint64_t gap, reader.varint(size - next - 1));
    EVENHAND_ASSIGN(const std::uint64_t n, reader.varint(INT64_MAX));
    if (n == 0) return Error{Code::kBadInput, "the bytes are damaged: an empty cell"};
    const std::uint64_t cell = next + gap;
    next = cell + 1;
    EVENHAND_TRY(announce(static_cast<std::int64_t>(n)));
    count(cell) = static_cast<std::int64_t>(n);
    if (!weighted) continue;
    for (ExactSum WeightSums::*sum : {&WeightSums::w, &WeightSums::w2}) {
      EVENHAND_ASSIGN(ExactSum read, ExactSum::unpack(reader));
      // 2^63 rows with weights of 2^40 stay below 2^150.
      if (!(read.round() >= 0 && read.round() < 0x1p150)) {
        return Error{Code::kBadInput, "the bytes are damaged: an impossible sum of weights"};
      }
      if (!read.is_zero()) sums(cell).*sum = std::move(read);
    }
  }
  return {};
}

}  // namespace evenhand::tally
