#include "evenhand/record/finding.h"

#include <algorithm>
#include <cmath>

#include "evenhand/metric/discovery.h"

namespace evenhand::record {

Group group_of(const std::vector<std::string>& by, const tally::Key& key) {
  Group group;
  for (std::size_t i = 0; i < key.size() && i < by.size(); ++i) group[by[i]] = key[i];
  return group;
}

Finding finding_of(const metric::Metric& m, const metric::Reading& r,
                   const std::vector<std::string>& by, const Group& stratum) {
  Finding f;
  f.metric = m.name;
  f.aliases = m.aliases;
  f.by = by;
  f.strata = stratum;
  f.at = r.at;
  if (r.group) f.group = group_of(by, *r.group);
  if (r.between) f.between = {group_of(by, r.between->first), group_of(by, r.between->second)};
  f.rows = r.estimate.rows;
  f.unit = m.unit;
  f.from = metric::name(m.from);
  f.log10_p = r.log10_p;
  if (r.estimate.defined()) {
    f.value = r.estimate.value;
    // Rounding may put a limit an ulp on the wrong side of the value.
    f.low = std::min(r.estimate.low, r.estimate.value);
    f.high = std::max(r.estimate.high, r.estimate.value);
  } else {
    f.why = metric::code(r.estimate.why);
  }
  if (r.open) {
    f.open = Open{r.open->lowest, r.open->highest, r.open->low, r.open->high, r.open->rows_missing};
  }
  return f;
}

void judge(Finding& f, const metric::Metric& m, const metric::Reading& r,
           const metric::Limit& limit,
           const std::function<std::optional<metric::Reading>(double scale)>& scaled) {
  if (r.family) {
    f.family_low = r.family->low;
    f.family_high = r.family->high;
  }
  f.verdict = metric::judge(r, metric::parts_of(m, r), limit);
  if (f.verdict != Verdict::kCannotTell || !r.estimate.defined() || !scaled) return;
  if (const auto scale = metric::scale_to_decide(scaled, limit)) {
    f.rows_needed = static_cast<std::int64_t>(std::ceil(*scale * static_cast<double>(f.rows)));
  }
}

namespace {

bool only_warns(const Bound& bound) {
  return bound.severity == "warn" && bound.on_cannot_tell == "warn";
}

}  // namespace

void mark_discoveries(std::vector<Finding>& findings, double level, Explored explored) {
  std::vector<Finding*> tested;
  std::vector<double> log10_p;
  for (Finding& f : findings) {
    f.stands_out.reset();
    const bool looked_at = !f.bound || (explored == Explored::kUnasked && only_warns(*f.bound));
    if (!looked_at || !f.log10_p) continue;
    tested.push_back(&f);
    log10_p.push_back(*f.log10_p);
  }
  const std::vector<bool> found = metric::discoveries(log10_p, 1 - level);
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->stands_out = found[i];
}

}  // namespace evenhand::record
