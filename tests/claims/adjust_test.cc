// Claim: what `adjust fit` promises of held-out rows holds on fresh ones. In each of some hundreds
// of tables a policy is fitted, and the rates that it has on 60,000 fresh rows of the same law are
// held against the intervals of its record: each holds in at least 95 % of tables, less three
// standard errors of the simulation, for policies that look at groups and those that do not, with
// lots and without.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/adjust/fit.h"
#include "evenhand/base/random.h"
#include "evenhand/table/testing.h"
#include "simulation.h"

namespace evenhand::claims {
namespace {

constexpr int kTables = 300, kRows = 1'500, kFresh = 60'000;

/// Three groups of unequal size, base rate and informativeness.
std::vector<adjust::Row> draw(int rows, Random& random) {
  std::vector<adjust::Row> out;
  for (int i = 0; i < rows; ++i) {
    const double u = random.uniform();
    const std::uint32_t group = u < 0.5 ? 0 : u < 0.8 ? 1 : 2;
    const double x = 3 * (random.uniform() + random.uniform() - 1) + (group == 1 ? -0.7 : 0.2);
    const double slope = group == 2 ? 1.5 : 2.5;
    const bool one = random.uniform() < 1 / (1 + std::exp(-slope * x));
    out.push_back({1 / (1 + std::exp(-x)), group, static_cast<std::uint8_t>(one ? 1 : 0)});
  }
  return out;
}

std::string csv(const std::vector<adjust::Row>& rows) {
  std::string out = "g,p,y\n";
  for (const adjust::Row& row : rows) {
    out += std::string(1, static_cast<char>('a' + row.group)) + ',' + std::to_string(row.score) +
           (row.label == 1 ? ",1\n" : ",0\n");
  }
  return out;
}

struct Asked {
  const char* equalise;
  bool group_aware, deterministic;
  const char* calibrate;
};

adjust::FitOptions options_for(const Asked& asked, const std::string& file) {
  adjust::FitOptions out;
  out.files = {file};
  out.columns = {"p", "y", "1", {"g"}, std::nullopt};
  out.equalise = asked.equalise;
  out.calibrate = asked.calibrate;
  out.deterministic = asked.deterministic;
  out.tolerance = 0.05;
  out.rate_min = 0.1;
  out.threads = 1;
  if (asked.group_aware) {
    out.group_aware = true;
    out.basis = "a simulation";
    out.signatory = "nobody";
  }
  return out;
}

/// Which findings of held-out rows hold the truth of the fitted policy.
void judge(const adjust::Fitted& fitted, const std::vector<adjust::Row>& fresh,
           std::map<std::string, int>& holds) {
  std::vector<const model::Rule*> rules;
  for (const table::GroupKey& group : fitted.crossing.groups) {
    rules.push_back(model::rule_of(fitted.policy, group));
  }
  adjust::Seen truth{"policy", "fresh", std::vector<adjust::Outcome>(rules.size())};
  for (const adjust::Row& row : fresh) {
    adjust::see(truth.groups[row.group], row, model::chance(*rules[row.group], row.score));
  }
  const auto seen = std::find_if(fitted.seen.begin(), fitted.seen.end(), [](const auto& each) {
    return each.rule == "policy" && each.rows == "held_out";
  });
  using adjust::Which;
  for (std::size_t g = 0; g < rules.size(); ++g) {
    for (const Which which :
         {Which::kSelectionRate, Which::kTruePositive, Which::kFalsePositive, Which::kPrecision}) {
      const adjust::Rate promised = adjust::rate_of(seen->groups[g], which);
      const double is = *adjust::rate_of(truth.groups[g], which).value;
      const std::string name =
          "group " + std::to_string(g) + " rate " + std::to_string(static_cast<int>(which));
      holds[name] += promised.low <= is && is <= promised.high ? 1 : 0;
    }
  }
  const auto promised = adjust::gap_of(*seen, *fitted.plan.equalise, fitted.compared);
  const auto is = adjust::gap_of(truth, *fitted.plan.equalise, fitted.compared);
  holds["gap"] += promised->low <= is->value && is->value <= promised->high ? 1 : 0;
}

TEST(Adjust, RatesOfFreshRowsLieWithinTheIntervalsOfTheRecord) {
  const table::testing::Folder folder;
  Random random(1);
  const std::vector<adjust::Row> fresh = draw(kFresh, random);
  for (const Asked& asked :
       {Asked{"selection_rate", false, false, ""}, Asked{"odds", true, false, ""},
        Asked{"tpr", true, true, ""}, Asked{"precision", true, false, ""},
        Asked{"tpr", false, true, ""}, Asked{"selection_rate", true, false, "platt"}}) {
    std::map<std::string, int> holds;
    for (int i = 0; i < kTables; ++i) {
      const auto fitted =
          adjust::fit(options_for(asked, folder.write("rows.csv", csv(draw(kRows, random)))));
      ASSERT_TRUE(fitted) << to_string(fitted.error());
      judge(*fitted, fresh, holds);
    }
    double least = 1, sum = 0;
    std::string where;
    for (const auto& [name, times] : holds) {
      const double share = static_cast<double>(times) / kTables;
      sum += share;
      if (share < least) {
        least = share;
        where = name;
      }
      EXPECT_GE(share, bar(0.95, kTables)) << asked.equalise << ' ' << asked.group_aware << ' '
                                           << asked.deterministic << ' ' << name;
    }
    std::printf("%s%s%s: held in %.1f %% on average, least %.1f %% (%s)\n", asked.equalise,
                asked.group_aware ? " by group" : "", asked.deterministic ? ", no lots" : "",
                100 * sum / static_cast<double>(holds.size()), 100 * least, where.c_str());
  }
}

}  // namespace
}  // namespace evenhand::claims
