#include "evenhand/metric/estimate.h"

#include <cmath>
#include <limits>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "evenhand/metric/intervals.h"

namespace evenhand::metric {
namespace {

Measured share(std::int64_t part, std::int64_t rows) {
  Measured m;
  m.value = static_cast<double>(part) / static_cast<double>(rows);
  m.rows = rows;
  m.part = part;
  m.n_effective = static_cast<double>(rows);
  return m;
}

void expect_interval(const Interval& found, double low, double high, double within) {
  EXPECT_NEAR(found.low, low, within);
  EXPECT_NEAR(found.high, high, within);
}

TEST(Limits, OfAPlainShareAreThoseOfItsCounts) {
  const Measured m = share(81, 263);
  const Interval w = wilson(81, 263, 0.9), c = clopper_pearson(81, 263, 0.9),
                 j = jeffreys(81, 263, 0.9);
  expect_interval(limits(m, 0.9, Method::kWilson), w.low, w.high, 0);
  expect_interval(limits(m, 0.9, Method::kClopperPearson), c.low, c.high, 0);
  expect_interval(limits(m, 0.9, Method::kJeffreys), j.low, j.high, 0);
}

TEST(Limits, OfAsManyTimesTheRowsAreThoseOfThatTable) {
  for (const Method method : {Method::kWilson, Method::kClopperPearson, Method::kJeffreys}) {
    const Interval larger = limits(share(80, 1000), 0.95, method);
    expect_interval(limits(share(8, 100), 0.95, method, 10), larger.low, larger.high, 1e-14);
  }
}

// By hand with t tables: half the effective size of 100 rows, 9 degrees. t(99) = 1.984217,
// t(9) = 2.262157, so n* = 50 (1.984217 / 2.262157)^2 = 38.4686.
TEST(Limits, FewClustersWidenThroughStudentsT) {
  Measured m = share(30, 100);
  m.n_effective = 50;
  m.degrees = 9;
  const Interval exact = clopper_pearson(0.3 * 38.4686, 38.4686, 0.95);
  expect_interval(limits(m, 0.95, Method::kClopperPearson), exact.low, exact.high, 1e-6);
  const Interval score = wilson_with_quantile(15, 50, 2.2621571628);
  expect_interval(limits(m, 0.95, Method::kWilson), score.low, score.high, 1e-9);
}

TEST(Limits, OfOddsAreTheOddsOfTheLimits) {
  Measured m = share(3, 4);  // 30 against 10 of 40
  m.value = 3;
  m.spread = Spread::kOdds;
  m.rows = 40;
  m.n_effective = 40;
  const Interval of_share = wilson(30, 40, 0.95);
  expect_interval(limits(m, 0.95, Method::kWilson), of_share.low / (1 - of_share.low),
                  of_share.high / (1 - of_share.high), 1e-12);
}

// By hand: z = 1.959964; t(4) = 2.776445.
TEST(Limits, OfNormalLogAndLogitValues) {
  Measured m;
  m.value = 0.25;
  m.standard_error = 0.1;
  m.spread = Spread::kNormal;
  expect_interval(limits(m, 0.95, Method::kWilson), 0.25 - 0.1959964, 0.25 + 0.1959964, 1e-7);
  expect_interval(limits(m, 0.95, Method::kClopperPearson, 4), 0.25 - 0.0979982, 0.25 + 0.0979982,
                  1e-7);
  m.degrees = 4;
  expect_interval(limits(m, 0.95, Method::kWilson), 0.25 - 0.2776445, 0.25 + 0.2776445, 1e-7);
  m.degrees = 0;
  m.spread = Spread::kLog;
  expect_interval(limits(m, 0.95, Method::kWilson), 0.25 * std::exp(-0.1959964),
                  0.25 * std::exp(0.1959964), 1e-7);
  m.spread = Spread::kLogit;  // logit .25 = -ln 3
  expect_interval(limits(m, 0.95, Method::kWilson), 1 / (1 + 3 * std::exp(0.1959964)),
                  1 / (1 + 3 * std::exp(-0.1959964)), 1e-7);
}

TEST(Limits, AtTheEdgeOfALogScaleSayOnlyTheRange) {
  Measured m;
  m.value = 1;
  m.spread = Spread::kLogit;
  expect_interval(limits(m, 0.95, Method::kWilson), 0, 1, 0);
  m.value = 0;
  m.spread = Spread::kLog;
  EXPECT_EQ(limits(m, 0.95, Method::kWilson).low, 0);
  EXPECT_EQ(limits(m, 0.95, Method::kWilson).high, std::numeric_limits<double>::infinity());
}

Measured replicated(double value, double acceleration) {
  Replicates replicates;  // the squares of 1..99 in thousandths
  for (int i = 1; i < 100; ++i) replicates.sorted.push_back(i * i / 1000.0);
  replicates.acceleration = acceleration;
  Measured m;
  m.value = value;
  m.spread = Spread::kReplicate;
  m.replicates = std::make_shared<const Replicates>(replicates);
  return m;
}

// scipy 1.17.1 and numpy: BCa's two probabilities by norm.cdf and norm.ppf, then
// numpy.quantile(..., method="weibull"), which stands at position p (B + 1).
TEST(Limits, OfReplicatesAreEfronsBCa) {
  const Interval found = limits(replicated(3.0, 0.03), 0.9, Method::kWilson);
  expect_interval(found, 0.07865982335820362, 9.519189984594291, 1e-9);
}

// By hand: the 5th and 95th of 99 replicates are 0.025 and 9.025, and mirrored at 0, -0.025 and
// -9.025.
TEST(Limits, OfReplicatesAtTheEdgeAreMirrored) {
  expect_interval(limits(replicated(0, 0.3), 0.9, Method::kWilson), -9.025, 9.025, 1e-9);
  Measured m = replicated(0, 0.3);
  m.range.low = 0;
  expect_interval(limits(m, 0.9, Method::kWilson), 0, 9.025, 1e-9);
}

// By hand: twice a share of 0 in 10 rows lies below 2 (1 - (alpha/2)^(1/10)), Clopper-Pearson; the
// replicates, which say 0.001 to 9.801, do not decide. Where nothing varies they would say [0, 0].
TEST(Limits, ReplicatesNeverDecide) {
  Measured share;
  share.part = 0;
  share.rows = 10;
  share.n_effective = 10;
  Measured m = replicated(0, 0);
  m.of_shares =
      std::make_shared<const OfShares>(OfShares{{share}, [](std::span<const Interval> s) {
                                                  return Interval{2 * s[0].low, 2 * s[0].high};
                                                }});
  expect_interval(limits(m, 0.9, Method::kClopperPearson), 0, 2 * (1 - std::pow(0.05, 0.1)), 1e-12);
}

// By hand: the difference of 3/10 and 5/10 from both Wilson limits at 97.5 %.
TEST(Limits, OfSharesAreTheExtremesOverTheirLimits) {
  const auto share = [](std::int64_t part) {
    Measured m;
    m.part = part;
    m.rows = 10;
    m.value = static_cast<double>(part) / 10;
    m.n_effective = 10;
    return m;
  };
  Measured m;
  m.value = 0.2;
  m.spread = Spread::kOfShares;
  m.of_shares = std::make_shared<const OfShares>(
      OfShares{{share(5), share(3)}, [](std::span<const Interval> s) {
                 return Interval{s[0].low - s[1].high, s[0].high - s[1].low};
               }});
  const Interval a = wilson(5, 10, 0.975), b = wilson(3, 10, 0.975);
  expect_interval(limits(m, 0.95, Method::kWilson), a.low - b.high, a.high - b.low, 1e-12);
}

// All rows of some clusters are in the part, and they are worth 13.33 rows: 18 * (13.33 / 18) is an
// ulp more, and no limits are those of more than all.
TEST(Limits, OfAShareOfAllEffectiveRowsDoNotPassThem) {
  Measured m;
  m.value = 1;
  m.rows = m.part = 18;
  m.degrees = 5;
  m.n_effective = 13.33000997008971;
  ASSERT_GT(18 * (m.n_effective / 18), m.n_effective);
  EXPECT_EQ(limits(m, 0.95, Method::kWilson).high, 1);
}

TEST(Undefined, EveryReasonHasItsOwnCodeAndSentence) {
  std::set<std::string> codes, sentences;
  for (int i = 0; i <= static_cast<int>(Undefined::kConvention); ++i) {
    codes.insert(std::string(code(static_cast<Undefined>(i))));
    sentences.insert(std::string(sentence(static_cast<Undefined>(i))));
  }
  EXPECT_EQ(codes.size(), 8u);
  EXPECT_EQ(sentences.size(), 8u);
  EXPECT_EQ(code(Undefined::kNoRows), "no_rows");
  EXPECT_EQ(sentence(Undefined::kNoRows), "nobody is in the denominator");
}

}  // namespace
}  // namespace evenhand::metric
