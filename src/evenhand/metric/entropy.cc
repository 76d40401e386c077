// Generalized entropy of the benefits of decisions, in all and between groups.
#include "evenhand/metric/entropy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/rates.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {

std::optional<double> generalized_entropy(std::span<const double> benefit,
                                          std::span<const double> count, double alpha) {
  double people = 0, sum = 0;
  for (std::size_t k = 0; k < benefit.size(); ++k) {
    people += count[k];
    sum += count[k] * benefit[k];
    if (count[k] > 0 && benefit[k] <= 0 && alpha <= 0) return std::nullopt;
  }
  if (!(people > 0) || !(sum > 0)) return std::nullopt;
  const double mean = sum / people;
  double total = 0;
  for (std::size_t k = 0; k < benefit.size(); ++k) {
    if (!(count[k] > 0)) continue;
    const double r = benefit[k] / mean;
    if (alpha == 1) {
      total += r > 0 ? count[k] * r * std::log(r) : 0;
    } else if (alpha == 0) {
      total -= count[k] * std::log(r);
    } else {
      total += count[k] * (std::pow(r, alpha) - 1) / (alpha * (alpha - 1));
    }
  }
  return std::max(0.0, total / people);  // rounding may leave -1e-17 where all are equal
}

namespace {

constexpr std::array<double, 3> kBenefits{0, 1, 2};

/// Rows (or weight) by benefit: FN, TN + TP, FP. Rows with something missing take no part.
struct Benefits {
  std::array<double, 3> weight{};
  std::int64_t rows = 0;
};

Benefits benefits_of(const tally::Confusion& counts, std::size_t g) {
  Benefits b;
  for (std::uint8_t y = 0; y < 2; ++y) {
    for (std::uint8_t d = 0; d < 2; ++d) {
      b.weight[static_cast<std::size_t>(1 + d - y)] += counts.w(g, y, d);
      b.rows += counts.n(g, y, d);
    }
  }
  return b;
}

/// Counts to draw from: as they are, or (with weights) the rows spread as the weights are.
std::vector<std::int64_t> to_draw(std::span<const double> weight, std::int64_t rows,
                                  bool weighted) {
  double sum = 0;
  for (double w : weight) sum += w;
  std::vector<std::int64_t> cells;
  for (double w : weight) {
    const double n = weighted && sum > 0 ? w / sum * static_cast<double>(rows) : w;
    cells.push_back(static_cast<std::int64_t>(std::llround(n)));
  }
  return cells;
}

/// Value and replicates of a number read off cells.
Measured from_cells(std::span<const double> weight, std::int64_t rows, bool weighted,
                    double design_effect, const OfCells& read, const ReadOptions& o) {
  Measured m;
  m.rows = rows;
  const std::optional<double> value = read(weight);
  if (rows == 0 || !value) {
    m.why = rows == 0 ? Undefined::kNoRows : Undefined::kZeroDenominator;
    return m;
  }
  m.value = *value;
  m.spread = Spread::kReplicate;
  m.range = {0, std::numeric_limits<double>::infinity()};
  auto replicates = bootstrap_cells(
      to_draw(weight, rows, weighted), read,
      {.replicates = 2'000, .seed = o.seed, .design_effect = std::max(design_effect, 1e-9)});
  if (!replicates) {
    m.why = Undefined::kInsufficient;
    m.value = 0;
    return m;
  }
  m.replicates = std::make_shared<const Replicates>(std::move(*replicates));
  return m;
}

/// What weights and clusters do to the variance of this group's numbers: as for its error rate.
double design_effect(const Measured& error) {
  if (!error.defined() || !(error.n_effective > 0)) return 1;
  return static_cast<double>(error.rows) / error.n_effective;
}

using OfBenefits = std::optional<double> (*)(std::span<const double> weight);

Result<std::vector<Measured>> measure(const Tallies& t, const ReadOptions& o, OfBenefits number) {
  EVENHAND_ASSIGN(const auto errors, rate_by_group(t, kErrorRate, o));
  std::vector<Measured> out;
  for (std::size_t g = 0; g < t.groups->size(); ++g) {
    const Benefits b = benefits_of(*t.confusion, g);
    out.push_back(
        from_cells(b.weight, b.rows, t.confusion->weighted(), design_effect(errors[g]), number, o));
  }
  return out;
}

std::optional<double> ge2(std::span<const double> w) {
  return generalized_entropy(kBenefits, w, 2);
}
std::optional<double> theil(std::span<const double> w) {
  return generalized_entropy(kBenefits, w, 1);
}
std::optional<double> variation(std::span<const double> w) {
  const auto ge = ge2(w);
  if (!ge) return ge;
  return std::sqrt(2 * *ge);
}

Result<std::vector<Measured>> measure_ge2(const Tallies& t, const ReadOptions& o) {
  return measure(t, o, ge2);
}
Result<std::vector<Measured>> measure_theil(const Tallies& t, const ReadOptions& o) {
  return measure(t, o, theil);
}
Result<std::vector<Measured>> measure_variation(const Tallies& t, const ReadOptions& o) {
  return measure(t, o, variation);
}

/// Everybody's benefit replaced by the mean of their group. Cells: three for each group.
Result<std::vector<Reading>> read_between(const Tallies& t, const ReadOptions& o, double alpha) {
  EVENHAND_ASSIGN(const auto errors, rate_by_group(t, kErrorRate, o));
  std::vector<double> weight;
  std::int64_t rows = 0, groups_in = 0;
  double worst = 1;
  for (std::size_t g = 0; g < t.groups->size(); ++g) {
    const auto& key = t.groups->keys[g];
    const bool known =
        std::all_of(key.begin(), key.end(), [](const auto& v) { return v.has_value(); });
    const Benefits b = benefits_of(*t.confusion, g);
    if (!known || b.rows < std::max<std::int64_t>(1, o.rows_min)) continue;
    weight.insert(weight.end(), b.weight.begin(), b.weight.end());
    rows += b.rows;
    groups_in += 1;
    worst = std::max(worst, design_effect(errors[g]));
  }
  const OfCells between = [alpha](std::span<const double> cells) -> std::optional<double> {
    std::vector<double> mean, people;
    for (std::size_t k = 0; k + 2 < cells.size(); k += 3) {
      const double n = cells[k] + cells[k + 1] + cells[k + 2];
      people.push_back(n);
      mean.push_back(n > 0 ? (cells[k + 1] + 2 * cells[k + 2]) / n : 0);
    }
    return generalized_entropy(mean, people, alpha);
  };
  Reading reading;
  reading.group = tally::Key{};
  reading.estimate.rows = rows;
  if (groups_in < 2) {
    reading.estimate.why = Undefined::kOneGroup;
    return std::vector{reading};
  }
  const Measured m = from_cells(weight, rows, t.confusion->weighted(), worst, between, o);
  reading.estimate.why = m.why;
  if (!m.defined()) return std::vector{reading};
  const Interval shown = limits(m, o.level, o.method, o.scale);
  reading.estimate.value = m.value;
  reading.estimate.low = shown.low;
  reading.estimate.high = shown.high;
  if (o.family_level > 0)
    reading.family = limits(m, o.family_level, Method::kClopperPearson, o.scale);
  return std::vector{reading};
}

Result<std::vector<Reading>> read_between_ge2(const Tallies& t, const ReadOptions& o) {
  return read_between(t, o, 2);
}
Result<std::vector<Reading>> read_between_theil(const Tallies& t, const ReadOptions& o) {
  return read_between(t, o, 1);
}

}  // namespace

const Measure generalized_entropy_index{
    .name = "generalized_entropy_index",
    .aliases = {"generalised_entropy_index"},
    .says = "How unevenly do the benefits of decisions fall on people, whatever their group?",
    .formula = "mean((b/mu)^2 - 1) / 2 with b = 1 + d - y, mu = mean(b)",
    .unit = "index >= 0; 0 is even",
    .better = Better::kLower,
    .ideal = 0,
    .possible = {0, std::numeric_limits<double>::infinity()},
    .misleads =
        "It treats a wrong refusal and a wrong favour as benefits of 0 and 2; other "
        "benefits give other numbers.",
    .source = "Speicher et al. 2018, arXiv:1807.00787",
    .needs_label = true,
    .needs_decision = true,
    .compares = Compares::kNone,
    .measure = measure_ge2,
};

const Measure theil_index{
    .name = "theil_index",
    .aliases = {},
    .says = "How unevenly do the benefits of decisions fall on people, by Theil's index?",
    .formula = "mean((b/mu) ln(b/mu)) with b = 1 + d - y, mu = mean(b), 0 ln 0 = 0",
    .unit = "index >= 0; 0 is even",
    .better = Better::kLower,
    .ideal = 0,
    .possible = {0, std::numeric_limits<double>::infinity()},
    .misleads = "It mixes unfairness between groups with plain error; not a headline number.",
    .source = "Speicher et al. 2018, arXiv:1807.00787",
    .needs_label = true,
    .needs_decision = true,
    .compares = Compares::kNone,
    .measure = measure_theil,
};

const Measure coefficient_of_variation{
    .name = "coefficient_of_variation",
    .aliases = {},
    .says = "How widely do the benefits of decisions scatter, in units of their mean?",
    .formula = "sd(b) / mean(b) = sqrt(2 GE(2)) with b = 1 + d - y",
    .unit = "quotient >= 0; 0 is even",
    .better = Better::kLower,
    .ideal = 0,
    .possible = {0, std::numeric_limits<double>::infinity()},
    .misleads = "It is the generalized entropy index on another scale.",
    .source = "Speicher et al. 2018, arXiv:1807.00787",
    .needs_label = true,
    .needs_decision = true,
    .compares = Compares::kNone,
    .measure = measure_variation,
};

const Metric between_group_generalized_entropy_index{
    .name = "between_group_generalized_entropy_index",
    .aliases = {},
    .says = "How much of the unevenness of benefits lies between the groups?",
    .formula = "GE(2) with each b replaced by the mean of its group",
    .unit = "index >= 0; 0 is even",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "It shrinks with finer errors inside groups left as they are.",
    .source = "Speicher et al. 2018, arXiv:1807.00787",
    .needs_label = true,
    .needs_decision = true,
    .read_self = read_between_ge2,
};

const Metric between_group_theil_index{
    .name = "between_group_theil_index",
    .aliases = {},
    .says = "How much of Theil's index lies between the groups?",
    .formula = "GE(1) with each b replaced by the mean of its group",
    .unit = "index >= 0; 0 is even",
    .better = Better::kLower,
    .ideal = 0,
    .misleads = "Not a headline number; see theil_index.",
    .source = "Speicher et al. 2018, arXiv:1807.00787",
    .needs_label = true,
    .needs_decision = true,
    .read_self = read_between_theil,
};

}  // namespace evenhand::metric
