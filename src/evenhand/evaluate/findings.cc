// Reading and judging.
#include "evenhand/evaluate/findings.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "evenhand/evaluate/measuring.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/compare.h"
#include "evenhand/metric/judge.h"
#include "evenhand/record/finding.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/crossing.h"

namespace evenhand::evaluate {
namespace {

using metric::Metric;
using metric::Reading;
using metric::Tallies;
using record::Finding;
using record::finding_of;
using record::group_of;

metric::ReadOptions read_options(const Options& o) {
  metric::ReadOptions read;
  read.level = o.level;
  read.rows_min = o.rows_min;
  read.seed = o.seed;
  if (o.interval == "clopper_pearson") read.method = metric::Method::kClopperPearson;
  if (o.interval == "jeffreys") read.method = metric::Method::kJeffreys;
  if (o.convention == "fairlearn") read.convention = metric::Convention::kFairlearn;
  if (o.convention == "aif360") read.convention = metric::Convention::kAif360;
  return read;
}

/// The tallies of one question over all strata or within one, and what they point to.
struct View {
  tally::Groups groups, everybody_groups;
  std::optional<tally::Confusion> confusion, everybody_confusion;
  std::optional<tally::ScoreGrid> grid, everybody_grid;
  std::optional<tally::Moments> moments, everybody_moments;
  std::optional<metric::ScoreRows> rows;  // everybody's are read once, in the question of everybody
  Tallies tallies, everybody;
};

/// Groups of a question after `how`, then all of them as one.
tally::Regrouping to_everybody(const tally::Regrouping& how) {
  tally::Regrouping all = how;
  all.groups = tally::everybody();
  for (std::uint32_t& to : all.to) {
    if (to != tally::Regrouping::kLeftOut) to = 0;
  }
  return all;
}

Result<void> fill(View& v, const Question& q, const tally::Regrouping& how,
                  const Standing& standing) {
  const tally::Regrouping all = to_everybody(how);
  v.groups = how.groups;
  v.everybody_groups = all.groups;
  EVENHAND_ASSIGN(v.confusion, q.confusion.regrouped(how));
  EVENHAND_ASSIGN(v.everybody_confusion, q.confusion.regrouped(all));
  if (q.score_grid) {
    EVENHAND_ASSIGN(v.grid, q.score_grid->regrouped(how));
    EVENHAND_ASSIGN(v.everybody_grid, q.score_grid->regrouped(all));
    EVENHAND_ASSIGN(v.moments, q.score_moments->regrouped(how));
    EVENHAND_ASSIGN(v.everybody_moments, q.score_moments->regrouped(all));
    if (standing.rows) {
      v.rows = standing.rows(q, how);
    }
  }
  v.tallies.groups = &v.groups;
  v.tallies.confusion = &*v.confusion;
  v.everybody.groups = &v.everybody_groups;
  v.everybody.confusion = &*v.everybody_confusion;
  if (v.grid) {
    v.tallies.score_grid = &*v.grid;
    v.tallies.score_moments = &*v.moments;
    v.everybody.score_grid = &*v.everybody_grid;
    v.everybody.score_moments = &*v.everybody_moments;
  }
  if (v.rows) v.tallies.score_rows = &*v.rows;
  if (!q.by.empty()) v.tallies.everybody = &v.everybody;
  return {};
}

/// A bound with its limit read and its metric found.
struct Asked {
  const Metric* metric = nullptr;
  const BoundAsked* asked = nullptr;
  metric::Limit limit;
  bool used = false;
};

Result<std::vector<Asked>> read_bounds(const Options& o) {
  std::vector<Asked> out;
  for (const BoundAsked& b : o.bounds) {
    Asked asked;
    asked.metric = metric::find(b.metric);
    asked.asked = &b;
    EVENHAND_ASSIGN(asked.limit, limit_of(b.bound));
    out.push_back(asked);
  }
  return out;
}

/// The family is the declared bounds that are judged by their interval: each at a part of the
/// doubt.
double family_level(const std::vector<Asked>& bounds, double level) {
  const auto count =
      std::count_if(bounds.begin(), bounds.end(), [](const Asked& a) { return !a.limit.by_point; });
  return count == 0 ? level : 1 - (1 - level) / static_cast<double>(count);
}

void judge(Finding& f, const Metric& m, const Reading& r, const Asked& asked, std::size_t index,
           Measuring& measuring, double family) {
  f.bound = asked.asked->bound;
  record::judge(f, m, r, asked.limit,
                [&](double scale) { return measuring.one(m, index, family, scale); });
}

bool applies(const Metric& m, const Tallies& t, bool within_stratum) {
  if (m.needs_score && t.score_grid == nullptr) return false;
  return !(m.needs_strata && within_stratum);
}

/// A metric that cannot be read here, for its rows were not kept.
bool lacks_rows(const Metric& m, const Tallies& t) {
  return m.from == metric::From::kRows && t.score_rows == nullptr;
}

struct Reader {
  const Options& options;
  const Standing& standing;
  const std::vector<const Metric*>& metrics;
  std::vector<Asked>& bounds;
  std::vector<Finding>& out;
  std::map<record::Group, OfEverybody> everybody = {};  // by stratum

  Result<void> read_view(const By& by, const View& view, const record::Group& stratum) {
    metric::ReadOptions o = read_options(options);
    EVENHAND_TRY(set_reference(o, by));
    Measuring measuring(view.tallies, o, everybody[stratum]);
    const double family = family_level(bounds, options.level);
    std::vector<std::pair<const Metric*, double>> ahead;
    for (const Metric* m : metrics) {
      if (!applies(*m, view.tallies, !stratum.empty()) || lacks_rows(*m, view.tallies)) continue;
      // Of everybody all measures: comparisons to them are asked later, when these rows are gone.
      if (by.empty() ? m->measure == nullptr : m->needs_reference && !o.reference) continue;
      ahead.emplace_back(m, bounds_on(*m, by, stratum).empty() ? 0 : family);
    }
    measuring.prepare(ahead, options.threads);
    for (const Metric* m : metrics) {
      if (!applies(*m, view.tallies, !stratum.empty())) continue;
      if (m->needs_reference && !o.reference) continue;
      // Everybody has measures only; what a metric says of a question stands with that question.
      if (by.empty() && (m->measure == nullptr || m->comparison != nullptr)) continue;
      if (lacks_rows(*m, view.tallies)) {
        name_places(*m, by, view.groups, stratum);
      } else {
        EVENHAND_TRY(read_metric(*m, by, stratum, measuring));
      }
    }
    return {};
  }

  /// The bounds on a metric by these attributes; strata are not judged.
  std::vector<Asked*> bounds_on(const Metric& m, const By& by, const record::Group& stratum) {
    std::vector<Asked*> asked;
    for (Asked& a : bounds) {
      if (a.metric == &m && a.asked->by == by && stratum.empty()) asked.push_back(&a);
    }
    return asked;
  }

  void name_places(const Metric& m, const By& by, const tally::Groups& groups,
                   const record::Group& stratum) {
    for (Asked* a : bounds_on(m, by, stratum)) a->used = true;
    if (m.measure == nullptr || m.comparison != nullptr) {
      out.push_back(finding_of(m, {}, by, stratum));
      return;
    }
    for (const tally::Key& key : groups.keys) {
      Reading of_group;
      of_group.group = key;
      out.push_back(finding_of(m, of_group, by, stratum));
    }
  }

  Result<void> read_metric(const Metric& m, const By& by, const record::Group& stratum,
                           Measuring& measuring) {
    const double family = family_level(bounds, options.level);
    const std::vector<Asked*> asked = bounds_on(m, by, stratum);
    EVENHAND_ASSIGN(const auto readings, measuring.read(m, asked.empty() ? 0 : family));
    for (std::size_t i = 0; i < readings.size(); ++i) {
      if (asked.empty()) out.push_back(finding_of(m, readings[i], by, stratum));
      for (Asked* a : asked) {
        out.push_back(finding_of(m, readings[i], by, stratum));
        if (takes_a_bound(readings[i])) judge(out.back(), m, readings[i], *a, i, measuring, family);
        a->used = true;
      }
    }
    return {};
  }

  /// A bound speaks of known groups: *unknown* is counted and never judged.
  static bool takes_a_bound(const Reading& r) {
    return !r.group || std::all_of(r.group->begin(), r.group->end(),
                                   [](const auto& value) { return value.has_value(); });
  }

  /// The reference group of this question, where it was declared for all of its attributes.
  Result<void> set_reference(metric::ReadOptions& o, const By& by) const {
    if (options.reference.empty() || by.empty()) return {};
    tally::Key key;
    for (const std::string& name : by) {
      const auto at = options.reference.find(name);
      if (at == options.reference.end()) return {};
      key.emplace_back(at->second);
    }
    for (const Question& q : *standing.questions) {
      if (q.by != by) continue;
      const auto& keys = q.confusion.groups().keys;
      const bool seen = std::any_of(keys.begin(), keys.end(), [&](const tally::Key& k) {
        return std::equal(key.begin(), key.end(), k.begin());
      });
      if (!seen && by.size() == 1) {
        std::set<std::string> values;  // each once, also where there are strata
        for (const tally::Key& k : keys) {
          if (k[0]) values.insert(*k[0]);
        }
        std::string found;
        std::size_t told = 0;
        for (const std::string& value : values) {
          if (told++ == 10) break;
          found += (found.empty() ? "\"" : ", \"") + value + "\"";
        }
        return Error{Code::kInvalidArgument, "the reference " + by[0] + "=" + *key[0] +
                                                 " is no group of the rows; found: " + found};
      }
    }
    o.reference = std::move(key);
    return {};
  }
};

const std::vector<std::string>& usual() {
  static const std::vector<std::string> ids{"base_rate",
                                            "selection_rate",
                                            "selection_rate_difference",
                                            "selection_rate_ratio",
                                            "true_positive_rate",
                                            "true_positive_rate_difference",
                                            "false_positive_rate",
                                            "false_positive_rate_difference",
                                            "equalized_odds_difference",
                                            "precision",
                                            "precision_difference",
                                            "false_omission_rate",
                                            "accuracy",
                                            "accuracy_difference",
                                            "treatment_equality",
                                            "differential_fairness",
                                            "auc",
                                            "auc_difference",
                                            "brier_score",
                                            "mean_score",
                                            "calibration_in_the_large",
                                            "calibration_slope",
                                            "calibration_error",
                                            "calibration_error_cumulative",
                                            "reliability",
                                            "score_ks_distance",
                                            "conditional_demographic_disparity"};
  return ids;
}

std::string lacks(const Metric& m, const Options& o) {
  if (m.needs_label && !o.label) return "a label (--label COLUMN)";
  if (m.needs_decision && !o.decision && !o.score) return "a decision (--decision COLUMN)";
  if (m.needs_score && !o.score) return "a score (--score COLUMN)";
  if (m.needs_reference && o.reference.empty())
    return "a group of reference (--reference sex=VALUE)";
  if (m.needs_strata && o.strata.empty()) return "strata (--strata COLUMN)";
  return "";
}

Error unknown_metric(const std::string& id) {
  if (id.find(',') != std::string::npos) {
    return Error{Code::kInvalidArgument, "there is no metric \"" + id +
                                             "\"; several are asked for one by one: --metric " +
                                             id.substr(0, id.find(',')) + " --metric ..."};
  }
  return Error{Code::kInvalidArgument, "there is no metric \"" + id + "\"; the nearest is \"" +
                                           std::string(metric::nearest(id)) +
                                           "\" (all of them: evenhand list metrics)"};
}

void add(std::vector<const Metric*>& to, const Metric* m) {
  if (std::find(to.begin(), to.end(), m) == to.end()) to.push_back(m);
}

/// A bound that no value can break, or none can meet, is a slip: percent for shares, mostly.
Result<void> check_possible(const Options& o) {
  for (const BoundAsked& b : o.bounds) {
    const Metric* m = metric::find(b.metric);
    const std::string& text = b.bound.at_most ? *b.bound.at_most : *b.bound.at_least;
    EVENHAND_ASSIGN(const metric::Decimal limit, metric::decimal(text));
    if (limit.value() >= m->possible.low && limit.value() <= m->possible.high) continue;
    const bool ratio = m->comparison != nullptr && m->comparison->ratio;
    const std::string advice =
        ratio && limit.value() > 1 ? "the lowest group is divided by the highest: write >= 0.8"
        : limit.value() < 0 && m->comparison != nullptr
            ? "it has no sign; the one to a reference has: " + m->measure->name +
                  "_difference_to_reference"
            : "ten per cent is 0.1";
    return Error{Code::kInvalidArgument, "the bound " + text + " on \"" + b.metric +
                                             "\" lies outside of what it can be, " +
                                             table::spelled(m->possible.low) + " to " +
                                             table::spelled(m->possible.high) + "; " + advice};
  }
  return {};
}

/// A comparison that must be far from parity is a slip: <= and >= were swapped.
Result<void> check_direction(const Options& o) {
  using metric::Better;
  for (const BoundAsked& b : o.bounds) {
    const Metric* m = metric::find(b.metric);
    const bool compares = m->read_self != nullptr || (m->comparison && !m->comparison->keeps_unit);
    const bool away = (m->better == Better::kLower && b.bound.at_least) ||
                      (m->better == Better::kHigher && b.bound.at_most);
    if (!compares || !away || !m->ideal) continue;
    return Error{
        Code::kInvalidArgument,
        "the bound on \"" + b.metric + "\" asks for " +
            (b.bound.at_least ? "at least " + *b.bound.at_least : "at most " + *b.bound.at_most) +
            ", but " + table::spelled(*m->ideal) + " is parity, so " +
            (b.bound.at_least ? "<=" : ">=") + " was meant"};
  }
  return {};
}

/// A gap with a sign passes a bound on one side by being far out on the other.
Result<void> check_two_sided(const Options& o) {
  for (const BoundAsked& b : o.bounds) {
    const Metric* m = metric::find(b.metric);
    const bool is_signed = m->better == metric::Better::kNearIdeal && m->ideal == 0.0;
    if (!is_signed) continue;
    const bool other = std::any_of(o.bounds.begin(), o.bounds.end(), [&](const BoundAsked& c) {
      return metric::find(c.metric) == m && c.by == b.by &&
             c.bound.at_most.has_value() != b.bound.at_most.has_value();
    });
    if (!other) {
      return Error{Code::kInvalidArgument,
                   "\"" + b.metric +
                       "\" has a sign, so a bound on one side lets any gap pass on the "
                       "other; add a second bound, with " +
                       (b.bound.at_most ? ">=" : "<=")};
    }
  }
  return {};
}

/// What a metric compares without a finding for each group: their measures are not asked for.
std::vector<const metric::Measure*> unseen_measures(const Metric& m,
                                                    const std::vector<const Metric*>& metrics) {
  std::vector<const metric::Measure*> out = m.compared;
  if (m.measure != nullptr && m.comparison != nullptr) out.push_back(m.measure);
  std::erase_if(out, [&](const metric::Measure* measure) {
    return std::any_of(metrics.begin(), metrics.end(), [&](const Metric* other) {
      return other->measure == measure && other->comparison == nullptr;
    });
  });
  return out;
}

std::vector<std::int64_t> rows_by_group(const tally::Confusion& counts) {
  std::vector<std::int64_t> rows(counts.groups().size());
  for (const auto& cell : counts.cells()) rows[cell.group] += cell.n;
  return rows;
}

constexpr std::size_t kGroupsNamed = 20;  // beyond, how many there are is more telling

/// Groups of one question that a metric passes over for one of its measures.
void note_groups(const Metric& m, const metric::Measure& measure, const View& view, const By& by,
                 const Options& options, std::vector<record::LeftOut>& out) {
  const auto measured = metric::measure_groups(measure, view.tallies, read_options(options));
  if (!measured) return;
  std::vector<std::size_t> undefined;
  for (std::size_t g = 0; g < measured->groups.size(); ++g) {
    const tally::Key& key = view.groups.keys[g];
    const bool known =
        std::all_of(key.begin(), key.end(), [](const auto& value) { return value.has_value(); });
    if (known && !measured->groups[g].defined()) undefined.push_back(g);
  }
  if (undefined.empty()) return;
  const std::vector<std::int64_t> rows = rows_by_group(*view.confusion);
  record::LeftOut others{std::to_string(undefined.size()) + " groups in " + m.name,
                         "their " + measure.name + " is undefined", 0};
  for (const std::size_t g : undefined) {
    others.rows += rows[g];
    if (undefined.size() > kGroupsNamed) continue;
    std::string who;
    for (std::size_t i = 0; i < by.size(); ++i) {
      who += (i > 0 ? ", " : "") + by[i] + "=" + view.groups.keys[g][i].value_or("unknown");
    }
    out.push_back({"group " + who + " in " + m.name,
                   "its " + measure.name +
                       " is undefined: " + std::string(metric::sentence(measured->groups[g].why)),
                   rows[g]});
  }
  if (undefined.size() > kGroupsNamed) out.push_back(std::move(others));
}

/// Groups that comparisons pass over and that no finding is about.
std::vector<record::LeftOut> groups_in_no_finding(const Options& options,
                                                  const Standing& standing) {
  std::vector<record::LeftOut> out;
  const auto metrics = metrics_of(options);
  if (!metrics) return out;
  for (const Question& q : *standing.questions) {
    std::optional<View> view;
    for (const Metric* m : *metrics) {
      if (q.by.empty()) break;
      for (const metric::Measure* measure : unseen_measures(*m, *metrics)) {
        if (!view) {
          const auto over = tally::collapse(q.confusion.groups(), q.by);
          view.emplace();
          if (!over || !fill(*view, q, *over, standing)) return out;
        }
        note_groups(*m, *measure, *view, q.by, options, out);
      }
    }
  }
  return out;
}

/// Many groups that are numbers, or nearly one a row: ages without edges, identifiers.
void note_strange_groups(std::vector<record::LeftOut>& out, const Question& q) {
  constexpr std::size_t kMany = 30;
  if (q.by.size() != 1) return;
  std::set<std::string> values;  // each once, also where there are strata
  for (const tally::Key& key : q.confusion.groups().keys) {
    if (key[0]) values.insert(*key[0]);
  }
  if (values.size() < kMany) return;
  const auto count = std::to_string(values.size());
  if (2 * values.size() > static_cast<std::uint64_t>(q.confusion.rows())) {
    out.push_back({"the " + count + " groups of " + q.by[0],
                   "nearly every row is a group of its own; is this an identifier?", 0});
    return;
  }
  const bool numbers = std::all_of(values.begin(), values.end(), [](const std::string& value) {
    return table::parse_number(value, '.').has_value();
  });
  if (!numbers) return;
  out.push_back(
      {"the " + count + " groups of " + q.by[0],
       "they are numbers; edges would cut them into ranges: --edges " + q.by[0] + "=25,45", 0});
}

/// Letters and digits only, small: "Yes" and "yes." are one word to a person.
std::string bare(const std::string& value) {
  std::string out;
  for (char c : value) {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

/// Several values stand against the favourable one: they are told, so that a slip is seen.
void note_unfavourable(std::vector<record::LeftOut>& out, const std::string& what,
                       const std::optional<Role>& role, const ValuesSeen& seen) {
  if (!role || seen.unfavourable.size() < 2) return;
  constexpr std::size_t kListed = 8;
  std::string values;
  std::size_t count = 0;
  for (const std::string& value : seen.unfavourable) {
    if (count++ < kListed) values += (values.empty() ? "\"" : ", \"") + value + "\"";
  }
  if (count > kListed) values += " and " + std::to_string(count - kListed) + " more";
  std::string why = "all count as unfavourable, beside \"" + seen.favourable + "\": " + values;
  for (const std::string& value : seen.unfavourable) {
    if (!bare(value).empty() && bare(value) == bare(seen.favourable)) {
      why += "; \"" + value + "\" looks like the favourable one spelled otherwise";
    }
  }
  out.push_back({std::to_string(count) + " values of the " + what, std::move(why), 0});
}

}  // namespace

std::vector<By> questions_of(const Options& options) {
  std::vector<By> out;
  const auto add_by = [&](const By& by) {
    if (!by.empty() && std::find(out.begin(), out.end(), by) == out.end()) out.push_back(by);
  };
  for (const By& by : options.by) add_by(by);
  for (const BoundAsked& b : options.bounds) add_by(b.by);
  return out;
}

Result<std::vector<const Metric*>> metrics_of(const Options& o) {
  std::vector<const Metric*> out;
  const bool all = std::find(o.metrics.begin(), o.metrics.end(), "all") != o.metrics.end();
  if (all) {
    for (const Metric& m : metric::all()) {
      if (m.about == metric::About::kDecisions && lacks(m, o).empty()) add(out, &m);
    }
  } else if (o.metrics.empty()) {
    for (const std::string& id : usual()) {
      const Metric* m = metric::find(id);
      if (m != nullptr && lacks(*m, o).empty()) add(out, m);
    }
  }
  std::vector<std::string> named = all ? std::vector<std::string>{} : o.metrics;
  for (const BoundAsked& b : o.bounds) named.push_back(b.metric);
  for (const std::string& id : named) {
    const Metric* m = metric::find(id);
    if (m == nullptr) return unknown_metric(id);
    if (m->about != metric::About::kDecisions) {
      const bool data = m->about == metric::About::kData;
      return Error{Code::kInvalidArgument,
                   "the metric \"" + id + "\" is about " +
                       (data ? "who is in the data" : "the change from one decision to another") +
                       ", not about decisions; ask for it with `evenhand " +
                       (data ? "data audit`" : "compare run`")};
    }
    if (const std::string what = lacks(*m, o); !what.empty()) {
      return Error{Code::kInvalidArgument, "the metric \"" + id + "\" needs " + what};
    }
    add(out, m);
  }
  EVENHAND_TRY(check_possible(o));
  EVENHAND_TRY(check_direction(o));
  EVENHAND_TRY(check_two_sided(o));
  return out;
}

Result<metric::Limit> limit_of(const record::Bound& bound) {
  metric::Limit limit;
  limit.side = bound.at_most ? metric::Side::kAtMost : metric::Side::kAtLeast;
  EVENHAND_ASSIGN(limit.at, metric::decimal(bound.at_most ? *bound.at_most : *bound.at_least));
  limit.by_point = bound.judge == "point";
  return limit;
}

Result<std::vector<Finding>> findings_of(const Options& options, const Standing& standing) {
  EVENHAND_ASSIGN(const auto metrics, metrics_of(options));
  EVENHAND_ASSIGN(auto bounds, read_bounds(options));
  std::vector<Finding> out;
  Reader reader{options, standing, metrics, bounds, out};
  for (const Question& q : *standing.questions) {
    const tally::Groups& fine = q.confusion.groups();
    EVENHAND_ASSIGN(const tally::Regrouping over, tally::collapse(fine, q.by));
    View view;
    EVENHAND_TRY(fill(view, q, over, standing));
    if (q.clusters) view.tallies.clusters = &*q.clusters;
    const Question& first = standing.questions->front();
    if (first.clusters) view.everybody.clusters = &*first.clusters;
    if (!options.strata.empty()) view.tallies.stratified = &q.confusion;
    EVENHAND_TRY(reader.read_view(q.by, view, {}));
    if (options.strata.empty()) continue;
    for (const tally::Key& stratum : tally::strata_keys(fine)) {
      View part;
      EVENHAND_TRY(fill(part, q, tally::within(fine, stratum), standing));
      const auto at = q.clusters_of_stratum.find(stratum);
      if (at != q.clusters_of_stratum.end()) part.tallies.clusters = &at->second;
      const auto all = first.clusters_of_stratum.find(stratum);
      if (all != first.clusters_of_stratum.end()) part.everybody.clusters = &all->second;
      EVENHAND_TRY(reader.read_view(q.by, part, group_of(options.strata, stratum)));
    }
  }
  for (const Asked& a : bounds) {
    if (a.used) continue;
    const std::string by = table::crossed(a.asked->by);
    return Error{
        Code::kInvalidArgument,
        "the bound on \"" + a.asked->metric + "\"" + (by.empty() ? "" : " by " + by) +
            " met no finding" +
            (by.empty()
                 ? "; say by which groups: '" + a.asked->metric + " by sex <= 0.1'"
                 : "; a comparison to a reference needs --reference for each of its attributes")};
  }
  return out;
}

std::vector<record::LeftOut> left_out_of(const Options& o, const Counted& c,
                                         const Standing& standing,
                                         const std::vector<Finding>& findings) {
  std::vector<record::LeftOut> out;
  const auto note = [&](std::string what, std::string why, std::uint64_t rows) {
    out.push_back({std::move(what), std::move(why), static_cast<std::int64_t>(rows)});
  };
  std::uint64_t skipped = 0;
  for (const record::Input& in : c.inputs) skipped += in.rows_skipped;
  if (skipped > 0) note("bad rows", "skipped as asked; the first: " + c.first_skipped, skipped);
  if (c.label.missing > 0) {
    note("rows without a label", "counted apart: no failure and no success", c.label.missing);
  }
  if (c.decision.missing > 0) {
    note("rows without a decision", "counted apart: a missing decision is no rejection",
         c.decision.missing);
  }
  note_unfavourable(out, "label", o.label, c.label);
  note_unfavourable(out, "decision", o.decision, c.decision);
  if (c.missing_score > 0)
    note("rows without a score", "take no part in metrics of scores", c.missing_score);
  if (c.weightless > 0) {
    note("rows with a weight of 0", "no copies of them are counted", c.weightless);
  }
  if (c.unmatched > 0) {
    note("rows whose id the joined table does not have", "their group is unknown", c.unmatched);
  }
  for (const Question& q : c.questions) {
    if (q.by.empty()) continue;
    note_strange_groups(out, q);
    const tally::Groups& groups = q.confusion.groups();
    std::int64_t unknown = 0;
    for (const auto& cell : q.confusion.cells()) {
      const tally::Key& key = groups.keys[cell.group];
      const bool known =
          std::all_of(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(q.by.size()),
                      [](const auto& v) { return v.has_value(); });
      if (!known) unknown += cell.n;
    }
    const std::string by = table::crossed(q.by);
    if (unknown > 0) {
      note("unknown groups of " + by,
           "counted and shown, never the best, the worst or the reference",
           static_cast<std::uint64_t>(unknown));
    }
  }
  for (const Finding& f : findings) {
    if (f.why != metric::code(metric::Undefined::kInsufficient) || !f.group) continue;
    std::string who;
    for (const auto& [name, value] : *f.group) {
      who += (who.empty() ? "" : ", ") + name + "=" + value.value_or("unknown");
    }
    note("group " + (who.empty() ? "everybody" : who) + " in " + f.metric,
         "too few rows in the denominator", static_cast<std::uint64_t>(f.rows));
  }
  for (record::LeftOut& group : groups_in_no_finding(o, standing)) out.push_back(std::move(group));
  if (!o.cluster) {
    note("dependence between rows",
         "no cluster was declared, so rows were taken as independent of each other", 0);
  }
  if (o.score && !c.scored) {
    const std::uint32_t bins = c.questions.front().score_grid->bins();
    note("exact ranks of scores",
         "there are more than " + std::to_string(kScoresKept) +
             " scores, so metrics of scores stand on a grid of " + std::to_string(bins) +
             " bins; a score is off by up to " + table::spelled(0.5 / bins) +
             ", and intervals include what that can change",
         0);
  }
  if (o.convention == "fairlearn") {
    note("convention fairlearn",
         "a rate with nobody in its denominator is 0; one group has a gap of 0 and a ratio of 1",
         0);
  }
  if (o.convention == "aif360") {
    note("convention aif360",
         "a difference is that of all other groups together minus the reference, with its sign, a "
         "ratio "
         "likewise; what AIF360 answers with NaN is undefined",
         0);
  }
  return out;
}

}  // namespace evenhand::evaluate
