// The report of a policy: its record has rates and no tally, and a gap beside a shown rate would
// tell a hidden one.
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "evenhand/adjust/fit.h"
#include "evenhand/base/random.h"
#include "evenhand/metric/all.h"
#include "evenhand/report/report.h"
#include "evenhand/table/testing.h"

namespace evenhand {
namespace {

/// Applicants of two large groups, of a smaller one of whom few are selected, and of a small one.
std::string applicants() {
  Random random(3);
  std::string out = "person,race,p,repaid\n";
  const auto add = [&](const char* race, int rows, double shift) {
    for (int i = 0; i < rows; ++i) {
      const double x = 2 * (random.uniform() + random.uniform() - 1) + shift;
      const double p = 1 / (1 + std::exp(-2 * x));
      const bool repaid = random.uniform() < p;
      out += race + std::to_string(i) + ',' + race + ',' + std::to_string(p) + ',' +
             (repaid ? "yes" : "no") + '\n';
    }
  };
  add("Alder", 1600, 0), add("Birch", 1200, 0.4), add("Cedar", 200, -1.2), add("Dogwood", 26, 1.5);
  return out;
}

adjust::Fitted fitted(const std::string& file) {
  adjust::FitOptions options;
  options.files = {file};
  options.columns = {"p", "repaid", "yes", {"race"}, "person"};
  options.equalise = "selection_rate";
  options.rows_min = 5;
  options.threads = 2;
  auto out = adjust::fit(options);
  EXPECT_TRUE(out) << (out ? "" : to_string(out.error()));
  return out ? std::move(*out) : adjust::Fitted{};
}

const record::Finding* held_out(const record::Record& record, const std::string& metric,
                                const std::string& race) {
  for (const record::Finding& f : record.findings) {
    if (f.metric != metric || f.at.front().second != "plain" || f.at.back().second != "held_out") {
      continue;
    }
    if (race.empty() ? f.between.has_value() : f.group == record::Group{{"race", race}}) return &f;
  }
  return nullptr;
}

TEST(AdjustmentReport, AGapDoesNotTellTheRateOfAGroupWithASmallCell) {
  const table::testing::Folder folder;
  const record::Record record = fitted(folder.write("a.csv", applicants())).record;
  const auto* few = held_out(record, "selection_rate", "Cedar");
  const auto* tiny = held_out(record, "selection_rate", "Dogwood");
  const auto* wide = held_out(record, "selection_rate_difference", "");
  ASSERT_TRUE(few && tiny && wide);
  // What is to be kept: fewer than 11 of Cedar's rows are selected, Dogwood has fewer than 11 rows,
  // and the widest gap is between the two.
  ASSERT_GE(few->rows, 22);
  ASSERT_LT(std::lround(*few->value * static_cast<double>(few->rows)), 11);
  ASSERT_LT(tiny->rows, 11);
  ASSERT_EQ(wide->between->first.at("race"), "Cedar");
  ASSERT_GE(wide->rows, 22);  // its own rows would not hide it
  for (const std::string& text :
       {report::html(record, metric::find), report::markdown(record, metric::find),
        report::table(record, metric::find)}) {
    EXPECT_EQ(text.find("Cedar (lower)"), std::string::npos) << text;
    EXPECT_EQ(text.find("Dogwood (higher)"), std::string::npos) << text;
    EXPECT_EQ(text.find("the gap by race is"), std::string::npos) << text;
  }
  EXPECT_NE(report::markdown(record, metric::find).find("Alder"), std::string::npos);
}

}  // namespace
}  // namespace evenhand
