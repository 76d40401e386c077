// Matthews' correlation of decision and label: a smooth function of one group's four cells. Its
// shown interval is BCa over tables drawn from those cells where they bear it; what decides are its
// extremes over the limits of the three shares that it is a function of.
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
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

/// The correlation of a group with base rate b: it rises with the true positive rate and falls with
/// the false positive rate p, and grows in size up to one b between the ends.
double correlation_at(double tpr, double p, double b) {
  const std::array<double, 4> cells{(1 - b) * (1 - p), (1 - b) * p, b * (1 - tpr), b * tpr};
  return correlation(cells).value_or(0);
}

/// Over base rates in `b`, where the correlation lies between 0 and an inner peak.
Interval over_base_rates(double tpr, double p, Interval b) {
  const double at_low = correlation_at(tpr, p, b.low), at_high = correlation_at(tpr, p, b.high);
  Interval found{std::min(at_low, at_high), std::max(at_low, at_high)};
  for (int i = 0; i < 60; ++i) {  // towards the peak, by thirds
    const double left = b.low + (b.high - b.low) / 3, right = b.high - (b.high - b.low) / 3;
    const double x = correlation_at(tpr, p, left), y = correlation_at(tpr, p, right);
    found = {std::min({found.low, x, y}), std::max({found.high, x, y})};
    (std::abs(x) < std::abs(y) ? b.low : b.high) = std::abs(x) < std::abs(y) ? left : right;
  }
  return found;
}

/// @param box  of the true positive rate, the false positive rate, the base rate.
Interval extremes(std::span<const Interval> box) {
  return {over_base_rates(box[0].low, box[1].high, box[2]).low,
          over_base_rates(box[0].high, box[1].low, box[2]).high};
}

/// A group's four cells: TN, FP, FN, TP.
struct Four {
  std::array<double, 4> weight{};
  std::array<std::int64_t, 4> n{};
  CompleteShare share(std::initializer_list<int> part, std::initializer_list<int> rest) const {
    CompleteShare out;
    for (const int c : part) {
      out.part += weight[static_cast<std::size_t>(c)];
      out.part_n += n[static_cast<std::size_t>(c)];
    }
    out.whole = out.part;
    out.whole_n = out.part_n;
    for (const int c : rest) {
      out.whole += weight[static_cast<std::size_t>(c)];
      out.whole_n += n[static_cast<std::size_t>(c)];
    }
    return out;
  }
  /// Below, replicates take what they have not seen for impossible.
  bool bear_a_bootstrap() const {
    return std::all_of(n.begin(), n.end(), [](std::int64_t c) { return c >= 5; }) &&
           n[1] + n[2] >= 20;
  }
};

Four four_of(const tally::Confusion& counts, std::size_t g) {
  Four out;
  for (std::uint8_t cell = 0; cell < 4; ++cell) {
    const std::uint8_t y = cell / 2, d = cell % 2;
    out.weight[cell] = counts.w(g, y, d);
    out.n[cell] = counts.n(g, y, d);
  }
  return out;
}

Result<std::vector<Measured>> measure(const Tallies& t, const ReadOptions& o) {
  EVENHAND_ASSIGN(auto out, rate_by_group(t, kAccuracy, o));  // rows, and what weights do to them
  EVENHAND_ASSIGN(const auto tpr, rate_by_group(t, kTruePositiveRate, o));
  EVENHAND_ASSIGN(const auto fpr, rate_by_group(t, kFalsePositiveRate, o));
  EVENHAND_ASSIGN(const auto base, rate_by_group(t, kBaseRate, o));
  const bool weighted = t.confusion->weighted();
  for (std::size_t g = 0; g < out.size(); ++g) {
    if (out[g].rows == 0) continue;
    const Four four = four_of(*t.confusion, g);
    Measured fresh;
    fresh.rows = out[g].rows;
    const auto value = correlation(four.weight);
    if (!value) {
      fresh.why = Undefined::kNoSpread;
      out[g] = std::move(fresh);
      continue;
    }
    fresh.value = *value;
    fresh.range = {-1, 1};
    fresh.spread = Spread::kOfShares;
    fresh.of_shares = std::make_shared<const OfShares>(
        OfShares{{share_like(four.share({3}, {2}), tpr[g], weighted),
                  share_like(four.share({1}, {0}), fpr[g], weighted),
                  share_like(four.share({2, 3}, {0, 1}), base[g], weighted)},
                 extremes,
                 {tpr[g], fpr[g], base[g]}});
    fresh.rows_missing = rows_lacking(*t.confusion, g);
    const double design = std::max({design_effect(out[g]), design_effect(tpr[g]),
                                    design_effect(fpr[g]), design_effect(base[g])});
    auto replicates =
        four.bear_a_bootstrap()
            ? bootstrap_cells(four.n, correlation, {.seed = o.seed, .design_effect = design})
            : std::nullopt;
    if (replicates) {
      fresh.spread = Spread::kReplicate;
      fresh.replicates = std::make_shared<const Replicates>(std::move(*replicates));
    }
    out[g] = std::move(fresh);
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
