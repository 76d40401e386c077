// The chi-square tests of equal shares and of equal means.
#include "evenhand/metric/homogeneity.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "evenhand/numeric/chi_square.h"

namespace evenhand::metric {
namespace {

constexpr double kExpectedMin = 5;  // rows

struct Share {
  double n = 0, part = 0;
};

/// All groups of fewer than n_min rows as one; should that still be small, it goes to the smallest
/// of the others. Which groups are joined hangs on their sizes alone: joined by their shares,
/// chance itself would be taken for a difference.
std::vector<Share> taken_together(std::vector<Share> groups, double n_min) {
  const auto small = std::stable_partition(groups.begin(), groups.end(),
                                           [&](const Share& s) { return s.n >= n_min; });
  Share joined;
  for (auto s = small; s != groups.end(); ++s) {
    joined.n += s->n;
    joined.part += s->part;
  }
  groups.erase(small, groups.end());
  if (joined.n >= n_min || groups.empty()) {
    groups.push_back(joined);
  } else if (joined.n > 0) {
    const auto least = std::min_element(groups.begin(), groups.end(),
                                        [](const Share& a, const Share& b) { return a.n < b.n; });
    least->n += joined.n;
    least->part += joined.part;
  }
  return groups;
}

std::optional<double> of_shares(std::span<const Measured* const> groups) {
  std::vector<Share> table;
  Share all;
  for (const Measured* m : groups) {
    if (!(m->n_effective > 0)) return std::nullopt;
    table.push_back({m->n_effective, m->n_effective * m->value});
    all.n += table.back().n;
    all.part += table.back().part;
  }
  const double r = all.part / all.n;
  if (!(r > 0 && r < 1)) return std::nullopt;
  const std::vector<Share> kept =
      taken_together(std::move(table), kExpectedMin / std::min(r, 1 - r));
  if (kept.size() < 2) return std::nullopt;
  double statistic = 0;
  for (const Share& s : kept) {
    const double off = s.part / s.n - r;
    statistic += s.n * off * off / (r * (1 - r));
  }
  return numeric::chi_square_log10_tail(statistic, static_cast<double>(kept.size() - 1));
}

/// The value on the scale of its standard error; nothing where that scale ends.
std::optional<double> on_scale(const Measured& m) {
  if (m.spread == Spread::kLogit) {
    if (!(m.value > 0 && m.value < 1)) return std::nullopt;
    return std::log(m.value) - std::log1p(-m.value);
  }
  if (m.spread == Spread::kLog)
    return m.value > 0 ? std::optional(std::log(m.value)) : std::nullopt;
  return m.spread == Spread::kNormal ? std::optional(m.value) : std::nullopt;
}

std::optional<double> of_means(std::span<const Measured* const> groups) {
  double weights = 0, sum = 0;
  for (const Measured* m : groups) {
    const auto x = on_scale(*m);
    const bool plain = m->standard_error > 0 && m->slack_low == 0 && m->slack_high == 0;
    if (!x || !plain) return std::nullopt;
    const double weight = 1 / (m->standard_error * m->standard_error);
    weights += weight;
    sum += weight * *x;
  }
  const double mean = sum / weights;
  double statistic = 0;
  for (const Measured* m : groups) {
    const double off = (*on_scale(*m) - mean) / m->standard_error;
    statistic += off * off;
  }
  return numeric::chi_square_log10_tail(statistic, static_cast<double>(groups.size() - 1));
}

}  // namespace

std::optional<double> homogeneity_log10_p(std::span<const Measured* const> groups) {
  if (groups.size() < 2) return std::nullopt;
  const auto p = groups.front()->spread == Spread::kShare ? of_shares(groups) : of_means(groups);
  return p && std::isfinite(*p) ? p : std::nullopt;
}

}  // namespace evenhand::metric
