// What `train predict` says of a model whose score is no decision.
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"

namespace evenhand::api {
namespace {

namespace fs = std::filesystem;

TEST(TrainPredict, SaysThatTheScoreOfAMixtureIsNotWhatItDecides) {
  const fs::path folder =
      fs::temp_directory_path() / ("evenhand-mixture-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const auto at = [&](const char* name) { return (folder / name).string(); };
  std::ofstream people(at("people.csv"));
  people << "sex,x,y\n";
  for (int i = 0; i < 400; ++i) {
    people << (i % 2 == 0 ? "F," : "M,") << i * 37 % 100 + i % 2 * 20 << ','
           << (i * 53 % 100 < i * 37 % 100 ? 1 : 0) << '\n';
  }
  people.close();
  const auto fitted = find("train fit")
                          ->run({{"files", at("people.csv")},
                                 {"label", "y"},
                                 {"group", "sex"},
                                 {"method", "reductions"},
                                 {"eps", 0.02},
                                 {"out", at("mixture")}},
                                {});
  ASSERT_TRUE(fitted) << fitted.error().says;
  Json asked = {{"files", at("people.csv")}, {"model", at("mixture")}, {"out", at("scored.csv")}};
  const auto scored = find("train predict")->run(asked, {});
  ASSERT_TRUE(scored) << scored.error().says;
  const std::string note =
      at("mixture") +
      " is a mixture that decides by lot: \"score\" is the chance of a favourable "
      "decision, and cut at 0.5 it is not what the mixture decides. --decide writes "
      "its decisions, in a column to judge and compare (--decision decision=1)";
  EXPECT_EQ(scored->json["notes"], Json::array({note}));
  EXPECT_NE(scored->text.find(note), std::string::npos) << scored->text;
  asked["decide"] = true;
  const auto decided = find("train predict")->run(asked, {});
  ASSERT_TRUE(decided) << decided.error().says;
  EXPECT_EQ(decided->json["notes"], Json::array());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace evenhand::api
