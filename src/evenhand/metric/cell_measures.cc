// Measures of one group's four cells that are no plain shares: balanced accuracy, F1, treatment
// equality. Each gets its interval from the shares that it is made of.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <span>

#include "evenhand/metric/all.h"
#include "evenhand/metric/rates.h"

namespace evenhand::metric {
namespace {

/// Standard error of a share; where it is 0 or 1 the data say nothing of it, and half a row more of
/// each kind is taken (Agresti & Coull 1998), so that no interval has length 0.
double standard_error(const Measured& share) {
  const double n = share.n_effective;
  const bool edge = share.value <= 0 || share.value >= 1;
  const double p = edge ? (n * share.value + 0.5) / (n + 1) : share.value;
  return std::sqrt(p * (1 - p) / n);
}

/// What both halves leave open. Only of rows that lack the label and the decision can some not turn
/// out as both extremes have it.
void leave_open(Measured& m, const Measured& tpr, const Measured& tnr, std::int64_t rows_lacking) {
  const auto ends = [](const Measured& half) {
    return half.rows_missing > 0 ? Interval{half.open_lowest, half.open_highest}
                                 : Interval{half.value, half.value};
  };
  m.rows_missing = tpr.rows_missing + tnr.rows_missing > 0 ? rows_lacking : 0;
  m.open_lowest = (ends(tpr).low + ends(tnr).low) / 2;
  m.open_highest = (ends(tpr).high + ends(tnr).high) / 2;
}

/// b = (TPR + TNR) / 2 on separate rows: variances add up.
Result<std::vector<Measured>> measure_balanced_accuracy(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(const auto tpr, rate_by_group(t, kTruePositiveRate, o));
  EVENHAND_ASSIGN(const auto tnr, rate_by_group(t, kTrueNegativeRate, o));
  std::vector<Measured> out(tpr.size());
  for (std::size_t g = 0; g < out.size(); ++g) {
    out[g].rows = tpr[g].rows + tnr[g].rows;
    const bool one_label = (tpr[g].rows == 0) != (tnr[g].rows == 0);
    if (o.convention == Convention::kFairlearn &&
        one_label) {  // it averages over labels that occur
      out[g] = tpr[g].rows > 0 ? tpr[g] : tnr[g];
      out[g].rows_missing = 0;
      continue;
    }
    if (!tpr[g].defined() || !tnr[g].defined()) {
      out[g].why = Undefined::kNoRows;
      continue;
    }
    out[g].value = (tpr[g].value + tnr[g].value) / 2;
    if (tpr[g].rows == 0 || tnr[g].rows == 0) {  // fairlearn's 0 for 0/0 has no rows to spread
      out[g].spread = Spread::kNormal;
      out[g].range = {0, 1};
      out[g].slack_low = out[g].slack_high = 1;
      continue;
    }
    out[g].spread = Spread::kNormal;
    out[g].standard_error = std::hypot(standard_error(tpr[g]), standard_error(tnr[g])) / 2;
    const double rarer = std::min(tpr[g].n_effective, tnr[g].n_effective);
    out[g].degrees = std::max(1.0, rarer - 1);  // t of the smaller half: normal only when large
    out[g].range = {0, 1};
    leave_open(out[g], tpr[g], tnr[g], rows_lacking(*t.confusion, g));
  }
  return out;
}

/// F1 = 2 s / (1 + s) with s = TP / (TP + FP + FN), a share, and F1 rises with s: so F1's limits
/// are the share's, mapped.
constexpr Rate kHitsOfAllThatCount{kTP, kTP | kFP | kFN};
double f1_of(double s) { return 2 * s / (1 + s); }

Result<std::vector<Measured>> measure_f1(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(auto out, rate_by_group(t, kHitsOfAllThatCount, o));
  for (Measured& m : out) {
    if (!m.defined() || !(m.n_effective > 0)) continue;  // 0 for 0/0, as fairlearn has it
    const auto share = std::make_shared<const OfShares>(
        OfShares{{m},
                 [](std::span<const Interval> s) {
                   return Interval{f1_of(s[0].low), f1_of(s[0].high)};
                 },
                 {}});
    m.value = f1_of(m.value);
    m.part = -1;
    m.spread = Spread::kOfShares;
    m.of_shares = share;
  }
  return out;
}

double odds(double share) {
  return share < 1 ? share / (1 - share) : std::numeric_limits<double>::infinity();
}

/// FN/FP as the odds of a share: FN / (FN + FP).
Result<std::vector<Measured>> measure_treatment_equality(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(auto out, rate_by_group(t, kFalseNegativeShareOfErrors, o));
  for (Measured& m : out) {
    const Measured share = m;
    m.part = -1;
    m.range = {0, std::numeric_limits<double>::infinity()};
    // fairlearn's 0 for 0/0 is of rates; a quotient of errors without an error it does not know.
    if (m.defined() && !(m.n_effective > 0)) m.why = Undefined::kNoRows;
    if (!m.defined()) continue;
    if (m.value >= 1) {
      m.why = Undefined::kZeroDenominator;
      m.value = 0;
      continue;
    }
    m.value = odds(m.value);
    m.spread = Spread::kOdds;
    m.of_shares = std::make_shared<const OfShares>(
        OfShares{{share},
                 [](std::span<const Interval> s) {
                   return Interval{odds(s[0].low), odds(s[0].high)};
                 },
                 {}});
  }
  return out;
}

}  // namespace

const Measure balanced_accuracy{
    .name = "balanced_accuracy",
    .aliases = {"balanced_accuracy_score"},
    .says = "How often is the decision right, with both labels counting the same?",
    .formula = "(true_positive_rate(g) + true_negative_rate(g)) / 2",
    .unit = "share in [0,1]; 0.5 is chance",
    .better = Better::kHigher,
    .ideal = 1,
    .misleads = "It weighs both labels alike whatever their errors cost.",
    .source = "Brodersen et al. 2010, doi:10.1109/ICPR.2010.764",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_balanced_accuracy,
};

const Measure f1{
    .name = "f1",
    .aliases = {"f1_score"},
    .says = "How well do favourable decisions and favourable labels overlap?",
    .formula = "2 TP(g) / (2 TP(g) + FP(g) + FN(g))",
    .unit = "share in [0,1]",
    .better = Better::kHigher,
    .ideal = 1,
    .misleads = "It depends on the base rate, so groups with other base rates are not comparable.",
    .source = "van Rijsbergen 1979, Information Retrieval, ch. 7",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_f1,
};

const Measure treatment_equality{
    .name = "treatment_equality",
    .aliases = {"false_negatives_per_false_positive"},
    .says = "For each wrong favourable decision, how many wrong refusals are there?",
    .formula = "FN(g) / FP(g)",
    .unit = "quotient >= 0",
    .better = Better::kNeither,
    .possible = {0, std::numeric_limits<double>::infinity()},
    .misleads = "A quotient of two kinds of error says nothing of how many errors there are.",
    .source = "Berk et al. 2018, arXiv:1703.09207",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_treatment_equality,
};

}  // namespace evenhand::metric
