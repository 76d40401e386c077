#include "evenhand/api/guess.h"

#include <gtest/gtest.h>

namespace evenhand::api {
namespace {

Shape categories(std::string name, std::vector<std::string> values) {
  Shape out;
  out.name = std::move(name);
  for (auto& value : values) {
    out.values.emplace_back(value, 100);
    out.rows += 100;
  }
  return out;
}

Shape numbers(std::string name, double low, double high, bool whole) {
  Shape out;
  out.name = std::move(name);
  out.rows = 10000;
  out.numeric = true;
  out.whole = whole;
  out.many = !whole;
  out.low = low;
  out.high = high;
  for (int i = 0; i < 60; ++i) out.values.emplace_back(std::to_string(i), 10);
  return out;
}

TEST(Guess, AdultHasALabelWithItsFavourableValueAndThreeGroups) {
  const Guesses got =
      guess({numbers("age", 17, 90, true), categories("race", {"White", "Black", "Other"}),
             categories("sex", {"Male", "Female"}), categories("income", {"<=50K", ">50K"})});
  ASSERT_TRUE(got.label);
  EXPECT_EQ(got.label->column, "income");
  EXPECT_EQ(got.label->favourable, ">50K");
  EXPECT_TRUE(got.label->sure);
  EXPECT_FALSE(got.decision);
  ASSERT_EQ(got.groups.size(), 3U);
  EXPECT_EQ(got.groups[0].column, "sex");
  EXPECT_EQ(got.groups[1].column, "race");
  EXPECT_EQ(got.groups[2].column, "age");
  EXPECT_EQ(got.groups[2].edges, (std::vector<double>{25, 45, 65}));
  EXPECT_FALSE(got.groups[2].sure);
}

TEST(Guess, NumbersWithAStrayCellAreNoFeatureAndAreToldAsSuch) {
  Shape hours = numbers("hours", 0, 60, true);
  hours.numeric = hours.whole = false;
  hours.values.emplace_back("4O", 1);
  const Guesses got = guess({hours, categories("income", {"<=50K", ">50K"})});
  ASSERT_EQ(got.no_features.size(), 1U);
  EXPECT_EQ(got.no_features[0].why, "numbers with some cells that are none");
}

TEST(Guess, NameThatSpeaksOfHarmTurnsTheFavourableValue) {
  const Guesses got =
      guess({categories("deny", {"no", "yes"}), categories("two_year_recid", {"0", "1"})});
  ASSERT_TRUE(got.decision);
  EXPECT_EQ(got.decision->favourable, "no");
  ASSERT_TRUE(got.label);
  EXPECT_EQ(got.label->favourable, "0");
  EXPECT_EQ(guess({categories("status_approved", {"denied", "approved"})}).decision->favourable,
            "approved");
}

TEST(Guess, PlainestNameOfSeveralIsTakenAndMarked) {
  const Guesses got = guess({categories("default", {"no", "yes"}), categories("y", {"no", "yes"})});
  ASSERT_TRUE(got.label);
  EXPECT_EQ(got.label->column, "y");
  EXPECT_FALSE(got.label->sure);
}

TEST(Guess, UnknownValuesAreMarkedUnsure) {
  const Guesses got = guess({categories("decision", {"A", "B"})});
  ASSERT_TRUE(got.decision);
  EXPECT_FALSE(got.decision->sure);
}

TEST(Guess, ScoreIsAShareWithAName) {
  const Guesses got = guess({numbers("risk_score", 0.01, 0.98, false), numbers("x1", 0, 1, false)});
  ASSERT_TRUE(got.score);
  EXPECT_EQ(got.score->column, "risk_score");
  EXPECT_FALSE(guess({numbers("score", 300, 850, true)}).score);
  EXPECT_FALSE(guess({numbers("x1", 0, 1, false), numbers("x2", 0, 1, false)}).score);
}

std::string why(const Guesses& guesses, const std::string& column) {
  for (const LeftOut& each : guesses.no_features) {
    if (each.column == column) return each.why;
  }
  return "";
}

TEST(Guess, LabelWithATimeIsSurerThanItsRivalsAndNoneOfThemIsAFeature) {
  const Guesses got = guess({categories("is_recid", {"0", "1"}), categories("prior", {"0", "1"}),
                             categories("two_year_recid", {"0", "1"}),
                             categories("event", {"0", "1"}), categories("violent_recid", {})});
  ASSERT_TRUE(got.label);
  EXPECT_EQ(got.label->column, "two_year_recid");
  EXPECT_FALSE(got.label->sure);
  EXPECT_NE(got.label->reason.find("so do the names of: is_recid"), std::string::npos)
      << got.label->reason;
  EXPECT_EQ(why(got, "is_recid"), "their names speak of what came true");
  EXPECT_EQ(why(got, "violent_recid"), "their names speak of what came true");
  EXPECT_EQ(why(got, "event"), "their names speak of a time after the decision");
  EXPECT_EQ(why(got, "prior"), "");
}

TEST(Guess, NamesDatesAndIdentifiersAreNoFeatures) {
  std::vector<std::string> many;
  for (int i = 0; i < 150; ++i) many.push_back("text " + std::to_string(i));
  const Guesses got =
      guess({categories("y", {"0", "1"}), categories("first", many),
             categories("when", {"2013-08-14 05:41", "14.8.2013", "8/14/13"}),
             categories("user_id", {"a", "b"}), numbers("applicant_income", 0, 9000, false)});
  EXPECT_EQ(why(got, "first"), "texts with many values");
  EXPECT_EQ(why(got, "when"), "dates");
  EXPECT_EQ(why(got, "user_id"), "identifiers");
  EXPECT_EQ(why(got, "applicant_income"), "");
}

TEST(Guess, ScoreOfAnotherShapeIsTold) {
  const Guesses got = guess({categories("is_recid", {"0", "1"}),
                             categories("score_text", {"Low", "Medium", "High"}),
                             categories("assessment", {"Low", "High"})});
  ASSERT_EQ(got.maybe_decision.size(), 1U);
  EXPECT_EQ(got.maybe_decision[0].name, "score_text");
  EXPECT_EQ(why(got, "score_text"), "their names speak of a score or decision, to be judged");
  EXPECT_EQ(why(got, "assessment"), "");
}

TEST(Guess, ScoreOfManyValuesMayBeAFeature) {
  const Guesses got =
      guess({categories("default", {"0", "1"}), numbers("credit_score", 300, 850, true)});
  EXPECT_EQ(got.maybe_decision.size(), 1U);
  EXPECT_EQ(why(got, "credit_score"), "");
}

TEST(Guess, NumericAgeGivesWayToAgeGroups) {
  const Guesses got = guess({numbers("age", 18, 96, true), categories("age_cat", {"<25", ">=25"})});
  ASSERT_EQ(got.groups.size(), 1U);
  EXPECT_EQ(got.groups[0].column, "age_cat");
  ASSERT_EQ(got.no_groups.size(), 1U);
  EXPECT_EQ(got.no_groups[0].column, "age");
  EXPECT_EQ(why(got, "age"), "groups, by which people are compared");
}

TEST(Guess, AgeOfTheYoungIsCutAtEighteen) {
  Shape age = numbers("age", 15, 22, true);
  age.values.resize(8);
  const Guesses got = guess({age});
  ASSERT_EQ(got.groups.size(), 1U);
  EXPECT_EQ(got.groups[0].edges, std::vector<double>{18});
}

TEST(Guess, ShareWithAgeInItsNameIsNoGroup) {
  const Guesses got = guess({numbers("agePct12t21", 0, 1, false)});
  EXPECT_TRUE(got.groups.empty());
  EXPECT_TRUE(got.no_groups.empty());
}

TEST(Guess, BareValuesUnderASilentNameAreUnsure) {
  const Guesses got = guess({categories("class", {"0", "1"})});
  ASSERT_TRUE(got.label);
  EXPECT_EQ(got.label->favourable, "1");
  EXPECT_FALSE(got.label->sure);
}

TEST(Guess, ValuesSpeakWhereNamesDoNot) {
  const Guesses got = guess({categories("column_1", {"Male", "Female"}),
                             categories("column_2", {"White", "Black", "Other"}),
                             categories("column_3", {"<=50K", ">50K"})});
  ASSERT_TRUE(got.label);
  EXPECT_EQ(got.label->favourable, ">50K");
  EXPECT_EQ(got.groups.size(), 2U);
}

TEST(Guess, FewWholeNumbersMayBeCodes) {
  Shape codes = numbers("COW", 1, 8, true);
  codes.values.resize(8);
  const Guesses got = guess({categories("y", {"0", "1"}), codes, numbers("x", 0, 1, false)});
  EXPECT_EQ(got.codes, std::vector<std::string>{"COW"});
}

TEST(Guess, NamesAreReadWordByWord) {
  EXPECT_EQ(words_of("two_year_recid"), (std::vector<std::string>{"two", "year", "recid"}));
  EXPECT_EQ(words_of("CreditScore"), (std::vector<std::string>{"credit", "score"}));
  EXPECT_EQ(words_of("native-country"), (std::vector<std::string>{"native", "country"}));
  EXPECT_TRUE(guess({categories("essex_branch", {"a", "b"})}).groups.empty());
}

}  // namespace
}  // namespace evenhand::api
