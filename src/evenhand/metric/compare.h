// Comparisons between groups, for any measure: the widest gap, the ratio, the gap to everybody or
// to a named group, the lowest and the highest group.
//
// r(g) is the measure of group g with its limits. Groups that take part are those with a defined
// measure and no unknown attribute; fewer than two leave a comparison undefined. The pair of a
// widest gap is picked by looking at the data, so its interval holds for all pairs at once.
#pragma once

#include <string>
#include <vector>

#include "evenhand/metric/measure.h"

namespace evenhand::metric {

/// A measure of every group, and of everybody together.
struct Measurements {
  std::vector<Measured> groups;  // in the order of tallies.groups
  Measured everybody;
  std::size_t taking_part = 0;  // groups that comparisons see
};

struct Comparison {
  std::string suffix;   // "_difference": the metric is called selection_rate_difference
  std::string says;     // about R, the measure's name
  std::string formula;  // with R(g)
  std::string source;
  bool ratio = false;  // a quotient: needs a true zero, its ideal is 1
  bool per_reference = false;
  bool keeps_unit = false;  // group_min and group_max are values of the measure itself
  std::vector<Reading> (*read)(const Measurements&, const Tallies&, const ReadOptions&) = nullptr;
};

/// All comparisons, in the order in which they are listed.
const std::vector<Comparison>& comparisons();

/// Measure every group once, for any number of comparisons.
/// @param everybody  measured before (it is the same for every question); null: measured here.
Result<Measurements> measure_groups(const Measure& measure, const Tallies& tallies,
                                    const ReadOptions& options,
                                    const Measured* everybody = nullptr);

/// The readings of a measure or of a comparison of it. `metric.measure` must be set.
std::vector<Reading> readings(const Metric& metric, const Measurements& measured,
                              const Tallies& tallies, const ReadOptions& options);

/// max_g r(g) - min_g r(g) over the groups that take part, between whom, and its intervals.
/// Shown: [max(0, max L), max U] over all pairs' MOVER intervals at 1 - (1-level)/(G(G-1)/2); with
/// more than 50 groups, and for the family interval, from per-group limits at 1 - (1-level)/G.
/// @return  Undefined::kOneGroup with fewer than two groups.
/// @source  Hardt, Price & Srebro, arXiv:1610.02413; Newcombe, Stat. Med. 17 (1998) 873.
Reading widest_gap(const Measurements& measured, const Tallies& tallies,
                   const ReadOptions& options);

/// What is missing leaves open for one group: the extremes of the value, and limits around both; of
/// a share as of all rows, those with something missing included.
/// Where nothing is missing: the value itself and its limits.
/// @param m  defined.
Open open_of(const Measured& m, double level, Method method, double scale);

/// Indices into tallies.groups of the groups that take part in comparisons.
std::vector<std::size_t> taking_part(const std::vector<Measured>& measured,
                                     const tally::Groups& groups);

}  // namespace evenhand::metric
