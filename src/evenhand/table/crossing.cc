#include "evenhand/table/crossing.h"

#include <algorithm>
#include <numeric>
#include <string_view>
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

// [code] the first code of the same name: values that were renamed to one are one.
std::vector<std::uint32_t> codes_by_name(const Column& column) {
  std::vector<std::uint32_t> out{0};
  std::unordered_map<std::string_view, std::uint32_t> first;
  for (const std::string& value : column.values) {
    out.push_back(first.try_emplace(value, static_cast<std::uint32_t>(out.size())).first->second);
  }
  return out;
}

// Codes that stand for pairs (group so far, value) are handed out as pairs are met.
Result<void> cross_one_more(const Column& column, std::vector<GroupKey>& groups,
                            std::vector<std::uint32_t>& codes) {
  const auto values = static_cast<std::uint64_t>(column.values.size()) + 1;
  const std::vector<std::uint32_t> by_name = codes_by_name(column);
  std::unordered_map<std::uint64_t, std::uint32_t> code_of;
  std::vector<GroupKey> crossed;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::uint32_t value = by_name[column.codes[i]];
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
                       const std::vector<std::size_t>& places, const Groupings& groupings,
                       char decimal) {
  EVENHAND_CHECK(by.size() == places.size());
  Crossing out{by, {}, std::vector<std::uint32_t>(rows.rows, 0)};
  std::vector<GroupKey> met{GroupKey{}};
  for (std::size_t a = 0; a < by.size(); ++a) {
    const Column& column = rows.columns[places[a]];
    EVENHAND_CHECK(column.as == As::kText);
    if (groupings.contains(by[a])) {
      EVENHAND_ASSIGN(const Column groups, grouped(rows, places[a], by[a], groupings, decimal));
      EVENHAND_TRY(cross_one_more(groups, met, out.codes));
    } else {
      EVENHAND_TRY(cross_one_more(column, met, out.codes));
    }
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

std::string crossed(const std::vector<std::string>& attributes) {
  std::string out;
  for (const std::string& name : attributes) out += (out.empty() ? "" : " x ") + name;
  return out;
}

std::string spoken(const GroupKey& group) {
  if (group.empty()) return "everybody";
  std::string out;
  for (const auto& value : group) out += (out.empty() ? "" : ", ") + value.value_or("unknown");
  return out;
}

}  // namespace evenhand::table
