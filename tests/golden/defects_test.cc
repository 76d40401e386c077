// What other tools get wrong about tables of decisions and scores, and what comes out here. Numbers
// in the names are those of a list of defects seen by running or reading them: fairlearn
// 0.15.0.dev0, AIF360 3487791, OxonFair 33dfcd9, holisticai 96b084f, jurity 2.1.0, aequitas 1.0,
// mlr3fairness 6946cbe, SageMaker Clarify 024329d, fairmodels 3ce74b3, FairBench 0cafae2, fairret
// 33b0eab. Those of adjustment stand in adjust_defects_test.cc (5, 30, 34, 35 in part); the others
// that are not here belong to methods before or in training (3, 4, 8-12, 19-22), to searches for
// groups (23-25) or to language models (39-41).
#include <array>
#include <chrono>
#include <cmath>

#include "evenhand/metric/all.h"
#include "evenhand/metric/entropy.h"
#include "evenhand/metric/intervals.h"
#include "sound.h"
#include "testing.h"

namespace evenhand {
namespace {

using evaluate::By;
using testing::expect_sound;
using testing::find_gap;
using testing::gap;
using testing::value;
using testing::why;

evaluate::Options judging_g() {
  evaluate::Options o;
  o.label = evaluate::Role{"y", "1"};
  o.decision = evaluate::Role{"d", "1"};
  o.by = {{"g"}};
  o.metrics = {"all"};
  return o;
}

record::Record judged(const std::string& table, evaluate::Options o = judging_g()) {
  const testing::TemporaryFile file(table);
  o.files = {file.path()};
  auto r = testing::evaluated(o);
  expect_sound(r);
  return r;
}

std::string refused(const std::string& table, evaluate::Options o) {
  const testing::TemporaryFile file(table);
  o.files = {file.path()};
  const auto r = evaluate::evaluate(o, nullptr);
  if (r) {
    ADD_FAILURE() << "was taken";
    return "";
  }
  return r.error().says;
}

/// Why one group's rate is undefined; "" where it is not.
std::string why_of(const record::Record& r, const std::string& metric, const record::Group& group) {
  const auto* f = testing::find(r, metric, {"g"}, group);
  return f == nullptr ? "not there" : f->why;
}

/// `times` lines of one kind.
std::string lines(int times, const std::string& line) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line + '\n';
  return text;
}

evaluate::Options as(const std::string& convention, const std::string& reference = "") {
  evaluate::Options o = judging_g();
  o.convention = convention;
  if (!reference.empty()) o.reference = {{"g", reference}};
  return o;
}

// The table of degenerate inputs. A: group 1 has no positives. B: nobody is selected. C: one group.
const char kA[] = "y,d,g\n1,1,0\n1,1,0\n0,0,1\n0,0,1\n0,1,1\n0,0,1\n";
const char kB[] = "y,d,g\n1,0,0\n1,0,0\n0,0,1\n0,0,1\n0,0,1\n0,0,1\n";
const char kC[] = "y,d,g\n1,1,0\n1,1,0\n0,0,0\n0,0,0\n0,1,0\n0,0,0\n";

TEST(DegenerateInputs, OursAreUndefinedWithAReason) {
  EXPECT_EQ(why(judged(kA), "true_positive_rate_difference", {"g"}), "one_group");
  EXPECT_EQ(why_of(judged(kA), "true_positive_rate", {{"g", "1"}}), "no_rows");
  const auto b = judged(kB);
  EXPECT_EQ(why(b, "selection_rate_ratio", {"g"}), "zero_denominator");
  EXPECT_DOUBLE_EQ(gap(b, "selection_rate_difference", {"g"}), 0);
  const auto c = judged(kC);
  EXPECT_EQ(why(c, "selection_rate_difference", {"g"}), "one_group");
  EXPECT_EQ(why(c, "selection_rate_ratio", {"g"}), "one_group");
}

TEST(DegenerateInputs, FairlearnIsReproducedByItsConvention) {
  EXPECT_DOUBLE_EQ(gap(judged(kA, as("fairlearn")), "true_positive_rate_difference", {"g"}), 1);
  const auto b = judged(kB, as("fairlearn"));
  EXPECT_EQ(why(b, "selection_rate_ratio", {"g"}), "zero_denominator");  // NaN there
  EXPECT_EQ(why(b, "equalized_odds_ratio", {"g"}), "zero_denominator");
  const auto c = judged(kC, as("fairlearn"));
  EXPECT_DOUBLE_EQ(gap(c, "selection_rate_difference", {"g"}), 0);
  EXPECT_DOUBLE_EQ(gap(c, "selection_rate_ratio", {"g"}), 1);
}

TEST(DegenerateInputs, Aif360IsReproducedByItsConvention) {
  for (const char* reference : {"0", "1"}) {
    EXPECT_NE(why(judged(kA, as("aif360", reference)), "true_positive_rate_difference", {"g"}),
              "defined");
    EXPECT_NE(why(judged(kB, as("aif360", reference)), "selection_rate_ratio", {"g"}), "defined");
  }
  EXPECT_NE(why(judged(kC, as("aif360", "0")), "selection_rate_difference", {"g"}), "defined");
  EXPECT_NE(why(judged(kC, as("aif360", "0")), "selection_rate_ratio", {"g"}), "defined");
}

TEST(DegenerateInputs, OxonFairSaysOneOneAndZeroWhereOursAreUndefined) {
  const auto a = judged(kA);
  for (const char* metric :
       {"true_positive_rate_difference", "true_positive_rate_difference_to_overall"}) {
    const auto* f = find_gap(a, metric, {"g"});
    ASSERT_NE(f, nullptr);
    EXPECT_FALSE(f->value && *f->value == 1) << metric;
  }
  EXPECT_NE(why(judged(kB), "selection_rate_ratio", {"g"}), "defined");
  EXPECT_NE(why(judged(kC), "selection_rate_difference", {"g"}), "defined");
}

TEST(DegenerateInputs, HolisticaiFallsOverWhereOursAnswers) {
  const auto r = judged(kA);
  EXPECT_DOUBLE_EQ(value(r, "true_positive_rate", {"g"}, {{"g", "0"}}), 1);
  EXPECT_NE(why(r, "true_positive_rate_difference", {"g"}), "defined");
}

TEST(DegenerateInputs, JurityFallsOverWhereOursAnswers) {
  // Its confusion matrix has one cell where all labels and decisions of a group are 0.
  const auto r = judged("y,d,g\n1,1,0\n0,1,0\n0,0,1\n0,0,1\n");
  EXPECT_DOUBLE_EQ(value(r, "accuracy", {"g"}, {{"g", "1"}}), 1);
  EXPECT_EQ(testing::find(r, "precision", {"g"}, {{"g", "1"}})->why, "no_rows");
}

TEST(DegenerateInputs, AequitasSaysTenWhereARateIsDividedByNothing) {
  // Group 0 is the reference and has no false positives: x/0.
  const auto r = judged(kA, as("evenhand", "0"));
  EXPECT_NE(why(r, "false_positive_rate_ratio_to_reference", {"g"}), "defined");
  // And the reference is not compared with itself: "fair" by a disparity of 1.
  EXPECT_NE(why(judged(kC, as("evenhand", "0")), "selection_rate_ratio_to_reference", {"g"}),
            "defined");
}

TEST(DegenerateInputs, ClarifySaysZeroOrInfinityWhereOursAreUndefined) {
  const auto r = judged(kA, as("evenhand", "0"));
  EXPECT_NE(why(r, "true_positive_rate_difference_to_reference", {"g"}), "defined");
  EXPECT_EQ(why_of(judged(kB), "treatment_equality", {{"g", "0"}}), "zero_denominator");
}

TEST(DegenerateInputs, Mlr3fairnessSaysZeroIsTheWorstWhereNobodyIsSelected) {
  EXPECT_EQ(why(judged(kB), "selection_rate_ratio", {"g"}), "zero_denominator");
}

TEST(DegenerateInputs, FairmodelsLeavesAHoleWhereOursSaysWhy) {
  const auto r = judged(kB);
  const auto* f = find_gap(r, "selection_rate_ratio", {"g"});
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->why, "zero_denominator");
  EXPECT_EQ(f->rows, 6);
}

TEST(DegenerateInputs, FairBenchSaysZeroForEveryZeroByZero) {
  EXPECT_EQ(why_of(judged(kA), "true_positive_rate", {{"g", "1"}}), "no_rows");
  EXPECT_EQ(why_of(judged(kB), "precision", {{"g", "0"}}), "no_rows");
}

TEST(DegenerateInputs, FairretStopsWhereNobodyIsSelected) {
  EXPECT_DOUBLE_EQ(value(judged(kB), "selection_rate", {}), 0);
}

TEST(Defects, D1FairlearnBothRatesAreZeroWithoutPositives) {
  const auto ours = judged(kA);
  for (const char* rate : {"true_positive_rate", "false_negative_rate"}) {
    EXPECT_EQ(testing::find(ours, rate, {"g"}, {{"g", "1"}})->why, "no_rows") << rate;
    EXPECT_DOUBLE_EQ(value(judged(kA, as("fairlearn")), rate, {"g"}, {{"g", "1"}}), 0) << rate;
  }
}

TEST(Defects, D2FairlearnASingleGroupIsPerfect) {
  EXPECT_EQ(why(judged(kC), "equalized_odds_difference", {"g"}), "one_group");
  EXPECT_EQ(why(judged(kC), "equalized_odds_ratio", {"g"}), "one_group");
  const auto theirs = judged(kC, as("fairlearn"));
  EXPECT_DOUBLE_EQ(gap(theirs, "equalized_odds_difference", {"g"}), 0);
  EXPECT_DOUBLE_EQ(gap(theirs, "equalized_odds_ratio", {"g"}), 1);
}

TEST(Defects, D6FairlearnDropsRowsWithoutAGroup) {
  auto o = judging_g();
  o.by = {{"g"}, {"g", "h"}};  // two attributes end in a TypeError there
  const auto r = judged("y,d,g,h\n1,1,a,u\n1,0,a,v\n1,1,b,u\n1,1,b,v\n1,0,,u\n1,0,,v\n", o);
  const auto* unknown = testing::find(r, "selection_rate", {"g"}, {{"g", std::nullopt}});
  ASSERT_NE(unknown, nullptr);
  EXPECT_EQ(unknown->rows, 2);
  EXPECT_DOUBLE_EQ(*unknown->value, 0);
  EXPECT_DOUBLE_EQ(gap(r, "selection_rate_difference", {"g"}),
                   .5);  // a and b; unknown is not the worst
  bool told = false;
  for (const auto& left : r.left_out)
    told = told || (left.what == "unknown groups of g" && left.rows == 2);
  EXPECT_TRUE(told);
}

TEST(Defects, D7Aif360AndHolisticaiDivideTheLogDeviationByTheMeanTwice) {
  const std::array<double, 4> benefit{1, 2, .5, 1.5}, people{3, 1, 1, 1};
  const auto ge0 = metric::generalized_entropy(benefit, people, 0);
  ASSERT_TRUE(ge0);
  EXPECT_NEAR(*ge0, .0865732, 5e-8);
  EXPECT_GT(std::abs(*ge0 - .0742056), .01);
}

TEST(Defects, D13HolisticaiSwapsPrecisionAndRecall) {
  const auto r = judged("y,d,g\n" + lines(3, "1,1,a") + lines(1, "0,1,a") + lines(2, "1,0,a") +
                        lines(1, "0,0,b"));
  EXPECT_DOUBLE_EQ(value(r, "precision", {"g"}, {{"g", "a"}}), 3. / 4);
  EXPECT_DOUBLE_EQ(value(r, "true_positive_rate", {"g"}, {{"g", "a"}}), 3. / 5);
}

TEST(Defects, D14HolisticaiDoublesTheCoefficientOfVariation) {
  // Two wrongly refused, six right, two wrongly favoured: GE(2) = .2, so sqrt(.4) = .632; theirs
  // .894.
  const auto r = judged("y,d,g\n" + lines(2, "1,0,a") + lines(6, "1,1,a") + lines(2, "0,1,a"));
  EXPECT_NEAR(value(r, "coefficient_of_variation", {}), std::sqrt(.4), 1e-15);
}

TEST(Defects, D15HolisticaiCallsADifferenceOfAucsAnArea) {
  // Curves that cross have an area between them and one AUC: each group .5 by hand, an area of .5.
  EXPECT_EQ(metric::find("abroca"), nullptr);
  evaluate::Options o = judging_g();
  o.decision.reset();
  o.score = "s";
  const auto scores = [](const char* group, std::array<double, 4> up, std::array<double, 4> down) {
    std::string text;
    for (int i = 0; i < 40; ++i) {
      const auto k = static_cast<std::size_t>(i % 4);
      text += "1," + std::to_string(up[k]) + ',' + group + '\n';
      text += "0," + std::to_string(down[k]) + ',' + group + '\n';
    }
    return text;
  };
  const auto r = judged("y,s,g\n" + scores("a", {.9, .8, .2, .1}, {.4, .5, .5, .6}) +
                            scores("b", {.4, .5, .5, .6}, {.9, .8, .2, .1}),
                        o);
  EXPECT_NEAR(gap(r, "auc_difference", {"g"}), 0, 1e-15);
}

TEST(Defects, D16OxonFairCallsTheMissesPredictiveEquality) {
  ASSERT_NE(metric::find("predictive_equality_difference"), nullptr);
  EXPECT_EQ(metric::find("predictive_equality_difference")->name, "false_positive_rate_difference");
}

TEST(Defects, D17OxonFairAmplificationMixesUpItsArguments) {
  // Labels even, decisions apart: amplified. The other way about: lessened by as much.
  const std::string even =
      lines(10, "1,1,a") + lines(10, "0,1,a") + lines(10, "1,0,b") + lines(10, "0,0,b");
  auto o = judging_g();
  const auto amplified = judged("y,d,g\n" + even, o);
  const auto lessened = judged("d,y,g\n" + even, o);
  // By hand: ln((20 + 1/2)/21) - ln((0 + 1/2)/21).
  EXPECT_NEAR(gap(amplified, "differential_fairness_amplification", {"g"}), std::log(41), 1e-12);
  EXPECT_NEAR(gap(lessened, "differential_fairness_amplification", {"g"}), -std::log(41), 1e-12);
}

TEST(Defects, D18AequitasTestsRatesOverOtherRows) {
  // False positives of a group stand over its negatives, however many positives there are.
  for (int positives : {5, 500}) {
    const auto r = judged("y,d,g\n" + lines(6, "0,1,a") + lines(14, "0,0,a") +
                          lines(positives, "1,1,a") + lines(4, "0,0,b"));
    const auto* f = testing::find(r, "false_positive_rate", {"g"}, {{"g", "a"}});
    ASSERT_NE(f, nullptr);
    EXPECT_EQ(f->rows, 20);
    const auto expected = metric::wilson(6, 20, .95);
    EXPECT_NEAR(*f->low, expected.low, 1e-12);
    EXPECT_NEAR(*f->high, expected.high, 1e-12);
  }
}

TEST(Defects, D26HolisticaiHasAnIndexErrorWithoutPositives) {
  EXPECT_EQ(why(judged(kA), "equalized_odds_difference", {"g"}), "one_group");
}

TEST(Defects, D27JurityHasAValueErrorWithoutPositives) {
  EXPECT_EQ(why(judged(kA, as("evenhand", "0")), "average_odds_difference", {"g"}), "no_rows");
}

TEST(Defects, D28OxonFairHasAPerfectRatioWhereNobodyIsSelected) {
  EXPECT_EQ(why(judged(kB), "disparate_impact_ratio", {"g"}), "not there");  // the alias is no id
  EXPECT_EQ(why(judged(kB), "selection_rate_ratio", {"g"}), "zero_denominator");
}

TEST(Defects, D29Mlr3fairnessHasTheWorstRatioOfTwoZeros) {
  const auto r = judged(kB);
  const auto* f = find_gap(r, "selection_rate_ratio", {"g"});
  ASSERT_NE(f, nullptr);
  EXPECT_FALSE(f->value);
}

TEST(Defects, D31FairlearnTakesTextDecisionsForNoGap) {
  // Passed: 21 of 40 and 20 of 40.
  const std::string table = "g,d\n" + lines(21, "a,Pass") + lines(19, "a,Fail") +
                            lines(20, "b,Pass") + lines(20, "b,Fail");
  evaluate::Options o = judging_g();
  o.label.reset();
  o.decision = evaluate::Role{"d", {}};
  const std::string says = refused(table, o);
  EXPECT_NE(says.find("\"Fail\", \"Pass\""), std::string::npos) << says;
  EXPECT_NE(says.find("--decision 'd=VALUE'"), std::string::npos) << says;
  o.decision->favourable = "Pass";
  EXPECT_NEAR(gap(judged(table, o), "selection_rate_difference", {"g"}), .025, 1e-15);
}

TEST(Defects, D32FairlearnCountsEmptyDecisionsAsRejections) {
  evaluate::Options o = judging_g();
  o.label.reset();
  const auto r = judged("g,d\n" + lines(10, "a,1") + lines(10, "a,0") + lines(20, "a,") +
                            lines(10, "b,1") + lines(30, "b,0"),
                        o);
  EXPECT_DOUBLE_EQ(gap(r, "selection_rate_difference", {"g"}), .25);  // theirs: 10/40 - 10/40 = 0
  const auto* a = testing::find(r, "selection_rate", {"g"}, {{"g", "a"}});
  EXPECT_EQ(a->rows, 20);
  ASSERT_TRUE(a->open);
  EXPECT_EQ(a->open->rows_missing, 20);
  EXPECT_DOUBLE_EQ(a->open->lowest, .25);
  EXPECT_DOUBLE_EQ(a->open->highest, .75);
}

TEST(Defects, D33FairlearnAGroupWithoutPositivesHasAnIntervalAndWidensTheGap) {
  const std::string table = "y,d,g\n" + lines(60, "1,1,a") + lines(40, "1,0,a") +
                            lines(20, "0,1,a") + lines(80, "0,0,a") + lines(48, "1,1,b") +
                            lines(52, "1,0,b") + lines(25, "0,1,b") + lines(75, "0,0,b") +
                            lines(20, "0,1,c") + lines(80, "0,0,c");
  const auto r = judged(table);
  const auto* f = testing::find(r, "true_positive_rate", {"g"}, {{"g", "c"}});
  EXPECT_EQ(f->why, "no_rows");
  EXPECT_FALSE(f->low || f->high);  // theirs: [0, 0]
  EXPECT_NEAR(gap(r, "equalized_odds_difference", {"g"}), .12, 1e-15);
  EXPECT_NEAR(gap(judged(table, as("fairlearn")), "equalized_odds_difference", {"g"}), .6, 1e-15);
}

TEST(Defects, D33TheGroupThatTakesNoPartIsInTheRecord) {
  auto o = judging_g();
  o.metrics = {"equalized_odds_difference"};  // no rate of a group is asked for
  const auto r = judged(kA + lines(2, "1,1,2"), o);
  bool told = false;
  for (const auto& left : r.left_out) {
    told = told || (left.what == "group g=1 in equalized_odds_difference" && left.rows == 4);
  }
  EXPECT_TRUE(told);
}

TEST(Defects, D35Aif360HasNanForAGroupThatDoesNotExist) {
  const std::string says = refused(kA, as("evenhand", "7"));
  EXPECT_NE(says.find("g=7 is no group of the rows; found: \"0\", \"1\""), std::string::npos)
      << says;
}

TEST(Defects, D36Aif360DropsRowsWithEmptyCells) {
  const auto r = judged("y,d,g,h\n1,1,a,\n1,0,a,x\n,1,b,\n1,,b,x\n0,1,,\n");
  EXPECT_EQ(r.inputs.front().rows, 5U);
  EXPECT_EQ(testing::find(r, "selection_rate", {})->rows, 4);
  EXPECT_EQ(testing::find(r, "base_rate", {})->rows, 4);
  std::int64_t labels = 0, decisions = 0;
  for (const auto& left : r.left_out) {
    if (left.what == "rows without a label") labels = left.rows;
    if (left.what == "rows without a decision") decisions = left.rows;
  }
  EXPECT_EQ(labels, 1);
  EXPECT_EQ(decisions, 1);
}

TEST(Defects, D37OxonFairAveragesOverPairsOfGroups) {
  std::string table = "y,d,g\n";
  const char* names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
  for (int g = 0; g < 9; ++g) {  // selected: .1, .2, ... .9
    table +=
        lines(g + 1, std::string("1,1,") + names[g]) + lines(9 - g, std::string("1,0,") + names[g]);
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto r = judged(table);
  EXPECT_NEAR(gap(r, "selection_rate_difference", {"g"}), .8, 1e-15);  // the mean over pairs is 1/3
  // And nine groups are no matter of a minute.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST(Defects, D37OxonFairAveragesTheTwoGapsOfEqualizedOdds) {
  const auto r = judged("y,d,g\n" + lines(8, "1,1,a") + lines(2, "1,0,a") + lines(5, "0,1,a") +
                        lines(5, "0,0,a") + lines(4, "1,1,b") + lines(6, "1,0,b") +
                        lines(3, "0,1,b") + lines(7, "0,0,b"));
  EXPECT_NEAR(gap(r, "equalized_odds_difference", {"g"}), .4, 1e-15);
  EXPECT_NEAR(gap(r, "equalized_odds_difference_mean", {"g"}), .3, 1e-15);  // said to be a mean
}

TEST(Defects, D38NoneOfThemSaysHowWellAGroupIsCalibrated) {
  // Scores of .5 with half coming true in a, a fifth in b.
  std::string table = "y,s,g\n" + lines(50, "1,.5,a") + lines(50, "0,.5,a") + lines(20, "1,.5,b") +
                      lines(80, "0,.5,b");
  evaluate::Options o = judging_g();
  o.decision.reset();
  o.score = "s";
  const auto r = judged(table, o);
  EXPECT_NEAR(value(r, "calibration_in_the_large", {"g"}, {{"g", "a"}}), 0, 1e-12);
  EXPECT_NEAR(std::abs(value(r, "calibration_in_the_large", {"g"}, {{"g", "b"}})), .3, 1e-12);
  const auto* b = testing::find(r, "calibration_error", {"g"}, {{"g", "b"}});
  ASSERT_TRUE(b != nullptr && b->log10_p);
  EXPECT_LT(*b->log10_p, -2);
}

}  // namespace
}  // namespace evenhand
