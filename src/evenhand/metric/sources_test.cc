// Hill numbers: by hand, and Chao's own example.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

Estimate read_one(const Metric& m, const std::vector<std::int64_t>& rows) {
  tally::Crosstab counts(tally::Groups{{"source"}, {}, {}});
  for (std::size_t s = 0; s < rows.size(); ++s) {
    const auto at = counts.group({std::to_string(100 + s)});
    if (rows[s] > 0) {
      EXPECT_TRUE(counts.add_cell({at, rows[s], 0, 0}));
    }
  }
  const tally::Groups groups = counts.groups();
  Tallies t;
  t.groups = &groups;
  t.crosstab = &counts;
  const auto readings = metric::read(m, t, {});
  EXPECT_TRUE(readings);
  return readings->front().estimate;
}

TEST(EffectiveSources, EqualOnesCountFully) {
  for (const Metric* m : {&effective_sources_q0, &effective_sources_q1, &effective_sources_q2}) {
    EXPECT_NEAR(read_one(*m, {50, 50, 50, 50}).value, 4, 1e-12) << m->name;
    EXPECT_NEAR(read_one(*m, {70}).value, 1, 1e-12) << m->name;
  }
}

// Shares 1/2, 1/4, 1/4: entropy 1.5 ln 2, sum of squares 3/8.
TEST(EffectiveSources, UnequalOnesCountLess) {
  EXPECT_EQ(read_one(effective_sources_q0, {200, 100, 100}).value, 3);
  EXPECT_NEAR(read_one(effective_sources_q1, {200, 100, 100}).value, std::pow(2, 1.5), 1e-12);
  EXPECT_NEAR(read_one(effective_sources_q2, {200, 100, 100}).value, 8.0 / 3, 1e-12);
  EXPECT_NEAR(read_one(largest_source_share, {200, 100, 100}).value, 0.5, 1e-12);
}

// Ten sources seen, 4 of them once and 2 twice among 40 rows: u = 39/40 * 16/4 = 3.9 unseen. With
// r = 2, a = .975: variance 2 (a 2 + a^2 8 + a^2 4) = 26.715; the factor exp(1.96 sqrt(ln(1 +
// 26.715/3.9^2))) = 6.143; so the upper limit is 10 + 3.9 * 6.143 = 33.96.
TEST(EffectiveSources, UnseenOnesWidenTheNumberUpwardsOnly) {
  const Estimate e = read_one(effective_sources_q0, {1, 1, 1, 1, 2, 2, 8, 8, 8, 8});
  EXPECT_EQ(e.value, 10);
  EXPECT_EQ(e.low, 10);
  const double a = 39.0 / 40, u = a * 4, v = 2 * (a * 2 + a * a * 8 + a * a * 4);
  EXPECT_NEAR(e.high, 10 + u * std::exp(1.959964 * std::sqrt(std::log(1 + v / (u * u)))), 1e-4);
  const Estimate known = read_one(effective_sources_q0, {30, 40, 50});
  EXPECT_EQ(known.high, 3);  // no source was seen once only: nothing speaks of others
}

TEST(EffectiveSources, NobodyIsUndefined) {
  EXPECT_EQ(read_one(effective_sources_q1, {}).why, Undefined::kNoRows);
}

}  // namespace
}  // namespace evenhand::metric
