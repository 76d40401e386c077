// Scores that mean what they say: fits of P(label = 1 | score).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "evenhand/adjust/curve.h"
#include "evenhand/base/result.h"
#include "evenhand/model/policy.h"

namespace evenhand::adjust {

/// Platt: the a, b of 1 / (1 + exp(a x + b)) with the highest likelihood of smoothed labels,
/// (n1 + 1) / (n1 + 2) and 1 / (n0 + 2), so that separable scores have a finite fit. x is the
/// log-odds of the score (then the scores as they are can be the outcome), or the score itself
/// where some lie outside of [0,1].
/// @error kBadInput if only one label or only one score is there.
/// @source  Platt 1999, in Advances in Large Margin Classifiers; Newton's method with halving as in
///          Lin, Lin & Weng, Mach. Learn. 68 (2007) 267, doi:10.1007/s10994-007-5018-6.
Result<model::Calibrator> fit_platt(const Curve& curve, bool of_log_odds);

/// Isotonic: the rising step function with the least squares,
///   f(s) = max_{a <= s} min_{b >= s} mean of the labels with scores in [a, b],
/// by pooling adjacent violators. A step begins halfway to the block below.
/// @error kBadInput if only one label is there.
/// @source  Ayer et al., Ann. Math. Stat. 26 (1955) 641; Zadrozny & Elkan, KDD 2002.
/// Cost: linear in the scores.
Result<model::Calibrator> fit_isotonic(const Curve& curve);

}  // namespace evenhand::adjust
