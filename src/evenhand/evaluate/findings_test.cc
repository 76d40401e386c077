// What a record tells beside its numbers: groups that look like a slip.
#include "evenhand/evaluate/findings.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/evaluate/evaluate.h"
#include "evenhand/metric/metric.h"

namespace evenhand::evaluate {
namespace {

/// The note on "the N groups of age", or nothing.
std::string note_on_age(int ages, int rows, const char* prefix) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("evenhand-findings-" + std::to_string(::getpid()) + ".csv");
  std::ofstream(path) << [&] {
    std::string out = "age,site,decision\n";
    for (int i = 0; i < rows; ++i) {
      out += prefix + std::to_string(i % ages) + (i / ages % 2 == 0 ? ",north," : ",south,") +
             (i * 7 % 3 == 0 ? "1\n" : "0\n");
    }
    return out;
  }();
  Options o;
  o.files = {path.string()};
  o.decision = Role{"decision", {}};
  o.by = {{"age"}};
  o.strata = {"site"};
  const auto record = evaluate(o, nullptr);
  std::filesystem::remove(path);
  if (!record) return to_string(record.error());
  for (const record::LeftOut& left : record->left_out) {
    if (left.what.find(" groups of age") != std::string::npos) return left.what + ": " + left.why;
  }
  return "";
}

TEST(StrangeGroups, AreCountedOnceAcrossStrata) {
  EXPECT_EQ(note_on_age(40, 400, "").substr(0, 42), "the 40 groups of age: they are numbers; ed");
  EXPECT_EQ(note_on_age(90, 100, "id ").substr(0, 45),
            "the 90 groups of age: nearly every row is a g");
}

TEST(StrangeGroups, FewOrNamedOnesAreNone) {
  EXPECT_EQ(note_on_age(20, 400, ""), "");  // 40 of age and site
  EXPECT_EQ(note_on_age(40, 400, "ward "), "");
}

TEST(Metrics, ThoseAboutTheDataAreAskedForElsewhere) {
  Options o;
  o.decision = Role{"decision", {}};
  o.metrics = {"chi_square_baseline"};
  const auto asked = metrics_of(o);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().says,
            "the metric \"chi_square_baseline\" is about who is in the data, not about decisions; "
            "ask for it with `evenhand data audit`");
  o.metrics = {"all"};
  const auto every = metrics_of(o);
  ASSERT_TRUE(every);
  for (const metric::Metric* m : *every) {
    EXPECT_EQ(m->about, metric::About::kDecisions) << m->name;
  }
}

}  // namespace
}  // namespace evenhand::evaluate
