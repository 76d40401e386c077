// What `train fit` refuses before it reads a row.
#include <gtest/gtest.h>

#include "evenhand/api/operation.h"
#include "evenhand/table/testing.h"

namespace evenhand::api {
namespace {

std::string refusal(Json options) {
  options["files"] = "people.csv";
  options["label"] = Json::array({"y", "1"});
  const auto done = find("train fit")->run(options, {});
  return done ? "no refusal" : done.error().says;
}

TEST(TrainFit, RefusesAnOptionThatWouldDoNothing) {
  EXPECT_EQ(refusal({{"lambda", 0.5}}),
            "\"lambda\" was given, and neither the learner \"linear\" nor the method \"plain\" "
            "reads it: leave it out, or choose another of them (`evenhand list methods`)");
}

TEST(TrainFit, RefusesLambdaBesideEps) {
  EXPECT_EQ(refusal({{"method", "gap"}, {"group", "sex"}, {"lambda", 0.5}, {"eps", 0.1}}),
            "\"lambda\" and \"eps\" were both given, and with eps the method \"gap\" finds its "
            "lambda by itself: leave one out");
}

// Two passes cannot close a gap of a half: the nearest is kept, and the status is 1.
TEST(TrainFit, KeepsTheNearestWhereEpsIsOutOfReach) {
  const table::testing::Folder folder;
  std::string bytes = "sex,x,y\n";
  for (int i = 0; i < 400; ++i) {
    const bool high = i % 8 < (i % 2 == 0 ? 6 : 2);
    bytes += std::string(i % 2 == 0 ? "M" : "F") + (high ? ",1," : ",0,") + (high ? "1\n" : "0\n");
  }
  const auto done = find("train fit")
                        ->run({{"files", folder.write("people.csv", bytes)},
                               {"label", "y"},
                               {"group", "sex"},
                               {"method", "gap"},
                               {"eps", 1e-6},
                               {"epochs", 2},
                               {"out", folder.at("model")}},
                              {});
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->status, kBroken);
  EXPECT_NE(done->text.find("eps 1e-06 was not reached: the nearest gap in 2 epochs is 0."),
            std::string::npos)
      << done->text;
  EXPECT_FALSE(done->json["models"][0]["eps_reached"].get<bool>());
}

TEST(TrainFit, NamesTheMethodsThatThereAre) {
  EXPECT_NE(refusal({{"method", "fair"}}).find("plain"), std::string::npos);
}

}  // namespace
}  // namespace evenhand::api
