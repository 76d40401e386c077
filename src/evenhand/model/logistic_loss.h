// The penalised logistic loss of a design, its gradient and its curvature, in one pass over rows.
//
//   eta_i = b0 + sum_c X(i,c) b_c,   mu_i = 1 / (1 + exp(-eta_i))
//   f(b)  = sum_i w_i (log(1 + exp(eta_i)) - y_i eta_i) + l2/2 sum_c b_c^2
//   g     = sum_i w_i (mu_i - y_i) x_i + l2 b,   H = sum_i w_i mu_i (1 - mu_i) x_i x_i^T + l2
//
// b is the coefficients in the order of the columns, then the intercept b0, which is not penalised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "evenhand/model/design.h"

namespace evenhand::model {

/// What is fitted to what. The spans must outlive it.
struct Sample {
  const Design& design;
  std::span<const std::uint8_t> labels;  // shape [rows]; 1 favourable, 0 not
  std::span<const double> weights;       // shape [rows], >= 0; empty: every row counts once
};

struct Loss {
  double log_loss = 0;           // without the penalty; the deviance is twice this
  double value = 0;              // f
  std::vector<double> gradient;  // shape [columns + 1]
  std::vector<double> hessian;   // shape [columns + 1][columns + 1], lower triangle; or empty
};

/// b0 + X(i,.) b of row i.
double linear_predictor(const Design& design, std::span<const double> b, std::size_t row);

/// f, g and, if asked, H at b.
/// Cost: rows x (numbers + factors)^2 / 2 multiplications with H, rows x (numbers + factors)
/// without.
Loss logistic_loss(const Sample& sample, double l2, std::span<const double> b, bool with_hessian,
                   unsigned threads);

/// max_i |X(i,.) d|: how far a step d moves the linear predictor of any row of weight.
double widest_move(const Sample& sample, std::span<const double> d);

}  // namespace evenhand::model
