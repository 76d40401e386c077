// Shares of a group's rows, and the measures made of them.
#include "evenhand/metric/rates.h"

#include <array>
#include <bit>

#include "evenhand/metric/all.h"
#include "evenhand/metric/cluster_shares.h"
#include "evenhand/metric/effective.h"
#include "evenhand/metric/intervals.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {
namespace {

constexpr std::array<std::uint8_t, 3> kClasses{0, 1, kMissingClass};

/// The complete cells (y,d) that a row with this label and decision may turn out to be.
std::uint8_t completions(std::uint8_t label, std::uint8_t decision) {
  std::uint8_t cells = 0;
  for (int y = 0; y < 2; ++y) {
    for (int d = 0; d < 2; ++d) {
      if ((label == y || label == kMissingClass) && (decision == d || decision == kMissingClass)) {
        cells = static_cast<std::uint8_t>(cells | (1 << (2 * y + d)));
      }
    }
  }
  return cells;
}

/// What a row may be to a rate.
struct Role {
  bool part = false, rest = false, outside = false;
  bool settled() const { return int{part} + int{rest} + int{outside} == 1; }
};

Role role_of(std::uint8_t cells, Rate rate) {
  const int rest = rate.whole & ~rate.part;
  return {(cells & rate.part) != 0, (cells & rest) != 0, (cells & ~rate.whole & kAll) != 0};
}

/// Sums over one group's nine places: rows, weights, squared weights.
struct Share {
  std::int64_t part = 0, rest = 0;
  WeightSums weights;
  // Rows with something missing, by what they would do at worst and at best.
  std::int64_t open = 0;
  double lowest_part = 0, lowest_rest = 0, highest_part = 0, highest_rest = 0;
};

/// A row that is not settled lowers the rate most in the rest, then outside; it raises it most in
/// the part, then outside. So the extremes are taken row by row.
void add_open(Share& share, Role role, std::int64_t n, double w) {
  share.open += n;
  if (role.rest) {
    share.lowest_rest += w;
  } else if (!role.outside) {
    share.lowest_part += w;
  }
  if (role.part) {
    share.highest_part += w;
  } else if (!role.outside) {
    share.highest_rest += w;
  }
}

Share share_of(const tally::Confusion& counts, std::size_t group, Rate rate) {
  Share share;
  for (std::uint8_t y : kClasses) {
    for (std::uint8_t d : kClasses) {
      const std::int64_t n = counts.n(group, y, d);
      if (n == 0) continue;
      const Role role = role_of(completions(y, d), rate);
      const double w = counts.w(group, y, d), w2 = counts.w2(group, y, d);
      if (!role.settled()) {
        add_open(share, role, n, w);
      } else if (role.part) {
        share.part += n;
        share.weights.part += w;
        share.weights.part_squares += w2;
      } else if (role.rest) {
        share.rest += n;
        share.weights.rest += w;
        share.weights.rest_squares += w2;
      }
    }
  }
  return share;
}

void set_open(Measured& m, const Share& s) {
  if (s.open == 0) return;
  const double low_part = s.weights.part + s.lowest_part;
  const double low_whole = low_part + s.weights.rest + s.lowest_rest;
  const double high_part = s.weights.part + s.highest_part;
  const double high_whole = high_part + s.weights.rest + s.highest_rest;
  if (!(low_whole > 0) || !(high_whole > 0)) return;
  m.rows_missing = s.open;
  m.open_lowest = low_part / low_whole;
  m.open_highest = high_part / high_whole;
}

Measured measured(const Share& s, bool weighted) {
  Measured m;
  m.rows = s.part + s.rest;
  const double whole = s.weights.part + s.weights.rest;
  if (m.rows == 0 || !(whole > 0)) {
    m.why = Undefined::kNoRows;
    return m;
  }
  m.value = s.weights.part / whole;
  m.range = {0, 1};
  if (weighted) {
    const Effective effective = effective_of_weights(s.weights);
    m.n_effective = effective.size;
    m.degrees = effective.degrees;
  } else {
    m.part = s.part;
    m.n_effective = static_cast<double>(m.rows);
  }
  set_open(m, s);
  return m;
}

/// fairlearn takes scikit-learn's answer to 0/0: a rate of 0, whichever rate it is.
void settle_as_fairlearn(Measured& m) {
  if (m.why != Undefined::kNoRows) return;
  m.why = Undefined::kDefined;
  m.value = 0;
  m.spread = Spread::kNormal;  // nothing was seen: anything from 0 to 1 may be true
  m.slack_low = m.slack_high = 1;
  m.range = {0, 1};
}

template <Rate kRate>
Result<std::vector<Measured>> measure_rate(const Tallies& tallies, const ReadOptions& options) {
  return rate_by_group(tallies, kRate, options);
}

}  // namespace

double design_effect(const Measured& measured) {
  if (!measured.defined() || !(measured.n_effective > 0)) return 1;
  return static_cast<double>(measured.rows) / measured.n_effective;
}

Measured share_like(const CompleteShare& share, const Measured& like, bool weighted) {
  Measured m;
  m.rows = share.whole_n;
  m.value = share.part / share.whole;
  m.range = {0, 1};
  if (!weighted) m.part = share.part_n;
  m.n_effective = static_cast<double>(share.whole_n) / design_effect(like);
  m.degrees = like.degrees;
  return m;
}

std::int64_t rows_lacking(const tally::Confusion& counts, std::size_t group) {
  std::int64_t rows = 0;
  for (std::uint8_t y : kClasses) {
    for (std::uint8_t d : kClasses) {
      if (y == kMissingClass || d == kMissingClass) rows += counts.n(group, y, d);
    }
  }
  return rows;
}

Result<std::vector<Measured>> rate_by_group(const Tallies& tallies, Rate rate,
                                            const ReadOptions& options) {
  if (tallies.confusion == nullptr) {
    return Error{Code::kInvalidArgument, "rates need a label or a decision"};
  }
  const tally::Confusion& counts = *tallies.confusion;
  std::vector<Measured> out;
  out.reserve(tallies.groups->size());
  for (std::size_t g = 0; g < tallies.groups->size(); ++g) {
    out.push_back(measured(share_of(counts, g, rate), counts.weighted()));
    if (options.convention == Convention::kFairlearn) settle_as_fairlearn(out.back());
  }
  if (tallies.clusters != nullptr) {
    std::uint16_t in_part = 0, in_whole = 0;  // of the nine places (y,d), as bits 3 y + d
    for (std::size_t y = 0; y < kClasses.size(); ++y) {
      for (std::size_t d = 0; d < kClasses.size(); ++d) {
        const Role role = role_of(completions(kClasses[y], kClasses[d]), rate);
        if (!role.settled() || role.outside) continue;
        in_whole = static_cast<std::uint16_t>(in_whole | (1U << (3 * y + d)));
        if (role.part) in_part = static_cast<std::uint16_t>(in_part | (1U << (3 * y + d)));
      }
    }
    set_effective_rows(out, *tallies.clusters, counts, in_part, in_whole);
  }
  return out;
}

// The measures. A comparison's alias is the name under which papers and other tools know it.

const Measure selection_rate{
    .name = "selection_rate",
    .aliases = {"positive_rate", "acceptance_rate"},
    .says = "What share of the group receives the favourable decision?",
    .formula = "n(g, d=1) / n(g)",
    .unit = "share in [0,1]",
    .misleads =
        "Groups may differ in what the decision rightly depends on; equal rates can hide "
        "that the wrong members of a group are chosen.",
    .source =
        "Calders & Verwer 2010, doi:10.1007/s10618-010-0190-x; Feldman et al. 2015, "
        "arXiv:1412.3756",
    .needs_decision = true,
    .comparison_aliases = {{"_difference", "demographic_parity_difference"},
                           {"_difference", "statistical_parity_difference"},
                           {"_ratio", "demographic_parity_ratio"},
                           {"_ratio", "disparate_impact_ratio"},
                           {"_ratio", "four_fifths_ratio"}},
    .measure = measure_rate<kSelectionRate>,
};

const Measure base_rate{
    .name = "base_rate",
    .aliases = {"prevalence"},
    .says = "What share of the group has the favourable label?",
    .formula = "n(g, y=1) / n(g)",
    .unit = "share in [0,1]",
    .misleads =
        "Labels may carry the judgement of earlier decisions, or exist only for those who "
        "were chosen.",
    .source = "Feldman et al. 2015, arXiv:1412.3756",
    .needs_label = true,
    .measure = measure_rate<kBaseRate>,
};

const Measure true_positive_rate{
    .name = "true_positive_rate",
    .aliases = {"recall", "sensitivity"},
    .says = "Among those with the favourable label, what share receives the favourable decision?",
    .formula = "n(g, y=1, d=1) / n(g, y=1)",
    .unit = "share in [0,1]",
    .better = Better::kHigher,
    .ideal = 1,
    .misleads = "It trusts the label: where labels were decided unfairly, so is this.",
    .source = "Hardt, Price & Srebro 2016, arXiv:1610.02413",
    .needs_label = true,
    .needs_decision = true,
    .comparison_aliases = {{"_difference", "equal_opportunity_difference"},
                           {"_ratio", "equal_opportunity_ratio"}},
    .measure = measure_rate<kTruePositiveRate>,
};

const Measure false_positive_rate{
    .name = "false_positive_rate",
    .aliases = {"fall_out"},
    .says = "Among those with the unfavourable label, what share receives the favourable decision?",
    .formula = "n(g, y=0, d=1) / n(g, y=0)",
    .unit = "share in [0,1]",
    .better = Better::kLower,
    .ideal = 0,
    .misleads =
        "Where the favourable decision helps, a false positive helps too: lower is better "
        "for whoever decides, not for whoever is decided upon.",
    .source = "Chouldechova 2017, arXiv:1610.07524",
    .needs_label = true,
    .needs_decision = true,
    .comparison_aliases = {{"_difference", "predictive_equality_difference"},
                           {"_ratio", "predictive_equality_ratio"}},
    .measure = measure_rate<kFalsePositiveRate>,
};

const Measure true_negative_rate{
    .name = "true_negative_rate",
    .aliases = {"specificity"},
    .says = "Among those with the unfavourable label, what share receives the unfavourable one?",
    .formula = "n(g, y=0, d=0) / n(g, y=0)",
    .unit = "share in [0,1]",
    .better = Better::kHigher,
    .ideal = 1,
    .misleads = "It trusts the label, as the false positive rate does.",
    .source = "Chouldechova 2017, arXiv:1610.07524",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_rate<kTrueNegativeRate>,
};

const Measure false_negative_rate{
    .name = "false_negative_rate",
    .aliases = {"miss_rate"},
    .says = "Among those with the favourable label, what share is refused?",
    .formula = "n(g, y=1, d=0) / n(g, y=1)",
    .unit = "share in [0,1]",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "It is one minus the true positive rate; to bound both is to bound one twice.",
    .source = "Chouldechova 2017, arXiv:1610.07524",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_rate<kFalseNegativeRate>,
};

const Measure precision{
    .name = "precision",
    .aliases = {"positive_predictive_value"},
    .says = "Among those with the favourable decision, what share has the favourable label?",
    .formula = "n(g, y=1, d=1) / n(g, d=1)",
    .unit = "share in [0,1]",
    .better = Better::kHigher,
    .ideal = 1,
    .misleads =
        "It rises as fewer are chosen; and where base rates differ, equal precision and "
        "equal error rates exclude each other.",
    .source = "Chouldechova 2017, arXiv:1610.07524",
    .needs_label = true,
    .needs_decision = true,
    .comparison_aliases = {{"_difference", "predictive_parity_difference"},
                           {"_ratio", "predictive_parity_ratio"}},
    .measure = measure_rate<kPrecision>,
};

const Measure false_discovery_rate{
    .name = "false_discovery_rate",
    .aliases = {},
    .says = "Among those with the favourable decision, what share has the unfavourable label?",
    .formula = "n(g, y=0, d=1) / n(g, d=1)",
    .unit = "share in [0,1]",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "It is one minus precision.",
    .source = "Chouldechova 2017, arXiv:1610.07524",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_rate<kFalseDiscoveryRate>,
};

const Measure negative_predictive_value{
    .name = "negative_predictive_value",
    .aliases = {},
    .says = "Among those who were refused, what share has the unfavourable label?",
    .formula = "n(g, y=0, d=0) / n(g, d=0)",
    .unit = "share in [0,1]",
    .better = Better::kHigher,
    .ideal = 1,
    .misleads = "Labels of the refused are often never seen.",
    .source = "Verma & Rubin 2018, doi:10.1145/3194770.3194776",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_rate<kNegativePredictiveValue>,
};

const Measure false_omission_rate{
    .name = "false_omission_rate",
    .aliases = {},
    .says = "Among those who were refused, what share has the favourable label?",
    .formula = "n(g, y=1, d=0) / n(g, d=0)",
    .unit = "share in [0,1]",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "Labels of the refused are often never seen.",
    .source = "Verma & Rubin 2018, doi:10.1145/3194770.3194776",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_rate<kFalseOmissionRate>,
};

const Measure accuracy{
    .name = "accuracy",
    .aliases = {"accuracy_score"},
    .says = "For what share of the group do decision and label agree?",
    .formula = "n(g, y=d) / n(g)",
    .unit = "share in [0,1]",
    .better = Better::kHigher,
    .ideal = 1,
    .misleads = "With rare labels, refusing everybody is accurate.",
    .source = "Berk et al. 2018, arXiv:1703.09207",
    .needs_label = true,
    .needs_decision = true,
    .comparison_aliases = {{"_difference", "accuracy_parity_difference"},
                           {"_ratio", "accuracy_parity_ratio"}},
    .measure = measure_rate<kAccuracy>,
};

const Measure error_rate{
    .name = "error_rate",
    .aliases = {"zero_one_loss"},
    .says = "For what share of the group do decision and label differ?",
    .formula = "n(g, y!=d) / n(g)",
    .unit = "share in [0,1]",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "It adds up errors that help and errors that harm.",
    .source = "Berk et al. 2018, arXiv:1703.09207",
    .needs_label = true,
    .needs_decision = true,
    .measure = measure_rate<kErrorRate>,
};

}  // namespace evenhand::metric
