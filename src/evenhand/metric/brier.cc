// The Brier score: the mean squared distance of score and label.
#include "evenhand/metric/measure.h"
#include "evenhand/metric/score_means.h"

namespace evenhand::metric {
namespace {

double squared_error(double score, double label) { return (score - label) * (score - label); }

// The value could be had from the moments of the scores; its variance asks for fourth powers, which
// they do not hold, so both are read off the rows.
Result<std::vector<Measured>> measure_brier(const Tallies& tallies, const ReadOptions&) {
  ScoreMean what;
  what.of = squared_error;
  what.slope = 2;
  return means_by_group(tallies, what);
}

}  // namespace

extern const Measure brier_score{
    .name = "brier_score",
    .aliases = {"mean_squared_error_of_scores"},
    .says = "How far are the scores from what came true, squared and averaged?",
    .formula = "(1/n) sum_i (s_i - y_i)^2 over the labelled rows of g",
    .unit = "squared error in [0,1]; 0.25 for a score that always says 0.5",
    .better = Better::kLower,
    .ideal = 0.0,
    .misleads =
        "It mixes calibration with how predictable the labels are: a group with a base "
        "rate near 0 or 1 has a low value with any sensible score.",
    .source =
        "Brier, Mon. Weather Rev. 78 (1950) 1, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
    .from = From::kRows,
    .needs_label = true,
    .needs_score = true,
    .compares = Compares::kDifferencesAndRatios,
    .comparison_aliases = {},
    .measure = measure_brier,
};

}  // namespace evenhand::metric
