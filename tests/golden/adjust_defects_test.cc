// What other tools get wrong about thresholds, and what comes out here. Numbers as in
// defects_test.cc: fairlearn 0.15.0.dev0, AIF360 3487791.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/adjust/fit.h"
#include "evenhand/adjust/thresholds.h"
#include "testing.h"

namespace evenhand {
namespace {

/// `many` rows of a group with a score and a label.
std::string rows(int many, const std::string& group, const char* score, int label) {
  std::string out;
  for (int i = 0; i < many; ++i) {
    out += group + ',' + score + ',' + std::to_string(label) + '\n';
  }
  return out;
}

adjust::Fitted fitted(const std::string& table, const char* equalise) {
  const testing::TemporaryFile file("g,p,y\n" + table);
  adjust::FitOptions options;
  options.files = {file.path()};
  options.columns = {"p", "y", "1", {"g"}, std::nullopt};
  options.equalise = equalise;
  options.group_aware = true;
  options.basis = "a test";
  options.signatory = "nobody";
  options.folds = 0;
  auto out = adjust::fit(options);
  if (out) return std::move(*out);
  ADD_FAILURE() << to_string(out.error());
  return {};
}

const std::string kTwoGroups = rows(60, "a", "0.9", 1) + rows(40, "a", "0.2", 0) +
                               rows(30, "b", "0.8", 1) + rows(70, "b", "0.1", 0);

double chance(const adjust::Fitted& of, const table::GroupKey& group, double score) {
  return model::chance(*model::rule_of(of.policy, group), score);
}

// ThresholdOptimizer: every row of a group that the fit did not see is rejected, silently.
TEST(AdjustDefects, D5FairlearnRejectsEverybodyOfAnUnseenGroup) {
  const adjust::Fitted found = fitted(kTwoGroups, "tpr");
  EXPECT_EQ(chance(found, {"new"}, 0.95), 1);
  EXPECT_EQ(chance(found, {std::nullopt}, 0.95), 1);
  EXPECT_EQ(chance(found, {"new"}, 0.05), 0);
}

// CalibratedEqOddsPostprocessing: the rows of a third group are set to 0.
TEST(AdjustDefects, D30Aif360ZeroesThirdGroups) {
  const adjust::Fitted found =
      fitted(kTwoGroups + rows(50, "c", "0.7", 1) + rows(50, "c", "0.3", 0), "odds");
  for (const char* group : {"a", "b", "c"}) EXPECT_EQ(chance(found, {group}, 0.95), 1) << group;
  EXPECT_EQ(found.policy.groups.size(), 3U);
}

// ThresholdOptimizer refuses parity of selection because one group has one label only.
TEST(AdjustDefects, D34FairlearnRefusesParityForAGroupWithOneLabel) {
  const std::string table = kTwoGroups + rows(35, "c", "0.4", 0) + rows(5, "c", "0.6", 0);
  EXPECT_EQ(fitted(table, "selection_rate").policy.groups.size(), 3U);
  // Its true positive rate does not exist: it is named, and the others are made alike.
  const adjust::Fitted by_tpr = fitted(table, "tpr");
  EXPECT_EQ(by_tpr.policy.groups.size(), 2U);
  ASSERT_EQ(by_tpr.record.left_out.size(), 1U);
  EXPECT_EQ(by_tpr.record.left_out[0].what, "group g=c");
}

// EqOddsPostprocessing minimises the sum of FPR - TPR, not errors. By hand: two groups of 10 with
// the label and 90 without, decisions with TPR 0.8 and FPR 0.2. They are equal already, so its
// program leaves them, 20 % wrong; letting nobody in is equal as well, and 10 % wrong.
TEST(AdjustDefects, D35Aif360FlipsForEqualOddsIgnoreAccuracy) {
  adjust::Crowd crowd{{}, 2};
  for (const std::uint32_t g : {0U, 1U}) crowd.cells.push_back({1, g, 18, 8});
  for (const std::uint32_t g : {0U, 1U}) crowd.cells.push_back({0, g, 72, 2});
  const std::vector<adjust::Curve> curves = adjust::curves_of(crowd);
  adjust::Question question;
  question.equalise = adjust::Equalise::kOdds;
  const auto found = adjust::lots_by_group(curves, question);
  ASSERT_TRUE(found);
  double cost = 0;
  const std::vector<double> weights = adjust::cost_weights(curves, false);
  for (std::size_t g = 0; g < 2; ++g) {
    cost += adjust::cost_of(curves[g], adjust::let_in(curves[g], found->rules[g]), question,
                            weights[g]);
  }
  EXPECT_NEAR(cost, 0.1, 1e-12);
}

}  // namespace
}  // namespace evenhand
