#include "evenhand/data/audit_judged.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/metric/compare.h"
#include "evenhand/metric/judge.h"
#include "evenhand/record/finding.h"

namespace evenhand::data {

using metric::Reading;

Result<record::Finding> judged(const metric::Metric& m, record::Finding f, const Reading& r,
                               const Tolerance& tolerance, const ReadScaled& read) {
  f.bound = record::Bound{.at_least = {}, .at_most = tolerance.at};
  if (!tolerance.asked) f.bound->on_cannot_tell = f.bound->severity = "warn";
  metric::Limit limit;
  EVENHAND_ASSIGN(limit.at, metric::decimal(tolerance.at));
  std::function<std::optional<Reading>(double)> scaled;
  if (read) {
    scaled = [&](double scale) -> std::optional<Reading> {
      auto reading = read(scale);
      return reading ? std::optional(std::move(*reading)) : std::nullopt;
    };
  }
  record::judge(f, m, r, limit, scaled);
  return f;
}

Result<Reading> widest_gap_judged(const metric::Metric& m, const metric::Tallies& tallies,
                                  const metric::ReadOptions& options, double alpha) {
  EVENHAND_CHECK(m.measure != nullptr && m.comparison != nullptr);
  const metric::Measured not_asked;  // of everybody: a gap between groups does not look at it
  EVENHAND_ASSIGN(const metric::Measurements measured,
                  metric::measure_groups(*m.measure, tallies, options, &not_asked));
  metric::ReadOptions below = options, above = options;
  below.family_level = 1 - alpha;
  // Each group's limits hold at 1 - (1 - family_level)/G; two of them err with alpha at 1 - alpha.
  constexpr double kLevelMin = 0.01;
  const auto groups = static_cast<double>(std::max<std::size_t>(measured.taking_part, 1));
  above.family_level = std::max(kLevelMin, 1 - alpha * groups);
  Reading out = metric::readings(m, measured, tallies, below).front();
  const Reading other = metric::readings(m, measured, tallies, above).front();
  if (out.family && other.family) out.family->high = other.family->high;
  return out;
}

}  // namespace evenhand::data
