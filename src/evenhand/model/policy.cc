#include "evenhand/model/policy.h"

#include <algorithm>
#include <cmath>

#include "evenhand/base/digest.h"

namespace evenhand::model {

double log_odds(double score) {
  constexpr double kLeast = 1e-6;
  const double p = std::clamp(score, kLeast, 1 - kLeast);
  return std::log(p / (1 - p));
}

double calibrated(const Calibrator& calibrator, double score) {
  if (calibrator.kind == Calibrator::Kind::kPlatt) {
    const double x = calibrator.of_log_odds ? log_odds(score) : score;
    return 1 / (1 + std::exp(calibrator.a * x + calibrator.b));
  }
  const auto above = std::upper_bound(calibrator.steps.begin(), calibrator.steps.end(), score,
                                      [](double s, const auto& step) { return s < step.first; });
  return above == calibrator.steps.begin() ? above->second : std::prev(above)->second;
}

double chance(const Rule& rule, double score) {
  const double s = rule.calibrator ? calibrated(*rule.calibrator, score) : score;
  const auto above = std::upper_bound(rule.steps.begin(), rule.steps.end(), s,
                                      [](double x, const Step& step) { return x < step.from; });
  return above == rule.steps.begin() ? rule.below : std::prev(above)->chance;
}

const Rule* rule_of(const Policy& policy, const table::GroupKey& group) {
  if (!policy.group_aware) return &policy.everybody;
  for (const GroupRule& each : policy.groups) {
    if (each.group == group) return &each.rule;
  }
  return policy.unseen == Unseen::kRefuse ? nullptr : &policy.everybody;
}

double lot(std::string_view key, std::string_view id) {
  return static_cast<double>(sha256_word(key, id) >> 11) * 0x1.0p-53;
}

}  // namespace evenhand::model
