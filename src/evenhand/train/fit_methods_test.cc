// Every method and learner through files: the same bytes for any number of threads, and whether or
// not the fit was stopped on the way.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/table/testing.h"
#include "evenhand/train/fit.h"
#include "evenhand/train/predict.h"

namespace evenhand::train {
namespace {

using table::testing::Folder;

// The label follows x, and so does the group; one group in twenty is unknown.
std::string people() {
  Random random(3);
  std::string out = "sex,x,z,y\n";
  for (int i = 0; i < 600; ++i) {
    const bool first = random() % 2 == 0;
    const double x = random.uniform() + (first ? 0.3 : 0), noise = random.uniform();
    out += std::string(i % 20 == 0 ? ""
                       : first     ? "M"
                                   : "F") +
           ',' + std::to_string(x) + ',' + std::to_string(random.uniform()) + ',' +
           (x + noise > 1.1 ? "1\n" : "0\n");
  }
  return out;
}

FitOptions options_for(const Folder& folder, const std::string& out) {
  FitOptions options;
  options.files = {folder.write("people.csv", people())};
  options.label = "y";
  options.group = {"sex"};
  options.widths = {4};
  options.epochs = 4;
  options.folds = 2;
  options.threads = 1;
  options.out = folder.at(out);
  return options;
}

std::string bytes_of(const std::string& folder) {
  std::string out;
  for (const char* name : {"model.json", "weights.safetensors"}) {
    std::ifstream file(std::filesystem::path(folder) / name, std::ios::binary);
    out.append(std::istreambuf_iterator<char>(file), {});
  }
  return out;
}

template <class Do>
void for_each_way(Do what) {
  for (const Method* method : all_methods()) {
    for (const Learner* learner : all_learners()) {
      SCOPED_TRACE(std::string(method->name) + " of " + std::string(learner->name));
      what(std::string(method->name), std::string(learner->name));
    }
  }
}

TEST(EveryMethod, GivesTheSameBytesForAnyNumberOfThreads) {
  for_each_way([](const std::string& method, const std::string& learner) {
    const Folder folder;
    FitOptions options = options_for(folder, "one");
    options.method = method;
    options.learner = learner;
    const auto one = fit(options);
    ASSERT_TRUE(one) << to_string(one.error());
    options.threads = 3;
    options.out = folder.at("three");
    ASSERT_TRUE(fit(options));
    EXPECT_FALSE(bytes_of(folder.at("one")).empty());
    EXPECT_EQ(bytes_of(folder.at("one")), bytes_of(folder.at("three")));
  });
}

TEST(EveryMethod, StoppedAndAskedAgainGivesTheSameBytes) {
  for_each_way([](const std::string& method, const std::string& learner) {
    const Folder folder;
    FitOptions options = options_for(folder, "whole");
    options.method = method;
    options.learner = learner;
    ASSERT_TRUE(fit(options));
    options.out = folder.at("pieces");
    int calls = 0;
    const auto stopped =
        fit(options, [&](const Progress& p) { return p.counts != Counts::kSteps || ++calls < 6; });
    if (!stopped) {
      EXPECT_EQ(stopped.error().code, Code::kInterrupted);
    }
    ASSERT_TRUE(fit(options));
    EXPECT_EQ(bytes_of(folder.at("whole")), bytes_of(folder.at("pieces")));
    for (const auto& left : std::filesystem::directory_iterator(options.out)) {
      EXPECT_NE(left.path().extension(), ".checkpoint") << left.path();
    }
  });
}

TEST(EveryMethod, GivesScoresThatAreProbabilities) {
  for_each_way([](const std::string& method, const std::string& learner) {
    const Folder folder;
    FitOptions options = options_for(folder, "model");
    options.method = method;
    options.learner = learner;
    ASSERT_TRUE(fit(options));
    const auto predicted = predict({.files = options.files,
                                    .models = {options.out},
                                    .keep = {"y"},
                                    .decisions = {"decided"},
                                    .out = folder.at("scored.csv")});
    ASSERT_TRUE(predicted) << to_string(predicted.error());
    const auto whole = table::testing::read_all(folder.at("scored.csv"));
    ASSERT_TRUE(whole);
    for (std::size_t i = 0; i < whole->rows; ++i) {
      const double score = std::stod(whole->columns[1][i]);
      EXPECT_TRUE(score >= 0 && score <= 1) << score;
      EXPECT_TRUE(whole->columns[2][i] == "0" || whole->columns[2][i] == "1");
      if (method != "reductions") {
        EXPECT_EQ(whole->columns[2][i], score >= 0.5 ? "1" : "0");
      }
    }
  });
}

TEST(EveryMethod, LeavesARowUndecidedThatHasNoScore) {
  const Folder folder;
  FitOptions options = options_for(folder, "model");
  options.learner = "mlp";
  options.method = "reductions";
  options.over = "decision";
  ASSERT_TRUE(fit(options));
  // Beyond what a 32-bit float holds.
  const std::string odd = folder.write("odd.csv", "sex,x,z,y\nF,1e300,-1e300,1\nM,0.5,0.5,0\n");
  const auto predicted = predict({.files = {odd},
                                  .models = {options.out},
                                  .keep = {"sex"},
                                  .decisions = {"decided"},
                                  .out = folder.at("scored.csv")});
  ASSERT_TRUE(predicted) << to_string(predicted.error());
  const auto whole = table::testing::read_all(folder.at("scored.csv"));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->columns[2][0].empty(), whole->columns[1][0].empty());
  EXPECT_FALSE(whole->columns[2][1].empty());
}

TEST(EveryMethod, SaysWhatItCannotLearnFrom) {
  const Folder folder;
  const auto refusal = [&](const std::string& method, const std::string& rows) {
    FitOptions options = options_for(folder, "model");
    options.files = {folder.write("bad.csv", "sex,x,y\n" + rows)};
    options.method = method;
    options.folds = 0;
    const auto done = fit(options);
    return done ? std::string("no refusal") : done.error().says;
  };
  const std::string one_class = "F,1,1\nM,2,1\nF,3,1\n", one_group = "F,1,1\nF,2,0\nF,3,1\n";
  for (const Method* method : all_methods()) {
    const std::string name(method->name);
    EXPECT_NE(refusal(name, one_class), "no refusal") << name;
    if (method->needs_group) {
      EXPECT_NE(refusal(name, one_group), "no refusal") << name;
    }
  }
}

}  // namespace
}  // namespace evenhand::train
