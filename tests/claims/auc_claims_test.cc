// Claim: the interval of an AUC also covers where few rows decide (high values, few people) and
// where people bring rows of both labels. Scores are normal, with a shift of delta for favourable
// labels, so the truth is Phi(delta / sqrt(2)).
#include <cmath>
#include <utility>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/auc.h"
#include "evenhand/metric/scored_people.h"
#include "evenhand/numeric/normal.h"
#include "simulation.h"

namespace evenhand::metric {
namespace {

using testing::Kept;
using testing::People;

struct Design {
  double auc;
  int ones, zeros;           // people (clusters) with each label
  int rows_each = 1;         // rows of one person
  double likeness = 0;       // correlation of the scores of one person
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

TEST(AucClaims, HighValuesOfFewRowsAreCovered) {
  constexpr int kRuns = 1'500;
  for (const double auc : {0.9, 0.97, 0.995}) {
    for (const auto& [ones, zeros] : {std::pair{30, 30}, std::pair{30, 300}, std::pair{100, 100}}) {
      for (const double level : {0.95, 0.995}) {
        const double found = coverage({auc, ones, zeros}, Kept::kIndependent, level, kRuns);
        EXPECT_GE(found, claims::bar(level, kRuns)) << auc << " " << ones << " " << zeros;
      }
    }
  }
}

TEST(AucClaims, FewPeopleOfFiveRowsAreCovered) {
  constexpr int kRuns = 500;
  for (const double auc : {0.6, 0.9, 0.97}) {
    for (const int people : {10, 15, 30}) {
      for (const double likeness : {0.3, 0.8}) {
        const double found =
            coverage({auc, people, people, 5, likeness}, Kept::kClustered, 0.95, kRuns);
        EXPECT_GE(found, claims::bar(0.95, kRuns)) << auc << " " << people << " " << likeness;
      }
    }
  }
}

TEST(AucClaims, PeopleWithRowsOfBothLabelsAreCovered) {
  constexpr int kRuns = 500;
  for (const double auc : {0.6, 0.9, 0.97}) {
    for (const int people : {10, 30}) {
      for (const double likeness : {0.3, 0.8}) {
        const double found =
            coverage({auc, people, people, 6, likeness, true}, Kept::kClustered, 0.95, kRuns);
        EXPECT_GE(found, claims::bar(0.95, kRuns)) << auc << " " << people << " " << likeness;
      }
    }
  }
}

}  // namespace
}  // namespace evenhand::metric
