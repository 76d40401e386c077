#include "evenhand/table/csv_marks.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "evenhand/base/check.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace evenhand::table {

namespace {

constexpr std::size_t kWord = 64;  // bytes to a word of marks

// The marks of the last bytes, fewer than a word, and what was seen there.
std::uint64_t mark_tail(std::string_view bytes, char separator, Seen& seen) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const bool hit = c == separator || c == '"' || c == '\n' || c == '\r';
    word |= static_cast<std::uint64_t>(hit) << i;
    seen.ascii = seen.ascii && static_cast<signed char>(c) >= 0;
    seen.nul = seen.nul || c == '\0';
  }
  return word;
}

std::uint64_t count_tail(std::string_view bytes, char before) {
  std::uint64_t count = 0;
  for (const char c : bytes) {
    count += c == '\r' || (c == '\n' && before != '\r');
    before = c;
  }
  return count;
}

#if defined(__x86_64__)

struct Vector {  // 64 bytes
  __m256i low, high;
};

__attribute__((target("avx2"))) inline Vector load(const char* at) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)),
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32))};
}

__attribute__((target("avx2"))) inline std::uint64_t equals(Vector v, char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  const auto low =
      static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(v.low, wanted)));
  const auto high =
      static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(v.high, wanted)));
  return (static_cast<std::uint64_t>(high) << 32) | low;
}

__attribute__((target("avx2"))) Seen mark_avx2(std::string_view bytes, char separator,
                                               std::span<std::uint64_t> marks) {
  const std::size_t words = bytes.size() / kWord;
  const __m256i zero = _mm256_setzero_si256();
  __m256i any_high_bit = zero;
  __m256i any_nul = zero;
  for (std::size_t i = 0; i < words; ++i) {
    const Vector v = load(bytes.data() + i * kWord);
    marks[i] = equals(v, separator) | equals(v, '"') | equals(v, '\n') | equals(v, '\r');
    any_high_bit = _mm256_or_si256(any_high_bit, _mm256_or_si256(v.low, v.high));
    // The least of two unsigned bytes is 0 where either is.
    any_nul = _mm256_or_si256(any_nul, _mm256_cmpeq_epi8(_mm256_min_epu8(v.low, v.high), zero));
  }
  Seen seen{_mm256_movemask_epi8(any_high_bit) == 0, _mm256_movemask_epi8(any_nul) != 0};
  // g++ 12 leaves it out here. With the upper halves in use every exp() of the C library costs 200
  // ns on Intel instead of 5: the whole job took five times as long.
  _mm256_zeroupper();
  marks[words] = mark_tail(bytes.substr(words * kWord), separator, seen);
  return seen;
}

__attribute__((target("avx2,popcnt"))) std::uint64_t count_line_ends_avx2(std::string_view bytes) {
  std::uint64_t count = 0;
  std::uint64_t after_return = 0;  // bit 0: the byte before this word is a carriage return
  const std::size_t words = bytes.size() / kWord;
  for (std::size_t i = 0; i < words; ++i) {
    const Vector v = load(bytes.data() + i * kWord);
    const std::uint64_t feeds = equals(v, '\n');
    const std::uint64_t returns = equals(v, '\r');
    const std::uint64_t pairs = feeds & ((returns << 1) | after_return);
    after_return = returns >> 63;
    count += static_cast<std::uint64_t>(__builtin_popcountll(returns)) +
             static_cast<std::uint64_t>(__builtin_popcountll(feeds & ~pairs));
  }
  return count + count_tail(bytes.substr(words * kWord), after_return != 0 ? '\r' : ' ');
}

bool has_avx2() {
  static const bool has =
      __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0;
  return has;
}

#endif

}  // namespace

Seen mark(std::string_view bytes, char separator, std::span<std::uint64_t> marks) {
  EVENHAND_CHECK(marks.size() >= bytes.size() / kWord + 1);
#if defined(__x86_64__)
  if (has_avx2()) return mark_avx2(bytes, separator, marks);
#endif
  return plain::mark(bytes, separator, marks);
}

std::uint64_t count_line_ends(std::string_view bytes) {
#if defined(__x86_64__)
  if (has_avx2()) return count_line_ends_avx2(bytes);
#endif
  return plain::count_line_ends(bytes);
}

namespace plain {

Seen mark(std::string_view bytes, char separator, std::span<std::uint64_t> marks) {
  Seen seen;
  const std::size_t words = bytes.size() / kWord;
  for (std::size_t i = 0; i <= words; ++i) {
    marks[i] = mark_tail(bytes.substr(i * kWord, kWord), separator, seen);
  }
  return seen;
}

std::uint64_t count_line_ends(std::string_view bytes) { return count_tail(bytes, ' '); }

}  // namespace plain

}  // namespace evenhand::table
