// Named groups in every stage: a table whose values are merged and cut by [groups] gives what the
// same table gives whose values somebody merged and cut by hand.
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"
#include "evenhand/cli/command_line.h"
#include "files.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

/// A folder with 3,000 made-up people, twice: raw.csv, and by_hand.csv, where the races A and O are
/// "other" and ages are "under 40" or "40 or more". It is the current one while a test runs.
class Groups : public testing::Test {
 protected:
  void SetUp() override {
    before_ = fs::current_path();
    folder_ = fs::temp_directory_path() / ("evenhand-groups-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    fs::current_path(folder_);
    std::ofstream raw("raw.csv"), by_hand("by_hand.csv");
    for (std::ofstream* to : {&raw, &by_hand}) *to << "race,age,x,p,hired,repaid\n";
    for (int i = 0; i < 3000; ++i) {
      const int kind = i * 17 % 20, age = 20 + i * 7 % 50;
      const char* race = kind == 0 ? "A" : kind == 1 ? "O" : kind < 8 ? "B" : "W";
      const int score = i * 37 % 70 + (kind < 8 ? 12 : 25);
      const std::string rest = "," + std::to_string(i * 31 % 100) + ",0." + std::to_string(score) +
                               (i * 53 % 100 < score ? ",yes" : ",no") +
                               (i * 7919 % 100 < score ? ",yes\n" : ",no\n");
      raw << race << ',' << age << rest;
      by_hand << (kind < 2 ? "other" : race) << ',' << (age < 40 ? "under 40" : "40 or more")
              << rest;
    }
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

  /// The operation on both tables: --rename and --edges on the raw one. Outputs: raw_OUT, hand_OUT.
  static void on_both(const char* operation, const cli::Words& words, const std::string& out) {
    cli::Words raw{"raw.csv", "--rename", "race=A,O=other", "--edges", "age=40"};
    cli::Words hand{"by_hand.csv"};
    for (cli::Words* each : {&raw, &hand}) {
      each->insert(each->end(), words.begin(), words.end());
      each->insert(each->end(), {"--out", (each == &raw ? "raw_" : "hand_") + out});
      const auto read = cli::read_words(*api::find(operation), *each);
      ASSERT_TRUE(read) << to_string(read.error());
      const auto done = api::find(operation)->run(read->options, {});
      ASSERT_TRUE(done) << to_string(done.error());
    }
  }

 private:
  fs::path before_, folder_;
};

/// The last cells of each line.
std::string last_cells(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at), comma = text.rfind(',', end);
    out += text.substr(comma, end - comma) + '\n';
    at = end + 1;
  }
  return out;
}

TEST_F(Groups, WeighRowsAlike) {
  on_both("data reweigh", {"--label", "repaid=yes", "--group", "race x age"}, "weights.csv");
  EXPECT_EQ(last_cells(text_of("raw_weights.csv")), last_cells(text_of("hand_weights.csv")));
}

TEST_F(Groups, AreWhatAMethodIsFairBetweenAndStandInTheModel) {
  on_both("train fit",
          {"--label", "repaid=yes", "--group", "race x age", "--features", "x", "--features", "p",
           "--method", "reweigh"},
          "model");
  EXPECT_EQ(text_of("raw_model/weights.safetensors"), text_of("hand_model/weights.safetensors"));
  const Json rules = Json::parse(
      R"({"age": {"edges": [40.0], "rename": {}},
          "race": {"edges": [], "rename": {"A": "other", "O": "other"}}})");
  EXPECT_EQ(json_of("raw_model/model.json")["training"]["groupings"], rules);
  EXPECT_EQ(json_of("raw_model/record.json")["options"]["training"]["groupings"], rules);
}

TEST_F(Groups, AreKeptInAPolicyWhichGroupsANewTableAlike) {
  on_both("adjust fit",
          {"--score", "p", "--label", "repaid=yes", "--group", "race x age", "--equalise",
           "selection_rate", "--tolerance", "0.05", "--group-aware", "--basis", "an order",
           "--signatory", "A. Jurist"},
          "policy");
  const Json raw = json_of("raw_policy/policy.json"), hand = json_of("hand_policy/policy.json");
  EXPECT_EQ(raw["groups"], hand["groups"]);
  EXPECT_EQ(raw["groups"].size(), 6U);
  EXPECT_EQ(raw["expected"], hand["expected"]);
  const auto explained = api::find("adjust explain")->run({{"policy", "raw_policy"}}, {});
  ASSERT_TRUE(explained);
  EXPECT_NE(explained->text.find("groups of age, cut at 40\n"), std::string::npos)
      << explained->text;
  EXPECT_NE(explained->text.find("groups of race, under one name (other: A, O)\n"),
            std::string::npos)
      << explained->text;
  std::ofstream("new.csv") << "race,age,p\nA,39.5,0.41\nO,20,0.6\nW,40,0.55\nother,70,0.5\n";
  std::ofstream("new_by_hand.csv")
      << "race,age,p\nother,under 40,0.41\nother,under 40,0.6\nW,40 or more,0.55\n"
         "other,40 or more,0.5\n";
  for (const std::string kind : {"raw", "hand"}) {
    const Json asked = {{"files", {kind == "raw" ? "new.csv" : "new_by_hand.csv"}},
                        {"policy", kind + "_policy"},
                        {"chances", true},
                        {"out", kind + "_decided.csv"}};
    const auto done = api::find("adjust apply")->run(asked, {});
    ASSERT_TRUE(done) << to_string(done.error());
    EXPECT_EQ(done->json["rows_without_rule"], 0) << kind;
  }
  EXPECT_EQ(last_cells(text_of("raw_decided.csv")), last_cells(text_of("hand_decided.csv")));
}

TEST_F(Groups, AreComparedAndCountedAgainByVerify) {
  on_both("compare run",
          {"--label", "repaid=yes", "--score", "plain=p", "--decision", "then=hired=yes", "--group",
           "race", "--group", "race x age"},
          "comparison");
  const Json raw = json_of("raw_comparison/record.json");
  EXPECT_EQ(raw["findings"], json_of("hand_comparison/record.json")["findings"]);
  const Json again = {{"record", "raw_comparison"}, {"data", "raw.csv"}};
  const auto verified = api::find("verify")->run(again, {});
  ASSERT_TRUE(verified) << to_string(verified.error());
  Json other = raw;
  other["options"]["groupings"]["race"]["rename"]["O"] = "W";
  fs::create_directories("forged");
  std::ofstream("forged/record.json") << other.dump();
  EXPECT_FALSE(api::find("verify")->run({{"record", "forged"}, {"data", "raw.csv"}}, {}));
}

TEST_F(Groups, OfAProjectFileReachEveryStageThatGroupsByThem) {
  const std::string rest = R"(
[train]
label = "repaid=yes"
features = ["x", "p"]
method = "reweigh"
group = "race"
folds = 2
[adjust]
label = "repaid=yes"
group = "race"
equalise = "selection_rate"
[evaluate]
label = "repaid=yes"
group = ["age", "race x age"]
[compare]
label = "repaid=yes"
score = "model=score"
decision = ["adjusted=decision=1", "then=hired=yes"]
group = "race x age"
)";
  std::ofstream("raw.toml") << "[data]\nfiles = \"raw.csv\"\n[groups.age]\nedges = [40]\n"
                               "[groups.race]\nrename = { A = \"other\", O = \"other\" }\n"
                            << rest;
  std::ofstream("hand.toml") << "[data]\nfiles = \"by_hand.csv\"\n" << rest;
  for (const std::string kind : {"raw", "hand"}) {
    const auto done = api::find("run")->run({{"project", kind + ".toml"}, {"out", kind}}, {});
    ASSERT_TRUE(done) << to_string(done.error());
  }
  for (const char* record : {"record.json", "comparison/record.json"}) {
    EXPECT_EQ(json_of(fs::path("raw") / record)["findings"],
              json_of(fs::path("hand") / record)["findings"])
        << record;
  }
}

TEST_F(Groups, ThatCannotBeMadeGetASentence) {
  const auto said = [](const cli::Words& more) {
    cli::Words words{"raw.csv", "--label", "repaid=yes", "--group", "race"};
    words.insert(words.end(), more.begin(), more.end());
    const auto read = cli::read_words(*api::find("data reweigh"), words);
    if (!read) return to_string(read.error());
    const auto done = api::find("data reweigh")->run(read->options, {});
    return done ? "no refusal" : to_string(done.error());
  };
  EXPECT_EQ(said({"--edges", "race=40"}),
            "row 1: column \"race\" holds \"A\", which is no number, and edges cut numbers");
  EXPECT_EQ(said({"--edges", "age=40"}),
            "edges were given for \"age\", but nobody is compared by it; groups are \"race\"");
  EXPECT_EQ(said({"--rename", "race=A"}),
            "--rename race=A does not say which values get which name; write --rename "
            "'race=Amer-Indian-Eskimo,Other=other'");
  EXPECT_EQ(said({"--rename", "race=A=x", "--rename", "race=A,O=y"}),
            "\"A\" of \"race\" was given two names, \"x\" and \"y\"");
}

}  // namespace
}  // namespace evenhand
