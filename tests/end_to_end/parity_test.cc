// An evaluation is the same however it was asked for: by words of the command line, by JSON, by a
// project file. The record must be the same to the byte, wherever it is written to.
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"
#include "evenhand/cli/command_line.h"
#include "files.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

/// The same question in three tongues, without `out`.
struct Question {
  const char* name;
  cli::Words words;
  const char* json;
  const char* toml;
};

const std::vector<Question>& questions() {
  static const std::vector<Question> all{
      {"how the file is written, bounds, strata",
       {"people.csv",
        "--format",
        "csv",
        "--separator",
        ";",
        "--decimal",
        ",",
        "--comment",
        "#",
        "--missing",
        "-999",
        "--bad-rows",
        "skip",
        "--label",
        "y=yes",
        "--decision",
        "hired",
        "--group",
        "sex",
        "--group",
        "sex x race",
        "--strata",
        "dept",
        "--reference",
        "sex=M",
        "--metric",
        "precision",
        "--metric",
        "demographic_parity_difference",
        "--bound",
        "selection_rate_difference by sex <= 0.5",
        "--bound",
        "true_positive_rate_ratio by sex x race >= 0.1 point warn",
        "--gate",
        "--interval",
        "jeffreys",
        "--level",
        "0.9",
        "--rows-min",
        "5",
        "--seed",
        "7",
        "--threads",
        "2"},
       R"({"files": ["people.csv"], "format": "csv", "separator": ";", "decimal": ",",
           "comment": "#", "missing": ["-999"], "bad_rows": "skip",
           "label": {"column": "y", "favourable": "yes"}, "decision": "hired",
           "group": ["sex", ["sex", "race"]], "strata": "dept", "reference": [["sex", "M"]],
           "metric": ["precision", "demographic_parity_difference"],
           "bound": [{"metric": "selection_rate_difference", "by": "sex", "at_most": "0.5"},
                     {"metric": "true_positive_rate_ratio", "by": ["sex", "race"],
                      "at_least": 0.1, "judge": "point", "severity": "warn"}],
           "gate": true, "interval": "jeffreys", "level": 0.9, "rows_min": 5, "seed": 7,
           "threads": 2})",
       R"([data]
files = "people.csv"
format = "csv"
separator = ";"
decimal = ","
comment = "#"
missing = "-999"
bad_rows = "skip"
[evaluate]
label = ["y", "yes"]
decision = "hired"
group = ["sex", "sex x race"]
strata = ["dept"]
reference = "sex=M"
metric = ["precision", "demographic_parity_difference"]
gate = true
interval = "jeffreys"
level = 0.9
rows_min = 5
seed = 7
threads = 2
[[bounds]]
metric = "selection_rate_difference"
by = "sex"
at_most = 0.5
[[bounds]]
metric = "true_positive_rate_ratio"
by = "sex x race"
at_least = 0.1
judge = "point"
severity = "warn"
)"},
      {"no header, a threshold, another tool's answers",
       {"bare.csv", "--no-header", "--label", "column_3", "--score", "column_2", "--threshold",
        "0.4", "--group", "column_1", "--convention", "fairlearn"},
       R"({"files": "bare.csv", "no_header": true, "label": "column_3", "score": "column_2",
           "threshold": 0.4, "group": ["column_1"], "convention": "fairlearn"})",
       R"([data]
files = ["bare.csv"]
no_header = true
[evaluate]
label = "column_3"
score = "column_2"
threshold = 0.4
group = "column_1"
convention = "fairlearn"
)"},
      {"a joined table, edges, names, clusters",
       {"rows.csv", "--join", "attributes.csv", "--on", "id", "--label", "y=1", "--score", "p",
        "--group", "age", "--group", "sex", "--edges", "age=25,45", "--rename", "sex=F,f=Female",
        "--cluster", "person"},
       R"({"files": ["rows.csv"], "join": "attributes.csv", "on": "id", "label": "y=1",
           "score": "p", "group": ["age", "sex"], "groups": {"age": {"edges": [25, 45]},
           "sex": {"rename": {"F": "Female", "f": "Female"}}},
           "cluster": "person"})",
       R"([data]
files = ["rows.csv"]
join = "attributes.csv"
on = "id"
[evaluate]
label = "y=1"
score = "p"
group = ["age", "sex"]
cluster = "person"
[groups.age]
edges = [25, 45]
[groups.sex]
rename = { F = "Female", f = "Female" }
)"},
      {"weights",
       {"rows.csv", "--label", "y", "--decision", "d=1", "--group", "side", "--weight", "w",
        "--weight-kind", "sampling"},
       R"({"files": ["rows.csv"], "label": "y", "decision": "d=1", "group": "side", "weight": "w",
           "weight_kind": "sampling"})",
       R"([data]
files = ["rows.csv"]
[evaluate]
label = "y"
decision = { column = "d", favourable = 1 }
group = [["side"]]
weight = "w"
weight_kind = "sampling"
)"},
  };
  return all;
}

/// A folder with the tables, which is the current one while a test runs.
class Parity : public testing::Test {
 protected:
  void SetUp() override {
    before_ = fs::current_path();
    folder_ = fs::temp_directory_path() / ("evenhand-parity-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    fs::current_path(folder_);
    std::ofstream people("people.csv"), bare("bare.csv"), rows("rows.csv"),
        joined("attributes.csv");
    people << "# made up\nsex;race;dept;y;hired\n";
    rows << "id,person,side,p,y,d,w\n";
    joined << "id,age,sex\n";
    for (int i = 0; i < 400; ++i) {
      const char* sex = i % 2 == 0 ? "F" : "M";
      const std::string score = "0." + std::to_string(i * 37 % 90 + 10);
      const int label = i * 11 % 10 < 4 ? 1 : 0;
      people << sex << ';' << (i % 3 == 0 ? "A" : "B") << ';' << (i % 5 == 0 ? "x" : "z") << ';'
             << (i % 41 == 0  ? "-999"
                 : label == 1 ? "yes"
                              : "no")
             << ';' << i * 7 % 10 / 5 << '\n';
      bare << sex << ',' << score << ',' << label << '\n';
      rows << i << ',' << i / 2 << ',' << (i % 3 == 0 ? "l" : "r") << ',' << score << ',' << label
           << ',' << i * 7 % 10 / 5 << ',' << 1 + i % 4 << ".5\n";
      joined << i << ',' << 18 + i * 13 % 50 << ',' << sex << '\n';
    }
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

 private:
  fs::path before_, folder_;
};

std::string record_of(const char* operation, const Json& options, const std::string& folder) {
  const auto done = api::find(operation)->run(options, {});
  EXPECT_TRUE(done) << (done ? "" : to_string(done.error()));
  return text_of(fs::path(folder) / "record.json");
}

TEST_F(Parity, WordsJsonAndProjectFileGiveTheSameRecord) {
  for (const Question& question : questions()) {
    cli::Words words = question.words;
    words.insert(words.end(), {"--out", "by_words"});
    const auto read = cli::read_words(*api::find("evaluate run"), words);
    ASSERT_TRUE(read) << to_string(read.error());
    const std::string by_words = record_of("evaluate run", read->options, "by_words");
    EXPECT_NE(by_words.find("\"findings\""), std::string::npos) << question.name;

    Json json = Json::parse(question.json);
    json["out"] = "by_json/deeper";
    fs::create_directories("by_json");
    EXPECT_EQ(record_of("evaluate run", json, "by_json/deeper"), by_words) << question.name;

    std::ofstream("asked.toml") << question.toml;
    const Json project = {{"project", "asked.toml"}, {"out", "by_project"}};
    EXPECT_EQ(record_of("run", project, "by_project"), by_words) << question.name;
    for (const char* folder : {"by_words", "by_json", "by_project"}) fs::remove_all(folder);
  }
}

/// The same audit in three tongues, without `out`.
const std::vector<Question>& audits() {
  static const std::vector<Question> all{
      {"how the file is written, a table of shares",
       {"people.csv",
        "--format",
        "csv",
        "--separator",
        ";",
        "--decimal",
        ",",
        "--comment",
        "#",
        "--missing",
        "-999",
        "--bad-rows",
        "skip",
        "--group",
        "sex",
        "--group",
        "sex x race",
        "--label",
        "y=yes",
        "--baseline",
        "baseline.csv",
        "--baseline-count",
        "persons",
        "--baseline-kind",
        "numbers",
        "--source",
        "dept",
        "--tolerance",
        "0.2",
        "--association-tolerance",
        "0.15",
        "--gap-tolerance",
        "0.1",
        "--exclude",
        "hired",
        "--level",
        "0.9",
        "--rows-min",
        "5",
        "--seed",
        "7",
        "--threads",
        "2"},
       R"({"files": ["people.csv"], "format": "csv", "separator": ";", "decimal": ",",
           "comment": "#", "missing": ["-999"], "bad_rows": "skip",
           "group": ["sex", ["sex", "race"]], "label": {"column": "y", "favourable": "yes"},
           "baseline": "baseline.csv", "baseline_count": "persons", "baseline_kind": "numbers",
           "source": "dept", "tolerance": 0.2, "association_tolerance": 0.15,
           "gap_tolerance": 0.1, "exclude": "hired", "level": 0.9, "rows_min": 5, "seed": 7,
           "threads": 2})",
       R"([data]
files = "people.csv"
format = "csv"
separator = ";"
decimal = ","
comment = "#"
missing = "-999"
bad_rows = "skip"
[audit]
group = ["sex", "sex x race"]
label = ["y", "yes"]
baseline = "baseline.csv"
baseline_count = "persons"
baseline_kind = "numbers"
source = "dept"
tolerance = 0.2
association_tolerance = 0.15
gap_tolerance = 0.1
exclude = "hired"
level = 0.9
rows_min = 5
seed = 7
threads = 2
)"},
      {"no header, equal shares, no proxies",
       {"bare.csv", "--no-header", "--group", "column_1", "--baseline", "uniform", "--no-proxies"},
       R"({"files": "bare.csv", "no_header": true, "group": "column_1", "baseline": "uniform",
           "no_proxies": true})",
       R"([data]
files = ["bare.csv"]
no_header = true
[audit]
group = "column_1"
baseline = "uniform"
no_proxies = true
)"},
      {"edges, weights, features",
       {"rows.csv", "--group", "side", "--group", "id", "--edges", "id=100,200", "--rename",
        "side=l=left", "--weight", "w", "--weight-kind", "sampling", "--features", "p"},
       R"({"files": ["rows.csv"], "group": ["side", "id"], "groups": {"id": {"edges": [100, 200]},
           "side": {"rename": {"l": "left"}}},
           "weight": "w", "weight_kind": "sampling", "features": "p"})",
       R"([data]
files = ["rows.csv"]
[audit]
group = ["side", "id"]
weight = "w"
weight_kind = "sampling"
features = ["p"]
[groups.id]
edges = [100, 200]
[groups.side]
rename = { l = "left" }
)"}};
  return all;
}

TEST_F(Parity, AnAuditIsTheSameInWordsJsonAndProjectFile) {
  std::ofstream("baseline.csv") << "sex,race,persons\nF,A,100\nF,B,150\nM,A,100\nM,B,160\n";
  for (const Question& question : audits()) {
    cli::Words words = question.words;
    words.insert(words.end(), {"--out", "by_words"});
    const auto read = cli::read_words(*api::find("data audit"), words);
    ASSERT_TRUE(read) << to_string(read.error());
    const std::string by_words = record_of("data audit", read->options, "by_words");
    EXPECT_NE(by_words.find("\"row_share\""), std::string::npos) << question.name;

    Json json = Json::parse(question.json);
    json["out"] = "by_json";
    EXPECT_EQ(record_of("data audit", json, "by_json"), by_words) << question.name;

    std::ofstream("asked.toml") << question.toml;
    const Json project = {{"project", "asked.toml"}, {"out", "by_project"}};
    EXPECT_EQ(record_of("run", project, "by_project/audit"), by_words) << question.name;
    for (const char* folder : {"by_words", "by_json", "by_project"}) fs::remove_all(folder);
  }
}

TEST(ParityQuestions, GiveEveryOptionOfAnAudit) {
  std::set<std::string> given{"--out"};
  for (const Question& question : audits()) {
    for (const std::string& word : question.words) given.insert(word);
  }
  for (const Field& field : api::find("data audit")->fields) {
    if (!field.says.in_shell || field.says.positional) continue;
    EXPECT_TRUE(given.contains(in_shell(field))) << in_shell(field);
  }
}

TEST(ParityQuestions, GiveEveryOptionThatTheShellHas) {
  std::set<std::string> given;
  for (const Question& question : questions()) {
    for (const std::string& word : question.words) given.insert(word);
  }
  given.insert("--out");  // added above
  for (const Field& field : api::find("evaluate run")->fields) {
    if (!field.says.in_shell || field.says.positional) continue;
    EXPECT_TRUE(given.contains(in_shell(field))) << in_shell(field);
  }
}

}  // namespace
}  // namespace evenhand
