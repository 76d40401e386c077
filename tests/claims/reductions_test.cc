// Claim: a mixture that was fitted with eps keeps its bound on people whom it has not seen, up to
// the noise of two samples: of the one that it was fitted to and of the one that it is judged on.
// Features, base rates and the plain model's rates differ between the groups; the model sees the
// group only through its features.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/model/linear.h"
#include "evenhand/train/linear_oracle.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

using train::Parity;

constexpr int kRuns = 200;
constexpr std::size_t kRows = 1'500;
constexpr double kEps = 0.02;

struct People {
  model::Design design;
  std::vector<std::uint8_t> labels;
  std::vector<std::uint32_t> groups;

  People(std::size_t rows, std::uint64_t seed) {
    design.rows = rows;
    design.numbers = 3;
    design.columns = {"x", "z", "v"};
    Random random(seed);
    for (std::size_t i = 0; i < rows; ++i) {
      const auto group = static_cast<std::uint32_t>(random() % 3);
      const double x = random.uniform() * 3 - 1.5 + 0.5 * group;
      const double z = random.uniform() * 2 - 1 - 0.3 * group, v = random.uniform();
      design.values.insert(design.values.end(), {x, z, v});
      groups.push_back(group);
      labels.push_back(random.uniform() < 1 / (1 + std::exp(-1.2 * x + z)) ? 1 : 0);
    }
  }
  train::ReductionsSample sample() const { return {labels, groups, {"a", "b", "c"}, {}}; }
};

// Share of an event's rows that are chosen in expectation, and their number.
struct Rate {
  double chosen = 0, rows = 0;
  double value() const { return chosen / rows; }
};

Rate rate_of(const People& people, const std::vector<double>& scores, int event, int group) {
  Rate out;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (event != 2 && people.labels[i] != event) continue;
    if (group >= 0 && people.groups[i] != static_cast<std::uint32_t>(group)) continue;
    out.chosen += scores[i];
    ++out.rows;
  }
  return out;
}

// Is some group further from everybody than eps and what chance explains? Limits at 3.5 standard
// errors: of nine rates in all one run in some 250 would be.
bool breaks(const model::Model& model, const People& seen, const People& unseen, Parity parity) {
  std::vector<double> scores(unseen.design.rows);
  model.score(unseen.design, scores);
  const std::vector<int> events =
      parity == Parity::kDemographic ? std::vector<int>{2} : std::vector<int>{0, 1};
  for (const int event : events) {
    for (int g = 0; g < 3; ++g) {
      const Rate own = rate_of(unseen, scores, event, g);
      const Rate all = rate_of(unseen, scores, event, -1);
      const double rows_seen = rate_of(seen, std::vector<double>(kRows), event, g).rows;
      const double spread = own.value() * (1 - own.value()) * (1 / own.rows + 1 / rows_seen);
      if (std::abs(own.value() - all.value()) > kEps + 3.5 * std::sqrt(spread)) return true;
    }
  }
  return false;
}

TEST(ReductionsClaims, ABoundHoldsOnPeopleWhoWereNotSeen) {
  for (const Parity parity : {Parity::kDemographic, Parity::kEqualizedOdds}) {
    int broken = 0, broken_plain = 0, not_reached = 0;
    for (std::uint64_t run = 0; run < kRuns; ++run) {
      const People seen(kRows, 2 * run), unseen(4 * kRows, 2 * run + 1);
      train::ReductionsOptions options;
      options.parity = parity;
      options.eps = kEps;
      options.threads = 1;
      const auto fit =
          train::fit_reductions(seen.sample(), options, train::linear_oracle(seen.design, 1, 1));
      ASSERT_TRUE(fit) << to_string(fit.error());
      not_reached += fit->reached ? 0 : 1;
      const auto mixture = train::as_model(*fit);
      ASSERT_TRUE(mixture);
      broken += breaks(**mixture, seen, unseen, parity) ? 1 : 0;
      // The plain fit, as a mixture of one: decisions, not scores.
      auto plain = model::fit_linear({seen.design, seen.labels, {}}, {.l2 = 1, .threads = 1});
      ASSERT_TRUE(plain);
      train::ReductionsFit alone;
      alone.members.push_back({1, 0, std::shared_ptr<const model::Model>(*std::move(plain))});
      broken_plain += breaks(**train::as_model(alone), seen, unseen, parity) ? 1 : 0;
    }
    EXPECT_EQ(not_reached, 0);
    EXPECT_GE(1 - static_cast<double>(broken) / kRuns, bar(0.99, kRuns));
    EXPECT_GT(broken_plain, kRuns * 9 / 10) << "there must be something to bound";
    RecordProperty("broken", broken);
  }
}

}  // namespace
}  // namespace evenhand::claims
