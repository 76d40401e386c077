#include "evenhand/adjust/build.h"

#include <algorithm>
#include <utility>

#include "evenhand/adjust/calibrate.h"
#include "evenhand/adjust/sweep.h"
#include "evenhand/adjust/thresholds.h"
#include "evenhand/table/bytes.h"

namespace evenhand::adjust {

namespace {

using Calibrators = std::vector<std::optional<model::Calibrator>>;

std::string counted(double rows) { return table::with_thousands(static_cast<std::uint64_t>(rows)); }

// "" where the group can be held against others.
std::string why_left_out(const Curve& curve, const Plan& plan) {
  const Equalise equalise = *plan.equalise;
  const bool needs_1 = equalise == Equalise::kTruePositiveRate || equalise == Equalise::kOdds;
  const bool needs_0 = equalise == Equalise::kFalsePositiveRate || equalise == Equalise::kOdds;
  const auto least = static_cast<double>(std::max<std::int64_t>(plan.rows_min, 1));
  if (needs_1 && curve.n1 == 0) return "no row with the favourable label, so no true positive rate";
  if (needs_0 && curve.n0 == 0)
    return "every row has the favourable label, so no false positive rate";
  if (!is_comparable(equalise, curve)) return "no row with the favourable label";
  const auto few = [&](double rows, const char* of) {
    // How many exactly is not said: it may be a handful of people.
    return rows < least ? "fewer than " + counted(least) + " rows" + of : std::string();
  };
  if (needs_1 && curve.n1 < least) return few(curve.n1, " with the favourable label");
  if (needs_0 && curve.n0 < least) return few(curve.n0, " with the other label");
  return few(curve.rows(), "");
}

// Why a group takes no part that was not asked for its rates; "" where nothing speaks against it.
std::string why_kept_out(const table::Crossing& crossing, std::uint32_t group, const Plan& plan) {
  if (crossing.unknown(group)) return "an attribute is unknown";
  return !plan.kept_out.empty() && plan.kept_out[group] ? "left out of the whole fit" : "";
}

// Which groups are held against each other.
Result<std::vector<bool>> compared_of(const std::vector<Curve>& curves,
                                      const table::Crossing& crossing, const Plan& plan,
                                      std::vector<LeftOut>& left_out) {
  std::vector<bool> out(curves.size(), false);
  std::string who;
  std::size_t many = 0;
  for (std::uint32_t g = 0; g < curves.size(); ++g) {
    if (curves[g].rows() == 0) continue;
    std::string why = why_kept_out(crossing, g, plan);
    if (why.empty()) why = why_left_out(curves[g], plan);
    if (!why.empty()) {
      left_out.push_back({g, why});
      who += (who.empty() ? "" : "; ") + table::spoken(crossing.groups[g]) + ": " + why;
      continue;
    }
    out[g] = true;
    ++many;
  }
  if (many >= 2) return out;
  return Error{Code::kBadInput, "equalising needs two groups that can be compared, and there " +
                                    std::string(many == 0 ? "is none" : "is one") +
                                    (who.empty() ? "" : " (" + who + ")")};
}

// --- Calibrators ------------------------------------------------------------------------------

Result<model::Calibrator> calibrator_of(const Curve& curve, Calibrate how) {
  if (how == Calibrate::kIsotonic) return fit_isotonic(curve);
  const bool shares =
      curve.levels.empty() || (curve.levels.front().score <= 1 && curve.levels.back().score >= 0);
  return fit_platt(curve, shares);
}

// One a group; those that cannot have one take that of everybody.
Calibrators calibrators_by_group(const std::vector<Curve>& curves, const table::Crossing& crossing,
                                 const Plan& plan, const model::Calibrator& everybody,
                                 std::vector<LeftOut>& left_out) {
  Calibrators out;
  for (std::uint32_t g = 0; g < curves.size(); ++g) {
    out.emplace_back(everybody);
    if (curves[g].rows() == 0) continue;
    std::string why = why_kept_out(crossing, g, plan);
    if (!why.empty()) {
      // The calibrator of everybody stays.
    } else if (curves[g].rows() < static_cast<double>(plan.rows_min)) {
      why = "fewer than " + std::to_string(plan.rows_min) + " rows";
    } else if (auto own = calibrator_of(curves[g], plan.calibrate)) {
      out.back() = std::move(own).value();
    } else {
      why = own.error().says;
    }
    const bool said = std::any_of(left_out.begin(), left_out.end(),
                                  [&](const LeftOut& each) { return each.group == g; });
    if (!why.empty() && !said) left_out.push_back({g, why});
  }
  return out;
}

std::vector<Row> calibrated_rows(std::vector<Row> rows, const Calibrators& by_group) {
  for (Row& row : rows) {
    const auto& calibrator = by_group[row.group];
    if (calibrator) row.score = model::calibrated(*calibrator, row.score);
  }
  return rows;
}

// --- Thresholds -------------------------------------------------------------------------------

Result<Answer> rule_for_everybody(const Crowd& crowd, const Plan& plan,
                                  const std::vector<bool>& compared) {
  // Lots among thresholds would have to meet products of weights: one threshold it is.
  if (plan.deterministic || *plan.equalise == Equalise::kPrecision) {
    return threshold_for_everybody(crowd, plan.question, compared);
  }
  return lots_for_everybody(crowd, plan.question, compared);
}

Result<Answer> rules_by_group(const std::vector<Curve>& curves, const Plan& plan) {
  if (plan.deterministic) return thresholds_by_group(curves, plan.question);
  if (*plan.equalise == Equalise::kPrecision) return precision_by_group(curves, plan.question);
  return lots_by_group(curves, plan.question);
}

Result<void> add_own_thresholds(const Crowd& crowd, const std::vector<bool>& compared,
                                const Plan& plan, Built& out) {
  std::vector<Curve> taking_part;
  std::vector<Curve> curves = curves_of(crowd);
  for (std::size_t g = 0; g < curves.size(); ++g) {
    if (compared[g]) taking_part.push_back(std::move(curves[g]));
  }
  EVENHAND_ASSIGN(Answer answer, rules_by_group(taking_part, plan));
  out.gap = answer.gap;
  out.reached = answer.reached;
  std::size_t next = 0;
  for (std::size_t g = 0; g < compared.size(); ++g) {
    out.own.push_back(compared[g] ? std::move(answer.rules[next++]) : out.everybody);
  }
  return {};
}

}  // namespace

const model::Rule& rule_for(const Built& built, std::uint32_t group) {
  return built.own.empty() ? built.everybody : built.own[group];
}

Result<Built> build(const std::vector<Row>& rows, const table::Crossing& crossing,
                    const Plan& plan) {
  Built out;
  const auto groups = static_cast<std::uint32_t>(crossing.groups.size());
  const Crowd given = crowd_of(rows, groups);
  const std::vector<Curve> curves = curves_of(given);
  out.plain = rule_at(cheapest_threshold(given, plan.question));
  std::vector<bool> compared;
  if (plan.equalise) {
    EVENHAND_ASSIGN(compared, compared_of(curves, crossing, plan, out.left_out));
  }
  Calibrators of_everybody(groups), of_groups(groups);
  if (plan.calibrate != Calibrate::kNot) {
    EVENHAND_ASSIGN(const model::Calibrator one, calibrator_of(pooled(given), plan.calibrate));
    of_everybody.assign(groups, one);
    of_groups = of_everybody;
    if (plan.group_aware) {
      of_groups = calibrators_by_group(curves, crossing, plan, one, out.left_out);
    }
  }
  const bool calibrates = plan.calibrate != Calibrate::kNot;
  const Crowd pooled_scores =
      calibrates && plan.equalise ? crowd_of(calibrated_rows(rows, of_everybody), groups) : given;
  if (plan.equalise) {
    EVENHAND_ASSIGN(Answer answer, rule_for_everybody(pooled_scores, plan, compared));
    out.blind = std::move(answer.rules.front());
    out.everybody =
        plan.group_aware ? rule_at(cheapest_threshold(pooled_scores, plan.question)) : out.blind;
    out.gap = answer.gap;
    out.reached = answer.reached;
  }
  if (plan.group_aware && plan.equalise) {
    const Crowd own_scores =
        calibrates ? crowd_of(calibrated_rows(rows, of_groups), groups) : given;
    EVENHAND_TRY(add_own_thresholds(own_scores, compared, plan, out));
  } else if (plan.group_aware) {
    out.own.assign(groups, out.everybody);
  }
  if (calibrates) {
    out.everybody.calibrator = of_everybody.front();
    out.blind.calibrator = of_everybody.front();
    for (std::size_t g = 0; g < out.own.size(); ++g) {
      // Who takes the thresholds of everybody takes that calibrator too: they belong together.
      const bool own = compared.empty() || compared[g];
      out.own[g].calibrator = own ? of_groups[g] : of_everybody[g];
    }
  }
  return out;
}

}  // namespace evenhand::adjust
