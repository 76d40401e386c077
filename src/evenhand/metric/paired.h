// Two decisions about the same rows, before and after: how a rate changed in each group, how the
// widest gap changed, and who is decided differently. The rows are the same people, so what both
// decisions share cancels, and a change is known far better than a difference of two samples.
//
// In group g, of the n rows that a rate is over, u rows came into its part and v rows left it:
//   c(g) = r'(g) - r(g) = (u - v) / n
// Only rates over rows that the decision does not choose (all, label 1, label 0) change so; of the
// others, precision say, there is a value before and a value after.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "evenhand/metric/estimate.h"
#include "evenhand/metric/metric.h"
#include "evenhand/metric/rates.h"

namespace evenhand::metric {

/// Rows of each group by label, decision before and decision after: 0, 1, or 2 for missing.
struct PairedCounts {
  static constexpr std::size_t cell(int label, int before, int after) {
    return (static_cast<std::size_t>(label) * 3 + static_cast<std::size_t>(before)) * 3 +
           static_cast<std::size_t>(after);
  }
  const tally::Groups* groups = nullptr;
  std::vector<std::array<std::int64_t, 27>> cells;  // [groups]
};

/// A rate of one group before and after.
struct Change {
  std::int64_t n = 0;             // rows of the rate
  std::int64_t both = 0;          // in its part before and after
  std::int64_t up = 0, down = 0;  // came into the part, left it
  std::int64_t rows_without = 0;  // of the rate's rows, if a decision was not missing
  double before() const;          // n > 0
  double after() const;           // n > 0
  double value() const;           // after - before; n > 0
};

/// @param rate  its whole must not depend on the decision (checked).
std::vector<Change> change_by_group(const PairedCounts& counts, Rate rate);

/// Interval of a change. Shown: Newcombe's method 10 for pairs. Deciding: the shares that came in
/// and that left, each within exact limits at half of the doubt; never covers less than `level`.
/// @source Newcombe, Stat. Med. 17 (1998) 2635; Clopper & Pearson, Biometrika 26 (1934) 404.
Interval shown_limits(const Change& change, double level);
Interval exact_limits(const Change& change, double level);

/// One reading a group: c(g). Undefined::kNoRows, kInsufficient (options.rows_min).
std::vector<Reading> changes(const PairedCounts& counts, Rate rate, const ReadOptions& options);

/// D' - D, where D = max_g r(g) - min_g r(g) before and D' after; between the groups that are
/// farthest apart after. For an ordered pair p let s(p) = r(a) - r(b), s'(p) the same after, and
/// c(p) = s'(p) - s(p). Since D >= |s(p)|, D' - D is at most the largest s'(p) - |s(p)| that limits
/// of s, s' and c allow; and D - D' the largest s(p) - |s'(p)|. So limits that hold together are
/// limits of D' - D, whichever groups are widest before and after.
/// And two gaps that each lie within limits differ by no more than those leave: a small group, of
/// which little is known, does not hide that the gaps are far apart.
/// With two groups they are MOVER limits at the level. With more, half of the doubt is given to
/// exact limits of each group (Bonferroni over 3 G; beyond 100 groups pairs are not looked at one
/// by one), a quarter each to the limits that each gap has of its own, and both must hold.
/// Deciding: the exact ones alone, with all of the doubt.
/// @return Undefined::kOneGroup with fewer than two groups that take part.
Reading gap_change(const PairedCounts& counts, Rate rate, const ReadOptions& options);

/// Shares of each group's rows (all with both decisions) that are newly favourable, or newly not.
std::vector<Reading> newly(const PairedCounts& counts, bool favourable, const ReadOptions& options);

}  // namespace evenhand::metric
