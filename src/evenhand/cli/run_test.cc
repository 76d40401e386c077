#include "evenhand/cli/run.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "evenhand/cli/exit_status.h"

namespace evenhand::cli {
namespace {

struct Said {
  int status = 0;
  std::string out, err;
};

Said say(const Words& words) {
  std::ostringstream out, err;
  Terminal terminal{out, err};
  const int status = run(words, terminal);
  return {status, out.str(), err.str()};
}

TEST(Run, VersionIsOneLine) {
  EXPECT_EQ(say({"--version"}).out, "evenhand " EVENHAND_VERSION "\n");
  EXPECT_EQ(say({"--version"}).status, 0);
}

TEST(Run, NothingTypedIsWrongUsageWithHelp) {
  const Said said = say({});
  EXPECT_EQ(said.status, 2);
  EXPECT_EQ(said.out, "");
  EXPECT_NE(said.err.find("usage: evenhand FILE"), std::string::npos);
}

TEST(Run, UnknownCommandNamesTheNearest) {
  const Said said = say({"explian", "auc"});
  EXPECT_EQ(said.status, 2);
  EXPECT_EQ(
      said.err,
      "evenhand: error: there is neither a command nor a file called \"explian\"; did you mean "
      "`evenhand explain`?\n");
}

TEST(Run, TableThatIsNotThereIsAskedForByItsFolder) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / "evenhand_absent";
  fs::create_directories(folder);
  std::ofstream(folder / "people.csv") << "a,b\n1,2\n";
  const Said said = say({(folder / "poeple.csv").string()});
  EXPECT_EQ(said.status, 3);
  EXPECT_NE(said.err.find("did you mean " + (folder / "people.csv").string() + "?"),
            std::string::npos)
      << said.err;
  fs::remove_all(folder);
}

TEST(Run, StandardInputIsNotGuessedAt) {
  const Said said = say({"-"});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("evenhand evaluate run -"), std::string::npos) << said.err;
}

TEST(Run, FamilyAloneListsItsCommands) {
  const Said said = say({"evaluate"});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("evaluate run"), std::string::npos);
  EXPECT_EQ(say({"help", "evaluate"}).status, 0);
}

TEST(Run, ErrorsAreJsonWhenAskedFor) {
  for (const Words& words : {Words{"evaluate", "run", "x.csv", "--levle", "1", "--json"},
                             Words{"--json", "evaluate", "run", "x.csv", "--levle", "1"}}) {
    const Said said = say(words);
    EXPECT_EQ(said.status, 2);
    EXPECT_EQ(said.err, "");
    const Json json = Json::parse(said.out);
    EXPECT_EQ(json["error"]["code"], "invalid_argument");
    EXPECT_EQ(json["error"]["says"], "there is no option --levle; did you mean --level?");
    EXPECT_EQ(json["error"]["exit_status"], 2);
  }
}

TEST(Run, ErrorOfACommandPointsToItsHelp) {
  EXPECT_EQ(
      say({"evaluate", "run", "x.csv", "--levle", "1"}).err,
      "evenhand: error: there is no option --levle; did you mean --level? (`evenhand evaluate run "
      "--help`)\n");
}

TEST(Run, MissingFileIsBadInput) {
  const Said said = say({"evaluate", "run", "no_such.csv", "--decision", "d=1", "--group", "sex"});
  EXPECT_EQ(said.status, 3) << said.err;
  EXPECT_NE(said.err.find("no_such.csv"), std::string::npos) << said.err;
}

TEST(Run, SubcommandBeatsAFileOfItsName) {
  namespace fs = std::filesystem;
  const fs::path before = fs::current_path();
  const fs::path folder = fs::path(testing::TempDir()) / "evenhand_beats";
  fs::create_directories(folder);
  fs::current_path(folder);
  std::ofstream("schema") << "a,b\n1,2\n";
  const Said said = say({"schema"});
  fs::current_path(before);
  fs::remove_all(folder);
  EXPECT_EQ(said.status, 0);
  EXPECT_TRUE(Json::parse(said.out).contains("$schema"));
}

TEST(Run, ExplainAnswersAnUnknownMetricWithTheNearest) {
  const Said said = say({"explain", "selection_rate_diference"});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("selection_rate_difference"), std::string::npos) << said.err;
  EXPECT_EQ(say({"explain", "selection_rate_difference"}).status, 0);
}

TEST(Run, ExplainTakesAliases) {
  EXPECT_EQ(say({"explain", "demographic_parity_difference", "--json"}).out,
            say({"explain", "selection_rate_difference", "--json"}).out);
}

TEST(Run, DoctorSaysItsVersionAndBlas) {
  const Said said = say({"doctor", "--json"});
  EXPECT_EQ(said.status, 0);
  const Json json = Json::parse(said.out);
  EXPECT_EQ(json["version"], EVENHAND_VERSION);
  EXPECT_GE(json["threads"].get<int>(), 1);
  EXPECT_TRUE(json["missing"].is_array());
}

TEST(Run, CompletionNeedsAShell) {
  EXPECT_EQ(say({"completion"}).status, 2);
  EXPECT_EQ(say({"completion", "bash"}).status, 0);
}

TEST(ExitStatus, IsAsTheHelpSays) {
  EXPECT_EQ(exit_status(Code::kInvalidArgument), 2);
  EXPECT_EQ(exit_status(Code::kBadInput), 3);
  EXPECT_EQ(exit_status(Code::kNotFound), 3);
  EXPECT_EQ(exit_status(Code::kIo), 3);
  EXPECT_EQ(exit_status(Code::kAxesDiffer), 3);
  EXPECT_EQ(exit_status(Code::kEndpoint), 5);
  EXPECT_EQ(exit_status(Code::kInterrupted), 130);
  EXPECT_EQ(exit_status(Code::kBug), 70);
}

}  // namespace
}  // namespace evenhand::cli
