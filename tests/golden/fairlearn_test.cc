// Numbers that fairlearn gives, reproduced. Origin of O1, O2, O3, O5: fairlearn's user guide and a
// run of fairlearn 0.15.0.dev0 (ebf8fa75); of O17, O18: the same on ProPublica's COMPAS file.
#include <sstream>

#include "testing.h"

namespace evenhand {
namespace {

using evaluate::By;
using testing::evaluated;
using testing::value;

const char kLabel[] = "011110101000111111";
const char kDecision[] = "001011100111100110";
const char kGroup[] = "bbabbcccaacabccbcc";
const char kStratum[] = "868888666866668666";

std::string rows_of_o1() {
  std::ostringstream text;
  text << "y,d,g,h,w\n";
  for (int i = 0; i < 18; ++i) {
    text << kLabel[i] << ',' << kDecision[i] << ',' << kGroup[i] << ',' << kStratum[i] << ','
         << i + 1 << '\n';
  }
  return text.str();
}

evaluate::Options options_of_o1(const testing::TemporaryFile& file) {
  evaluate::Options o;
  o.files = {file.path()};
  o.label = evaluate::Role{"y", "1"};
  o.decision = evaluate::Role{"d", "1"};
  o.by = {{"g"}};
  o.metrics = {"all"};
  o.convention = "fairlearn";
  return o;
}

// Oracle: O1 reproduced
TEST(Fairlearn, O1RatesOfThreeGroups) {
  const testing::TemporaryFile file(rows_of_o1());
  const auto r = evaluated(options_of_o1(file));
  const struct {
    const char* group;
    double tpr, fpr, selection, accuracy;
  } expected[] = {{"a", .5, 1, .75, .25}, {"b", .6, 0, .5, 2. / 3}, {"c", .4, 2. / 3, .5, .375}};
  for (const auto& e : expected) {
    const record::Group group{{"g", e.group}};
    EXPECT_DOUBLE_EQ(value(r, "true_positive_rate", {"g"}, group), e.tpr);
    EXPECT_DOUBLE_EQ(value(r, "false_positive_rate", {"g"}, group), e.fpr);
    EXPECT_DOUBLE_EQ(value(r, "selection_rate", {"g"}, group), e.selection);
    EXPECT_DOUBLE_EQ(value(r, "accuracy", {"g"}, group), e.accuracy);
  }
  EXPECT_DOUBLE_EQ(value(r, "true_positive_rate", {}), .5);
  EXPECT_NEAR(value(r, "false_positive_rate", {}), .6666667, 5e-8);
  EXPECT_NEAR(value(r, "selection_rate", {}), .5555556, 5e-8);
  EXPECT_NEAR(value(r, "accuracy", {}), .4444444, 5e-8);
}

// Oracle: O1 reproduced
TEST(Fairlearn, O1ComparisonsOfThreeGroups) {
  const testing::TemporaryFile file(rows_of_o1());
  const auto r = evaluated(options_of_o1(file));
  const struct {
    const char* rate;
    double difference, ratio, to_overall, ratio_to_overall;
  } expected[] = {{"true_positive_rate", .2, .6666667, .1, .8},
                  {"false_positive_rate", 1, 0, .6666667, 0},
                  {"selection_rate", .25, .6666667, .1944444, .7407407},
                  {"accuracy", .4166667, .375, .2222222, .5625}};
  for (const auto& e : expected) {
    const std::string rate = e.rate;
    EXPECT_NEAR(value(r, rate + "_difference", {"g"}), e.difference, 5e-8) << rate;
    EXPECT_NEAR(value(r, rate + "_ratio", {"g"}), e.ratio, 5e-8) << rate;
    EXPECT_NEAR(value(r, rate + "_difference_to_overall", {"g"}), e.to_overall, 5e-8) << rate;
    EXPECT_NEAR(value(r, rate + "_ratio_to_overall", {"g"}), e.ratio_to_overall, 5e-8) << rate;
  }
  EXPECT_DOUBLE_EQ(value(r, "equalized_odds_difference", {"g"}), 1.0);
  EXPECT_DOUBLE_EQ(value(r, "equalized_odds_difference_mean", {"g"}), 0.6);
  EXPECT_DOUBLE_EQ(value(r, "equalized_odds_ratio", {"g"}), 0.0);
}

// Oracle: O2 reproduced
TEST(Fairlearn, O2WeightsOneToEighteen) {
  const testing::TemporaryFile file(rows_of_o1());
  for (const char* kind : {"sampling", "frequency"}) {
    auto o = options_of_o1(file);
    o.weight = "w";
    o.weight_kind = kind;
    const auto r = evaluated(o);
    EXPECT_NEAR(value(r, "selection_rate_difference", {"g"}), 0.4021849593495935, 1e-15) << kind;
    EXPECT_NEAR(value(r, "equalized_odds_difference", {"g"}), 1.0, 1e-15) << kind;
  }
}

// Oracle: O3 reproduced
TEST(Fairlearn, O3CrossingsWithZerosForNobody) {
  const testing::TemporaryFile file(rows_of_o1());
  auto o = options_of_o1(file);
  o.by = {{"g", "h"}};
  const auto r = evaluated(o);
  const struct {
    const char *g, *h;
    double precision, recall;
  } expected[] = {{"a", "6", 0, 0},  {"a", "8", .5, 1},        {"b", "6", 1, .6666667},
                  {"b", "8", 1, .5}, {"c", "6", .6666667, .5}, {"c", "8", 0, 0}};
  for (const auto& e : expected) {
    const record::Group group{{"g", e.g}, {"h", e.h}};
    EXPECT_NEAR(value(r, "precision", {"g", "h"}, group), e.precision, 5e-8) << e.g << e.h;
    EXPECT_NEAR(value(r, "true_positive_rate", {"g", "h"}, group), e.recall, 5e-8) << e.g << e.h;
  }
}

// Oracle: O5 reproduced
TEST(Fairlearn, O5ToOverall) {
  std::string text = "y,d,sex\n";
  const char y[] = "1111100110", d[] = "0111100011";
  for (int i = 0; i < 10; ++i)
    text += std::string(1, y[i]) + "," + d[i] + (i < 5 ? ",F\n" : ",M\n");
  const testing::TemporaryFile file(text);
  auto o = options_of_o1(file);
  o.by = {{"sex"}};
  const auto r = evaluated(o);
  EXPECT_NEAR(value(r, "accuracy_difference_to_overall", {"sex"}), .1, 1e-15);
  EXPECT_NEAR(value(r, "selection_rate_difference_to_overall", {"sex"}), .2, 1e-15);
  EXPECT_NEAR(value(r, "accuracy_ratio_to_overall", {"sex"}), .8571429, 5e-8);
  EXPECT_NEAR(value(r, "selection_rate_ratio_to_overall", {"sex"}), .6666667, 5e-8);
}

evaluate::Options options_of_compas(const std::string& path) {
  evaluate::Options o;
  o.files = {path};
  o.label = evaluate::Role{"two_year_recid", "1"};
  o.decision = evaluate::Role{"score_text", "High"};
  o.by = {{"race"}, {"sex"}, {"age_cat"}};
  for (const char* attribute : {"race", "sex", "age_cat"}) o.groupings[attribute] = {};
  o.metrics = {"all"};
  return o;
}

/// The label is a re-arrest, and High or Medium is what ProPublica calls a high score: a column
/// with the two merged is written beside the file.
std::string with_high_merged(const std::string& path) {
  std::ifstream in(path);
  std::string header, line, text;
  std::getline(in, header);
  text = header + "\n";
  while (std::getline(in, line)) {
    for (std::size_t at = 0; (at = line.find(",Medium,", at)) != std::string::npos; at += 6) {
      line.replace(at, 8, ",High,");
    }
    text += line + "\n";
  }
  return text;
}

/// The published file has two columns of one name (decile_score, priors_count): the later ones get
/// another, as pandas does.
std::string with_unique_header(std::string text) {
  const std::size_t end = text.find('\n');
  std::string header = text.substr(0, end), out;
  std::vector<std::string> seen;
  std::stringstream names(header);
  for (std::string name; std::getline(names, name, ',');) {
    while (std::find(seen.begin(), seen.end(), name) != seen.end()) name += ".1";
    seen.push_back(name);
    out += (out.empty() ? "" : ",") + name;
  }
  return out + text.substr(end);
}

// Oracle: O17, O18 reproduced
TEST(FairlearnRealData, O17AndO18OnCompas) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "tabular/compas/compas-scores-two-years.csv");
  const testing::TemporaryFile file(with_unique_header(with_high_merged(path)));
  const auto r = evaluated(options_of_compas(file.path()));
  const struct {
    const char *attribute, *group;
    int tp, fp, fn, tn;
  } counts[] = {{"race", "African-American", 1369, 805, 532, 990},
                {"race", "Caucasian", 505, 349, 461, 1139},
                {"race", "Hispanic", 103, 87, 129, 318},
                {"race", "Other", 43, 36, 90, 208},
                {"race", "Asian", 6, 2, 3, 21},
                {"race", "Native American", 9, 3, 1, 5},
                {"sex", "Female", 303, 288, 195, 609},
                {"sex", "Male", 1732, 994, 1021, 2072},
                {"age_cat", "25 - 45", 1183, 741, 706, 1479},
                {"age_cat", "Greater than 45", 213, 181, 285, 897},
                {"age_cat", "Less than 25", 639, 360, 225, 305}};
  for (const auto& c : counts) {
    const record::Group group{{c.attribute, c.group}};
    const By by{c.attribute};
    EXPECT_DOUBLE_EQ(value(r, "true_positive_rate", by, group), 1.0 * c.tp / (c.tp + c.fn))
        << c.group;
    EXPECT_DOUBLE_EQ(value(r, "false_positive_rate", by, group), 1.0 * c.fp / (c.fp + c.tn))
        << c.group;
    const auto* f = testing::find(r, "accuracy", by, group);
    ASSERT_NE(f, nullptr);
    EXPECT_EQ(f->rows, c.tp + c.fp + c.fn + c.tn) << c.group;
  }
  const struct {
    const char* attribute;
    double dpd, dpr, eod, eor;
  } gaps[] = {{"race", .457117595049, .314323607427, .576691729323, .193896840400},
              {"sex", .044809458079, .904348409186, .020698121217, .967100503631},
              {"age_cat", .403368214519, .382632632633, .373449858412, .310155122655}};
  for (const auto& g : gaps) {
    const By by{g.attribute};
    EXPECT_NEAR(value(r, "selection_rate_difference", by), g.dpd, 1e-12) << g.attribute;
    EXPECT_NEAR(value(r, "selection_rate_ratio", by), g.dpr, 1e-12) << g.attribute;
    EXPECT_NEAR(value(r, "equalized_odds_difference", by), g.eod, 1e-12) << g.attribute;
    EXPECT_NEAR(value(r, "equalized_odds_ratio", by), g.eor, 1e-12) << g.attribute;
  }
}

}  // namespace
}  // namespace evenhand
