// The gap objective against finite differences of the formula, written out plainly, and by hand.
#include "evenhand/train/gap_loss.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"

namespace evenhand::train {
namespace {

// Three groups and the unknown, three rows of each label; every coefficient differs.
struct Case {
  std::vector<Piece> pieces;
  std::vector<double> z, c;
  Case() {
    Random random(4);
    double all = 0;
    for (const std::uint32_t g : {0U, 1U, 2U, kNoGroup}) {
      for (const std::uint8_t y : {std::uint8_t{0}, std::uint8_t{1}}) {
        Piece piece{g, y, z.size(), z.size() + 3, 0};
        for (int i = 0; i < 3; ++i) {
          // Groups differ, so that the widest gap is not near a tie.
          z.push_back(4 * random.uniform() - 2 + (g == 1 ? 1.0 : g == 2 ? -0.4 : 0.0));
          c.push_back(0.2 + random.uniform());
          all += c.back();
        }
        pieces.push_back(piece);
      }
    }
    for (double& x : c) x /= all;
    for (Piece& piece : pieces) {
      for (std::size_t i = piece.begin; i < piece.end; ++i) piece.share += c[i];
    }
  }
  Cell cell(bool zero, bool one) const {
    Cell out{{zero, one}, {0, 0, 0}, {0, 1, 2}};
    for (const Piece& p : pieces) {
      if (p.group != kNoGroup && out.looks_at[p.label]) out.share[p.group] += p.share;
    }
    return out;
  }
  std::vector<Cell> cells(Over over) const {
    if (over == Over::kLabel1) return {cell(false, true)};
    if (over == Over::kLabel0) return {cell(true, false)};
    if (over == Over::kBoth) return {cell(false, true), cell(true, false)};
    return {cell(true, true)};
  }
};

double s(double t) { return 1 / (1 + std::exp(-t)); }

double plain_error(const GapTerms& terms, double z, std::uint8_t y) {
  const bool decision = terms.over == Over::kDecision;
  const double m = decision || y == 0 ? -z : z;
  switch (terms.surrogate) {
    case Surrogate::kCrossEntropy:
      return std::log(1 + std::exp(-m));
    case Surrogate::kSoftError:
      return s(-m);
    case Surrogate::kSigmoidMargin:
      return s(-m / terms.tau);
    case Surrogate::kArgmax:
      return (z >= 0) != (!decision && y == 1) ? 1 : 0;
  }
  return 0;
}

// The formula of the header, term by term.
double plain_loss(const Case& data, const GapTerms& terms, double lambda,
                  const std::vector<double>& z) {
  double task = 0, x = 0;
  for (const Piece& p : data.pieces) {
    for (std::size_t i = p.begin; i < p.end; ++i) {
      task += data.c[i] * std::log(1 + std::exp(p.label == 1 ? -z[i] : z[i]));
    }
  }
  for (const Cell& cell : data.cells(terms.over)) {
    std::map<std::uint32_t, double> error, all;
    for (const Piece& p : data.pieces) {
      if (p.group == kNoGroup || !cell.looks_at[p.label]) continue;
      for (std::size_t i = p.begin; i < p.end; ++i) {
        error[p.group] += data.c[i] * plain_error(terms, z[i], p.label);
        all[p.group] += data.c[i];
      }
    }
    for (std::uint32_t a = 0; a < 3; ++a) {
      for (std::uint32_t b = 0; b < 3; ++b) x = std::max(x, error[a] / all[a] - error[b] / all[b]);
    }
  }
  const double d = terms.smooth;
  return task + lambda * (std::sqrt(x * x + d * d) - d);
}

StepFacts gradient(const Case& data, const GapTerms& terms, double lambda,
                   std::vector<double>& by_logit) {
  GapMeans means;
  GapScratch scratch;
  by_logit.assign(data.z.size(), 0);
  const auto cells = data.cells(terms.over);
  return gap_gradient(terms, cells, data.pieces, data.z, data.c, lambda, means, scratch, by_logit);
}

constexpr Over kOvers[] = {Over::kAll, Over::kLabel1, Over::kLabel0, Over::kBoth, Over::kDecision};
constexpr Surrogate kSurrogates[] = {Surrogate::kCrossEntropy, Surrogate::kSoftError,
                                     Surrogate::kSigmoidMargin, Surrogate::kArgmax};

TEST(GapGradient, IsThatOfTheFormulaForEverySurrogateAndEveryGap) {
  const Case data;
  for (const Over over : kOvers) {
    for (const Surrogate surrogate : kSurrogates) {
      for (const double smooth : {0.0, 0.3}) {
        const GapTerms terms{over, surrogate, 0.4, smooth, false};
        std::vector<double> found;
        gradient(data, terms, 0.7, found);
        for (std::size_t i = 0; i < found.size(); ++i) {
          const double h = 1e-5;
          auto above = data.z, below = data.z;
          above[i] += h;
          below[i] -= h;
          EXPECT_NEAR(
              found[i],
              (plain_loss(data, terms, 0.7, above) - plain_loss(data, terms, 0.7, below)) / (2 * h),
              1e-9)
              << name_of(over) << " " << name_of(surrogate) << " row " << i;
        }
      }
    }
  }
}

TEST(GapGradient, OfCountedErrorsIsThatOfTheTaskAlone) {
  const Case data;
  for (const Over over : kOvers) {
    std::vector<double> with, without;
    gradient(data, {over, Surrogate::kArgmax, 1, 0, true}, 1000, with);
    gradient(data, {over, Surrogate::kArgmax, 1, 0, true}, 0, without);
    EXPECT_EQ(with, without);
  }
}

// By hand: two groups of half the weight each, one row each with label 1, z = 2 and z = -1. Then
// l_0 < l_1, so s_0 = -1; the derivative of the whole loss by l_0 is 1/2 - lambda.
struct TwoRows {
  std::vector<Piece> pieces{{0, 1, 0, 1, 0.5}, {1, 1, 1, 2, 0.5}};
  std::vector<Cell> cells{{{true, true}, {0.5, 0.5}, {0, 1}}};
  std::vector<double> z{2, -1}, c{0.5, 0.5}, by_logit{0, 0};
  StepFacts look(double lambda, bool guard) {
    GapMeans means;
    GapScratch scratch;
    return gap_gradient({Over::kAll, Surrogate::kCrossEntropy, 1, 0, guard}, cells, pieces, z, c,
                        lambda, means, scratch, by_logit);
  }
};

TEST(Guard, WatchesTheDerivativeByEachGroupsLoss) {
  TwoRows two;
  EXPECT_NEAR(two.look(0.2, true).derivative, 0.3, 1e-12);
  EXPECT_NEAR(two.look(0.8, true).derivative, -0.3, 1e-12);
  EXPECT_FALSE(two.look(0.2, true).capped);
  EXPECT_TRUE(two.look(0.8, true).capped);
}

TEST(Guard, NeverPaysForAWorseGroup) {
  TwoRows two;
  two.look(0.8, false);
  EXPECT_NEAR(two.by_logit[0], -(0.5 - 0.8) * s(-2), 1e-12);  // pushes z down: worse pays
  two.look(0.8, true);
  EXPECT_NEAR(two.by_logit[0], 0, 1e-12);
  EXPECT_NEAR(two.by_logit[1], -(0.5 + 0.8) * s(1), 1e-12);  // the worse group's pull stays whole
}

TEST(Guard, CutsTheSameForEverySurrogateThatPushesHarderThanTheTaskPulls) {
  const Case data;
  for (const Over over : kOvers) {
    if (over == Over::kDecision) continue;  // below
    for (const Surrogate surrogate : kSurrogates) {
      std::vector<double> found;
      gradient(data, {over, surrogate, 0.4, 0, true}, 50, found);
      for (const Piece& p : data.pieces) {
        double along = 0;  // the derivative of the loss by a common shift of the margins
        for (std::size_t i = p.begin; i < p.end; ++i) along += p.label == 1 ? found[i] : -found[i];
        EXPECT_LE(along, 1e-12) << name_of(over) << " " << name_of(surrogate);
      }
    }
  }
}

TEST(Guard, HasNothingToCutOfADecisionRate) {
  const Case data;
  for (const Surrogate surrogate : kSurrogates) {
    std::vector<double> with, without;
    gradient(data, {Over::kDecision, surrogate, 0.4, 0, true}, 50, with);
    gradient(data, {Over::kDecision, surrogate, 0.4, 0, false}, 50, without);
    EXPECT_EQ(with, without) << name_of(surrogate);
  }
}

TEST(GapMeans, FollowTheBatchesAndOutliveAGroupsAbsence) {
  TwoRows two;
  const GapTerms terms{Over::kAll, Surrogate::kArgmax, 1, 0, true};
  GapMeans means;
  GapScratch scratch;
  const auto gap = [&] {
    return gap_gradient(terms, two.cells, two.pieces, two.z, two.c, 0.1, means, scratch,
                        two.by_logit)
        .gap;
  };
  EXPECT_NEAR(gap(), 1, 1e-12);  // errors 0 and 1
  two.z = {2, 1};                // now both are right: (0.9 * 0.1 * 1 + 0.1 * 0) / 0.19
  EXPECT_NEAR(gap(), 0.09 / 0.19, 1e-12);
  two.pieces[1].end = 1;  // and now group 1 is not there: its mean stays
  two.pieces[1].begin = 1;
  two.z = {2}, two.c = {0.5}, two.by_logit = {0};
  EXPECT_NEAR(gap(), 0.09 / 0.19, 1e-12);
}

TEST(CountedGap, IsTheWidestAndTakesTheWiderLabel) {
  // Group 0: label 0 one of two wrong, label 1 none of two; group 1: none of two, two of two.
  const std::vector<Piece> pieces{
      {0, 0, 0, 2, 0}, {0, 1, 2, 4, 0}, {1, 0, 4, 6, 0}, {1, 1, 6, 8, 0}};
  const std::vector<double> z{1, -1, 1, 0, -1, -1, -1, -1}, w(8, 1.0);
  const auto cell = [](bool zero, bool one) { return Cell{{zero, one}, {0.5, 0.5}, {0, 1}}; };
  const auto gap = [&](Over over, std::vector<Cell> cells) {
    Counted counted;
    count(over, cells, std::span(pieces).first(2), z, w, counted);  // in two parts
    count(over, cells, std::span(pieces).last(2), z, w, counted);
    return widest_gap(cells, counted);
  };
  EXPECT_DOUBLE_EQ(gap(Over::kAll, {cell(true, true)}), 0.25);
  EXPECT_DOUBLE_EQ(gap(Over::kLabel1, {cell(false, true)}), 1);
  EXPECT_DOUBLE_EQ(gap(Over::kLabel0, {cell(true, false)}), 0.5);
  EXPECT_DOUBLE_EQ(gap(Over::kBoth, {cell(false, true), cell(true, false)}), 1);
  EXPECT_DOUBLE_EQ(gap(Over::kDecision, {cell(true, true)}), 0.75);
  Counted one_group;
  const std::vector<Cell> cells{cell(true, true)};
  count(Over::kAll, cells, std::span(pieces).first(2), z, w, one_group);
  EXPECT_TRUE(std::isnan(widest_gap(cells, one_group)));
}

TEST(Names, AreFoundOrListed) {
  EXPECT_EQ(*over_named("label_0"), Over::kLabel0);
  EXPECT_EQ(*surrogate_named("argmax"), Surrogate::kArgmax);
  EXPECT_EQ(surrogate_named("hinge").error().says,
            "the surrogate \"hinge\" is not known; ask for cross_entropy, soft_error, "
            "sigmoid_margin or argmax");
}

}  // namespace
}  // namespace evenhand::train
