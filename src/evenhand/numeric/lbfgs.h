// The lowest point of a smooth convex function of many variables, by limited-memory BFGS (Liu &
// Nocedal, Math. Program. 45 (1989) 503) with a line search for the weak Wolfe conditions by
// doubling and halving (Lewis & Overton, Math. Program. 141 (2013) 135).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace evenhand::numeric {

/// The value at x; fills `gradient`, shape of x.
using Smooth = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct Lowest {
  std::vector<double> x;
  double value = 0;
  std::int64_t iterations = 0;
  bool converged = false;
};

struct LbfgsOptions {
  double gradient_max = 1e-8;  // largest entry of the gradient at which to stop
  std::int64_t iterations_max = 2000;
  std::size_t pairs = 10;  // steps that are remembered
};

Lowest lbfgs(const Smooth& function, std::vector<double> start, const LbfgsOptions& options);

}  // namespace evenhand::numeric
