// Published values of real tables, come out of a record: ProPublica's COMPAS file, UCI Adult, the
// Boston mortgages of 1990 (Munnell et al. 1996), names on resumes (Bertrand & Mullainathan 2004),
// the law schools (Wightman 1998), bank marketing (Moro et al. 2014), ACSIncome (Ding et al. 2021).
// Counts were taken apart from this program with a few lines of another language.
#include <sstream>

#include "sound.h"
#include "testing.h"

namespace evenhand {
namespace {

using evaluate::By;
using testing::evaluated;
using testing::expect_sound;
using testing::gap;
using testing::value;

/// A group's share as two counts, and as it is printed.
struct Published {
  const char* group;  // nullptr: everybody
  std::int64_t part, rows;
  double printed, half_digit;
};

void expect_shares(const record::Record& r, const std::string& rate, const std::string& attribute,
                   const std::vector<Published>& shares) {
  for (const Published& p : shares) {
    const bool all = p.group == nullptr;
    const auto* f = testing::find(r, rate, all ? By{} : By{attribute},
                                  all ? record::Group{} : record::Group{{attribute, p.group}});
    ASSERT_NE(f, nullptr) << rate;
    ASSERT_TRUE(f->value) << rate;
    const double exact = static_cast<double>(p.part) / static_cast<double>(p.rows);
    EXPECT_DOUBLE_EQ(*f->value, exact) << rate << ' ' << (all ? "everybody" : p.group);
    EXPECT_EQ(f->rows, p.rows) << rate << ' ' << (all ? "everybody" : p.group);
    EXPECT_NEAR(*f->value, p.printed, p.half_digit) << rate << ' ' << (all ? "everybody" : p.group);
  }
}

evaluate::Options asking(const std::string& path, const std::string& attribute) {
  evaluate::Options o;
  o.files = {path};
  o.by = {{attribute}};
  o.metrics = {"all"};
  return o;
}

// A person wants a low score and no re-arrest, so ProPublica's false positives (a high score, no
// re-arrest) are our false negatives, and their predictive value is our negative one.
TEST(PublishedRealData, CompasTableOfPropublica) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/compas/compas-scores-two-years.csv");
  evaluate::Options o = asking(path, "race");
  o.label = evaluate::Role{"two_year_recid", "0"};
  o.decision = evaluate::Role{"score_text", "Low"};
  const auto r = evaluated(o);
  expect_shares(r, "false_negative_rate", "race",
                {{nullptr, 1282, 1282 + 2681, .3235, 5e-5},
                 {"African-American", 805, 805 + 990, .4485, 5e-5},
                 {"Caucasian", 349, 349 + 1139, .2345, 5e-5}});
  expect_shares(r, "false_positive_rate", "race",
                {{nullptr, 1216, 1216 + 2035, .3740, 5e-5},
                 {"African-American", 532, 532 + 1369, .2799, 5e-5},
                 {"Caucasian", 461, 461 + 505, .4772, 5e-5}});
  expect_shares(r, "negative_predictive_value", "race",
                {{"African-American", 1369, 1369 + 805, .63, 5e-3},
                 {"Caucasian", 505, 505 + 349, .59, 5e-3}});
  expect_shares(r, "accuracy", "race",
                {{nullptr, 2681 + 2035, 7214, .6537, 5e-5},
                 {"African-American", 990 + 1369, 3696, .6383, 5e-5},
                 {"Caucasian", 1139 + 505, 2454, .6699, 5e-5}});
  expect_sound(r);
}

TEST(PublishedRealData, EighteenPeopleSetTheWidestGapOfCompas) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/compas/compas-scores-two-years.csv");
  evaluate::Options o = asking(path, "race");
  o.label = evaluate::Role{"two_year_recid", "0"};
  o.decision = evaluate::Role{"score_text", "Low"};
  const auto r = evaluated(o);
  const auto* f = testing::find_gap(r, "selection_rate_difference", {"race"});
  ASSERT_NE(f, nullptr);
  EXPECT_NEAR(*f->value, .457117595049, 1e-12);
  ASSERT_TRUE(f->between);
  EXPECT_EQ(f->between->first.at("race"), "Native American");
  // Six of 18 got a low score, with an exact 95 % interval from .13 to .59: the gap may be far
  // narrower.
  EXPECT_LT(*f->low, .32);
  o.rows_min = 30;
  const auto without = evaluated(o);
  EXPECT_LT(gap(without, "selection_rate_difference", {"race"}), .4);
}

/// UCI Adult as the repository carries it: positive rate .23928; women .10925 (16,192), men .30377
/// (32,650); disparate impact .3597, difference -.1945.
TEST(Published, AdultOfTheExample) {
  evaluate::Options o = asking(EVENHAND_SOURCE_DIR "/examples/income/adult.parquet", "sex");
  o.label = evaluate::Role{"income", ">50K"};
  o.reference = {{"sex", "Male"}};
  const auto r = evaluated(o);
  expect_shares(r, "base_rate", "sex",
                {{nullptr, 11687, 48842, .23928, 5e-6},
                 {"Female", 1769, 16192, .10925, 5e-6},
                 {"Male", 9918, 32650, .30377, 5e-6}});
  EXPECT_NEAR(gap(r, "base_rate_ratio_to_reference", {"sex"}), .3597, 5e-5);
  EXPECT_NEAR(gap(r, "base_rate_ratio", {"sex"}), .3597, 5e-5);
  EXPECT_NEAR(gap(r, "base_rate_difference_to_reference", {"sex"}), -.1945, 5e-5);
  EXPECT_NEAR(gap(r, "base_rate_difference", {"sex"}), .1945, 5e-5);
  expect_sound(r);
}

TEST(Published, AdultAsAif360NamesIt) {
  evaluate::Options o = asking(EVENHAND_SOURCE_DIR "/examples/income/adult.parquet", "sex");
  o.decision = evaluate::Role{"income", ">50K"};
  o.reference = {{"sex", "Male"}};
  o.convention = "aif360";
  o.metrics = {"disparate_impact_ratio", "demographic_parity_difference"};
  const auto r = evaluated(o);
  EXPECT_NEAR(gap(r, "selection_rate_ratio", {"sex"}), .3597, 5e-5);
  EXPECT_NEAR(gap(r, "selection_rate_difference", {"sex"}), -.1945, 5e-5);
}

// The files of UCI: no header, unknowns are "?", and the labels of one end with a full stop.
TEST(PublishedRealData, AdultAsUciGivesIt) {
  EVENHAND_REAL_DATA_OR_SKIP(train, "tabular/adult/adult.data");
  EVENHAND_REAL_DATA_OR_SKIP(test, "tabular/adult/adult.test");
  double women = 0, men = 0;
  std::int64_t of_women = 0, of_men = 0;
  for (const auto& [path, favourable] : {std::pair{train, ">50K"}, std::pair{test, ">50K."}}) {
    evaluate::Options o = asking(path, "column_10");
    o.read.header = false;
    o.read.comment = '|';
    o.label = evaluate::Role{"column_15", favourable};
    const auto r = evaluated(o);
    const auto* f = testing::find(r, "base_rate", {"column_10"}, {{"column_10", "Female"}});
    const auto* m = testing::find(r, "base_rate", {"column_10"}, {{"column_10", "Male"}});
    ASSERT_TRUE(f != nullptr && m != nullptr);
    women += *f->value * static_cast<double>(f->rows);
    men += *m->value * static_cast<double>(m->rows);
    of_women += f->rows;
    of_men += m->rows;
    expect_sound(r);
  }
  EXPECT_EQ(of_women, 16192);
  EXPECT_EQ(of_men, 32650);
  EXPECT_NEAR(women, 1769, 1e-9);
  EXPECT_NEAR(men, 9918, 1e-9);
}

TEST(PublishedRealData, MortgagesOfBoston) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/hmda/HMDA.csv");
  evaluate::Options o = asking(path, "afam");
  o.decision = evaluate::Role{"deny", "no"};
  const auto r = evaluated(o);
  // Denied: .28319 of 339 and .09260 of 2,041.
  expect_shares(r, "selection_rate", "afam",
                {{"yes", 243, 339, 1 - .28319, 5e-6}, {"no", 1852, 2041, 1 - .09260, 5e-6}});
  EXPECT_NEAR(gap(r, "selection_rate_difference", {"afam"}), .28319 - .09260, 1e-5);
  // 97 standard errors would be nonsense: the gap's interval is as wide as 339 rows allow.
  const auto* f = testing::find_gap(r, "selection_rate_difference", {"afam"});
  EXPECT_GT(*f->low, .1);
  EXPECT_LT(*f->high, .3);
  expect_sound(r);
}

TEST(PublishedRealData, CallBacksOfNamesOnResumes) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/resume_names/ResumeNames.csv");
  evaluate::Options o = asking(path, "ethnicity");
  o.decision = evaluate::Role{"call", "yes"};
  o.by = {{"ethnicity"}, {"ethnicity", "gender"}};
  const auto r = evaluated(o);
  expect_shares(r, "selection_rate", "ethnicity",
                {{"cauc", 235, 2435, .0965, 5e-5}, {"afam", 157, 2435, .0645, 5e-5}});
  // "Black names need to send 15, White names 10": a ratio of 1.50 (Bertrand & Mullainathan 2004).
  EXPECT_NEAR(1 / gap(r, "selection_rate_ratio", {"ethnicity"}), 1.50, 5e-3);
  // Their table 1, in percent: White female 9.89, male 8.87; African-American female 6.63,
  // male 5.83.
  const struct {
    const char *ethnicity, *gender;
    double percent;
  } cells[] = {{"cauc", "female", 9.89},
               {"cauc", "male", 8.87},
               {"afam", "female", 6.63},
               {"afam", "male", 5.83}};
  for (const auto& c : cells) {
    EXPECT_NEAR(value(r, "selection_rate", {"ethnicity", "gender"},
                      {{"ethnicity", c.ethnicity}, {"gender", c.gender}}),
                c.percent / 100, 5.1e-5)
        << c.ethnicity << ' ' << c.gender;
  }
  expect_sound(r);
}

TEST(PublishedRealData, BarPassageOfLawSchools) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/law_school/law_school_clean.csv");
  evaluate::Options o = asking(path, "race");
  o.label = evaluate::Role{"pass_bar", "1"};
  const auto r = evaluated(o);
  expect_shares(r, "base_rate", "race",
                {{"Non-White", 2391, 3307, .72301, 5e-6}, {"White", 16114, 17491, .92127, 5e-6}});
  EXPECT_EQ(r.inputs.front().rows, 20798U);
  expect_sound(r);
}

TEST(PublishedRealData, DepositsOfTheBank) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/bank_marketing/bank-full.csv");
  evaluate::Options o = asking(path, "marital");
  o.label = evaluate::Role{"y", "yes"};
  o.by = {{"marital"}, {"age"}};
  o.groupings["age"].edges = {25, 60};
  const auto r = evaluated(o);
  expect_shares(r, "base_rate", "marital", {{nullptr, 4667, 40004, .11666, 5e-6}});
  std::int64_t rows = 0;
  for (const char* group : {"under 25", "25 to 60", "60 or more"}) {
    rows += testing::find(r, "base_rate", {"age"}, {{"age", group}})->rows;
  }
  EXPECT_EQ(rows, 40004);
  expect_sound(r);
}

TEST(PublishedRealData, IncomesOfTheCensus) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/acs_income/acs_income_60k.csv");
  evaluate::Options o = asking(path, "SEX");
  o.label = evaluate::Role{"PINCP", {}};
  const auto r = evaluated(o);
  expect_shares(r, "base_rate", "SEX",
                {{nullptr, 13753 + 8193, 60000, .36577, 5e-6},
                 {"1", 13753, 31406, .43791, 5e-6},
                 {"2", 8193, 28594, .28653, 5e-6}});
  expect_sound(r);
}

// The same people as Parquet, which the repository carries.
TEST(Published, IncomesOfTheExample) {
  evaluate::Options o = asking(EVENHAND_SOURCE_DIR "/examples/income/acs_income.parquet", "SEX");
  o.label = evaluate::Role{"PINCP", "1"};
  const auto r = evaluated(o);
  expect_shares(r, "base_rate", "SEX",
                {{nullptr, 13753 + 8193, 60000, .36577, 5e-6},
                 {"1", 13753, 31406, .43791, 5e-6},
                 {"2", 8193, 28594, .28653, 5e-6}});
}

}  // namespace
}  // namespace evenhand
