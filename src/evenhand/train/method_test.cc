#include "evenhand/train/method.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace evenhand::train {
namespace {

std::set<std::string> names_of(const LearnOptions& options) {
  std::set<std::string> out;
  for (const auto& [name, value] : told(options)) out.insert(name);
  return out;
}

TEST(Methods, AreFoundByNameAndTheNearestIsNamed) {
  ASSERT_TRUE(method("plain"));
  EXPECT_EQ((*method("plain"))->name, "plain");
  const auto slip = method("plian");
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().says.substr(0, 57),
            "there is no method \"plian\"; did you mean \"plain\"? there a");
  EXPECT_FALSE(learner(""));
}

TEST(Methods, AndLearnersReadOptionsThatThereAre) {
  LearnOptions options;
  options.eps = 0.1;
  options.epochs = 3;
  options.learning_rate = 0.01;
  std::set<std::string> known;
  for (const Method* each : all_methods()) {
    EXPECT_FALSE(each->says.empty());
    options.method = each->name;
    for (const Learner* what : all_learners()) {
      options.learner = what->name;
      std::set<std::string> read(each->reads.begin(), each->reads.end());
      read.insert(what->reads.begin(), what->reads.end());
      EXPECT_EQ(names_of(options), read) << each->name << ' ' << what->name;
    }
  }
}

}  // namespace
}  // namespace evenhand::train
