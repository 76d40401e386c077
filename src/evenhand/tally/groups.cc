// Keys in order, and where groups go when attributes are dropped or parts are joined.
#include "evenhand/tally/groups.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string_view>
#include <utility>

namespace evenhand::tally {
namespace {

std::string sentence(const std::vector<std::string>& names) {
  if (names.empty()) return "(none)";
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : " x ") + name;
  return out;
}

std::size_t hash(const Key& key) {
  std::size_t h = key.size();
  for (const auto& value : key) {
    const std::size_t v = value ? std::hash<std::string_view>{}(*value) : 0x5bd1e995U;
    h = (h ^ v) * 0x9e3779b97f4a7c15U;
    h ^= h >> 29;
  }
  return h;
}

// Send each old group to its (not yet canonical) new key, then sort the new ones.
Regrouping regroup(Groups fresh, const std::vector<std::optional<Key>>& new_keys) {
  for (const auto& key : new_keys) {
    if (key) fresh.keys.push_back(*key);
  }
  std::sort(fresh.keys.begin(), fresh.keys.end(), before);
  fresh.keys.erase(std::unique(fresh.keys.begin(), fresh.keys.end()), fresh.keys.end());
  Regrouping out{std::move(fresh), {}};
  for (const auto& key : new_keys) {
    const auto& keys = out.groups.keys;
    out.to.push_back(
        key ? static_cast<std::uint32_t>(std::lower_bound(keys.begin(), keys.end(), *key, before) -
                                         keys.begin())
            : Regrouping::kLeftOut);
  }
  return out;
}

// Where attribute `name` stands in a key.
Result<std::size_t> place(const Groups& groups, const std::string& name) {
  const auto in = [&name](const std::vector<std::string>& names) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  if (const std::size_t at = in(groups.by); at < groups.by.size()) return at;
  if (const std::size_t at = in(groups.strata); at < groups.strata.size()) {
    return groups.by.size() + at;
  }
  return Error{Code::kNotFound, "the tally has no attribute \"" + name + "\"; it has " +
                                    sentence(groups.by) +
                                    (groups.strata.empty() ? "" : " and the strata ") +
                                    (groups.strata.empty() ? "" : sentence(groups.strata))};
}

// [rank] index of the key that stands at that place in canonical order.
std::vector<std::uint32_t> order(const std::vector<Key>& keys) {
  std::vector<std::uint32_t> out(keys.size());
  std::iota(out.begin(), out.end(), 0U);
  std::sort(out.begin(), out.end(), [&keys](auto a, auto b) { return before(keys[a], keys[b]); });
  return out;
}

}  // namespace

bool before(const Key& a, const Key& b) {
  const auto less = [](const std::optional<std::string>& x, const std::optional<std::string>& y) {
    if (!x || !y) return x.has_value() && !y.has_value();
    return *x < *y;  // char_traits<char> compares as unsigned bytes
  };
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), less);
}

Groups everybody() { return {{}, {}, {Key{}}}; }

Result<Regrouping> align(const Groups& part, const Groups& whole) {
  if (part.by != whole.by || part.strata != whole.strata) {
    return Error{Code::kAxesDiffer, "tallies by " + sentence(part.by) + " (strata " +
                                        sentence(part.strata) + ") and by " + sentence(whole.by) +
                                        " (strata " + sentence(whole.strata) +
                                        ") cannot be merged; count both by the same attributes"};
  }
  const std::vector<std::uint32_t> sorted = order(whole.keys);
  Regrouping out{whole, {}};
  out.to.reserve(part.size());
  for (const Key& key : part.keys) {
    const auto at = std::lower_bound(
        sorted.begin(), sorted.end(), key,
        [&whole](std::uint32_t i, const Key& k) { return before(whole.keys[i], k); });
    if (at == sorted.end() || whole.keys[*at] != key) {
      return Error{Code::kAxesDiffer, "one tally has groups by " + sentence(part.by) +
                                          " that the other has not; align them before merging"};
    }
    out.to.push_back(*at);
  }
  return out;
}

std::vector<std::size_t> positions(const Groups& part, const Groups& whole) {
  auto aligned = align(part, whole);
  EVENHAND_CHECK(aligned.has_value());
  return {aligned->to.begin(), aligned->to.end()};
}

Result<Groups> unite(const Groups& a, const Groups& b) {
  EVENHAND_TRY(align({a.by, a.strata, {}}, b));
  Groups out{a.by, a.strata, a.keys};
  out.keys.insert(out.keys.end(), b.keys.begin(), b.keys.end());
  std::sort(out.keys.begin(), out.keys.end(), before);
  out.keys.erase(std::unique(out.keys.begin(), out.keys.end()), out.keys.end());
  return out;
}

Regrouping canonical(const Groups& groups) {
  const std::vector<std::uint32_t> sorted = order(groups.keys);
  Regrouping out{{groups.by, groups.strata, {}}, std::vector<std::uint32_t>(groups.size())};
  for (std::uint32_t rank = 0; rank < sorted.size(); ++rank) {
    out.groups.keys.push_back(groups.keys[sorted[rank]]);
    out.to[sorted[rank]] = rank;
  }
  return out;
}

Result<Regrouping> collapse(const Groups& groups, std::span<const std::string> by,
                            std::span<const std::string> strata) {
  Groups fresh{{by.begin(), by.end()}, {strata.begin(), strata.end()}, {}};
  std::vector<std::size_t> kept;
  for (const auto* names : {&fresh.by, &fresh.strata}) {
    for (const std::string& name : *names) {
      EVENHAND_ASSIGN(const std::size_t at, place(groups, name));
      if (std::find(kept.begin(), kept.end(), at) != kept.end()) {
        return Error{Code::kInvalidArgument, "attribute \"" + name + "\" is asked for twice"};
      }
      kept.push_back(at);
    }
  }
  std::vector<std::optional<Key>> keys;
  keys.reserve(groups.size());
  for (const Key& key : groups.keys) {
    Key fewer;
    for (const std::size_t at : kept) fewer.push_back(key[at]);
    keys.emplace_back(std::move(fewer));
  }
  Regrouping out = regroup(std::move(fresh), keys);
  // Everybody is a group even of no rows.
  if (kept.empty() && out.groups.keys.empty()) out.groups.keys.emplace_back();
  return out;
}

Regrouping within(const Groups& groups, const Key& stratum) {
  EVENHAND_CHECK(stratum.size() == groups.strata.size());
  const auto split = static_cast<std::ptrdiff_t>(groups.by.size());
  std::vector<std::optional<Key>> keys;
  keys.reserve(groups.size());
  for (const Key& key : groups.keys) {
    const bool inside = std::equal(key.begin() + split, key.end(), stratum.begin());
    keys.push_back(inside ? std::optional(Key(key.begin(), key.begin() + split)) : std::nullopt);
  }
  return regroup({groups.by, {}, {}}, keys);
}

std::vector<Key> strata_keys(const Groups& groups) {
  const auto split = static_cast<std::ptrdiff_t>(groups.by.size());
  std::vector<Key> out;
  for (const Key& key : groups.keys) out.emplace_back(key.begin() + split, key.end());
  if (groups.strata.empty()) return {Key{}};
  std::sort(out.begin(), out.end(), before);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void pack(const Groups& groups, Writer& writer) {
  for (const auto* names : {&groups.by, &groups.strata}) {
    writer.varint(names->size());
    for (const std::string& name : *names) writer.text(name);
  }
  writer.varint(groups.size());
  for (const Key& key : groups.keys) {
    for (const auto& value : key) {
      writer.varint(value ? value->size() + 1 : 0);  // 0: unknown
      if (value) writer.raw(*value);
    }
  }
}

Result<Groups> unpack_groups(ByteReader& reader) {
  Groups groups;
  for (auto* names : {&groups.by, &groups.strata}) {
    EVENHAND_ASSIGN(const std::size_t count, reader.count(1));
    for (std::size_t i = 0; i < count; ++i) {
      EVENHAND_ASSIGN(std::string name, reader.text());
      names->push_back(std::move(name));
    }
  }
  const std::size_t arity = groups.by.size() + groups.strata.size();
  // Keys without values take no bytes, but there is only one such key.
  EVENHAND_ASSIGN(const std::uint64_t count, reader.varint(arity == 0 ? 1 : reader.left() / arity));
  for (std::uint64_t i = 0; i < count; ++i) {
    Key key;
    for (std::size_t a = 0; a < arity; ++a) {
      EVENHAND_ASSIGN(const std::uint64_t size, reader.varint());
      if (size > 0) {
        EVENHAND_ASSIGN(const auto value, reader.raw(static_cast<std::size_t>(size - 1)));
        key.emplace_back(value);
      } else {
        key.emplace_back();
      }
    }
    if (i > 0 && !before(groups.keys.back(), key)) {
      return Error{Code::kBadInput, "the bytes are damaged: groups are not in order"};
    }
    groups.keys.push_back(std::move(key));
  }
  return groups;
}

GrowingGroups::GrowingGroups(Groups groups) : groups_(std::move(groups)) {
  const std::size_t arity = groups_.by.size() + groups_.strata.size();
  for (const Key& key : groups_.keys) EVENHAND_CHECK(key.size() == arity);
}

void GrowingGroups::index(std::uint32_t at) { by_hash_.emplace(hash(groups_.keys[at]), at); }

std::uint32_t GrowingGroups::find_or_add(const Key& key) {
  EVENHAND_CHECK(key.size() == groups_.by.size() + groups_.strata.size());
  if (by_hash_.empty()) {
    for (std::uint32_t i = 0; i < groups_.size(); ++i) index(i);
  }
  const auto [low, high] = by_hash_.equal_range(hash(key));
  for (auto at = low; at != high; ++at) {
    if (groups_.keys[at->second] == key) return at->second;
  }
  groups_.keys.push_back(key);
  const auto fresh = static_cast<std::uint32_t>(groups_.size() - 1);
  index(fresh);
  return fresh;
}

}  // namespace evenhand::tally
