#include "evenhand/adjust/curve.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace evenhand::adjust {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Which of a and b lies to the left of the way from `from`: > 0 where b does.
double turn(const Corner& from, const Corner& a, const Corner& b) {
  return (a.fp - from.fp) * (b.tp - from.tp) - (a.tp - from.tp) * (b.fp - from.fp);
}

// Points come with rising fp, of equal fp with rising tp; what is left is the upper hull.
std::vector<Corner> chain(const std::vector<Corner>& points) {
  std::vector<Corner> hull;
  for (const Corner& point : points) {
    while (hull.size() >= 2 && turn(hull[hull.size() - 2], hull.back(), point) >= 0) {
      hull.pop_back();
    }
    hull.push_back(point);
  }
  return hull;
}

// Thresholds from above, nobody first.
std::vector<Corner> points_of(const Curve& curve) {
  std::vector<Corner> out{Corner{}};
  out.reserve(curve.levels.size() + 1);
  for (std::size_t i = 0; i < curve.levels.size(); ++i) {
    const Level& level = curve.levels[i];
    Corner next{threshold_after(curve.levels, i + 1), true, out.back().fp + level.n0,
                out.back().tp + level.n1};
    // Of a run of points on one vertical or horizontal line only the ends can be corners.
    const bool same_way =
        out.size() >= 2 && ((next.fp == out.back().fp && out.back().fp == out[out.size() - 2].fp) ||
                            (next.tp == out.back().tp && out.back().tp == out[out.size() - 2].tp));
    if (same_way) {
      out.back() = next;
    } else {
      out.push_back(next);
    }
  }
  return out;
}

}  // namespace

Crowd crowd_of(std::vector<Row> rows, std::uint32_t groups) {
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.score != b.score ? a.score > b.score : a.group < b.group;
  });
  Crowd out{{}, groups};
  out.cells.reserve(rows.size());
  for (const Row& row : rows) {
    const bool is_new = out.cells.empty() || out.cells.back().score != row.score ||
                        out.cells.back().group != row.group;
    if (is_new) out.cells.push_back({row.score, row.group, 0, 0});
    (row.label == 1 ? out.cells.back().n1 : out.cells.back().n0) += 1;
  }
  return out;
}

std::vector<Curve> curves_of(const Crowd& crowd) {
  std::vector<Curve> out(crowd.groups);
  for (const Cell& cell : crowd.cells) {
    Curve& curve = out[cell.group];
    curve.levels.push_back({cell.score, cell.n0, cell.n1});
    curve.n0 += cell.n0;
    curve.n1 += cell.n1;
  }
  return out;
}

Curve pooled(const Crowd& crowd) {
  Curve out;
  for (const Cell& cell : crowd.cells) {
    if (out.levels.empty() || out.levels.back().score != cell.score) {
      out.levels.push_back({cell.score, 0, 0});
    }
    out.levels.back().n0 += cell.n0;
    out.levels.back().n1 += cell.n1;
    out.n0 += cell.n0;
    out.n1 += cell.n1;
  }
  return out;
}

double threshold_after(const std::vector<Level>& levels, std::size_t taken) {
  if (taken == 0) return kInfinity;
  if (taken == levels.size()) return -kInfinity;
  const double last = levels[taken - 1].score, next = levels[taken].score;
  const double half = next + (last - next) / 2;
  return half > next ? std::min(half, last) : last;
}

std::vector<Corner> upper_hull(const Curve& curve, bool flip) {
  std::vector<Corner> points = points_of(curve);
  if (flip) {
    const std::size_t above = points.size();
    for (std::size_t i = 1; i + 1 < above; ++i) {
      const Corner& each = points[i];
      points.push_back({each.threshold, false, curve.n0 - each.fp, curve.n1 - each.tp});
    }
    std::stable_sort(points.begin(), points.end(), [](const Corner& a, const Corner& b) {
      return a.fp != b.fp ? a.fp < b.fp : a.tp < b.tp;
    });
  }
  return chain(points);
}

model::Rule rule_of(std::span<const Share> mix) {
  model::Rule out;
  std::vector<model::Step> changes;
  for (const Share& each : mix) {
    const Corner& corner = each.corner;
    if (each.weight <= 0 || corner.threshold == kInfinity) continue;
    if (corner.threshold == -kInfinity) {
      out.below += each.weight;
    } else if (corner.above) {
      changes.push_back({corner.threshold, each.weight});
    } else {
      out.below += each.weight;
      changes.push_back({corner.threshold, -each.weight});
    }
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const model::Step& a, const model::Step& b) { return a.from < b.from; });
  // Sums of weights miss 0 and 1 by rounding; a lot of 1 in 10^12 is none.
  const auto settled = [](double p) { return p < 1e-12 ? 0.0 : p > 1 - 1e-12 ? 1.0 : p; };
  double sum = out.below;
  out.below = settled(out.below);
  for (const model::Step& change : changes) {
    sum += change.chance;
    if (!out.steps.empty() && out.steps.back().from == change.from) {
      out.steps.back().chance = settled(sum);
    } else {
      out.steps.push_back({change.from, settled(sum)});
    }
  }
  return out;
}

model::Rule rule_at(double threshold) {
  const Share all[] = {{{threshold, true, 0, 0}, 1}};
  return rule_of(all);
}

Let let_in(const Curve& curve, const model::Rule& rule) {
  Let out;
  std::size_t left = rule.steps.size();  // steps that do not lie above the score
  for (const Level& level : curve.levels) {
    while (left > 0 && rule.steps[left - 1].from > level.score) --left;
    const double p = left == 0 ? rule.below : rule.steps[left - 1].chance;
    out.fp += p * level.n0;
    out.tp += p * level.n1;
  }
  return out;
}

}  // namespace evenhand::adjust
