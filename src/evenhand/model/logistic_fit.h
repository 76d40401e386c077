// Logistic regression: the coefficients that make the labels most likely, less a penalty. Newton's
// method (iteratively reweighted least squares) while the matrix of curvatures is small, limited-
// memory BFGS beyond. Convex, so both find the same point; ties to threads or start there are none.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/model/logistic_loss.h"

namespace evenhand::model {

enum class Method : std::uint8_t { kChoose, kNewton, kLbfgs };

struct LogisticOptions {
  double l2 = 1;                       // >= 0; the penalty is l2/2 times the squared coefficients
  unsigned threads = 0;                // 0: as many as the machine has
  Method method = Method::kChoose;     // Newton up to 512 columns
  std::span<const double> start = {};  // shape [columns + 1]; empty: the intercept alone
  // What is left of the loss, as a share of it, at the last step of Newton (which squares it, in
  // the end). L-BFGS goes on to its own end.
  double decrement_max = 1e-12;
  // false: the last step is taken unseen, one pass less; the deviance is that before it, and
  // separated labels are no error: their coefficients stop where the loss has almost gone.
  bool standard_errors = true;
};

struct LogisticFit {
  std::vector<double> coefficients;     // shape [columns + 1]; the intercept last; unit: log-odds
  std::vector<double> standard_errors;  // the same shape; empty after L-BFGS or if not asked for
  double deviance = 0;                  // -2 log likelihood, without the penalty
  std::int64_t iterations = 0;
  std::string method;  // "newton" or "lbfgs"
};

/// Standard errors are the roots of the diagonal of H^-1: the usual ones when l2 = 0; with a
/// penalty they understate the error, because the estimates are pulled towards 0.
/// @error kInvalidArgument unless l2 >= 0 and finite; kBadInput if only one label has weight, if
///        under l2 = 0 a column says nothing that those before it do not (the sentence names it) or
///        the labels are separated (the likelihood has no highest point), or if it does not
///        converge.
/// @source  McCullagh & Nelder, Generalized Linear Models (1989) 4.4; separation: Albert &
/// Anderson,
///          Biometrika 71 (1984) 1.
Result<LogisticFit> fit_logistic(const Sample& sample, const LogisticOptions& options);

}  // namespace evenhand::model
