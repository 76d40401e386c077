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
    const Json options = {{"files", (folder_ / "table.csv").string()},
                          {"group", "g"},
                          {"baseline", "uniform"},
                          {"out", (folder_ / "out").string()}};
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
  EXPECT_TRUE(says(page, "| all groups of g | not shown |"));
  EXPECT_FALSE(says(page, "| B | 39.6"));
}

}  // namespace
}  // namespace evenhand
