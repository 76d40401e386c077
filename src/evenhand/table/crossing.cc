#include "evenhand/table/crossing.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/table/bytes.h"

namespace evenhand::table {

namespace {

constexpr std::size_t kGroupsMax = 100'000;

bool before(const GroupKey& a, const GroupKey& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    if (!a[i] || !b[i]) return a[i].has_value();
    return *a[i] < *b[i];
  }
  return false;
}

// Codes that stand for pairs (group so far, value) are handed out as pairs are met.
Result<void> cross_one_more(const Column& column, std::vector<GroupKey>& groups,
                            std::vector<std::uint32_t>& codes) {
  const auto values = static_cast<std::uint64_t>(column.values.size()) + 1;
  std::unordered_map<std::uint64_t, std::uint32_t> code_of;
  std::vector<GroupKey> crossed;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::uint32_t value = column.codes[i];
    const auto next = static_cast<std::uint32_t>(crossed.size());
    const auto [at, is_new] = code_of.try_emplace(codes[i] * values + value, next);
    if (is_new) {
      if (crossed.size() == kGroupsMax) {
        return Error{Code::kBadInput, "there are more than " + with_thousands(kGroupsMax) +
                                          " groups: such attributes tell persons, not groups; "
                                          "cross fewer of them, or merge values"};
      }
      crossed.push_back(groups[codes[i]]);
      crossed.back().push_back(value == 0 ? std::nullopt : std::optional(column.values[value - 1]));
    }
    codes[i] = at->second;
  }
  groups = std::move(crossed);
  return {};
}

}  // namespace

bool Crossing::unknown(std::uint32_t group) const {
  return std::any_of(groups[group].begin(), groups[group].end(),
                     [](const auto& value) { return !value; });
}

Result<Crossing> cross(const Batch& rows, const std::vector<std::string>& by,
                       const std::vector<std::size_t>& places) {
  EVENHAND_CHECK(by.size() == places.size());
  Crossing out{by, {}, std::vector<std::uint32_t>(rows.rows, 0)};
  std::vector<GroupKey> met{GroupKey{}};
  for (const std::size_t place : places) {
    EVENHAND_CHECK(rows.columns[place].as == As::kText);
    EVENHAND_TRY(cross_one_more(rows.columns[place], met, out.codes));
  }
  if (rows.rows == 0) return out;
  std::vector<std::uint32_t> order(met.size()), rank(met.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return before(met[a], met[b]); });
  for (std::uint32_t r = 0; r < order.size(); ++r) {
    rank[order[r]] = r;
    out.groups.push_back(std::move(met[order[r]]));
  }
  for (std::uint32_t& code : out.codes) code = rank[code];
  return out;
}

std::string spoken(const GroupKey& group) {
  if (group.empty()) return "everybody";
  std::string out;
  for (const auto& value : group) out += (out.empty() ? "" : ", ") + value.value_or("unknown");
  return out;
}

}  // namespace evenhand::table
