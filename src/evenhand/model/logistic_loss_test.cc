// The loss against its slow twin (the formulas of the header, entry by entry) and its derivatives
// against finite differences.
#include "evenhand/model/logistic_loss.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenhand/model/testing.h"

namespace evenhand::model {
namespace {

using testing::population;
using testing::Population;

double slow_value(const Population& people, double l2, const std::vector<double>& b) {
  long double sum = 0;
  for (std::size_t i = 0; i < people.design.rows; ++i) {
    long double eta = b.back();
    for (std::size_t c = 0; c + 1 < b.size(); ++c)
      eta += testing::entry(people.design, i, c) * b[c];
    sum += people.weights[i] * (std::log(1 + std::exp(eta)) - people.labels[i] * eta);
  }
  for (std::size_t c = 0; c + 1 < b.size(); ++c) sum += l2 / 2 * b[c] * b[c];
  return static_cast<double>(sum);
}

std::vector<double> some_coefficients() { return {0.3, -0.2, 0.8, -1.1, 0.05, 0.4, -0.6, 0.25}; }

TEST(LogisticLoss, EqualsItsSlowTwin) {
  const Population people = population(5000, 1);
  const std::vector<double> b = some_coefficients();
  const Loss loss = logistic_loss({people.design, people.labels, people.weights}, 0.7, b, true, 2);
  EXPECT_NEAR(loss.value, slow_value(people, 0.7, b), 1e-9 * loss.value);
}

TEST(LogisticLoss, GradientIsTheSlopeOfTheValue) {
  const Population people = population(500, 2);
  const Sample sample{people.design, people.labels, people.weights};
  const std::vector<double> b = some_coefficients();
  const Loss here = logistic_loss(sample, 0.7, b, false, 1);
  constexpr double kStep = 1e-5;
  for (std::size_t c = 0; c < b.size(); ++c) {
    std::vector<double> up = b, down = b;
    up[c] += kStep;
    down[c] -= kStep;
    const double slope =
        (slow_value(people, 0.7, up) - slow_value(people, 0.7, down)) / (2 * kStep);
    EXPECT_NEAR(here.gradient[c], slope, 1e-6 * (1 + std::abs(slope))) << c;
  }
}

TEST(LogisticLoss, HessianIsTheSlopeOfTheGradient) {
  const Population people = population(500, 3);
  const Sample sample{people.design, people.labels, people.weights};
  const std::vector<double> b = some_coefficients();
  const std::size_t n = b.size();
  const Loss here = logistic_loss(sample, 0.7, b, true, 1);
  constexpr double kStep = 1e-5;
  for (std::size_t c = 0; c < n; ++c) {
    std::vector<double> up = b, down = b;
    up[c] += kStep;
    down[c] -= kStep;
    const Loss above = logistic_loss(sample, 0.7, up, false, 1);
    const Loss below = logistic_loss(sample, 0.7, down, false, 1);
    for (std::size_t r = c; r < n; ++r) {
      const double slope = (above.gradient[r] - below.gradient[r]) / (2 * kStep);
      EXPECT_NEAR(here.hessian[r * n + c], slope, 1e-5 * (1 + std::abs(slope))) << r << ' ' << c;
    }
  }
}

TEST(LogisticLoss, HasTheSameBitsForAnyNumberOfThreads) {
  const Population people = population(200'000, 4);  // more than 64 blocks of the smallest size
  const Sample sample{people.design, people.labels, people.weights};
  const Loss one = logistic_loss(sample, 1, some_coefficients(), true, 1);
  for (const unsigned threads : {2U, 7U, 64U}) {
    const Loss many = logistic_loss(sample, 1, some_coefficients(), true, threads);
    EXPECT_EQ(one.value, many.value);
    EXPECT_EQ(one.gradient, many.gradient);
    EXPECT_EQ(one.hessian, many.hessian);
  }
}

TEST(LogisticLoss, StaysFiniteWhereExpOverflows) {
  const Design design = testing::dense({"x"}, {1e6, -1e6});
  const std::vector<std::uint8_t> labels{0, 1};
  const Loss loss = logistic_loss({design, labels, {}}, 0, std::vector<double>{1, 0}, true, 1);
  EXPECT_EQ(loss.value, 2e6);  // each row is wrong by its whole predictor
  EXPECT_EQ(loss.gradient[0], 2e6);
  EXPECT_EQ(loss.hessian[0], 0);
}

}  // namespace
}  // namespace evenhand::model
