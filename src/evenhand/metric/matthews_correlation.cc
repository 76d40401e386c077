// Matthews' correlation of decision and label: a smooth function of one group's four cells, so its
// interval is BCa over tables drawn from those cells.
#include <array>
#include <cmath>
#include <memory>

#include "evenhand/metric/all.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/rates.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {
namespace {

/// (TN TP - FP FN) / sqrt of the product of the four margins; cells in the order TN, FP, FN, TP.
std::optional<double> correlation(std::span<const double> cells) {
  const double tn = cells[0], fp = cells[1], fn = cells[2], tp = cells[3];
  const double margins = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  if (!(margins > 0)) return std::nullopt;
  return (tn * tp - fp * fn) / std::sqrt(margins);
}

Result<std::vector<Measured>> measure(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(auto out, rate_by_group(t, kAccuracy, o));  // rows, and what weights do to them
  for (std::size_t g = 0; g < out.size(); ++g) {
    Measured& m = out[g];
    if (m.rows == 0) continue;
    const double design_effect = static_cast<double>(m.rows) / m.n_effective;
    std::array<double, 4> weight{};
    std::array<std::int64_t, 4> rows{};
    for (std::uint8_t cell = 0; cell < 4; ++cell) {
      const std::uint8_t y = cell / 2, d = cell % 2;
      weight[cell] = t.confusion->w(g, y, d);
      rows[cell] = t.confusion->n(g, y, d);
    }
    Measured fresh;
    fresh.rows = m.rows;
    fresh.range = {-1, 1};
    fresh.spread = Spread::kReplicate;
    const auto value = correlation(weight);
    const auto replicates =
        value ? bootstrap_cells(rows, correlation, {.seed = o.seed, .design_effect = design_effect})
              : std::nullopt;
    fresh.why = !value        ? Undefined::kNoSpread
                : !replicates ? Undefined::kInsufficient
                              : Undefined::kDefined;
    if (fresh.defined()) {
      fresh.value = *value;
      fresh.replicates = std::make_shared<const Replicates>(*replicates);
    }
    m = std::move(fresh);
  }
  return out;
}

}  // namespace

const Measure matthews_correlation{
    .name = "matthews_correlation",
    .aliases = {"phi_coefficient"},
    .says = "How closely do decisions follow labels, from -1 (opposite) over 0 (chance) to 1?",
    .formula = "(TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN))",
    .unit = "correlation in [-1,1]",
    .better = Better::kHigher,
    .ideal = 1,
    .possible = {-1, 1},
    .misleads = "Groups with rare labels reach lower values at the same error rates.",
    .source = "Matthews, Biochim. Biophys. Acta 405 (1975) 442",
    .needs_label = true,
    .needs_decision = true,
    .compares = Compares::kDifferences,
    .measure = measure,
};

}  // namespace evenhand::metric
