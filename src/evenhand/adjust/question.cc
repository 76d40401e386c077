#include "evenhand/adjust/question.h"

#include <algorithm>
#include <utility>

namespace evenhand::adjust {

namespace {

constexpr std::pair<std::string_view, Equalise> kNames[] = {
    {"selection_rate", Equalise::kSelectionRate}, {"tpr", Equalise::kTruePositiveRate},
    {"fpr", Equalise::kFalsePositiveRate},        {"odds", Equalise::kOdds},
    {"precision", Equalise::kPrecision},
};

// The rates of a group's rule that shall be alike; fewer than usual where one does not exist.
std::vector<double> values_of(Equalise equalise, const Curve& curve, const Let& let) {
  if (equalise == Equalise::kPrecision) {
    const double in = let.fp + let.tp;
    return in > 0 ? std::vector<double>{let.tp / in} : std::vector<double>{};
  }
  std::vector<double> out;
  for (const Linear& rate : rates_of(equalise, curve)) {
    out.push_back(rate.a0 * let.fp + rate.a1 * let.tp);
  }
  return out;
}

}  // namespace

std::optional<Equalise> equalise_of(std::string_view name) {
  for (const auto& [known, equalise] : kNames) {
    if (known == name) return equalise;
  }
  return std::nullopt;
}

std::vector<Linear> rates_of(Equalise equalise, const Curve& curve) {
  const Linear tpr{0, 1 / curve.n1}, fpr{1 / curve.n0, 0};
  switch (equalise) {
    case Equalise::kSelectionRate:
      return {{1 / curve.rows(), 1 / curve.rows()}};
    case Equalise::kTruePositiveRate:
      return {tpr};
    case Equalise::kFalsePositiveRate:
      return {fpr};
    case Equalise::kOdds:
      return {tpr, fpr};
    case Equalise::kPrecision:
      break;
  }
  return {};
}

std::vector<double> cost_weights(const std::vector<Curve>& curves, bool groups_alike) {
  double rows = 0, groups = 0;
  for (const Curve& curve : curves) {
    rows += curve.rows();
    groups += curve.rows() > 0 ? 1 : 0;
  }
  std::vector<double> out;
  for (const Curve& curve : curves) {
    const double own = groups_alike ? groups * curve.rows() : rows;
    out.push_back(own > 0 ? 1 / own : 0);
  }
  return out;
}

double cost_of(const Curve& curve, const Let& let, const Question& question, double weight) {
  return weight * (question.cost_fp * let.fp + question.cost_fn * (curve.n1 - let.tp));
}

bool is_comparable(Equalise equalise, const Curve& curve) {
  switch (equalise) {
    case Equalise::kSelectionRate:
      return curve.rows() > 0;
    case Equalise::kTruePositiveRate:
    case Equalise::kPrecision:  // without a favourable label every rule has the precision 0
      return curve.n1 > 0;
    case Equalise::kFalsePositiveRate:
      return curve.n0 > 0;
    case Equalise::kOdds:
      return curve.n0 > 0 && curve.n1 > 0;
  }
  return false;
}

double gap_between(Equalise equalise, const std::vector<Curve>& curves,
                   const std::vector<Let>& lets, const std::vector<bool>& compared) {
  std::vector<std::vector<double>> of_rate;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    if (!compared[g]) continue;
    const std::vector<double> values = values_of(equalise, curves[g], lets[g]);
    of_rate.resize(std::max(of_rate.size(), values.size()));
    for (std::size_t r = 0; r < values.size(); ++r) of_rate[r].push_back(values[r]);
  }
  double widest = 0;
  for (const std::vector<double>& values : of_rate) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    widest = std::max(widest, *high - *low);
  }
  return widest;
}

}  // namespace evenhand::adjust
