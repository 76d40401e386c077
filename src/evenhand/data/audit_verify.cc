#include "evenhand/data/audit_verify.h"

#include <algorithm>
#include <utility>

#include "evenhand/data/audit_findings.h"
#include "evenhand/data/audit_options_json.h"
#include "evenhand/data/audit_sheets.h"

namespace evenhand::data {
namespace {

using record::Finding;
using record::Record;
using record::Verified;

Error bad(std::string says) { return {Code::kBadInput, std::move(says)}; }

/// The options are those that this program writes, word by word, and could have been asked for.
Result<AuditOptions> options_from(const Record& record) {
  if (record.operation != "data audit") {
    return bad("this is a record of \"" + record.operation + "\", not of \"data audit\"");
  }
  EVENHAND_ASSIGN(AuditOptions options, audit_options_of(record.options));
  options.seed = record.seed;
  if (auto checked = check_options(options); !checked) {
    return bad("the options of the record do not fit together: " + checked.error().says);
  }
  if (to_json(options) != record.options) {
    return bad(
        "the options of the record are not in order: a key is too many, too few or has "
        "another form");
  }
  return options;
}

bool is_file(const std::string& baseline) { return !baseline.empty() && baseline != "uniform"; }

/// The sheets are written as this program writes them, and all count the same rows.
Result<void> compare_sheets(const Record& record, const AuditStanding& standing) {
  const auto again = sheets_of(standing);
  for (std::size_t i = 0; i < record.tallies.size() || i < again.size(); ++i) {
    if (i < record.tallies.size() && i < again.size() && record.tallies[i] == again[i]) continue;
    return bad("tally " + std::to_string(i + 1) +
               " of the record is not in order: its columns, cells or groups are not as a tally of "
               "its kind has them");
  }
  const std::int64_t rows = standing.questions.front().rows.rows();
  for (const AuditQuestion& q : standing.questions) {
    if (q.rows.rows() == rows && (!q.labels || q.labels->rows() == rows)) continue;
    return bad("the record disagrees with itself: its tallies count different numbers of rows");
  }
  return {};
}

Result<void> compare_questions(const AuditOptions& o, const AuditStanding& standing) {
  std::vector<By> asked{By{}};
  const auto ask = [&](const By& by) {
    if (std::find(asked.begin(), asked.end(), by) == asked.end()) asked.push_back(by);
  };
  for (const By& by : o.by) ask(by);
  for (const std::string& name : o.sources) ask({name});
  std::vector<By> counted;
  for (const AuditQuestion& q : standing.questions) {
    counted.push_back(q.by);
    if (q.labels.has_value() != o.label.has_value()) {
      return bad("the record's tallies are not those of its options: labels were " +
                 std::string(o.label ? "asked for and not counted" : "counted and not asked for"));
    }
  }
  if (counted == asked) return {};
  return bad(
      "the record's tallies are not those of its options: other groups were counted than "
      "asked for");
}

/// Without frequency weights every row of the table that was read is counted once.
Result<void> compare_rows(const Record& record, const AuditOptions& o,
                          const AuditStanding& standing) {
  if (o.weight && o.weight_kind == "frequency") return {};
  const std::size_t baselines = is_file(o.baseline) && !record.inputs.empty() ? 1 : 0;
  std::uint64_t read = 0;
  for (std::size_t i = 0; i + baselines < record.inputs.size(); ++i) read += record.inputs[i].rows;
  const auto counted = static_cast<std::uint64_t>(standing.questions.front().rows.rows());
  if (read == counted) return {};
  return bad("the record disagrees with itself: its inputs have " + std::to_string(read) +
             " rows, its tallies count " + std::to_string(counted));
}

/// What follows from the tallies must be told; the rest is about the rows and the baseline's file.
Result<void> compare_left_out(const Record& record, const AuditOptions& o,
                              const AuditStanding& standing) {
  std::vector<record::LeftOut> due;
  const std::size_t baselines = is_file(o.baseline) && !record.inputs.empty() ? 1 : 0;
  std::uint64_t skipped = 0;
  for (std::size_t i = 0; i + baselines < record.inputs.size(); ++i) {
    skipped += record.inputs[i].rows_skipped;
  }
  if (skipped > 0) due.push_back({"bad rows", "", static_cast<std::int64_t>(skipped)});
  note_groups(standing.questions, due);
  if (o.baseline.empty()) due.push_back({"representation", "", 0});
  if (o.baseline == "uniform") due.push_back({"groups that no row has", "", 0});
  if (o.weight && o.weight_kind == "sampling") {
    due.push_back({"a part of the rows' weight in tests", "", 0});
  }
  if (o.weight && o.proxies) due.push_back({"weights in proxies", "", 0});
  due.push_back({"dependence between rows", "", 0});
  return record::compare_left_out(record, due, [&](const std::string& what) {
    return std::none_of(due.begin(), due.end(),
                        [&](const record::LeftOut& each) { return each.what == what; }) &&
           what != "bad rows" && !what.starts_with("unknown groups of ") &&
           !what.starts_with("comparisons by ");
  });
}

/// Findings from tallies one by one; those from rows follow them and can only be counted.
Result<void> compare_all(const std::vector<Finding>& said, const std::vector<Finding>& found,
                         Verified& out) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i == said.size()) return record::lacks(found[i]);
    EVENHAND_TRY(record::compare(said[i], found[i]));
    ++out.recomputed;
  }
  for (std::size_t i = found.size(); i < said.size(); ++i) {
    const bool proxy = said[i].metric == "proxy_auc" && said[i].from == "rows" && !said[i].bound;
    if (!proxy) {
      return bad("the record gives " + record::spoken(said[i]) +
                 ", which does not come out of its counts");
    }
    ++out.not_from_tallies;
  }
  return {};
}

}  // namespace

Result<Verified> verify_audit(const Record& record) {
  EVENHAND_ASSIGN(const AuditOptions options, options_from(record));
  EVENHAND_ASSIGN(const AuditStanding standing, standing_of(record.tallies));
  EVENHAND_TRY(compare_sheets(record, standing));
  EVENHAND_TRY(compare_questions(options, standing));
  EVENHAND_TRY(compare_rows(record, options, standing));
  auto found = findings_of(options, standing);
  if (!found) {
    return bad("the record's findings cannot be computed from its tallies: " + found.error().says);
  }
  Verified out;
  EVENHAND_TRY(record::compare_words(record));
  EVENHAND_TRY(record::compare_discoveries(record, options.level, record::Explored::kUnasked));
  EVENHAND_TRY(compare_all(record.findings, *found, out));
  EVENHAND_TRY(compare_left_out(record, options, standing));
  return out;
}

Result<Verified> verify_audit_with_data(const Record& record, const std::vector<std::string>& files,
                                        unsigned threads, const OnProgress& progress) {
  EVENHAND_TRY(verify_audit(record));
  EVENHAND_ASSIGN(AuditOptions options, options_from(record));
  if (!files.empty()) {
    const bool baseline = is_file(options.baseline);
    if (files.size() != record.inputs.size()) {
      return bad("the record names " + std::to_string(record.inputs.size()) + " inputs" +
                 (baseline ? ", the last one its baseline" : "") + ", and " +
                 std::to_string(files.size()) + " were given; give them all, each with --data");
    }
    options.files = files;
    if (baseline) {
      options.baseline = files.back();
      options.files.pop_back();
    }
  }
  options.threads = threads;
  EVENHAND_ASSIGN(const Record again, audit(options, progress));
  Verified out;
  EVENHAND_TRY(record::compare_inputs(record, again, out.digests_agree));
  EVENHAND_TRY(record::compare_tallies(record, again));
  EVENHAND_TRY(compare_all(record.findings, again.findings, out));
  EVENHAND_TRY(record::compare_left_out(record, again));
  out.data_agree = true;
  return out;
}

}  // namespace evenhand::data
