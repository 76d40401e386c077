// Who is in the data, against a baseline: by hand, and by published values.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/baseline.h"
#include "evenhand/metric/judge.h"
#include "evenhand/numeric/binomial.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

using tally::Crosstab;
using tally::Groups;

/// Groups A, B, ... with these rows and shares of the baseline.
class Held {
 public:
  Held(const std::vector<std::int64_t>& rows, std::vector<double> shares,
       std::vector<double> baseline_rows = {}) {
    for (std::size_t g = 0; g < rows.size(); ++g) {
      const auto at = counts_.group({std::string(1, static_cast<char>('A' + g))});
      if (rows[g] > 0) {
        EXPECT_TRUE(counts_.add_cell({at, rows[g], 0, 0}));
      }
    }
    groups_ = counts_.groups();
    baseline_.rows = std::move(baseline_rows);
    for (const double share : shares) baseline_.shares.emplace_back(share);
    tallies_.groups = &groups_;
    tallies_.crosstab = &counts_;
    tallies_.baseline = &baseline_;
    everybody_ = *tally::collapse(counts_, {});
    all_groups_ = everybody_.groups();
    all_.groups = &all_groups_;
    all_.crosstab = &everybody_;
    tallies_.everybody = &all_;
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  std::vector<Reading> read(const Metric& m, double family = 0) const {
    ReadOptions o;
    o.family_level = family;
    auto readings = metric::read(m, tallies_, o);
    EXPECT_TRUE(readings);
    return readings ? *readings : std::vector<Reading>{};
  }
  Estimate one(const Metric& m) const { return read(m).front().estimate; }

 private:
  Crosstab counts_{Groups{{"g"}, {}, {}}}, everybody_{Groups{}};
  Groups groups_, all_groups_;
  Baseline baseline_;
  Tallies tallies_, all_;
};

// By hand: (600 - 500)^2/500 twice is 40; P(chi-square(1) >= 40) = 2 Phi(-sqrt 40) = 2.54e-10.
TEST(Representation, SixHundredAgainstFourHundredIsTheTextbookCase) {
  const Held held({600, 400}, {0.5, 0.5});
  const Reading test = held.read(chi_square_baseline).front();
  EXPECT_NEAR(test.estimate.value, 40, 1e-12);
  EXPECT_NEAR(std::pow(10, *test.log10_p), 2.539629e-10, 1e-15);
  EXPECT_NEAR(held.one(cohens_w).value, 0.2, 1e-12);
  const auto short_by = held.read(rows_short), collect = held.read(rows_to_collect);
  EXPECT_EQ(short_by[0].estimate.value, -100);
  EXPECT_EQ(short_by[1].estimate.value, 100);
  EXPECT_EQ(collect[0].estimate.value, 0);
  EXPECT_EQ(collect[1].estimate.value, 200);
  EXPECT_EQ(collect[2].estimate.value, 200);  // all groups together
  EXPECT_TRUE(collect[2].group->empty());
  EXPECT_NEAR(held.read(standardized_residual)[1].estimate.value, -std::sqrt(40), 1e-12);
  // G = 2 (600 ln 1.2 + 400 ln 0.8)
  EXPECT_NEAR(held.one(g_test).value, 2 * (600 * std::log(1.2) + 400 * std::log(0.8)), 1e-10);
}

// Mendel's peas, 315 108 101 32 against 9:3:3:1: chi-square 0.470, p 0.925, as in any textbook.
TEST(Representation, MendelsPeasFitTheirRatio) {
  const Held held({315, 108, 101, 32}, {9.0 / 16, 3.0 / 16, 3.0 / 16, 1.0 / 16});
  const Reading test = held.read(chi_square_baseline).front();
  EXPECT_NEAR(test.estimate.value, 0.470, 0.0005);
  EXPECT_NEAR(std::pow(10, *test.log10_p), 0.925, 0.0005);
  EXPECT_EQ(held.one(cohens_w).low, 0);
}

// Cohen 1988, table 7.4: at alpha .05 and power .80, w = .10 needs 785 rows with 1 degree of
// freedom and 1,090 with 3.
TEST(Representation, FindsWithEightyPerCentWhatCohensTableSays) {
  EXPECT_NEAR(Held({400, 385}, {0.5, 0.5}).one(detectable_w).value, 0.1, 0.0001);
  EXPECT_NEAR(Held({273, 273, 272, 272}, {0.25, 0.25, 0.25, 0.25}).one(detectable_w).value, 0.1,
              0.0001);
  // One group of a half: w = 2 d.
  EXPECT_NEAR(Held({400, 385}, {0.5, 0.5}).one(detectable_gap).value, 0.05, 0.00005);
}

TEST(Representation, PValuesDoNotUnderflow) {
  const Reading test = Held({90'000'000, 10'000'000}, {0.5, 0.5}).read(chi_square_baseline).front();
  EXPECT_LT(*test.log10_p, -10'000'000);
  EXPECT_TRUE(std::isfinite(*test.log10_p));
}

TEST(Representation, AGroupOfThePopulationThatIsAbsentHasAShareOfNothing) {
  const Held held({50, 50, 0}, {0.4, 0.4, 0.2});
  EXPECT_EQ(held.read(*find("row_share"))[2].estimate.value, 0);
  EXPECT_NEAR(held.read(representation_gap)[2].estimate.value, -0.2, 1e-12);
  EXPECT_EQ(held.read(rows_to_collect)[2].estimate.value, 25);
  EXPECT_NEAR(held.one(baseline_coverage).value, 0.8, 1e-12);
}

// 100 rows of 1 % expected: one row is expected there, and chi-square would say p = 1e-5 for 6.
// The truth is P(K >= 6) or as improbable on the other side, K binomial: 5.3e-4.
TEST(Representation, SmallExpectedCountsGetASimulatedPValue) {
  const Held held({6, 94}, {0.01, 0.99});
  const double p = std::pow(10, *held.read(chi_square_baseline).front().log10_p);
  const double exact = numeric::binomial_tail(6, {100, 0.01});
  EXPECT_NEAR(p, exact, 4 * std::sqrt(exact / 10'000) + 1e-4);
}

TEST(Representation, ASampledBaselineIsATableOfTwoRows) {
  // By hand: 30 of 100 against 90 of 200; pooled 0.4; chi-square 6.25 with continuity left out.
  const Held held({30, 70}, {0.45, 0.55}, {90, 110});
  EXPECT_NEAR(held.one(chi_square_baseline).value, 6.25, 1e-10);
  // Newcombe's interval is wider than that of the share alone.
  const Estimate sampled = held.read(representation_gap).front().estimate;
  const Estimate known = Held({30, 70}, {0.45, 0.55}).read(representation_gap).front().estimate;
  EXPECT_LT(sampled.low, known.low);
  EXPECT_GT(sampled.high, known.high);
}

Verdict at_two_points(const Held& held) {
  return judge(held.read(largest_representation_gap, 0.95).front(), Parts::kNone,
               {Side::kAtMost, *decimal("0.02"), false});
}

TEST(Representation, BalanceAndImbalanceAndNeitherAreThreeVerdicts) {
  EXPECT_EQ(at_two_points(Held({5'050, 4'950}, {0.5, 0.5})), Verdict::kMet);
  EXPECT_EQ(at_two_points(Held({600, 400}, {0.5, 0.5})), Verdict::kBroken);
  EXPECT_EQ(at_two_points(Held({52, 48}, {0.5, 0.5})), Verdict::kCannotTell);
}

// The verdict turns at the one-sided exact limits: of 10,000 rows all counts up to the last one
// whose Clopper-Pearson limits at 90 % lie within 0.48 to 0.52 are met.
TEST(Representation, BalanceIsClaimedByTwoOneSidedExactTests) {
  for (std::int64_t x = 5'000; x <= 5'200; ++x) {
    const bool upper = numeric::binomial_cdf(x, {10'000, 0.52}) <= 0.05;
    const bool lower = numeric::binomial_tail(x, {10'000, 0.48}) <= 0.05;
    const bool met = at_two_points(Held({x, 10'000 - x}, {0.5, 0.5})) == Verdict::kMet;
    EXPECT_EQ(met, upper && lower) << x;
  }
}

TEST(Representation, OneGroupOrNobodyHasNoTest) {
  EXPECT_EQ(Held({10}, {1.0}).one(chi_square_baseline).why, Undefined::kOneGroup);
  EXPECT_EQ(Held({0, 0}, {0.5, 0.5}).one(chi_square_baseline).why, Undefined::kNoRows);
  EXPECT_EQ(Held({5, 5}, {0.0, 1.0}).one(chi_square_baseline).why, Undefined::kOneGroup);
  EXPECT_EQ(Held({5, 5, 5}, {0.0, 0.5, 0.5}).one(chi_square_baseline).why,
            Undefined::kZeroDenominator);
}

// Lin 1991: of shares (1, 0) and (0, 1) it is 1 bit; of equal ones 0. By hand for 600 and 400.
TEST(Representation, JensenShannonIsInBits) {
  EXPECT_NEAR(Held({1'000, 0}, {0.0, 1.0}).one(jensen_shannon).value, 1, 1e-12);
  EXPECT_NEAR(Held({500, 500}, {0.5, 0.5}).one(jensen_shannon).value, 0, 1e-12);
  const auto kl = [](double a, double b) { return a * std::log2(a / b); };
  const double by_hand = (kl(0.6, 0.55) + kl(0.4, 0.45) + kl(0.5, 0.55) + kl(0.5, 0.45)) / 2;
  EXPECT_NEAR(Held({600, 400}, {0.5, 0.5}).one(jensen_shannon).value, by_hand, 1e-12);
}

}  // namespace
}  // namespace evenhand::metric
