// What adjusting prints: no group's handful of people, and a decimal comma from the first stage
// to the policy.
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"

namespace evenhand::api {
namespace {

namespace fs = std::filesystem;

class AdjustShown : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("evenhand-shown-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  /// 1,000 women, 600 men and 5 others; scores and labels go up together.
  std::string people() const {
    std::ofstream out(at("people.csv"));
    out << "sex,p,repaid\n";
    for (int i = 0; i < 1605; ++i) {
      const int score = i * 37 % 90 + 5;
      out << (i < 1000   ? "F"
              : i < 1600 ? "M"
                         : "X")
          << ",0." << (score < 10 ? "0" : "") << score
          << (i * 7919 % 100 < score ? ",yes\n" : ",no\n");
    }
    return at("people.csv");
  }

  static Outcome ask(const char* operation, const Json& options) {
    auto out = find(operation)->run(options, {});
    if (out) return *std::move(out);
    ADD_FAILURE() << to_string(out.error());
    return {};
  }

  fs::path folder_;
};

bool says(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

/// The line that begins, after blanks, with a word.
std::string line_of(const std::string& text, const std::string& word) {
  const std::size_t at = text.find("\n  " + word + " ");
  return at == std::string::npos ? "" : text.substr(at + 3, text.find('\n', at + 1) - at - 3);
}

TEST_F(AdjustShown, AGroupOfFewRowsAndTheOneThatWouldTellOfIt) {
  const Json fit{
      {"files", people()},  {"score", "p"}, {"label", "repaid=yes"},        {"group", "sex"},
      {"rows_min", 1},      {"folds", 0},   {"equalise", "selection_rate"}, {"tolerance", 1.0},
      {"out", at("policy")}};
  const Outcome fitted = ask("adjust fit", fit);
  for (const char* group : {"X", "M"}) {
    const std::string line = line_of(fitted.text, group);
    EXPECT_TRUE(says(line, "not shown")) << fitted.text;
    EXPECT_EQ(line.find_first_of("0123456789"), std::string::npos) << line;
  }
  EXPECT_TRUE(says(line_of(fitted.text, "F"), "1000")) << fitted.text;
  EXPECT_TRUE(says(fitted.text, "not shown: fewer than 11 rows could be read off it"));
  EXPECT_TRUE(says(fitted.json["findings"].dump(), "\"rows\":5"));  // for machines it is all there

  const Outcome told = ask("adjust explain", {{"policy", at("policy")}});
  EXPECT_TRUE(says(told.text, "expect of X: not shown")) << told.text;
  EXPECT_FALSE(says(told.text, "(5 rows"));
  EXPECT_FALSE(says(told.text, "(600 rows"));

  const Outcome applied = ask("adjust apply", {{"files", people()},
                                               {"policy", at("policy")},
                                               {"keep", Json::array({"sex"})},
                                               {"out", at("decided.csv")}});
  EXPECT_EQ(applied.json["rows"], 1605);
  EXPECT_FALSE(says(applied.text, " 5 ")) << applied.text;
}

TEST_F(AdjustShown, DecisionsOfAGroupAwarePolicy) {
  const Outcome fitted = ask("adjust fit", {{"files", people()},
                                            {"score", "p"},
                                            {"label", "repaid=yes"},
                                            {"group", "sex"},
                                            {"equalise", "selection_rate"},
                                            {"group_aware", true},
                                            {"basis", "an order"},
                                            {"signatory", "A. Jurist"},
                                            {"out", at("policy")}});
  EXPECT_TRUE(says(fitted.text, "sex=X takes no part: fewer than 30 rows;")) << fitted.text;
  const Outcome applied = ask(
      "adjust apply",
      {{"files", people()}, {"policy", at("policy")}, {"held_out", 0}, {"out", at("decided.csv")}});
  for (const char* group : {"X", "M"}) {
    EXPECT_TRUE(says(line_of(applied.text, group), "not shown")) << applied.text;
  }
  EXPECT_TRUE(says(line_of(applied.text, "F"), "1000"));
  EXPECT_TRUE(says(applied.text, "fewer than 11 rows of groups without a rule of their own"));
  EXPECT_EQ(applied.json["rows_without_rule"], 5);
}

TEST_F(AdjustShown, CellsOfAReweighing) {
  const Outcome done = ask(
      "data reweigh",
      {{"files", people()}, {"label", "repaid=yes"}, {"group", "sex"}, {"out", at("weighed.csv")}});
  EXPECT_TRUE(says(done.text, "  X: not shown\n")) << done.text;
  EXPECT_TRUE(says(done.text, "  M: not shown\n"));
  EXPECT_TRUE(says(done.text, "  F: favourable x "));
  EXPECT_EQ(done.json["groups"].size(), 3U);
}

TEST_F(AdjustShown, APolicyIsNoRecordAndItsFitCannotBeComputedAgain) {
  ask("adjust fit", {{"files", people()},
                     {"score", "p"},
                     {"label", "repaid=yes"},
                     {"group", "sex"},
                     {"equalise", "selection_rate"},
                     {"out", at("policy")}});
  for (const char* operation : {"verify", "report render"}) {
    const auto policy = find(operation)->run({{"record", at("policy/policy.json")}}, {});
    ASSERT_FALSE(policy) << operation;
    EXPECT_TRUE(says(policy.error().says, "is a policy and no record; `evenhand adjust explain "))
        << policy.error().says;
    const auto record = find(operation)->run({{"record", at("policy")}}, {});
    ASSERT_FALSE(record) << operation;
    EXPECT_TRUE(says(record.error().says, "it is the record of a policy's fit, which holds no "))
        << record.error().says;
  }
}

// What predict and apply keep of text stays as it stood: "39,5".
TEST_F(AdjustShown, ADecimalCommaGoesThroughAProject) {
  std::ofstream table(at("comma.csv"));
  table << "age;x;hired\n";
  for (int i = 0; i < 600; ++i) {
    table << 20 + i % 40 << ",5;" << i * 37 % 90 << ",25;"
          << (i * 7919 % 100 < i * 37 % 90 ? "yes\n" : "no\n");
  }
  table.close();
  std::ofstream(at("evenhand.toml")) << R"([data]
files = ["comma.csv"]
separator = ";"
decimal = ","
[groups.age]
edges = [39.5]
[train]
label = "hired=yes"
features = ["x"]
folds = 2
[predict]
keep = ["age", "hired"]
[adjust]
label = "hired=yes"
group = "age"
equalise = "selection_rate"
tolerance = 0.5
[apply]
keep = ["age", "hired"]
)";
  const Outcome done = ask("run", {{"project", at("evenhand.toml")}});
  EXPECT_TRUE(says(done.json.dump(), "39.5")) << done.text;
  EXPECT_EQ(done.json["stages"].size(), 4U);
}

}  // namespace
}  // namespace evenhand::api
