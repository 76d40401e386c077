// A report in a real browser. Without one the test is skipped, but not on a machine that must have
// it (CI=true).
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/evaluate/compare.h"
#include "evenhand/metric/all.h"
#include "evenhand/record/write.h"
#include "evenhand/report/compas_test_record.h"
#include "evenhand/report/report.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

record::Record hard_record() {
  record::Record out = report::compas();
  // A name that would break a page, an unknown group, one without rows, scores.
  report::add_sheet(
      out, "name",
      {{"<script>alert(1)</script>", 100, 100, 100, 100}, {std::string(70, 'w'), 90, 90, 90, 90}});
  report::add_group(out, "name", {"<script>alert(1)</script>", 100, 100, 100, 100});
  report::add_group(out, "name", {std::string(70, 'w'), 90, 90, 90, 90});
  out.findings.push_back(report::share("precision", "name", "nobody", 0, 0));
  out.findings.push_back(report::share("precision", "name", "", 20, 40));
  out.findings.back().group = record::Group{{"name", std::nullopt}};
  record::Sheet grid = {{"tally", "score_grid"},
                        {"by", {"sex"}},
                        {"strata", record::Sheet::array()},
                        {"bins", 10},
                        {"columns", {"sex", "label", "bin", "n"}},
                        {"cells", record::Sheet::array()}};
  for (int bin = 0; bin < 10; ++bin) {
    for (const char* sex : {"Female", "Male"}) {
      grid["cells"].push_back({sex, 0, bin, 100 - 9 * bin});
      grid["cells"].push_back({sex, 1, bin, 15 + 9 * bin});
    }
  }
  out.tallies.push_back(grid);
  return out;
}

void expect_no_fault(const std::string& html) {
  const fs::path folder =
      fs::temp_directory_path() / ("evenhand_page_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::string page = (folder / "report.html").string();
  ASSERT_TRUE(record::write_file(page, html));
  const int status =
      std::system((std::string(EVENHAND_SOURCE_DIR) + "/tests/page/check.sh " + page).c_str());
  fs::remove_all(folder);
  ASSERT_TRUE(WIFEXITED(status));
  const char* ci = std::getenv("CI");
  if (WEXITSTATUS(status) == 77 && (ci == nullptr || std::string(ci) != "true")) {
    GTEST_SKIP() << "no browser here; `tools/setup browser` installs one";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Page, HasNoFaultInABrowser) { expect_no_fault(report::html(hard_record(), metric::find)); }

/// Two ways of deciding about 400 people.
record::Record comparison() {
  const fs::path table =
      fs::temp_directory_path() / ("evenhand_page_" + std::to_string(::getpid()) + ".csv");
  std::string rows = "sex,y,old,new\n";
  for (int i = 0; i < 400; ++i) {
    rows += std::string(i % 2 == 0 ? "F" : "M") + (i % 3 == 0 ? ",1" : ",0") +
            (i % 5 < 2 ? ",1" : ",0") + (i % 7 < 3 ? ",1\n" : ",0\n");
  }
  EXPECT_TRUE(record::write_file(table.string(), rows));
  evaluate::CompareOptions options;
  options.files = {table.string()};
  options.label = evaluate::Role{"y", {}};
  options.contenders = {{"old", "old", {}, {}}, {"<b>new</b>", "new", {}, {}}};
  options.by = {{"sex"}};
  auto out = evaluate::compare(options, {});
  fs::remove(table);
  EXPECT_TRUE(out) << (out ? "" : to_string(out.error()));
  return out ? std::move(out).value() : record::Record();
}

TEST(Page, OfSeveralChaptersHasNoFaultInABrowser) {
  record::Record training;
  training.operation = "train fit";
  training.options = {{"label", "y"},
                      {"favourable", "1"},
                      {"training", {{"learner", "linear"}, {"method", "gap"}}},
                      {"features", {"age", "<i>trade</i>"}},
                      {"groups", {"F", "M"}},
                      {"notes", {"levelled down: nobody"}}};
  const record::Record chapters[] = {training, hard_record(), comparison()};
  const std::string page = report::html(chapters, metric::find);
  EXPECT_EQ(page.find("<b>new"), std::string::npos);
  expect_no_fault(page);
}

}  // namespace
}  // namespace evenhand
