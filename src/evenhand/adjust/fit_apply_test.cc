// Fit and apply through files: what people are told, what is refused, and that nothing is written
// then.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "evenhand/adjust/apply.h"
#include "evenhand/adjust/explain.h"
#include "evenhand/adjust/fit.h"
#include "evenhand/base/random.h"
#include "evenhand/record/record_json.h"
#include "evenhand/table/split.h"
#include "evenhand/table/testing.h"

namespace evenhand::adjust {
namespace {

using table::testing::Folder;

/// Applicants with a group, a score and whether they repaid; women score lower.
std::string applicants(int rows) {
  Random random(1);
  std::string out = "person,sex,p,repaid\n";
  for (int i = 0; i < rows; ++i) {
    const bool woman = random() % 2 == 0;
    const double x = random.uniform() + random.uniform() - 1 + (woman ? -0.2 : 0.2);
    const double p = 1 / (1 + std::exp(-4 * x));
    const bool repaid = random.uniform() < p;
    out += "p" + std::to_string(i) + (woman ? ",F," : ",M,") + std::to_string(p) + ',' +
           (repaid ? "yes" : "no") + '\n';
  }
  return out;
}

FitOptions options_for(const std::string& file) {
  FitOptions out;
  out.files = {file};
  out.columns = {"p", "repaid", "yes", {"sex"}, "person"};
  out.equalise = "selection_rate";
  out.threads = 2;
  return out;
}

FitOptions aware(FitOptions options) {
  options.group_aware = true;
  options.basis = "court order";
  options.signatory = "A. Jurist";
  return options;
}

Fitted fitted(const FitOptions& options) {
  auto out = fit(options);
  if (out) return std::move(*out);
  ADD_FAILURE() << to_string(out.error());
  return {};
}

std::string refusal(const FitOptions& options) {
  const auto out = fit(options);
  return out ? "no refusal" : out.error().says;
}

const record::Finding* find(const Fitted& fitted, const std::string& metric,
                            const std::string& rule, const std::string& rows) {
  for (const record::Finding& each : fitted.record.findings) {
    if (each.metric == metric && each.at.front().second == rule && each.at.back().second == rows) {
      return &each;
    }
  }
  return nullptr;
}

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// person -> decision, of a table with the columns person, ..., decision.
std::map<std::string, std::string> decisions(const std::string& path) {
  std::istringstream in(text_of(path));
  std::map<std::string, std::string> out;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    out[line.substr(0, line.find(','))] = line.substr(line.rfind(',') + 1);
  }
  return out;
}

// --- Fit --------------------------------------------------------------------------------------

TEST(AdjustFit, KeepsTheToleranceAndSaysWhatItCosts) {
  const Folder folder;
  const FitOptions options = options_for(folder.write("a.csv", applicants(4000)));
  const Fitted found = fitted(options);
  EXPECT_TRUE(found.reached);
  EXPECT_TRUE(found.policy.groups.empty());
  const auto* before = find(found, "selection_rate_difference", "plain", "fit");
  const auto* after = find(found, "selection_rate_difference", "policy", "fit");
  const auto* held = find(found, "selection_rate_difference", "policy", "held_out");
  ASSERT_TRUE(before && after && held);
  EXPECT_GT(*before->value, 0.2);
  EXPECT_LE(*after->value, 0.02 + 1e-9);
  EXPECT_TRUE(*held->low <= *held->value && *held->value <= *held->high);
  EXPECT_GT(*find(found, "cost", "policy", "fit")->value,
            *find(found, "cost", "plain", "fit")->value);
  EXPECT_EQ(find(found, "cost", "blind", "fit"), nullptr);  // it is the policy itself
}

TEST(AdjustFit, AGroupAwarePolicyShowsTheBlindOneAndItsCost) {
  const Folder folder;
  const Fitted found = fitted(aware(options_for(folder.write("a.csv", applicants(4000)))));
  EXPECT_EQ(found.policy.groups.size(), 2U);
  const double own = *find(found, "cost", "policy", "held_out")->value;
  const double blind = *find(found, "cost", "blind", "held_out")->value;
  EXPECT_GT(blind, own);
  const auto said = std::find_if(found.says.begin(), found.says.end(), [](const std::string& each) {
    return each.starts_with("without looking at groups, one rule for everybody costs ");
  });
  EXPECT_NE(said, found.says.end());
  EXPECT_EQ(found.record.options["basis"], "court order");
  EXPECT_EQ(found.record.options["signatory"], "A. Jurist");
}

TEST(AdjustFit, RefusesToLookAtGroupsWithoutABasis) {
  const Folder folder;
  FitOptions options = aware(options_for(folder.write("a.csv", applicants(100))));
  options.basis.clear();
  EXPECT_EQ(refusal(options),
            "a group-aware policy needs --basis, the legal basis, and --signatory, who answers for "
            "it: thresholds by group are forbidden in US employment tests (Title VII, section "
            "703(l)) and are treatment by a protected trait in credit; without --group-aware one "
            "rule holds for everybody");
  options = aware(options);
  options.group_aware = false;
  EXPECT_EQ(refusal(options),
            "a basis and a signatory belong to a group-aware policy, and this one is the same for "
            "everybody: add --group-aware, or leave them out");
}

TEST(AdjustFit, SaysWhatCannotBeFitted) {
  const Folder folder;
  const auto of = [&](const std::string& text) {
    FitOptions options = options_for(folder.write("t.csv", "person,sex,p,repaid\n" + text));
    options.folds = 0;
    return options;
  };
  EXPECT_EQ(refusal(of("a,F,0.5,yes\nb,M,0.6,yes\n")),
            "every row has the favourable label repaid=yes, so nothing can be told of right and "
            "wrong decisions");
  EXPECT_EQ(refusal(of("a,F,0.5,yes\nb,M,0.5,no\n")),
            "every score is 0.5: a threshold could only take everybody or nobody");
  EXPECT_EQ(refusal(of("a,F,,yes\nb,M,0.5,\n")), "no row has a label and a score");
  EXPECT_EQ(refusal(of("a,F,0.4,yes\nb,F,0.5,no\n")),
            "equalising needs two groups that can be compared, and there is none (F: fewer than "
            "30 rows)");
  FitOptions one_group = of("a,F,0.4,yes\nb,F,0.5,no\nc,,0.5,no\n");
  one_group.rows_min = 1;
  EXPECT_EQ(refusal(one_group),
            "equalising needs two groups that can be compared, and there is one (unknown: an "
            "attribute is unknown)");
  FitOptions twice = of("a,F,0.4,yes\n");
  twice.columns.by = {"p"};
  EXPECT_EQ(refusal(twice), "the column \"p\" cannot be the score and the group as well");
  FitOptions nothing = of("a,F,0.4,yes\n");
  nothing.equalise.clear();
  EXPECT_EQ(refusal(nothing), "nothing is asked: name what to --equalise, or how to --calibrate");
}

// fairlearn refuses demographic parity when one group has one label only.
TEST(AdjustFit, AGroupWithOneLabelTakesPartWhereItsRateExists) {
  const Folder folder;
  std::string text = applicants(600);
  Random random(4);
  for (int i = 0; i < 60; ++i) {
    text += "x" + std::to_string(i) + ",X," + std::to_string(random.uniform()) + ",no\n";
  }
  FitOptions options = options_for(folder.write("a.csv", text));
  EXPECT_TRUE(fitted(options).says.empty() ||
              fitted(options).says.front().find("takes no part") == std::string::npos);
  options.equalise = "tpr";
  const Fitted found = fitted(options);
  ASSERT_FALSE(found.says.empty());
  EXPECT_EQ(found.says.front(),
            "sex=X takes no part: no row with the favourable label, so no true positive rate; the "
            "one rule holds for it as well");
  ASSERT_EQ(found.record.left_out.size(), 1U);
  EXPECT_EQ(found.record.left_out[0].what, "group sex=X");
  EXPECT_EQ(found.record.left_out[0].rows, 60);
}

TEST(AdjustFit, SaysTheNearestWhereTheToleranceIsOutOfReach) {
  const Folder folder;
  FitOptions options = aware(options_for(folder.write("a.csv", applicants(400))));
  options.equalise = "odds";
  options.deterministic = true;
  options.tolerance = 0;
  options.folds = 0;
  const Fitted found = fitted(options);
  EXPECT_FALSE(found.reached);
  ASSERT_FALSE(found.says.empty());
  EXPECT_TRUE(found.says.front().starts_with(
      "a gap of 0 is out of reach without lots: the nearest that was reached is 0.0"))
      << found.says.front();
}

bool says(const std::vector<std::string>& all, const std::string& what) {
  return std::any_of(all.begin(), all.end(),
                     [&](const std::string& each) { return each.find(what) != std::string::npos; });
}

/// Applicants of whom those that are kept from the fit (fold 0 of 4) are let in by their sex.
std::string turned(int rows) {
  std::istringstream in(applicants(rows));
  std::string out, line;
  std::getline(in, line);
  out = line + '\n';
  for (std::uint64_t row = 0; std::getline(in, line); ++row) {
    if (table::fold_of_row(row, 0, 4) == 0) {
      const bool woman = line.find(",F,") != std::string::npos;
      line = line.substr(0, line.find(',')) + (woman ? ",F,0.001" : ",M,0.999") +
             line.substr(line.rfind(','));
    }
    out += line + '\n';
  }
  return out;
}

TEST(AdjustFit, HoldsTheToleranceAgainstRowsThatWereKeptFromIt) {
  const Folder folder;
  FitOptions options = options_for(folder.write("a.csv", applicants(4000)));
  options.tolerance = 0.6;
  const Fitted met = fitted(options);
  EXPECT_EQ(met.policy.held_out->verdict, "met");
  EXPECT_TRUE(says(met.says, "within the tolerance of 0.6"));
  EXPECT_TRUE(met.kept());
  options.tolerance = 0.02;
  const Fitted open = fitted(options);
  EXPECT_EQ(open.policy.held_out->verdict, "cannot_tell");
  EXPECT_TRUE(
      says(open.says, "whether the tolerance of 0.02 holds cannot be told from so few rows"));
  EXPECT_TRUE(open.kept());
  options.files = {folder.write("b.csv", turned(4000))};
  const Fitted broken = fitted(options);
  EXPECT_TRUE(broken.reached);
  EXPECT_EQ(broken.policy.held_out->verdict, "broken");
  EXPECT_TRUE(says(broken.says,
                   "the tolerance of 0.02 is broken there; give more rows, or ask for a wider "
                   "one"));
  EXPECT_FALSE(broken.kept());
}

// By hand: below 0.5 nobody repays and above everybody does, so the threshold of least cost lies
// halfway between the nearest scores. A rule that is blind and lets in as many of each group as of
// the other can but take everybody, nobody, or draw lots.
TEST(AdjustFit, OthersThanTheGroupsGetTheThresholdThatCostsLeast) {
  const Folder folder;
  std::string text = "person,sex,p,repaid\n";
  for (int i = 0; i < 400; ++i) {
    const double p = 0.01 * (i % 40 + 1);
    text += std::to_string(i) + (i % 2 == 0 ? ",F," + std::to_string(p) + ",no\n"
                                            : ",M," + std::to_string(0.59 + p) + ",yes\n");
  }
  FitOptions options = aware(options_for(folder.write("a.csv", text)));
  options.tolerance = 0;
  options.folds = 0;
  const Fitted found = fitted(options);
  ASSERT_EQ(found.policy.everybody.steps.size(), 1U);
  EXPECT_NEAR(found.policy.everybody.steps[0].from, (0.39 + 0.61) / 2, 1e-12);
  EXPECT_EQ(found.policy.everybody.steps[0].chance, 1);
  // The alternative that is shown beside it still keeps the tolerance.
  EXPECT_NEAR(*find(found, "selection_rate_difference", "blind", "fit")->value, 0, 1e-9);
}

TEST(AdjustFit, WarnsWhereOthersFareFarFromEveryGroup) {
  const Folder folder;
  FitOptions options = aware(options_for(folder.write("a.csv", applicants(2000))));
  options.cost_fp = 1000;  // the threshold of least cost lets in nobody
  options.rate_min = 0.3;
  EXPECT_TRUE(says(fitted(options).says,
                   "rows of an unknown or unseen group are decided by the threshold that costs "
                   "least, which would select "));
  options.cost_fp = 1;
  EXPECT_FALSE(says(fitted(options).says, "rows of an unknown or unseen group"));
}

TEST(AdjustFit, SaysWhereHardlyAnybodyIsSelected) {
  const Folder folder;
  FitOptions options = options_for(folder.write("a.csv", applicants(2000)));
  options.rate_min = 0.005;
  options.cost_fp = 1000;
  EXPECT_TRUE(says(fitted(options).says, "the policy selects hardly anybody (at most 1 %)"));
  options.cost_fp = 1;
  options.cost_fn = 1000;
  EXPECT_TRUE(says(fitted(options).says, "the policy selects everybody of sex=") ||
              says(fitted(options).says, "the policy selects nearly everybody (at least 99 %)"));
}

TEST(AdjustFit, SeparableScoresCostNothing) {
  const Folder folder;
  std::string text = "person,sex,p,repaid\n";
  for (int i = 0; i < 200; ++i) {
    text +=
        std::to_string(i) + (i % 2 == 0 ? ",F," : ",M,") + (i % 4 < 2 ? "0.1,no\n" : "0.9,yes\n");
  }
  for (const char* calibrate : {"", "platt", "isotonic"}) {
    FitOptions options = options_for(folder.write("a.csv", text));
    options.equalise = "odds";
    options.calibrate = calibrate;
    const Fitted found = fitted(options);
    EXPECT_NEAR(*find(found, "cost", "policy", "fit")->value, 0, 1e-12) << calibrate;
  }
}

TEST(AdjustFit, CalibratesOnHeldOutRows) {
  const Folder folder;
  // Scores are squeezed to the middle: overcautious by design.
  Random random(7);
  std::string text = "person,sex,p,repaid\n";
  for (int i = 0; i < 6000; ++i) {
    const double p = random.uniform();
    text += std::to_string(i) + (i % 2 == 0 ? ",F," : ",M,") + std::to_string(0.4 + 0.2 * p) +
            (random.uniform() < p ? ",yes\n" : ",no\n");
  }
  for (const char* calibrate : {"platt", "isotonic"}) {
    FitOptions options = options_for(folder.write("a.csv", text));
    options.equalise.clear();
    options.calibrate = calibrate;
    const Fitted found = fitted(options);
    EXPECT_FALSE(found.policy.decides);
    const auto* before = find(found, "calibration_error", "given", "held_out");
    const auto* after = find(found, "calibration_error", "calibrated", "held_out");
    ASSERT_TRUE(before && after);
    EXPECT_GT(*before->low, 0.1);
    EXPECT_LT(*after->value, 0.03) << calibrate;
    EXPECT_EQ(after->rows, 3000) << calibrate;
  }
}

TEST(AdjustFit, GivesTheSameBytesForAnyNumberOfThreads) {
  const Folder folder;
  FitOptions options = aware(options_for(folder.write("a.csv", applicants(3000))));
  options.calibrate = "isotonic";
  options.equalise = "odds";
  const Fitted one = fitted(options);
  for (const unsigned threads : {1U, 2U, 5U}) {
    options.threads = threads;
    const Fitted other = fitted(options);
    EXPECT_EQ(model::to_json(other.policy), model::to_json(one.policy));
    EXPECT_EQ(record::to_json(other.record), record::to_json(one.record));
  }
}

TEST(AdjustFit, RecordAndPolicyAreReadBack) {
  const Folder folder;
  const Fitted found = fitted(aware(options_for(folder.write("a.csv", applicants(600)))));
  ASSERT_TRUE(write(found, folder.at("deep/policy")));
  const auto policy = model::load_policy(folder.at("deep/policy"));
  ASSERT_TRUE(policy) << to_string(policy.error());
  EXPECT_EQ(model::to_json(*policy), model::to_json(found.policy));
  const auto record = record::from_json(text_of(folder.at("deep/policy/record.json")));
  ASSERT_TRUE(record) << to_string(record.error());
  EXPECT_EQ(record->operation, "adjust fit");
  EXPECT_EQ(record->inputs.front().rows, 600U);
}

// --- Apply ------------------------------------------------------------------------------------

struct Decisive {
  Folder folder;
  std::string table, policy;
  Fitted found;
  explicit Decisive(FitOptions (*change)(FitOptions) = aware) {
    table = folder.write("a.csv", applicants(2000));
    FitOptions options = options_for(table);
    options.equalise = "odds";
    options.tolerance = 0;
    found = fitted(change(options));
    policy = folder.at("policy");
    EXPECT_TRUE(write(found, policy));
  }
  ApplyOptions options(const std::string& file, const std::string& out) const {
    ApplyOptions asked;
    asked.files = {file};
    asked.policy = policy;
    asked.out = folder.at(out);
    asked.threads = 2;
    return asked;
  }
  std::string refusal(const std::string& text) const {
    const auto done = apply(options(folder.write("b.csv", text), "b_out.csv"));
    EXPECT_FALSE(std::filesystem::exists(folder.at("b_out.csv")));
    EXPECT_FALSE(std::filesystem::exists(folder.at("b_out.csv.part")));
    return done ? "no refusal" : folder.without(done.error().says);
  }
};

TEST(AdjustApply, RatesAreThoseThatWereExpected) {
  const Decisive made;
  const auto done = apply(made.options(made.table, "out.csv"));
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->rows, 2000U);
  ASSERT_EQ(done->groups.size(), 2U);
  for (std::size_t g = 0; g < 2; ++g) {
    const Decided& decided = done->groups[g];
    const model::Expected& expected = made.found.policy.expected[g + 1];
    EXPECT_EQ(decided.group, expected.group);
    const double rows = static_cast<double>(decided.rows);
    // Lots move the share by a standard error of at most sqrt(0.25 / rows).
    EXPECT_NEAR(static_cast<double>(decided.favourable) / rows, *expected.selection_rate,
                4 * std::sqrt(0.25 / rows));
  }
}

TEST(AdjustApply, WritesTheRowsKeptFromTheFitAndDecidesThemAsAmongAll) {
  const Decisive made;  // fitted with 4 folds and seed 0
  ASSERT_TRUE(apply(made.options(made.table, "all.csv")));
  ApplyOptions held = made.options(made.table, "held.csv");
  held.held_out_folds = 4;
  const auto done = apply(held);
  ASSERT_TRUE(done) << to_string(done.error());
  std::size_t kept = 0;
  for (std::uint64_t row = 0; row < 2000; ++row) kept += table::fold_of_row(row, 0, 4) == 0 ? 1 : 0;
  EXPECT_EQ(done->rows, kept);
  const auto all = decisions(made.folder.at("all.csv")),
             some = decisions(made.folder.at("held.csv"));
  ASSERT_EQ(some.size(), kept);
  for (const auto& [person, decision] : some) {
    EXPECT_EQ(table::fold_of_row(std::stoull(person.substr(1)), 0, 4), 0U) << person;
    EXPECT_EQ(all.at(person), decision) << person;
  }
}

TEST(AdjustFit, RefusesCostsBeyondWhatAProgramBears) {
  const Folder folder;
  FitOptions options = options_for(folder.write("a.csv", applicants(100)));
  options.cost_fp = 1e300;
  EXPECT_EQ(refusal(options), "costs must lie in [0, 1,000,000], and not both be 0");
}

TEST(AdjustApply, OneRowIsDecidedAlikeInAnyOrderAndCompany) {
  const Decisive made;
  ASSERT_TRUE(apply(made.options(made.table, "out.csv")));
  std::istringstream in(text_of(made.table));
  std::string head, line;
  std::getline(in, head);
  std::vector<std::string> lines;
  while (std::getline(in, line)) lines.push_back(line);
  std::reverse(lines.begin(), lines.end());
  std::string half = head + '\n';
  for (std::size_t i = 0; i < lines.size(); i += 2) half += lines[i] + '\n';
  ASSERT_TRUE(apply(made.options(made.folder.write("half.csv", half), "half_out.csv")));
  const auto all = decisions(made.folder.at("out.csv"));
  const auto part = decisions(made.folder.at("half_out.csv"));
  EXPECT_EQ(part.size(), 1000U);
  for (const auto& [person, decision] : part) EXPECT_EQ(decision, all.at(person)) << person;
}

TEST(AdjustApply, SaysWhichColumnLacks) {
  const Decisive made;
  EXPECT_EQ(made.refusal("person,p\na,0.5\n"),
            "the policy needs the column \"sex\" (the groups), and b.csv has none of that name; "
            "nothing was written");
  EXPECT_EQ(made.refusal("person,sex\na,F\n"),
            "the policy needs the column \"p\" (the score), and b.csv has none of that name; "
            "nothing was written");
  EXPECT_EQ(made.refusal("p,sex\n0.5,F\n"),
            "the policy needs the column \"person\" (the id that lots are drawn by), and b.csv has "
            "none of that name; nothing was written");
  EXPECT_EQ(made.refusal("person,sex,p\na,F,0.5\n,F,0.5\n"),
            "1 row has no value in the id column \"person\", so no lot can be drawn; "
            "nothing was written");
  EXPECT_EQ(made.refusal("person,sex,p,decision\na,F,0.5,1\n"),
            "the table has a column \"decision\" already; give the new column another name, or "
            "keep fewer columns");
}

TEST(AdjustApply, UnseenAndUnknownGroupsGetTheDeclaredRule) {
  const Decisive pooled;
  const std::string strangers = "person,sex,p\na,X,0.99\nb,,0.99\nc,F,0.99\nd,F,\n";
  const auto done = apply(pooled.options(pooled.folder.write("s.csv", strangers), "s_out.csv"));
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->rows_without_rule, 2U);
  EXPECT_EQ(done->rows_without_score, 1U);
  EXPECT_EQ(decisions(pooled.folder.at("s_out.csv")).at("d"), "");
  const Decisive refusing([](FitOptions options) {
    options.unseen = "refuse";
    return aware(options);
  });
  EXPECT_EQ(refusing.refusal(strangers),
            "2 rows belong to groups that the policy has no rule for (X; unknown), and it refuses "
            "such; nothing was written");
}

TEST(AdjustApply, RefusesScoresThatAreNoProbabilitiesAndCountsThoseBeyondTheFit) {
  const Decisive made;
  EXPECT_EQ(made.refusal("person,sex,p\na,F,0.5\nb,M,65\nc,M,-1\n"),
            "2 rows have scores outside of [0,1], the first in row 2, and the policy was fitted to "
            "scores within it: is \"p\" the right column, and no percentage? Nothing was written");
  const auto done = apply(made.options(
      made.folder.write("s.csv", "person,sex,p\na,F,0.5\nb,M,1\nc,M,0\n"), "s_out.csv"));
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->rows_beyond_fit, 2U);
}

TEST(AdjustApply, RefusesAPolicyThatWasChangedByHand) {
  const Decisive made;
  const std::string path = made.policy + "/policy.json";
  std::string text = text_of(path);
  const std::size_t at = text.find("\"below\":0.0");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 11, "\"below\":1.0");
  std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(made.refusal("person,sex,p\na,F,0.5\n"),
            "policy.json: its digest is not that of what stands in it: it was changed after "
            "`evenhand adjust fit` wrote it; take the file as it was written, or fit the policy "
            "anew");
}

TEST(AdjustApply, APolicyForEverybodyNeedsNoGroups) {
  const Decisive blind([](FitOptions options) { return options; });
  const auto done =
      apply(blind.options(blind.folder.write("s.csv", "person,p\na,0.99\nb,0.01\n"), "s_out.csv"));
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->rows_without_rule, 0U);
}

TEST(AdjustApply, WritesChancesAndCalibratedScoresWhereAsked) {
  const Decisive made([](FitOptions options) {
    options.calibrate = "platt";
    return aware(options);
  });
  ApplyOptions options = made.options(made.table, "out.csv");
  options.chances = true;
  const auto done = apply(options);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->columns, (std::vector<std::string>{"person", "sex", "p", "repaid", "decision",
                                                     "decision_probability", "calibrated_score"}));
}

// --- Explain ----------------------------------------------------------------------------------

TEST(AdjustExplain, SpeaksOfSteps) {
  EXPECT_EQ(spoken(model::Rule{{}, 0, {{0.25, 0.5}, {0.75, 1}}}),
            "a score of 0.75 or more: favourable; 0.25 to 0.75: by lot, 50.0 %; below: not");
  EXPECT_EQ(spoken(model::Rule{{}, 1, {}}), "every score: favourable");
  const Decisive made;
  const std::vector<std::string> all = sentences(made.found.policy);
  const auto told = [&](const std::string& what) { return says(all, what); };
  EXPECT_TRUE(told("it looks at groups, on the basis of \"court order\", signed by A. Jurist"));
  EXPECT_TRUE(told("F: a score of "));
  EXPECT_TRUE(told("where a lot decides it is drawn from the row's id (column person)"));
  EXPECT_TRUE(told("expect of M: selected "));
  EXPECT_TRUE(told(" held-out rows)"));
  EXPECT_TRUE(told("all others: "));
  for (const std::string& each : made.found.policy.warnings) EXPECT_TRUE(told(each));
  EXPECT_TRUE(told("on held-out rows the policy leaves a gap of "));
  EXPECT_FALSE(told("version 1"));
}

}  // namespace
}  // namespace evenhand::adjust
