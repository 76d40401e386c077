// Training with a gap: against logistic regression, against itself in pieces, and on data with a
// gap that was planted.
#include "evenhand/train/gap.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/model/linear.h"
#include "evenhand/model/mlp.h"
#include "evenhand/model/testing.h"
#include "evenhand/table/testing.h"

namespace evenhand::train {
namespace {

using table::testing::Folder;

// Three numbers and a group column: labels follow the first number in group A; in the smaller group
// B the second. A model that cares for the many reads only the first.
struct People {
  model::Design design;
  std::vector<std::uint8_t> labels;
  std::vector<std::uint32_t> groups;
  std::vector<std::string> names{"A", "B"};
  std::vector<bool> unknown;
  explicit People(std::size_t rows, std::uint64_t seed = 1) {
    design.rows = rows;
    design.columns = {"x", "z", "n"};
    design.numbers = 3;
    Random random(seed);
    const auto about = [&] {
      double sum = 0;
      for (int i = 0; i < 12; ++i) sum += random.uniform();
      return sum - 6;
    };
    for (std::size_t i = 0; i < rows; ++i) {
      const double x = about(), z = about(), n = about();
      const bool second = random.uniform() < 0.25;
      const double eta = 2.5 * (second ? 0.2 * x + z : x + 0.2 * z);
      design.values.insert(design.values.end(), {x, z, n});
      groups.push_back(second ? 1 : 0);
      labels.push_back(random.uniform() < 1 / (1 + std::exp(-eta)) ? 1 : 0);
    }
  }
  GapSample sample() const { return {design, labels, {}, groups, names, unknown}; }
};

GapOptions quick() {
  GapOptions out;
  out.widths = {16};
  out.epochs = 6;
  out.batch = 64;
  out.learning_rate = 0.01;
  out.lambda = 0.3;
  return out;
}

GapFit fitted(const GapSample& sample, const GapOptions& options) {
  auto fit = fit_gap(sample, options);
  if (fit) return std::move(fit).value();
  ADD_FAILURE() << to_string(fit.error());
  return {};
}

std::string refusal(const GapSample& sample, const GapOptions& options) {
  const auto fit = fit_gap(sample, options);
  return fit ? "no refusal" : fit.error().says;
}

std::vector<float> weights_of(const GapFit& fit) {
  return model::mlp_fit_of(*fit.model)->network.parameters;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Outside oracle: Newton's method on the same convex problem.
TEST(FitGap, WithoutHiddenLayersAndLambdaIsLogisticRegression) {
  const model::testing::Population people = model::testing::population(2000, 3);
  GapOptions o;
  o.widths = {};
  o.epochs = 60;
  o.learning_rate = 0.05;
  o.rate_left = 0;
  o.l2 = 3;
  const GapFit fit = fitted({people.design, people.labels, people.weights, {}, {}, {}}, o);
  const auto newton =
      model::fit_logistic({people.design, people.labels, people.weights}, {.l2 = 3, .threads = 1});
  ASSERT_TRUE(newton.has_value());
  const model::LogisticFit* found = model::logistic_fit_of(*fit.model);
  ASSERT_NE(found, nullptr);
  for (std::size_t c = 0; c < 8; ++c) {
    EXPECT_NEAR(found->coefficients[c], newton->coefficients[c], 0.02);
  }
  EXPECT_NEAR(found->deviance, newton->deviance, 1e-3 * newton->deviance);
  EXPECT_EQ(found->method, "adam");
}

TEST(FitGap, WithCountedErrorsIsPlainToTheLastBitForAnyLambda) {
  const People people(600);
  GapOptions o = quick();
  o.lambda = 0;
  const auto plain = weights_of(fitted(people.sample(), o));
  o.terms.surrogate = Surrogate::kArgmax;
  for (const double lambda : {0.1, 7.0, 1e6}) {
    o.lambda = lambda;
    const GapFit fit = fitted(people.sample(), o);
    EXPECT_EQ(weights_of(fit), plain) << lambda;
    EXPECT_EQ(fit.notes.back(),
              "counted errors have no gradient: lambda moved nothing; ask for another surrogate");
  }
  o.terms.surrogate = Surrogate::kSoftError;
  EXPECT_NE(weights_of(fitted(people.sample(), o)), plain);
}

TEST(FitGap, WithLambdaZeroDoesNotSeeGroupsButInItsBatches) {
  const People people(600);
  GapOptions o = quick();
  o.lambda = 0;
  o.terms.guard = false;
  const auto plain = weights_of(fitted(people.sample(), o));
  o.terms.over = Over::kBoth;
  o.terms.surrogate = Surrogate::kCrossEntropy;
  EXPECT_EQ(weights_of(fitted(people.sample(), o)), plain);
  const GapFit fit = fitted({people.design, people.labels, {}, {}, {}, {}}, o);
  EXPECT_EQ(fit.rows_trained, 600U);
  EXPECT_TRUE(std::isnan(fit.gap));
}

TEST(FitGap, NarrowsAPlantedGapForEachSurrogate) {
  const People people(6000);
  for (const Surrogate surrogate :
       {Surrogate::kCrossEntropy, Surrogate::kSoftError, Surrogate::kSigmoidMargin}) {
    GapOptions o = quick();
    o.widths = {};
    o.epochs = 30;
    o.lambda = 0.4;
    o.terms.surrogate = surrogate;
    const GapFit fit = fitted(people.sample(), o);
    ASSERT_TRUE(fit.plain_gap && fit.fair_gap);
    EXPECT_GT(*fit.plain_gap, 0.1) << name_of(surrogate);
    EXPECT_LT(*fit.fair_gap, 0.75 * *fit.plain_gap) << name_of(surrogate);
    EXPECT_GE(fit.history.size(), 30U);
  }
}

TEST(FitGap, ReachesAnEpsThatCanBeReached) {
  const People people(6000);
  GapOptions o = quick();
  o.epochs = 40;
  o.lambda = 0;
  o.eps = 0.03;
  const GapFit fit = fitted(people.sample(), o);
  EXPECT_TRUE(fit.reached);
  EXPECT_LE(fit.gap, 0.03);
  EXPECT_EQ(fit.gap, fit.history[static_cast<std::size_t>(fit.epoch) - 1].gap);
  for (const GapEpoch& epoch : fit.history) {
    EXPECT_TRUE(epoch.gap > 0.03 || epoch.loss >= fit.loss);
  }
}

TEST(FitGap, SaysWhichGapIsTheNearestWhenEpsIsOutOfReach) {
  const People people(2000);
  GapOptions o = quick();
  o.widths = {};
  o.lambda = 0;
  o.eps = 0;
  o.epochs = 3;
  const GapFit fit = fitted(people.sample(), o);
  EXPECT_FALSE(fit.reached);
  double least = 1;
  for (const GapEpoch& epoch : fit.history) least = std::min(least, epoch.gap);
  EXPECT_EQ(fit.gap, least);
  const std::string note = fit.notes.front();
  const std::string told = "eps 0 was not reached: the nearest gap in 3 epochs is ";
  ASSERT_TRUE(note.starts_with(told)) << note;
  EXPECT_NEAR(std::stod(note.substr(told.size())), least, 5e-5);
  // By hand: the multiplier climbs by rate * (gap - eps) after each epoch.
  EXPECT_EQ(fit.history[0].lambda, 0);
  EXPECT_DOUBLE_EQ(fit.history[1].lambda, 2 * fit.history[0].gap);
  EXPECT_DOUBLE_EQ(fit.history[2].lambda, fit.history[1].lambda + 2 * fit.history[1].gap);
}

// One line cannot serve both groups: what group B gains, group A pays, guard or not.
TEST(FitGap, SaysWhoIsLevelledDown) {
  const People people(6000);
  GapOptions o = quick();
  o.widths = {};
  o.epochs = 20;
  o.lambda = 3;
  o.terms.surrogate = Surrogate::kCrossEntropy;
  const GapFit fit = fitted(people.sample(), o);
  ASSERT_EQ(fit.groups.size(), 2U);
  EXPECT_EQ(fit.groups[0].name, "A");
  EXPECT_TRUE(fit.groups[0].levelled_down);
  EXPECT_FALSE(fit.groups[1].levelled_down);
  EXPECT_LT(fit.groups[1].worse, 0);
  EXPECT_NEAR(fit.groups[0].worse, fit.groups[0].fair_loss - fit.groups[0].plain_loss, 1e-12);
  EXPECT_LT(fit.least_derivative, 0);
  EXPECT_GT(fit.steps_capped, 0U);
  EXPECT_NE(fit.notes.at(0).find("group \"A\" is levelled down: on "), std::string::npos);
}

TEST(FitGap, TakesRowsOfUnknownGroupIntoTheLossAlone) {
  People people(900);
  people.names.push_back("unknown");
  people.unknown = {false, false, true};
  for (std::size_t i = 0; i < 900; i += 9) people.groups[i] = 2;
  const GapFit fit = fitted(people.sample(), quick());
  EXPECT_EQ(fit.notes.at(0), "100 rows of unknown group take part in the loss and not in the gap");
  EXPECT_EQ(fit.groups.size(), 2U);
  EXPECT_EQ(fit.rows_trained + fit.rows_watched, 900U);
}

TEST(FitGap, LeavesOutAGroupWithoutRowsOfTheLabelAndSaysSo) {
  People people(900);
  people.names.push_back("C");
  for (std::size_t i = 0; i < 900; i += 9) people.groups[i] = people.labels[i] == 0 ? 2 : 0;
  GapOptions o = quick();
  o.terms.over = Over::kLabel1;
  EXPECT_EQ(fitted(people.sample(), o).notes.at(0),
            "group \"C\" has no training rows with label 1 and is left out of the gap");
}

TEST(FitGap, RefusesWhatCannotBeTrained) {
  People people(200);
  const auto with = [&](const auto& change) {
    People other = people;
    GapOptions o = quick();
    change(other, o);
    return refusal(other.sample(), o);
  };
  EXPECT_EQ(with([](People& p, GapOptions&) { p.groups.assign(200, 1); }),
            "a gap needs two groups, and only \"B\" has training rows");
  EXPECT_EQ(with([](People& p, GapOptions&) { p.groups.clear(); }),
            "a gap is between groups, and no groups were given");
  EXPECT_EQ(with([](People& p, GapOptions&) { p.labels.assign(200, 1); }),
            "every row has the label favourable (1); a model is learnt from rows of both labels");
  EXPECT_EQ(with([](People& p, GapOptions&) { p.design.values[4] = 1e31; }),
            "the column \"z\" holds numbers beyond 1e30; scale it before training");
  EXPECT_EQ(with([](People&, GapOptions& o) { o.lambda = -1; }), "lambda is a number of 0 or more");
  EXPECT_EQ(with([](People&, GapOptions& o) { o.eps = std::nan(""); }), "eps lies in [0,1]");
  EXPECT_EQ(with([](People&, GapOptions& o) { o.widths = {0}; }),
            "a layer has from 1 to 65,536 units");
  EXPECT_EQ(with([](People&, GapOptions& o) { o.epochs = 0; }), "training takes one epoch or more");
}

TEST(FitGap, StopsWhereTheLossIsNoNumberAndNamesTheCause) {
  People people(500);
  GapOptions o = quick();
  o.learning_rate = 1e30;
  EXPECT_EQ(
      refusal(people.sample(), o),
      "the loss of batch 2 of 7 in epoch 1 is not a finite number: the learning rate 1e+30 is "
      "probably too high; try 1e+29");
  for (std::size_t i = 0; i < 500; ++i) people.design.values[3 * i + 1] *= 1e25;
  o.learning_rate = 1e20;
  const std::string says = refusal(people.sample(), o);
  EXPECT_NE(says.find("the column \"z\" reaches "), std::string::npos) << says;
}

TEST(FitGap, TellsHowFarItIs) {
  const People people(400);
  std::vector<std::string> stages;
  std::uint64_t done = 0, all = 0;
  const auto fit = fit_gap(people.sample(), quick(), [&](const Progress& p) {
    stages.emplace_back(p.stage);
    EXPECT_GE(p.done, done);
    done = p.done;
    all = p.all;
    return true;
  });
  ASSERT_TRUE(fit.has_value());
  EXPECT_EQ(stages.front(), "plain model beside it, epoch 1 of 6");
  EXPECT_EQ(stages.at(6), "epoch 1 of 6");
  EXPECT_EQ(stages.at(7).substr(0, 19), "epoch 2 of 6, loss ");
  EXPECT_NE(stages.at(7).find(", gap 0."), std::string::npos);
  EXPECT_EQ(done, all);
}

// Stop at every possible word of progress in turn, resume, and compare every byte that comes out.
TEST(FitGap, ResumesToTheSameLastBitWhereverItWasInterrupted) {
  const People people(400);
  const Folder folder;
  GapOptions o = quick();
  o.eps = 0.02;
  o.epochs = 4;
  o.checkpoint = folder.at("whole");
  const GapFit whole = fitted(people.sample(), o);
  const std::string bytes = bytes_of(o.checkpoint);
  for (int stop = 0; stop < 9; ++stop) {
    o.checkpoint = folder.at("part" + std::to_string(stop));
    o.resume = false;
    int told = 0;
    const auto cut = fit_gap(people.sample(), o, [&](const Progress&) { return told++ != stop; });
    ASSERT_FALSE(cut.has_value());
    EXPECT_EQ(cut.error().code, Code::kInterrupted);
    o.resume = true;
    const GapFit fit = fitted(people.sample(), o);
    EXPECT_EQ(weights_of(fit), weights_of(whole)) << stop;
    EXPECT_EQ(bytes_of(o.checkpoint), bytes) << stop;
    EXPECT_EQ(fit.notes, whole.notes);
    EXPECT_EQ(fit.groups.at(0).worse, whole.groups.at(0).worse);
    EXPECT_EQ(fit.steps_capped, whole.steps_capped);
  }
  EXPECT_EQ(weights_of(fitted(people.sample(), o)), weights_of(whole));  // from a finished one
}

TEST(FitGap, RefusesACheckpointOfOtherOptionsOrData) {
  const People people(400);
  const Folder folder;
  GapOptions o = quick();
  o.checkpoint = folder.at("c");
  fitted(people.sample(), o);
  o.resume = true;
  const std::string other =
      "it is of another training: its options or its data are not those asked for now; ask as "
      "before, or train without resuming";
  GapOptions asked = o;
  asked.lambda = 0.31;
  EXPECT_EQ(refusal(people.sample(), asked), other);
  People moved = people;
  moved.design.values[7] += 1e-9;
  EXPECT_EQ(refusal(moved.sample(), o), other);
  const std::string good = bytes_of(o.checkpoint);
  for (const std::size_t at : {std::size_t{100}, good.size() / 2, good.size() - 1}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    folder.write("c", bad);
    EXPECT_EQ(refusal(people.sample(), o), "it is damaged; delete it to train from the start");
  }
  folder.write("c", "something else");
  EXPECT_EQ(refusal(people.sample(), o), "it is no checkpoint of a training");
  folder.write("c", good.substr(0, 30));
  EXPECT_NE(refusal(people.sample(), o), "no refusal");
}

TEST(FitGap, OfTwoUnitsLearnsTheSameKindOfModel) {
  const People people(600);
  GapOptions o = quick();
  o.outputs = 2;
  const GapFit fit = fitted(people.sample(), o);
  EXPECT_EQ(model::mlp_fit_of(*fit.model)->network.widths, (std::vector<std::size_t>{3, 16, 1}));
  o.widths = {};
  EXPECT_EQ(fitted(people.sample(), o).model->kind(), "linear");
}

}  // namespace
}  // namespace evenhand::train
