#include "evenhand/train/linear_oracle.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/model/linear.h"
#include "evenhand/model/testing.h"

namespace evenhand::train {
namespace {

// Rows whose two groups have unlike features and base rates.
struct People {
  model::Design design;
  std::vector<std::uint8_t> labels;
  std::vector<std::uint32_t> groups;

  People(std::size_t rows, std::uint64_t seed) {
    design.rows = rows;
    design.numbers = 2;
    design.factors = 1;
    design.columns = {"x", "z", "group = b"};
    Random random(seed);
    for (std::size_t i = 0; i < rows; ++i) {
      const auto group = static_cast<std::uint32_t>(random() % 2);
      const double x = random.uniform() * 4 - 2 + 0.8 * group, z = random.uniform() * 2 - 1;
      design.values.insert(design.values.end(), {x, z});
      design.levels.push_back(group == 1 ? 2 : model::kNoLevel);
      groups.push_back(group);
      labels.push_back(random.uniform() < 1 / (1 + std::exp(-1.5 * x + z)) ? 1 : 0);
    }
  }
  ReductionsSample sample() const { return {labels, groups, {"a", "b"}, {}}; }
};

ReductionsFit fitted(const People& people, const ReductionsOptions& options) {
  auto out =
      fit_reductions(people.sample(), options, linear_oracle(people.design, 1, options.threads));
  if (out) return *std::move(out);
  ADD_FAILURE() << to_string(out.error());
  return {};
}

ReductionsOptions equalized_odds() {
  ReductionsOptions out;
  out.parity = Parity::kEqualizedOdds;
  out.eps = 0.02;
  out.threads = 2;
  return out;
}

// What the model says of each row is what was counted: expected decisions by cell.
TEST(LinearOracle, GivesAMixtureWhoseScoresAreTheRatesOfTheFit) {
  const People people(5'000, 1);
  const ReductionsFit fit = fitted(people, equalized_odds());
  EXPECT_TRUE(fit.reached) << fit.says;
  EXPECT_LE(fit.violation, 0.02 + 1e-7);
  EXPECT_GT(fit.members.size(), 1U);
  const auto model = as_model(fit);
  ASSERT_TRUE(model) << to_string(model.error());
  std::vector<double> scores(5'000);
  (*model)->score(people.design, scores);
  for (const RateOfGroup& rate : fit.rates) {
    const std::uint8_t label = rate.rate == "true positive rate" ? 1 : 0;
    double chosen = 0, rows = 0;
    for (std::size_t i = 0; i < 5'000; ++i) {
      if (people.labels[i] != label || people.groups[i] != rate.group) continue;
      chosen += scores[i];
      ++rows;
    }
    EXPECT_NEAR(chosen / rows, rate.of_group, 1e-9) << rate.rate;
  }
}

// The slow twin: each fit from the intercept to its very end. Where the first one stops early, the
// decisions may differ on rows next to the border only.
TEST(LinearOracle, AnswersAsAFitToTheEndDoes) {
  const People people(20'000, 2);
  const Oracle oracle = linear_oracle(people.design, 1, 2);
  Random random(3);
  std::vector<double> weights(20'000);
  for (int question = 0; question < 4; ++question) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = people.groups[i] == 1 ? 0.5 + 0.2 * question : 1;
    }
    const auto fast = oracle(people.labels, weights);
    const auto slow = model::fit_linear({people.design, people.labels, weights}, {.l2 = 1});
    ASSERT_TRUE(fast && slow);
    std::vector<double> scores(20'000);
    (*slow)->score(people.design, scores);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (std::abs(scores[i] - 0.5) < 1e-4) continue;
      ASSERT_EQ(fast->decisions[i], scores[i] > 0.5 ? 1 : 0) << question;
    }
  }
}

TEST(LinearOracle, DecidesAllRowsAlikeWhereTheLabelsThatCountAre) {
  const People people(100, 4);
  const Oracle oracle = linear_oracle(people.design, 1, 1);
  std::vector<double> weights(100);
  for (std::size_t i = 0; i < 100; ++i) weights[i] = people.labels[i];
  const auto answer = oracle(people.labels, weights);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->decisions, std::vector<std::uint8_t>(100, 1));
  std::vector<double> scores(100);
  answer->model->score(people.design, scores);
  for (const double s : scores) EXPECT_GE(s, 0.5);
  for (std::size_t i = 0; i < 100; ++i) weights[i] = 1 - weights[i];
  EXPECT_EQ(oracle(people.labels, weights)->decisions, std::vector<std::uint8_t>(100, 0));
}

TEST(LinearOracle, GivesTheSameBitsForAnyNumberOfThreads) {
  const People people(9'000, 5);
  ReductionsOptions options = equalized_odds();
  options.threads = 1;
  const ReductionsFit one = fitted(people, options);
  options.threads = 5;
  const ReductionsFit five = fitted(people, options);
  EXPECT_EQ(one.error, five.error);
  EXPECT_EQ(one.says, five.says);
  ASSERT_EQ(one.members.size(), five.members.size());
  for (std::size_t m = 0; m < one.members.size(); ++m) {
    EXPECT_EQ(one.members[m].share, five.members[m].share);
    EXPECT_EQ(model::logistic_fit_of(*one.members[m].model)->coefficients,
              model::logistic_fit_of(*five.members[m].model)->coefficients);
  }
}

TEST(LinearOracle, TakesLabelsThatAColumnTellsApart) {
  People people(2'000, 6);
  for (std::size_t i = 0; i < 2'000; ++i) people.labels[i] = people.design.values[2 * i] > 0.4;
  for (const double l2 : {0.0, 1.0}) {
    const auto fit =
        fit_reductions(people.sample(), equalized_odds(), linear_oracle(people.design, l2, 2));
    ASSERT_TRUE(fit) << to_string(fit.error());
    EXPECT_TRUE(fit->reached) << fit->says;
    EXPECT_LT(fit->error, 0.02);
  }
}

TEST(LinearOracle, NamesAColumnThatSaysNothingWhereItMatters) {
  People people(500, 7);
  for (std::size_t i = 0; i < 500; ++i) people.design.values[2 * i + 1] = 3;
  const auto fit = [&](double l2) {
    return fit_reductions(people.sample(), equalized_odds(), linear_oracle(people.design, l2, 1));
  };
  EXPECT_TRUE(fit(1));
  const auto refused = fit(0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(to_string(refused.error()),
            "column the intercept is constant or follows from the columns before it, so its "
            "coefficient is not determined; leave it out or ask for l2 > 0 (while fitting call 1 "
            "of the reductions)");
}

}  // namespace
}  // namespace evenhand::train
