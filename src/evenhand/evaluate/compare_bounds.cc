#include "evenhand/evaluate/compare_bounds.h"

#include <algorithm>
#include <string>
#include <utility>

#include "evenhand/evaluate/findings.h"
#include "evenhand/metric/all.h"
#include "evenhand/table/crossing.h"

namespace evenhand::evaluate {

namespace {

/// Why decisions and labels cannot be held against it; "" if they can.
std::string lacks(const metric::Metric& m, const CompareOptions& o) {
  if (m.needs_score) return "it reads scores, and here decisions are compared";
  if (m.needs_reference) return "it needs a group of reference, and a comparison has none";
  if (m.needs_strata) return "it needs strata, and a comparison has none";
  if (m.needs_label && !o.label) return "it needs a label, and none was named";
  return "";
}

}  // namespace

Result<void> check_bounds(const CompareOptions& options) {
  Options one;  // an evaluation of the first way
  one.files = options.files;
  one.label = options.label;
  one.decision = Role{options.contenders.front().column, {}};
  one.by = options.by;
  for (const BoundAsked& each : options.bounds) {
    const metric::Metric* m = metric::find(each.metric);
    if (m != nullptr && m->about == metric::About::kChange) {
      return Error{Code::kInvalidArgument, "a bound is asked of every way of deciding, and \"" +
                                               each.metric +
                                               "\" is about the change from one to another"};
    }
    if (m != nullptr && m->about == metric::About::kDecisions && !lacks(*m, options).empty()) {
      continue;
    }
    if (m != nullptr && each.by.empty() && (m->measure == nullptr || m->comparison != nullptr)) {
      return Error{Code::kInvalidArgument, "the bound on \"" + each.metric +
                                               "\" met no finding; say by which groups: '" +
                                               each.metric + " by sex <= 0.1'"};
    }
    one.bounds.push_back(each);
  }
  EVENHAND_TRY(check_options(one));
  EVENHAND_TRY(metrics_of(one));
  return {};
}

Result<std::vector<Judged>> judged_of(const CompareOptions& options) {
  std::vector<Judged> out;
  for (const BoundAsked& each : options.bounds) {
    const metric::Metric* m = metric::find(each.metric);
    if (m == nullptr || m->about != metric::About::kDecisions ||
        each.bound.at_most.has_value() == each.bound.at_least.has_value()) {
      return Error{Code::kInvalidArgument,
                   "the bound on \"" + each.metric + "\" is none that a comparison can judge"};
    }
    if (!lacks(*m, options).empty()) continue;
    EVENHAND_ASSIGN(const metric::Limit limit, limit_of(each.bound));
    out.push_back({m, &each, limit});
  }
  return out;
}

std::vector<record::LeftOut> bounds_left_out(const CompareOptions& options) {
  std::vector<record::LeftOut> out;
  for (const BoundAsked& each : options.bounds) {
    const metric::Metric* m = metric::find(each.metric);
    const std::string why = m == nullptr ? "" : lacks(*m, options);
    if (why.empty()) continue;
    out.push_back({"bound on " + each.metric +
                       (each.by.empty() ? std::string() : " by " + table::crossed(each.by)),
                   why, 0});
  }
  return out;
}

double family_level(const std::vector<Judged>& bounds, const CompareOptions& options) {
  const auto count = std::count_if(bounds.begin(), bounds.end(),
                                   [](const Judged& each) { return !each.limit.by_point; });
  const double family = static_cast<double>(count) * static_cast<double>(options.contenders.size());
  return count == 0 ? options.level : 1 - (1 - options.level) / family;
}

std::vector<By> questions_of(const CompareOptions& options) {
  std::vector<By> out = options.by;
  for (const BoundAsked& each : options.bounds) {
    const metric::Metric* m = metric::find(each.metric);
    const bool is_asked = m != nullptr && lacks(*m, options).empty() && !each.by.empty();
    if (is_asked && std::find(out.begin(), out.end(), each.by) == out.end()) out.push_back(each.by);
  }
  return out;
}

}  // namespace evenhand::evaluate
