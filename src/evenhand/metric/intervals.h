// Intervals of shares, and of differences and ratios of two numbers that have intervals.
//
// x of n rows were in the part: r = x/n. Counts may be effective ones (not whole) when rows carry
// weights or come in clusters. Nothing here sees a tally or a group.
#pragma once

#include "evenhand/metric/estimate.h"

namespace evenhand::metric {

/// Score interval. @source Wilson, JASA 22 (1927) 209.
Interval wilson(double x, double n, double level);
/// The same with another quantile than the normal one (Student's t where the size is estimated).
Interval wilson_with_quantile(double x, double n, double quantile);
/// Exact (beta) interval; never covers less than `level`. @source Clopper & Pearson, Biometrika 26
/// (1934) 404.
Interval clopper_pearson(double x, double n, double level);
/// Equal-tailed posterior under Beta(1/2, 1/2), closed at 0 and 1. @source Brown, Cai & DasGupta,
/// Stat. Sci. 16 (2001) 101.
Interval jeffreys(double x, double n, double level);

/// One side of a comparison: a value and its limits.
struct Sided {
  double value, low, high;
};

/// Interval of a.value - b.value from the limits of both (with Wilson limits: Newcombe's method
/// 10).
/// @param correlation  of the two estimates, in [-1,1]; 0 when the rows are different people.
/// @source Newcombe, Stat. Med. 17 (1998) 873; Zou & Donner, Stat. Med. 27 (2008) 1693.
Interval mover_difference(const Sided& a, const Sided& b, double correlation = 0);

/// Interval of a.value / b.value (both >= 0, b.value > 0); high is infinity where b may be 0.
/// @source Donner & Zou, Stat. Methods Med. Res. 21 (2012) 347.
Interval mover_ratio(const Sided& a, const Sided& b, double correlation = 0);

}  // namespace evenhand::metric
