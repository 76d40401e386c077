// The calibration slope: how much steeper the log-odds of a favourable label rise than the scores
// say. Logistic regression of the label on logit(score), by Newton's method over sorted runs.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "evenhand/metric/measure.h"
#include "evenhand/metric/score_means.h"

namespace evenhand::metric {
namespace {

constexpr std::int64_t kRowsPerLabel = 30;  // fewer bear no normal interval, as for the AUC
constexpr double kScoreEnd = 1e-9;          // 0 and 1 have no log-odds: they count as this far in
constexpr int kStepsMax = 100, kHalvesMax = 40;

double logit_of(double score) {
  const double s = std::clamp(score, kScoreEnd, 1 - kScoreEnd);
  return std::log(s) - std::log1p(-s);
}

/// One run on the log-odds scale, moved and stretched to mean 0 and deviation 1: x = (logit - c)/d.
struct Point {
  double x, w0, w1, ww0, ww1;
};

struct Line {
  double intercept = 0, slope = 0;
  double at(double x) const { return intercept + slope * x; }
};

/// [[a, b], [b, c]].
struct Symmetric {
  double a = 0, b = 0, c = 0;
  double determinant() const { return a * c - b * b; }
};

double logistic(double t) { return 1 / (1 + std::exp(-t)); }

/// The log-likelihood at one line, and its derivatives.
struct Derivatives {
  double log_likelihood = 0;
  double intercept = 0, slope = 0;
  Symmetric information;
};

/// ln of a product of many numbers in (1,2]: one logarithm for some 900 of them.
class LogProduct {
 public:
  void times(double x) {
    product_ *= x;
    if (product_ > 0x1p900) close();
  }
  double value() {
    close();
    return sum_;
  }

 private:
  void close() {
    sum_ += std::log(product_);
    product_ = 1;
  }
  double product_ = 1, sum_ = 0;
};

/// Bound: one exponential and one division a run, some 10 ns.
Derivatives derivatives(const std::vector<Point>& points, const Line& line) {
  Derivatives d;
  LogProduct ones;
  for (const Point& p : points) {
    // One exponential for all: softplus(|t|) - |t| = log1p(exp(-|t|)), and the share from the same.
    const double t = line.at(p.x), small = std::exp(-std::abs(t)), w = p.w0 + p.w1;
    const double share = (t >= 0 ? 1 : small) / (1 + small);
    d.log_likelihood -= (t >= 0 ? p.w0 : p.w1) * std::abs(t);
    if (w == 1) {
      ones.times(1 + small);
    } else {
      d.log_likelihood -= w * std::log1p(small);
    }
    const double residual = p.w1 - w * share, information = w * share * (1 - share);
    d.intercept += residual;
    d.slope += residual * p.x;
    d.information.a += information;
    d.information.b += information * p.x;
    d.information.c += information * p.x * p.x;
  }
  d.log_likelihood -= ones.value();
  return d;
}

/// Newton's method with halved steps: the log-likelihood is concave, so it climbs to the top.
/// @param line  where to start.
std::optional<Line> climb(const std::vector<Point>& points, Line line) {
  Derivatives d = derivatives(points, line);
  for (int step = 0; step < kStepsMax; ++step) {
    const double determinant = d.information.determinant();
    if (!(determinant > 0)) return std::nullopt;
    double da = (d.information.c * d.intercept - d.information.b * d.slope) / determinant;
    double db = (d.information.a * d.slope - d.information.b * d.intercept) / determinant;
    const double least = d.log_likelihood - 1e-12 * std::abs(d.log_likelihood);
    Line next{line.intercept + da, line.slope + db};
    d = derivatives(points, next);
    for (int half = 0; half < kHalvesMax && !(d.log_likelihood >= least); ++half) {
      da /= 2;
      db /= 2;
      next = {line.intercept + da, line.slope + db};
      d = derivatives(points, next);
    }
    line = next;
    const double size = 1 + std::abs(line.intercept) + std::abs(line.slope);
    if (std::abs(da) + std::abs(db) <= 1e-10 * size) return line;
  }
  return std::nullopt;
}

/// The best line. Of many runs an even sample is fitted first: from its line the whole needs three
/// steps instead of six.
std::optional<Line> fit(const std::vector<Point>& points, const Line& start) {
  constexpr std::size_t kSample = 4096;
  if (points.size() < 8 * kSample) return climb(points, start);
  std::vector<Point> sample;
  for (std::size_t i = 0; i < points.size(); i += points.size() / kSample)
    sample.push_back(points[i]);
  const auto near = climb(sample, start);
  const auto line = climb(points, near.value_or(start));
  return line || !near ? line : climb(points, start);
}

/// The labelled rows of a group, ready to fit.
struct Group {
  std::vector<Point> points;
  std::int64_t n0 = 0, n1 = 0;
  double centre = 0, stretch = 1;
  double low[2] = {0, 0}, high[2] = {0, 0};  // scores seen with label 0, 1
};

Group group_of(const std::vector<ScoreRun>& runs) {
  Group g;
  g.points.reserve(runs.size());
  double w = 0, wx = 0, wxx = 0;
  const auto see = [&](int label, std::int64_t n, double score) {
    if (n == 0) return;
    std::int64_t& seen = label == 1 ? g.n1 : g.n0;
    if (seen == 0) g.low[label] = score;
    g.high[label] = score;
    seen += n;
  };
  for (const ScoreRun& run : runs) {
    if (run.n0 + run.n1 == 0 || !(run.w0 + run.w1 > 0)) continue;
    const double inside = std::clamp(run.score, kScoreEnd, 1 - kScoreEnd);
    see(0, run.w0 > 0 ? run.n0 : 0, inside);
    see(1, run.w1 > 0 ? run.n1 : 0, inside);
    g.points.push_back({logit_of(run.score), run.w0, run.w1, run.ww0, run.ww1});
    w += run.w0 + run.w1;
    wx += (run.w0 + run.w1) * g.points.back().x;
  }
  if (!(w > 0)) return g;
  g.centre = wx / w;
  for (Point& p : g.points) {
    p.x -= g.centre;
    wxx += (p.w0 + p.w1) * p.x * p.x;
  }
  g.stretch = wxx > 0 ? std::sqrt(wxx / w) : 1;
  for (Point& p : g.points) p.x /= g.stretch;
  return g;
}

/// The line of scores that are right, y = logit(s), as seen from the moved and stretched points.
Line calibrated(const Group& g) { return {g.centre, g.stretch}; }

/// With one predictor the best line is finite unless one score parts the labels (touching counts).
Undefined cannot_fit(const Group& g) {
  if (g.n0 + g.n1 == 0) return Undefined::kNoRows;
  if (std::min(g.n0, g.n1) == 0) return Undefined::kNoSpread;
  if (g.points.size() < 2) return Undefined::kNoSpread;
  if (g.high[0] <= g.low[1] || g.high[1] <= g.low[0]) return Undefined::kNoSpread;
  if (std::min(g.n0, g.n1) < kRowsPerLabel) return Undefined::kInsufficient;
  return Undefined::kDefined;
}

/// Variance of the slope, and from how many independent rows or clusters.
struct Sandwich {
  double variance = 0, clusters = 0;
};

/// A row moves the slope by w (y - p) (h0 + h1 x), h the slope's row of the inverse information.
Sandwich sandwich(const ScoreRows& rows, std::size_t group, const Group& g, const Line& line) {
  const Symmetric information = derivatives(g.points, line).information;
  const double determinant = information.determinant();
  const double h0 = -information.b / determinant, h1 = information.a / determinant;
  const double n = static_cast<double>(g.n0 + g.n1);
  Sandwich s;
  if (clustered(rows, group)) {
    ByCluster moves;
    for (const ScoreRow& row : rows.rows[group]) {
      if (row.label > 1) continue;
      const double x = (logit_of(row.score) - g.centre) / g.stretch;
      const double residual = row.label - logistic(line.at(x));
      moves.emplace_back(row.cluster, row.weight * residual * (h0 + h1 * x));
    }
    moves = add_up(std::move(moves));
    for (const auto& [cluster, move] : moves) s.variance += move * move;
    s.clusters = static_cast<double>(moves.size());
  } else {
    for (const Point& p : g.points) {
      const double share = logistic(line.at(p.x)), lever = h0 + h1 * p.x;
      s.variance += (p.ww1 * (1 - share) * (1 - share) + p.ww0 * share * share) * lever * lever;
    }
    s.clusters = n;
  }
  if (s.clusters > 1) s.variance *= s.clusters / (s.clusters - 1) * (n - 1) / (n - 2);
  return s;
}

/// How far the slope moves when all scores of a grid go to the outer, or the inner, end of their
/// bin: the two ways in which they can be off together.
double grid_slack(const ScoreRows& rows, std::size_t group, double slope) {
  double slack = 0;
  for (const double way : {-1.0, 1.0}) {
    std::vector<ScoreRun> moved = rows.runs[group];
    for (ScoreRun& run : moved) {
      const double side = run.score < 0.5 ? -1 : run.score > 0.5 ? 1 : 0;
      run.score = std::clamp(run.score + way * side * rows.grid_error, kScoreEnd, 1 - kScoreEnd);
    }
    const Group g = group_of(moved);
    const std::optional<Line> line = fit(g.points, calibrated(g));
    if (line) slack = std::max(slack, std::abs(line->slope / g.stretch - slope));
  }
  return slack;
}

Measured slope_of(const ScoreRows& rows, std::size_t group) {
  const Group g = group_of(rows.runs[group]);
  Measured m;
  m.rows = g.n0 + g.n1;
  m.why = cannot_fit(g);
  if (!m.defined()) return m;
  const std::optional<Line> line = fit(g.points, calibrated(g));
  if (!line) {
    m.why = Undefined::kNoSpread;
    return m;
  }
  const Sandwich s = sandwich(rows, group, g, *line);
  if (s.clusters < 3) {  // one or two people give no variance
    m.why = Undefined::kInsufficient;
    return m;
  }
  m.value = line->slope / g.stretch;
  m.spread = Spread::kNormal;
  m.standard_error = std::sqrt(s.variance) / g.stretch;
  m.degrees = s.clusters - 2;
  if (rows.grid_error > 0) m.slack_low = m.slack_high = grid_slack(rows, group, m.value);
  return m;
}

Result<std::vector<Measured>> measure_slope(const Tallies& tallies, const ReadOptions&) {
  EVENHAND_ASSIGN(const ScoreRows* rows, score_rows_of(tallies));
  std::vector<Measured> out;
  out.reserve(rows->runs.size());
  for (std::size_t g = 0; g < rows->runs.size(); ++g) out.push_back(slope_of(*rows, g));
  return out;
}

}  // namespace

extern const Measure calibration_slope{
    .name = "calibration_slope",
    .aliases = {"logistic_calibration_slope"},
    .says = "Are this group's scores too extreme (below 1) or too timid (above 1)?",
    .formula =
        "b in logit P(y = 1) = a + b logit(s), fitted to the labelled rows of g; scores are "
        "held 1e-9 inside 0 and 1",
    .unit = "slope in (-inf,inf); 1 is right",
    .better = Better::kNearIdeal,
    .ideal = 1.0,
    .possible = {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()},
    .misleads =
        "It sees one straight line: scores that are wrong in a bend can have slope 1. A "
        "few scores of exactly 0 or 1 with the other label pull it far down. Rows without "
        "a label take no part, and what they leave open is not bounded.",
    .source =
        "Cox, Biometrika 45 (1958) 562, doi:10.1093/biomet/45.3-4.562; robust variance: "
        "Liang & Zeger, Biometrika 73 (1986) 13, doi:10.1093/biomet/73.1.13",
    .from = From::kRows,
    .needs_label = true,
    .needs_score = true,
    .compares = Compares::kDifferences,
    .comparison_aliases = {},
    .measure = measure_slope,
};

}  // namespace evenhand::metric
