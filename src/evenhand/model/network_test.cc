// Networks against finite differences, a plain loop and a step of Adam by hand.
#include "evenhand/model/network.h"

#include <cmath>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/model/testing.h"

namespace evenhand::model {
namespace {

std::vector<double> numbers(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> out(n);
  for (double& x : out) x = 2 * random.uniform() - 1;
  return out;
}

template <class T>
std::vector<T> as(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

template <class T>
Network<T> filled(std::vector<std::size_t> widths, std::uint64_t seed) {
  Network<T> out{std::move(widths), {}};
  out.parameters = as<T>(numbers(parameters_of(out.widths), seed));
  return out;
}

// The slow twin: one row at a time, in double.
double slow_logit(const Network<double>& net, const double* x) {
  std::vector<double> below(x, x + net.inputs());
  for (std::size_t k = 0; k < net.layers(); ++k) {
    const double* w = net.parameters.data() + offset_of(net.widths, k);
    const std::size_t in = net.widths[k], units = net.widths[k + 1];
    std::vector<double> here(units);
    for (std::size_t u = 0; u < units; ++u) {
      here[u] = w[in * units + u];
      for (std::size_t c = 0; c < in; ++c) here[u] += w[u * in + c] * below[c];
      if (k + 1 < net.layers()) here[u] = std::max(here[u], 0.0);
    }
    below = here;
  }
  return below.size() == 1 ? below[0] : below[1] - below[0];
}

const std::vector<std::vector<std::size_t>>& shapes() {
  static const std::vector<std::vector<std::size_t>> kShapes{
      {3, 1}, {3, 2}, {1, 1, 1}, {5, 7, 1}, {4, 9, 8, 1}, {20, 50, 2}, {6, 17, 16, 3, 2}};
  return kShapes;
}

TEST(Network, GoesForwardAsThePlainLoop) {
  for (const auto& shape : shapes()) {
    const auto net = filled<double>(shape, 1);
    const std::size_t rows = 13;
    const auto x = numbers(rows * net.inputs(), 2);
    Pass<double> pass;
    forward<double>(net, x, rows, pass);
    for (std::size_t i = 0; i < rows; ++i) {
      EXPECT_NEAR(pass.logits[i], slow_logit(net, &x[i * net.inputs()]), 1e-12);
    }
  }
}

// The loss sum_i a_i sin(z_i) has the derivative a_i cos(z_i); central differences of h = 1e-6 are
// exact to about 1e-9 where no unit changes sides within h.
TEST(Network, GoesBackAsFiniteDifferences) {
  for (const auto& shape : shapes()) {
    auto net = filled<double>(shape, 3);
    const std::size_t rows = 11;
    const auto x = numbers(rows * net.inputs(), 4), a = numbers(rows, 5);
    Pass<double> pass;
    const auto loss = [&] {
      forward<double>(net, x, rows, pass);
      double out = 0;
      for (std::size_t i = 0; i < rows; ++i) out += a[i] * std::sin(pass.logits[i]);
      return out;
    };
    loss();
    std::vector<double> by_logit(rows), gradient(net.parameters.size());
    for (std::size_t i = 0; i < rows; ++i) by_logit[i] = a[i] * std::cos(pass.logits[i]);
    backward<double>(net, x, rows, by_logit, pass, gradient);
    for (std::size_t j = 0; j < gradient.size(); ++j) {
      const double was = net.parameters[j], h = 1e-6;
      net.parameters[j] = was + h;
      const double above = loss();
      net.parameters[j] = was - h;
      const double below = loss();
      net.parameters[j] = was;
      EXPECT_NEAR(gradient[j], (above - below) / (2 * h), 1e-7) << j;
    }
  }
}

TEST(Network, InFloatsIsTheOneInDoublesRounded) {
  const auto net = filled<double>({20, 64, 64, 1}, 6);
  Network<float> narrow{net.widths, as<float>(net.parameters)};
  const auto x = numbers(300 * 20, 7), by = numbers(300, 8);
  Pass<double> wide_pass;
  Pass<float> pass;
  forward<double>(net, x, 300, wide_pass);
  const auto x32 = as<float>(x);
  forward<float>(narrow, x32, 300, pass);
  for (std::size_t i = 0; i < 300; ++i) EXPECT_NEAR(pass.logits[i], wide_pass.logits[i], 2e-4);
  std::vector<double> wide(net.parameters.size());
  std::vector<float> gradient(wide.size());
  backward<double>(net, x, 300, by, wide_pass, wide);
  backward<float>(narrow, x32, 300, as<float>(by), pass, gradient);
  for (std::size_t j = 0; j < wide.size(); ++j) EXPECT_NEAR(gradient[j], wide[j], 2e-3);
}

TEST(Network, GivesARowTheSameLogitWhateverStandsBesideIt) {
  // The second is too wide for small_product: CBLAS multiplies it.
  for (const std::vector<std::size_t>& widths :
       {std::vector<std::size_t>{20, 64, 33, 1}, std::vector<std::size_t>{20, 300, 301, 1}}) {
    const auto net = initial_network<float>(widths, 1);
    const auto x = as<float>(numbers(300 * 20, 9));
    std::vector<double> together(300), alone(300);
    logits_of(net, x, together);
    for (std::size_t i = 0; i < 300; i += 7) {
      logits_of(net, std::span(x).subspan(i * 20, 20), std::span(alone).subspan(i, 1));
      EXPECT_EQ(together[i], alone[i]) << i;
    }
  }
}

TEST(Network, LearnsTheSameBytesOnAnyThread) {
  const auto trained = [] {
    auto net = initial_network<float>({20, 64, 64, 1}, 1);
    const auto x = as<float>(numbers(256 * 20, 9)), by = as<float>(numbers(256, 10));
    Pass<float> pass;
    Adam<float> adam;
    std::vector<float> gradient(net.parameters.size());
    for (int step = 0; step < 20; ++step) {
      forward<float>(net, x, 256, pass);
      backward<float>(net, x, 256, by, pass, gradient);
      adam_step<float>(gradient, 0.01, adam, net.parameters);
    }
    return net.parameters;
  };
  const auto first = trained();
  std::vector<std::vector<float>> others(4);
  {
    std::vector<std::jthread> threads;
    for (auto& other : others) threads.emplace_back([&] { other = trained(); });
  }
  for (const auto& other : others) EXPECT_EQ(other, first);
}

// By hand: after one step both moments are unbiased, so each number moves by the rate against the
// sign of its gradient; after a second, opposite gradient g2 = -g1, m = .9 * .1 g1 - .1 g1 = -.01
// g1, c1 = .19, v / c2 = g1^2: the move is rate * .01 / .19 upwards.
TEST(Adam, MovesAsByHand) {
  Adam<double> adam;
  std::vector<double> p{1, 2};
  adam_step<double>(std::vector<double>{0.5, -3}, 0.1, adam, p);
  EXPECT_NEAR(p[0], 0.9, 1e-8);
  EXPECT_NEAR(p[1], 2.1, 1e-8);
  adam_step<double>(std::vector<double>{-0.5, 3}, 0.1, adam, p);
  EXPECT_NEAR(p[0], 0.9 + 0.1 * 0.01 / 0.19, 1e-8);
  EXPECT_NEAR(p[1], 2.1 - 0.1 * 0.01 / 0.19, 1e-8);
}

TEST(Network, StartsWithHesSpread) {
  const auto net = initial_network<float>({50, 400, 1}, 5);
  const auto w = std::span(net.parameters).subspan(0, 50 * 400);
  double sum = 0, squares = 0;
  for (const float x : w) sum += x, squares += static_cast<double>(x) * x;
  EXPECT_NEAR(sum / 20'000, 0, 4 * 0.2 / std::sqrt(20'000));
  EXPECT_NEAR(squares / 20'000, 2.0 / 50, 4 * 0.04 * std::sqrt(2.0 / 20'000));
  for (std::size_t j = 50 * 400; j < 50 * 400 + 400; ++j) EXPECT_EQ(net.parameters[j], 0);
}

TEST(Network, OfTwoUnitsIsOneOfTheirDifference) {
  const auto two = filled<float>({5, 8, 2}, 2);
  const Network<float> one = one_logit(two);
  const auto x = as<float>(numbers(50 * 5, 3));
  std::vector<double> a(50), b(50);
  logits_of(two, x, a);
  logits_of(one, x, b);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_NEAR(a[i], b[i], 1e-5);
}

TEST(Densify, HasTheEntriesOfTheDesign) {
  const testing::Population people = testing::population(40, 1);
  std::vector<std::uint32_t> rows{39, 0, 7, 7};
  const Dense<float> x = densify(people.design, rows);
  ASSERT_EQ(x.values.size(), 4U * 7);
  for (std::size_t r = 0; r < 4; ++r) {
    for (std::size_t c = 0; c < 7; ++c) {
      EXPECT_EQ(x.values[r * 7 + c], static_cast<float>(testing::entry(people.design, rows[r], c)));
    }
  }
}

TEST(Densify, NamesAColumnThatAFloatCannotHold) {
  EXPECT_EQ(beyond_float(testing::dense({"a", "b"}, {1, 2, 3, 1e20})), nullptr);
  const Design wide = testing::dense({"a", "b"}, {1, 2, 3, -1e31});
  ASSERT_NE(beyond_float(wide), nullptr);
  EXPECT_EQ(*beyond_float(wide), "b");
}

}  // namespace
}  // namespace evenhand::model
