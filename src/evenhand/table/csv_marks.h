// The two loops over every byte of a CSV file, as fast as memory delivers: where anything happens,
// and how many lines there are. AVX2 where the processor has it, found out when first called; the
// plain loops give the same answers (csv_marks_test.cc holds them against each other).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace evenhand::table {

/// What `mark` saw on its way.
struct Seen {
  bool ascii = true;  // no byte above 0x7f
  bool nul = false;   // a NUL byte
};

/// Set bit i%64 of marks[i/64] where byte i is `separator`, `"`, a line feed or a carriage return.
/// @param marks  shape [bytes.size()/64 + 1], overwritten.
/// Cost: memory-bound with AVX2 (some 10 GB/s); about 1 GB/s without.
Seen mark(std::string_view bytes, char separator, std::span<std::uint64_t> marks);

/// How many lines end in these bytes: at LF, at CR LF (once) and at a CR that stands alone.
std::uint64_t count_line_ends(std::string_view bytes);

namespace plain {  // without AVX2; for machines without it, and for the tests
Seen mark(std::string_view bytes, char separator, std::span<std::uint64_t> marks);
std::uint64_t count_line_ends(std::string_view bytes);
}  // namespace plain

}  // namespace evenhand::table
