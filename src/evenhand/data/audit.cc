// The operation: check, count, compare, fit proxies, record.
#include "evenhand/data/audit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "evenhand/base/nearest.h"
#include "evenhand/base/version.h"
#include "evenhand/data/audit_baseline.h"
#include "evenhand/data/audit_count.h"
#include "evenhand/data/audit_findings.h"
#include "evenhand/data/audit_options_json.h"
#include "evenhand/data/audit_proxies.h"
#include "evenhand/data/audit_sheets.h"
#include "evenhand/metric/judge.h"
#include "evenhand/record/finding.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/gather.h"

namespace evenhand::data {
namespace {

using Names = std::vector<std::string>;

Error wrong(std::string says) { return Error{Code::kInvalidArgument, std::move(says)}; }

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add(Names& to, const std::string& name) {
  if (!has(to, name)) to.push_back(name);
}

Result<void> check_attribute(const AuditOptions& o, const std::string& name, const char* what) {
  if (o.label == name) {
    return wrong("\"" + name + "\" is the label and " + what + " as well; leave one of them out");
  }
  if (o.weight == name) {
    return wrong("\"" + name + "\" is the weight and " + what + " as well; leave one of them out");
  }
  return {};
}

/// Names of the first file's columns; of standard input none, it can be read only once.
Result<Names> columns_of_file(const AuditOptions& o) {
  if (o.files.front() == "-") return Names{};
  EVENHAND_ASSIGN(const auto reader, table::open(o.files.front(), o.read));
  return reader->columns();
}

Error no_column(const std::string& name, const Names& columns, const std::string& option) {
  const std::string near = nearest(name, columns);
  return {Code::kNotFound, option + ": there is no column \"" + name + '"' +
                               (near.empty() ? "" : "; did you mean \"" + near + "\"?")};
}

/// Columns that may be proxies: those named, or all without another part to play.
Result<Names> features_of(const AuditOptions& o, const Names& columns, const Names& attributes) {
  for (const std::string& name : o.features) {
    if (!columns.empty() && !has(columns, name)) return no_column(name, columns, "--features");
    if (has(attributes, name) && !has(o.sources, name)) {
      return wrong("--features: \"" + name + "\" is a group, which is what features should tell");
    }
  }
  for (const std::string& name : o.exclude) {
    if (!columns.empty() && !has(columns, name)) return no_column(name, columns, "--exclude");
  }
  if (!o.features.empty()) return o.features;
  Names out;
  for (const std::string& name : columns) {
    const bool another = name == o.label || name == o.weight || has(attributes, name);
    if (!another && !has(o.exclude, name)) out.push_back(name);
  }
  return out;
}

struct Plan {
  AuditColumns columns;
  Names features, grouped;  // of proxies: what tells, and whose groups are told
};

Result<Plan> plan(const AuditOptions& o) {
  Plan out;
  out.columns.questions.push_back({});
  for (const By& by : o.by) {
    if (std::find(out.columns.questions.begin(), out.columns.questions.end(), by) ==
        out.columns.questions.end()) {
      out.columns.questions.push_back(by);
    }
    for (const std::string& name : by) {
      add(out.columns.attributes, name);
      add(out.grouped, name);
    }
  }
  const Names groups = out.grouped;
  for (const std::string& name : o.sources) {
    if (std::find(out.columns.questions.begin(), out.columns.questions.end(), By{name}) ==
        out.columns.questions.end()) {
      out.columns.questions.push_back({name});
    }
    add(out.columns.attributes, name);
  }
  EVENHAND_ASSIGN(const Names columns, columns_of_file(o));
  for (const std::string& name : columns) {
    if (name != o.weight) out.columns.all.push_back(name);
  }
  EVENHAND_ASSIGN(out.features, features_of(o, columns, groups));
  if (!o.proxies || out.features.empty()) {
    out.grouped.clear();
    return out;
  }
  out.columns.sampled = out.features;
  for (const std::string& name : out.grouped) add(out.columns.sampled, name);
  return out;
}

void note_baseline(const AuditOptions& o, const Baselines& baselines,
                   std::vector<record::LeftOut>& out) {
  for (const std::string& by : baselines.silent) {
    out.push_back({"representation by " + by, "the baseline says nothing of these groups", 0});
  }
  if (baselines.counted && baselines.input) {
    out.push_back({"the baseline is a data set",
                   std::string("its rows were counted, a person each, ") +
                       (o.baseline_kind == "people"
                            ? "as was asked"
                            : "because its columns are all columns of the data and groups repeat"),
                   static_cast<std::int64_t>(baselines.input->rows)});
  }
  if (o.baseline.empty()) {
    out.push_back({"representation",
                   "no baseline was given, so shares are told and held against "
                   "nothing: --baseline FILE or uniform",
                   0});
  } else if (o.baseline == "uniform") {
    out.push_back(
        {"groups that no row has", "the uniform baseline knows only those that were seen", 0});
  }
}

/// Rows over effective rows, where weights are unequal.
void note_weights(const AuditOptions& o, const AuditCounts& counts,
                  std::vector<record::LeftOut>& out) {
  if (counts.weightless > 0) {
    out.push_back({"rows with a weight of 0", "no copies of them are counted",
                   static_cast<std::int64_t>(counts.weightless)});
  }
  if (!o.weight) return;
  if (o.weight_kind == "sampling") {
    double w = 0, w2 = 0;
    for (const tally::Crosstab::Cell& cell : counts.questions.front().rows.cells()) {
      w += cell.w;
      w2 += cell.w2;
    }
    const double effective = w2 > 0 ? w * w / w2 : 0;
    out.push_back({"a part of the rows' weight in tests",
                   "sampling weights differ, so tests and intervals of all groups stand on " +
                       table::with_thousands(static_cast<std::uint64_t>(effective)) +
                       " effective rows (Kish; first-order correction of Rao & Scott 1981)",
                   0});
  }
  if (o.proxies) {
    out.push_back({"weights in proxies", "each row of the sample counts once", 0});
  }
}

std::vector<record::LeftOut> left_out_of(const AuditOptions& o, const AuditCounts& counts,
                                         const Baselines& baselines, const Plan& planned) {
  std::vector<record::LeftOut> out;
  std::uint64_t skipped = 0;
  for (const record::Input& in : counts.inputs) skipped += in.rows_skipped;
  if (skipped > 0) {
    out.push_back({"bad rows", "skipped as asked; the first: " + counts.first_skipped,
                   static_cast<std::int64_t>(skipped)});
  }
  note_groups(counts.questions, out);
  note_baseline(o, baselines, out);
  note_weights(o, counts, out);
  if (counts.unfavourable.size() > 1) {
    std::string values;
    constexpr std::size_t kListed = 8;
    for (std::size_t i = 0; i < std::min(kListed, counts.unfavourable.size()); ++i) {
      values += (i == 0 ? "\"" : ", \"") + counts.unfavourable[i] + '"';
    }
    if (counts.unfavourable.size() > kListed) {
      values += " and " + std::to_string(counts.unfavourable.size() - kListed) + " more";
    }
    out.push_back({std::to_string(counts.unfavourable.size()) + " values of the label",
                   "all count as unfavourable, beside \"" + counts.favourable + "\": " + values,
                   0});
  }
  if (planned.columns.all.empty()) {
    out.push_back({"missing values and proxies",
                   "standard input can be read only once, so its columns were not known before",
                   0});
  }
  if (!planned.grouped.empty() && !counts.sample.is_all) {
    out.push_back({"rows beyond the sample, in proxies",
                   "proxies are fitted to " + table::with_thousands(kProxyRows) +
                       " rows that a hash with the seed picks",
                   0});
  }
  out.push_back({"dependence between rows",
                 "rows were taken as independent of each other: several of one person would look "
                 "like more people",
                 0});
  return out;
}

Result<void> check_tolerance(const Tolerance& t, const std::string& says) {
  EVENHAND_ASSIGN(const metric::Decimal at, metric::decimal(t.at));
  if (!(at.value() > 0 && at.value() < 1)) return wrong(says);
  return {};
}

Result<void> check_tolerances(const AuditOptions& o) {
  EVENHAND_TRY(
      check_tolerance(o.tolerance, "tolerance must lie in (0,1): two points of share are 0.02"));
  EVENHAND_TRY(check_tolerance(o.association_tolerance,
                               "association_tolerance must lie in (0,1): it is a Cramer's V"));
  EVENHAND_TRY(
      check_tolerance(o.gap_tolerance, "gap_tolerance must lie in (0,1): five points are 0.05"));
  if (o.tolerance.asked && o.baseline.empty()) {
    return wrong("a tolerance was given and no baseline to hold the rows against: --baseline FILE");
  }
  return {};
}

Result<void> check_baseline(const AuditOptions& o) {
  const bool is_file = !o.baseline.empty() && o.baseline != "uniform";
  if (o.baseline_count && !is_file) {
    return wrong("baseline_count names a column of the baseline, and there is no file");
  }
  if (!o.baseline_kind.empty() && !is_file) {
    return wrong("baseline_kind says what the rows of the baseline are, and there is no file");
  }
  if (!o.baseline_kind.empty() && o.baseline_kind != "numbers" && o.baseline_kind != "people") {
    return wrong("baseline_kind must be numbers or people");
  }
  if (o.baseline_count && o.baseline_kind == "people") {
    return wrong(
        "baseline_count names a column of numbers, and people are counted by rows: give one of "
        "the two");
  }
  return {};
}

}  // namespace

Result<void> check_options(const AuditOptions& o) {
  if (o.files.empty()) return wrong("no file was named");
  if (o.by.empty() && o.sources.empty()) {
    return wrong("no group was named; say by which columns people are counted: --group sex");
  }
  for (const By& by : o.by) {
    for (const std::string& name : by) EVENHAND_TRY(check_attribute(o, name, "a group"));
  }
  for (const std::string& name : o.sources) EVENHAND_TRY(check_attribute(o, name, "a source"));
  if (o.label && o.label == o.weight) return wrong("the label cannot be the weight as well");
  if (o.weight && o.weight_kind != "frequency" && o.weight_kind != "sampling") {
    return wrong("weight_kind must be frequency or sampling");
  }
  EVENHAND_TRY(check_tolerances(o));
  EVENHAND_TRY(check_baseline(o));
  if (!o.features.empty() && !o.exclude.empty()) {
    return wrong("features are named, so there is nothing to exclude: give one of the two");
  }
  constexpr double kLow = 0.01, kHigh = 0.999999;
  if (!(o.level >= kLow && o.level <= kHigh)) return wrong("level must lie in [0.01, 0.999999]");
  if (o.rows_min < 1) return wrong("rows_min must be at least 1");
  std::vector<std::string> attributes = o.sources;
  for (const By& by : o.by) attributes.insert(attributes.end(), by.begin(), by.end());
  return table::check_groupings(o.groupings, attributes);
}

Result<record::Record> audit(const AuditOptions& options, const OnProgress& progress) {
  EVENHAND_TRY(check_options(options));
  EVENHAND_ASSIGN(const Plan planned, plan(options));
  EVENHAND_ASSIGN(AuditCounts counts, count(options, planned.columns, progress));
  if (counts.questions.front().rows.rows() == 0) {
    return Error{Code::kBadInput, "no row was read from " + table::spoken(options.files.front()) +
                                      ", so there is nothing to audit"};
  }
  EVENHAND_ASSIGN(Baselines baselines, read_baselines(options, planned.columns, counts, progress));
  record::Record out;
  out.operation = "data audit";
  out.options = to_json(options);
  out.seed = options.seed;
  out.inputs = counts.inputs;
  if (baselines.input) out.inputs.push_back(*baselines.input);
  out.left_out = left_out_of(options, counts, baselines, planned);
  const AuditStanding standing{std::move(counts.questions), std::move(baselines.of)};
  out.tallies = sheets_of(standing);
  EVENHAND_ASSIGN(out.findings, findings_of(options, standing));
  if (!planned.grouped.empty()) {
    EVENHAND_ASSIGN(Proxies proxies, proxies_of(options, counts.sample, planned.features,
                                                planned.grouped, progress));
    std::move(proxies.findings.begin(), proxies.findings.end(), std::back_inserter(out.findings));
    std::move(proxies.left_out.begin(), proxies.left_out.end(), std::back_inserter(out.left_out));
  }
  record::mark_discoveries(out.findings, options.level, record::Explored::kUnasked);
  out.code_version = kVersion;
  return out;
}

int exit_status(const record::Record& record) {
  bool broken = false, open = false;
  for (const record::Finding& f : record.findings) {
    if (!f.verdict || !f.bound || f.bound->severity == "warn") continue;
    broken = broken || *f.verdict == record::Verdict::kBroken;
    open = open || *f.verdict == record::Verdict::kCannotTell;
  }
  return broken ? 1 : open ? 4 : 0;
}

}  // namespace evenhand::data
