// The reliability curve: among rows with a score between two tenths, what share came true?
#include <algorithm>
#include <string>

#include "evenhand/metric/calibration_error.h"
#include "evenhand/metric/metric.h"
#include "evenhand/metric/score_means.h"

namespace evenhand::metric {
namespace {

double label_itself(double /*score*/, double label) { return label; }

/// "0.1 to 0.2".
std::string bin_name(int bin) {
  const auto tenth = [](int i) { return i == kCalibrationBins ? "1.0" : "0." + std::to_string(i); };
  return std::string(tenth(bin)) + " to " + tenth(bin + 1);
}

/// The share of favourable labels in one bin, exact counts where rows count once.
Measured share_in_bin(const ScoreRows& rows, std::size_t group, int bin) {
  ScoreMean what;
  what.of = label_itself;
  what.score_from = static_cast<double>(bin) / kCalibrationBins;
  if (bin + 1 < kCalibrationBins) {
    what.score_below = static_cast<double>(bin + 1) / kCalibrationBins;
  }
  Measured m = mean_over(rows, group, what);
  if (!m.defined() || rows.weighted || clustered(rows, group)) return m;
  m.part = 0;
  for (const ScoreRun& run : rows.runs[group]) {
    if (run.score >= what.score_from && run.score < what.score_below) m.part += run.n1;
  }
  m.n_effective = static_cast<double>(m.rows);
  return m;
}

Reading reading_of(const Measured& m, const tally::Key& key, int bin, const ReadOptions& o,
                   std::size_t family) {
  Reading reading;
  reading.group = key;
  reading.at = {{"score", bin_name(bin)}};
  reading.estimate.rows = m.rows;
  reading.estimate.why = m.why;
  if (m.defined() && m.rows < o.rows_min) reading.estimate.why = Undefined::kInsufficient;
  if (!reading.estimate.defined()) return reading;
  const Interval shown = limits(m, o.level, o.method, o.scale);
  reading.estimate.value = m.value;
  reading.estimate.low = shown.low;
  reading.estimate.high = shown.high;
  reading.parts[0] = m.part;
  reading.parts[1] = m.rows;
  if (o.family_level > 0) {
    const double each = 1 - (1 - o.family_level) / static_cast<double>(family);
    reading.family = limits(m, each, Method::kClopperPearson, o.scale);
  }
  if (m.rows_missing > 0) {
    reading.open =
        Open{m.open_lowest, m.open_highest, std::max(0.0, m.open_lowest - (m.value - shown.low)),
             std::min(1.0, m.open_highest + (shown.high - m.value)), m.rows_missing};
  }
  return reading;
}

Result<std::vector<Reading>> read_reliability(const Tallies& tallies, const ReadOptions& options) {
  EVENHAND_ASSIGN(const ScoreRows* rows, score_rows_of(tallies));
  const auto groups =
      std::count_if(rows->runs.begin(), rows->runs.end(), [](const auto& g) { return !g.empty(); });
  const std::size_t family =
      std::max(static_cast<std::size_t>(groups), std::size_t{1}) * kCalibrationBins;
  std::vector<Reading> out;
  out.reserve(rows->runs.size() * kCalibrationBins);
  for (std::size_t g = 0; g < rows->runs.size(); ++g) {
    for (int bin = 0; bin < kCalibrationBins; ++bin) {
      out.push_back(
          reading_of(share_in_bin(*rows, g, bin), tallies.groups->keys[g], bin, options, family));
    }
  }
  return out;
}

}  // namespace

extern const Metric reliability{
    .name = "reliability",
    .aliases = {"calibration_curve"},
    .says = "Among those of a group with about the same score, what share had a favourable label?",
    .formula = "n(g, y=1, s in b) / n(g, s in b) for ten bins b of equal width; the last holds 1",
    .unit = "share in [0,1]; calibrated where it lies within its bin of the score",
    .better = Better::kNearIdeal,
    .ideal = {},
    .misleads =
        "A bin holds scores up to a tenth apart, so a share need not lie in its middle; "
        "bins with few rows jump.",
    .source =
        "Murphy & Winkler, Appl. Stat. 26 (1977) 41, doi:10.2307/2346866; interval: Wilson, "
        "JASA 22 (1927) 209, doi:10.1080/01621459.1927.10502953",
    .from = From::kRows,
    .needs_label = true,
    .needs_score = true,
    .laws = Laws{}.without(Law::kOneGroup),  // a curve for each group; it compares nobody
    .read_self = read_reliability,
};

}  // namespace evenhand::metric
