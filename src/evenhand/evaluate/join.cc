// Attributes from a second table.
#include "evenhand/evaluate/join.h"

#include <algorithm>
#include <utility>

namespace evenhand::evaluate {
namespace {

/// Append a batch's text column to a whole one, sharing one dictionary.
void append(table::Column& whole, std::unordered_map<std::string, std::uint32_t>& code_of,
            const table::Column& part) {
  std::vector<std::uint32_t> to(part.values.size() + 1, 0);
  for (std::size_t v = 0; v < part.values.size(); ++v) {
    const auto next = static_cast<std::uint32_t>(whole.values.size() + 1);
    const auto [at, is_new] = code_of.try_emplace(part.values[v], next);
    if (is_new) whole.values.push_back(part.values[v]);
    to[v + 1] = at->second;
  }
  for (std::uint32_t code : part.codes) whole.codes.push_back(to[code]);
}

}  // namespace

Result<Joined> read_joined(const std::string& path, const std::string& on,
                           const std::vector<std::string>& names, const table::Groupings& groupings,
                           const table::ReadOptions& options) {
  Joined joined;
  joined.names = names;
  joined.columns.resize(names.size());
  std::vector<std::unordered_map<std::string, std::uint32_t>> code_of(names.size());
  std::vector<table::Wanted> wanted{{on, table::As::kText}};
  for (const std::string& name : names) wanted.push_back({name, table::As::kText});
  const auto on_batch = [&](unsigned, std::uint64_t, table::Batch&& batch) -> Result<void> {
    const table::Column& ids = batch.columns[0];
    for (std::size_t r = 0; r < batch.rows; ++r) {
      if (ids.codes[r] == 0) {
        return Error{Code::kBadInput, place(batch, r) + ": column \"" + on +
                                          "\" is empty; every row of the joined table needs an id"};
      }
      const auto row = static_cast<std::uint32_t>(joined.row_of.size());
      if (!joined.row_of.try_emplace(ids.values[ids.codes[r] - 1], row).second) {
        return Error{Code::kBadInput,
                     place(batch, r) + ": an id in column \"" + on +
                         "\" stands twice; the joined table needs one row for each"};
      }
    }
    for (std::size_t c = 0; c < names.size(); ++c) {
      EVENHAND_ASSIGN(const table::Column groups,
                      table::grouped(batch, c + 1, names[c], groupings, options.decimal));
      append(joined.columns[c], code_of[c], groups);
    }
    return {};
  };
  EVENHAND_ASSIGN(const auto facts, table::scan({path}, options, wanted, 1, on_batch, nullptr));
  joined.facts = facts.front();
  return joined;
}

table::Column look_up(const Joined& joined, std::size_t column, const table::Column& ids,
                      std::uint64_t& unmatched) {
  const table::Column& from = joined.columns[column];
  std::vector<std::uint32_t> to(ids.values.size() + 1, 0);
  std::vector<bool> found(ids.values.size() + 1, false);
  for (std::size_t v = 0; v < ids.values.size(); ++v) {
    const auto at = joined.row_of.find(ids.values[v]);
    if (at == joined.row_of.end()) continue;
    to[v + 1] = from.codes[at->second];
    found[v + 1] = true;
  }
  table::Column out;
  out.values = from.values;
  out.codes.reserve(ids.codes.size());
  for (std::uint32_t id : ids.codes) {
    out.codes.push_back(to[id]);
    unmatched += found[id] ? 0 : 1;
  }
  return out;
}

}  // namespace evenhand::evaluate
