#include "evenhand/table/pieces.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "evenhand/table/csv_marks.h"

namespace evenhand::table {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;       // bytes to a piece
constexpr std::size_t kRecordMax = std::size_t{64} << 20;  // bytes to a record

void append(Bytes& to, std::string_view bytes) {
  std::copy(bytes.begin(), bytes.end(), to.at.get() + to.size);
  to.size += bytes.size();
}

Result<void> check_first_bytes(std::string_view bytes, const std::string& path) {
  const auto bad = [&](const char* what) { return Error{Code::kBadInput, spoken(path) + what}; };
  if (bytes.empty()) return bad(" is empty: not even a header");
  const std::string_view mark = bytes.substr(0, 2);
  if (mark == "\xff\xfe" || mark == "\xfe\xff") return bad(" is UTF-16; save it as UTF-8");
  constexpr std::size_t kLook = 4096;
  if (bytes.substr(0, kLook).find('\0') != std::string_view::npos) {
    return bad(" holds NUL bytes: it is not a text file in UTF-8");
  }
  return {};
}

}  // namespace

void TextPiece::pass(std::size_t size) {
  const std::uint64_t passed = count_line_ends(view().substr(0, size));
  begin += size;
  first_line += passed;
  line_ends -= passed;
}

Result<std::string_view> Cutter::look() {
  Bytes block(kBlock);
  EVENHAND_TRY(fill(block));
  carry_ = std::move(block);
  if (carry_->view().substr(0, 3) == "\xef\xbb\xbf") carry_from_ = 3;  // the byte order mark
  EVENHAND_TRY(check_first_bytes(carried(), path_));
  return carried();
}

Result<std::unique_ptr<TextPiece>> Cutter::next(const FindCut& find_cut) {
  Bytes block(kBlock + carried().size());
  append(block, carried());
  for (;;) {
    EVENHAND_TRY(fill(block));
    if (block.size == 0) return std::unique_ptr<TextPiece>();
    const Cut cut = find_cut(block.view(), ended_);
    const bool all = ended_ && !cut.inside_quotes;
    if (all || cut.end > 0) {
      const std::size_t end = all ? block.size : cut.end;
      return cut_off(std::move(block), end);
    }
    if (ended_) return never_closed(block.view(), cut.quote);
    if (block.size >= kRecordMax) return too_long(block.view(), cut);
    Bytes larger(std::min(block.capacity * 2, kRecordMax));
    append(larger, block.view());
    block = std::move(larger);
  }
}

std::string_view Cutter::carried() const {
  return carry_ ? carry_->view().substr(carry_from_) : std::string_view();
}

Result<void> Cutter::fill(Bytes& block) {
  if (!ended_) {
    const std::size_t room = block.capacity - block.size;
    EVENHAND_ASSIGN(const std::size_t got, source_->read({block.at.get() + block.size, room}));
    block.size += got;
    ended_ = got < room;
  }
  std::memset(block.at.get() + block.size, 0, kPadding);
  return {};
}

std::unique_ptr<TextPiece> Cutter::cut_off(Bytes block, std::size_t end) {
  carry_.reset();
  carry_from_ = 0;
  if (end < block.size) {
    carry_.emplace(block.size - end);
    append(*carry_, block.view().substr(end));
  }
  block.size = end;
  const std::uint64_t ends = count_line_ends(block.view());
  const bool last = ended_ && !carry_;
  auto piece = std::make_unique<TextPiece>(std::move(block), line_, ends, last);
  line_ += ends;
  return piece;
}

std::string Cutter::line_at(std::string_view bytes, std::size_t offset) const {
  return spoken(path_) + ", line " +
         with_thousands(line_ + count_line_ends(bytes.substr(0, offset)));
}

Error Cutter::never_closed(std::string_view bytes, std::size_t quote) const {
  return {Code::kBadInput, line_at(bytes, quote) +
                               ": the quote that opens here is never closed: the file ends inside "
                               "it; close it, or fetch the whole file"};
}

Error Cutter::too_long(std::string_view bytes, const Cut& cut) const {
  const std::string found = cut.inside_quotes ? ": the quote that opens here is not closed within "
                                              : ": no line end within ";
  return {Code::kBadInput, line_at(bytes, cut.inside_quotes ? cut.quote : 0) + found +
                               std::to_string(kRecordMax >> 20) + " MiB; is this a table?"};
}

}  // namespace evenhand::table
