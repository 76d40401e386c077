// Oracles that other tools print, beside those of fairlearn_test and aif360_test: fairlearn's user
// guide (0.15.0.dev0, ebf8fa75), AIF360's tests and docstrings (3487791), SageMaker Clarify's tests
// (024329d), and closed forms. Each says what was given and what was worked out by hand.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <sstream>

#include "evenhand/base/random.h"
#include "evenhand/metric/bootstrap.h"
#include "sound.h"
#include "testing.h"

namespace evenhand {
namespace {

using evaluate::By;
using testing::evaluated;
using testing::expect_sound;
using testing::gap;
using testing::value;

/// A table whose values have one letter each: a header, and a string for each column.
std::string columns(const std::string& header, const std::vector<std::string>& values) {
  std::string text = header + "\n";
  for (std::size_t i = 0; i < values.front().size(); ++i) {
    for (std::size_t c = 0; c < values.size(); ++c) {
      text += (c > 0 ? "," : "") + std::string(1, values[c][i]);
    }
    text += '\n';
  }
  return text;
}

evaluate::Options judging(const testing::TemporaryFile& file, const By& by) {
  evaluate::Options o;
  o.files = {file.path()};
  o.label = evaluate::Role{"y", "1"};
  o.decision = evaluate::Role{"d", "1"};
  o.by = {by};
  o.metrics = {"all"};
  return o;
}

// Oracle: O4 reproduced
// The 30 rows stand in the guide's page on intersecting groups.
TEST(Oracles, O4AccuracyWithinStrata) {
  const testing::TemporaryFile file(
      columns("y,d,g,h", {"000110110101010101010110111110", "110110101010101110001110011001",
                          "ABBCCBAABACBCACCBBCABBCABABBAA", "HLHLHLLHHLLHHLLHLLHHLHLLHHLLHL"}));
  auto o = judging(file, {"g"});
  o.strata = {"h"};
  const auto r = evaluated(o);
  const struct {
    const char* stratum;
    double a, b, c, overall, difference, ratio, difference_to_overall, ratio_to_overall;
  } expected[] = {{"H", .2, .4, .75, .4285714, .55, .2666667, .3214286, .4666667},
                  {"L", .4, .2857143, .5, .375, .2142857, .5714286, .125, .75}};
  for (const auto& e : expected) {
    const record::Group stratum{{"h", e.stratum}};
    EXPECT_NEAR(value(r, "accuracy", {"g"}, {{"g", "A"}}, stratum), e.a, 5e-8) << e.stratum;
    EXPECT_NEAR(value(r, "accuracy", {"g"}, {{"g", "B"}}, stratum), e.b, 5e-8) << e.stratum;
    EXPECT_NEAR(value(r, "accuracy", {"g"}, {{"g", "C"}}, stratum), e.c, 5e-8) << e.stratum;
    EXPECT_NEAR(value(r, "accuracy", {}, {}, stratum), e.overall, 5e-8) << e.stratum;
    const auto in_stratum = [&](const char* metric) {
      return value(r, metric, {"g"}, {}, stratum);
    };
    EXPECT_NEAR(in_stratum("accuracy_difference"), e.difference, 5e-8) << e.stratum;
    EXPECT_NEAR(in_stratum("accuracy_ratio"), e.ratio, 5e-8) << e.stratum;
    EXPECT_NEAR(in_stratum("accuracy_difference_to_overall"), e.difference_to_overall, 5e-8)
        << e.stratum;
    // By hand: min over groups of r/overall or its inverse: .2/.4285714 and .2857143/.375 against
    // .375/.5.
    EXPECT_NEAR(in_stratum("accuracy_ratio_to_overall"), e.ratio_to_overall, 5e-8) << e.stratum;
  }
  expect_sound(r);
}

// Oracle: O6 reproduced within the Monte-Carlo error of its 100 replicates
// fairlearn's guide prints quantiles .159, .5 and .841 of 100 resamples. Such an estimate lies,
// with p between its shares, within 3.5 standard errors sqrt(p(1-p)/100) of the true distribution,
// which 20,000 of our replicates show. Our own intervals are no bootstrap; both are held against
// each other.
TEST(Oracles, O6QuantilesOfResampledSelectionRates) {
  const std::string decision = "001011100111100110", group = "bbabbaaabababbabbb";
  std::array<std::int64_t, 4> cells{};  // a refused, a accepted, b refused, b accepted
  for (std::size_t i = 0; i < group.size(); ++i) {
    cells[static_cast<std::size_t>(2 * (group[i] - 'a') + (decision[i] - '0'))] += 1;
  }
  const auto share = [](std::size_t refused, std::size_t accepted) -> metric::OfCells {
    return [=](std::span<const double> n) -> std::optional<double> {
      const double all = n[refused] + n[accepted];
      if (all <= 0) return std::nullopt;
      return n[accepted] / all;
    };
  };
  const metric::OfCells overall = [](std::span<const double> n) -> std::optional<double> {
    return (n[1] + n[3]) / (n[0] + n[1] + n[2] + n[3]);
  };
  const struct {
    const char* who;
    metric::OfCells read;
    double quantiles[3];
  } printed[] = {{"overall", overall, {.4444444, .5555556, .6666667}},
                 {"a", share(0, 1), {.5, .7, .8917673}},
                 {"b", share(2, 3), {.3333333, .4409722, .5833333}}};
  const double shares[] = {.159, .5, .841};
  for (const auto& p : printed) {
    const auto drawn = metric::bootstrap_cells(cells, p.read, {20'000, 20231019, 1});
    ASSERT_TRUE(drawn) << p.who;
    const auto& sorted = drawn->sorted;
    const auto below = [&](double x) {
      return static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), x) -
                                 sorted.begin()) /
             static_cast<double>(sorted.size());
    };
    for (int i = 0; i < 3; ++i) {
      const double near = 3.5 * std::sqrt(shares[i] * (1 - shares[i]) / 100);
      // The shares are lumpy, and a quantile may be interpolated: a step to either side is allowed.
      const double step = .06;
      EXPECT_LE(below(p.quantiles[i] - step), shares[i] + near) << p.who << ' ' << shares[i];
      EXPECT_GE(below(p.quantiles[i] + step), shares[i] - near) << p.who << ' ' << shares[i];
    }
  }
}

// Oracle: O6 by hand (our intervals span the printed quantiles)
TEST(Oracles, O6OurIntervalsSpanTheSameQuantiles) {
  const testing::TemporaryFile file(columns("d,g", {"001011100111100110", "bbabbaaabababbabbb"}));
  evaluate::Options o = judging(file, {"g"});
  o.label.reset();
  o.level = .841 - .159;
  const auto r = evaluated(o);
  const struct {
    record::Group group;
    double low, high;
  } printed[] = {
      {{}, .4444444, .6666667}, {{{"g", "a"}}, .5, .8917673}, {{{"g", "b"}}, .3333333, .5833333}};
  for (const auto& p : printed) {
    const auto* f = testing::find(r, "selection_rate", p.group.empty() ? By{} : By{"g"}, p.group);
    ASSERT_NE(f, nullptr);
    // Wilson pulls towards one half, and seven rows are seven rows: within a row and a half.
    EXPECT_NEAR(*f->low, p.low, .1);
    EXPECT_NEAR(*f->high, p.high, .1);
  }
}

const char kFeature[] = "0011112222", kTheirLabel[] = "1001001011";

// Oracle: O10 reproduced
// AIF360's tests/test_classification_metric.py: ten people of three groups.
TEST(Oracles, O10EntropyOfTenPeople) {
  const testing::TemporaryFile file(columns("g,y,d", {kFeature, kTheirLabel, "1000111010"}));
  const auto r = evaluated(judging(file, {"g"}));
  EXPECT_NEAR(value(r, "generalized_entropy_index", {}), .2, 1e-15);
  EXPECT_NEAR(value(r, "theil_index", {}), 4 * std::log(2) / 10, 1e-15);
  // Means of benefits 1, 1.25 and .75: sum over people of (b^2 - 1) / 20.
  const double expected = (2 * 0 + 4 * (1.5625 - 1) + 4 * (.5625 - 1)) / 20;
  EXPECT_NEAR(value(r, "between_group_generalized_entropy_index", {"g"}), expected, 1e-15);
  expect_sound(r);
}

// Oracle: O10 reproduced
TEST(Oracles, O10EntropyOfTheSecondPrediction) {
  const testing::TemporaryFile file(columns("g,y,d", {kFeature, kTheirLabel, "0110000111"}));
  EXPECT_NEAR(value(evaluated(judging(file, {"g"})), "generalized_entropy_index", {}), .3, 1e-15);
}

// Oracle: O10 reproduced
TEST(Oracles, O10EntropyBetweenTwoGroups) {
  const testing::TemporaryFile file(columns("g,y,d", {"001111", "100100", "000011"}));
  const double expected = (2 * (.25 - 1) + 4 * (1.5625 - 1)) / 12;
  EXPECT_NEAR(
      value(evaluated(judging(file, {"g"})), "between_group_generalized_entropy_index", {"g"}),
      expected, 1e-15);
}

// Oracle: O10 reproduced
// Labels 0 and 1 are favourable there, 2 is not; the sums of scores are those printed, 5.31 and
// 1.09.
TEST(Oracles, O10GeneralizedRates) {
  const testing::TemporaryFile file(
      "y,s\n1,.8\n1,.6\n1,.7\n1,.8\n1,.36\n1,.82\n0,.79\n1,.42\n1,.81\n0,.3\n");
  evaluate::Options o;
  o.files = {file.path()};
  o.label = evaluate::Role{"y", "1"};
  o.score = "s";
  o.metrics = {"all"};
  const auto r = evaluated(o);
  EXPECT_NEAR(value(r, "generalized_true_positive_rate", {}), 5.31 / 8, 1e-15);
  EXPECT_NEAR(value(r, "generalized_false_positive_rate", {}), 1.09 / 2, 1e-15);
  expect_sound(r);
}

// Oracle: O10 reproduced
// Three labels, of which two are favourable; feature 2 against 0 and 1 together.
TEST(Oracles, O10MissesOfMergedGroups) {
  const testing::TemporaryFile file(columns("g,y,d", {kFeature, "1111101101", "1111001101"}));
  auto o = judging(file, {"g"});
  o.groupings["g"].rename = {{"0", "0 or 1"}, {"1", "0 or 1"}};
  o.reference = {{"g", "0 or 1"}};
  EXPECT_NEAR(gap(evaluated(o), "false_negative_rate_difference_to_reference", {"g"}), -.2, 1e-15);
}

// Oracle: O11 by hand (conditional demographic disparity)
// AIF360 averages the groups' disparities with the groups' sizes and has no strata; ours is
// Wachter's, one number for each group over strata. In one stratum, theirs is the weighted mean of
// ours.
TEST(Oracles, O11DisparityOfThreeGroups) {
  const testing::TemporaryFile file(
      "g,d,w,h\n0,0,1,x\n0,1,2,x\n1,0,3,x\n1,1,4,x\n2,0,3,x\n2,1,2,x\n2,0,1,x\n");
  auto o = judging(file, {"g"});
  o.label.reset();
  o.weight = "w";
  o.weight_kind = "frequency";
  o.strata = {"h"};
  const auto r = evaluated(o);
  const double dd[] = {value(r, "conditional_demographic_disparity", {"g"}, {{"g", "0"}}),
                       value(r, "conditional_demographic_disparity", {"g"}, {{"g", "1"}}),
                       value(r, "conditional_demographic_disparity", {"g"}, {{"g", "2"}})};
  EXPECT_NEAR(dd[0], (1. - 2) / 8, 1e-15);
  EXPECT_NEAR(dd[1], (3. - 4) / 8, 1e-15);
  EXPECT_NEAR(dd[2], (4. - 2) / 8, 1e-15);
  EXPECT_NEAR((3 * dd[0] + 7 * dd[1] + 6 * dd[2]) / 16,
              (3. * (1 - 2) + 7 * (3 - 4) + 6 * (4 - 2)) / (8 * 16), 1e-15);
  expect_sound(r);
}

// Oracle: O16 reproduced
TEST(Oracles, O16WilsonIntervalsInARecord) {
  std::string text = "d,g\n";
  for (int i = 0; i < 10; ++i) text += std::string(i < 5 ? "1" : "0") + ",half\n0,none\n";
  const testing::TemporaryFile file(text);
  auto o = judging(file, {"g"});
  o.label.reset();
  const auto r = evaluated(o);
  const auto* half = testing::find(r, "selection_rate", {"g"}, {{"g", "half"}});
  const auto* none = testing::find(r, "selection_rate", {"g"}, {{"g", "none"}});
  ASSERT_TRUE(half != nullptr && none != nullptr);
  EXPECT_NEAR(*half->low, .2366, 5e-5);
  EXPECT_NEAR(*half->high, .7634, 5e-5);
  EXPECT_NEAR(*none->low, 0, 1e-12);
  EXPECT_NEAR(*none->high, .2775, 5e-5);
}

std::vector<std::vector<std::string>> rows_of_adult(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> row;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) {
      const std::size_t from = cell.find_first_not_of(' ');
      row.push_back(from == std::string::npos ? "" : cell.substr(from));
    }
    if (row.size() == 15) rows.push_back(std::move(row));
  }
  return rows;
}

/// Sex, race and whether the United States are given as the country of birth, with the income.
std::string people_of_adult(const std::vector<std::vector<std::string>>& rows) {
  std::string text = "sex,race,white,us,income\n";
  for (const auto& row : rows) {
    text += row[9] + ',' + row[8] + ',' + (row[8] == "White" ? "yes" : "no") + ',' +
            (row[13] == "United-States" ? "yes" : "no") + ',' +
            (row[14].rfind(">50K", 0) == 0 ? "1" : "0") + '\n';
  }
  return text;
}

double fairness_of_labels(const std::string& table, const By& by) {
  const testing::TemporaryFile file(table);
  evaluate::Options o = judging(file, by);
  o.label = evaluate::Role{"income", {}};
  o.decision.reset();
  o.metrics = {"differential_fairness_of_labels"};
  return gap(evaluated(o), "differential_fairness_of_labels", by);
}

// Oracle: O20 reproduced (Adult's data)
// The inputs are not named; these are the rows that give the printed digits: adult.test, with an
// unknown country of birth counted as not the United States.
TEST(OraclesRealData, O20DifferentialFairnessOfAdult) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/adult/adult.test");
  const std::string table = people_of_adult(rows_of_adult(path));
  EXPECT_NEAR(fairness_of_labels(table, {"sex", "us", "white"}), 1.53679014653623, 1e-12);
  EXPECT_NEAR(fairness_of_labels(table, {"sex", "us", "race"}), 2.063813731996515, 1e-12);
}

// Oracle: O20 reproduced (Adult's data)
// AIF360's docstring has 1.7547611985549287 for sex x race of both files, after it dropped 3,620
// rows with an empty cell; all 48,842 people give 1.7776515.
TEST(OraclesRealData, O20DifferentialFairnessOfCompleteRows) {
  EVENHAND_REAL_DATA_OR_SKIP(train, "tabular/adult/adult.data");
  EVENHAND_REAL_DATA_OR_SKIP(test, "tabular/adult/adult.test");
  auto rows = rows_of_adult(train);
  for (auto& row : rows_of_adult(test)) rows.push_back(std::move(row));
  ASSERT_EQ(rows.size(), 48842U);
  EXPECT_NEAR(fairness_of_labels(people_of_adult(rows), {"sex", "race"}), 1.77765150155585, 1e-12);
  std::erase_if(
      rows, [](const auto& row) { return std::find(row.begin(), row.end(), "?") != row.end(); });
  ASSERT_EQ(rows.size(), 45222U);
  EXPECT_NEAR(fairness_of_labels(people_of_adult(rows), {"sex", "race"}), 1.7547611985549287,
              1e-12);
}

// Oracle: O22 reproduced (SageMaker Clarify: DI, RD, AD, TE, DAR, DRR, CDDL)
// Clarify's frame of twelve people; F is its facet d, M its facet a.
TEST(Oracles, O22TwelvePeopleOfClarify) {
  const testing::TemporaryFile file(
      columns("g,y,d", {"MFFMFMFFMMFF", "011110001000", "111000110100"}));
  auto o = judging(file, {"g"});
  o.reference = {{"g", "M"}};
  const auto r = evaluated(o);
  EXPECT_NEAR(gap(r, "selection_rate_ratio_to_reference", {"g"}), 10. / 7, 1e-15);
  EXPECT_NEAR(gap(r, "true_positive_rate_difference_to_reference", {"g"}), 2. / 3, 1e-15);
  EXPECT_NEAR(gap(r, "accuracy_difference_to_reference", {"g"}), 13. / 35, 1e-15);
  EXPECT_NEAR(gap(r, "treatment_equality_difference_to_reference", {"g"}), -1. / 2, 1e-15);
  EXPECT_NEAR(gap(r, "precision_difference_to_reference", {"g"}), 1. / 2, 1e-15);
  EXPECT_NEAR(gap(r, "negative_predictive_value_difference_to_reference", {"g"}), 1. / 3, 1e-15);
  expect_sound(r);
}

// Oracle: O22 reproduced (SageMaker Clarify: DI, RD, AD, TE, DAR, DRR, CDDL)
TEST(Oracles, O22ConditionalDisparityOfClarify) {
  const testing::TemporaryFile file(columns(
      "g,d,h",
      {"MMMFFFFMMMMFMMFMFFMMFMMF", "011010111101110000100110", "102211211201201112010011"}));
  auto o = judging(file, {"g"});
  o.label.reset();
  o.strata = {"h"};
  const auto r = evaluated(o);
  EXPECT_NEAR(value(r, "conditional_demographic_disparity", {"g"}, {{"g", "F"}}), .3982142857,
              5e-11);
  EXPECT_NEAR(value(r, "conditional_demographic_disparity", {"g"}, {{"g", "M"}}), -.3982142857,
              5e-11);
}

/// The largest distance of two empirical distributions.
double kolmogorov(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double widest = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == x) ++i;
    while (j < b.size() && b[j] == x) ++j;
    widest = std::max(widest, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                       static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return widest;
}

using Cells = std::array<std::int64_t, 12>;  // three groups of (y,d)

/// The widest gap in the rate of true positives over three groups: anything may be read off cells.
double widest_gap(const Cells& n) {
  double low = 1, high = 0;
  for (std::size_t g = 0; g < 3; ++g) {
    const auto missed = static_cast<double>(n[4 * g + 2]), hit = static_cast<double>(n[4 * g + 3]);
    const double rate = missed + hit > 0 ? hit / (missed + hit) : .5;
    low = std::min(low, rate);
    high = std::max(high, rate);
  }
  return high - low;
}

constexpr int kReplicates = 10'000;

std::vector<double> by_cells(const Cells& cells, std::uint64_t seed) {
  const std::int64_t rows = std::accumulate(cells.begin(), cells.end(), std::int64_t{0});
  Random random(seed);
  std::vector<double> out;
  for (int i = 0; i < kReplicates; ++i) {
    Cells drawn{};
    metric::draw_multinomial(cells, rows, random, drawn);
    out.push_back(widest_gap(drawn));
  }
  return out;
}

std::vector<double> by_rows(const Cells& cells, std::uint64_t seed) {
  std::vector<std::size_t> rows;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    rows.insert(rows.end(), static_cast<std::size_t>(cells[k]), k);
  }
  Random random(seed);
  std::vector<double> out;
  for (int i = 0; i < kReplicates; ++i) {
    Cells drawn{};
    for (std::size_t r = 0; r < rows.size(); ++r) {
      drawn[rows[static_cast<std::size_t>(random.uniform() * static_cast<double>(rows.size()))]] +=
          1;
    }
    out.push_back(widest_gap(drawn));
  }
  return out;
}

// Oracle: O26 reproduced
// Kolmogorov and Smirnov's two-sample limit at .001: 1.949 sqrt(2/n) = .0276 for 10^4 and 10^4.
TEST(Oracles, O26CellsAreResampledAsRowsWouldBe) {
  const Cells cells{30, 5, 12, 40, 22, 9, 17, 20, 6, 1, 4, 14};
  const double limit = 1.949 * std::sqrt(2. / kReplicates);
  EXPECT_LT(kolmogorov(by_cells(cells, 26), by_rows(cells, 62)), limit);
  // The test can fail: a table with eight rows of 180 moved is told apart.
  const Cells other{30, 5, 16, 36, 22, 9, 13, 24, 6, 1, 4, 14};
  EXPECT_GT(kolmogorov(by_cells(cells, 26), by_rows(other, 62)), 2 * limit);
}

}  // namespace
}  // namespace evenhand
