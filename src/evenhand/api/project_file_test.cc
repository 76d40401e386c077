#include "evenhand/api/project_file.h"

#include <gtest/gtest.h>

namespace evenhand::api {
namespace {

std::string fault(const char* text) {
  const auto project = parse_project(text, "evenhand.toml");
  return project ? "" : project.error().says;
}

TEST(ProjectFile, SaysToAStageWhatItsSectionAndTheDataSay) {
  const auto project = parse_project(
      "[data]\nfiles = \"people.csv\"\nseparator = \";\"\n"
      "[evaluate]\nlabel = { column = \"income\", favourable = \">50K\" }\ngroup = [\"age\", "
      "[\"a x b\"]]\n"
      "level = 0.9\n[groups.age]\nedges = [25, 45]\n[[bounds]]\nmetric = \"auc\"\nat_least = "
      "0.80\n",
      "audits/evenhand.toml");
  ASSERT_TRUE(project) << project.error().says;
  const Operation* evaluate = find("evaluate run");
  ASSERT_NE(evaluate, nullptr);
  EXPECT_TRUE(names_stage(*project, *evaluate));
  const Json options = options_for(*project, *evaluate);
  EXPECT_EQ(options["files"], Json("audits/people.csv"));
  EXPECT_EQ(options["separator"], Json(";"));
  EXPECT_EQ(options["level"], Json(0.9));
  EXPECT_EQ(options["groups"]["age"]["edges"], Json::array({25, 45}));
  EXPECT_EQ(options["bound"][0]["metric"], Json("auc"));
  EXPECT_FALSE(names_stage(*project, *find("train fit")));
}

TEST(ProjectFile, PathsAreRelativeToIt) {
  const Project project{"a/b/evenhand.toml", "a/b", Json::object()};
  EXPECT_EQ(beside(project, "x.csv"), "a/b/x.csv");
  EXPECT_EQ(beside(project, "../x.csv"), "a/x.csv");
  EXPECT_EQ(beside(project, "/data/x.csv"), "/data/x.csv");
  EXPECT_EQ(beside(project, "-"), "-");
  EXPECT_EQ(beside({"evenhand.toml", "", Json::object()}, "x.csv"), "x.csv");
}

TEST(ProjectFile, UnknownKeyIsAnErrorWithTheNearestOneAndItsLine) {
  EXPECT_EQ(
      fault("[data]\nfiles = \"x\"\n[evaluate]\nlevle = 0.9\n"),
      "evenhand.toml, line 4: evaluate.levle: there is no key \"levle\" in [evaluate]; did you "
      "mean \"level\"?");
  EXPECT_EQ(
      fault("[evalute]\nlevel = 0.9\n"),
      "evenhand.toml, line 1: evalute: there is no key \"evalute\"; did you mean \"evaluate\"?");
}

TEST(ProjectFile, UnknownKeyOfABoundOrAGroupHasItsLineToo) {
  EXPECT_EQ(fault("[[bounds]]\nmetric = \"auc\"\nat_mots = 0.1\n"),
            "evenhand.toml, line 3: bounds.0.at_mots: there is no key \"at_mots\"; did you mean "
            "\"at_most\"?");
  EXPECT_EQ(fault("[groups.age]\nedges = [1, 2]\n\nrenam = {}\n"),
            "evenhand.toml, line 4: groups.age.renam: there is no key \"renam\"; did you mean "
            "\"rename\"?");
}

TEST(ProjectFile, RulesOfGroupingGoToTheStagesThatGroupByThem) {
  const auto project = parse_project(
      "[evaluate]\ngroup = [\"sex\", \"sex x race\"]\n[train]\ngroup = \"sex\"\n"
      "[compare]\ngroup = [[\"a x b\"]]\n[[bounds]]\nmetric = \"auc_difference\"\n"
      "by = \"age\"\nat_most = 0.1\n[groups.race]\nrename = { A = \"O\" }\n"
      "[groups.age]\nedges = [40]\n[groups.\"a x b\"]\nedges = [1]\n",
      "evenhand.toml");
  ASSERT_TRUE(project) << project.error().says;
  const auto of = [&](const char* operation) {
    std::string names;
    const Json options = options_for(*project, *find(operation));
    if (!options.contains("groups")) return names;
    for (const auto& [name, how] : options["groups"].items()) names += name + ';';
    return names;
  };
  EXPECT_EQ(of("evaluate run"), "age;race;");
  EXPECT_EQ(of("train fit"), "");
  EXPECT_EQ(of("compare run"), "a x b;age;");
  EXPECT_EQ(fault("[train]\nlabel = \"y\"\ngroup = \"sex x race\"\n[groups.rase]\nedges = [1]\n"),
            "evenhand.toml, line 4: groups.rase: no stage of this file groups people by \"rase\"; "
            "did you mean \"race\"?");
  EXPECT_EQ(fault("[evaluate]\ngroup = \"sex\"\n[groups.age]\nedges = [1]\n"
                  "[[bounds]]\nmetric = \"auc\"\nby = \"age\"\nat_most = 1\n"),
            "");
}

TEST(ProjectFile, ForeignWordsAreAnsweredWithOurs) {
  EXPECT_EQ(
      fault("[evaluate]\ny_true = \"y\"\n"),
      "evenhand.toml, line 2: evaluate.y_true: there is no key \"y_true\" in [evaluate]; here it "
      "is called \"label\"");
  EXPECT_EQ(
      fault("sensitive_features = [\"sex\"]\n"),
      "evenhand.toml, line 1: sensitive_features: there is no key \"sensitive_features\"; here "
      "it is called \"group\" and stands in [adjust] or [audit] or [compare] or [evaluate] or "
      "[frontier] or [train]");
}

TEST(ProjectFile, KeyInTheWrongSectionIsSentHome) {
  EXPECT_EQ(fault("[evaluate]\nfiles = \"x.csv\"\n"),
            "evenhand.toml, line 2: evaluate.files: there is no key \"files\" in [evaluate]; it "
            "belongs in [data]");
}

TEST(ProjectFile, WrongTypesHaveASentenceWithTheLine) {
  EXPECT_EQ(fault("[evaluate]\n\nlevel = \"high\"\n"),
            "evenhand.toml, line 3: evaluate.level: \"high\" was found; expected: a number in "
            "[0.01, 0.999999] "
            "(share)");
  EXPECT_EQ(fault("[evaluate]\nlevel = 95\n"),
            "evenhand.toml, line 2: evaluate.level: 95 was found; expected: a number in [0.01, "
            "0.999999] (share)");
  EXPECT_EQ(fault("evaluate = 3\n"),
            "evenhand.toml, line 1: evaluate: 3 was found; expected: a section [evaluate]");
  EXPECT_EQ(fault("[evaluate]\nmetric = [\"auc\",\n  7]\n"),
            "evenhand.toml, line 3: evaluate.metric.1: 7 was found; expected: text in quotes");
  EXPECT_EQ(
      fault("[groups.age]\nedges = [45, 25]\n"),
      "evenhand.toml, line 2: groups.age.edges: edges rise from each to the next, and 45 stands "
      "before 25");
}

TEST(ProjectFile, BoundsNeedAMetricAndALimit) {
  EXPECT_EQ(fault("[[bounds]]\nmetric = \"auc\"\n"),
            "evenhand.toml, line 1: bounds.0: the bound on auc needs at_most or at_least");
  EXPECT_EQ(
      fault("[[bounds]]\nmetric = \"auc\"\nat_most = 0.1\njudge = \"eye\"\n"),
      "evenhand.toml, line 4: bounds.0.judge: \"eye\" was found; expected: interval or point");
}

TEST(ProjectFile, WhatIsNotTomlNamesTheLine) {
  EXPECT_TRUE(fault("[data]\nfiles = \n").starts_with("evenhand.toml, line 2: "))
      << fault("[data]\nfiles = \n");
}

TEST(ProjectFile, LettersBeyondAsciiStandInQuotesOnly) {
  EXPECT_EQ(fault("[groups.\"\u00e4rzte\"]\nedges = [1]\n"), "");
  EXPECT_EQ(fault("[evaluate]\nlabel = \"gr\u00f6\u00dfe=\u03bc\"\n"), "");
  const std::string bare = fault("[groups.\u00e4rzte]\nedges = [1]\n");
  EXPECT_TRUE(bare.starts_with("evenhand.toml, line 1: ")) << bare;
}

TEST(ProjectFile, MissingFileSaysHowToMakeOne) {
  EXPECT_EQ(read_project("no/such.toml").error().says,
            "there is no project file no/such.toml; `evenhand init FILE` looks at a table and "
            "writes one");
}

TEST(Schema, KnowsEveryKeyOfEveryField) {
  const Json schema = project_schema();
  for (const Operation& operation : all()) {
    for (const Field& field : operation.fields) {
      const std::string where = key(operation, field);
      if (where.empty()) continue;
      const std::size_t dot = where.find('.');
      const Json& top = schema["properties"];
      if (dot == std::string::npos) {
        EXPECT_TRUE(top.contains(where)) << where;
      } else {
        ASSERT_TRUE(top.contains(where.substr(0, dot))) << where;
        const Json& section = top[where.substr(0, dot)];
        ASSERT_TRUE(section["properties"].contains(where.substr(dot + 1))) << where;
        EXPECT_FALSE(section["properties"][where.substr(dot + 1)]["description"].empty()) << where;
        EXPECT_EQ(section["additionalProperties"], Json(false));
      }
    }
  }
}

TEST(Example, ProjectFileOfTheExampleIsAccepted) {
  const auto project = read_project(EVENHAND_SOURCE_DIR "/examples/income/evenhand.toml");
  EXPECT_TRUE(project) << project.error().says;
}

}  // namespace
}  // namespace evenhand::api
