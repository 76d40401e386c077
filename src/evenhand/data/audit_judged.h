// A number of an audit held against a tolerance: how far apart still counts as alike. Met is
// evidence that it stays within, broken that it lies beyond; cannot tell is neither.
#pragma once

#include <functional>

#include "evenhand/data/audit.h"
#include "evenhand/metric/metric.h"
#include "evenhand/record/record.h"

namespace evenhand::data {

/// A reading as though there were `scale` times as many rows.
using ReadScaled = std::function<Result<metric::Reading>(double scale)>;

/// The finding with its verdict; a tolerance that nobody asked for only warns.
/// @param finding  of the reading, not judged.
/// @param reading  with its family interval, which errs on each side with the error of the verdict.
/// @param read     tells beside "cannot tell" how many rows would decide; empty: not asked.
Result<record::Finding> judged(const metric::Metric& metric, record::Finding finding,
                               const metric::Reading& reading, const Tolerance& tolerance,
                               const ReadScaled& read);

/// The widest gap of a measure, its family interval at error `alpha` on each side. Above: limits of
/// each group that err with alpha together, not corrected for how many groups there are: "no two
/// lie further apart" is claimed of all pairs at once, and false only if it is false of one of them
/// (intersection-union). Below, the error is shared among the groups, for whichever two may be
/// picked.
/// @source Berger & Hsu, Stat. Sci. 11 (1996) 283.
Result<metric::Reading> widest_gap_judged(const metric::Metric& metric,
                                          const metric::Tallies& tallies,
                                          const metric::ReadOptions& options, double alpha);

}  // namespace evenhand::data
