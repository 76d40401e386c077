// Labels and decisions as places in a tally: the K classes, then *missing*.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/result.h"
#include "evenhand/base/rows.h"

namespace evenhand::tally {

/// The names of two classes, by code: 0 unfavourable, 1 favourable.
std::vector<std::string> binary_classes();

/// Class code to place: kMissingClass is place K. Any code but a class and missing is our mistake.
inline std::size_t class_place(std::uint8_t code, std::size_t classes) {
  EVENHAND_CHECK(code < classes || code == kMissingClass);
  return code < classes ? code : classes;
}
/// Place to class code.
inline std::uint8_t class_code(std::size_t place, std::size_t classes) {
  return place < classes ? static_cast<std::uint8_t>(place) : kMissingClass;
}

void pack_classes(const std::vector<std::string>& classes, Writer& writer);
/// @error kBadInput unless there are 2 to `most` classes.
Result<std::vector<std::string>> unpack_classes(ByteReader& reader, std::size_t most);

/// `size` class codes from `offset` on; of an empty span, all missing.
/// @param size  at most kBlock.
inline constexpr std::size_t kBlock = 4096;
const std::uint8_t* class_block(std::span<const std::uint8_t> codes, std::size_t offset);
/// `size` group codes from `offset` on; of an empty span, all 0.
const std::uint32_t* group_block(std::span<const std::uint32_t> groups, std::size_t offset);

/// Every span has rows.size elements or none, groups lie below `groups`, and labels and decisions
/// are classes or missing. Whoever coded the rows is wrong otherwise: a check, not an error.
void check_codes(const Rows& rows, std::size_t groups, std::size_t classes);

/// visit(row, cell) for each row, cell = (group * (K+1) + label) * (K+1) + decision.
/// @param rows  checked by check_codes().
template <class Visit>
void for_each_row(const Rows& rows, std::size_t classes, Visit visit) {
  const std::uint64_t k = classes;
  for (std::size_t offset = 0; offset < rows.size; offset += kBlock) {
    const std::size_t size = std::min(kBlock, rows.size - offset);
    const std::uint32_t* group = group_block(rows.group, offset);
    const std::uint8_t* label = class_block(rows.label, offset);
    const std::uint8_t* decision = class_block(rows.decision, offset);
    for (std::size_t i = 0; i < size; ++i) {  // min: missing (255) is place K, without a branch
      visit(offset + i, (group[i] * (k + 1) + std::min<std::uint64_t>(label[i], k)) * (k + 1) +
                            std::min<std::uint64_t>(decision[i], k));
    }
  }
}

}  // namespace evenhand::tally
