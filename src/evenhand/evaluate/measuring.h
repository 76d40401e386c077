// Metrics over one set of tallies, each measure taken once however many metrics compare it and
// however often a bound asks what more rows would tell.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/metric/compare.h"
#include "evenhand/metric/metric.h"

namespace evenhand::evaluate {

/// What was measured of everybody, within one stratum or over all, for all questions.
using OfEverybody = std::map<const metric::Measure*, metric::Measured>;

class Measuring {
 public:
  /// Tallies and everybody are borrowed.
  Measuring(const metric::Tallies& tallies, metric::ReadOptions options, OfEverybody& everybody)
      : tallies_(tallies), options_(std::move(options)), everybody_(everybody) {}

  /// Measure beforehand, on several threads, what will be asked: each measure once, and metrics
  /// that read themselves. What fails is left, so that asking for it tells.
  /// @param asked  metrics with the level of their family.
  void prepare(const std::vector<std::pair<const metric::Metric*, double>>& asked,
               unsigned threads);

  /// @param family  level of the family interval; 0: none.
  Result<std::vector<metric::Reading>> read(const metric::Metric& metric, double family) {
    return read(metric, family, 1, {});
  }

  /// One of those readings, as though there were `scale` times as many rows; absent where it cannot
  /// be read. Of thousands of groups one is asked dozens of times: the others are not read again.
  std::optional<metric::Reading> one(const metric::Metric& metric, std::size_t index, double family,
                                     double scale);

 private:
  struct Own {
    const metric::Metric* metric;
    double family;
    std::optional<std::vector<metric::Reading>> readings;
  };

  Result<std::vector<metric::Reading>> read(const metric::Metric& metric, double family,
                                            double scale, std::optional<std::size_t> only);
  const metric::Measured* of_all(const metric::Measure& measure) const;

  const metric::Tallies& tallies_;
  metric::ReadOptions options_;
  OfEverybody& everybody_;
  std::vector<Own> own_;
  std::map<const metric::Measure*, metric::Measurements> measured_;
};

}  // namespace evenhand::evaluate
