// From readings of a metric to findings of a record, whichever operation asks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/metric/judge.h"
#include "evenhand/metric/metric.h"
#include "evenhand/record/record.h"

namespace evenhand::record {

/// Attributes with the values of a key, in the same order; a shorter key names the first ones.
Group group_of(const std::vector<std::string>& by, const tally::Key& key);

/// A reading as a finding, not judged.
Finding finding_of(const metric::Metric& metric, const metric::Reading& reading,
                   const std::vector<std::string>& by, const Group& stratum);

/// Hold a finding against its bound, which it has: the family interval of its reading, the verdict,
/// and beside "cannot tell" of a value how many rows would decide, if all shares stayed as they
/// are.
/// @param scaled  the reading as though there were so many times as many rows; empty: not asked.
void judge(Finding& finding, const metric::Metric& metric, const metric::Reading& reading,
           const metric::Limit& limit,
           const std::function<std::optional<metric::Reading>(double scale)>& scaled);

/// What exploration looks at: findings without a bound; of an audit also those with one that nobody
/// asked for, whose severities only warn.
enum class Explored : std::uint8_t { kUnbound, kUnasked };

/// Of the explored findings with a test of their own: which stand out, all of them together
/// (Benjamini & Hochberg at 1 - level). The others are left alone.
void mark_discoveries(std::vector<Finding>& findings, double level,
                      Explored explored = Explored::kUnbound);

}  // namespace evenhand::record
