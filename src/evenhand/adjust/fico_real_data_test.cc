// TransRisk scores and repayment by race of Hardt, Price & Srebro 2016 (arXiv:1610.02413, section
// 6), from the Federal Reserve's report to Congress of 2007. Expected values: the code of
// fairmlbook.org (fairmlbook/fairmlbook.github.io, code/creditscore), run. Its rules are single
// cut-offs on a grid of half a point, which equalise as nearly as the grid allows and so keep a
// little more profit than exact equality; at the gap that they leave, ours keep at least as much.
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/adjust/testing.h"
#include "evenhand/adjust/thresholds.h"
#include "evenhand/base/testing.h"

namespace evenhand::adjust {
namespace {

enum Race : std::size_t { kWhite, kBlack, kHispanic, kAsian };  // columns of the files

std::vector<std::array<double, 5>> rows_of_file(const std::string& name) {
  std::ifstream in(evenhand::testing::real_data("tabular/fico/" + name));
  std::vector<std::array<double, 5>> out;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    std::string cell;
    std::array<double, 5> row{};
    for (double& x : row) {
      std::getline(cells, cell, ',');
      x = cell == "SSA" ? 0 : std::stod(cell);
    }
    out.push_back(row);
  }
  return out;
}

/// Cells of weighted rows: the share of a race at a score times its size, by repayment.
Crowd fico() {
  const auto totals = rows_of_file("totals.csv");
  const auto cumulated = rows_of_file("transrisk_cdf_by_race_ssa.csv");
  const auto defaulted = rows_of_file("transrisk_performance_by_race_ssa.csv");
  Crowd out{{}, 4};
  for (std::size_t i = cumulated.size(); i-- > 0;) {
    for (std::size_t race = 0; race < 4; ++race) {
      const double below = i == 0 ? 0 : cumulated[i - 1][race + 1];
      const double rows = totals[0][race + 1] * (cumulated[i][race + 1] - below) / 100;
      const double bad = defaulted[i][race + 1] / 100;
      if (rows <= 0) continue;
      out.cells.push_back(
          {cumulated[i][0], static_cast<std::uint32_t>(race), rows * bad, rows * (1 - bad)});
    }
  }
  return out;
}

struct Fico {
  Crowd crowd = fico();
  std::vector<Curve> curves = curves_of(crowd);
  Question question;
  Fico() {
    // A loan pays if at least 82 % of such loans are repaid.
    question.cost_fp = 0.82;
    question.cost_fn = 0.18;
  }
  double profit(const std::vector<model::Rule>& rules) const {
    double out = 0;
    const std::vector<Let> lets = lets_of(curves, rules);
    for (const Let& let : lets) out += 0.18 * let.tp - 0.82 * let.fp;
    return out;
  }
  std::vector<model::Rule> most_profitable() const {
    std::vector<model::Rule> out;
    for (std::uint32_t g = 0; g < 4; ++g) {
      Crowd own{{}, 4};
      for (const Cell& cell : crowd.cells) {
        if (cell.group == g) own.cells.push_back(cell);
      }
      out.push_back(rule_at(cheapest_threshold(own, question)));
    }
    return out;
  }
  double efficiency(const std::vector<model::Rule>& rules) const {
    return profit(rules) / profit(most_profitable());
  }
  std::vector<model::Rule> equalised(Equalise equalise) {
    question.equalise = equalise;
    return lots_by_group(curves, question)->rules;
  }
};

// Oracle: O21 reproduced (their grid of scores is half a point wide)
TEST(FicoRealData, SharesWhoRepayAreThoseOfThePaper) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/fico/totals.csv");
  const Fico fico;
  const double repaid[] = {0.7587, 0.3366, 0.5681, 0.8068};
  for (std::size_t g = 0; g < 4; ++g) {
    EXPECT_NEAR(fico.curves[g].n1 / fico.curves[g].rows(), repaid[g], 5e-4) << g;
  }
}

// Oracle: O21 reproduced (their grid of scores is half a point wide)
TEST(FicoRealData, MaximumProfitAndOneThresholdAreThePublishedCutOffs) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/fico/totals.csv");
  const Fico fico;
  const double cut_offs[] = {40, 48, 45.5, 38};
  const std::vector<model::Rule> most = fico.most_profitable();
  for (std::size_t g = 0; g < 4; ++g) EXPECT_NEAR(most[g].steps[0].from, cut_offs[g], 0.5) << g;
  const model::Rule one = rule_at(cheapest_threshold(fico.crowd, fico.question));
  EXPECT_NEAR(one.steps[0].from, 41, 0.5);
  EXPECT_NEAR(fico.efficiency({one}), 0.9935, 5e-4);
}

// Oracle: O21 reproduced (their grid of scores is half a point wide)
TEST(FicoRealData, EqualOpportunityAndDemographicParityKeepThePublishedProfit) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/fico/totals.csv");
  Fico fico;
  const double opportunity[] = {46, 29.5, 35, 45.5}, parity[] = {52.5, 18.5, 32, 53.5};
  std::vector<model::Rule> rules = fico.equalised(Equalise::kTruePositiveRate);
  EXPECT_NEAR(fico.efficiency(rules), 0.9303, 2e-3);
  for (std::size_t g = 0; g < 4; ++g) {
    EXPECT_NEAR(rules[g].steps.back().from, opportunity[g], 1.5) << g;
    const Let let = let_in(fico.curves[g], rules[g]);
    EXPECT_NEAR(let.tp / fico.curves[g].n1, 0.755, 0.02) << g;
  }
  rules = fico.equalised(Equalise::kSelectionRate);
  EXPECT_NEAR(fico.efficiency(rules), 0.7071, 3e-3);
  for (std::size_t g = 0; g < 4; ++g) {
    EXPECT_NEAR(rules[g].steps.back().from, parity[g], 1.5) << g;
  }
}

TEST(FicoRealData, PublishedCutOffsAreNotBetterAtTheGapThatTheyLeave) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/fico/totals.csv");
  Fico fico;
  struct Published {
    Equalise equalise;
    double cut_offs[4], efficiency;
  };
  for (const Published& published :
       {Published{Equalise::kTruePositiveRate, {46, 29.5, 35, 45.5}, 0.9303},
        Published{Equalise::kSelectionRate, {52.5, 18.5, 32, 53.5}, 0.7071}}) {
    std::vector<model::Rule> theirs;
    for (const double cut_off : published.cut_offs) theirs.push_back(rule_at(cut_off));
    EXPECT_NEAR(fico.efficiency(theirs), published.efficiency, 0.02);
    fico.question.tolerance = gap_between(published.equalise, fico.curves,
                                          lets_of(fico.curves, theirs), {true, true, true, true});
    EXPECT_TRUE(fico.question.tolerance > 0 && fico.question.tolerance < 0.03)
        << fico.question.tolerance;
    EXPECT_GE(fico.efficiency(fico.equalised(published.equalise)), fico.efficiency(theirs) - 1e-9);
  }
}

// Oracle: O21 reproduced (their grid of scores is half a point wide)
TEST(FicoRealData, EqualizedOddsIsThePublishedPoint) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/fico/totals.csv");
  Fico fico;
  const std::vector<model::Rule> rules = fico.equalised(Equalise::kOdds);
  EXPECT_NEAR(fico.efficiency(rules), 0.8042, 3e-3);
  for (std::size_t g = 0; g < 4; ++g) {
    const Let let = let_in(fico.curves[g], rules[g]);
    EXPECT_NEAR(let.fp / fico.curves[g].n0, 0.11916, 5e-3) << g;
    EXPECT_NEAR(let.tp / fico.curves[g].n1, 0.71981, 5e-3) << g;
  }
}

}  // namespace
}  // namespace evenhand::adjust
