// Codes of rows, in blocks.
#include "evenhand/tally/classes.h"

#include <algorithm>
#include <array>
#include <span>

namespace evenhand::tally {
namespace {

constexpr auto kAllMissing = [] {
  std::array<std::uint8_t, kBlock> codes{};
  codes.fill(kMissingClass);
  return codes;
}();
constexpr std::array<std::uint32_t, kBlock> kAllZero{};

bool bad_classes(std::span<const std::uint8_t> codes, std::size_t classes) {
  bool bad = false;  // no early end: the loop has no branches
  const auto k = static_cast<std::uint8_t>(classes);
  for (const std::uint8_t c : codes) bad |= (c >= k) & (c != kMissingClass);
  return bad;
}

}  // namespace

std::vector<std::string> binary_classes() { return {"unfavourable", "favourable"}; }

void pack_classes(const std::vector<std::string>& classes, Writer& writer) {
  writer.varint(classes.size());
  for (const std::string& name : classes) writer.text(name);
}

Result<std::vector<std::string>> unpack_classes(ByteReader& reader, std::size_t most) {
  EVENHAND_ASSIGN(const std::size_t count, reader.count(1));
  if (count < 2 || count > most) {
    return Error{Code::kBadInput, "the bytes are damaged: an impossible number of classes"};
  }
  std::vector<std::string> classes;
  for (std::size_t i = 0; i < count; ++i) {
    EVENHAND_ASSIGN(std::string name, reader.text());
    classes.push_back(std::move(name));
  }
  return classes;
}

const std::uint8_t* class_block(std::span<const std::uint8_t> codes, std::size_t offset) {
  return codes.empty() ? kAllMissing.data() : codes.data() + offset;
}

const std::uint32_t* group_block(std::span<const std::uint32_t> groups, std::size_t offset) {
  return groups.empty() ? kAllZero.data() : groups.data() + offset;
}

void check_codes(const Rows& rows, std::size_t groups, std::size_t classes) {
  for (const std::size_t size : {rows.group.size(), rows.label.size(), rows.decision.size(),
                                 rows.score.size(), rows.weight.size(), rows.cluster.size()}) {
    EVENHAND_CHECK(size == 0 || size == rows.size);
  }
  std::uint32_t highest = 0;
  for (const std::uint32_t g : rows.group) highest = std::max(highest, g);
  EVENHAND_CHECK(rows.size == 0 || highest < groups);
  EVENHAND_CHECK(!bad_classes(rows.label, classes) && !bad_classes(rows.decision, classes));
}

}  // namespace evenhand::tally
