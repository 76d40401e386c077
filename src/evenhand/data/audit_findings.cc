#include "evenhand/data/audit_findings.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "evenhand/base/rows.h"
#include "evenhand/data/audit_judged.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/baseline.h"
#include "evenhand/record/finding.h"
#include "evenhand/table/crossing.h"

namespace evenhand::data {
namespace {

using metric::Metric;
using metric::Reading;
using metric::Tallies;
using record::Finding;
using tally::Crosstab;

metric::ReadOptions read_options(const AuditOptions& o) {
  metric::ReadOptions read;
  read.level = o.level;
  read.rows_min = o.rows_min;
  read.seed = o.seed;
  return read;
}

/// The tallies of one question over its groups and those of the baseline.
struct View {
  tally::Groups groups, everybody_groups = tally::everybody();
  std::optional<Crosstab> rows, everybody_rows;
  std::optional<metric::Baseline> baseline;
  Tallies tallies, everybody;
};

Result<Crosstab> onto(const Crosstab& counts, const tally::Groups& groups) {
  EVENHAND_ASSIGN(const tally::Regrouping how, tally::align(counts.groups(), groups));
  return counts.regrouped(how);
}

metric::Baseline over_groups(const AuditBaseline& b, const tally::Groups& groups) {
  metric::Baseline out;
  out.shares.resize(groups.size());
  if (!b.rows.empty()) out.rows.resize(groups.size());
  for (std::size_t i = 0; i < b.keys.size(); ++i) {
    const auto at =
        std::lower_bound(groups.keys.begin(), groups.keys.end(), b.keys[i], tally::before) -
        groups.keys.begin();
    out.shares[static_cast<std::size_t>(at)] = b.shares[i];
    if (!b.rows.empty()) out.rows[static_cast<std::size_t>(at)] = b.rows[i];
  }
  return out;
}

Result<void> fill(View& v, const AuditQuestion& q, const AuditQuestion& everybody,
                  const AuditBaseline* baseline) {
  v.groups = q.rows.groups();
  if (baseline != nullptr) {
    EVENHAND_ASSIGN(v.groups, tally::unite(v.groups, {q.by, {}, baseline->keys}));
    v.baseline = over_groups(*baseline, v.groups);
    v.tallies.baseline = &*v.baseline;
  }
  EVENHAND_ASSIGN(v.rows, onto(q.rows, v.groups));
  v.everybody_rows = everybody.rows;
  v.tallies.groups = &v.groups;
  v.tallies.crosstab = &*v.rows;
  v.everybody.groups = &v.everybody_groups;
  v.everybody.crosstab = &*v.everybody_rows;
  v.tallies.everybody = &v.everybody;
  return {};
}

/// Rows with and without a value of a column, as one more axis.
Result<Crosstab> with_missing(const Crosstab& rows, const Crosstab* missing) {
  tally::Groups axes = rows.groups();
  axes.by.emplace_back("value");
  axes.keys.clear();
  Crosstab out(axes, rows.weighting());
  for (const Crosstab::Cell& cell : rows.cells()) {
    tally::Key key = rows.groups().keys[cell.group];
    Crosstab::Cell without, with = cell;
    if (missing != nullptr) {
      const auto& keys = missing->groups().keys;
      const auto at = std::lower_bound(keys.begin(), keys.end(), key, tally::before);
      if (at != keys.end() && *at == key) {
        const auto g = static_cast<std::size_t>(at - keys.begin());
        without = {0, missing->n(g), missing->w(g), missing->w2(g)};
      }
    }
    with.n -= without.n;
    with.w = std::max(0.0, with.w - without.w);
    with.w2 = std::max(0.0, with.w2 - without.w2);
    key.emplace_back("present");
    with.group = out.group(key);
    if (with.n > 0) EVENHAND_TRY(out.add_cell(with));
    key.back() = std::nullopt;
    without.group = out.group(key);
    if (without.n > 0) EVENHAND_TRY(out.add_cell(without));
  }
  return out;
}

/// Labels as one more axis of the groups.
Result<Crosstab> with_label(const tally::Confusion& labels, const std::string& name) {
  tally::Groups axes = labels.groups();
  axes.by.push_back(name);
  axes.keys.clear();
  Crosstab out(axes, labels.weighting());
  for (const tally::Confusion::Cell& cell : labels.cells()) {
    tally::Key key = labels.groups().keys[cell.group];
    key.push_back(cell.label == kMissingClass ? std::nullopt
                                              : std::optional(std::to_string(cell.label)));
    EVENHAND_TRY(out.add_cell({out.group(key), cell.n, cell.w, cell.w2}));
  }
  return out;
}

class Reader {
 public:
  Reader(const AuditOptions& options, const AuditStanding& standing)
      : o_(options), standing_(standing) {
    std::set<By> pairs;
    for (const AuditQuestion& q : standing.questions) {
      if (q.by.empty()) continue;
      pairs.merge(pairs_of(q));
      labelled_ += q.labels ? 1 : 0;
      for (const auto& [column, lacking] : everybody().missing) {
        lacking_ += std::find(q.by.begin(), q.by.end(), column) == q.by.end() ? 1 : 0;
      }
    }
    associations_ = pairs.size() + labelled_;
  }

  Result<std::vector<Finding>> read() {
    // Everybody last: what is told first is of groups.
    const std::size_t questions = standing_.questions.size();
    for (std::size_t i = 1; i <= questions; ++i) {
      const AuditQuestion& q = standing_.questions[i % questions];
      View view;
      EVENHAND_TRY(fill(view, q, everybody(), baseline_of(q)));
      if (!q.by.empty()) {
        EVENHAND_TRY(representation(q, view));
        EVENHAND_TRY(sources(q, view));
        EVENHAND_TRY(crossed(q));
      }
      EVENHAND_TRY(labels(q, view));
      EVENHAND_TRY(missing(q, view));
    }
    return std::move(out_);
  }

 private:
  using Place = std::vector<std::pair<std::string, std::string>>;

  static std::set<By> pairs_of(const AuditQuestion& q) {
    std::set<By> out;
    for (std::size_t i = 0; i < q.by.size(); ++i) {
      for (std::size_t j = i + 1; j < q.by.size(); ++j) out.insert({q.by[i], q.by[j]});
    }
    return out;
  }

  const AuditQuestion& everybody() const { return standing_.questions.front(); }

  const AuditBaseline* baseline_of(const AuditQuestion& q) const {
    for (const AuditBaseline& b : standing_.baselines) {
      if (b.by == q.by) return &b;
    }
    return nullptr;
  }

  Result<void> add(const char* id, const Tallies& tallies, const By& by, const Place& at = {}) {
    const Metric* m = metric::find(id);
    EVENHAND_CHECK(m != nullptr);
    EVENHAND_ASSIGN(auto readings, metric::read(*m, tallies, read_options(o_)));
    for (Reading& r : readings) {
      r.at = at;
      out_.push_back(record::finding_of(*m, r, by, {}));
    }
    return {};
  }

  Result<void> representation(const AuditQuestion& q, const View& view) {
    EVENHAND_TRY(add("row_share", view.tallies, q.by));
    if (!view.baseline) return {};
    EVENHAND_TRY(judged(q, view));
    for (const char* id :
         {"representation_gap", "rows_short", "rows_to_collect", "standardized_residual",
          "detectable_gap", "chi_square_baseline", "g_test", "cohens_w", "detectable_w",
          "jensen_shannon", "baseline_coverage"}) {
      EVENHAND_TRY(add(id, view.tallies, q.by));
    }
    return {};
  }

  /// The widest gap against the tolerance.
  Result<void> judged(const AuditQuestion& q, const View& view) {
    const Metric& m = metric::largest_representation_gap;
    const double error = shared(standing_.baselines.size());
    return hold(m, q.by, o_.tolerance, [&](double scale) -> Result<Reading> {
      metric::ReadOptions read = read_options(o_);
      read.family_level = 1 - error;
      read.scale = scale;
      EVENHAND_ASSIGN(auto readings, metric::read(m, view.tallies, read));
      return std::move(readings.front());
    });
  }

  /// The error of each of `count` verdicts of one kind, so that all of them together err with
  /// 1 - level.
  double shared(std::size_t count) const {
    return (1 - o_.level) / static_cast<double>(std::max<std::size_t>(count, 1));
  }

  /// @param read  the reading with its family interval, as though there were more rows.
  template <class Read>
  Result<void> hold(const Metric& m, const By& by, const Tolerance& tolerance, const Read& read) {
    EVENHAND_ASSIGN(const Reading reading, read(1.0));
    EVENHAND_ASSIGN(Finding f, data::judged(m, record::finding_of(m, reading, by, {}), reading,
                                            tolerance, read));
    out_.push_back(std::move(f));
    return {};
  }

  /// The widest gap of a rate: what would decide is told only to who asked, for with many columns
  /// it is much work.
  Result<void> hold_gap(const Metric& m, const Tallies& tallies, const By& by, const Place& at,
                        double error) {
    const auto read = [&](double scale) {
      metric::ReadOptions options = read_options(o_);
      options.scale = scale;
      return widest_gap_judged(m, tallies, options, error);
    };
    EVENHAND_ASSIGN(Reading reading, read(1.0));
    reading.at = at;
    EVENHAND_ASSIGN(
        Finding f,
        data::judged(m, record::finding_of(m, reading, by, {}), reading, o_.gap_tolerance,
                     o_.gap_tolerance.asked ? ReadScaled(read) : ReadScaled()));
    out_.push_back(std::move(f));
    return {};
  }

  Result<void> sources(const AuditQuestion& q, const View& view) {
    const bool source = q.by.size() == 1 && std::find(o_.sources.begin(), o_.sources.end(),
                                                      q.by.front()) != o_.sources.end();
    if (!source) return {};
    for (const char* id : {"effective_sources_q0", "effective_sources_q1", "effective_sources_q2",
                           "largest_source_share"}) {
      EVENHAND_TRY(add(id, view.tallies, q.by));
    }
    return {};
  }

  Result<void> associated(const Crosstab& pairs) {
    Tallies tallies;
    const tally::Groups groups = pairs.groups();
    tallies.groups = &groups;
    tallies.pairs = &pairs;
    const double error = shared(associations_);
    EVENHAND_TRY(hold(metric::cramers_v, groups.by, o_.association_tolerance,
                      [&](double scale) -> Result<Reading> {
                        metric::ReadOptions read = read_options(o_);
                        read.family_level = 1 - error;
                        read.scale = scale;
                        EVENHAND_ASSIGN(auto readings,
                                        metric::read(metric::cramers_v, tallies, read));
                        return std::move(readings.front());
                      }));
    for (const char* id : {"chi_square_independence", "detectable_v"}) {
      EVENHAND_TRY(add(id, tallies, groups.by));
    }
    return {};
  }

  /// The attributes of a crossing, two by two, each pair once.
  Result<void> crossed(const AuditQuestion& q) {
    for (const By& pair : pairs_of(q)) {
      if (std::find(pairs_.begin(), pairs_.end(), pair) != pairs_.end()) continue;
      pairs_.push_back(pair);
      EVENHAND_ASSIGN(const Crosstab pairs, tally::collapse(q.rows, pair));
      EVENHAND_TRY(associated(pairs));
    }
    return {};
  }

  Result<void> labels(const AuditQuestion& q, const View& view) {
    if (!q.labels) return {};
    Tallies tallies = view.tallies, everybody_tallies = view.everybody;
    const tally::Groups groups = q.labels->groups();
    tallies.groups = &groups;
    tallies.confusion = &*q.labels;
    everybody_tallies.confusion = &*everybody().labels;
    tallies.everybody = &everybody_tallies;
    EVENHAND_TRY(add("base_rate", tallies, q.by));
    if (q.by.empty()) return {};
    EVENHAND_TRY(
        hold_gap(*metric::find("base_rate_difference"), tallies, q.by, {}, shared(labelled_)));
    EVENHAND_TRY(add("detectable_label_gap", tallies, q.by));
    EVENHAND_ASSIGN(const Crosstab pairs, with_label(*q.labels, *o_.label));
    return associated(pairs);
  }

  Result<void> missing(const AuditQuestion& q, const View& view) {
    for (const auto& [column, lacking] : everybody().missing) {
      if (std::find(q.by.begin(), q.by.end(), column) != q.by.end()) continue;
      const auto here = q.missing.find(column);
      EVENHAND_ASSIGN(const Crosstab pairs,
                      with_missing(q.rows, here == q.missing.end() ? nullptr : &here->second));
      EVENHAND_ASSIGN(const Crosstab all, with_missing(everybody().rows, &lacking));
      Tallies tallies = view.tallies, everybody_tallies = view.everybody;
      const tally::Groups groups = q.rows.groups();
      tallies.groups = &groups;
      tallies.pairs = &pairs;
      everybody_tallies.pairs = &all;
      tallies.everybody = &everybody_tallies;
      const Place at{{"column", column}};
      EVENHAND_TRY(add("missing_rate", tallies, q.by, at));
      if (q.by.empty()) continue;
      EVENHAND_TRY(
          hold_gap(*metric::find("missing_rate_difference"), tallies, q.by, at, shared(lacking_)));
      EVENHAND_TRY(add("detectable_missing_gap", tallies, q.by, at));
    }
    return {};
  }

  const AuditOptions& o_;
  const AuditStanding& standing_;
  // Verdicts of one kind share their error.
  std::size_t associations_ = 0, labelled_ = 0, lacking_ = 0;
  std::vector<By> pairs_;
  std::vector<Finding> out_;
};

}  // namespace

void note_groups(const std::vector<AuditQuestion>& questions, std::vector<record::LeftOut>& out) {
  for (const AuditQuestion& q : questions) {
    std::int64_t unknown = 0;
    std::size_t known = 0;
    for (const tally::Crosstab::Cell& cell : q.rows.cells()) {
      const tally::Key& key = q.rows.groups().keys[cell.group];
      const bool is_known =
          std::all_of(key.begin(), key.end(), [](const auto& v) { return v.has_value(); });
      unknown += is_known ? 0 : cell.n;
      known += is_known ? 1 : 0;
    }
    if (q.by.empty()) continue;
    if (unknown > 0) {
      out.push_back({"unknown groups of " + table::crossed(q.by),
                     "counted, and held against no baseline: shares are those of known groups",
                     unknown});
    }
    if (known < 2) {
      out.push_back({"comparisons by " + table::crossed(q.by),
                     known == 0 ? "no row has a value" : "the rows have one value only", 0});
    }
  }
}

Result<std::vector<Finding>> findings_of(const AuditOptions& options,
                                         const AuditStanding& standing) {
  return Reader(options, standing).read();
}

}  // namespace evenhand::data
