#include "evenhand/table/known_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <string_view>

namespace evenhand::table {

namespace {

constexpr std::size_t kDigits = 16;  // of a mark

// The finaliser of SplitMix64: every bit of the input moves every bit of the output.
std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

constexpr std::uint64_t kMissing = 0x9e3779b97f4a7c15ULL;

std::uint64_t of_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a, 64 bits
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mixed(hash);
}

std::uint64_t of_number(double x) {
  if (std::isnan(x)) return kMissing;
  constexpr double kMost = std::numeric_limits<float>::max();
  const float rounded = static_cast<float>(std::clamp(x, -kMost, kMost)) + 0.0F;  // -0 is 0
  return mixed(std::bit_cast<std::uint32_t>(rounded) + 1ULL);
}

void add_column(const Column& column, std::vector<std::uint64_t>& marks) {
  const auto fold_in = [](std::uint64_t& mark, std::uint64_t value) {
    mark = mixed(mark * 0x100000001b3ULL + value);
  };
  if (column.as == As::kNumber) {
    for (std::size_t i = 0; i < marks.size(); ++i) fold_in(marks[i], of_number(column.numbers[i]));
    return;
  }
  std::vector<std::uint64_t> of_code{kMissing};
  for (const std::string& value : column.values) of_code.push_back(of_text(value));
  for (std::size_t i = 0; i < marks.size(); ++i) fold_in(marks[i], of_code[column.codes[i]]);
}

void append(std::string& bytes, std::uint64_t mark) {
  for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(mark >> shift & 255);
}

std::uint64_t keyed(const std::string& key, std::uint64_t mark) {
  std::string bytes;
  append(bytes, mark);
  return sha256_word(key, bytes);
}

}  // namespace

std::vector<std::uint64_t> row_marks(const Batch& batch, const std::vector<std::size_t>& places) {
  std::vector<std::uint64_t> out(batch.rows, 0);
  for (const std::size_t place : places) add_column(batch.columns[place], out);
  return out;
}

void RowKeeper::add(const Batch& batch, const std::vector<std::size_t>& places,
                    std::optional<std::size_t> also) {
  const std::vector<std::uint64_t> marks = row_marks(batch, places);
  std::vector<std::uint64_t> others;
  if (also) others = row_marks(batch, {*also});
  std::string bytes;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    append(bytes, marks[i]);
    if (also) append(bytes, others[i]);
    if (smallest_.size() == kSampled && marks[i] >= *smallest_.rbegin()) continue;
    smallest_.insert(marks[i]);
    if (smallest_.size() > kSampled) smallest_.erase(std::prev(smallest_.end()));
  }
  digest_.update(bytes);
}

KnownRows RowKeeper::take(const std::string& key) const {
  KnownRows out{digest_.hex(), std::numeric_limits<std::uint64_t>::max(), {}};
  // Of the last mark half is kept to itself: marks lie further apart than what that adds.
  constexpr std::uint64_t kLowHalf = 0xffffffff;
  if (smallest_.size() == kSampled) out.up_to = *smallest_.rbegin() | kLowHalf;
  for (const std::uint64_t mark : smallest_) out.sample.push_back(keyed(key, mark));
  std::sort(out.sample.begin(), out.sample.end());
  out.sample.erase(std::unique(out.sample.begin(), out.sample.end()), out.sample.end());
  return out;
}

std::optional<double> Seen::share() const {
  if (looked_up == 0) return std::nullopt;
  return static_cast<double>(found) / static_cast<double>(looked_up);
}

void look_up(const KnownRows& known, const std::string& key,
             const std::vector<std::uint64_t>& marks, Seen& seen) {
  if (known.sample.empty()) return;
  for (const std::uint64_t mark : marks) {
    if (mark > known.up_to) continue;
    ++seen.looked_up;
    const bool found =
        std::binary_search(known.sample.begin(), known.sample.end(), keyed(key, mark));
    seen.found += found ? 1 : 0;
  }
}

std::string sample_text(const std::vector<std::uint64_t>& sample) {
  std::string out;
  for (const std::uint64_t mark : sample) {
    for (unsigned digit = kDigits; digit-- > 0;) out += "0123456789abcdef"[mark >> 4 * digit & 15];
  }
  return out;
}

Result<std::vector<std::uint64_t>> sample_of(const std::string& text) {
  const Error bad{Code::kBadInput,
                  "the sample of known rows is not in ascending marks of 16 "
                  "hexadecimal digits, at most 1,024 of them"};
  if (text.size() % kDigits != 0 || text.size() > kDigits * kSampled) return bad;
  std::vector<std::uint64_t> out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(text[at]);
    if (digit == std::string_view::npos) return bad;
    if (at % kDigits == 0) out.push_back(0);
    out.back() = out.back() << 4 | digit;
  }
  if (std::adjacent_find(out.begin(), out.end(), std::greater_equal<>()) != out.end()) return bad;
  return out;
}

}  // namespace evenhand::table
