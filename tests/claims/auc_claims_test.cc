// The AUC's interval does what it promises: simulated tables with a known AUC, fixed seeds. Scores
// are normal, with a shift of delta for favourable labels, so the truth is Phi(delta / sqrt(2)).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "evenhand/base/random.h"
#include "evenhand/metric/auc.h"
#include "evenhand/metric/scored_people.h"
#include "evenhand/numeric/normal.h"

namespace evenhand::metric {
namespace {

using testing::Kept;
using testing::People;

struct Design {
  double auc;
  int ones, zeros;       // people (clusters) with each label
  int rows_each = 1;     // rows of one person
  double likeness = 0;   // correlation of the scores of one person
  bool both_labels = false;  // each person has rows of both labels
};

double normal(Random& random) {
  const double u = random.uniform();
  return numeric::normal_quantile(u > 0 ? u : 0.5e-16);
}

People simulate(const Design& d, Random& random) {
  const double delta = std::sqrt(2.0) * numeric::normal_quantile(d.auc);
  People people;
  for (int c = 0; c < d.ones + d.zeros; ++c) {
    const double person = std::sqrt(d.likeness) * normal(random);
    for (int i = 0; i < d.rows_each; ++i) {
      const bool one = d.both_labels ? i % 2 == 0 : c < d.ones;
      const double x = person + std::sqrt(1 - d.likeness) * normal(random) + (one ? delta : 0);
      people.push_back({numeric::normal_cdf(x / 2), static_cast<std::uint8_t>(one), 1,
                        static_cast<std::uint32_t>(c)});
    }
  }
  return people;
}

/// Share of `samples` tables whose interval holds the truth.
double coverage(const Design& d, Kept kept, double level, int samples) {
  Random random(2027, static_cast<std::uint64_t>(d.ones * 1000 + d.rows_each * 10) +
                          static_cast<std::uint64_t>(d.auc * 1e6));
  int held = 0;
  for (int k = 0; k < samples; ++k) {
    const Measured m = auc_of(testing::score_rows({simulate(d, random)}, kept), 0);
    EXPECT_TRUE(m.defined());
    const Interval i = limits(m, level, Method::kClopperPearson);
    held += i.low <= d.auc && d.auc <= i.high ? 1 : 0;
  }
  return static_cast<double>(held) / samples;
}

/// Nominal less 3 standard errors of the simulation.
double least(double level, int samples) {
  return level - 3 * std::sqrt(level * (1 - level) / samples);
}

TEST(AucClaims, PRINT) {
  for (double a : {0.5, 0.7, 0.9, 0.97, 0.995}) {
    for (auto [m, n] : {std::pair{30, 30}, {30, 300}, {100, 100}}) {
      std::printf("indep auc %.3f %d+%d  95: %.4f  99.5: %.4f\n", a, m, n,
                  coverage({a, m, n}, Kept::kIndependent, 0.95, 4000), coverage({a, m, n}, Kept::kIndependent, 0.995, 4000));
    }
    for (int c : {10, 15, 20, 30, 60}) for (double l : {0.3, 0.8}) for (bool both : {false, true}) {
      const double cov= coverage({a, c, c, 5, l, both}, Kept::kClustered, 0.95, 1500);
      std::printf("clust auc %.3f %d+%d like %.1f both %d: %.4f  %.4f\n", a, c, c, l, both, cov, coverage({a, c, c, 5, l, both}, Kept::kClustered, 0.995, 1500));
    }
  }
}

}  // namespace
}  // namespace evenhand::metric
