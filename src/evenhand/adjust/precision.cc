// Equal precision with lots: the sweep of sweep.h over the common value.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "evenhand/adjust/sweep.h"

namespace evenhand::adjust {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// One group: which precisions it can have, and what the cheapest rule at each costs.
class Ray {
 public:
  Ray(const Curve& curve, const Question& question, double weight)
      : curve_(curve), question_(question), weight_(weight), hull_(upper_hull(curve, false)) {
    lowest_ = curve.n1 / curve.rows();
    // Along the hull the precision falls from the first corner on; the highest one with enough
    // selected lies at the first corner that selects enough, or on the edge before it.
    const double least = question.rate_min * curve.rows();
    std::size_t k = 1;
    while (k + 1 < hull_.size() && hull_[k].fp + hull_[k].tp < least) ++k;
    const Corner &a = hull_[k - 1], &b = hull_[k];
    const double in_a = a.fp + a.tp, in_b = b.fp + b.tp;
    const double part = in_a >= least ? 0 : (least - in_a) / (in_b - in_a);
    const double fp = a.fp + part * (b.fp - a.fp), tp = a.tp + part * (b.tp - a.tp);
    highest_ = fp + tp > 0 ? tp / (fp + tp) : precision(b);
    for (std::size_t i = 1; i < hull_.size(); ++i) {
      const double p = precision(hull_[i]);
      if (p >= lowest_ && p <= highest_) breaks_.push_back(p);
    }
    breaks_.push_back(lowest_);
    breaks_.push_back(highest_);
    std::sort(breaks_.begin(), breaks_.end());
  }

  double lowest() const { return lowest_; }
  double highest() const { return highest_; }
  const std::vector<double>& breaks() const { return breaks_; }

  // The cheapest rule of precision p: corners with their weights.
  std::vector<Share> at(double p) const {
    p = std::clamp(p, lowest_, highest_);
    // The first edge whose far end has a precision of p or less is met by the ray.
    std::size_t k = 1;
    while (k + 1 < hull_.size() && precision(hull_[k]) > p) ++k;
    const Corner &a = hull_[k - 1], &b = hull_[k];
    // (1-p) tp - p fp is 0 on the ray; it is linear along the edge.
    const double at_a = (1 - p) * a.tp - p * a.fp, at_b = (1 - p) * b.tp - p * b.fp;
    const double part = at_a - at_b > 0 ? std::clamp(at_a / (at_a - at_b), 0.0, 1.0) : 1;
    std::vector<Share> out{{a, 1 - part}, {b, part}};
    const bool selecting_pays = p * (question_.cost_fp + question_.cost_fn) > question_.cost_fp;
    if (!selecting_pays) {  // as few as allowed: lots between the edge and nobody
      const double in = (1 - part) * (a.fp + a.tp) + part * (b.fp + b.tp);
      const double keep =
          in > 0 ? std::clamp(question_.rate_min * curve_.rows() / in, 0.0, 1.0) : 1.0;
      for (Share& each : out) each.weight *= keep;
      out.push_back({Corner{}, 1 - keep});
    }
    return out;
  }

  double cost(double p) const {
    Let let;
    for (const Share& each : at(p)) {
      let.fp += each.weight * each.corner.fp;
      let.tp += each.weight * each.corner.tp;
    }
    return cost_of(curve_, let, question_, weight_);
  }

  // The cheapest precision in [low, high]: the cost is monotone between breakpoints.
  std::pair<double, double> cheapest(double low, double high) const {
    low = std::clamp(low, lowest_, highest_);
    high = std::clamp(high, lowest_, highest_);
    std::pair<double, double> best{cost(high), high};
    best = std::min(best, {cost(low), low});
    const double pays = question_.cost_fp / (question_.cost_fp + question_.cost_fn);
    if (pays > low && pays < high) best = std::min(best, {cost(pays), pays});
    for (auto i = std::lower_bound(breaks_.begin(), breaks_.end(), low);
         i != breaks_.end() && *i <= high; ++i) {
      best = std::min(best, {cost(*i), *i});
    }
    return best;
  }

 private:
  static double precision(const Corner& corner) {
    const double in = corner.fp + corner.tp;
    return in > 0 ? corner.tp / in : 1;
  }

  const Curve& curve_;
  const Question& question_;
  const double weight_;
  const std::vector<Corner> hull_;
  double lowest_ = 0, highest_ = 1;
  std::vector<double> breaks_;
};

double total(const std::vector<Ray>& rays, double p, double tolerance) {
  double sum = 0;
  for (const Ray& ray : rays) sum += ray.cheapest(p, p + tolerance).first;
  return sum;
}

// The lowest point of one stretch, where the cost is a smooth sum: a few probes, then the golden
// section around the best of them.
std::pair<double, double> valley(const std::vector<Ray>& rays, double low, double high,
                                 double tolerance) {
  constexpr int kProbes = 5;
  const auto at = [&](double p) { return std::pair(total(rays, p, tolerance), p); };
  std::pair<double, double> best = std::min(at(low), at(high));
  if (high - low < 1e-9) return best;
  for (int i = 1; i < kProbes; ++i) best = std::min(best, at(low + (high - low) * i / kProbes));
  if (best.second == low || best.second == high) return best;
  const double width = (high - low) / kProbes;
  double a = std::max(low, best.second - width), b = std::min(high, best.second + width);
  const double golden = (std::sqrt(5.0) - 1) / 2;
  for (int i = 0; i < 40; ++i) {
    const double c = b - golden * (b - a), d = a + golden * (b - a);
    const auto at_c = at(c), at_d = at(d);
    best = std::min({best, at_c, at_d});
    (at_c.first < at_d.first ? b : a) = at_c.first < at_d.first ? d : c;
  }
  return best;
}

double best_common(const std::vector<Ray>& rays, double low, double high, double tolerance) {
  std::vector<double> breaks{low, high};
  for (const Ray& ray : rays) {
    for (const double p : ray.breaks()) {
      // The window's lower and upper end both pass a breakpoint.
      for (const double each : {p, p - tolerance}) {
        if (each > low && each < high) breaks.push_back(each);
      }
    }
  }
  std::sort(breaks.begin(), breaks.end());
  std::pair<double, double> best{kInfinity, low};
  for (std::size_t i = 0; i + 1 < breaks.size(); ++i) {
    best = std::min(best, valley(rays, breaks[i], breaks[i + 1], tolerance));
  }
  return best.second;
}

}  // namespace

Answer precision_by_group(const std::vector<Curve>& curves, const Question& question) {
  const std::vector<double> weights = cost_weights(curves, question.groups_alike);
  std::vector<Ray> rays;
  double lowest = 0, highest = 1;  // of a value that all can have
  for (std::size_t g = 0; g < curves.size(); ++g) {
    rays.emplace_back(curves[g], question, weights[g]);
    lowest = std::max(lowest, rays.back().lowest());
    highest = std::min(highest, rays.back().highest());
  }
  Answer out;
  std::vector<Let> lets;
  // The window [p, p + tolerance] must reach every group's range.
  const double from = lowest - question.tolerance;
  const bool meets = from <= highest + kRounding;
  const double p =
      meets ? best_common(rays, std::min(from, highest), highest, question.tolerance) : highest;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    const double own = rays[g].cheapest(p, meets ? p + question.tolerance : lowest).second;
    out.rules.push_back(rule_of(rays[g].at(own)));
    lets.push_back(let_in(curves[g], out.rules.back()));
  }
  out.gap = gap_between(question.equalise, curves, lets, std::vector<bool>(curves.size(), true));
  out.reached = out.gap <= question.tolerance + 1e-7;
  return out;
}

}  // namespace evenhand::adjust
