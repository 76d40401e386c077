// Adjustment as its users meet it: the same policy however it was asked for, an exit status that
// says whether the tolerance was reached, and a project file that decides by it.
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"
#include "evenhand/cli/command_line.h"
#include "evenhand/table/split.h"
#include "files.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

/// A folder with 2,000 made-up people, which is the current one while a test runs.
class Adjustment : public testing::Test {
 protected:
  void SetUp() override {
    before_ = fs::current_path();
    folder_ = fs::temp_directory_path() / ("evenhand-adjustment-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    fs::current_path(folder_);
    std::ofstream people("people.csv");
    people << "person,sex,race,age,p,repaid\n";
    for (int i = 0; i < 2000; ++i) {
      const int age = 20 + i * 7 % 50, score = (i * 37 % 90 + 10 + age) / 2;
      people << 'p' << i << (i % 2 == 0 ? ",F," : ",M,") << (i % 3 == 0 ? "A," : "B,") << age
             << ",0." << score - (i % 2 == 0 ? 5 : 0)
             << (i * 7919 % 100 < score + 10 ? ",yes\n" : ",no\n");
    }
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

 private:
  fs::path before_, folder_;
};

Result<api::Outcome> ask(const char* operation, const Json& options) {
  return api::find(operation)->run(options, {});
}

Json of_words(const char* operation, const cli::Words& words) {
  const auto read = cli::read_words(*api::find(operation), words);
  EXPECT_TRUE(read) << to_string(read.error());
  return read ? read->options : Json();
}

const cli::Words kWords{"people.csv",  "--score",
                        "p",           "--label",
                        "repaid=yes",  "--group",
                        "sex x race",  "--equalise",
                        "odds",        "--calibrate",
                        "platt",       "--tolerance",
                        "0.05",        "--cost-fp",
                        "2",           "--cost-fn",
                        "1.5",         "--rate-min",
                        "0.1",         "--group-aware",
                        "--basis",     "an order",
                        "--signatory", "A. Jurist",
                        "--unseen",    "refuse",
                        "--id",        "person",
                        "--rows-min",  "20",
                        "--folds",     "3",
                        "--seed",      "7",
                        "--threads",   "2",
                        "--flip",      "--groups-alike"};

TEST_F(Adjustment, WordsJsonAndProjectFileGiveTheSamePolicyAndRecord) {
  Json by_words = of_words("adjust fit", kWords);
  by_words["out"] = "by_words";
  const auto first = ask("adjust fit", by_words);
  ASSERT_TRUE(first) << to_string(first.error());
  const Json json = Json::parse(R"({"files": "people.csv", "score": "p",
      "label": {"column": "repaid", "favourable": "yes"}, "group": ["sex", "race"],
      "equalise": "odds", "calibrate": "platt", "tolerance": 0.05, "cost_fp": 2, "cost_fn": 1.5,
      "rate_min": 0.1, "group_aware": true, "basis": "an order", "signatory": "A. Jurist",
      "unseen": "refuse", "id": "person", "rows_min": 20, "folds": 3, "seed": 7, "threads": 1,
      "flip": true, "groups_alike": true, "out": "by_json"})");
  ASSERT_TRUE(ask("adjust fit", json));
  std::ofstream("asked.toml") << R"([data]
files = ["people.csv"]
[adjust]
score = "p"
label = "repaid=yes"
group = "sex x race"
equalise = "odds"
calibrate = "platt"
tolerance = 0.05
cost_fp = 2
cost_fn = 1.5
rate_min = 0.1
group_aware = true
basis = "an order"
signatory = "A. Jurist"
unseen = "refuse"
id = "person"
rows_min = 20
folds = 3
seed = 7
flip = true
groups_alike = true
out = "by_project"
)";
  const auto ran = ask("run", {{"project", "asked.toml"}});
  ASSERT_TRUE(ran) << to_string(ran.error());
  for (const char* file : {"policy.json", "record.json"}) {
    const std::string expected = text_of(fs::path("by_words") / file);
    EXPECT_GT(expected.size(), 500U);
    EXPECT_EQ(text_of(fs::path("by_json") / file), expected) << file;
    EXPECT_EQ(text_of(fs::path("by_project") / file), expected) << file;
  }
}

TEST_F(Adjustment, StatusIsOneWhereTheToleranceIsOutOfReach) {
  Json options = of_words("adjust fit", {"people.csv", "--score", "p", "--label", "repaid=yes",
                                         "--group", "sex", "--equalise", "odds", "--tolerance", "0",
                                         "--deterministic", "--out", "policy"});
  const auto done = ask("adjust fit", options);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->status, api::kBroken);
  EXPECT_EQ(done->json["reached"], false);
  EXPECT_NE(done->text.find("a gap of 0 is out of reach without lots"), std::string::npos);
  options["tolerance"] = 0.5;
  EXPECT_EQ(ask("adjust fit", options)->status, api::kMet);
}

// Of the rows that are kept from the thresholds (fold 0 of 4) the score says the group.
TEST_F(Adjustment, StatusIsOneWhereHeldOutRowsBreakTheTolerance) {
  std::ofstream table("turned.csv");
  table << "sex,p,repaid\n";
  for (std::uint64_t row = 0; row < 2000; ++row) {
    const bool woman = row % 2 == 0, held = table::fold_of_row(row, 0, 4) == 0;
    const double p = held ? (woman ? 0.01 : 0.99) : static_cast<double>(row / 2 % 97) / 97;
    table << (woman ? "F," : "M,") << p << (row / 2 % 97 > 48 ? ",yes\n" : ",no\n");
  }
  table.close();
  const auto done = ask(
      "adjust fit", of_words("adjust fit", {"turned.csv", "--score", "p", "--label", "repaid=yes",
                                            "--group", "sex", "--equalise", "selection_rate",
                                            "--tolerance", "0.1", "--out", "p2"}));
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->status, api::kBroken);
  EXPECT_EQ(done->json["reached"], true);
  EXPECT_EQ(done->json["held_out"]["verdict"], "broken");
  EXPECT_NE(done->text.find("the tolerance of 0.1 is broken there"), std::string::npos);
  const auto told = ask("adjust explain", {{"policy", "p2"}});
  ASSERT_TRUE(told);
  EXPECT_NE(told->text.find("the tolerance of 0.1 is broken there"), std::string::npos);
}

TEST_F(Adjustment, ARefusalLeavesNothingBehind) {
  const auto done =
      ask("adjust fit",
          of_words("adjust fit", {"people.csv", "--score", "p", "--label", "repaid=yes", "--group",
                                  "sex", "--equalise", "tpr", "--group-aware", "--out", "policy"}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::kInvalidArgument);
  EXPECT_FALSE(fs::exists("policy"));
}

// Scores, thresholds and decisions by one file: the evaluation judges what the policy decided.
TEST_F(Adjustment, AProjectFileTrainsAdjustsDecidesAndEvaluates) {
  std::ofstream("whole.toml") << R"([data]
files = ["people.csv"]
[train]
label = "repaid=yes"
features = ["age", "p"]
folds = 2
[adjust]
label = "repaid=yes"
group = "sex"
equalise = "selection_rate"
tolerance = 0.01
[apply]
[evaluate]
label = "repaid=yes"
group = ["sex"]
[[bounds]]
metric = "selection_rate_difference"
by = "sex"
at_most = 0.2
)";
  const auto ran = ask("run", {{"project", "whole.toml"}, {"out", "out"}});
  ASSERT_TRUE(ran) << to_string(ran.error());
  EXPECT_EQ(ran->status, api::kMet) << ran->text;
  const Json policy = Json::parse(text_of("out/policy/policy.json"));
  EXPECT_EQ(policy["model"]["sha256"].size(), 2U);
  EXPECT_EQ(policy["score"], "score");
  const Json record = Json::parse(text_of("out/record.json"));
  EXPECT_EQ(record["inputs"][0]["path"], "out/decided.parquet");
  EXPECT_EQ(record["options"]["decision"]["column"], "decision");
}

}  // namespace
}  // namespace evenhand
