// What people read of a comparison: bounds by ways of deciding, each way before and after, who
// loses; the exit status that follows; and nothing of small groups.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

/// So many people of a group, decided like this before and after, with this label.
struct Some {
  std::string group;
  int rows, before, after, label;
};

class ComparisonReport : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("evenhand-comparison-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string in(const std::string& name) const { return (folder_ / name).string(); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  void write(const std::vector<Some>& people) const {
    std::string text = "g,old,new,y\n";
    for (const Some& some : people) {
      const std::string row = some.group + ',' + std::to_string(some.before) + ',' +
                              std::to_string(some.after) + ',' + std::to_string(some.label) + '\n';
      for (int i = 0; i < some.rows; ++i) text += row;
    }
    write("table.csv", text);
  }

  api::Outcome compare(const std::vector<std::string>& bounds) const {
    Json options = {{"files", in("table.csv")},
                    {"label", "y"},
                    {"decision", {"old", "new"}},
                    {"group", "g"},
                    {"out", in("out")}};
    options["bound"] = bounds;
    const auto done = api::find("compare run")->run(options, {});
    EXPECT_TRUE(done) << (done ? "" : to_string(done.error()));
    return done ? *done : api::Outcome{};
  }

  std::string read(const std::string& name) const {
    std::ifstream from(folder_ / "out" / name);
    return {std::istreambuf_iterator<char>(from), {}};
  }

  fs::path folder_;
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A: 4,000 people, half selected, then 45 %. B: 4,000, of whom 20 % and then 44 %.
std::vector<Some> mended() {
  std::vector<Some> out;
  for (const int y : {0, 1}) {
    out.insert(out.end(), {{"A", 900, 1, 1, y},
                           {"A", 100, 1, 0, y},
                           {"A", 1000, 0, 0, y},
                           {"B", 400, 1, 1, y},
                           {"B", 480, 0, 1, y},
                           {"B", 1120, 0, 0, y}});
  }
  return out;
}

// By hand: the gap is 50 - 20 = 30 points before and 45 - 44 = 1 after; of everybody 35 % and then
// 44.5 % are selected; 960 of 8,000 newly, 200 no longer.
TEST_F(ComparisonReport, HasBoundsByWaysAndBeforeAndAfterInThePageTheTextAndTheTerminal) {
  write(mended());
  const api::Outcome got =
      compare({"selection_rate_difference by g <= 0.1", "selection_rate_ratio by g >= 0.8"});
  EXPECT_EQ(got.status, 0) << got.text;  // the first way breaks both, the other meets both
  EXPECT_TRUE(says(got.text, "Of 2 bounds “old” breaks 2; “new” meets 2.")) << got.text;
  EXPECT_TRUE(says(got.text, "broken  30.0 points")) << got.text;
  EXPECT_TRUE(says(got.text, "met  1.0 points")) << got.text;
  const std::string text = read("report.md"), page = read("report.html");
  EXPECT_TRUE(says(text, "| Selection rate, widest gap by g: at most 10 points | **broken** 30.0"));
  EXPECT_TRUE(says(page, "<th scope=\"row\">Selection rate, widest gap by g: at most 10 points"));
  EXPECT_TRUE(says(page, "<th scope=\"col\" class=\"num\">new</th>"));
  for (const char* cell : {"35.0 (34.0 to 36.1)", "44.5 (43.4 to 45.6)", "12.00 (11.31 to 12.73)",
                           "2.50 (2.18 to 2.87)"}) {
    EXPECT_TRUE(says(text, cell)) << cell << text.substr(0, 2500);
    EXPECT_TRUE(says(got.text, cell)) << cell << got.text;
  }
  // Before the tables nothing repeats them in sentences.
  EXPECT_FALSE(says(text, "- **broken**"));
}

// Three people of A are decided differently: who they are is hidden, what becomes of the gap is
// not.
TEST_F(ComparisonReport, TheHeadlineSaysTheGapWhereWhoIsDecidedDifferentlyIsHidden) {
  std::vector<Some> people;
  for (const int y : {0, 1}) {
    people.insert(
        people.end(),
        {{"A", 97, 1, 1, y}, {"A", 100, 0, 0, y}, {"B", 50, 1, 1, y}, {"B", 150, 0, 0, y}});
  }
  people.push_back({"A", 6, 1, 0, 1});
  write(people);
  const std::string text = compare({}).text;  // 200 and 194 of 400 of A; 100 of 400 of B
  EXPECT_TRUE(says(text, "The gap in the selection rate by g goes from 25.0 points to 23.5 points"))
      << text;
  EXPECT_FALSE(says(text, "newly selected, and no longer")) << text;
}

TEST_F(ComparisonReport, HuesAreOfGroupsAndNotOfRows) {
  write(mended());
  compare({});
  const std::string page = read("report.html");
  EXPECT_TRUE(says(page, "<g class=\"h0\">"));
  EXPECT_TRUE(says(page, "<g class=\"h1\">"));
  EXPECT_FALSE(says(page, "<g class=\"h2\">"));              // two groups, four rows
  EXPECT_TRUE(says(page, "A, old: 50.0\u00a0%, interval"));  // in the picture's description
}

TEST_F(ComparisonReport, ItsStatusIsOneWhereEveryOtherWayBreaksABound) {
  write(mended());
  EXPECT_EQ(compare({"selection_rate_difference by g <= 0.001"}).status, 4);
  EXPECT_EQ(compare({"selection_rate by g >= 0.9"}).status, 1);
  EXPECT_EQ(compare({"selection_rate by g >= 0.9 warn"}).status, 0);
  EXPECT_EQ(compare({}).status, 0);
}

// 14 people of X: 3 are selected before, 9 after. Whoever reads must not learn that, nor who else
// is the next smallest.
TEST_F(ComparisonReport, GivesNothingOfASmallGroupAway) {
  std::vector<Some> people = mended();
  people.insert(people.end(), {{"X", 3, 1, 1, 1}, {"X", 6, 0, 1, 0}, {"X", 5, 0, 0, 1}});
  write(people);
  const api::Outcome got =
      compare({"selection_rate_difference by g <= 0.1", "selection_rate by g >= 0.1",
               "true_positive_rate_difference by g <= 0.1"});
  for (const std::string& text : {got.text, read("report.md"), read("report.html")}) {
    // 3/14, 9/14, 6/14; A's 50 less X's 21.4; X's 64.3 less B's 44 or A's 45.
    for (const char* secret :
         {"21.4", "64.3", "42.9", "28.6", "20.3", "19.3", "X (lower)", "X (higher)"}) {
      EXPECT_FALSE(says(text, secret)) << secret;
    }
    EXPECT_TRUE(says(text, "not shown"));
  }
}

TEST_F(ComparisonReport, NamesFromDataStayText) {
  std::vector<Some> people = mended();
  for (Some& some : people) some.group = some.group == "A" ? "<b>A|</b>" : "B";
  write(people);
  compare({"selection_rate by g >= 0.1"});
  EXPECT_TRUE(says(read("report.html"), "&lt;b&gt;A|&lt;/b&gt;: at least 10"));
  EXPECT_FALSE(says(read("report.html"), "<b>"));
  EXPECT_TRUE(says(read("report.md"), "&lt;b>A\\|&lt;/b>: at least 10"));
}

// --- In a project -----------------------------------------------------------------------------

std::string project(const std::string& stages) {
  return "[data]\nfiles = [\"table.csv\"]\n\n" + stages +
         "\n[[bounds]]\nmetric = \"selection_rate_difference\"\nby = [\"g\"]\nat_most = 0.1\n";
}

constexpr const char* kCompare =
    "[compare]\nlabel = \"y\"\ndecision = [\"old\", \"new\"]\ngroup = \"g\"\n";

TEST_F(ComparisonReport, OfARunTheEvaluatedDecisionsDecideTheStatus) {
  write(mended());
  const auto status = [&](const std::string& stages) {
    write("evenhand.toml", project(stages));
    const auto done =
        api::find("run")->run({{"project", in("evenhand.toml")}, {"out", in("out")}}, {});
    EXPECT_TRUE(done) << (done ? "" : to_string(done.error()));
    return done ? done->status : -1;
  };
  const std::string evaluate = "[evaluate]\nlabel = \"y\"\ngroup = \"g\"\n";
  EXPECT_EQ(status(evaluate + "decision = \"old\"\n" + kCompare), 1);  // though “new” meets it
  EXPECT_EQ(status(evaluate + "decision = \"new\"\n" + kCompare), 0);
  EXPECT_EQ(status(kCompare), 0);
}

TEST_F(ComparisonReport, TheReportOfARunAnswersFirst) {
  write(mended());
  write("evenhand.toml", project(std::string("[evaluate]\nlabel = \"y\"\ngroup = \"g\"\ndecision = "
                                             "\"old\"\n") +
                                 kCompare));
  const auto done =
      api::find("run")->run({{"project", in("evenhand.toml")}, {"out", in("out")}}, {});
  ASSERT_TRUE(done) << to_string(done.error());
  const std::string text = read("report.md");
  std::vector<std::string> order = {
      "Evaluation of old: The one bound that was asked for is broken",
      "| Selection rate, widest gap by g: at most 10 points | **broken** 30.0 points",
      "### What does a fairer way gain?",
      "### What does it cost?",
      "### Who is decided differently, and who loses?",
      "### What was done",
      "## Evaluation of old",
      "## Comparison of decisions",
      "## Appendix",
      "### A paragraph to paste"};
  std::size_t before = 0;
  for (const std::string& part : order) {
    const std::size_t at = text.find(part);
    ASSERT_NE(at, std::string::npos) << part;
    EXPECT_GT(at, before) << part;
    before = at;
  }
  // The bound stands in the table of ways, not once more in a sentence above it.
  EXPECT_EQ(text.substr(0, text.find("## Evaluation of old")).find("- **broken**"),
            std::string::npos);
  EXPECT_TRUE(says(read("report.html"), "<a href=\"#c2\">Comparison of decisions</a>"));
}

// 2,000 people; x tells the label, and is higher among A.
TEST_F(ComparisonReport, AFrontierOfAProjectIsAChapterWithItsPicture) {
  std::string text = "g,x,y\n";
  for (int i = 0; i < 2000; ++i) {
    const bool a = i % 2 == 0;  // every other one of them written in another way
    const int x = (i * 7919) % 100 + (a ? 30 : 0);
    text += std::string(!a           ? "B,"
                        : i % 4 == 0 ? "a,"
                                     : "A,") +
            std::to_string(x) + ',' + std::to_string((i * 104729) % 130 < x ? 1 : 0) + '\n';
  }
  write("table.csv", text);
  write("evenhand.toml",
        "[data]\nfiles = [\"table.csv\"]\n\n[train]\nlabel = \"y\"\nexclude = [\"g\"]\n"
        "group = \"g\"\nfolds = 2\n\n[evaluate]\nlabel = \"y\"\ngroup = \"g\"\n\n"
        "[frontier]\nlambda = [0, 1]\nepochs = 3\n\n[groups.g]\nrename = { a = \"A\" }\n");
  const auto done =
      api::find("run")->run({{"project", in("evenhand.toml")}, {"out", in("out")}}, {});
  ASSERT_TRUE(done) << to_string(done.error());
  // It is between the groups that [groups] makes of the values, as [train] is.
  const auto record = Json::parse(read("frontier/record.json"));
  std::set<std::string> groups;
  for (const auto& finding : record["findings"]) {
    if (finding["group"].contains("g")) groups.insert(finding["group"]["g"]);
  }
  EXPECT_EQ(groups, (std::set<std::string>{"A", "B"}));
  const std::string markdown = read("report.md"), page = read("report.html");
  EXPECT_TRUE(says(markdown, "### What could be had in between?")) << markdown.substr(0, 2000);
  EXPECT_TRUE(says(markdown, ") with “plain” to "));
  EXPECT_TRUE(says(markdown, "## Frontier by lambda"));
  EXPECT_TRUE(says(page, "One dot for each lambda"));
  // It compares no ways that somebody decides by: it neither leads nor answers what is gained.
  EXPECT_FALSE(says(markdown, "### What does a fairer way gain?"));
  EXPECT_TRUE(says(markdown, "**Evaluation of score: Nothing was judged"));
}

}  // namespace
}  // namespace evenhand
