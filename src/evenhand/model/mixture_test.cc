#include "evenhand/model/mixture.h"

#include <functional>

#include <gtest/gtest.h>

#include "evenhand/model/artefact.h"
#include "evenhand/model/linear.h"
#include "evenhand/model/testing.h"
#include "evenhand/table/testing.h"

namespace evenhand::model {
namespace {

// A linear model of one number.
std::shared_ptr<const Model> line(double slope, double intercept) {
  auto loaded =
      find_backend("linear")->load(Json::object(), {{"coefficients", {2}, {slope, intercept}}});
  EXPECT_TRUE(loaded);
  return std::move(loaded).value();
}

std::unique_ptr<Model> mixed(std::vector<Member> members) {
  auto out = mix(std::move(members));
  if (out) return std::move(out).value();
  ADD_FAILURE() << to_string(out.error());
  return nullptr;
}

std::vector<double> scores(const Model& model, std::vector<double> x) {
  const Design design = testing::dense({"x"}, std::move(x));
  std::vector<double> out(design.rows);
  model.score(design, out);
  return out;
}

// By hand: x >= 1 by the first, x <= 2 by the second, nobody by the third.
TEST(Mixture, ScoresTheProbabilityOfAFavourableDecision) {
  const auto model =
      mixed({{0.5, line(1, -1)}, {0.25, line(-1, 2)}, {0.25, constant_linear(1, false)}});
  EXPECT_EQ(scores(*model, {0, 1, 1.5, 2, 3}), (std::vector<double>{0.25, 0.75, 0.75, 0.75, 0.5}));
  EXPECT_EQ(model->kind(), "mixture");
  EXPECT_EQ(model->columns(), 1U);
}

TEST(Mixture, ScoresAtMostOneWhereSharesRound) {
  std::vector<Member> members;
  for (int m = 0; m < 10; ++m) members.push_back({0.1 + 1e-11, constant_linear(1, true)});
  EXPECT_EQ(scores(*mixed(members), {0}), std::vector<double>{1});
}

TEST(Mixture, ComesBackFromWhatItGave) {
  const auto was = mixed({{0.3, line(1, -1)}, {0.7, line(-2, 0.5)}});
  const auto back = find_backend("mixture")->load(was->describe(), was->tensors());
  ASSERT_TRUE(back) << to_string(back.error());
  const std::vector<double> x{-1, 0, 0.2, 0.25, 0.3, 1, 5};
  EXPECT_EQ(scores(**back, x), scores(*was, x));
  EXPECT_EQ((*back)->describe(), was->describe());
}

TEST(Mixture, ComesBackFromItsFolder) {
  const table::testing::Folder folder;
  Artefact artefact;
  artefact.label = "y";
  artefact.favourable = "1";
  Feature x;
  x.column = "x";
  x.sd = 1;
  artefact.all.encoding.features.push_back(x);
  artefact.all.model = mixed({{0.3, line(1, -1)}, {0.7, line(-2, 0.5)}});
  ASSERT_TRUE(save(artefact, folder.at("m")));
  const auto back = load(folder.at("m"));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->all.model->kind(), "mixture");
  EXPECT_EQ(scores(*back->all.model, {0, 1}), scores(*artefact.all.model, {0, 1}));
}

TEST(Mixture, RefusesMembersThatDoNotFit) {
  const auto refusal = [](std::vector<Member> members) {
    const auto out = mix(std::move(members));
    return out ? "no refusal" : out.error().says;
  };
  EXPECT_EQ(refusal({}), "a mixture without members");
  EXPECT_EQ(refusal({{0.5, line(1, 0)}, {0.4, line(1, 0)}}),
            "a mixture whose shares do not sum to 1");
  EXPECT_EQ(refusal({{1, line(1, 0)}, {0, line(1, 0)}}),
            "a mixture with a share that is not above 0");
  EXPECT_EQ(refusal({{0.5, line(1, 0)}, {0.5, constant_linear(2, true)}}),
            "a mixture whose members have 1 and 2 columns");
  EXPECT_EQ(refusal({{1, mixed({{1, line(1, 0)}})}}),
            "a mixture with a member that is a mixture itself");
}

TEST(Mixture, RefusesAFileThatDoesNotFit) {
  const auto good = mixed({{0.3, line(1, -1)}, {0.7, line(-2, 0.5)}});
  const auto with = [&](const std::function<void(Json&, std::vector<Tensor>&)>& change) {
    Json described = good->describe();
    std::vector<Tensor> tensors = good->tensors();
    change(described, tensors);
    const auto out = find_backend("mixture")->load(described, std::move(tensors));
    return out ? "no refusal" : to_string(out.error());
  };
  EXPECT_EQ(with([](Json& j, auto&) { j = Json(); }), "a mixture without its list of \"members\"");
  EXPECT_EQ(with([](Json& j, auto&) { j["members"][0].erase("kind"); }),
            "a mixture whose member 0 has no \"kind\"");
  EXPECT_EQ(with([](Json& j, auto&) { j["members"][1]["kind"] = "oracle"; }),
            "a mixture whose member 1 is of kind \"oracle\", not known here");
  EXPECT_EQ(with([](Json& j, auto&) { j["members"][1]["kind"] = "mixture"; }),
            "a mixture whose member 1 is a mixture itself");
  EXPECT_EQ(with([](Json& j, auto&) { j["members"].erase(1); }),
            "a mixture of 1 members without a tensor \"shares\" of that length");
  EXPECT_EQ(with([](Json&, auto& t) { t[0].name = "parts"; }),
            "a mixture of 2 members without a tensor \"shares\" of that length");
  EXPECT_EQ(with([](Json&, auto& t) { t[0].values[0] = 0.4; }),
            "a mixture whose shares do not sum to 1");
  EXPECT_EQ(with([](Json&, auto& t) { t[1].name = "member_7/coefficients"; }),
            "a linear model without the tensor \"coefficients\" (while reading member 0 of a "
            "mixture)");
  EXPECT_EQ(with([](Json&, auto& t) {
              t.push_back({"member_2/coefficients", {1}, {0}});
            }),
            "a mixture with a tensor \"member_2/coefficients\" of no member");
  EXPECT_EQ(with([](Json&, auto& t) { t[2].values = {0}, t[2].shape = {1}; }),
            "a mixture whose members have 1 and 0 columns");
}

}  // namespace
}  // namespace evenhand::model
