#include "evenhand/numeric/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <utility>

namespace evenhand::numeric {

namespace {

using Vector = std::vector<double>;

struct Pair {
  Vector step, change;  // s = x' - x, y = g' - g
  double rho = 0;       // 1 / s^T y
};

struct Point {
  Vector x, gradient;
  double value = 0;
};

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double largest(const Vector& a) {
  double out = 0;
  for (const double x : a) out = std::max(out, std::abs(x));
  return out;
}

// The two loops: -H g, with H from the remembered pairs.
Vector direction(const std::deque<Pair>& pairs, const Vector& gradient) {
  Vector q = gradient;
  Vector alpha(pairs.size());
  for (std::size_t k = pairs.size(); k-- > 0;) {
    alpha[k] = pairs[k].rho * dot(pairs[k].step, q);
    for (std::size_t i = 0; i < q.size(); ++i) q[i] -= alpha[k] * pairs[k].change[i];
  }
  if (!pairs.empty()) {
    const Pair& last = pairs.back();
    const double gamma = 1 / (last.rho * dot(last.change, last.change));
    for (double& x : q) x *= gamma;
  }
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const double beta = pairs[k].rho * dot(pairs[k].change, q);
    for (std::size_t i = 0; i < q.size(); ++i) q[i] += (alpha[k] - beta) * pairs[k].step[i];
  }
  for (double& x : q) x = -x;
  return q;
}

void move_to(const Smooth& function, const Point& from, const Vector& along, double t, Point& to) {
  for (std::size_t i = 0; i < from.x.size(); ++i) to.x[i] = from.x[i] + t * along[i];
  to.value = function(to.x, to.gradient);
}

// A step length t with f(x + t d) <= f + c1 t f' and f'(x + t d) >= c2 f'. Near the bottom a value
// that is a sum over rows no longer tells steps apart, while the gradient still does: where values
// are alike, f'(x + t d) <= (2 c1 - 1) f' says the same of a parabola (Hager & Zhang, SIAM J.
// Optim. 16 (2005) 170). False where rounding leaves none: x is as low as doubles can tell.
bool search(const Smooth& function, const Point& from, const Vector& along, double t, Point& to) {
  constexpr double kDescent = 1e-4, kCurvature = 0.9;
  constexpr int kTriesMax = 60;
  constexpr double kAlike = 1e-12;  // of the value; a sum of 1e6 rows in blocks errs by about 1e-14
  const double slope = dot(from.gradient, along);
  double low = 0, high = std::numeric_limits<double>::infinity();
  for (int tries = 0; tries < kTriesMax; ++tries) {
    move_to(function, from, along, t, to);
    const double there = dot(to.gradient, along);
    const bool lower = to.value <= from.value + kDescent * t * slope ||
                       (to.value <= from.value + kAlike * std::abs(from.value) &&
                        there <= (2 * kDescent - 1) * slope);
    if (!lower) {
      high = t;
    } else if (there < kCurvature * slope) {
      low = t;
    } else {
      return true;
    }
    t = std::isinf(high) ? 2 * low : (low + high) / 2;
  }
  return false;
}

void remember(std::deque<Pair>& pairs, std::size_t most, const Point& from, const Point& to) {
  Pair pair{Vector(to.x.size()), Vector(to.x.size()), 0};
  for (std::size_t i = 0; i < to.x.size(); ++i) {
    pair.step[i] = to.x[i] - from.x[i];
    pair.change[i] = to.gradient[i] - from.gradient[i];
  }
  const double curvature = dot(pair.step, pair.change);
  if (!(curvature > 0)) return;
  pair.rho = 1 / curvature;
  pairs.push_back(std::move(pair));
  if (pairs.size() > most) pairs.pop_front();
}

}  // namespace

Lowest lbfgs(const Smooth& function, std::vector<double> start, const LbfgsOptions& options) {
  const std::size_t n = start.size();
  Point here{std::move(start), Vector(n), 0}, next{Vector(n), Vector(n), 0};
  here.value = function(here.x, here.gradient);
  std::deque<Pair> pairs;
  Lowest out;
  while (largest(here.gradient) > options.gradient_max && out.iterations < options.iterations_max) {
    const Vector along = direction(pairs, here.gradient);
    const double first = pairs.empty() ? 1 / std::max(1.0, largest(here.gradient)) : 1;
    if (!search(function, here, along, first, next)) {
      if (pairs.empty()) break;
      pairs.clear();  // what is remembered misleads: start again from the gradient
      continue;
    }
    remember(pairs, options.pairs, here, next);
    std::swap(here, next);
    ++out.iterations;
  }
  out.converged = largest(here.gradient) <= options.gradient_max;
  out.value = here.value;
  out.x = std::move(here.x);
  return out;
}

}  // namespace evenhand::numeric
