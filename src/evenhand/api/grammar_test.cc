#include "evenhand/api/grammar.h"

#include <gtest/gtest.h>

namespace evenhand::api {
namespace {

using By = evenhand::evaluate::By;

Phrase typed(const char* text) { return {{text}, false}; }

BoundPhrase typed_bound(const char* text) {
  BoundPhrase out;
  out.typed = text;
  return out;
}

TEST(Role, ColumnAloneHasNoFavourableValue) {
  const auto got = role(typed("hired"), {}, "--decision");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->column, "hired");
  EXPECT_FALSE(got->favourable.has_value());
}

TEST(Role, ValueStandsBehindTheFirstEqualsSign) {
  const auto got = role(typed("income=>=50K"), {}, "--label");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->column, "income");
  EXPECT_EQ(got->favourable, ">=50K");
}

TEST(Role, ColumnThatHoldsAnEqualsSignWins) {
  const auto whole = role(typed("a=b"), {"a", "a=b"}, "--label");
  EXPECT_EQ(whole->column, "a=b");
  EXPECT_FALSE(whole->favourable.has_value());
  const auto longest = role(typed("a=b=1"), {"a", "a=b"}, "--label");
  EXPECT_EQ(longest->column, "a=b");
  EXPECT_EQ(longest->favourable, "1");
}

TEST(Role, ListStandsAsItIs) {
  const auto got = role({{"a=b", "x=1"}, true}, {}, "--label");
  EXPECT_EQ(got->column, "a=b");
  EXPECT_EQ(got->favourable, "x=1");
}

TEST(Role, EmptyFavourableValueIsExplainedByTheShell) {
  EXPECT_EQ(role(typed("=y"), {}, "--label").error().says,
            "--label \"=y\" names no column before \"=\"; write COLUMN=VALUE");
  EXPECT_EQ(role({{"", "y"}, true}, {}, "--label").error().says,
            "--label names no column: its first part is empty");
  EXPECT_EQ(
      role(typed("income="), {}, "--label").error().says,
      "--label income= gives no favourable value after \"=\": a shell takes > and < for itself "
      "(and may have made a file of what followed); put it in quotes: --label 'income=>50K'");
}

TEST(Crossing, IsCutAtTheCross) {
  EXPECT_EQ(*crossing(typed("sex x race"), {}), (By{"sex", "race"}));
  EXPECT_EQ(*crossing(typed("sex x race x age"), {"sex", "race", "age"}),
            (By{"sex", "race", "age"}));
  EXPECT_EQ(*crossing(typed("sexxrace"), {}), By{"sexxrace"});
}

TEST(Crossing, ColumnThatIsCalledLikeOneWins) {
  EXPECT_EQ(*crossing(typed("a x b"), {"a", "b", "a x b"}), By{"a x b"});
  EXPECT_EQ(*crossing(typed("a x b x c"), {"a", "b", "c", "a x b"}), (By{"a x b", "c"}));
  EXPECT_EQ(*crossing({{"a x b", "c"}, true}, {}), (By{"a x b", "c"}));
}

TEST(Crossing, WrittenOtherwiseIsToldHow) {
  for (const char* text : {"sex,race", "sex*race", "sex X race", "sex \u00d7 race"}) {
    const auto found = crossing(typed(text), {"sex", "race"});
    ASSERT_FALSE(found) << text;
    EXPECT_NE(found.error().says.find("written with \" x \""), std::string::npos) << text;
  }
  EXPECT_EQ(*crossing(typed("sex,race"), {"sex,race"}), (By{"sex,race"}));
}

TEST(Crossing, RefusesAColumnTwiceOrNone) {
  EXPECT_EQ(crossing(typed("sex x sex"), {}).error().says,
            "the crossing \"sex x sex\" names \"sex\" twice");
  EXPECT_EQ(crossing(typed("sex x "), {}).error().says,
            "the crossing \"sex x \" names an empty column; crossings are written \"sex x race\"");
}

TEST(Assignment, NeedsAValue) {
  EXPECT_EQ(assignment(typed("sex"), {}, "--reference").error().says,
            "--reference \"sex\" is not a column with a value; write --reference sex=Male");
  EXPECT_EQ(*assignment(typed("sex=Male"), {}, "--reference"),
            (std::pair<std::string, std::string>{"sex", "Male"}));
}

TEST(Edges, AreRisingNumbers) {
  const auto got = edges(typed("age=25, 45"), {});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->second, (std::vector<double>{25, 45}));
  EXPECT_EQ(edges(typed("age=45,25"), {}).error().says,
            "--edges age=45,25: edges rise from each to the next");
  EXPECT_EQ(edges(typed("age=old"), {}).error().says,
            "--edges age=old: \"old\" is not a number; write --edges age=25,45");
}

TEST(Renaming, GivesValuesOneName) {
  const auto got = renaming(typed("race=Amer-Indian-Eskimo, Other=other"), {});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->first, "race");
  EXPECT_EQ(got->second, (std::map<std::string, std::string>{{"Amer-Indian-Eskimo", "other"},
                                                             {"Other", "other"}}));
  EXPECT_EQ(renaming(typed("race=>=50"), {})->second,
            (std::map<std::string, std::string>{{">", "50"}}));
  EXPECT_EQ(renaming(typed("race=A,B="), {}).error().says,
            "--rename race=A,B= does not say which values get which name; write --rename "
            "'race=Amer-Indian-Eskimo,Other=other'");
}

TEST(Bound, ReadsMetricCrossingAndLimit) {
  const auto got = bound(typed_bound("selection_rate_difference by sex x race <= 0.10"), {});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->metric, "selection_rate_difference");
  EXPECT_EQ(got->by, (By{"sex", "race"}));
  EXPECT_EQ(got->bound.at_most, "0.10");  // as written
  EXPECT_FALSE(got->bound.at_least.has_value());
  EXPECT_EQ(got->bound.judge, "interval");
  EXPECT_EQ(got->bound.severity, "fail");
}

TEST(Bound, TrailingWordsSayHowItIsJudged) {
  const auto got = bound(typed_bound("disparate_impact_ratio by sex >= 0.8 point warn"), {});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->bound.at_least, "0.8");
  EXPECT_EQ(got->bound.judge, "point");
  EXPECT_EQ(got->bound.severity, "warn");
}

TEST(Bound, MayBeAboutEverybody) {
  const auto got = bound(typed_bound("accuracy >= .9"), {});
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->by.empty());
}

TEST(Bound, ColumnMayHoldAnOperator) {
  const auto got = bound(typed_bound("auc by a<=b >= 0.7"), {"a<=b"});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->by, By{"a<=b"});
}

TEST(Bound, FaultsHaveSentences) {
  const auto says = [](const char* text) { return bound(typed_bound(text), {}).error().says; };
  const std::string form =
      "; a bound is written \"selection_rate_difference by sex <= 0.1\", in quotes";
  EXPECT_EQ(says("auc by sex"), "the bound \"auc by sex\" has neither <= nor >=" + form);
  EXPECT_EQ(
      says("auc for sex <= 1"),
      "the bound \"auc for sex <= 1\" has \"for sex\" where \"by COLUMN\" is expected" + form);
  EXPECT_EQ(says("<= 1"), "the bound \"<= 1\" names no metric" + form);
  EXPECT_EQ(
      says("auc by sex <= 10%"),
      "the bound \"auc by sex <= 10%\" ends in \"10%\", which is not a number; write shares as "
      "0.1 and four fifths as 0.8");
  EXPECT_EQ(
      says("auc by sex <= 0.1 pont"),
      "the bound \"auc by sex <= 0.1 pont\" ends in \"pont\"; after the number may stand point "
      "(judge the value alone) and warn");
}

}  // namespace
}  // namespace evenhand::api
