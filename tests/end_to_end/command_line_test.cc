// The program as its users meet it: words in, files, sentences and an exit status out.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Said {
  int status = -1;
  std::string out, err;
};

/// A folder of its own for each test, gone afterwards.
class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("evenhand_") + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write_people();
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// `command` in the folder; $E is the program.
  Said shell(const std::string& command) {
    const std::string whole = "cd '" + folder_.string() + "' && E='" EVENHAND_PROGRAM "' && { " +
                              command + "; } >.out 2>.err";
    const int status = std::system(("bash -c " + quoted(whole)).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(folder_ / ".out"),
            text_of(folder_ / ".err")};
  }

  fs::path at(const std::string& name) const { return folder_ / name; }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

 private:
  static std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
  }

  /// 1,000 women of whom 200, 1,000 men of whom 500 are hired: rates .2 and .5, a gap of .3.
  void write_people() {
    std::string text = "sex,hired,qualified\n";
    for (int i = 0; i < 1000; ++i) {
      text += std::string("F,") + (i < 200 ? "yes" : "no") + ',' + (i % 2 == 0 ? "1" : "0") + '\n';
      text += std::string("M,") + (i < 500 ? "yes" : "no") + ',' + (i % 2 == 0 ? "1" : "0") + '\n';
    }
    write("people.csv", text);
  }

  fs::path folder_;
};

const std::string kJudge =
    "$E evaluate run people.csv --decision hired=yes --group sex --metric selection_rate ";

// 200 of 1,000 women and 500 of 1,000 men are hired: once weighed, .35 of either.
TEST_F(CommandLine, WeightsMakeTheSharesOfAllGroupsEqual) {
  const Said weighed =
      shell("$E data reweigh people.csv --label hired=yes --group sex --out w.csv");
  EXPECT_EQ(weighed.status, 0) << weighed.err;
  EXPECT_EQ(weighed.out.substr(0, weighed.out.find('\n')),
            "weighed 2,000 rows in 2 groups: the weighted share of the favourable label is now 35 "
            "% in each");
  EXPECT_NE(weighed.out.find("  F: favourable x 1.75 (200 rows), other x 0.813 (800 rows)\n"),
            std::string::npos)
      << weighed.out;
  const Said judged = shell(
      "$E evaluate run w.csv --decision hired=yes --group sex --weight reweigh_weight "
      "--weight-kind sampling --metric selection_rate --out found");
  EXPECT_EQ(judged.status, 0) << judged.err;
  std::size_t groups = 0;
  const Json record = Json::parse(text_of(at("found/record.json")));
  for (const Json& each : record["findings"]) {
    if (each["metric"] != "selection_rate" || each["group"].empty()) continue;
    EXPECT_NEAR(each["value"].get<double>(), 0.35, 1e-12) << each.dump();
    ++groups;
  }
  EXPECT_EQ(groups, 2U);
}

// What `make run` does, and what its readers do next. The record has a bound on a number of scores.
TEST_F(CommandLine, TheExampleIsJudgedVerifiedAndDrawnAgain) {
  const std::string project = EVENHAND_SOURCE_DIR "/examples/income/evenhand.toml";
  const Said run = shell("$E run " + project + " --out audit");
  EXPECT_EQ(run.status, 1) << run.err;
  for (const char* name :
       {"audit/audit/record.json", "audit/models/gap/model.json", "audit/scored.parquet",
        "audit/policy/policy.json", "audit/decided.parquet", "audit/comparison/record.json",
        "audit/report.html"}) {
    EXPECT_TRUE(fs::exists(at(name))) << name;
  }
  EXPECT_EQ(shell("$E verify audit").status, 0);
  EXPECT_EQ(shell("$E verify audit --data audit/scored.parquet").status, 0);
  const std::string page = text_of(at("audit/report.html"));
  EXPECT_NE(page.find("The scores are nobody"), std::string::npos);
  for (const char* chapter : {"Data audit", "Training: plain", "Training: gap", "Adjustment",
                              "Evaluation of score_plain", "Comparison of decisions"}) {
    EXPECT_NE(page.find(std::string(">") + chapter + "</h2>"), std::string::npos) << chapter;
  }
  for (const std::string part : {"audit", "comparison"}) {
    EXPECT_EQ(shell("$E verify audit/" + part).status, 0) << part;
    const Said render = shell("$E report render audit/" + part + " --out again");
    EXPECT_EQ(render.status, 0) << render.err;
    EXPECT_EQ(text_of(at("again/report.html")), text_of(at("audit/" + part + "/report.html")));
  }
  EXPECT_EQ(shell("$E report render audit --out again").status, 0);
}

TEST_F(CommandLine, NothingThatIsReadIsOverwritten) {
  EXPECT_EQ(
      shell("mkdir d && cp people.csv d/report.md && $E evaluate run d/report.md --format csv "
            "--decision hired=yes --group sex --out d")
          .status,
      2);
  EXPECT_EQ(text_of(at("d/report.md")), text_of(at("people.csv")));
  write("run.json",
        "[data]\nfiles = [\"people.csv\"]\n[evaluate]\ndecision = \"hired=yes\"\n"
        "group = [\"sex\"]\nout = \".\"\n");
  EXPECT_EQ(shell("$E run run.json").status, 2);
  EXPECT_EQ(text_of(at("run.json")).substr(0, 6), "[data]");
}

TEST_F(CommandLine, EmptyListsAndEndlessFilesEndInASentence) {
  write("e.toml", "[data]\nfiles = []\n[evaluate]\ndecision = \"hired=yes\"\ngroup = [\"sex\"]\n");
  EXPECT_EQ(shell("$E run e.toml").status, 2);
  EXPECT_EQ(shell("timeout 10 $E verify /dev/zero").status, 3);
  write("d.toml", "[" + std::string(40'000, '.') + "a]\n");
  EXPECT_EQ(shell("$E run d.toml").status, 2);
}

TEST_F(CommandLine, BoundMetEndsWithZeroAndLeavesFourFiles) {
  const Said said = shell(kJudge + "--bound 'selection_rate_difference by sex <= 0.5'");
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_NE(said.out.find("met does not mean fair or lawful"), std::string::npos) << said.out;
  for (const char* name : {"record.json", "run.json", "report.html", "report.md"}) {
    EXPECT_TRUE(fs::exists(at("evenhand-out") / name)) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(at("evenhand-out")), {}), 4);
}

TEST_F(CommandLine, BoundBrokenEndsWithOneAndSaysThatThisWasFound) {
  const Said said = shell(kJudge + "--bound 'selection_rate_difference by sex <= 0.1'");
  EXPECT_EQ(said.status, 1) << said.err;
  EXPECT_NE(said.out.find("this is what was found"), std::string::npos) << said.out;
}

TEST_F(CommandLine, TooFewRowsEndWithFour) {
  const Said said = shell(
      "head -21 people.csv > few.csv && $E evaluate run few.csv --decision hired=yes --group "
      "sex --bound 'selection_rate_difference by sex <= 0.1'");
  EXPECT_EQ(said.status, 4) << said.out << said.err;
}

TEST_F(CommandLine, WarningsDoNotCount) {
  EXPECT_EQ(shell(kJudge + "--bound 'selection_rate_difference by sex <= 0.1 warn'").status, 0);
}

TEST_F(CommandLine, NothingAskedIsSaidAndGateMakesItWrongUsage) {
  const Said said = shell(kJudge);
  EXPECT_EQ(said.status, 0);
  EXPECT_NE(said.out.find("othing was judged"), std::string::npos) << said.out;
  EXPECT_EQ(shell(kJudge + "--gate").status, 2);
}

TEST_F(CommandLine, ValuesAreThoseCountedByHand) {
  ASSERT_EQ(shell(kJudge + "--metric selection_rate_difference").status, 0);
  const Json record = Json::parse(text_of(at("evenhand-out/record.json")));
  bool seen = false;
  for (const Json& each : record["findings"]) {
    if (each["metric"] != "selection_rate_difference" || each["by"] != Json::array({"sex"}))
      continue;
    seen = true;
    EXPECT_NEAR(each["value"].get<double>(), 0.3, 1e-12);
    EXPECT_EQ(each["rows"], 2000);
  }
  EXPECT_TRUE(seen);
}

TEST_F(CommandLine, SameBytesForAnyNumberOfThreads) {
  std::string first;
  for (const char* threads : {"1", "2", "7"}) {
    ASSERT_EQ(shell(kJudge + "--label qualified --threads " + threads).status, 0);
    const std::string record = text_of(at("evenhand-out/record.json"));
    if (first.empty()) first = record;
    EXPECT_EQ(record, first) << threads;
  }
  EXPECT_NE(text_of(at("evenhand-out/run.json")).find("\"threads\": 7"), std::string::npos);
}

TEST_F(CommandLine, ReadsStandardInputGlobsAndPackedFiles) {
  ASSERT_EQ(shell(kJudge).status, 0);
  const auto tallies = [&] {
    return Json::parse(text_of(at("evenhand-out/record.json")))["tallies"];
  };
  const Json plain = tallies();
  const std::string rest = " --decision hired=yes --group sex --metric selection_rate";
  EXPECT_EQ(shell("$E evaluate run - " + rest + " < people.csv").status, 0);
  EXPECT_EQ(tallies(), plain);
  EXPECT_EQ(shell("gzip -k people.csv && $E evaluate run people.csv.gz" + rest).status, 0);
  EXPECT_EQ(tallies(), plain);
  EXPECT_EQ(
      shell("head -1001 people.csv > part1.csv && (head -1 people.csv; tail -n +1002 people.csv) "
            "> part2.csv && $E evaluate run 'part*.csv'" +
            rest)
          .status,
      0);
  EXPECT_EQ(tallies(), plain);
  const Said twice = shell("$E evaluate run part1.csv 'part*.csv'" + rest);
  EXPECT_EQ(twice.status, 2);
  EXPECT_EQ(twice.err,
            "evenhand: error: part1.csv was named twice, and its rows would count twice; name "
            "it once\n");
}

TEST_F(CommandLine, ColumnsThatLookLikeGrammarWin) {
  write("odd.csv", "a=b,a x b,a\nyes,u,1\nno,v,0\nyes,v,1\nno,u,0\n");
  const Said said =
      shell("$E evaluate run odd.csv --decision a=b=yes --group 'a x b' --metric selection_rate");
  ASSERT_EQ(said.status, 0) << said.err;
  const Json record = Json::parse(text_of(at("evenhand-out/record.json")));
  bool by_column = false;
  for (const Json& each : record["findings"])
    by_column = by_column || each["by"] == Json::array({"a x b"});
  EXPECT_TRUE(by_column);
}

TEST_F(CommandLine, ShellThatTookTheSignIsExplained) {
  // Without quotes bash reads `--label income=>50K` as `--label income=` with output into 50K.
  const Said said =
      shell("$E evaluate run people.csv --decision hired=yes --group sex --label hired=>50K");
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("a shell takes > and < for itself"), std::string::npos) << said.err;
}

TEST_F(CommandLine, JsonIsOneDocumentOnStandardOutput) {
  const Said good = shell(kJudge + "--bound 'selection_rate_difference by sex <= 0.1' --json");
  EXPECT_EQ(good.status, 1);
  EXPECT_EQ(good.err, "");
  const Json json = Json::parse(good.out);
  EXPECT_EQ(json["broken"], 1);
  EXPECT_EQ(json["exit_status"], 1);
  const Said bad = shell("$E evaluate run none.csv --decision d --group sex --json");
  EXPECT_EQ(bad.status, 3);
  EXPECT_EQ(bad.err, "");
  EXPECT_EQ(Json::parse(bad.out)["error"]["code"], "not_found");
}

TEST_F(CommandLine, RecordsAreVerifiedAndATamperedOneIsRefused) {
  ASSERT_EQ(shell(kJudge + "--metric selection_rate_difference").status, 0);
  EXPECT_EQ(shell("$E verify evenhand-out/record.json").status, 0);
  EXPECT_EQ(shell("$E verify evenhand-out --data people.csv").status, 0);
  Json record = Json::parse(text_of(at("evenhand-out/record.json")));
  for (Json& each : record["findings"]) {
    if (each["metric"] == "selection_rate_difference") each["value"] = 0.25;
  }
  write("tampered.json", record.dump());
  EXPECT_EQ(shell("$E verify tampered.json").status, 3);
  EXPECT_EQ(shell("$E report render tampered.json --out drawn").status, 3);
  EXPECT_FALSE(fs::exists(at("drawn")));
  ASSERT_EQ(shell("sed -i s/F,no/F,yes/ people.csv").status, 0);
  EXPECT_EQ(shell("$E verify evenhand-out --data people.csv").status, 3);
}

TEST_F(CommandLine, ReportIsDrawnAgainFromTheRecord) {
  ASSERT_EQ(shell(kJudge).status, 0);
  const std::string before = text_of(at("evenhand-out/report.html"));
  ASSERT_EQ(shell("rm evenhand-out/report.html && $E report render evenhand-out").status, 0);
  EXPECT_EQ(text_of(at("evenhand-out/report.html")), before);
}

TEST_F(CommandLine, FileAloneIsLookedAtAndEvaluated) {
  const Said said = shell("$E people.csv");
  ASSERT_EQ(said.status, 0) << said.err;
  EXPECT_NE(said.out.find("project: evenhand.toml"), std::string::npos);
  EXPECT_NE(said.out.find("report: evenhand-out/report.html"), std::string::npos);
  const std::string project = text_of(at("evenhand.toml"));
  EXPECT_NE(project.find("decision = { column = \"hired\", favourable = \"yes\" }"),
            std::string::npos)
      << project;
  EXPECT_NE(project.find("group = [\"sex\"]"), std::string::npos) << project;
  // Again: the project file is run as it stands.
  EXPECT_EQ(shell("$E people.csv").status, 0);
  EXPECT_EQ(text_of(at("evenhand.toml")), project);
}

TEST_F(CommandLine, ProjectFileIsNeverOverwritten) {
  write("evenhand.toml", "# mine\n");
  EXPECT_EQ(shell("$E init people.csv").status, 2);
  EXPECT_EQ(shell("$E people.csv").status, 2);
  EXPECT_EQ(text_of(at("evenhand.toml")), "# mine\n");
  EXPECT_EQ(shell("$E init people.csv --project sub.toml").status, 0);
}

TEST_F(CommandLine, RunPutsResultsBesideTheProjectFile) {
  fs::create_directories(at("audit"));
  write(
      "audit/evenhand.toml",
      "[data]\nfiles = \"../people.csv\"\n[evaluate]\ndecision = \"hired=yes\"\ngroup = [\"sex\"]\n"
      "[[bounds]]\nmetric = \"disparate_impact_ratio\"\nby = \"sex\"\nat_least = 0.8\n");
  const Said said = shell("$E run audit/evenhand.toml");
  EXPECT_EQ(said.status, 1) << said.err;
  EXPECT_TRUE(fs::exists(at("audit/evenhand-out/record.json")));
}

TEST_F(CommandLine, StagesHandOverWhatTheyWrote) {
  write("evenhand.toml",
        "[data]\nfiles = \"people.csv\"\n[train]\nlabel = \"qualified\"\nexclude = "
        "[\"sex\"]\nfolds = 3\n"
        "[evaluate]\nlabel = \"qualified\"\ngroup = [\"sex\"]\n");
  const Said said = shell("$E run");
  ASSERT_EQ(said.status, 0) << said.err;
  const Json record = Json::parse(text_of(at("evenhand-out/record.json")));
  EXPECT_NE(record["inputs"][0]["path"].get<std::string>().find("scored.parquet"),
            std::string::npos);
}

TEST_F(CommandLine, WhatWasOnDiskStaysWholeWhenThereIsNoRoom) {
  ASSERT_EQ(shell(kJudge).status, 0);
  const std::string before = text_of(at("evenhand-out/record.json"));
  // No file may grow beyond 1 KiB: as a full disk, for whoever writes.
  const Said said = shell("trap '' XFSZ; ulimit -f 1; " + kJudge + "--level 0.9");
  EXPECT_EQ(said.status, 3) << said.err;
  EXPECT_EQ(text_of(at("evenhand-out/record.json")), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(at("evenhand-out")), {}), 4);
}

TEST_F(CommandLine, InterruptionEndsWith130AndWritesNothing) {
  // --foreground: else timeout sends the signal twice, and the second ends the program at once.
  const Said said = shell(
      "(echo sex,hired; yes F,yes) | timeout --foreground --preserve-status -s INT 1 $E evaluate "
      "run - "
      "--decision "
      "hired=yes --group sex");
  EXPECT_EQ(said.status, 130);
  EXPECT_NE(
      said.err.find("To start again: evenhand evaluate run - --decision hired=yes --group sex"),
      std::string::npos)
      << said.err;
  EXPECT_FALSE(fs::exists(at("evenhand-out/record.json")));
}

TEST_F(CommandLine, NothingIsColouredAndNoBarIsDrawnInAPipe) {
  const Said said = shell(kJudge);
  EXPECT_EQ(said.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(said.err, "");
}

TEST_F(CommandLine, FullStandardOutputIsAnError) {
  const Said said = shell("$E --help > /dev/full");
  EXPECT_EQ(said.status, 3);
  EXPECT_EQ(said.err, "evenhand: error: standard output cannot be written (is the disk full?)\n");
}

TEST_F(CommandLine, BashCompletesCommandsOptionsAndChoices) {
  const std::string ask =
      "source <($E completion bash); complete_words() { COMP_WORDS=(\"$@\"); "
      "COMP_CWORD=$(( $# - 1 )); _evenhand; printf '%s\\n' \"${COMPREPLY[@]}\"; }; ";
  EXPECT_EQ(shell(ask + "complete_words evenhand evalu").out, "evaluate\n");
  EXPECT_EQ(shell(ask + "complete_words evenhand evaluate ''").out, "run\n");
  EXPECT_EQ(shell(ask + "complete_words evenhand evaluate run x.csv --thr").out,
            "--threshold\n--threads\n");
  EXPECT_EQ(shell(ask + "complete_words evenhand evaluate run x.csv --convention fair").out,
            "fairlearn\n");
  EXPECT_EQ(shell(ask + "complete_words evenhand verify peo").out, "people.csv\n");
}

}  // namespace
