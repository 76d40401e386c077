// A report in a real browser. Without one the test is skipped, but not on a machine that must have
// it (CI=true).
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

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

TEST(Page, HasNoFaultInABrowser) {
  const fs::path folder =
      fs::temp_directory_path() / ("evenhand_page_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::string page = (folder / "report.html").string();
  ASSERT_TRUE(record::write_file(page, report::html(hard_record(), metric::find)));
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

}  // namespace
}  // namespace evenhand
