// Are these the rows that somebody saw before? Told by what stands in some of their columns, so
// that a table is known again in another format, beside new columns, or in part. Kept small: a
// digest of all rows in their order, and a sample of them.
//
//   mark(row) = a 64-bit hash of the values, numbers rounded to 32-bit floats (two programs may
//   read
//               the last bit of one decimal number in two ways)
//
// The sample is of the rows with the kSampled smallest marks: whatever the order, the same rows
// give the same sample, and of the rows of another table those in its range can be looked up one by
// one. It holds them under a key, sha256(key, mark), so that samples of two tables cannot be held
// against each other; whoever has the sample and its key can still ask for a row that he guesses.
// @source for the sample: Bar-Yossef et al., RANDOM 2002, LNCS 2483 (k minimum values).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "evenhand/base/digest.h"
#include "evenhand/base/result.h"
#include "evenhand/table/batch.h"

namespace evenhand::table {

inline constexpr std::size_t kSampled = 1024;

struct KnownRows {
  std::string digest;                 // SHA-256 over marks (and orders) row by row, hex
  std::uint64_t up_to = 0;            // the range: every row with a mark up to it is in the sample
  std::vector<std::uint64_t> sample;  // under a key; ascending, distinct; at most kSampled
};

/// The marks of all rows of a batch. @param places  the columns, in an order of the caller's.
std::vector<std::uint64_t> row_marks(const Batch& batch, const std::vector<std::size_t>& places);

/// Takes rows in, in their order.
class RowKeeper {
 public:
  /// @param also  a further column that the digest covers and the sample does not.
  void add(const Batch& batch, const std::vector<std::size_t>& places,
           std::optional<std::size_t> also);
  KnownRows take(const std::string& key) const;

 private:
  Sha256 digest_;
  std::set<std::uint64_t> smallest_;
};

/// How many rows of another table could be looked up in a sample, and were found there.
struct Seen {
  std::uint64_t looked_up = 0, found = 0;
  /// The share of the rows that are known by their values; absent if none could be looked up.
  std::optional<double> share() const;
};
/// @param key  that of the sample.
void look_up(const KnownRows& known, const std::string& key,
             const std::vector<std::uint64_t>& marks, Seen& seen);

/// The sample as one text of hexadecimal digits, 16 a mark; and back. @error kBadInput.
std::string sample_text(const std::vector<std::uint64_t>& sample);
Result<std::vector<std::uint64_t>> sample_of(const std::string& text);

}  // namespace evenhand::table
