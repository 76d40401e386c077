// The generalized entropy family: how unevenly benefits fall on people, and how much of that lies
// between groups. The benefit of a decision is b = 1 + d - y: 2 where it was better than earned, 1
// where it was right, 0 where it was worse.
#pragma once

#include <optional>
#include <span>

namespace evenhand::metric {

/// With r = b / mean(b) over all counted people:
///   GE(alpha) = mean(r^alpha - 1) / (alpha (alpha - 1));  GE(1) = mean(r ln r) (Theil's index,
///   with 0 ln 0 = 0);  GE(0) = -mean(ln r).
/// @param benefit, count  shape [K]: `count` people have this benefit; benefit >= 0, count >= 0.
/// @return  nothing where nobody is counted, the mean is 0, or alpha <= 0 meets a benefit of 0.
/// @source  Speicher et al. 2018, arXiv:1807.00787; Cowell & Kuga, J. Econ. Theory 25 (1981) 131.
std::optional<double> generalized_entropy(std::span<const double> benefit,
                                          std::span<const double> count, double alpha);

}  // namespace evenhand::metric
