// Logistic regression against tables that are solved by hand, published fits, another tool, and a
// slow twin.
#include "evenhand/model/logistic_fit.h"

#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include <gtest/gtest.h>

#include "evenhand/base/testing.h"
#include "evenhand/model/encoding.h"
#include "evenhand/model/testing.h"
#include "evenhand/table/reader.h"
#include "evenhand/table/testing.h"

namespace evenhand::model {
namespace {

using testing::dense;
using testing::population;
using testing::Population;

constexpr LogisticOptions kPlain{.l2 = 0, .threads = 2};

LogisticFit fitted(const Sample& sample, const LogisticOptions& options) {
  auto fit = fit_logistic(sample, options);
  if (fit) return *fit;
  ADD_FAILURE() << to_string(fit.error());
  return {};
}

std::string refusal(const Sample& sample, const LogisticOptions& options) {
  const auto fit = fit_logistic(sample, options);
  return fit ? "no refusal" : fit.error().says;
}

// By hand: with one 0/1 column the fit is saturated. Of 30 rows with x = 0, 10 are favourable; of
// 50 with x = 1, 40. b0 = log(10/20), b1 = log(40/10) - b0; the variances are sums of 1/count.
TEST(LogisticFit, SolvesATwoByTwoTableByHand) {
  const Design design = dense({"x"}, {0, 0, 1, 1});
  const std::vector<std::uint8_t> labels{1, 0, 1, 0};
  const std::vector<double> weights{10, 20, 40, 10};
  const LogisticFit fit = fitted({design, labels, weights}, kPlain);
  EXPECT_NEAR(fit.coefficients[1], std::log(0.5), 1e-12);
  EXPECT_NEAR(fit.coefficients[0], std::log(4.0) - std::log(0.5), 1e-12);
  EXPECT_NEAR(fit.standard_errors[1], std::sqrt(1 / 10.0 + 1 / 20.0), 1e-12);
  EXPECT_NEAR(fit.standard_errors[0], std::sqrt(1 / 10.0 + 1 / 20.0 + 1 / 40.0 + 1 / 10.0), 1e-12);
}

// Beetles killed by carbon disulphide (Bliss, Ann. Appl. Biol. 22 (1935) 134): log dose, beetles,
// killed.
struct Beetles {
  static constexpr double kDose[] = {1.6907, 1.7242, 1.7552, 1.7842,
                                     1.8113, 1.8369, 1.8610, 1.8839};
  static constexpr double kAll[] = {59, 60, 62, 56, 63, 59, 62, 60};
  static constexpr double kKilled[] = {6, 13, 18, 28, 52, 53, 61, 60};
  Design design;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;
  double saturated = 0;  // -2 log likelihood with a probability of its own for each dose
  explicit Beetles(bool with_second) {
    std::vector<double> values;
    for (std::size_t d = 0; d < 8; ++d) {
      for (const bool killed : {true, false}) {
        values.push_back(with_second ? kDose[d] - 1.8 : kDose[d]);
        if (with_second) values.push_back(static_cast<double>(d % 2));
        labels.push_back(killed ? 1 : 0);
        weights.push_back(killed ? kKilled[d] : kAll[d] - kKilled[d]);
        if (weights.back() > 0)
          saturated -= 2 * weights.back() * std::log(weights.back() / kAll[d]);
      }
    }
    design = with_second ? dense({"dose", "odd"}, values) : dense({"dose"}, values);
  }
};

// Dobson & Barnett, An Introduction to Generalized Linear Models (2008) 7.3: -60.717
// (5.181), 34.270 (2.912), deviance 11.23; the further digits are those of statsmodels 0.15.0.
TEST(LogisticFit, ReproducesThePublishedBeetles) {
  const Beetles beetles(false);
  const LogisticFit fit = fitted({beetles.design, beetles.labels, beetles.weights}, kPlain);
  EXPECT_NEAR(fit.coefficients[1], -60.717454561636, 1e-8);
  EXPECT_NEAR(fit.coefficients[0], 34.270325734147, 1e-8);
  EXPECT_NEAR(fit.standard_errors[1], 5.180711461309, 1e-8);
  EXPECT_NEAR(fit.standard_errors[0], 2.912140069482, 1e-8);
  EXPECT_NEAR(fit.deviance - beetles.saturated, 11.23223109741932, 1e-9);
}

// scikit-learn 1.9.1, LogisticRegression(C=0.5, solver="newton-cholesky"): our l2 is 1/C.
TEST(LogisticFit, PenalisesAsScikitLearnDoes) {
  const Beetles beetles(true);
  for (const Method method : {Method::kNewton, Method::kLbfgs}) {
    const LogisticFit fit = fitted({beetles.design, beetles.labels, beetles.weights},
                                   {.l2 = 2, .threads = 1, .method = method});
    EXPECT_NEAR(fit.coefficients[0], 4.070330718243, 2e-7);
    EXPECT_NEAR(fit.coefficients[1], 0.289652081633, 2e-7);
    EXPECT_NEAR(fit.coefficients[2], 0.320151308685, 2e-7);
  }
}

// The slow twin: plain gradient descent on the formulas, entry by entry.
std::vector<double> by_descent(const Population& people, double l2) {
  std::vector<double> b(people.design.columns.size() + 1);
  for (int step = 0; step < 20000; ++step) {
    std::vector<double> slope(b.size());
    double weight = 0;
    for (std::size_t i = 0; i < people.design.rows; ++i) {
      double eta = b.back();
      for (std::size_t c = 0; c + 1 < b.size(); ++c)
        eta += testing::entry(people.design, i, c) * b[c];
      const double pull = people.weights[i] * (1 / (1 + std::exp(-eta)) - people.labels[i]);
      for (std::size_t c = 0; c + 1 < b.size(); ++c)
        slope[c] += pull * testing::entry(people.design, i, c);
      slope.back() += pull;
      weight += people.weights[i];
    }
    for (std::size_t c = 0; c + 1 < b.size(); ++c) slope[c] += l2 * b[c];
    for (std::size_t c = 0; c < b.size(); ++c) b[c] -= slope[c] / weight;
  }
  return b;
}

TEST(LogisticFit, EqualsItsSlowTwin) {
  const Population people = population(150, 5);
  const LogisticFit fit =
      fitted({people.design, people.labels, people.weights}, {.l2 = 3, .threads = 2});
  const std::vector<double> slow = by_descent(people, 3);
  for (std::size_t c = 0; c < slow.size(); ++c)
    EXPECT_NEAR(fit.coefficients[c], slow[c], 1e-7) << c;
}

TEST(LogisticFit, FindsTheSamePointByLbfgs) {
  const Population people = population(20'000, 6);
  const Sample sample{people.design, people.labels, people.weights};
  const LogisticFit newton = fitted(sample, {.l2 = 0.5, .threads = 2, .method = Method::kNewton});
  const LogisticFit lbfgs = fitted(sample, {.l2 = 0.5, .threads = 2, .method = Method::kLbfgs});
  EXPECT_EQ(lbfgs.method, "lbfgs");
  EXPECT_NEAR(newton.deviance, lbfgs.deviance, 1e-9 * newton.deviance);
  for (std::size_t c = 0; c < newton.coefficients.size(); ++c) {
    EXPECT_NEAR(newton.coefficients[c], lbfgs.coefficients[c], 1e-6) << c;
  }
}

TEST(LogisticFit, TakesLbfgsBeyond512Columns) {
  const std::size_t columns = 600, rows = 900;
  Random random(7);
  std::vector<double> values(columns * rows);
  for (double& x : values) x = random.uniform() - 0.5;
  std::vector<std::uint8_t> labels;
  for (std::size_t i = 0; i < rows; ++i) labels.push_back(random.uniform() < 0.4 ? 1 : 0);
  const Design design = dense(std::vector<std::string>(columns, "x"), values);
  const LogisticFit chosen = fitted({design, labels, {}}, {.l2 = 1, .threads = 2});
  EXPECT_EQ(chosen.method, "lbfgs");
  const LogisticFit newton =
      fitted({design, labels, {}}, {.l2 = 1, .threads = 2, .method = Method::kNewton});
  EXPECT_NEAR(chosen.deviance, newton.deviance, 1e-6 * newton.deviance);
}

// By hand: a column and its copy share a coefficient evenly, (b/2)^2 + (b/2)^2 = b^2/2, so under l2
// each is half of what the column alone has under l2/2. 640 columns of rare levels, as dates give.
TEST(LogisticFit, ArrivesByLbfgsAtRareLevelsAndTheirCopies) {
  constexpr std::uint32_t kLevels = 320;
  constexpr std::size_t kRows = 8'000;
  Random random(11);
  Design once, twice;
  std::vector<std::uint8_t> labels;
  once.rows = twice.rows = kRows;
  once.factors = 1, twice.factors = 2;
  once.columns.assign(kLevels, "day"), twice.columns.assign(2 * kLevels, "day");
  for (std::size_t i = 0; i < kRows; ++i) {
    const auto level = static_cast<std::uint32_t>(i * 7 % kLevels);
    once.levels.push_back(level);
    twice.levels.insert(twice.levels.end(), {level, level + kLevels});
    labels.push_back(random.uniform() < (level % 2 == 0 ? 0.6 : 0.5) ? 1 : 0);
  }
  const LogisticFit newton = fitted({once, labels, {}}, {.l2 = 0.5, .threads = 2});
  const LogisticFit lbfgs = fitted({twice, labels, {}}, {.l2 = 1, .threads = 2});
  ASSERT_EQ(newton.method, "newton");
  ASSERT_EQ(lbfgs.method, "lbfgs");
  for (std::size_t c = 0; c < kLevels; ++c) {
    EXPECT_NEAR(lbfgs.coefficients[c], newton.coefficients[c] / 2, 1e-5) << c;
    EXPECT_NEAR(lbfgs.coefficients[c + kLevels], newton.coefficients[c] / 2, 1e-5) << c;
  }
}

TEST(LogisticFit, TakesAWeightAsThatManyRows) {
  const Population people = population(400, 8);
  Population copies;
  copies.design.columns = people.design.columns;
  copies.design.numbers = 2;
  copies.design.factors = 2;
  for (std::size_t i = 0; i < people.design.rows; ++i) {
    for (int copy = 0; copy < static_cast<int>(people.weights[i]); ++copy) {
      for (std::size_t k = 0; k < 2; ++k) {
        copies.design.values.push_back(people.design.values[2 * i + k]);
        copies.design.levels.push_back(people.design.levels[2 * i + k]);
      }
      copies.labels.push_back(people.labels[i]);
    }
  }
  copies.design.rows = copies.labels.size();
  const LogisticFit weighted = fitted({people.design, people.labels, people.weights}, {.l2 = 1});
  const LogisticFit copied = fitted({copies.design, copies.labels, {}}, {.l2 = 1});
  for (std::size_t c = 0; c < weighted.coefficients.size(); ++c) {
    EXPECT_NEAR(weighted.coefficients[c], copied.coefficients[c], 1e-12) << c;
    EXPECT_NEAR(weighted.standard_errors[c], copied.standard_errors[c], 1e-12) << c;
  }
}

TEST(LogisticFit, HasTheSameBitsForAnyNumberOfThreads) {
  const Population people = population(30'000, 9);
  const Sample sample{people.design, people.labels, people.weights};
  for (const Method method : {Method::kNewton, Method::kLbfgs}) {
    const LogisticFit one = fitted(sample, {.l2 = 1, .threads = 1, .method = method});
    const LogisticFit seven = fitted(sample, {.l2 = 1, .threads = 7, .method = method});
    EXPECT_EQ(one.coefficients, seven.coefficients);
    EXPECT_EQ(one.standard_errors, seven.standard_errors);
  }
}

TEST(LogisticFit, StartsFromAnotherFitAndFindsTheSamePoint) {
  const Population people = population(3'000, 10);
  const Sample sample{people.design, people.labels, people.weights};
  const LogisticFit cold = fitted(sample, {.l2 = 1});
  const LogisticFit warm = fitted(sample, {.l2 = 1, .start = cold.coefficients});
  EXPECT_GT(cold.iterations, 3);
  EXPECT_EQ(warm.iterations, 1);
  for (std::size_t c = 0; c < cold.coefficients.size(); ++c) {
    EXPECT_NEAR(warm.coefficients[c], cold.coefficients[c], 1e-9) << c;
  }
}

// What is left after a step that began with 1e-4 of the loss is far below a standard error.
TEST(LogisticFit, StopsEarlyWhereToldSoNextToThePoint) {
  const Population people = population(3'000, 11);
  const Sample sample{people.design, people.labels, people.weights};
  const LogisticFit whole = fitted(sample, {.l2 = 1});
  const LogisticFit early =
      fitted(sample, {.l2 = 1, .decrement_max = 1e-4, .standard_errors = false});
  EXPECT_LT(early.iterations, whole.iterations);
  EXPECT_TRUE(early.standard_errors.empty());
  for (std::size_t c = 0; c < whole.coefficients.size(); ++c) {
    EXPECT_NEAR(early.coefficients[c], whole.coefficients[c], 0.02 * whole.standard_errors[c]) << c;
  }
}

TEST(LogisticFit, NamesTheColumnThatSaysNothingNew) {
  const Design design =
      dense({"x", "one", "twice"}, {0, 1, 0, 1, 1, 2, 2, 1, 4, 3, 1, 6, 1, 1, 2, 2, 1, 4});
  const std::vector<std::uint8_t> labels{0, 1, 0, 1, 0, 1};
  const Design doubled = dense({"x", "twice"}, {0, 0, 1, 2, 2, 4, 3, 6, 1, 2, 2, 4});
  EXPECT_EQ(refusal({doubled, labels, {}}, kPlain),
            "column \"twice\" is constant or follows from the columns before it, so its "
            "coefficient is not "
            "determined; leave it out or ask for l2 > 0");
  const Design zero = dense({"x", "none"}, {0, 0, 1, 0, 2, 0, 3, 0, 1, 0, 2, 0});
  EXPECT_NE(refusal({zero, labels, {}}, kPlain).find("\"none\""), std::string::npos);
  EXPECT_TRUE(fit_logistic({design, labels, {}}, {.l2 = 1}).has_value());
}

TEST(LogisticFit, SaysWhichColumnSeparatesTheLabels) {
  const Design whole = dense({"noise", "perfect"}, {3, 0, 1, 0, 2, 0, 3, 1, 1, 1, 2, 1.5});
  const std::vector<std::uint8_t> labels{0, 0, 0, 1, 1, 1};
  EXPECT_EQ(
      refusal({whole, labels, {}}, kPlain),
      "the columns tell the two labels of some rows apart without error (foremost \"perfect\"), so "
      "their coefficients grow without end; ask for l2 > 0 or leave that column out");
  EXPECT_TRUE(fit_logistic({whole, labels, {}}, {.l2 = 0.01}).has_value());
}

// Quasi-separation: only the rows with flag = 1 are told apart, the others overlap.
TEST(LogisticFit, SaysSoToWhenOnlySomeRowsAreSeparated) {
  Population people = population(300, 10);
  people.design.columns.push_back("flag");
  std::vector<double> values;
  for (std::size_t i = 0; i < 300; ++i) {
    const bool flag = i < 12;
    values.insert(values.end(), {people.design.values[2 * i], flag ? 1.0 : 0.0});
    if (flag) people.labels[i] = 1;
  }
  const Design design = dense({"x", "flag"}, values);
  EXPECT_NE(refusal({design, people.labels, {}}, kPlain).find("foremost \"flag\""),
            std::string::npos);
}

TEST(LogisticFit, RefusesWhatTeachesNothing) {
  const Design design = dense({"x"}, {1, 2, 3});
  const std::vector<std::uint8_t> ones{1, 1, 1}, zeros{0, 0, 0};
  const std::vector<double> nothing{0, 0, 0};
  EXPECT_EQ(refusal({design, ones, {}}, {}),
            "every label is the favourable one: there is nothing to learn");
  EXPECT_EQ(refusal({design, zeros, {}}, {}),
            "no label is the favourable one: there is nothing to learn");
  EXPECT_EQ(refusal({design, ones, nothing}, {}), "no row has a label and a weight above 0");
  EXPECT_EQ(refusal({design, ones, {}}, {.l2 = std::nan("")}), "l2 must be a number of at least 0");
}

TEST(LogisticFit, FitsTheInterceptAloneWithoutColumns) {
  Design design;
  design.rows = 4;
  const std::vector<std::uint8_t> labels{1, 0, 0, 0};
  const LogisticFit fit = fitted({design, labels, {}}, kPlain);
  EXPECT_NEAR(fit.coefficients.at(0), std::log(1.0 / 3), 1e-12);
}

// --- COMPAS -----------------------------------------------------------------------------------

// The file with its second "decile_score" and "priors_count" renamed: a reader rightly refuses two
// columns of one name.
std::string with_unique_names(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  for (const std::string name : {",decile_score,", ",priors_count,"}) {
    const std::size_t second = bytes.find(name, bytes.find(name) + 1);
    EXPECT_LT(second, bytes.find('\n'));
    bytes.insert(second + name.size() - 1, "_again");
  }
  return bytes;
}

// The file's columns that the regression names, all rows.
table::Batch compas(const std::string& original, std::vector<table::Wanted>& wanted) {
  using table::As;
  const table::testing::Folder folder;
  const std::string path = folder.write("compas.csv", with_unique_names(original));
  wanted = {{"sex", As::kText},
            {"age_cat", As::kText},
            {"race", As::kText},
            {"c_charge_degree", As::kText},
            {"score_text", As::kText},
            {"priors_count", As::kNumber},
            {"two_year_recid", As::kNumber},
            {"days_b_screening_arrest", As::kNumber},
            {"is_recid", As::kNumber}};
  std::map<std::uint64_t, table::Batch> parts;
  std::mutex mutex;
  const auto facts = table::scan(
      {path}, {}, wanted, 1,
      [&](unsigned, std::uint64_t ordinal, table::Batch&& batch) -> Result<void> {
        const std::lock_guard lock(mutex);
        parts.emplace(ordinal, std::move(batch));
        return {};
      },
      nullptr);
  if (!facts) ADD_FAILURE() << to_string(facts.error());
  table::Batch out;
  out.columns.resize(wanted.size());
  for (auto& [ordinal, part] : parts) {
    for (std::size_t c = 0; c < wanted.size(); ++c) {
      table::Column& whole = out.columns[c];
      const table::Column& column = part.columns[c];
      whole.as = wanted[c].as;
      whole.numbers.insert(whole.numbers.end(), column.numbers.begin(), column.numbers.end());
      for (const std::uint32_t code : column.codes) {  // each row its own value: slow and plain
        whole.values.push_back(code == 0 ? "N/A" : column.values[code - 1]);
        whole.codes.push_back(static_cast<std::uint32_t>(whole.values.size()));
      }
    }
    out.rows += part.rows;
  }
  return out;
}

// The 6,172 rows, and whether each is scored High or Medium.
std::vector<std::uint32_t> chosen_rows(const table::Batch& all, std::vector<std::uint8_t>& high) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < all.rows; ++i) {
    const bool in_time = std::abs(all.columns[7].numbers[i]) <= 30;  // a missing day is not
    const bool known = all.columns[8].numbers[i] != -1 && all.columns[3].values[i] != "O" &&
                       all.columns[4].values[i] != "N/A";
    if (!in_time || !known) continue;
    out.push_back(i);
    high.push_back(all.columns[4].values[i] == "Low" ? 0 : 1);
  }
  return out;
}

// ProPublica's regression (Angwin et al. 2016; its notebook prints these numbers).
TEST(LogisticFitRealData, ReproducesTheRegressionOfCompas) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/compas/compas-scores-two-years.csv");
  std::vector<table::Wanted> wanted;
  const table::Batch all = compas(path, wanted);
  std::vector<std::uint8_t> high;
  const std::vector<std::uint32_t> rows = chosen_rows(all, high);
  ASSERT_EQ(rows.size(), 6172U);

  Design design;
  design.columns = {"priors_count", "two_year_recid", "Female",
                    "> 45",         "< 25",           "African-American",
                    "Asian",        "Hispanic",       "Native American",
                    "Other",        "misdemeanour"};
  const std::map<std::string, std::uint32_t> column_of{
      {"Female", 2U},           {"Greater than 45", 3U}, {"Less than 25", 4U},
      {"African-American", 5U}, {"Asian", 6U},           {"Hispanic", 7U},
      {"Native American", 8U},  {"Other", 9U},           {"M", 10U}};
  design.rows = rows.size();
  design.numbers = 2;
  design.factors = 4;
  for (const std::uint32_t row : rows) {
    design.values.push_back(all.columns[5].numbers[row]);
    design.values.push_back(all.columns[6].numbers[row]);
    for (const std::size_t f : {0U, 1U, 2U, 3U}) {
      const auto found = column_of.find(all.columns[f].values[row]);
      design.levels.push_back(found == column_of.end() ? kNoLevel : found->second);
    }
  }
  const LogisticFit fit = fitted({design, high, {}}, kPlain);
  const double expected[] = {0.26895,  0.68586,  0.22127, -1.35563, 1.30839,  0.47721,
                             -0.25441, -0.42839, 1.39421, -0.82635, -0.31124, -1.52554};
  for (std::size_t c = 0; c < 12; ++c) EXPECT_NEAR(fit.coefficients[c], expected[c], 6e-6) << c;
  EXPECT_NEAR(fit.standard_errors[11], 0.07851, 6e-6);
  EXPECT_NEAR(fit.standard_errors[5], 0.06935, 6e-6);
  EXPECT_NEAR(fit.standard_errors[0], 0.01110, 6e-6);
  EXPECT_NEAR(fit.deviance, 6168.4, 0.05);
}

// Other reference levels and standardised numbers say the same in other words: the deviance stays.
TEST(LogisticFitRealData, HasTheSameDevianceForTheEncodedCompas) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/compas/compas-scores-two-years.csv");
  std::vector<table::Wanted> wanted;
  const table::Batch all = compas(path, wanted);
  std::vector<std::uint8_t> high;
  const std::vector<std::uint32_t> rows = chosen_rows(all, high);
  const Selection selection{wanted, all, rows};
  const Encoding encoding = learn_encoding(
      selection, {"sex", "age_cat", "race", "c_charge_degree", "priors_count", "two_year_recid"},
      {});
  const Design design = encode(encoding, selection);
  EXPECT_EQ(design.columns.size(), 11U);
  EXPECT_NEAR(fitted({design, high, {}}, kPlain).deviance, 6168.4, 0.05);
}

}  // namespace
}  // namespace evenhand::model
