#include "evenhand/metric/calibration_error.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/base/random.h"
#include "evenhand/metric/measure.h"
#include "evenhand/metric/score_means.h"
#include "evenhand/numeric/binomial.h"
#include "evenhand/numeric/normal.h"

namespace evenhand::metric {
namespace {

using Runs = std::vector<ScoreRun>;

constexpr int kDraws = 1000;
constexpr int kDrawsOfManyClusteredRows = 200;
constexpr std::int64_t kManyClusteredRows = 20'000;
constexpr std::int64_t kWalkRowsMax = 2'000;  // beyond, with many steps, the walk is Brownian
constexpr std::size_t kWalkStepsMax = 500;
constexpr std::size_t kPooledStepsMax = 1'000;
constexpr double kWalkVarianceMax = 200;   // rows
constexpr double kWalkSkewnessMax = 0.03;  // with rare labels the walk jumps
constexpr double kNormalVariance = 50;     // rows; a binomial of this variance is drawn as a normal
constexpr std::size_t kLevelsMax = 256;    // of scores in one bin, when its count is drawn exactly

std::size_t bin_of(double score) {
  const double scaled = std::clamp(score, 0.0, 1.0) * kCalibrationBins;
  return std::min(static_cast<std::size_t>(scaled), std::size_t{kCalibrationBins - 1});
}

double weight_of(const ScoreRun& run) { return run.w0 + run.w1; }
double residual_of(const ScoreRun& run) { return run.w1 - run.score * weight_of(run); }

double total_weight(const Runs& runs) {
  double w = 0;
  for (const ScoreRun& run : runs) w += weight_of(run);
  return w;
}

/// The range of a walk that starts at 0.
struct Range {
  double lowest = 0, highest = 0;
  void see(double x) {
    lowest = std::min(lowest, x);
    highest = std::max(highest, x);
  }
  double width() const { return highest - lowest; }
};

using Bins = std::array<double, kCalibrationBins>;
double absolute_sum(const Bins& bins) {
  double sum = 0;
  for (const double b : bins) sum += std::abs(b);
  return sum;
}

/// Standard normal numbers, two at a time. Box & Muller, Ann. Math. Stat. 29 (1958) 610.
class Normals {
 public:
  explicit Normals(Random& random) : random_(random) {}
  double next() {
    has_kept_ = !has_kept_;
    if (!has_kept_) return kept_;
    const double radius = std::sqrt(-2 * std::log1p(-random_.uniform()));
    const double angle = 2 * std::numbers::pi * random_.uniform();
    kept_ = radius * std::sin(angle);
    return radius * std::cos(angle);
  }

 private:
  Random& random_;
  bool has_kept_ = false;
  double kept_ = 0;
};

/// Probabilities of a count being first, first + 1, ...; what lies further out is below 1e-17 each.
struct Mass {
  std::int64_t first = 0;
  std::vector<double> of;
};

Mass binomial(std::int64_t n, double share) {
  if (n == 1) return {0, {1 - share, share}};
  const double mean = static_cast<double>(n) * share;
  const double reach = 10 * std::sqrt(mean * (1 - share)) + 40;
  Mass mass;
  mass.first = std::max<std::int64_t>(0, static_cast<std::int64_t>(mean - reach));
  const std::int64_t last = std::min(n, static_cast<std::int64_t>(mean + reach) + 1);
  for (std::int64_t k = mass.first; k <= last; ++k) {
    mass.of.push_back(numeric::binomial_mass(k, {n, share}));
  }
  return mass;
}

/// The count of two independent parts together, without tails that no draw would reach.
Mass together(const Mass& a, const Mass& b) {
  Mass sum{a.first + b.first, std::vector<double>(a.of.size() + b.of.size() - 1, 0.0)};
  for (std::size_t i = 0; i < a.of.size(); ++i) {
    for (std::size_t j = 0; j < b.of.size(); ++j) sum.of[i + j] += a.of[i] * b.of[j];
  }
  while (sum.of.size() > 1 && sum.of.back() < 1e-17) sum.of.pop_back();
  std::size_t low = 0;
  while (low + 1 < sum.of.size() && sum.of[low] < 1e-17) ++low;
  sum.of.erase(sum.of.begin(), sum.of.begin() + static_cast<std::ptrdiff_t>(low));
  sum.first += static_cast<std::int64_t>(low);
  return sum;
}

/// A number of favourable labels less its expectation, times `unit`, as it is drawn.
class Drawn {
 public:
  static Drawn normal(double deviation) {
    Drawn drawn;
    drawn.unit_ = deviation;
    return drawn;
  }
  static Drawn count(const Mass& mass, double mean, double unit) {
    Drawn drawn;
    drawn.unit_ = unit;
    drawn.first_ = static_cast<double>(mass.first) - mean;
    double sum = 0;
    for (const double p : mass.of) drawn.cumulative_.push_back(sum += p);
    return drawn;
  }
  double next(Random& random, Normals& normals) const {
    if (cumulative_.empty()) return unit_ * normals.next();
    const double u = random.uniform() * cumulative_.back();
    const auto at = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, u);
    return unit_ * (first_ + static_cast<double>(at - cumulative_.begin()));
  }

 private:
  double unit_ = 1, first_ = 0;
  std::vector<double> cumulative_;
};

/// Equal or neighbouring scores with the number of their rows.
struct Level {
  std::int64_t n = 0;
  double score = 0;
};

/// At most kLevelsMax levels: neighbours with equal shares of the rows are taken for their mean.
std::vector<Level> levels_of(std::span<const ScoreRun> runs, std::int64_t rows) {
  const std::int64_t each =
      runs.size() <= kLevelsMax ? 1 : rows / static_cast<std::int64_t>(kLevelsMax) + 1;
  std::vector<Level> levels;
  for (const ScoreRun& run : runs) {
    const std::int64_t n = run.n0 + run.n1;
    if (n == 0) continue;
    if (levels.empty() || levels.back().n >= each) levels.push_back({});
    Level& last = levels.back();
    last.score +=
        (run.score - last.score) * static_cast<double>(n) / static_cast<double>(last.n + n);
    last.n += n;
  }
  return levels;
}

/// The residual sum of some rows under labels drawn from their scores. Rows with weights are drawn
/// run by run as rows of equal weight with the right variance.
std::vector<Drawn> drawn_of(std::span<const ScoreRun> runs, bool weighted) {
  double variance = 0, scaled = 0, widest = 0;
  std::int64_t rows = 0;
  for (const ScoreRun& run : runs) {
    const double bernoulli = run.score * (1 - run.score), ww = run.ww0 + run.ww1;
    variance += ww * bernoulli;
    rows += run.n0 + run.n1;
    widest = std::max(widest, ww / static_cast<double>(std::max<std::int64_t>(run.n0 + run.n1, 1)));
  }
  if (rows == 0) return {};
  scaled = widest > 0 ? variance / widest : 0;  // in rows of the largest weight
  if (scaled > kNormalVariance) return {Drawn::normal(std::sqrt(variance))};
  std::vector<Drawn> out;
  if (weighted) {
    for (const ScoreRun& run : runs) {
      const std::int64_t n = run.n0 + run.n1;
      if (n == 0) continue;
      const double unit = std::sqrt((run.ww0 + run.ww1) / static_cast<double>(n));
      out.push_back(Drawn::count(binomial(n, run.score), static_cast<double>(n) * run.score, unit));
    }
    return out;
  }
  Mass mass{0, {1.0}};
  double mean = 0;
  for (const Level& level : levels_of(runs, rows)) {
    mass = together(mass, binomial(level.n, std::clamp(level.score, 0.0, 1.0)));
    mean += static_cast<double>(level.n) * level.score;
  }
  return {Drawn::count(mass, mean, 1)};
}

/// Statistics drawn under perfect calibration -> their mean, and the p-value of the observed one.
template <class Draw>
CalibratedGroup summarise(int draws, double observed, Draw draw) {
  double sum = 0;
  int as_large = 0;
  for (int i = 0; i < draws; ++i) {
    const double drawn = draw();
    sum += drawn;
    as_large += drawn >= observed * (1 - 1e-12) ? 1 : 0;
  }
  return {sum / draws, std::log10((1.0 + as_large) / (1.0 + draws))};
}

CalibratedGroup binned_null(const Runs& runs, bool weighted, double observed, Random random) {
  std::vector<std::vector<Drawn>> bins;
  for (auto from = runs.begin(); from != runs.end();) {  // runs of a bin stand together
    const auto in_bin = [bin = bin_of(from->score)](const ScoreRun& r) {
      return bin_of(r.score) == bin;
    };
    const auto to = std::find_if_not(from, runs.end(), in_bin);
    bins.push_back(drawn_of({from, to}, weighted));
    from = to;
  }
  const double w = total_weight(runs);
  Normals normals(random);
  return summarise(kDraws, observed, [&] {
    double sum = 0;
    for (const std::vector<Drawn>& bin : bins) {
      double residual = 0;
      for (const Drawn& part : bin) residual += part.next(random, normals);
      sum += std::abs(residual);
    }
    return sum / w;
  });
}

/// One step of the walk: the rows of one score.
struct Step {
  double score, unit;  // unit: weight of one row
  int rows;            // drawn row by row; 0: by `drawn`
  std::size_t drawn;
};

/// Is one label so rare that the walk is drift and single jumps, not a Brownian motion?
bool jumps(const Runs& runs, std::int64_t labelled) {
  double squares = 0, variance = 0, third = 0;
  for (const ScoreRun& run : runs) {
    const double ww = run.ww0 + run.ww1, bernoulli = run.score * (1 - run.score);
    squares += ww;
    variance += ww * bernoulli;
    third += ww * bernoulli * (1 - 2 * run.score);
  }
  if (!(squares > 0)) return true;
  const double row = squares / static_cast<double>(labelled);  // squared weight of a usual one
  const double in_rows = variance / row;
  return in_rows <= kWalkVarianceMax ||
         std::abs(third / row) > kWalkSkewnessMax * in_rows * std::sqrt(in_rows);
}

/// Neighbouring scores taken for their mean, so that a walk has at most kPooledStepsMax steps.
Runs pooled(const Runs& runs) {
  const std::size_t each = runs.size() / kPooledStepsMax + 1;
  Runs out;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ScoreRun& run = runs[i];
    if (i % each == 0) out.emplace_back();
    ScoreRun& sum = out.back();
    const double before = weight_of(sum), w = weight_of(run);
    if (w > 0) sum.score += (run.score - sum.score) * w / (before + w);
    sum.n0 += run.n0;
    sum.n1 += run.n1;
    sum.w0 += run.w0;
    sum.w1 += run.w1;
    sum.ww0 += run.ww0;
    sum.ww1 += run.ww1;
  }
  return out;
}

CalibratedGroup walk_null(const Runs& runs, bool weighted, double observed, Random random) {
  std::vector<Step> steps;
  std::vector<Drawn> drawn;
  for (const ScoreRun& run : runs) {
    const std::int64_t n = run.n0 + run.n1;
    if (n == 0) continue;
    const double unit = std::sqrt((run.ww0 + run.ww1) / static_cast<double>(n));
    if (n <= 8) {
      steps.push_back({run.score, unit, static_cast<int>(n), 0});
    } else {
      steps.push_back({run.score, unit, 0, drawn.size()});
      drawn.push_back(drawn_of({&run, 1}, weighted).front());
    }
  }
  const double w = total_weight(runs);
  Normals normals(random);
  return summarise(kDraws, observed, [&] {
    Range range;
    double at = 0;
    for (const Step& step : steps) {
      for (int i = 0; i < step.rows; ++i) {
        at += step.unit * ((random.uniform() < step.score ? 1.0 : 0.0) - step.score);
      }
      if (step.rows == 0) at += drawn[step.drawn].next(random, normals);
      range.see(at);
    }
    return range.width() / w;
  });
}

/// log10 P(range of a Brownian motion over [0,1] >= r) = log10 8 sum_k (-1)^(k-1) k Phi(-k r).
double log10_range_tail(double r) {
  if (r < 0.7) return 0;  // above .999999, and the series turns slow
  const double first = numeric::normal_log10_two_sided_tail(r) + std::log10(4.0);
  if (r > 6) return first;  // the second term is 1e-24 of it
  double sum = 0;
  for (int k = 1; k <= 40; ++k) {
    sum += (k % 2 == 1 ? 8.0 : -8.0) * k * numeric::normal_cdf(-k * r);
  }
  return std::log10(std::clamp(sum, 1e-300, 1.0));
}

CalibratedGroup brownian_null(const Runs& runs, double observed) {
  constexpr double kShortfall = 1.1652;  // -2 zeta(1/2) / sqrt(2 pi): both ends of the range
  double variance = 0, squares = 0;
  for (const ScoreRun& run : runs) {
    const double step = (run.ww0 + run.ww1) * run.score * (1 - run.score);
    variance += step;
    squares += step * step;
  }
  const double sigma = std::sqrt(variance) / total_weight(runs);
  const double shortfall = kShortfall * std::sqrt(squares) / variance;
  return {sigma * (std::sqrt(8 / std::numbers::pi) - shortfall),
          log10_range_tail(observed / sigma + shortfall)};
}

/// Rows of a group with their cluster numbered from 0 and their residual w (y - s).
struct Residual {
  std::size_t cluster;
  double score, value;
};

std::vector<Residual> residuals_of(const std::vector<ScoreRow>& rows, std::size_t& clusters) {
  std::vector<std::uint32_t> names;
  for (const ScoreRow& row : rows) {
    if (row.label <= 1) names.push_back(row.cluster);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  clusters = names.size();
  std::vector<Residual> out;
  for (const ScoreRow& row : rows) {
    if (row.label > 1) continue;
    const auto at = std::lower_bound(names.begin(), names.end(), row.cluster) - names.begin();
    out.push_back({static_cast<std::size_t>(at), row.score, row.weight * (row.label - row.score)});
  }
  return out;
}

CalibratedGroup clustered_null(const std::vector<ScoreRow>& rows, double w, CalibrationError kind,
                               double observed, Random random) {
  std::size_t clusters = 0;
  const std::vector<Residual> residuals = residuals_of(rows, clusters);
  std::vector<double> sign(clusters);
  const bool many = static_cast<std::int64_t>(residuals.size()) > kManyClusteredRows;
  return summarise(many ? kDrawsOfManyClusteredRows : kDraws, observed, [&] {
    for (double& s : sign) s = (random() >> 63) != 0 ? 1.0 : -1.0;
    Bins bins{};
    Range range;
    double at = 0;
    for (std::size_t i = 0; i < residuals.size(); ++i) {
      const Residual& r = residuals[i];
      const double drawn = sign[r.cluster] * r.value;
      bins[bin_of(r.score)] += drawn;
      at += drawn;
      if (i + 1 == residuals.size() || residuals[i + 1].score != r.score) range.see(at);
    }
    return (kind == CalibrationError::kBinned ? absolute_sum(bins) : range.width()) / w;
  });
}

/// V of the interval, and the number of rows or clusters it comes from.
struct Wobble {
  double variance = 0, clusters = 0;
};

Wobble wobble_of(const ScoreRows& rows, std::size_t group, double w) {
  Wobble v;
  if (clustered(rows, group)) {
    ByCluster sums;
    for (const ScoreRow& row : rows.rows[group]) {
      if (row.label > 1) continue;
      sums.emplace_back(row.cluster, row.weight * std::abs(row.label - row.score));
    }
    sums = add_up(std::move(sums));
    for (const auto& [cluster, sum] : sums) v.variance += sum * sum;
    v.clusters = static_cast<double>(sums.size());
  } else {
    for (const ScoreRun& run : rows.runs[group]) {
      v.variance += run.ww1 * (1 - run.score) * (1 - run.score) + run.ww0 * run.score * run.score;
      v.clusters += static_cast<double>(run.n0 + run.n1);
    }
  }
  const double unit = w / v.clusters;
  v.variance = (v.variance + unit * unit) / (w * w);
  return v;
}

/// By how much the statistic may differ from that of the exact scores.
double grid_slack(const ScoreRows& rows, std::size_t group, CalibrationError kind, double w) {
  if (!(rows.grid_error > 0)) return 0;
  double cut = 0, heaviest = 0;
  for (const ScoreRun& run : rows.runs[group]) {
    const double residuals = run.w1 * (1 - run.score) + run.w0 * run.score;
    const double edge = std::round(run.score * kCalibrationBins) / kCalibrationBins;
    const bool inner = edge > 0 && edge < 1;
    if (inner && std::abs(run.score - edge) < rows.grid_error) cut += residuals;
    heaviest = std::max(heaviest, residuals);
  }
  return rows.grid_error + 2 * (kind == CalibrationError::kBinned ? cut : heaviest) / w;
}

/// What a group holds, as a number: its draws must not depend on its name, its place or the scale
/// of its weights, so scores and counts of labels are all that enters.
std::uint64_t content_of(const Runs& runs) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a, a word at a time
  const auto add = [&](std::uint64_t word) { hash = (hash ^ word) * 0x100000001b3ULL; };
  for (const ScoreRun& run : runs) {
    add(std::bit_cast<std::uint64_t>(run.score));
    add(static_cast<std::uint64_t>(run.n0));
    add(static_cast<std::uint64_t>(run.n1));
  }
  return hash;
}

Result<std::vector<Measured>> measure(const Tallies& tallies, const ReadOptions& options,
                                      CalibrationError kind, bool less_expected) {
  EVENHAND_ASSIGN(const ScoreRows* rows, score_rows_of(tallies));
  std::vector<Measured> out;
  out.reserve(rows->runs.size());
  for (std::size_t g = 0; g < rows->runs.size(); ++g) {
    const Stream random{options.seed, content_of(rows->runs[g])};
    out.push_back(calibration_error_of(*rows, g, kind, less_expected, random, options.scale));
  }
  return out;
}

Result<std::vector<Measured>> measure_binned(const Tallies& t, const ReadOptions& o) {
  return measure(t, o, CalibrationError::kBinned, true);
}
Result<std::vector<Measured>> measure_binned_raw(const Tallies& t, const ReadOptions& o) {
  return measure(t, o, CalibrationError::kBinned, false);
}
Result<std::vector<Measured>> measure_cumulative(const Tallies& t, const ReadOptions& o) {
  return measure(t, o, CalibrationError::kCumulative, true);
}
Result<std::vector<Measured>> measure_cumulative_raw(const Tallies& t, const ReadOptions& o) {
  return measure(t, o, CalibrationError::kCumulative, false);
}

}  // namespace

std::optional<double> binned_error(const Runs& runs) {
  const double w = total_weight(runs);
  if (!(w > 0)) return std::nullopt;
  Bins bins{};
  for (const ScoreRun& run : runs) bins[bin_of(run.score)] += residual_of(run);
  return absolute_sum(bins) / w;
}

std::optional<double> cumulative_error(const Runs& runs) {
  const double w = total_weight(runs);
  if (!(w > 0)) return std::nullopt;
  Range range;
  double at = 0;
  for (const ScoreRun& run : runs) range.see(at += residual_of(run));
  return range.width() / w;
}

CalibratedGroup calibrated_group(const ScoreRows& rows, std::size_t group, CalibrationError kind,
                                 double observed, Stream random) {
  const Runs& runs = rows.runs[group];
  const Random stream(random.seed, random.group);
  if (clustered(rows, group)) {
    return clustered_null(rows.rows[group], total_weight(runs), kind, observed, stream);
  }
  if (kind == CalibrationError::kBinned) return binned_null(runs, rows.weighted, observed, stream);
  std::int64_t labelled = 0;
  for (const ScoreRun& run : runs) labelled += run.n0 + run.n1;
  if (labelled <= kWalkRowsMax || runs.size() <= kWalkStepsMax) {
    return walk_null(runs, rows.weighted, observed, stream);
  }
  if (jumps(runs, labelled)) return walk_null(pooled(runs), rows.weighted, observed, stream);
  return brownian_null(runs, observed);
}

Measured calibration_error_of(const ScoreRows& rows, std::size_t group, CalibrationError kind,
                              bool less_expected, Stream random, double scale) {
  const Runs& runs = rows.runs[group];
  Measured m;
  for (const ScoreRun& run : runs) m.rows += run.n0 + run.n1;
  const std::optional<double> raw =
      kind == CalibrationError::kBinned ? binned_error(runs) : cumulative_error(runs);
  if (!raw) {
    m.why = Undefined::kNoRows;
    return m;
  }
  const CalibratedGroup calibrated = calibrated_group(rows, group, kind, *raw, random);
  const Wobble v = wobble_of(rows, group, total_weight(runs));
  m.value = less_expected ? *raw - calibrated.expected : *raw;
  m.log10_p = calibrated.log10_p;
  m.spread = Spread::kNormal;
  m.standard_error = std::sqrt(v.variance);
  m.degrees = std::max(v.clusters - 1, 1.0);
  // The expectation falls with the root of the rows, as sampling errors do.
  (less_expected ? m.slack_high : m.slack_low) = calibrated.expected / std::sqrt(scale);
  const double slack = grid_slack(rows, group, kind, total_weight(runs));
  m.slack_low += slack;
  m.slack_high += slack;
  m.range = less_expected ? Interval{-1, 1} : Interval{0, 1};
  return m;
}

namespace {
constexpr const char* kBinnedSource =
    "Naeini, Cooper & Hauskrecht, AAAI 2015, doi:10.1609/aaai.v29i1.9602; labels drawn anew: "
    "Brocker "
    "& Smith, Weather Forecast. 22 (2007) 651, doi:10.1175/WAF993.1";
constexpr const char* kCumulativeSource =
    "Arrieta-Ibarra et al. 2022, arXiv:2205.09680; range of a Brownian motion: Feller, Ann. Math. "
    "Stat. 22 (1951) 427, doi:10.1214/aoms/1177729589";
constexpr const char* kLessMisleads =
    "It can be slightly below 0: by chance a calibrated group shows less than it should on "
    "average. A badly calibrated group is understated by up to the part that was taken off, which "
    "the upper limit adds again. Labels of few people are seen; rows without a label take no part, "
    "and what they leave open is not bounded.";
constexpr const char* kRawMisleads =
    "It is never 0, not even for perfect scores: a calibrated group of 100 rows shows about 0.1 in "
    "ten bins, and 0.06 cumulated, so small groups look worse than large ones. Compare groups by "
    "the one without _raw. Rows without a label take no part, and what they leave open is not "
    "bounded.";

Measure of_errors(Measure m) {
  m.ideal = 0.0;
  m.from = From::kRows;
  m.needs_label = m.needs_score = true;
  m.compares = Compares::kDifferences;
  return m;
}

/// Less what a calibrated group of this size would show.
Measure corrected(Measure m) {
  m.unit = "error in [-1,1]; 0 is calibrated, slightly below by chance";
  m.better = Better::kLower;
  m.possible = {-1, 1};
  m.misleads = kLessMisleads;
  m.laws = m.laws.without(Law::kDoubledRows);  // chance shows less in a larger group
  return of_errors(std::move(m));
}

Measure raw(Measure m) {
  m.unit = "error in [0,1]";
  m.better = Better::kLower;
  m.misleads = kRawMisleads;
  return of_errors(std::move(m));
}
}  // namespace

extern const Measure calibration_error = corrected({
    .name = "calibration_error",
    .aliases = {"expected_calibration_error_debiased"},
    .says = "How far are the scores from the shares that came true, beyond what chance would show "
            "in a perfectly calibrated group of this size?",
    .formula =
        "ECE(g) - E[ECE(g) | y* drawn from s], ECE = sum_b |sum_{i in b} (y_i - s_i)| / n, b "
        "ten equal bins of the score",
    .source = kBinnedSource,
    .measure = measure_binned,
});

extern const Measure calibration_error_raw = raw({
    .name = "calibration_error_raw",
    .aliases = {"expected_calibration_error", "ece"},
    .says = "How far are the scores from the shares that came true, over ten bins of the score?",
    .formula = "sum_b |sum_{i in b} (y_i - s_i)| / n, b ten equal bins of the score",
    .source = kBinnedSource,
    .measure = measure_binned_raw,
});

extern const Measure calibration_error_cumulative = corrected({
    .name = "calibration_error_cumulative",
    .aliases = {"estimated_cumulative_calibration_error_debiased"},
    .says = "Over which stretch of scores do the labels part most from the scores, beyond what "
            "chance would show in a perfectly calibrated group of this size?",
    .formula = "ECCE(g) - E[ECCE(g) | y* drawn from s], ECCE = max(0, C) - min(0, C), C_k = "
               "sum_{i<=k} (y_i - s_i) / n in order of the score",
    .source = kCumulativeSource,
    .measure = measure_cumulative,
});

extern const Measure calibration_error_cumulative_raw = raw({
    .name = "calibration_error_cumulative_raw",
    .aliases = {"estimated_cumulative_calibration_error", "ecce"},
    .says = "Over which stretch of scores do the labels part most from the scores, and how far?",
    .formula = "max(0, C) - min(0, C), C_k = sum_{i<=k} (y_i - s_i) / n in order of the score",
    .source = kCumulativeSource,
    .measure = measure_cumulative_raw,
});

}  // namespace evenhand::metric
