// Which of many tests stand out, when nobody asked for any of them beforehand.
#pragma once

#include <span>
#include <vector>

namespace evenhand::metric {

/// Benjamini and Hochberg: of the m tests, those whose p-value is at most the largest p(k) with
/// p(k) <= k rate / m. Of what stands out, at most `rate` is a false alarm on average, for tests
/// that are independent or rise together; it makes no claim about any one of them.
/// @param log10_p  base-10 logarithms, shape [m].
/// @param rate     in (0,1).
/// @return  for each test whether it stands out, shape [m].
/// @source  Benjamini & Hochberg, J. R. Stat. Soc. B 57 (1995) 289.
std::vector<bool> discoveries(std::span<const double> log10_p, double rate);

}  // namespace evenhand::metric
