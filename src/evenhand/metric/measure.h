// A measure is one number for each group (a rate, an AUC); its comparisons between groups (the
// widest gap, the ratio, ...) come for nothing from compare.h. So a new rate is one line, and its
// eight metrics appear in the command line, the docs and the tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/metric/metric.h"

namespace evenhand::metric {

/// Which comparisons between groups make sense for a measure.
enum class Compares : std::uint8_t {
  kDifferencesAndRatios,  // shares and other numbers >= 0 with a true zero
  kDifferences,           // numbers without a true zero or with a sign
  kNone
};

struct Measure {
  std::string name;
  std::vector<std::string> aliases = {};
  std::string says;
  std::string formula;  // of one group g, in the field's symbols
  std::string unit = {};
  Better better = Better::kNeither;
  std::optional<double> ideal = {};
  Interval possible{0, 1};  // the values that it can have
  std::string misleads = {};
  std::string source = {};
  From from = From::kTally;
  bool needs_label = false, needs_decision = false, needs_score = false;
  bool needs_strata = false, needs_baseline = false;
  About about = About::kDecisions;
  Laws laws = {};  // of the measure and of its comparisons; kOneGroup is asked of these only
  Compares compares = Compares::kDifferencesAndRatios;
  /// Names that people know for comparisons of this measure: {"_difference",
  /// "demographic_parity_difference"}.
  std::vector<std::pair<std::string, std::string>> comparison_aliases = {};
  /// One Measured for each group of tallies.groups, in that order.
  /// Undefined::kInsufficient where a group has fewer rows than the measure can bear.
  Result<std::vector<Measured>> (*measure)(const Tallies&, const ReadOptions&) = nullptr;
};

/// The measure of everybody together.
Result<Measured> measure_everybody(const Measure& measure, const Tallies& tallies,
                                   const ReadOptions& options);

}  // namespace evenhand::metric
