#include "evenhand/cli/command_line.h"

#include <gtest/gtest.h>

namespace evenhand::cli {
namespace {

const api::Operation& evaluate() { return *api::find("evaluate run"); }

std::string refused(const Words& words) {
  const auto asked = read_words(evaluate(), words);
  return asked ? "" : asked.error().says;
}

TEST(CommandLine, ReadsTheWholeSurface) {
  const auto asked = read_words(evaluate(), {"a.csv",
                                             "b.csv",
                                             "--label",
                                             "y=>50K",
                                             "--decision=d=1",
                                             "--group",
                                             "sex",
                                             "--group",
                                             "sex x race",
                                             "--strata",
                                             "dept",
                                             "--cluster",
                                             "person",
                                             "--weight",
                                             "w",
                                             "--weight-kind",
                                             "sampling",
                                             "--join",
                                             "attributes.parquet",
                                             "--on",
                                             "id",
                                             "--convention",
                                             "fairlearn",
                                             "--metric",
                                             "auc",
                                             "--bound",
                                             "auc by sex >= 0.7",
                                             "--reference",
                                             "sex=Male",
                                             "--level",
                                             "0.99",
                                             "--rows-min",
                                             "30",
                                             "--seed",
                                             "7",
                                             "--threads",
                                             "2",
                                             "--gate",
                                             "--out",
                                             "there",
                                             "--edges",
                                             "age=25,45",
                                             "--json"});
  ASSERT_TRUE(asked) << asked.error().says;
  EXPECT_TRUE(asked->json);
  const Json& options = asked->options;
  EXPECT_EQ(options["files"], Json::array({"a.csv", "b.csv"}));
  EXPECT_EQ(options["label"], Json("y=>50K"));
  EXPECT_EQ(options["decision"], Json("d=1"));
  EXPECT_EQ(options["group"], Json::array({"sex", "sex x race"}));
  EXPECT_EQ(options["weight_kind"], Json("sampling"));
  EXPECT_EQ(options["rows_min"], Json(30));
  EXPECT_EQ(options["level"], Json(0.99));
  EXPECT_EQ(options["gate"], Json(true));
  EXPECT_EQ(options["out"], Json("there"));
}

TEST(CommandLine, TakesStandardInputAndOddNamesAsFiles) {
  const auto asked = read_words(evaluate(), {"-", "[a,b]", "--group", "[c,d]", "--", "--gate"});
  ASSERT_TRUE(asked) << asked.error().says;
  EXPECT_EQ(asked->options["files"], Json::array({"-", "[a,b]", "--gate"}));
  EXPECT_EQ(asked->options["group"], Json::array({"[c,d]"}));
  EXPECT_FALSE(asked->options.contains("gate"));
}

TEST(CommandLine, ValueMayBeginWithADashOrAnOperator) {
  const auto asked = read_words(evaluate(), {"x.csv", "--missing", "-999", "--label", ">50K"});
  ASSERT_TRUE(asked) << asked.error().says;
  EXPECT_EQ(asked->options["missing"], Json::array({"-999"}));
}

TEST(CommandLine, ForeignWordsAreAnsweredWithOurs) {
  EXPECT_EQ(refused({"x.csv", "--sensitive-features", "sex"}),
            "there is no option --sensitive-features; here it is called --group");
  EXPECT_EQ(refused({"x.csv", "--protected-attribute=sex"}),
            "there is no option --protected-attribute; here it is called --group");
  EXPECT_EQ(refused({"x.csv", "--y_true", "y"}),
            "there is no option --y-true; here it is called --label");
  EXPECT_EQ(refused({"x.csv", "--y-pred", "y"}),
            "there is no option --y-pred; here it is called --decision");
}

TEST(CommandLine, UnknownOptionsAreAnsweredWithTheNearest) {
  EXPECT_EQ(refused({"x.csv", "--treshold", "0.5"}),
            "there is no option --treshold; did you mean --threshold?");
  EXPECT_EQ(refused({"x.csv", "--rows_mni", "5"}),
            "there is no option --rows-mni; did you mean --rows-min?");
  EXPECT_EQ(refused({"x.csv", "--zzzzzzzzz"}),
            "there is no option --zzzzzzzzz; --help lists them all");
  EXPECT_EQ(refused({"x.csv", "-g", "sex"}),
            "there is no option -g; options are written out: --help lists them all");
}

TEST(CommandLine, MissingAndWrongValuesHaveASentence) {
  EXPECT_EQ(refused({"x.csv", "--group"}),
            "--group needs a value: \"A x B\", for example \"sex x race\"");
  EXPECT_EQ(
      refused({"x.csv", "--label", "--group", "sex"}),
      "--label needs a value: COLUMN[=FAVOURABLE], for example 'income=>50K'; --group follows it");
  EXPECT_EQ(refused({"x.csv", "--level", "95%"}),
            "--level: \"95%\" was found; expected: a number in [0.01, 0.999999] (share)");
  EXPECT_EQ(refused({"x.csv", "--level", "0.9", "--level", "0.8"}),
            "--level was given 2 times (0.9, 0.8); it takes one value");
  EXPECT_EQ(refused({"x.csv", "--convention", "fairlern"}),
            "--convention: \"fairlern\" was found; expected: evenhand, fairlearn or aif360");
  EXPECT_EQ(refused({"x.csv", "--threads", "-2"}),
            "--threads: -2 was found; expected: a whole number in [0, 1024] (threads)");
}

TEST(CommandLine, WhatALookGuessesIsSaidElsewhere) {
  const auto asked = read_words(*api::find("start"), {"x.csv", "--group", "single"});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().says,
            "a look at a table guesses what --group would say; write group into [evaluate] of the "
            "project file and `evenhand run` it, or say everything yourself: `evenhand evaluate "
            "run FILE --group ...`");
}

TEST(CommandLine, OneWordTooManyIsSaid) {
  const auto asked = read_words(*api::find("explain"), {"auc", "accuracy"});
  ASSERT_FALSE(asked);
  EXPECT_EQ(
      asked.error().says,
      "\"accuracy\" is one word too many; an option that may be given several times is repeated "
      "before each value");
}

TEST(CommandLine, LongestNameWins) {
  std::size_t taken = 0;
  EXPECT_EQ(operation_of({"evaluate", "run", "x.csv"}, taken), api::find("evaluate run"));
  EXPECT_EQ(taken, 2U);
  EXPECT_EQ(operation_of({"run", "x.toml"}, taken), api::find("run"));
  EXPECT_EQ(taken, 1U);
  EXPECT_EQ(operation_of({"people.csv"}, taken), nullptr);
}

TEST(CommandLine, CanBeTypedAgain) {
  EXPECT_EQ(as_typed({"run", "a b.toml", "it's", ""}), "evenhand run 'a b.toml' 'it'\\''s' ''");
}

}  // namespace
}  // namespace evenhand::cli
