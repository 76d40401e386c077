#include "evenhand/metric/population.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "evenhand/metric/baseline.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/effective.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

bool is_known(const tally::Key& key) {
  return std::all_of(key.begin(), key.end(), [](const auto& value) { return value.has_value(); });
}

std::vector<std::size_t> taking_part(const Tallies& t) {
  std::vector<std::size_t> in;
  for (std::size_t g = 0; g < t.groups->size(); ++g) {
    const bool in_baseline = t.baseline == nullptr || t.baseline->shares[g].has_value();
    if (is_known(t.groups->keys[g]) && in_baseline) in.push_back(g);
  }
  return in;
}

struct Sums {
  std::int64_t n = 0;
  double w = 0, w2 = 0;
};

Measured share_of(const Sums& part, const Sums& all, bool weighted) {
  Measured m;
  m.rows = all.n;
  if (all.n == 0 || !(all.w > 0)) {
    m.why = Undefined::kNoRows;
    return m;
  }
  m.value = std::min(1.0, part.w / all.w);
  if (!weighted) {
    m.part = part.n;
    m.n_effective = static_cast<double>(all.n);
    return m;
  }
  const Effective effective = effective_of_weights(
      {part.w, std::max(0.0, all.w - part.w), part.w2, std::max(0.0, all.w2 - part.w2)});
  m.n_effective = effective.size;
  m.degrees = effective.degrees;
  return m;
}

void add_baseline(Population& out, const Baseline& baseline) {
  double rows = 0;
  for (const std::size_t g : out.in) {
    out.baseline.push_back(*baseline.shares[g]);
    if (!baseline.rows.empty()) rows += baseline.rows[g];
  }
  out.baseline_effective = rows;
  if (!(rows > 0)) return;
  for (const double b : out.baseline) {
    Measured m;
    m.value = b;
    m.n_effective = rows;
    m.rows = std::llround(rows);
    out.baseline_shares.push_back(m);
  }
}

}  // namespace

double Population::comparable_rows() const {
  return baseline_effective > 0 ? effective * baseline_effective / (effective + baseline_effective)
                                : effective;
}

Population population_of(const Tallies& t) {
  EVENHAND_CHECK(t.crosstab != nullptr && t.crosstab->groups().size() == t.groups->size());
  Population out;
  out.in = taking_part(t);
  out.weighted = t.crosstab->weighted();
  std::vector<Sums> sums;
  Sums all;
  for (const std::size_t g : out.in) {
    sums.push_back({t.crosstab->n(g), t.crosstab->w(g), t.crosstab->w2(g)});
    all.n += sums.back().n;
    all.w += sums.back().w;
    all.w2 += sums.back().w2;
  }
  out.rows = all.n;
  out.effective = all.w2 > 0 ? all.w * all.w / all.w2 : 0;
  for (const Sums& one : sums) {
    out.shares.push_back(share_of(one, all, out.weighted));
    out.counts.push_back(out.weighted ? out.shares.back().value * static_cast<double>(all.n)
                                      : static_cast<double>(one.n));
  }
  if (t.baseline != nullptr) add_baseline(out, *t.baseline);
  return out;
}

Reading about_all(const Population& people) {
  Reading out;
  out.group = tally::Key{};
  out.estimate.rows = people.rows;
  return out;
}

Reading about_group(const Population& people, const Tallies& tallies, std::size_t i) {
  Reading out;
  out.group = tallies.groups->keys[people.in[i]];
  out.estimate.rows = people.rows;
  return out;
}

Reading undefined(Reading reading, Undefined why) {
  reading.estimate.why = why;
  return reading;
}

void set(Reading& reading, double value, const Limits& limits, const ReadOptions& options) {
  reading.estimate.value = value;
  reading.estimate.low = std::min(value, limits.shown.low);
  reading.estimate.high = std::max(value, limits.shown.high);
  if (options.family_level > 0) {
    reading.family =
        Interval{std::min(value, limits.family.low), std::max(value, limits.family.high)};
  }
}

void set_exact(Reading& reading, double value, const ReadOptions& options) {
  set(reading, value, {{value, value}, {value, value}}, options);
}

double each_of(double level, std::size_t count) {
  return 1 - (1 - level) / static_cast<double>(std::max<std::size_t>(count, 1));
}

namespace {

/// Cells to draw from: rows, or, of weights, their shares of 2^40 with the design effect that makes
/// as many draws as there are effective rows.
struct Urn {
  std::vector<std::int64_t> cells;
  double design_effect = 1;
};

Urn urn_of(const Population& people) {
  Urn out;
  if (!people.weighted) {
    for (const double n : people.counts) out.cells.push_back(std::llround(n));
    return out;
  }
  constexpr double kFine = 0x1p40;
  for (const Measured& share : people.shares) {
    out.cells.push_back(std::llround(share.value * kFine));
  }
  out.design_effect = kFine / people.effective;
  return out;
}

}  // namespace

void set_index(Reading& reading, const Population& people,
               const std::function<double(std::span<const double>)>& of_shares,
               std::function<Interval(std::span<const Interval>)> extremes, Interval range,
               const ReadOptions& options) {
  Measured m;
  m.rows = people.rows;
  m.range = range;
  std::vector<double> shares;
  for (const Measured& share : people.shares) shares.push_back(share.value);
  m.value = of_shares(shares);
  OfShares of;
  of.shares = people.shares;
  const bool sampled = !people.baseline_shares.empty();
  of.shares.insert(of.shares.end(), people.baseline_shares.begin(), people.baseline_shares.end());
  of.extremes = std::move(extremes);
  m.of_shares = std::make_shared<const OfShares>(std::move(of));
  const Urn urn = urn_of(people);
  std::vector<double> drawn(urn.cells.size());
  const OfCells read = [&](std::span<const double> cells) -> std::optional<double> {
    const double all = std::accumulate(cells.begin(), cells.end(), 0.0);
    if (!(all > 0)) return std::nullopt;
    std::transform(cells.begin(), cells.end(), drawn.begin(), [all](double c) { return c / all; });
    return of_shares(drawn);
  };
  // Some 50 ns a cell: beyond 10,000 groups fewer replicates keep it below a second.
  constexpr double kDraws = 2e7;
  const int replicates = static_cast<int>(std::clamp(
      kDraws / static_cast<double>(std::max<std::size_t>(people.size(), 1)), 200.0, 2000.0));
  std::optional<Replicates> made;
  constexpr std::int64_t kDrawnMax = std::int64_t{1} << 53;
  if (!sampled && people.rows <= kDrawnMax) {
    made = bootstrap_cells(
        urn.cells, read,
        {.replicates = replicates, .seed = options.seed, .design_effect = urn.design_effect});
  }
  m.spread = made ? Spread::kReplicate : Spread::kOfShares;
  if (made) m.replicates = std::make_shared<const Replicates>(*made);
  Limits found{limits(m, options.level, options.method, options.scale), {}};
  if (options.family_level > 0) {
    m.spread = Spread::kOfShares;
    found.family = limits(m, options.family_level, Method::kClopperPearson, options.scale);
  }
  set(reading, m.value, found, options);
}

}  // namespace evenhand::metric
