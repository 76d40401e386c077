// The groups of one question, by name: the attributes that it crosses (and the strata that hold
// apart what must not be mixed), and each crossing that was seen.
//
// A key has one value for each attribute of `by`, then one for each of `strata`. An absent value
// (std::nullopt) is *unknown*: a group that is counted like any other. Nothing here sees a row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/result.h"

namespace evenhand::tally {

using Key = std::vector<std::optional<std::string>>;

/// Order of keys: value by value, by bytes, unknown last.
bool before(const Key& a, const Key& b);

struct Groups {
  std::vector<std::string> by;      // attribute names; empty: everybody is one group
  std::vector<std::string> strata;  // attribute names
  std::vector<Key> keys;            // canonical: sorted by before(), each once

  std::size_t size() const { return keys.size(); }
  bool operator==(const Groups&) const = default;
};

/// Everybody as one group: no attributes, one empty key.
Groups everybody();

/// Where each key of `part` stands in `whole` (which has them all).
std::vector<std::size_t> positions(const Groups& part, const Groups& whole);

/// The groups of both, in canonical order. @error kAxesDiffer unless by and strata are equal.
Result<Groups> unite(const Groups& a, const Groups& b);

/// What becomes of groups: the new ones, and where each old one goes. Every tally can be regrouped
/// (`tally.regrouped(how)`); old groups that go to one place are added up.
struct Regrouping {
  static constexpr std::uint32_t kLeftOut = 0xffffffff;
  Groups groups;
  std::vector<std::uint32_t> to;  // [old groups] index into groups.keys, or kLeftOut
};

/// The same groups in canonical order.
Regrouping canonical(const Groups& groups);

/// The same groups where they stand in `whole`. @error kAxesDiffer if `whole` lacks one of them.
Result<Regrouping> align(const Groups& part, const Groups& whole);

/// Groups of fewer attributes, which may come from by and from strata alike; the others are summed
/// over. collapse(groups, {}) is everybody. Canonical.
/// @error kNotFound for an attribute that the groups do not have; kInvalidArgument for one twice.
Result<Regrouping> collapse(const Groups& groups, std::span<const std::string> by,
                            std::span<const std::string> strata = {});

/// The groups within one stratum, without strata. Groups of other strata are left out.
/// @param stratum  one value for each of groups.strata.
Regrouping within(const Groups& groups, const Key& stratum);

/// The strata that were seen, in canonical order; one empty key where there are no strata.
std::vector<Key> strata_keys(const Groups& groups);

void pack(const Groups& groups, Writer& writer);
/// @error kBadInput unless the bytes hold canonical groups.
Result<Groups> unpack_groups(ByteReader& reader);

/// Groups that grow while rows are read: keys in the order of arrival, found by hashing.
class GrowingGroups {
 public:
  explicit GrowingGroups(Groups groups);
  const Groups& groups() const { return groups_; }
  /// Where the key stands; it is appended if it is new. Needs one value for each attribute.
  std::uint32_t find_or_add(const Key& key);

 private:
  void index(std::uint32_t at);
  Groups groups_;
  std::unordered_multimap<std::size_t, std::uint32_t> by_hash_;  // filled at the first search
};

}  // namespace evenhand::tally
