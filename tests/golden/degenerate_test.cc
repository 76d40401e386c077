// One table of inputs that are degenerate, hostile or a slip of the pen, each with its answer
// beside it: a value, the reason why there is none, or the sentence that its user gets. Origin: by
// hand. After each answer the record is sound (sound.h): no number that is none, and it agrees with
// itself.
//
// An answer is a list "metric[group]=expected; ...": of one group, of everybody [*], or of a gap
// (no brackets); expected is a number, or the reason why it is undefined. "left WHAT=rows" is a
// line of what was left out. "! text" is a part of the sentence of an error.
#include <cmath>
#include <functional>
#include <sstream>

#include "sound.h"
#include "testing.h"

namespace evenhand {
namespace {

using evaluate::Options;

struct Case {
  const char* name;
  std::string table;
  std::function<void(Options&)>
      ask;  // what differs from: label y=1, decision d=1, by g, all metrics
  std::string answer;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

/// Two groups with rates .5 and .25 of four rows, everybody labelled 1, then `more`.
std::string plain(const std::string& more = "") {
  return "y,d,g\n" + repeated("1,1,a\n1,0,a\n", 2) + "1,1,b\n" + repeated("1,0,b\n", 3) + more;
}

/// The same people with another column: its value is `first` in the first row and `other` after.
std::string with_column(const std::string& name, const std::string& first,
                        const std::string& other) {
  std::istringstream in(plain());
  std::string out, line;
  for (int i = 0; std::getline(in, line); ++i) {
    out += line + ',' + (i == 0 ? name : i == 1 ? first : other) + '\n';
  }
  return out;
}

std::string scored(const std::string& first, const std::string& other) {
  std::string out = "y,s,g\n1," + first + ",a\n";
  for (int i = 0; i < 40; ++i)
    out += std::string(i % 2 == 0 ? "1," : "0,") + other + (i < 20 ? ",a\n" : ",b\n");
  return out;
}

std::string many_groups(int groups) {
  std::string out = "y,d,g\n";
  for (int i = 0; i < groups; ++i)
    out += "1," + std::to_string(i % 2) + ",g" + std::to_string(i) + "\n";
  return out;
}

/// Fifty years of age, four people each.
std::string ages_without_edges() {
  std::string out = "y,d,g\n";
  for (int i = 0; i < 200; ++i) {
    out += std::to_string(i % 2) + "," + std::to_string(i / 2 % 2) + "," +
           std::to_string(20 + i / 4) + "\n";
  }
  return out;
}

/// 128 rows of 2^53 copies, and some of one.
std::string huge_counts() {
  std::string out = "y,d,g,w\n";
  for (int i = 0; i < 128; ++i) out += "0,0,a,9007199254740992\n";
  for (int i = 0; i < 46; ++i) out += "1,0,a,1\n";
  for (int i = 0; i < 34; ++i) out += "1,1,a,1\n0,1,b,1\n1,0,b,1\n";
  return out;
}

/// Group a is always chosen, in seven clusters of unequal size.
std::string all_chosen_in_clusters() {
  std::string out = "y,d,g,c\n";
  int cluster = 0;
  for (const int rows : {2, 3, 5, 3, 2, 2, 3}) {
    for (int i = 0; i < rows; ++i) out += "1,1,a," + std::to_string(cluster) + "\n";
    ++cluster;
  }
  return out + "0,0,b,99\n0,1,b,98\n";
}

void score(Options& o) {
  o.decision.reset();
  o.score = "s";
}
std::function<void(Options&)> weight(const char* kind) {
  return [kind](Options& o) {
    o.weight = "w";
    o.weight_kind = kind;
  };
}
std::function<void(Options&)> bound(const char* metric, const char* at_most) {
  return [=](Options& o) {
    record::Bound b;
    b.at_most = at_most;
    o.bounds = {{metric, {"g"}, b}};
  };
}
std::function<void(Options&)> floor_of(const char* metric, const char* at_least) {
  return [=](Options& o) {
    record::Bound b;
    b.at_least = at_least;
    o.bounds = {{metric, {"g"}, b}};
  };
}
std::function<void(Options&)> by(const evaluate::By& asked) {
  return [=](Options& o) { o.by = {asked}; };
}
std::function<void(Options&)> decision(const char* column, std::optional<std::string> favourable) {
  return [=](Options& o) {
    o.label.reset();
    o.decision = evaluate::Role{column, favourable};
  };
}
std::function<void(Options&)> edges(std::vector<double> at) {
  return [at](Options& o) {
    o.by = {{"age"}};
    o.groupings["age"].edges = at;
  };
}

/// Answers that need a second file name it JOINED; the runner writes it.
const char kJoined[] = "JOINED";
std::function<void(Options&)> joined() {
  return [](Options& o) {
    o.label.reset();
    o.join = kJoined;
    o.on = "id";
  };
}

std::vector<Case> groups() {
  return {
      {"OneGroup", "y,d,g\n1,1,a\n0,1,a\n1,0,a\n", nullptr,
       "selection_rate_difference=one_group; selection_rate_ratio=one_group; "
       "equalized_odds_difference=one_group; selection_rate[a]=0.666666667"},
      {"AllGroupsMissing", "y,d,g\n1,1,\n0,1,NA\n1,0,?\n", nullptr,
       "selection_rate_difference=one_group; selection_rate[?]=0.666666667; left unknown groups of "
       "g=3"},
      {"SomeGroupsMissing", plain("1,0,\n1,0,\n"), nullptr,
       "selection_rate_difference=0.25; selection_rate_group_min=0.25; left unknown groups of g=2"},
      {"AGroupCalledUnknown", "y,d,g\n1,1,unknown\n1,0,\n1,1,a\n", nullptr,
       "selection_rate[unknown]=1; selection_rate[?]=0; selection_rate_difference=0"},
      {"GroupsThatDifferByCaseAreTwo", "y,d,g\n1,1,A\n1,0,a\n", nullptr,
       "selection_rate_difference=1"},
      {"TenThousandGroups", many_groups(10'000),
       [](Options& o) {
         o.metrics = {"selection_rate", "selection_rate_difference", "accuracy"};
       },
       "selection_rate_difference=1; selection_rate[g1]=1; selection_rate[*]=0.5"},
      {"ValueWithQuotesAndNewline", "y,d,g\n1,1,\"a \"\"b\"\"\nc\"\n1,0,x\n", nullptr,
       "selection_rate[a \"b\"\nc]=1; selection_rate_difference=1"},
      {"ValueIsAScript", "y,d,g\n1,1,<script>alert(1)</script>\n1,0,x\n", nullptr,
       "selection_rate[<script>alert(1)</script>]=1"},
      {"ValueOfOneHundredThousandBytes", "y,d,g\n1,1," + std::string(100'000, 'x') + "\n1,0,a\n",
       [](Options& o) { o.metrics = {"selection_rate_difference"}; },
       "selection_rate_difference=1"},
      {"ValueIsJson", "y,d,g\n1,1,\"{\"\"a\"\":null}\"\n1,0,\\u0000\n", nullptr,
       "selection_rate_difference=1"},
      {"GroupsAreNumbers", ages_without_edges(), by({"g"}),
       "selection_rate[40]=0.5; left the 50 groups of g=0"},
      {"GroupsAreIdentifiers", many_groups(60), by({"g"}),
       "selection_rate[g1]=1; left the 60 groups of g=0"},
      {"CrossedWithItself", plain(), by({"g", "g"}), "! attribute \"g\" is asked for twice"},
      {"CrossingWithAnEmptyCell", "y,d,g,h\n1,1,a,u\n1,0,a,v\n1,1,b,u\n", by({"g", "h"}),
       "selection_rate_difference=1"},
      {"MergedToOneGroup", plain(),
       [](Options& o) {
         o.groupings["g"].rename = {{"a", "all"}, {"b", "all"}};
       },
       "selection_rate_difference=one_group; selection_rate[all]=0.375"},
      {"RenamedToAnotherGroup", plain(),
       [](Options& o) {
         o.groupings["g"].rename = {{"a", "b"}};
       },
       "selection_rate[b]=0.375; selection_rate_difference=one_group"},
      {"RenameOfAValueThatIsNotThere", plain(),
       [](Options& o) {
         o.groupings["g"].rename = {{"zz", "all"}};
       },
       "selection_rate_difference=0.25"},
      {"EdgesUnsorted", with_column("age", "20", "40"), edges({40, 30}),
       "! edges rise from each to the next"},
      {"EdgesTwice", with_column("age", "20", "40"), edges({30, 30}),
       "! edges rise from each to the next"},
      {"EdgesNotANumber", with_column("age", "20", "40"), edges({std::nan("")}), "! finite"},
      {"EdgeBelongsAbove", with_column("age", "30", "29.9"), edges({30}),
       "selection_rate[30 or more]=1"},
      {"EdgesOverText", with_column("age", "young", "40"), edges({30}),
       "! \"young\" is not a number"},
      {"EdgesWithAMissingAge", with_column("age", "", "40"), edges({30}),
       "selection_rate[?]=1; selection_rate_difference=one_group"},
      {"ReferenceIsNoGroup", plain(),
       [](Options& o) {
         o.reference = {{"g", "zz"}};
       },
       "! the reference g=zz is no group of the rows; found: \"a\", \"b\""},
      {"ReferenceOfAnAttributeThatIsNotAsked", plain(),
       [](Options& o) {
         o.reference = {{"h", "x"}};
       },
       "! a reference was given for \"h\", but nobody is compared by it; groups are \"g\""},
      {"EdgesOfAnAttributeThatIsNotAsked", plain(),
       [](Options& o) {
         o.groupings["agee"].edges = {25, 45};
       },
       "! edges were given for \"agee\", but nobody is compared by it; groups are \"g\""},
      {"ReferenceWithoutPositives", "y,d,g\n0,1,a\n0,0,a\n1,1,b\n1,0,b\n",
       [](Options& o) {
         o.reference = {{"g", "a"}};
       },
       "true_positive_rate_difference_to_reference=no_reference; "
       "selection_rate_difference_to_reference=0"},
      {"RowsMinAboveAll", plain(), [](Options& o) { o.rows_min = 100; },
       "selection_rate[a]=insufficient; selection_rate_difference=one_group; "
       "selection_rate[*]=insufficient"},
      {"RowsMinZero", plain(), [](Options& o) { o.rows_min = 0; }, "! rows_min must be at least 1"},
      {"RowsMinNegative", plain(), [](Options& o) { o.rows_min = -5; },
       "! rows_min must be at least 1"},
      {"StrataOfOneRowEach", "y,d,g,h\n1,1,a,1\n1,0,b,2\n1,1,a,3\n1,0,b,4\n",
       [](Options& o) { o.strata = {"h"}; },
       "conditional_demographic_disparity[a]=no_rows; selection_rate_difference=1"},
      {"StrataAllMissing", "y,d,g,h\n1,1,a,\n1,0,b,\n1,1,a,\n1,0,b,\n",
       [](Options& o) { o.strata = {"h"}; }, "selection_rate_difference=1"},
      {"StratumIsTheGroup", plain(), [](Options& o) { o.strata = {"g"}; },
       "selection_rate_difference=0.25; conditional_demographic_disparity[a]=0"},
  };
}

std::vector<Case> labels_and_decisions() {
  return {
      {"NoPositivesInOneGroup", "y,d,g\n1,1,a\n0,0,a\n0,1,b\n0,0,b\n", nullptr,
       "true_positive_rate[b]=no_rows; true_positive_rate_difference=one_group; base_rate[b]=0"},
      {"NoPositives", "y,d,g\n0,1,a\n0,0,a\n0,1,b\n0,0,b\n", nullptr,
       "true_positive_rate[*]=no_rows; equalized_odds_difference=one_group; "
       "base_rate_ratio=zero_denominator"},
      {"NoNegatives", plain(), nullptr,
       "false_positive_rate[*]=no_rows; false_positive_rate_difference=one_group; "
       "treatment_equality[a]=zero_denominator"},
      {"EverybodySelected", "y,d,g\n1,1,a\n0,1,a\n1,1,b\n0,1,b\n", nullptr,
       "selection_rate_ratio=1; selection_rate_difference=0; negative_predictive_value[a]=no_rows"},
      {"NobodySelected", "y,d,g\n1,0,a\n0,0,a\n1,0,b\n0,0,b\n", nullptr,
       "selection_rate_ratio=zero_denominator; selection_rate_difference=0; precision[*]=no_rows"},
      {"EverybodyRight", "y,d,g\n1,1,a\n0,0,a\n1,1,b\n0,0,b\n", nullptr,
       "accuracy_ratio=1; error_rate_ratio=zero_denominator; treatment_equality[a]=no_rows"},
      {"EverybodyWrong", "y,d,g\n1,0,a\n0,1,a\n1,0,b\n0,1,b\n", nullptr,
       "accuracy[*]=0; accuracy_ratio=zero_denominator; f1[a]=0"},
      {"EverybodyRefusedWhoDeserved", "y,d,g\n1,0,a\n1,0,b\n", nullptr,
       "theil_index[*]=zero_denominator"},
      {"AllLabelsMissing", "y,d,g\n,1,a\n,0,a\n,1,b\n", nullptr,
       "base_rate[*]=no_rows; accuracy[*]=no_rows; selection_rate_difference=0.5; "
       "left rows without a label=3"},
      {"AllDecisionsMissing", "y,d,g\n1,,a\n0,,a\n1,,b\n", nullptr,
       "selection_rate[*]=no_rows; base_rate_difference=0.5; left rows without a decision=3"},
      {"AllMissing", "y,d,g\n,,\n,NA,\n?,,\n", nullptr,
       "selection_rate[*]=no_rows; base_rate[*]=no_rows; selection_rate_difference=one_group"},
      {"OneDecisionMissing", plain("1,,b\n"), nullptr,
       "selection_rate_difference=0.25; selection_rate[b]=0.25; left rows without a decision=1"},
      {"ThreeLabelsWithFavourable", "y,d,g\nhigh,1,a\nlow,1,a\nmedium,1,b\n",
       [](Options& o) { o.label->favourable = "high"; }, "base_rate[a]=0.5; base_rate[b]=0"},
      {"ThreeLabelsWithoutFavourable", "y,d,g\nhigh,1,a\nlow,1,a\nmedium,1,b\n",
       [](Options& o) { o.label->favourable.reset(); },
       "! column \"y\" holds \"high\", \"low\", \"medium\", and which of them people want is not "
       "said"},
      {"NumbersWithoutFavourable", "y,d,g\n1,1,a\n-1,1,b\n",
       [](Options& o) { o.label->favourable.reset(); }, "! which of them people want is not said"},
      {"ThreeNumbersWithoutFavourable", "y,d,g\n1,1,a\n0,1,b\n2,1,b\n",
       [](Options& o) { o.label->favourable.reset(); }, "! which of them people want is not said"},
      {"ZeroAndOneNeedNone", plain(), [](Options& o) { o.decision->favourable.reset(); },
       "selection_rate_difference=0.25"},
      {"TrueAndFalseNeedNone", "d,g\nTRUE,a\nfalse,a\nTrue,b\n", decision("d", std::nullopt),
       "selection_rate_difference=0.5"},
      {"OneSpelledAsADecimal", "d,g\n1.0,a\n0.0,a\n1,b\n", decision("d", std::nullopt),
       "selection_rate_difference=0.5"},
      {"FavourableNeverOccurs", "d,g\nyes,a\nno,b\n", decision("d", "ja"),
       "! says that \"ja\" is favourable in column \"d\", but no row has it; found: \"no\", "
       "\"yes\""},
      {"FavourableNeverOccursAndAllAreRefused", "d,g\nno,a\nno,b\n", decision("d", "yes"),
       "selection_rate[*]=0; selection_rate_ratio=zero_denominator"},
      {"FavourableIsEmpty", "d,g\nyes,a\nno,b\n", decision("d", ""), "! favourable"},
      {"FavourableWithASpace", "d,g\nyes please,a\nno,b\n", decision("d", "yes please"),
       "selection_rate_difference=1"},
      {"OneRow", "y,d,g\n1,1,a\n", nullptr,
       "selection_rate[a]=1; selection_rate_difference=one_group"},
      {"OnlyAHeader", "y,d,g\n", nullptr,
       "selection_rate[*]=no_rows; selection_rate_difference=one_group"},
      {"OneRowOfAGroup", plain("1,1,c\n"), nullptr,
       "selection_rate[c]=1; selection_rate_difference=0.75"},
      {"LabelIsTheGroup", plain(), [](Options& o) { o.by = {{"y"}}; },
       "base_rate[1]=1; base_rate_difference=one_group"},
      {"LabelIsTheDecision", plain(), [](Options& o) { o.label->column = "d"; },
       "! label and decision are the same column, \"d\""},
      {"GapOfAtLeast", plain(), floor_of("selection_rate_difference", "0.1"),
       "! asks for at least 0.1, but 0 is parity, so <= was meant"},
      {"RatioOfAtMost", plain(), bound("selection_rate_ratio", "0.8"),
       "! asks for at most 0.8, but 1 is parity, so >= was meant"},
      {"RateOfAtLeastAndAtMost", plain(),
       [](Options& o) {
         floor_of("false_positive_rate", "0")(o);
         o.bounds.push_back(o.bounds.front());
         o.bounds[1].bound = {.at_least = {}, .at_most = "1"};
       },
       "selection_rate[*]=0.375"},
      {"CalibrationErrorOfAtMost", scored("0.5", "0.5"),
       [](Options& o) {
         score(o);
         bound("calibration_error", "0.9")(o);
       },
       "calibration_error_raw[*]=0.0121951219"},
      {"Aif360WithoutReference", plain(), [](Options& o) { o.convention = "aif360"; },
       "! compares everybody else with a privileged group; name it"},
      {"OnlyALabel", plain(), [](Options& o) { o.decision.reset(); }, "base_rate_difference=0"},
      {"NothingToJudge", plain(), [](Options& o) { o.label.reset(), o.decision.reset(); },
       "! nothing to judge"},
  };
}

std::vector<Case> weights_and_clusters() {
  return {
      {"WeightZeroOfAGroup", with_column("w", "1", "0"), weight("frequency"),
       "selection_rate[a]=1; selection_rate_difference=one_group; left rows with a weight of 0=7"},
      {"WeightsAllZero", with_column("w", "0", "0"), weight("frequency"),
       "selection_rate[*]=no_rows; selection_rate_difference=one_group"},
      {"WeightZeroOfAGroupInClusters", with_column("w", "1", "0"),
       [](Options& o) {
         weight("frequency")(o);
         o.cluster = "d";
         o.strata = {"y"};
       },
       "selection_rate[a]=1; selection_rate_difference=one_group"},
      {"WeightZeroOfAScoredGroup", "y,s,g,w\n1,.9,a,1\n0,.2,a,1\n1,.7,b,0\n0,.4,c,2\n",
       [](Options& o) {
         score(o);
         weight("frequency")(o);
       },
       "mean_score[a]=0.55; mean_score[c]=0.4; mean_score_difference=0.15"},
      {"SamplingWeightsAllZero", with_column("w", "0", "0"), weight("sampling"),
       "selection_rate[*]=no_rows; selection_rate_difference=one_group"},
      {"WeightNegative", with_column("w", "-1", "1"), weight("frequency"),
       "! line 2: column \"w\" holds -1"},
      {"SamplingWeightNegative", with_column("w", "-0.5", "1"), weight("sampling"),
       "! a sampling weight is 0, or a number from 2^-300"},
      {"WeightIsNan", with_column("w", "nan", "1"), weight("sampling"),
       "! \"nan\" is not a finite number"},
      {"WeightIsInfinite", with_column("w", "inf", "1"), weight("sampling"),
       "! \"inf\" is not a finite number"},
      {"WeightIsMissing", with_column("w", "", "1"), weight("frequency"),
       "! column \"w\" holds no number"},
      {"WeightIsText", with_column("w", "many", "1"), weight("frequency"),
       "! \"many\" is not a number"},
      {"WeightFractionalFrequency", with_column("w", "1.5", "1"), weight("frequency"),
       "! a frequency weight is a whole number"},
      {"WeightFractionalSampling", with_column("w", "1.5", "1"), weight("sampling"),
       "selection_rate[a]=0.555555556"},
      {"WeightHuge", with_column("w", "9007199254740993000", "1"), weight("frequency"),
       "! a whole number from 0 to 2^53"},
      {"WeightsNearTheLimit", with_column("w", "9007199254740992", "9007199254740992"),
       weight("frequency"), "selection_rate_difference=0.25"},
      {"WeightsTooLargeTogether", "d,g,w\n" + repeated("1,a,9007199254740992\n", 1025),
       [](Options& o) {
         o.label.reset();
         weight("frequency")(o);
       },
       "! there are more than 2^63 - 1 rows; check the frequency weights"},
      {"WeightLarge", with_column("w", "1000000000000", "1"), weight("frequency"),
       "selection_rate[b]=0.25; selection_rate[a]=0.999999999998"},
      {"SamplingWeightHuge", with_column("w", "1e300", "1"), weight("sampling"),
       "! a number from 2^-300 to 2^40"},
      {"SamplingWeightTiny", with_column("w", "1e-300", "1"), weight("sampling"),
       "! column \"w\" holds 1e-300"},
      {"SamplingWeightsAllTiny", with_column("w", "1e-90", "1e-90"), weight("sampling"),
       "selection_rate[*]=0.375; selection_rate_difference=0.25"},
      {"FrequencyWeightsUpTo2To60", huge_counts(), weight("frequency"),
       "selection_rate[b]=0.5; true_positive_rate[a]=0.425"},
      {"AlwaysChosenInClusters", all_chosen_in_clusters(), [](Options& o) { o.cluster = "c"; },
       "selection_rate[a]=1; selection_rate_difference=0.5"},
      {"WeightKindNotSaid", with_column("w", "1", "1"), weight(""),
       "! weight_kind must be frequency or sampling"},
      {"WeightColumnIsNotThere", plain(), weight("frequency"), "! has no column \"w\""},
      {"ClustersOfOneRow", "y,d,g,p\n1,1,a,1\n1,0,a,2\n1,1,b,3\n1,1,b,4\n",
       [](Options& o) { o.cluster = "p"; }, "selection_rate_difference=0.5"},
      {"AllInOneCluster", with_column("p", "x", "x"), [](Options& o) { o.cluster = "p"; },
       "selection_rate_difference=0.25"},
      {"ClusterMissing", with_column("p", "", "x"), [](Options& o) { o.cluster = "p"; },
       "! column \"p\" is empty; each row needs the cluster it belongs to"},
      {"ClusterIsTheGroup", plain(), [](Options& o) { o.cluster = "g"; },
       "selection_rate_difference=0.25"},
  };
}

std::vector<Case> scores() {
  return {
      {"ScoreAboveOne", scored("1.5", ".5"), score, "! line 2: column \"s\" holds 1.5"},
      {"ScoreNegative", scored("-0.25", ".5"), score, "! a score is a probability from 0 to 1"},
      {"ScoreIsNan", scored("nan", ".5"), score, "! \"nan\" is not a finite number"},
      {"ScoreIsInfinite", scored("-inf", ".5"), score, "! \"-inf\" is not a finite number"},
      {"ScoreIsText", scored("high", ".5"), score, "! \"high\" is not a number"},
      {"ScoreIsMissing", scored("NaN", ".5"), score,
       "left rows without a score=1; selection_rate[*]=1"},
      {"AllScoresMissing", scored("", ""), score,
       "auc[*]=no_rows; selection_rate[*]=no_rows; mean_score[a]=no_rows; "
       "score_ks_distance=one_group"},
      {"AllScoresTheSame", scored(".5", ".5"), score,
       "auc[*]=insufficient; calibration_slope[*]=no_spread; selection_rate[*]=1; "
       "score_ks_distance=0"},
      {"ScoresOfZeroAndOne", "y,s,g\n" + repeated("1,1,a\n0,0,a\n1,1,b\n0,0,b\n", 40), score,
       "auc[*]=1; brier_score[*]=0; calibration_error_raw[a]=0"},
      {"ScoresAllWrong", "y,s,g\n" + repeated("1,0,a\n0,1,a\n1,0,b\n0,1,b\n", 40), score,
       "auc[*]=0; brier_score[*]=1; auc_difference=0"},
      {"ScoreDenormal", scored("1e-320", ".5"), score, "left score=absent; selection_rate[b]=1"},
      {"ScoresWithOneLabel", "y,s,g\n" + repeated("1,.25,a\n1,.75,b\n", 40), score,
       "auc[*]=no_rows; generalized_false_positive_rate[*]=no_rows; mean_score_difference=0.5"},
      {"ScoreAtTheThreshold", "s,g\n.3,a\n.29999,b\n",
       [](Options& o) { o.label.reset(), score(o), o.threshold = .3; },
       "selection_rate[a]=1; selection_rate[b]=0"},
      {"ThresholdAboveOne", scored(".5", ".5"), [](Options& o) { score(o), o.threshold = 1.5; },
       "! threshold must lie in [0,1]"},
      {"ThresholdBesideADecision", plain(), [](Options& o) { o.threshold = .5; },
       "! exclude each other"},
      {"AucOfFewRows", "y,s,g\n1,.9,a\n0,.1,a\n1,.8,b\n0,.2,b\n", score,
       "auc[a]=insufficient; auc_difference=one_group"},
  };
}

std::vector<Case> options_and_files() {
  return {
      {"ColumnMisspelt", with_column("approved", "1", "0"),
       [](Options& o) { o.decision->column = "aproved"; },
       "! has no column \"aproved\"; did you mean \"approved\"?"},
      {"GroupColumnMissing", plain(), by({"gender"}), "! has no column \"gender\""},
      {"TwoColumnsOfOneNameThatAreAsked", "y,d,g,g\n1,1,a,b\n", nullptr,
       "! two columns are called \"g\""},
      {"TwoColumnsOfOneNameThatAreNot", "y,d,g,x,x\n1,1,a,b,c\n0,0,b,b,c\n", nullptr,
       "selection_rate_difference=1"},
      {"HeaderWithoutAName", "y,d,g,\n1,1,a,b\n0,0,b,b\n", nullptr, "selection_rate_difference=1"},
      {"UnknownMetric", plain(), [](Options& o) { o.metrics = {"selection_rat"}; },
       "! there is no metric \"selection_rat\"; the nearest is \"selection_rate\""},
      {"MetricThatNeedsAScore", plain(), [](Options& o) { o.metrics = {"auc"}; },
       "! needs a score"},
      {"BoundOnAnUnknownMetric", plain(), bound("selection_rate_gap", "0.1"),
       "! there is no metric"},
      {"BoundWithASignOnOneSide", plain(),
       [](Options& o) {
         bound("selection_rate_difference_to_reference", "0.1")(o);
         o.reference = {{"g", "a"}};
       },
       "! has a sign, so a bound on one side lets any gap pass on the other"},
      {"BoundThatIsNoNumber", plain(), bound("selection_rate_difference", "little"), "! little"},
      {"BoundOfNan", plain(), bound("selection_rate_difference", "nan"), "! nan"},
      {"BoundOfInfinity", plain(), bound("selection_rate_difference", "inf"), "! inf"},
      {"BoundWithAVeryLongNumber", plain(),
       bound("selection_rate_difference",
             "0.2500000000000000000000000000000000000000000000000000001"),
       "! has more than 17 digits"},
      {"BoundOnBothSidesInOne", plain(),
       [](Options& o) {
         bound("selection_rate_difference", "0.1")(o);
         o.bounds[0].bound.at_least = "0";
       },
       "! at_most or at_least, and one of them only"},
      {"BoundJudgedOtherwise", plain(),
       [](Options& o) {
         bound("selection_rate_difference", "0.1")(o);
         o.bounds[0].bound.judge = "feeling";
       },
       "! not by \"feeling\""},
      {"BoundOnAnUndefinedGap", "y,d,g\n1,1,a\n1,0,a\n", bound("selection_rate_difference", "0.1"),
       "selection_rate_difference=one_group"},
      {"MissingLabelCouldMakeTheMeanNegative", "y,s,g\n1,.5,a\n0,.5,a\n,.5,a\n1,.5,b\n0,.5,b\n",
       score, "calibration_in_the_large[a]=0; calibration_in_the_large_difference=0"},
      {"LevelZero", plain(), [](Options& o) { o.level = 0; },
       "! level must lie in [0.01, 0.999999]"},
      {"LevelOne", plain(), [](Options& o) { o.level = 1; },
       "! level must lie in [0.01, 0.999999]"},
      {"LevelNan", plain(), [](Options& o) { o.level = std::nan(""); },
       "! level must lie in [0.01, 0.999999]"},
      {"LevelNextToOne", plain(), [](Options& o) { o.level = 1 - 1e-12; },
       "! level must lie in [0.01, 0.999999]"},
      {"LevelHighest", plain(), [](Options& o) { o.level = 0.999999; },
       "selection_rate_difference=0.25"},
      {"LevelLowestWithJeffreys", plain(),
       [](Options& o) {
         o.level = 0.01;
         o.interval = "jeffreys";
       },
       "selection_rate_difference=0.25"},
      {"ConventionUnknown", plain(), [](Options& o) { o.convention = "sklearn"; },
       "! there is no convention \"sklearn\""},
      {"IntervalUnknown", plain(), [](Options& o) { o.interval = "wald"; }, "! \"wald\""},
      {"JoinWithoutOn", plain(), [](Options& o) { o.join = "x.csv"; },
       "! join and on belong together"},
      {"JoinWithAnIdTwice", "id,d\n1,1\n2,0\nJOINED\nid,g\n1,a\n1,b\n", joined(), "! stands twice"},
      {"JoinWithAnEmptyId", "id,d\n1,1\n2,0\nJOINED\nid,g\n1,a\n,b\n", joined(),
       "! every row of the joined table needs an id"},
      {"JoinWithoutAMatch", "id,d\n1,1\n2,0\nJOINED\nid,g\n1,a\n3,b\n", joined(),
       "selection_rate[a]=1; selection_rate[?]=0; selection_rate_difference=one_group; "
       "left rows whose id the joined table does not have=1"},
      {"JoinWithoutAnyMatch", "id,d\n1,1\n2,0\nJOINED\nid,g\n7,a\n8,b\n", joined(),
       "selection_rate[?]=0.5; selection_rate_difference=one_group"},
      {"JoinOnAColumnThatIsNotThere", "id,d\n1,1\n2,0\nJOINED\nkey,g\n1,a\n", joined(),
       "! has no column \"id\""},
      {"NoFile", "", [](Options& o) { o.files.clear(); }, "! no file was named"},
      {"EmptyFile", "", nullptr, "! is empty"},
      {"OnlyNewlines", "\n\n\n", nullptr, "! "},
      {"QuoteThatNeverEnds", "y,d,g\n1,1,a\n0,\"1,b\n0,1,b\n", nullptr, "! quote"},
      {"TooFewCells", "y,d,g\n1,1\n0,0,b\n", nullptr, "! line 2"},
      {"TooManyCells", "y,d,g\n1,1,a,b\n0,0,b\n", nullptr, "! line 2"},
      {"NotUtf8", "y,d,g\n1,1,\xff\xfe\n0,0,b\n", nullptr, "! UTF-8"},
      {"NulBytes", std::string("y,d,g\n1,1,a\0b\n0,0,b\n", 20), nullptr, "! "},
      {"ByteOrderMark", "\xef\xbb\xbfy,d,g\n1,1,a\n0,0,b\n", nullptr,
       "selection_rate_difference=1"},
      {"NoNewlineAtTheEnd", "y,d,g\n1,1,a\n0,0,b", nullptr, "selection_rate_difference=1"},
      {"CarriageReturns", "y,d,g\r\n1,1,a\r\n0,0,b\r\n", nullptr, "selection_rate_difference=1"},
  };
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (auto part :
       {groups(), labels_and_decisions(), weights_and_clusters(), scores(), options_and_files()}) {
    for (Case& c : part) all.push_back(std::move(c));
  }
  return all;
}

/// The finding of "metric[group]", and of "metric" the gap.
const record::Finding* named(const record::Record& r, const std::string& what) {
  const std::size_t open = what.find('[');
  const std::string metric = what.substr(0, open);
  for (const record::Finding& f : r.findings) {
    if (f.metric != metric || !f.strata.empty()) continue;
    if (open == std::string::npos) {
      if (!f.by.empty()) return &f;
      continue;
    }
    const std::string group = what.substr(open + 1, what.rfind(']') - open - 1);
    if (f.by.empty() != (group == "*") || !f.group) continue;
    if (group == "*") return &f;
    const auto& value = f.group->begin()->second;
    if (group == "?" ? !value : value == group) return &f;
  }
  return nullptr;
}

void expect_left_out(const record::Record& r, const std::string& what, const std::string& rows) {
  std::string found = "absent";
  for (const auto& left : r.left_out) {
    if (left.what == what) found = std::to_string(left.rows);
  }
  EXPECT_EQ(found, rows) << what;
}

void expect_item(const record::Record& r, const std::string& item) {
  const std::size_t equals = item.rfind('=');
  const std::string what = item.substr(0, equals), expected = item.substr(equals + 1);
  if (what.rfind("left ", 0) == 0) return expect_left_out(r, what.substr(5), expected);
  const record::Finding* f = named(r, what);
  ASSERT_NE(f, nullptr) << what;
  if (std::isdigit(static_cast<unsigned char>(expected[0]))) {
    ASSERT_TRUE(f->value) << what << " is undefined: " << f->why;
    EXPECT_NEAR(*f->value, std::stod(expected), 5e-10) << what;
  } else {
    EXPECT_EQ(f->why, expected) << what
                                << (f->value ? " has the value " + std::to_string(*f->value) : "");
  }
}

void expect_answer(const Result<record::Record>& r, const std::string& answer) {
  if (answer[0] == '!') {
    ASSERT_FALSE(r) << "was taken";
    EXPECT_NE(r.error().says.find(answer.substr(2)), std::string::npos) << to_string(r.error());
    EXPECT_NE(r.error().code, Code::kBug);
    EXPECT_GT(r.error().says.size(), 10U);
    return;
  }
  ASSERT_TRUE(r) << to_string(r.error());
  for (std::size_t at = 0; at < answer.size();) {
    const std::size_t end = std::min(answer.find("; ", at), answer.size());
    expect_item(*r, answer.substr(at, end - at));
    at = end + 2;
  }
  testing::expect_sound(*r);
}

class Degenerate : public ::testing::TestWithParam<Case> {};

TEST_P(Degenerate, IsAnswered) {
  const Case& c = GetParam();
  const std::string mark = std::string(kJoined) + "\n";
  const std::size_t split = c.table.find(mark);
  const testing::TemporaryFile file(c.table.substr(0, split));
  const testing::TemporaryFile second(
      split == std::string::npos ? "" : c.table.substr(split + mark.size()));
  Options o;
  o.files = {file.path()};
  o.label = evaluate::Role{"y", "1"};
  o.decision = evaluate::Role{"d", "1"};
  o.by = {{"g"}};
  o.metrics = {"all"};
  o.threads = 2;
  if (c.ask) c.ask(o);
  if (o.join && *o.join == kJoined) o.join = second.path();
  const auto r = evaluate::evaluate(o, nullptr);
  expect_answer(r, c.answer);
  if (!r) return;
  const auto again = evaluate::verify_with_data(*r, {}, 1, nullptr);  // two threads gave the record
  EXPECT_TRUE(again) << to_string(again.error());
}

INSTANTIATE_TEST_SUITE_P(Table, Degenerate, ::testing::ValuesIn(all_cases()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(DegenerateTable, HasAtLeastSixtyInputs) { EXPECT_GE(all_cases().size(), 60U); }

// 0 errors in 3 and in 4 rows allow error rates of up to .71 and .60 (Clopper-Pearson): nobody
// knows.
TEST(Verdicts, NoErrorInAFewRowsMeetsNoBoundOnAnIndex) {
  const testing::TemporaryFile file("y,d,g\n1,1,a\n1,1,a\n0,0,a\n1,1,b\n1,1,b\n0,0,b\n0,0,b\n");
  for (const std::string metric :
       {"theil_index", "generalized_entropy_index", "coefficient_of_variation",
        "between_group_generalized_entropy_index"}) {
    Options o;
    o.files = {file.path()};
    o.label = evaluate::Role{"y", "1"};
    o.decision = evaluate::Role{"d", "1"};
    o.by = {{"g"}};
    bound(metric.c_str(), "0.001")(o);
    const record::Record r = testing::evaluated(o);
    int judged = 0;
    for (const record::Finding& f : r.findings) {
      if (!f.verdict) continue;
      ++judged;
      EXPECT_EQ(*f.verdict, record::Verdict::kCannotTell) << metric;
      EXPECT_EQ(*f.value, 0);
      EXPECT_GT(*f.high, 0.01) << metric;
    }
    EXPECT_GT(judged, 0) << metric;
  }
}

}  // namespace
}  // namespace evenhand
