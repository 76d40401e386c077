// Calibration in the large: do the scores say the right number of favourable labels in all?
#include "evenhand/metric/measure.h"
#include "evenhand/metric/score_means.h"

namespace evenhand::metric {
namespace {

double label_minus_score(double score, double label) { return label - score; }

Result<std::vector<Measured>> measure_in_the_large(const Tallies& tallies, const ReadOptions&) {
  ScoreMean what;
  what.of = label_minus_score;
  what.lowest = -1;
  what.slope = 1;
  return means_by_group(tallies, what);
}

}  // namespace

extern const Measure calibration_in_the_large{
    .name = "calibration_in_the_large",
    .aliases = {"mean_calibration_error"},
    .says = "By how much did this group do better than its scores said?",
    .formula = "(1/n) sum_i (y_i - s_i) over the labelled rows of g",
    .unit = "error in [-1,1]; above 0 the scores were too low",
    .better = Better::kNearIdeal,
    .ideal = 0.0,
    .possible = {-1, 1},
    .misleads =
        "Scores that are too high for some and too low for others of a group cancel; see "
        "calibration_slope and calibration_error.",
    .source = "Steyerberg 2019, Clinical Prediction Models, ISBN 978-3-030-16398-3, 15.3",
    .from = From::kRows,
    .needs_label = true,
    .needs_score = true,
    .compares = Compares::kDifferences,
    .comparison_aliases = {},
    .measure = measure_in_the_large,
};

}  // namespace evenhand::metric
