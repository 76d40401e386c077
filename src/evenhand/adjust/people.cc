#include "evenhand/adjust/people.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "evenhand/base/rows.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/label.h"

namespace evenhand::adjust {

namespace {

Result<void> check(const Columns& columns) {
  std::vector<std::pair<std::string, std::string>> parts{{columns.score, "score"},
                                                         {columns.label, "label"}};
  for (const std::string& name : columns.by) parts.emplace_back(name, "group");
  if (columns.id) parts.emplace_back(*columns.id, "id");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (parts[i].first != parts[k].first) continue;
      return Error{Code::kInvalidArgument, "the column \"" + parts[i].first + "\" cannot be the " +
                                               parts[k].second + " and the " + parts[i].second +
                                               " as well"};
    }
  }
  return table::check_groupings(columns.groupings, columns.by);
}

Result<void> check_spread(const People& people, const Columns& columns) {
  if (people.rows.empty()) {
    return Error{Code::kBadInput, "no row has a label and a score"};
  }
  const Row& first = people.rows.front();
  const auto all = [&](auto same) {
    return std::all_of(people.rows.begin(), people.rows.end(), same);
  };
  if (all([&](const Row& row) { return row.label == first.label; })) {
    return Error{Code::kBadInput, "every row " + std::string(first.label == 1 ? "has" : "lacks") +
                                      " the favourable label " + columns.label + "=" +
                                      people.favourable +
                                      ", so nothing can be told of right and wrong decisions"};
  }
  if (all([&](const Row& row) { return row.score == first.score; })) {
    return Error{Code::kBadInput, "every score is " + table::spelled(first.score) +
                                      ": a threshold could only take everybody or nobody"};
  }
  return {};
}

}  // namespace

Result<People> read_people(const std::vector<std::string>& files, const table::ReadOptions& read,
                           const Columns& columns, unsigned threads, const OnProgress& progress) {
  EVENHAND_TRY(check(columns));
  std::vector<table::Wanted> wanted{{columns.score, table::As::kNumber},
                                    {columns.label, table::As::kText}};
  std::vector<std::size_t> places;
  for (const std::string& name : columns.by) {
    places.push_back(wanted.size());
    wanted.push_back({name, table::As::kText});
  }
  if (columns.id) wanted.push_back({*columns.id, table::As::kText});  // that it is there
  EVENHAND_ASSIGN(table::Gathered gathered, table::gather(files, read, wanted, threads, progress));
  EVENHAND_ASSIGN(const table::Labels labels,
                  table::labels_of(gathered.all.columns[1], columns.label, columns.favourable));
  People out;
  EVENHAND_ASSIGN(out.crossing,
                  table::cross(gathered.all, columns.by, places, columns.groupings, read.decimal));
  out.favourable = labels.favourable;
  out.facts = std::move(gathered.facts);
  out.rows_read = gathered.all.rows;
  const std::vector<double>& scores = gathered.all.columns[0].numbers;
  for (std::size_t i = 0; i < gathered.all.rows; ++i) {
    const bool no_label = labels.values[i] == kMissingClass, no_score = std::isnan(scores[i]);
    out.rows_without_label += no_label ? 1 : 0;
    out.rows_without_score += no_score && !no_label ? 1 : 0;
    if (no_label || no_score) continue;
    out.rows.push_back({scores[i], out.crossing.codes[i], labels.values[i]});
    out.places.push_back(i);
  }
  out.crossing.codes = {};
  EVENHAND_TRY(check_spread(out, columns));
  return out;
}

}  // namespace evenhand::adjust
