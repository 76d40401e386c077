#include "evenhand/metric/auc.h"

#include <algorithm>
#include <cmath>

#include "evenhand/base/check.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/score_means.h"

namespace evenhand::metric {
namespace {

using Runs = std::vector<ScoreRun>;

/// Sums over a group's labelled rows; `tied` is sum over runs w0 w1.
struct Labels {
  std::int64_t n0 = 0, n1 = 0;
  double w0 = 0, w1 = 0, ww0 = 0, ww1 = 0;
  double tied = 0;
  std::int64_t missing = 0;
  double value = 0;  // A
};

Labels labels_of(const Runs& runs) {
  Labels l;
  double ordered = 0;  // sum over pairs, ties half
  for (const ScoreRun& run : runs) {
    ordered += run.w1 * (l.w0 + run.w0 / 2);
    l.tied += run.w0 * run.w1;
    l.n0 += run.n0;
    l.n1 += run.n1;
    l.w0 += run.w0;
    l.w1 += run.w1;
    l.ww0 += run.ww0;
    l.ww1 += run.ww1;
    l.missing += run.n_missing;
  }
  if (l.w0 > 0 && l.w1 > 0) l.value = std::clamp(ordered / (l.w0 * l.w1), 0.0, 1.0);
  return l;
}

/// V10 and V01 of the rows of one run.
struct Placements {
  double of_1, of_0;
};

/// Walk the runs upwards with the placements of each.
template <class Use>
void for_each_run(const Runs& runs, const Labels& l, Use use) {
  double below_0 = 0, below_1 = 0;
  for (const ScoreRun& run : runs) {
    const double above_1 = l.w1 - below_1 - run.w1;
    use(run, Placements{(below_0 + run.w0 / 2) / l.w0, (above_1 + run.w1 / 2) / l.w1});
    below_0 += run.w0;
    below_1 += run.w1;
  }
}

/// n / (n - 1): an estimated mean takes one degree of freedom.
double less_one(double n) { return n > 1 ? n / (n - 1) : 1; }

/// DeLong's variance; Welch and Satterthwaite's degrees of freedom.
AucVariance of_rows(const Runs& runs, const Labels& l) {
  double s1 = 0, s0 = 0;
  for_each_run(runs, l, [&](const ScoreRun& run, const Placements& v) {
    s1 += run.ww1 * (v.of_1 - l.value) * (v.of_1 - l.value);
    s0 += run.ww0 * (v.of_0 - l.value) * (v.of_0 - l.value);
  });
  const double n1 = static_cast<double>(l.n1), n0 = static_cast<double>(l.n0);
  const double from_1 = less_one(n1) * s1 / (l.w1 * l.w1);
  const double from_0 = less_one(n0) * s0 / (l.w0 * l.w0);
  const double sum = from_1 + from_0;
  AucVariance v{sum, sum, 0, std::min(l.w1 * l.w1 / l.ww1, l.w0 * l.w0 / l.ww0)};
  if (sum > 0) {
    v.degrees = sum * sum /
                (from_1 * from_1 / std::max(n1 - 1, 1.0) + from_0 * from_0 / std::max(n0 - 1, 1.0));
  }
  return v;
}

/// The variance of an AUC of `a` in a model of the scores where it hangs on `a` and the rows only.
double model_variance(double a, double n1, double n0) {
  const double q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
  const double q = (q1 + q2) / 2;  // the model tells the labels apart; here nothing does
  return (a * (1 - a) + (n1 + n0 - 2) * (q - a * a)) / (n1 * n0);
}

/// Where A hangs on few rows, so does its sampled variance; see auc.h.
double steadied(const AucVariance& v, const Labels& l, double design_effect) {
  const double far = std::max(l.value, 1 - l.value);
  const double n1 = l.w1 * l.w1 / l.ww1, n0 = l.w0 * l.w0 / l.ww0;
  const double model = design_effect * model_variance(far, n1, n0);
  const double hard = v.least * (1 - far);
  return std::max(v.sampled, (hard * v.sampled + kAucModelRows * model) / (hard + kAucModelRows));
}

/// What one row adds to the sums of its cluster: w (V - A) / W of its label.
struct Component {
  std::uint32_t cluster;
  std::uint8_t label;
  double value;
};

std::vector<Component> components(const ScoreRows& rows, std::size_t group, const Labels& l) {
  std::vector<Component> out;
  const std::vector<ScoreRow>& all = rows.rows[group];
  out.reserve(all.size());
  auto row = all.begin();
  for_each_run(rows.runs[group], l, [&](const ScoreRun& run, const Placements& v) {
    for (; row != all.end() && row->score <= run.score; ++row) {
      if (row->label == 1) {
        out.push_back({row->cluster, 1, row->weight * (v.of_1 - l.value) / l.w1});
      } else if (row->label == 0) {
        out.push_back({row->cluster, 0, row->weight * (v.of_0 - l.value) / l.w0});
      }
    }
  });
  EVENHAND_CHECK(row == all.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.cluster < b.cluster; });
  return out;
}

/// Obuchowski's variance: clusters with a 1, with a 0, and with either have their own number.
AucVariance of_clusters(const ScoreRows& rows, std::size_t group, const Labels& l) {
  const std::vector<Component> all = components(rows, group, l);
  double s11 = 0, s00 = 0, s10 = 0, with_1 = 0, with_0 = 0, clusters = 0;
  for (auto first = all.begin(); first != all.end();) {
    double sum_1 = 0, sum_0 = 0;
    bool has_1 = false, has_0 = false;
    const std::uint32_t cluster = first->cluster;
    for (; first != all.end() && first->cluster == cluster; ++first) {
      (first->label == 1 ? sum_1 : sum_0) += first->value;
      (first->label == 1 ? has_1 : has_0) = true;
    }
    s11 += sum_1 * sum_1;
    s00 += sum_0 * sum_0;
    s10 += sum_1 * sum_0;
    with_1 += has_1 ? 1 : 0;
    with_0 += has_0 ? 1 : 0;
    clusters += 1;
  }
  const double rarer = std::min(with_1, with_0);
  // Pairs of different clusters: a cluster with both labels can serve only once.
  const double disjoint = std::max(1.0, std::min(rarer, std::floor(clusters / 2)));
  const double sum = less_one(with_1) * s11 + less_one(with_0) * s00 + 2 * less_one(clusters) * s10;
  return {sum, sum, std::max(rarer - 1, 1.0), disjoint};
}

Undefined too_few(const ScoreRows& rows, std::size_t group, const Labels& l) {
  if (l.n0 == 0 || l.n1 == 0 || !(l.w0 > 0 && l.w1 > 0)) return Undefined::kNoRows;
  if (std::min(l.n0, l.n1) < kAucRowsPerLabel) return Undefined::kInsufficient;
  if (!clustered(rows, group)) return Undefined::kDefined;
  std::vector<std::uint32_t> seen[2];
  for (const ScoreRow& row : rows.rows[group]) {
    if (row.label <= 1) seen[row.label].push_back(row.cluster);
  }
  for (auto& clusters : seen) {
    std::sort(clusters.begin(), clusters.end());
    const auto last = std::unique(clusters.begin(), clusters.end());
    if (last - clusters.begin() < kAucClustersPerLabel) return Undefined::kInsufficient;
  }
  return Undefined::kDefined;
}

/// The AUC while rows without a label turn from 0 to 1, one after the other, from one end of the
/// scores to the other. For a given number of 1s the highest AUC has them on top, the lowest at the
/// bottom, so the extremes over all labellings are extremes along these two walks.
class Turning {
 public:
  Turning(const Runs& runs, bool from_top) : from_top_(from_top) {
    double below = 0;  // weight of 0s, missing rows among them
    for (const ScoreRun& run : runs) {
      const double zeros = run.w0 + run.w_missing;
      ordered_ += run.w1 * (below + zeros / 2);
      below += zeros;
      w1_ += run.w1;
    }
    w0_ = below;
    zeros_below_ = from_top ? w0_ : 0;
    ones_above_ = from_top ? 0 : w1_;
  }

  template <class Use>
  void pass(const ScoreRun& run, Use use) {
    double zeros = run.w0 + run.w_missing, ones = run.w1;
    if (from_top_) zeros_below_ -= zeros;
    if (!from_top_) ones_above_ -= ones;
    const double w = run.n_missing > 0 ? run.w_missing / static_cast<double>(run.n_missing) : 0;
    for (std::int64_t k = 0; k < run.n_missing; ++k) {
      ordered_ += w * (zeros_below_ + (zeros - w) / 2) - w * (ones_above_ + ones / 2);
      zeros -= w;
      ones += w;
      w0_ -= w;
      w1_ += w;
      if (w0_ > 0 && w1_ > 0) use(std::clamp(ordered_ / (w0_ * w1_), 0.0, 1.0));
    }
    if (from_top_) ones_above_ += ones;
    if (!from_top_) zeros_below_ += zeros;
  }

  double start() const { return std::clamp(ordered_ / (w0_ * w1_), 0.0, 1.0); }

 private:
  bool from_top_;
  double ordered_ = 0, w0_ = 0, w1_ = 0;
  double zeros_below_ = 0, ones_above_ = 0;  // weights strictly below, above the run
};

void set_open(Measured& m, const Runs& runs, std::int64_t missing) {
  m.rows_missing = missing;
  if (missing == 0) return;
  Turning up(runs, true), down(runs, false);
  m.open_highest = up.start();
  m.open_lowest = down.start();
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    up.pass(*run, [&](double a) { m.open_highest = std::max(m.open_highest, a); });
  }
  for (const ScoreRun& run : runs) {
    down.pass(run, [&](double a) { m.open_lowest = std::min(m.open_lowest, a); });
  }
}

Result<std::vector<Measured>> measure_auc(const Tallies& tallies, const ReadOptions&) {
  EVENHAND_ASSIGN(const ScoreRows* rows, score_rows_of(tallies));
  std::vector<Measured> out;
  out.reserve(rows->runs.size());
  for (std::size_t g = 0; g < rows->runs.size(); ++g) out.push_back(auc_of(*rows, g));
  return out;
}

}  // namespace

AucVariance auc_variance(const ScoreRows& rows, std::size_t group) {
  const Labels l = labels_of(rows.runs[group]);
  EVENHAND_CHECK(l.w0 > 0 && l.w1 > 0);
  const AucVariance of_each = of_rows(rows.runs[group], l);
  AucVariance v = clustered(rows, group) ? of_clusters(rows, group, l) : of_each;
  v.steadied = steadied(v, l, of_each.sampled > 0 ? v.sampled / of_each.sampled : 1);
  return v;
}

Measured auc_of(const ScoreRows& rows, std::size_t group) {
  const Runs& runs = rows.runs[group];
  const Labels l = labels_of(runs);
  Measured m;
  m.rows = l.n0 + l.n1;
  m.why = too_few(rows, group, l);
  if (!m.defined()) return m;
  m.value = l.value;
  m.range = {0, 1};
  const AucVariance v = auc_variance(rows, group);
  const bool inside = l.value > 0 && l.value < 1 && v.sampled > 0;
  if (inside) {
    m.spread = Spread::kLogit;
    m.standard_error = std::sqrt(v.steadied) / (l.value * (1 - l.value));
    m.degrees = v.degrees;
  } else {
    m.spread = Spread::kShare;
    m.n_effective = v.least;
  }
  if (rows.grid_error > 0) m.slack_low = m.slack_high = l.tied / (2 * l.w0 * l.w1);
  set_open(m, runs, l.missing);
  return m;
}

extern const Measure auc{
    .name = "auc",
    .aliases = {"roc_auc", "area_under_roc_curve", "c_statistic"},
    .says = "Of one who succeeded and one who did not, how often has the first the higher score?",
    .formula = "(1/(n1 n0)) sum_{i: y=1} sum_{j: y=0} ([s_i > s_j] + [s_i = s_j]/2)",
    .unit = "share in [0,1] of pairs; 0.5 is chance",
    .better = Better::kHigher,
    .ideal = 1.0,
    .misleads =
        "It orders within a group only: two groups can have the same value although one "
        "scores lower at every label. It also depends on who is in the group, and needs "
        "at least 30 rows of each label.",
    .source =
        "DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988) 837, doi:10.2307/2531595; "
        "clusters: Obuchowski, Biometrics 53 (1997) 567, doi:10.2307/2533958",
    .from = From::kRows,
    .needs_label = true,
    .needs_score = true,
    .compares = Compares::kDifferences,
    .comparison_aliases = {},
    .measure = measure_auc,
};

}  // namespace evenhand::metric
