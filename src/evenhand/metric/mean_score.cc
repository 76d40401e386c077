// The mean score of a group, and of those of a group who had one label: the rates that a decision
// drawn at random with probability `score` would have.
#include <algorithm>

#include "evenhand/metric/measure.h"
#include "evenhand/metric/score_means.h"

namespace evenhand::metric {
namespace {

double score_itself(double score, double /*label*/) { return score; }

/// A missing label may put its row in or out of a mean over one label. The mean is lowest with the
/// missing rows below some score in and the others out, so adding them in ascending order while
/// they lower it finds the lowest; and the other way round the highest.
void set_open(Measured& m, const std::vector<ScoreRun>& runs, bool favourable) {
  double w = 0, ws = 0;
  for (const ScoreRun& run : runs) {
    m.rows_missing += run.n_missing;
    w += favourable ? run.w1 : run.w0;
    ws += (favourable ? run.w1 : run.w0) * run.score;
  }
  if (m.rows_missing == 0) return;
  double low_w = w, low_ws = ws, high_w = w, high_ws = ws;
  for (auto run = runs.begin(); run != runs.end(); ++run) {
    if (run->score * low_w >= low_ws) break;
    low_w += run->w_missing;
    low_ws += run->w_missing * run->score;
  }
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (run->score * high_w <= high_ws) break;
    high_w += run->w_missing;
    high_ws += run->w_missing * run->score;
  }
  m.open_lowest = std::clamp(low_ws / low_w, 0.0, 1.0);  // rounding may pass the ends by a hair
  m.open_highest = std::clamp(high_ws / high_w, 0.0, 1.0);
}

Result<std::vector<Measured>> mean_among(const Tallies& tallies, bool favourable) {
  ScoreMean what;
  what.of = score_itself;
  what.slope = 1;
  what.favourable = favourable;
  what.unfavourable = !favourable;
  EVENHAND_ASSIGN(std::vector<Measured> means, means_by_group(tallies, what));
  for (std::size_t g = 0; g < means.size(); ++g) {
    if (means[g].defined()) set_open(means[g], tallies.score_rows->runs[g], favourable);
  }
  return means;
}

Result<std::vector<Measured>> measure_mean(const Tallies& tallies, const ReadOptions&) {
  ScoreMean what;
  what.of = score_itself;
  what.slope = 1;
  what.missing = true;
  return means_by_group(tallies, what);
}
Result<std::vector<Measured>> measure_favourable(const Tallies& tallies, const ReadOptions&) {
  return mean_among(tallies, true);
}
Result<std::vector<Measured>> measure_unfavourable(const Tallies& tallies, const ReadOptions&) {
  return mean_among(tallies, false);
}

}  // namespace

extern const Measure mean_score{
    .name = "mean_score",
    .aliases = {"average_score"},
    .says = "How high are this group's scores on average?",
    .formula = "(1/n) sum_i s_i over the rows of g with a score, labelled or not",
    .unit = "score in [0,1]",
    .better = Better::kNeither,
    .ideal = {},
    .misleads =
        "Groups with different base rates have different mean scores when the scores are "
        "right; read it beside the base rate and calibration_in_the_large.",
    .source = "Linearised variance: Sarndal, Swensson & Wretman 1992, ISBN 978-0-387-40620-6, 5.6",
    .from = From::kRows,
    .needs_score = true,
    .compares = Compares::kDifferencesAndRatios,
    .comparison_aliases = {},
    .measure = measure_mean,
};

extern const Measure generalized_true_positive_rate{
    .name = "generalized_true_positive_rate",
    .aliases = {"soft_true_positive_rate"},
    .says = "Among those who succeeded, how high are the scores on average?",
    .formula = "sum_{y=1} s_i / n(y=1)",
    .unit = "score in [0,1]",
    .better = Better::kHigher,
    .ideal = 1.0,
    .misleads =
        "It needs no threshold, but a score that is right about everybody does not reach "
        "1, and groups with other base rates differ in it although both are calibrated.",
    .source = "Pleiss et al. 2017, arXiv:1709.02012",
    .from = From::kRows,
    .needs_label = true,
    .needs_score = true,
    .compares = Compares::kDifferencesAndRatios,
    .comparison_aliases = {},
    .measure = measure_favourable,
};

extern const Measure generalized_false_positive_rate{
    .name = "generalized_false_positive_rate",
    .aliases = {"soft_false_positive_rate"},
    .says = "Among those who did not succeed, how high are the scores on average?",
    .formula = "sum_{y=0} s_i / n(y=0)",
    .unit = "score in [0,1]",
    .better = Better::kLower,
    .ideal = 0.0,
    .misleads =
        "Calibration and equal generalized error rates cannot both hold for groups with "
        "different base rates, unless the scores are perfect.",
    .source = "Pleiss et al. 2017, arXiv:1709.02012",
    .from = From::kRows,
    .needs_label = true,
    .needs_score = true,
    .compares = Compares::kDifferencesAndRatios,
    .comparison_aliases = {},
    .measure = measure_unfavourable,
};

}  // namespace evenhand::metric
