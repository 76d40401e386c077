// A frontier on a small made-up table with a planted gap, and what is refused before a row is read.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <regex>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"
#include "evenhand/api/record_file.h"
#include "evenhand/evaluate/compare.h"
#include "evenhand/metric/all.h"
#include "evenhand/report/report.h"

namespace evenhand::api {
namespace {

namespace fs = std::filesystem;

std::string refusal(const Json& more) {
  Json options = {{"files", "no_such_file.csv"}, {"label", "y"}, {"group", "sex"}};
  options.update(more);
  const auto done = find("train frontier")->run(options, {});
  return done ? "no refusal" : done.error().says;
}

TEST(TrainFrontier, RefusesAValueThatIsNamedTwice) {
  EXPECT_EQ(refusal({{"lambda", {0.5, 1, 0.5}}}), "--lambda: 0.5 was named twice; name it once");
  EXPECT_EQ(refusal({{"lambda", {0.0, -0.0}}}), "--lambda: 0 was named twice; name it once");
  EXPECT_EQ(refusal({{"eps", {0.1, 0.1}}}), "--eps: 0.1 was named twice; name it once");
}

TEST(TrainFrontier, RefusesLambdaAndEpsTogether) {
  EXPECT_EQ(refusal({{"lambda", 1}, {"eps", 0.1}}),
            "--lambda and --eps were both given, and a frontier goes along one of them; leave one "
            "out");
}

TEST(TrainFrontier, RefusesAMethodThatWeighsNothing) {
  EXPECT_EQ(refusal({{"method", "plain"}}),
            "the method \"plain\" reads neither lambda nor eps, so it is one fit and no frontier; "
            "choose reductions or gap (plain is always fitted beside them)");
}

TEST(TrainFrontier, RefusesReductionsWithoutAGapThatIsAllowed) {
  EXPECT_EQ(refusal({{"method", "reductions"}}),
            "the method \"reductions\" has no lambda; name the gaps that are allowed: --eps 0.01 "
            "--eps 0.05");
  EXPECT_EQ(refusal({{"method", "reductions"}, {"lambda", 1}}),
            "\"lambda\" was given, and neither the learner \"linear\" nor the method "
            "\"reductions\" reads it: leave it out, or choose another of them (`evenhand list "
            "methods`)");
}

TEST(TrainFrontier, RefusesMoreValuesThanAComparisonHolds) {
  Json many = Json::array();
  for (int i = 0; i < 12; ++i) many.push_back(i);
  EXPECT_EQ(refusal({{"lambda", many}}),
            "--lambda: 12 values were given; with plain beside them a comparison holds 11");
}

TEST(TrainFrontier, RefusesToReadATableThatItWouldWriteOver) {
  const fs::path folder =
      fs::temp_directory_path() / ("evenhand-frontier-over-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::string table = (folder / "scored.parquet").string();
  std::ofstream(table) << "sex,x,y\nF,1,0\nM,2,1\n";
  EXPECT_EQ(refusal({{"files", table}, {"format", "csv"}, {"out", folder.string()}}),
            table + " is read, and would be overwritten; name another folder: --out DIR");
  fs::remove_all(folder);
}

/// A folder with a table of 600 people: x tells the label, z the group and, of half as much, the
/// label. Whoever decides by both selects men far more often.
class Frontier : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("evenhand-frontier-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream people(folder_ / "people.csv");
    people << "sex,x,z,y\n";
    std::mt19937 draw(7);  // NOLINT(cert-msc51-cpp): the same table each time
    const auto uniform = [&] { return static_cast<double>(draw()) / 4294967296.0; };
    for (int i = 0; i < 600; ++i) {
      const bool man = i % 2 == 0;
      const double x = 4 * uniform() - 2, z = (man ? 1 : -1) + 2 * uniform() - 1;
      const double chance = 1 / (1 + std::exp(-(1.5 * x + 1.5 * z)));
      people << (man ? "M," : "F,") << x << ',' << z << ',' << (uniform() < chance ? 1 : 0) << '\n';
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  Json asked(const Json& more = Json::object()) const {
    Json out = {{"files", (folder_ / "people.csv").string()},
                {"label", "y"},
                {"group", "sex"},
                {"epochs", 5},
                {"batch", 32},
                {"folds", 2},
                {"lambda", {3, 0, 0.3}},
                {"threads", 1},
                {"out", (folder_ / "out").string()}};
    out.update(more);
    return out;
  }

  /// Every file below the output folder by its name, but run.json, which has the times.
  std::map<std::string, std::string> bytes() const {
    std::map<std::string, std::string> out;
    for (const auto& each : fs::recursive_directory_iterator(folder_ / "out")) {
      if (!each.is_regular_file() || each.path().filename() == "run.json") continue;
      std::ifstream in(each.path(), std::ios::binary);
      out[fs::relative(each.path(), folder_).string()] = {std::istreambuf_iterator<char>(in), {}};
    }
    return out;
  }

  fs::path folder_;
};

TEST_F(Frontier, ThePlantedGapFallsAsLambdaRises) {
  const auto done = find("train frontier")->run(asked(), {});
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->status, kMet);
  const Json& frontier = done->json["frontier"];
  ASSERT_EQ(frontier.size(), 4U);
  EXPECT_EQ(frontier[0]["name"], "plain");
  EXPECT_TRUE(frontier[0]["lambda"].is_null());
  EXPECT_EQ(frontier[1]["lambda"], 0.0);
  EXPECT_EQ(frontier[3]["name"], "lambda 3");
  const auto gap = [&](std::size_t i) { return frontier[i]["gap"]["value"].get<double>(); };
  EXPECT_EQ(frontier[3]["gap"]["metric"], "selection_rate_difference");
  EXPECT_GT(gap(0), 0.3);
  EXPECT_NEAR(gap(1), gap(0), 0.1);
  EXPECT_LT(gap(3), gap(1) - 0.2);
  EXPECT_LT(frontier[3]["gap_change"]["high"].get<double>(), 0);  // surely
  EXPECT_LT(frontier[3]["accuracy"]["value"].get<double>(),
            frontier[1]["accuracy"]["value"].get<double>());
  EXPECT_NE(done->text.find("\nlambda 0.3"), std::string::npos) << done->text;

  const std::string out = (folder_ / "out").string();
  const auto verified = find("verify")->run({{"record", out}, {"data", done->json["scored"]}}, {});
  EXPECT_TRUE(verified) << to_string(verified.error());
}

TEST_F(Frontier, ItsPageDrawsEachValueAndARecordOfOtherValuesIsRefused) {
  ASSERT_TRUE(find("train frontier")->run(asked(), {}));
  auto record = read_record((folder_ / "out").string());
  ASSERT_TRUE(record);
  const std::string page = report::html(*record, metric::find);
  for (const char* value : {"plain", "0", "0\\.3", "3"}) {
    const std::regex label("class=\"m v\" x=\"[^\"]*\" y=\"[^\"]*\">" + std::string(value) +
                           "</text>");
    EXPECT_TRUE(std::regex_search(page, label)) << value;
  }
  const auto says = [&](const Json& frontier) {
    record->options["frontier"] = frontier;
    EXPECT_NE(report::html(*record, metric::find).find("</html>"), std::string::npos);
    const auto verified = evaluate::verify_comparison(*record);
    return verified ? std::string("agrees") : verified.error().says;
  };
  const Json good = record->options["frontier"];
  EXPECT_EQ(
      good,
      (Json{{"by", "lambda"}, {"values", {0.0, 0.3, 3.0}}, {"gap", "selection_rate_difference"}}));
  EXPECT_EQ(says(good), "agrees");
  for (const Json& values : {Json{0, 3}, Json{0, 3, 3}, Json{0, 3, 1}}) {
    Json other = good;
    other["values"] = values;
    EXPECT_EQ(says(other), "the options of the record do not fit together");
  }
  for (const Json& other : {Json(), Json(3), Json{{"by", 1}, {"gap", "x"}, {"values", {"a"}}}}) {
    EXPECT_TRUE(says(other).starts_with("the record's options cannot be read")) << other;
  }
}

TEST_F(Frontier, HasTheSameBytesForOneThreadAndTwo) {
  ASSERT_TRUE(find("train frontier")->run(asked(), {}));
  const auto one = bytes();
  EXPECT_TRUE(one.contains("out/scored.parquet"));
  EXPECT_TRUE(one.contains("out/models/lambda_0.3/weights.safetensors"));
  fs::remove_all(folder_ / "out");
  ASSERT_TRUE(find("train frontier")->run(asked({{"threads", 2}}), {}));
  EXPECT_EQ(bytes(), one);
}

TEST_F(Frontier, StoppedAndAskedAgainItEndsWithTheSameBytes) {
  ASSERT_TRUE(find("train frontier")->run(asked(), {}));
  const auto whole = bytes();
  fs::remove_all(folder_ / "out");
  std::size_t steps = 0;
  Call counts;
  counts.progress = [&](const Progress&) { return ++steps > 0; };
  ASSERT_TRUE(find("train frontier")->run(asked(), counts));
  ASSERT_GT(steps, 20U);
  for (const std::size_t stop : {steps / 4, steps / 2, steps - 2}) {
    fs::remove_all(folder_ / "out");
    std::size_t left = stop;
    Call stops;
    stops.progress = [&](const Progress&) { return left-- > 0; };
    const auto stopped = find("train frontier")->run(asked(), stops);
    ASSERT_FALSE(stopped) << stop;
    EXPECT_EQ(stopped.error().code, Code::kInterrupted);
    ASSERT_TRUE(find("train frontier")->run(asked(), {}));
    EXPECT_EQ(bytes(), whole) << stop;
  }
}

TEST_F(Frontier, SaysOfWhichFitTheProgressIs) {
  bool plain = false, last = false;
  Call call;
  call.progress = [&](const Progress& at) {
    plain = plain || at.stage.starts_with("plain: ");
    last = last || at.stage.starts_with("lambda 3: ");
    return true;
  };
  ASSERT_TRUE(find("train frontier")->run(asked(), call));
  EXPECT_TRUE(plain);
  EXPECT_TRUE(last);
}

TEST_F(Frontier, EndsBrokenOnlyIfNoEpsWasReached) {
  Json options = asked({{"eps", {0.000001, 0.9}}, {"epochs", 2}});
  options.erase("lambda");
  const auto one = find("train frontier")->run(options, {});
  ASSERT_TRUE(one) << to_string(one.error());
  EXPECT_EQ(one->json["frontier"][1]["eps"], 0.9);  // from the weakest to the strongest
  EXPECT_EQ(one->json["frontier"][1]["model"]["eps_reached"], true);
  EXPECT_EQ(one->json["frontier"][2]["model"]["eps_reached"], false);
  EXPECT_NE(one->text.find("not reached"), std::string::npos);
  EXPECT_EQ(one->status, kMet);
  options["eps"] = 0.000001;
  const auto none = find("train frontier")->run(options, {});
  ASSERT_TRUE(none) << to_string(none.error());
  EXPECT_EQ(none->status, kBroken);
}

}  // namespace
}  // namespace evenhand::api
