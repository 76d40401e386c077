#include "evenhand/adjust/explain.h"

#include <map>

#include <fmt/format.h>

#include "evenhand/adjust/shown.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/crossing.h"

namespace evenhand::adjust {

namespace {

constexpr std::size_t kStepsTold = 6;  // more are in policy.json

std::string number(double x) { return fmt::format("{:.4g}", x); }

std::string outcome(double chance) {
  if (chance >= 1) return "favourable";
  if (chance <= 0) return "not";
  return fmt::format("by lot, {:.1f} %", 100 * chance);
}

std::string alike(const std::string& equalise) {
  if (equalise == "selection_rate") return "selection rates";
  if (equalise == "tpr") return "true positive rates (of those who would succeed)";
  if (equalise == "fpr") return "false positive rates (of those who would not)";
  if (equalise == "odds") return "true and false positive rates";
  return "precision (the share of the selected who succeed)";
}

std::string asked(const model::Policy& policy) {
  std::string out;
  if (!policy.equalise.empty()) {
    out = fmt::format(
        "it makes {} alike within {}, where wrongly letting in costs {} and wrongly keeping out {}",
        alike(policy.equalise), number(policy.tolerance), number(policy.cost_fp),
        number(policy.cost_fn));
    if (policy.gap && !policy.held_out)
      out += fmt::format("; on the rows of the fit a gap of {:.4f} is left", *policy.gap);
    if (policy.rate_min > 0) {
      out += fmt::format("; of each group at least {:.1f} % are selected", 100 * policy.rate_min);
    }
  }
  if (!policy.calibrate.empty()) {
    out += (out.empty() ? "it" : "; it") + std::string(" first turns scores into probabilities (") +
           policy.calibrate + ')';
  }
  return out;
}

std::string of_group(const table::GroupKey& group) {
  return group.empty() ? "everybody" : table::spoken(group);
}

/// What must not be told of one line of expectations.
struct Untold {
  bool rows = false, selected = false, outcomes = false;
};

std::string expected(const model::Expected& e, const Untold& untold, const std::string& rows) {
  constexpr const char* kUntold = "not shown, as fewer than 11 rows could be read off it";
  if (untold.selected) return kUntold;
  std::string out;
  const auto add = [&](const std::optional<double>& rate, const char* what) {
    if (rate) out += fmt::format("{}{} {:.1f} %", out.empty() ? "" : ", ", what, 100 * *rate);
  };
  add(e.selection_rate, "selected");
  if (!untold.outcomes) {
    add(e.true_positive_rate, "of those who would succeed");
    add(e.false_positive_rate, "of those who would not");
    add(e.precision, "of the selected succeed");
  } else {
    out += std::string(", and how they would fare: ") + kUntold;
  }
  return out + " (" + table::with_thousands(e.rows) +
         (rows == "held_out" ? " held-out rows)" : " rows of the fit)");
}

/// Of each line of expectations: everybody first, then the groups, as a policy has them.
std::vector<Untold> untold_of(const std::vector<model::Expected>& lines) {
  std::vector<Outcome> groups;
  for (const model::Expected& each : lines) {
    if (!each.group.empty() || lines.size() == 1) groups.push_back(outcome_of(each));
  }
  const HiddenRates hidden = hidden_rates(groups);
  std::vector<Untold> out;
  std::size_t g = 0;
  for (const model::Expected& each : lines) {
    if (each.group.empty() && lines.size() > 1) {
      out.push_back({hidden.rows.total, hidden.selected.total, hidden.outcomes.total});
      continue;
    }
    out.push_back({hidden.rows.groups[g], hidden.selected.groups[g], hidden.outcomes.groups[g]});
    ++g;
  }
  return out;
}

bool draws_lots(const model::Rule& rule) {
  const auto between = [](double p) { return p > 0 && p < 1; };
  bool out = between(rule.below);
  for (const model::Step& step : rule.steps) out = out || between(step.chance);
  return out;
}

bool draws_lots(const model::Policy& policy) {
  bool out = draws_lots(policy.everybody);
  for (const model::GroupRule& each : policy.groups) out = out || draws_lots(each.rule);
  return out;
}

/// "groups of race, under one name (other: C, D)": which values stand behind a group's name.
std::string grouped(const std::string& attribute, const table::Grouping& how) {
  std::map<std::string, std::string> values;  // by name
  for (const auto& [value, name] : how.rename) {
    values[name] += (values[name].empty() ? "" : ", ") + value;
  }
  std::string out;
  for (const auto& [name, of] : values) out += (out.empty() ? "" : "; ") + name + ": " + of;
  std::string edges;
  for (const double edge : how.edges) edges += (edges.empty() ? "" : ", ") + number(edge);
  return "groups of " + attribute + (edges.empty() ? "" : ", cut at " + edges) +
         (out.empty() ? "" : ", under one name (" + out + ")");
}

}  // namespace

std::string spoken(const model::Rule& rule) {
  const std::string what = rule.calibrator ? "a calibrated score" : "a score";
  if (rule.steps.empty()) return "every score: " + outcome(rule.below);
  std::string out;
  std::size_t told = 0;
  for (std::size_t k = rule.steps.size(); k-- > 0;) {
    if (++told > kStepsTold) {
      return out + fmt::format("; {} further steps are in policy.json", k + 1);
    }
    const bool top = k + 1 == rule.steps.size();
    out += top ? fmt::format("{} of {} or more: ", what, number(rule.steps[k].from))
               : fmt::format("; {} to {}: ", number(rule.steps[k].from),
                             number(rule.steps[k + 1].from));
    out += outcome(rule.steps[k].chance);
  }
  return out + "; below: " + outcome(rule.below);
}

std::string unsealed() {
  return "the policy is of version 1, which had no digest: whether somebody changed it since its "
         "fit "
         "cannot be told; `evenhand adjust fit` writes one that can";
}

std::vector<std::string> sentences(const model::Policy& policy) {
  std::vector<std::string> out;
  out.push_back("a policy over the column " + policy.score + ", fitted to the label " +
                policy.label + "=" + policy.favourable + ": " + asked(policy));
  if (policy.group_aware) {
    out.push_back("it looks at groups, on the basis of \"" + policy.basis + "\", signed by " +
                  policy.signatory);
    out.push_back(std::string("a row of any other group ") +
                  (policy.unseen == model::Unseen::kRefuse
                       ? "is refused: the table is not decided"
                       : "is decided by the rule of all others"));
  } else {
    out.emplace_back("it does not look at groups: one rule holds for everybody");
  }
  for (const auto& [attribute, how] : policy.groupings) out.push_back(grouped(attribute, how));
  if (policy.decides) {
    out.push_back((policy.group_aware ? "all others: " : "everybody: ") + spoken(policy.everybody));
    for (const model::GroupRule& each : policy.groups) {
      out.push_back(table::spoken(each.group) + ": " + spoken(each.rule));
    }
    if (draws_lots(policy)) {
      out.push_back(std::string("where a lot decides it is drawn from the row's ") +
                    (policy.id ? "id (column " + *policy.id + ")" : "number in the table") +
                    ": the same row gets the same decision every time");
    }
  }
  const std::vector<Untold> untold = untold_of(policy.expected);
  for (std::size_t i = 0; i < policy.expected.size(); ++i) {
    out.push_back("expect of " + of_group(policy.expected[i].group) + ": " +
                  expected(policy.expected[i], untold[i], policy.expected_on));
  }
  out.insert(out.end(), policy.warnings.begin(), policy.warnings.end());
  if (!policy.sealed) out.push_back(unsealed());
  return out;
}

}  // namespace evenhand::adjust
