// What an audit's report says: one of three sentences, who is missing, and nothing of small groups.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

class AuditReport : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("evenhand-audit-report-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// The report of a table with so many rows of each group, held against equal shares.
  std::string report(const std::vector<std::pair<std::string, int>>& groups,
                     const std::string& name = "report.md") const {
    std::ofstream table(folder_ / "table.csv");
    table << "g,x\n";
    for (const auto& [group, rows] : groups) {
      for (int i = 0; i < rows; ++i) table << group << ',' << i % 7 << '\n';
    }
    table.close();
    return audited({{"baseline", "uniform"}}, name);
  }

  /// So many rows of each group, with the favourable label, and without a value of x.
  struct Rows {
    std::string group;
    int all, favourable, lacking;
  };
  std::string labelled(const std::vector<Rows>& groups) const {
    std::ofstream table(folder_ / "table.csv");
    table << "g,y,x\n";
    for (const Rows& r : groups) {
      for (int i = 0; i < r.all; ++i) {
        table << r.group << ',' << (i < r.favourable ? "yes" : "no") << ','
              << (i < r.lacking ? "" : "v") << '\n';
      }
    }
    table.close();
    return audited({{"label", "y=yes"}, {"no_proxies", true}}, "report.md");
  }

  std::string audited(Json options, const std::string& name) const {
    options["files"] = (folder_ / "table.csv").string();
    options["group"] = "g";
    options["out"] = (folder_ / "out").string();
    const auto done = api::find("data audit")->run(options, {});
    EXPECT_TRUE(done) << (done ? "" : to_string(done.error()));
    std::ifstream in(folder_ / "out" / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder_;
};

bool says(const std::string& report, const std::string& sentence) {
  return report.find(sentence) != std::string::npos;
}

TEST_F(AuditReport, SaysWhoIsMissingAndHowManyRowsToCollect) {
  const std::string page = report({{"A", 600}, {"B", 400}});
  EXPECT_TRUE(says(page,
                   "**By g there is evidence of imbalance. B: 40.0 % of the rows and 50.0 % of the "
                   "baseline, 100 rows short at this size; 200 rows would have to be collected if "
                   "none goes.**"))
      << page.substr(0, 600);
  EXPECT_TRUE(says(page, "# Data audit"));
}

TEST_F(AuditReport, EvidenceOfBalanceIsAnotherSentence) {
  const std::string page = report({{"A", 10'050}, {"B", 9'950}});
  EXPECT_TRUE(says(page,
                   "there is evidence of balance: every group's share lies at most 2 points "
                   "from the baseline's."))
      << page.substr(0, 600);
}

TEST_F(AuditReport, NoEvidenceOfImbalanceIsNoEvidenceOfBalance) {
  const std::string page = report({{"A", 52}, {"B", 48}});
  EXPECT_TRUE(says(page,
                   "there is no evidence of imbalance, which is no evidence of balance: a gap of "
                   "14.0 points (A) would have gone unseen one time in five."))
      << page.substr(0, 600);
}

TEST_F(AuditReport, DrawsSharesAgainstTheBaseline) {
  const std::string page = report({{"A", 600}, {"B", 400}}, "report.html");
  EXPECT_TRUE(says(page, "B: 40.0\u00a0% of the rows, 50.0\u00a0% of the baseline"));
  EXPECT_TRUE(says(page, "class=\"t\""));  // the diamond
  EXPECT_FALSE(says(page, ">nan"));
}

// 9 rows of C: its number, and whatever would let it be worked out, stays in the record.
TEST_F(AuditReport, KeepsSmallGroupsToItself) {
  const std::string page = report({{"A", 600}, {"B", 400}, {"C", 9}});
  EXPECT_TRUE(says(page, "| C | fewer than 11 rows |"));
  // B goes with it, for the sum would give C; and a chi-square of the whole question with both.
  EXPECT_TRUE(says(page, "| B | not shown |"));
  EXPECT_TRUE(says(page, "| Chi-square test against the baseline | g | not shown |"));
  EXPECT_FALSE(says(page, "| B | 39.6"));
}

TEST_F(AuditReport, TellsWhoIsHereInOneTable) {
  const std::string page = report({{"A", 600}, {"B", 400}});
  EXPECT_TRUE(
      says(page,
           "| Group | Rows | Share of the rows | Share of the baseline | Gap | Rows short at "
           "this size | Rows to collect | Smallest gap that would have been found |"))
      << page;
  // B: 40 % (Wilson 37.0 to 43.1), 100 short, 200 to collect; 4.4 points would have been found.
  EXPECT_TRUE(says(page, "| 100 (69 to 130) | 200 | 4.4 points |")) << page;
  EXPECT_TRUE(says(page, "| Chi-square test against the baseline | g | 40"));
  EXPECT_TRUE(says(page, "| 2.5e-10 | Cohen's w 0.2"));
}

TEST_F(AuditReport, LabelsAndMissingValuesHaveThreeSentencesToo) {
  const std::string apart = labelled({{"A", 600, 360, 60}, {"B", 400, 120, 100}});
  EXPECT_TRUE(says(apart, "evidence of a gap, beyond the tolerance (at most 5 points)")) << apart;
  EXPECT_TRUE(says(apart, "g × y: there is evidence of association: Cramér's V is 0.29"));
  EXPECT_TRUE(says(apart, "Missing values by g: there is evidence of a gap in “x” (15.0 points)"));
  const std::string alike = labelled({{"A", 9'000, 4'500, 900}, {"B", 9'000, 4'500, 900}});
  EXPECT_TRUE(says(alike, "g × y: there is evidence of near independence: Cramér's V is 0.0"))
      << alike;
  EXPECT_TRUE(says(alike, ": evidence of near equality (at most 5 points)."));
  EXPECT_TRUE(
      says(alike, "Missing values by g: there is evidence of near equality (at most 5 points)"));
  const std::string neither = labelled({{"A", 60, 30, 12}, {"B", 60, 29, 13}});
  EXPECT_TRUE(says(neither,
                   "there is no evidence of association, which is no evidence of independence: a V "
                   "of 0.256 would have gone unseen one time in five."))
      << neither;
  EXPECT_TRUE(says(neither, ": no evidence of a gap, nor of near equality (at most 5 points)."));
  EXPECT_TRUE(says(
      neither, "Missing values by g: there is evidence of neither a gap nor near equality in “x”"));
}

// 5 rows of B without a value: a gap to A, whose rate may be shown, would give them.
TEST_F(AuditReport, KeepsFewMissingValuesToItselfInGapsAsWell) {
  const std::string page = labelled({{"A", 600, 300, 60}, {"B", 400, 200, 5}, {"C", 500, 250, 50}});
  EXPECT_TRUE(says(page, "| x | B |  | not shown | not shown |")) << page;
  EXPECT_TRUE(says(page, "| Missing alike in all groups: x | g |  |  | not shown | not shown |"));
  EXPECT_FALSE(says(page, "8.75"));  // 10 % less 1.25 %
}

}  // namespace
}  // namespace evenhand
