// How often a column has no value in the rows of each group.
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/metric/effective.h"
#include "evenhand/metric/measure.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

struct Sums {
  std::int64_t n = 0;
  double w = 0, w2 = 0;
};

Measured share_of(const Sums& missing, const Sums& present, bool weighted) {
  Measured m;
  m.rows = missing.n + present.n;
  const double all = missing.w + present.w;
  if (m.rows == 0 || !(all > 0)) {
    m.why = Undefined::kNoRows;
    return m;
  }
  m.value = missing.w / all;
  m.n_effective = static_cast<double>(m.rows);
  if (!weighted) {
    m.part = missing.n;
    return m;
  }
  const Effective effective = effective_of_weights({missing.w, present.w, missing.w2, present.w2});
  m.n_effective = effective.size;
  m.degrees = effective.degrees;
  return m;
}

Result<std::vector<Measured>> measure_missing(const Tallies& t, const ReadOptions&) {
  EVENHAND_CHECK(t.pairs != nullptr);
  const tally::Groups& groups = *t.groups;
  std::vector<Sums> missing(groups.size()), present(groups.size());
  std::size_t at = 0;  // pairs stand in the order of the groups, each with its values
  for (const tally::Crosstab::Cell& cell : t.pairs->cells()) {
    const tally::Key& key = t.pairs->groups().keys[cell.group];
    const tally::Key group(key.begin(), key.end() - 1);
    if (at == groups.size() || groups.keys[at] != group) {
      for (at = 0; groups.keys[at] != group;) ++at;
    }
    Sums& sums = key.back() ? present[at] : missing[at];
    sums.n += cell.n;
    sums.w += t.pairs->weighted() ? cell.w : static_cast<double>(cell.n);
    sums.w2 += t.pairs->weighted() ? cell.w2 : static_cast<double>(cell.n);
  }
  std::vector<Measured> out;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    out.push_back(share_of(missing[g], present[g], t.pairs->weighted()));
  }
  return out;
}

}  // namespace

const Measure missing_rate{
    .name = "missing_rate",
    .says = "How often does a column have no value?",
    .formula = "n(g, no value) / n(g)",
    .unit = "share in [0,1]",
    .better = Better::kLower,
    .ideal = 0,
    .misleads =
        "A mark that nobody declared as missing (-999, \"none\") counts as a value. Equal rates do "
        "not mean that values are missing for equal reasons.",
    .source = "Intervals: Wilson 1927; Newcombe 1998",
    .about = About::kData,
    .compares = Compares::kDifferences,
    .measure = measure_missing,
};

}  // namespace evenhand::metric
