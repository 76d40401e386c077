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

TEST(Guess, NamesAreReadWordByWord) {
  EXPECT_EQ(words_of("two_year_recid"), (std::vector<std::string>{"two", "year", "recid"}));
  EXPECT_EQ(words_of("CreditScore"), (std::vector<std::string>{"credit", "score"}));
  EXPECT_EQ(words_of("native-country"), (std::vector<std::string>{"native", "country"}));
  EXPECT_TRUE(guess({categories("essex_branch", {"a", "b"})}).groups.empty());
}

}  // namespace
}  // namespace evenhand::api
