#include "evenhand/model/mlp.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "evenhand/model/testing.h"

namespace evenhand::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Two columns, two hidden units, by hand: h = relu(x - z + 1, -x), z = h0 - 2 h1 + 0.5.
std::vector<Tensor> by_hand() {
  return {{"layer_0/weight", {2, 2}, {1, -1, -1, 0}},
          {"layer_0/bias", {2}, {1, 0}},
          {"layer_1/weight", {1, 2}, {1, -2}},
          {"layer_1/bias", {1}, {0.5}}};
}

const Backend& backend() { return *find_backend("mlp"); }

std::vector<double> scores(const Model& model, const Design& design) {
  std::vector<double> out(design.rows);
  model.score(design, out);
  return out;
}

TEST(Mlp, ScoresAsByHand) {
  const auto model = backend().load({{"method", "adam"}, {"steps", 7}}, by_hand());
  ASSERT_TRUE(model.has_value()) << to_string(model.error());
  EXPECT_EQ((*model)->columns(), 2U);
  const auto found = scores(**model, testing::dense({"x", "z"}, {0, 0, 2, 1, -3, 0}));
  EXPECT_NEAR(found[0], 1 / (1 + std::exp(-1.5)), 1e-7);  // h = 1, 0
  EXPECT_NEAR(found[1], 1 / (1 + std::exp(-2.5)), 1e-7);  // h = 2, 0
  EXPECT_NEAR(found[2], 1 / (1 + std::exp(5.5)), 1e-7);   // h = 0, 3
}

TEST(Mlp, ComesBackFromWhatItGives) {
  const testing::Population people = testing::population(5'000, 1);
  const auto model = hold_mlp({initial_network<float>({7, 12, 5, 1}, 3), "adam", 9, 1.5});
  EXPECT_EQ(model->describe().dump(),
            R"({"method":"adam","steps":9,"deviance":1.5,"widths":[12,5]})");
  const auto back = backend().load(model->describe(), model->tensors());
  ASSERT_TRUE(back.has_value()) << to_string(back.error());
  EXPECT_EQ(scores(**back, people.design), scores(*model, people.design));  // to the last bit
  EXPECT_EQ((*back)->describe(), model->describe());
}

TEST(Mlp, OfOtherKindsIsNone) {
  const auto model = backend().load({}, by_hand());
  ASSERT_TRUE(model.has_value());
  EXPECT_NE(mlp_fit_of(**model), nullptr);
  const auto line = find_backend("linear")->load({}, {{"coefficients", {2}, {1, 2}}});
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(mlp_fit_of(**line), nullptr);
}

TEST(Mlp, RefusesTensorsThatAreNoNetwork) {
  const auto with = [](const auto& change) {
    auto tensors = by_hand();
    change(tensors);
    const auto model = backend().load({}, tensors);
    return model ? std::string("no refusal") : model.error().says;
  };
  using Tensors = std::vector<Tensor>;
  EXPECT_EQ(with([](Tensors& t) { t.clear(); }),
            "an mlp model needs a weight and a bias for each layer, and 0 tensors are there");
  EXPECT_EQ(with([](Tensors& t) { t.pop_back(); }),
            "an mlp model needs a weight and a bias for each layer, and 3 tensors are there");
  EXPECT_EQ(with([](Tensors& t) { t[2].name = "layer_2/weight"; }),
            "an mlp model without the tensor \"layer_1/weight\"");
  EXPECT_EQ(with([](Tensors& t) { t[1].name = "bias"; }),
            "an mlp model without the tensor \"layer_0/bias\"");
  EXPECT_EQ(with([](Tensors& t) { t[0].shape = {4}; }),
            "an mlp model whose \"layer_0/weight\" is not a matrix");
  EXPECT_EQ(with([](Tensors& t) {
              t[0].shape = {1, 4};
            }),
            "an mlp model whose \"layer_0/weight\" and \"layer_0/bias\" do not fit together");
  EXPECT_EQ(with([](Tensors& t) {
              t[0] = {"layer_0/weight", {2, 0}, {}};
            }),
            "an mlp model whose \"layer_0\" has no units");
  EXPECT_EQ(with([](Tensors& t) {
              t[2] = {"layer_1/weight", {1, 3}, {1, 2, 3}};
            }),
            "an mlp model whose \"layer_1\" reads 3 numbers and gets 2");
  EXPECT_EQ(with([](Tensors& t) { t.resize(2); }),
            "an mlp model whose last layer has 2 units; a score needs one");
  for (const double x : {kInfinity, -kInfinity, std::nan(""), 1e39}) {
    EXPECT_EQ(with([&](Tensors& t) { t[3].values[0] = x; }),
              "an mlp model whose tensor \"layer_1/bias\" holds a number that is not finite");
  }
}

}  // namespace
}  // namespace evenhand::model
