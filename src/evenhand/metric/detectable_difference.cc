// Which difference in a rate, of labels or of missing values, these rows would have found.
//
// n(g) rows of group g, n of all that take part, r their common rate. If the rate of g alone lay d
// away from that of all others, the chi-square of all groups would have the noncentrality
//   lambda = d^2 n(g) (n - n(g)) / (n r (1 - r)).
// Sampling weights, clusters: n(g) are effective rows.
#include <algorithm>
#include <cmath>
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/metric/chi_square_effect.h"
#include "evenhand/metric/compare.h"

namespace evenhand::metric {
namespace {

/// Rows that a group's rate stands on, and the rate of all that take part.
struct Alike {
  double rows = 0, rate = 0;
};

Alike together(const Measurements& m, const std::vector<std::size_t>& in) {
  Alike out;
  for (const std::size_t g : in) {
    out.rows += m.groups[g].n_effective;
    out.rate += m.groups[g].n_effective * m.groups[g].value;
  }
  if (out.rows > 0) out.rate /= out.rows;
  return out;
}

Undefined why_not(const Measured& m, const Alike& all, std::size_t groups) {
  if (!m.defined()) return m.why;
  if (groups < 2) return Undefined::kOneGroup;
  return all.rate > 0 && all.rate < 1 ? Undefined::kDefined : Undefined::kNoSpread;
}

Result<std::vector<Reading>> read_detectable(const Measure& measure, const Tallies& t,
                                             const ReadOptions& o) {
  const Measured not_asked;  // of everybody: the groups' rows say it
  EVENHAND_ASSIGN(const Measurements m, measure_groups(measure, t, o, &not_asked));
  const std::vector<std::size_t> in = taking_part(m.groups, *t.groups);
  const Alike all = together(m, in);
  const double lambda =
      in.size() < 2 ? 0 : noncentrality_found(static_cast<double>(in.size()) - 1, 1 - o.level);
  std::vector<Reading> out;
  for (std::size_t g = 0; g < m.groups.size(); ++g) {
    Reading reading;
    reading.group = t.groups->keys[g];
    reading.estimate.rows = m.groups[g].rows;
    const bool takes_part = std::find(in.begin(), in.end(), g) != in.end();
    reading.estimate.why = why_not(m.groups[g], all, takes_part ? in.size() : 0);
    if (reading.estimate.defined()) {
      const double rows = m.groups[g].n_effective;
      const double d =
          std::sqrt(lambda * all.rate * (1 - all.rate) * all.rows / (rows * (all.rows - rows)));
      if (d > std::max(all.rate, 1 - all.rate)) {
        reading.estimate.why = Undefined::kInsufficient;
      } else {
        reading.estimate.value = reading.estimate.low = reading.estimate.high = d;
        if (o.family_level > 0) reading.family = Interval{d, d};
      }
    }
    out.push_back(std::move(reading));
  }
  return out;
}

Result<std::vector<Reading>> read_label_gap(const Tallies& t, const ReadOptions& o) {
  return read_detectable(base_rate, t, o);
}
Result<std::vector<Reading>> read_missing_gap(const Tallies& t, const ReadOptions& o) {
  return read_detectable(missing_rate, t, o);
}

// Twice the rows are twice the evidence.
constexpr Laws kOfRows = Laws{}.without(Law::kDoubledRows);

constexpr const char* kFormula =
    "d(g) = sqrt(lambda r (1 - r) (1/n(g) + 1/(n - n(g)))), r the rate of all, lambda of the "
    "noncentral chi-square with G - 1 degrees of freedom at power 0.8";
constexpr const char* kMisleads =
    "A smaller gap may well be there, unseen. It hangs on the rows and on the rate of all groups "
    "together, not on the gap that was found. It is undefined where no gap would be large enough.";
constexpr const char* kSource = "Cohen, Statistical Power Analysis, 2nd ed. 1988, ch. 7";

Metric detectable(Metric m) {
  m.better = Better::kLower;
  m.possible = {0, 1};
  m.misleads = kMisleads;
  m.source = kSource;
  m.about = About::kData;
  m.laws = kOfRows;
  return m;
}

}  // namespace

extern const Metric detectable_label_gap = detectable({
    .name = "detectable_label_gap",
    .says =
        "Which gap between this group's favourable labels and those of all others would these rows "
        "have found, four times in five?",
    .formula = kFormula,
    .unit = "difference of shares, >= 0",
    .needs_label = true,
    .read_self = read_label_gap,
});

extern const Metric detectable_missing_gap = detectable({
    .name = "detectable_missing_gap",
    .says =
        "Which gap between this group's missing values and those of all others would these rows "
        "have found, four times in five?",
    .formula = kFormula,
    .unit = "difference of shares, >= 0",
    .read_self = read_missing_gap,
});

}  // namespace evenhand::metric
