#include "evenhand/api/group_options.h"

#include <algorithm>
#include <utility>

namespace evenhand::api {

Result<table::Groupings> groupings(const GroupOptions& asked, const Columns& columns) {
  table::Groupings out = asked.groups;
  for (const Phrase& phrase : asked.edges) {
    EVENHAND_ASSIGN(auto both, edges(phrase, columns));
    table::Grouping& grouping = out[both.first];
    if (!grouping.edges.empty()) {
      return Error{Code::kInvalidArgument, "the edges of \"" + both.first + "\" were given twice"};
    }
    grouping.edges = std::move(both.second);
  }
  for (const Phrase& phrase : asked.rename) {
    EVENHAND_ASSIGN(const auto both, renaming(phrase, columns));
    for (const auto& [value, name] : both.second) {
      const auto [at, is_new] = out[both.first].rename.emplace(value, name);
      if (is_new || at->second == name) continue;
      return Error{Code::kInvalidArgument, "\"" + value + "\" of \"" + both.first +
                                               "\" was given two names, \"" + at->second +
                                               "\" and \"" + name + '"'};
    }
  }
  return out;
}

bool needs_columns(const GroupOptions& asked) {
  const auto typed = [](const Phrase& phrase) { return !phrase.exact; };
  return std::any_of(asked.edges.begin(), asked.edges.end(), typed) ||
         std::any_of(asked.rename.begin(), asked.rename.end(), typed);
}

}  // namespace evenhand::api
