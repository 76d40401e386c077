#include "evenhand/api/evaluate_run.h"

#include <gtest/gtest.h>

namespace evenhand::api {
namespace {

EvaluateRun plain() {
  EvaluateRun out;
  out.files = {"people.csv"};
  out.decision = Phrase{{"hired=yes"}, false};
  out.group = {Phrase{{"sex"}, false}};
  return out;
}

std::string refused(const EvaluateRun& asked) {
  const auto options = resolve(asked, {});
  return options ? "" : options.error().says;
}

TEST(EvaluateRun, WordsBecomeOptions) {
  EvaluateRun asked = plain();
  asked.label = Phrase{{"y"}, false};
  asked.group.push_back({{"sex x race"}, false});
  asked.edges = {Phrase{{"age=25,45"}, false}};
  asked.reference = {Phrase{{"sex=Male"}, false}};
  asked.bound.resize(1);
  asked.bound[0].typed = "selection_rate_difference by sex <= 0.1";
  const auto options = resolve(asked, {"sex", "race", "y", "hired", "age"});
  ASSERT_TRUE(options) << options.error().says;
  EXPECT_EQ(options->decision->favourable, "yes");
  EXPECT_EQ(options->label->column, "y");
  EXPECT_EQ(options->by, (std::vector<evaluate::By>{{"sex"}, {"sex", "race"}}));
  EXPECT_EQ(options->groupings.at("age").edges, (std::vector<double>{25, 45}));
  EXPECT_EQ(options->reference.at("sex"), "Male");
  EXPECT_EQ(options->bounds.at(0).bound.at_most, "0.1");
}

TEST(EvaluateRun, DecisionAndThresholdTogetherAreWrong) {
  EvaluateRun asked = plain();
  asked.score = "s";
  asked.threshold = 0.5;
  EXPECT_EQ(refused(asked),
            "--decision and --threshold were both given; a decision stands in its column, or it is "
            "score >= threshold: leave one of them out");
}

TEST(EvaluateRun, WhatDoesNotFitTogetherHasASentence) {
  EvaluateRun asked = plain();
  asked.weight = "w";
  EXPECT_EQ(
      refused(asked),
      "--weight needs --weight-kind: frequency (each row stands for that many rows like it) or "
      "sampling (each row stands for that many people of a population)");
  asked = plain();
  asked.join = "more.csv";
  EXPECT_EQ(refused(asked), "--join needs --on: the column that both tables share");
  asked = plain();
  asked.gate = true;
  EXPECT_EQ(refused(asked),
            "--gate was given and no bound, so nothing would be judged; add one: --bound "
            "'selection_rate_difference by sex <= 0.1'");
  asked = plain();
  asked.group.clear();
  EXPECT_EQ(refused(asked),
            "no group was named; say by which columns people are compared: --group sex");
  asked = plain();
  asked.decision.reset();
  EXPECT_TRUE(refused(asked).starts_with("nothing to judge: ")) << refused(asked);
  asked.label = Phrase{{"y"}, false};
  EXPECT_TRUE(refused(asked).starts_with("a label alone was named")) << refused(asked);
}

TEST(EvaluateRun, LooksAtColumnsOnlyWhereTheGrammarIsUnclear) {
  EvaluateRun asked = plain();
  asked.decision = Phrase{{"hired"}, false};
  EXPECT_FALSE(needs_columns(asked));
  asked.decision = Phrase{{"hired", "yes"}, true};
  EXPECT_FALSE(needs_columns(asked));
  asked.group.push_back({{"a x b"}, false});
  EXPECT_TRUE(needs_columns(asked));
}

}  // namespace
}  // namespace evenhand::api
