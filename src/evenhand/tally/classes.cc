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

// Whether `bad` holds for any code. No early end and chunks of one size: the compiler turns the
// inner loop into vector instructions, so that checking costs a tenth of counting.
template <class Code, class Bad>
bool any(std::span<const Code> codes, Bad bad) {
  constexpr std::size_t kChunk = 64;
  Code found = 0;
  std::size_t i = 0;
  for (; i + kChunk <= codes.size(); i += kChunk) {
    const Code* chunk = codes.data() + i;
    for (std::size_t j = 0; j < kChunk; ++j) found |= static_cast<Code>(bad(chunk[j]));
  }
  for (; i < codes.size(); ++i) found |= static_cast<Code>(bad(codes[i]));
  return found != 0;
}

bool bad_classes(std::span<const std::uint8_t> codes, std::size_t classes) {
  const auto k = static_cast<std::uint8_t>(classes);
  return any(codes, [k](std::uint8_t c) { return (c >= k) & (c != kMissingClass); });
}

bool bad_groups(std::span<const std::uint32_t> codes, std::size_t groups) {
  const auto g = static_cast<std::uint32_t>(std::min<std::size_t>(groups, UINT32_MAX));
  return any(codes, [g](std::uint32_t c) { return c >= g; });
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
  EVENHAND_CHECK(rows.size == 0 || groups > 0);
  EVENHAND_CHECK(!bad_groups(rows.group, groups));
  EVENHAND_CHECK(!bad_classes(rows.label, classes) && !bad_classes(rows.decision, classes));
}

}  // namespace evenhand::tally
