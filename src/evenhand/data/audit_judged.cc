#include "evenhand/data/audit_judged.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/metric/compare.h"
#include "evenhand/metric/judge.h"

namespace evenhand::data {

using metric::Reading;

Result<record::Finding> judged(record::Finding f, const Reading& r, const Tolerance& tolerance) {
  f.bound = record::Bound{.at_least = {}, .at_most = tolerance.at};
  if (!tolerance.asked) f.bound->on_cannot_tell = f.bound->severity = "warn";
  if (r.family) f.family_low = r.family->low, f.family_high = r.family->high;
  metric::Limit limit;
  EVENHAND_ASSIGN(limit.at, metric::decimal(tolerance.at));
  f.verdict = metric::judge(r, metric::Parts::kNone, limit);
  return f;
}

Result<void> tell_rows_needed(record::Finding& f,
                              const std::function<Result<Reading>(double scale)>& read) {
  if (f.verdict != record::Verdict::kCannotTell || !f.value) return {};
  metric::Limit limit;
  EVENHAND_ASSIGN(limit.at, metric::decimal(*f.bound->at_most));
  const auto scaled = [&](double scale) -> std::optional<Reading> {
    auto reading = read(scale);
    return reading ? std::optional(std::move(*reading)) : std::nullopt;
  };
  if (const auto scale = metric::scale_to_decide(scaled, limit)) {
    f.rows_needed = static_cast<std::int64_t>(std::ceil(*scale * static_cast<double>(f.rows)));
  }
  return {};
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
