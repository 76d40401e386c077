// Metrics of two decisions about the same rows, before and after (paired.h): of a rate in each
// group, of its widest gap, and who is decided differently.
#include "evenhand/metric/all.h"
#include "evenhand/metric/paired.h"

namespace evenhand::metric {

namespace {

constexpr const char* kSource =
    "Newcombe, Stat. Med. 17 (1998) 2635 (shown); Clopper & Pearson, Biometrika 26 (1934) 404 "
    "(deciding)";

struct Named {
  const char* id;      // "selection_rate"
  const char* spoken;  // "the selection rate"
  const char* symbol;  // "P(D = 1"
  bool needs_label;
};

Metric of_groups(const Named& of,
                 Result<std::vector<Reading>> (*read)(const Tallies&, const ReadOptions&)) {
  Metric out;
  out.name = std::string(of.id) + "_change";
  out.says = std::string("By how much does ") + of.spoken +
             " of each group change from the decisions before to those after?";
  out.formula = std::string(of.symbol) + " | g) after - before = (came in - left) / n(g)";
  out.unit = "difference of shares in [-1,1]; 0 is no change";
  out.better = Better::kNeither;
  out.possible = {-1, 1};
  out.misleads =
      "A rate that stays can hide many people who change places: see newly_favourable and "
      "newly_unfavourable.";
  out.source = kSource;
  out.needs_label = of.needs_label;
  out.needs_decision = true;
  out.about = About::kChange;
  out.laws = Laws{}.without(Law::kOneGroup);  // each group has its own change
  out.read_self = read;
  return out;
}

Metric of_gap(const Named& of,
              Result<std::vector<Reading>> (*read)(const Tallies&, const ReadOptions&)) {
  Metric out = of_groups(of, read);
  out.name = std::string(of.id) + "_difference_change";
  out.says = std::string("By how much does the widest gap in ") + of.spoken +
             " between groups change from the decisions before to those after?";
  out.formula = "(max_g r'(g) - min_g r'(g)) - (max_g r(g) - min_g r(g)), r before, r' after";
  out.better = Better::kLower;
  out.laws = {};
  out.misleads =
      "A gap closes as well by making the better group worse as by making the worse group better: "
      "see the changes of each group.";
  return out;
}

Metric of_newly(bool favourable,
                Result<std::vector<Reading>> (*read)(const Tallies&, const ReadOptions&)) {
  Metric out;
  out.name = favourable ? "newly_favourable" : "newly_unfavourable";
  out.says = favourable
                 ? "Of each group, what share is decided favourably after and was not before?"
                 : "Of each group, what share was decided favourably before and is not after?";
  out.formula = favourable ? "P(D' = 1, D = 0 | g)" : "P(D' = 0, D = 1 | g)";
  out.unit = "share in [0,1]";
  out.possible = {0, 1};
  out.misleads = "It says that people are decided differently, not who was decided rightly.";
  out.source = "Wilson, JASA 22 (1927) 209 (shown); Clopper & Pearson (deciding)";
  out.needs_decision = true;
  out.about = About::kChange;
  out.laws = Laws{}.without(Law::kOneGroup);
  out.read_self = read;
  return out;
}

constexpr Named kSelection{"selection_rate", "the selection rate", "P(D = 1", false};
constexpr Named kTrue{"true_positive_rate", "the true positive rate", "P(D = 1 | Y = 1", true};
constexpr Named kFalse{"false_positive_rate", "the false positive rate", "P(D = 1 | Y = 0", true};
constexpr Named kRight{"accuracy", "the accuracy", "P(D = Y", true};

template <const Rate& rate>
Result<std::vector<Reading>> read_groups(const Tallies& t, const ReadOptions& o) {
  return changes(*t.decided_twice, rate, o);
}
template <const Rate& rate>
Result<std::vector<Reading>> read_gap(const Tallies& t, const ReadOptions& o) {
  return std::vector<Reading>{gap_change(*t.decided_twice, rate, o)};
}
template <bool favourable>
Result<std::vector<Reading>> read_newly(const Tallies& t, const ReadOptions& o) {
  return newly(*t.decided_twice, favourable, o);
}

}  // namespace

const Metric selection_rate_change = of_groups(kSelection, read_groups<kSelectionRate>);
const Metric true_positive_rate_change = of_groups(kTrue, read_groups<kTruePositiveRate>);
const Metric false_positive_rate_change = of_groups(kFalse, read_groups<kFalsePositiveRate>);
const Metric accuracy_change = of_groups(kRight, read_groups<kAccuracy>);
const Metric selection_rate_difference_change = of_gap(kSelection, read_gap<kSelectionRate>);
const Metric true_positive_rate_difference_change = of_gap(kTrue, read_gap<kTruePositiveRate>);
const Metric false_positive_rate_difference_change = of_gap(kFalse, read_gap<kFalsePositiveRate>);
const Metric accuracy_difference_change = of_gap(kRight, read_gap<kAccuracy>);
const Metric newly_favourable = of_newly(true, read_newly<true>);
const Metric newly_unfavourable = of_newly(false, read_newly<false>);

}  // namespace evenhand::metric
