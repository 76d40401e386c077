// Numbers that AIF360 and holisticai give, reproduced where they are right, and ours where they are
// not. Origin of O19: a run of AIF360 (3487791) on ProPublica's COMPAS file, African-American
// against Caucasian; of O13: the formula; of O14, O15: docstrings of holisticai, jurity, audit-ai.
#include <array>
#include <cmath>
#include <sstream>

#include "evenhand/metric/entropy.h"
#include "testing.h"

namespace evenhand {
namespace {

using testing::evaluated;
using testing::value;

/// The counts of O17 for two groups, as rows.
std::string rows_of_o17() {
  std::ostringstream text;
  text << "race,label,decision\n";
  const struct {
    const char* race;
    int tp, fp, fn, tn;
  } groups[] = {{"African-American", 1369, 805, 532, 990}, {"Caucasian", 505, 349, 461, 1139}};
  for (const auto& g : groups) {
    for (int i = 0; i < g.tp; ++i) text << g.race << ",1,1\n";
    for (int i = 0; i < g.fp; ++i) text << g.race << ",0,1\n";
    for (int i = 0; i < g.fn; ++i) text << g.race << ",1,0\n";
    for (int i = 0; i < g.tn; ++i) text << g.race << ",0,0\n";
  }
  return text.str();
}

evaluate::Options labelled(const testing::TemporaryFile& file, const char* attribute) {
  evaluate::Options o;
  o.files = {file.path()};
  o.label = evaluate::Role{"label", {}};
  o.decision = evaluate::Role{"decision", {}};
  o.by = {{attribute}};
  o.metrics = {"all"};
  return o;
}

double gap(const record::Record& r, const std::string& metric, const std::string& attribute) {
  for (const auto& f : r.findings) {
    if (f.metric == metric && f.by == evaluate::By{attribute} && f.between && f.value)
      return *f.value;
  }
  ADD_FAILURE() << metric << " is not there";
  return -12345;
}

// Oracle: O19 reproduced
TEST(Aif360, O19TwoRacesInCompas) {
  const testing::TemporaryFile file(rows_of_o17());
  auto o = labelled(file, "race");
  o.reference = {{"race", "Caucasian"}};
  const auto r = evaluated(o);
  const struct {
    const char* metric;
    double expected;
  } gaps[] = {{"selection_rate_difference_to_reference", .2402002032197631},
              {"selection_rate_ratio_to_reference", 1.6902240031631133},
              {"true_positive_rate_difference_to_reference", .19737296377737334},
              {"average_odds_difference", .20564895979925066},
              {"average_predictive_value_difference", .049897497818793685},
              {"equalized_odds_difference", .21392495582112797},
              {"false_discovery_rate_difference_to_reference", -.03837991679396058},
              {"false_omission_rate_difference_to_reference", .06141507884362679},
              {"error_rate_difference_to_reference", .03166907460917234},
              {"error_rate_ratio_to_reference", 1.0959455667789},
              // AIF360 printed the labels' value under the plain name, as its amplification shows.
              {"differential_fairness_of_labels", .26732211001191786},
              {"differential_fairness_amplification", .25732050076211865}};
  for (const auto& g : gaps) EXPECT_NEAR(gap(r, g.metric, "race"), g.expected, 1e-12) << g.metric;
  EXPECT_NEAR(value(r, "theil_index", {}), .22764925481327447, 1e-12);
  EXPECT_NEAR(value(r, "generalized_entropy_index", {}), .1654350010385722, 1e-12);
  EXPECT_NEAR(value(r, "coefficient_of_variation", {}), .575213005831009, 1e-12);
  // .0016260757... in the printed list; exact fractions of the same counts give ...56539, so one
  // digit was miscopied there.
  EXPECT_NEAR(value(r, "between_group_generalized_entropy_index", {"race"}), .0016260756539151415,
              1e-12);
  EXPECT_NEAR(value(r, "between_group_theil_index", {"race"}), .0016398832027280713, 1e-12);
}

// Oracle: O13 reproduced
TEST(Aif360, O13MeanLogDeviationIsNotDividedByTheMeanTwice) {
  const std::array<double, 6> benefit{1, 1, 2, 1, .5, 1.5}, once{1, 1, 1, 1, 1, 1};
  const auto ge0 = metric::generalized_entropy(benefit, once, 0);
  ASSERT_TRUE(ge0);
  EXPECT_NEAR(*ge0, 0.08657316180923098, 1e-15);
  EXPECT_GT(std::abs(*ge0 - 0.07420556726505512), 0.01);  // what AIF360 and holisticai give
}

// Oracle: O10 reproduced
TEST(Aif360, O10EntropyOfTheirOwnTestCases) {
  // Benefits of AIF360's tests/test_classification_metric.py; between groups by hand.
  const std::array<double, 3> values{0, 1, 2};
  // 10 people: GE(2) = .2 with 2 refused wrongly, 6 right, 2 favoured wrongly: mean 1, var .4 / 2.
  EXPECT_NEAR(*metric::generalized_entropy(values, std::array<double, 3>{2, 6, 2}, 2), .2, 1e-15);
  // Theil with the same benefits: 2 of 10 have 2 ln 2, the others 0.
  EXPECT_NEAR(*metric::generalized_entropy(values, std::array<double, 3>{2, 6, 2}, 1),
              4 * std::log(2) / 10, 1e-15);
  EXPECT_FALSE(metric::generalized_entropy(values, std::array<double, 3>{2, 6, 2}, 0));  // ln 0
}

std::string two_groups(const std::string& decision, const std::string& label) {
  std::ostringstream text;
  text << "g,label,decision\n";
  for (std::size_t i = 0; i < decision.size(); ++i) {
    text << (i < 4 ? 'a' : 'b') << ',' << label[i] << ',' << decision[i] << '\n';
  }
  return text.str();
}

// Oracle: O14 reproduced
TEST(Holisticai, O14FourAgainstSix) {
  const testing::TemporaryFile file(two_groups("1110110000", "1100101001"));
  auto o = labelled(file, "g");
  o.reference = {{"g", "b"}};
  const auto r = evaluated(o);
  EXPECT_NEAR(gap(r, "selection_rate_difference_to_reference", "g"), .4166667, 5e-8);
  EXPECT_NEAR(gap(r, "selection_rate_ratio_to_reference", "g"), 2.25, 1e-15);
  EXPECT_NEAR(gap(r, "selection_rate_ratio", "g"), .4444444, 5e-8);
}

// Oracle: O14 reproduced
TEST(Holisticai, O14LabelsAsWell) {
  const testing::TemporaryFile file(two_groups("1100110111", "1100101001"));
  auto o = labelled(file, "g");
  o.reference = {{"g", "b"}};
  const auto r = evaluated(o);
  EXPECT_NEAR(gap(r, "true_positive_rate_difference_to_reference", "g"), .3333, 5e-5);
  EXPECT_NEAR(gap(r, "false_positive_rate_difference_to_reference", "g"), -1, 1e-15);
  EXPECT_NEAR(gap(r, "false_negative_rate_difference_to_reference", "g"), -.3333, 5e-5);
  EXPECT_NEAR(gap(r, "average_odds_difference", "g"), -.3333, 5e-5);
  EXPECT_NEAR(gap(r, "accuracy_difference_to_reference", "g"), .6667, 5e-5);
}

// Oracle: O15 reproduced
TEST(Jurity, O15ThreeAgainstThree) {
  const testing::TemporaryFile file("g,decision\n0,1\n0,1\n0,0\n1,1\n1,0\n1,0\n");
  evaluate::Options o;
  o.files = {file.path()};
  o.decision = evaluate::Role{"decision", {}};
  o.by = {{"g"}};
  o.reference = {{"g", "0"}};
  o.metrics = {"all"};
  EXPECT_NEAR(gap(evaluated(o), "selection_rate_difference_to_reference", "g"), -.3333, 5e-5);
}

// Oracle: O15 reproduced
TEST(AuditAi, O15PassesOfFourGroups) {
  std::ostringstream text;
  text << "g,decision,n\n";
  const int passes[] = {250, 270, 240, 260};
  for (int g = 0; g < 4; ++g)
    text << g << ",1," << passes[g] << '\n' << g << ",0," << 1000 - passes[g] << '\n';
  const testing::TemporaryFile file(text.str());
  evaluate::Options o;
  o.files = {file.path()};
  o.decision = evaluate::Role{"decision", {}};
  o.by = {{"g"}};
  o.weight = "n";
  o.weight_kind = "frequency";
  EXPECT_NEAR(gap(evaluated(o), "selection_rate_ratio", "g"), .8889, 5e-5);
}

}  // namespace
}  // namespace evenhand
