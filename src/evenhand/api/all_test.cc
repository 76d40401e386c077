// The list of metrics as the faces see it, and every operation, walked.
#include "evenhand/metric/all.h"

#include <set>

#include <gtest/gtest.h>

#include "evenhand/api/metric_text.h"
#include "evenhand/api/operation.h"

namespace evenhand::api {
namespace {

Call nobody_watches() { return {}; }

TEST(Operations, HaveNamesLinesAndExamples) {
  std::set<std::string> names;
  for (const Operation& each : all()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_FALSE(each.says.empty()) << each.name;
    EXPECT_FALSE(each.says.ends_with('.')) << each.name;
    EXPECT_FALSE(each.examples.empty()) << each.name;
    for (const std::string& example : each.examples) {
      EXPECT_TRUE(example.starts_with("evenhand ")) << example;
    }
  }
}

TEST(Operations, NoFieldHasTheNameOfAnother) {
  for (const Operation& each : all()) {
    std::set<std::string> names;
    for (const Field& field : each.fields)
      EXPECT_TRUE(names.insert(field.name).second) << field.name;
  }
}

TEST(Operations, RefuseOptionsThatTheyDoNotKnow) {
  for (const Operation& each : all()) {
    const auto done = each.run({{"no_such_option_at_all", 1}}, nobody_watches());
    ASSERT_FALSE(done) << each.name;
    EXPECT_EQ(done.error().code, Code::kInvalidArgument);
    EXPECT_TRUE(done.error().says.starts_with("there is no option --no-such-option-at-all"))
        << done.error().says;
  }
}

TEST(Operations, SayWhichRequiredOptionIsMissing) {
  const auto done = find("evaluate run")->run({{"files", "x.csv"}}, nobody_watches());
  ASSERT_FALSE(done);
  EXPECT_EQ(
      done.error().says,
      "--group is missing: a column by which people are compared, or a crossing of columns, for "
      "example \"sex x race\"");
}

TEST(Explain, KnowsEveryMetricUnderEveryName) {
  const Operation* explain = find("explain");
  for (const metric::Metric& each : metric::all()) {
    const auto by_id = explain->run({{"id", each.name}}, nobody_watches());
    ASSERT_TRUE(by_id) << each.name;
    for (const char* said : {"asks", "formula", "unit", "orientation", "misleads", "source"}) {
      EXPECT_NE(by_id->text.find(std::string("\n  ") + said), std::string::npos)
          << each.name << " lacks: " << said;
    }
    for (const std::string& alias : each.aliases) {
      const auto by_alias = explain->run({{"id", alias}}, nobody_watches());
      ASSERT_TRUE(by_alias) << alias;
      EXPECT_EQ(by_alias->text, by_id->text) << alias;
    }
  }
}

TEST(Explain, GuessesWhatWasMeant) {
  EXPECT_EQ(did_you_mean("TPR"), "; did you mean true_positive_rate?");
  EXPECT_EQ(did_you_mean("equalized odds"),
            "; did you mean equalized_odds_difference or equalized_odds_ratio?");
  EXPECT_EQ(did_you_mean("AUC"), "; did you mean auc or auc_difference?");
}

TEST(Letters, StandForMetricsThatExist) {
  for (const char* letters : {"tpr", "fpr", "tnr", "fnr", "ppv", "npv", "acc", "spd", "dpd", "eod",
                              "aod", "dir", "ece", "roc_auc"}) {
    const std::string says = did_you_mean(letters);
    const std::string id = says.substr(15, says.size() - 16);  // "; did you mean " and "?"
    EXPECT_NE(metric::find(id), nullptr) << letters << says;
  }
}

TEST(ListMetrics, ListsThemAllOrThoseThatHoldAWord) {
  const Operation* list = find("list metrics");
  EXPECT_EQ(list->run(Json::object(), nobody_watches())->json["metrics"].size(),
            metric::all().size());
  const auto some = list->run({{"word", "calibration"}}, nobody_watches());
  ASSERT_TRUE(some);
  EXPECT_LT(some->json["metrics"].size(), metric::all().size());
  EXPECT_GT(some->json["metrics"].size(), 0U);
}

}  // namespace
}  // namespace evenhand::api
