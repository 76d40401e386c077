#include "evenhand/adjust/calibrate.h"

#include <algorithm>
#include <cmath>

#include "evenhand/table/bytes.h"

namespace evenhand::adjust {

namespace {

Result<void> check_labels(const Curve& curve) {
  if (curve.n0 > 0 && curve.n1 > 0) return {};
  return Error{Code::kBadInput,
               "all " + table::with_thousands(static_cast<std::uint64_t>(curve.rows())) +
                   " rows have one label, so no calibration can be learnt"};
}

// A score with what Platt's targets make of its rows.
struct Point {
  double x = 0, rows = 0, target = 0;  // target: mean of the smoothed labels
};

std::vector<Point> points_of(const Curve& curve, bool of_log_odds) {
  const double high = (curve.n1 + 1) / (curve.n1 + 2), low = 1 / (curve.n0 + 2);
  std::vector<Point> out;
  for (const Level& level : curve.levels) {
    const double rows = level.n0 + level.n1;
    out.push_back({of_log_odds ? model::log_odds(level.score) : level.score, rows,
                   (level.n1 * high + level.n0 * low) / rows});
  }
  return out;
}

// -log likelihood, its gradient and Hessian in (a, b).
struct Loss {
  double value = 0, ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
};

Loss loss_at(const std::vector<Point>& points, double a, double b) {
  Loss out;
  for (const Point& point : points) {
    const double z = a * point.x + b;
    const double p = 1 / (1 + std::exp(z));
    // -t log p - (1-t) log(1-p), without overflow: log(1 + e^z) - (1-t) z.
    const double log1 = std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
    out.value += point.rows * (log1 - (1 - point.target) * z);
    const double g = point.rows * (point.target - p), h = point.rows * p * (1 - p);
    out.ga += g * point.x;
    out.gb += g;
    out.haa += h * point.x * point.x;
    out.hab += h * point.x;
    out.hbb += h;
  }
  return out;
}

}  // namespace

Result<model::Calibrator> fit_platt(const Curve& curve, bool of_log_odds) {
  EVENHAND_TRY(check_labels(curve));
  const std::vector<Point> points = points_of(curve, of_log_odds);
  const bool one_x = std::all_of(points.begin(), points.end(),
                                 [&](const Point& p) { return p.x == points.front().x; });
  if (one_x) return Error{Code::kBadInput, "all scores are the same, so no slope can be learnt"};
  double a = 0, b = std::log((curve.n0 + 1) / (curve.n1 + 1));
  Loss here = loss_at(points, a, b);
  constexpr int kStepsMax = 200;
  for (int i = 0; i < kStepsMax; ++i) {
    if (std::max(std::abs(here.ga), std::abs(here.gb)) < 1e-10 * curve.rows()) break;
    const double ridge = 1e-12 * (here.haa + here.hbb);
    const double haa = here.haa + ridge, hbb = here.hbb + ridge;
    const double det = haa * hbb - here.hab * here.hab;
    const double da = -(hbb * here.ga - here.hab * here.gb) / det;
    const double db = -(haa * here.gb - here.hab * here.ga) / det;
    double step = 1;
    Loss next = loss_at(points, a + da, b + db);
    while (step > 1e-10 && !(next.value <= here.value)) {
      step /= 2;
      next = loss_at(points, a + step * da, b + step * db);
    }
    if (step <= 1e-10) break;  // as low as doubles can tell
    a += step * da;
    b += step * db;
    here = next;
  }
  model::Calibrator out;
  out.a = a;
  out.b = b;
  out.of_log_odds = of_log_odds;
  return out;
}

Result<model::Calibrator> fit_isotonic(const Curve& curve) {
  EVENHAND_TRY(check_labels(curve));
  struct Block {
    double rows, ones;
    std::size_t first;  // level of its lowest score; levels fall
  };
  std::vector<Block> blocks;
  const auto& levels = curve.levels;
  for (std::size_t i = levels.size(); i-- > 0;) {
    blocks.push_back({levels[i].n0 + levels[i].n1, levels[i].n1, i});
    while (blocks.size() > 1) {
      Block& below = blocks[blocks.size() - 2];
      const Block& last = blocks.back();
      // Products of counts are exact; equal means are one block.
      if (below.ones * last.rows < last.ones * below.rows) break;
      below.rows += last.rows;
      below.ones += last.ones;
      blocks.pop_back();
    }
  }
  model::Calibrator out;
  out.kind = model::Calibrator::Kind::kIsotonic;
  for (const Block& block : blocks) {
    // The lowest block holds below its scores as well.
    const bool lowest = block.first + 1 == levels.size();
    const double from = lowest ? levels.back().score : threshold_after(levels, block.first + 1);
    out.steps.emplace_back(from, block.ones / block.rows);
  }
  return out;
}

}  // namespace evenhand::adjust
