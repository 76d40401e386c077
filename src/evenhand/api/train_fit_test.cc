// What `train fit` refuses before it reads a row.
#include <gtest/gtest.h>

#include "evenhand/api/operation.h"

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

TEST(TrainFit, NamesTheMethodsThatThereAre) {
  EXPECT_NE(refusal({{"method", "fair"}}).find("plain"), std::string::npos);
}

}  // namespace
}  // namespace evenhand::api
