// Computing a record again.
#include "evenhand/evaluate/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "evenhand/base/rows.h"
#include "evenhand/base/version.h"
#include "evenhand/evaluate/count.h"
#include "evenhand/evaluate/findings.h"
#include "evenhand/evaluate/options_json.h"
#include "evenhand/evaluate/sheets.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/judge.h"
#include "evenhand/record/compare.h"
#include "evenhand/table/crossing.h"

namespace evenhand::evaluate {
namespace {

using record::differs;
using record::Finding;
using record::lacks;
using record::spelled;
using record::spoken;

bool from_tally(const Finding& f) { return f.from == "tally"; }

/// A finding that the tallies cannot give must at least be asked for, be in order in itself, and
/// have the verdict that its own limits ask for.
Result<void> agrees_with_itself(const Finding& f, const std::optional<record::Bound>& asked) {
  if (spelled(f.bound) != spelled(asked)) {
    return differs(f, "the bound", spelled(f.bound), spelled(asked));
  }
  if (f.value && ((f.low && *f.low > *f.value) || (f.high && *f.high < *f.value))) {
    return Error{Code::kBadInput, "the record disagrees with itself: " + spoken(f) +
                                      ", its value lies outside of its own limits"};
  }
  if (!f.bound) return {};
  metric::Reading reading;
  reading.estimate.why = f.value ? metric::Undefined::kDefined : metric::Undefined::kNoRows;
  reading.estimate.value = f.value.value_or(0);
  if (f.family_low || f.family_high) {
    constexpr double kNone = std::numeric_limits<double>::infinity();
    reading.family = metric::Interval{f.family_low.value_or(-kNone), f.family_high.value_or(kNone)};
  }
  EVENHAND_ASSIGN(const metric::Limit limit, limit_of(*f.bound));
  const record::Verdict due = metric::judge(reading, metric::Parts::kNone, limit);
  if (f.verdict != due) return differs(f, "the verdict", spelled(f.verdict), spelled(due));
  return {};
}

bool same_question(const Finding& said, const Finding& place) {
  return said.metric == place.metric && said.by == place.by && said.strata == place.strata &&
         said.from == place.from && (!place.group || said.group == place.group);
}

bool is_known(const Finding& f) {
  return !f.group || std::all_of(f.group->begin(), f.group->end(),
                                 [](const auto& value) { return value.second.has_value(); });
}

/// All findings of one place that stands on rows, from said[at] on: for each number one finding, or
/// one for each bound on it, in the order of the bounds.
Result<void> check_place(const std::vector<Finding>& said, std::size_t& at, const Finding& place,
                         const std::vector<record::Bound>& asked, Verified& out) {
  if (at == said.size() || !same_question(said[at], place)) return lacks(place);
  const std::size_t each = std::max<std::size_t>(asked.size(), 1);
  std::size_t i = 0;
  for (; at < said.size() && same_question(said[at], place); ++at, ++i) {
    std::optional<record::Bound> bound;
    if (!asked.empty() && is_known(said[at])) bound = asked[i % each];
    EVENHAND_TRY(agrees_with_itself(said[at], bound));
    ++out.not_from_tallies;
  }
  return i % each == 0 ? Result<void>() : lacks(place);
}

std::vector<record::Bound> bounds_on(const Options& options, const Finding& place) {
  std::vector<record::Bound> out;
  for (const BoundAsked& b : options.bounds) {
    const metric::Metric* m = metric::find(b.metric);
    if (m != nullptr && m->name == place.metric && b.by == place.by && place.strata.empty()) {
      out.push_back(b.bound);
    }
  }
  return out;
}

/// @param found  in the same order; where the rows are not at hand, a finding that needs them
///               stands there by its place alone.
Result<void> compare_all(const std::vector<Finding>& said, const std::vector<Finding>& found,
                         bool rows_at_hand, const Options& options, Verified& out) {
  std::size_t at = 0;
  for (const Finding& place : found) {
    if (!rows_at_hand && !from_tally(place)) {
      EVENHAND_TRY(check_place(said, at, place, bounds_on(options, place), out));
      continue;
    }
    if (at == said.size()) return lacks(place);
    EVENHAND_TRY(record::compare(said[at++], place));
    ++out.recomputed;
  }
  if (at == said.size()) return {};
  return Error{Code::kBadInput,
               "the record gives " + spoken(said[at]) + ", which does not come out of its counts"};
}

Result<Options> options_from(const record::Record& record) {
  if (record.operation != "evaluate run") {
    return Error{
        Code::kBadInput,
        "this is a record of \"" + record.operation +
            "\"; only those of \"evaluate run\", \"data audit\" and \"compare run\" can be "
            "verified: the others stand on rows"};
  }
  EVENHAND_ASSIGN(Options options, options_of(record.options));
  options.seed = record.seed;
  return options;
}

/// Rows of the table; those of a joined table stand last.
std::uint64_t rows_read(const record::Record& record, const Options& options) {
  std::uint64_t rows = 0;
  const std::size_t joined = options.join && !record.inputs.empty() ? 1 : 0;
  for (std::size_t i = 0; i + joined < record.inputs.size(); ++i) rows += record.inputs[i].rows;
  return rows;
}

/// The options are those that this program writes, word by word, and could have been asked for.
Result<void> compare_options(const record::Record& record, const Options& options) {
  auto checked = check_options(options);
  if (!checked) {
    return Error{Code::kBadInput, "the options of the record do not fit together: " +
                                      std::move(checked).error().says};
  }
  auto again = to_json(options);
  again["favourable"] = record.options.contains("favourable") ? record.options["favourable"]
                                                              : nlohmann::ordered_json();
  for (const auto& [name, value] : again.items()) {
    if (record.options.contains(name) && record.options[name] == value) continue;
    return Error{Code::kBadInput, "the options of the record are not in order: \"" + name + '"'};
  }
  if (again.size() == record.options.size() && again["favourable"].is_object()) return {};
  return Error{Code::kBadInput, "the options of the record have a key too many or too few"};
}

std::string spoken(const By& by) { return by.empty() ? "everybody" : table::crossed(by); }

/// The tallies are written as this program writes them, and are those of the questions asked.
Result<void> compare_sheets(const record::Record& record, const Options& options,
                            const std::vector<Question>& questions) {
  const auto again = sheets_of(questions);
  for (std::size_t i = 0; i < record.tallies.size() || i < again.size(); ++i) {
    if (i < record.tallies.size() && i < again.size() && record.tallies[i] == again[i]) continue;
    return Error{Code::kBadInput, "tally " + std::to_string(i + 1) +
                                      " of the record is not in order: its columns, cells or "
                                      "groups are not as a tally of its kind has them"};
  }
  std::vector<By> asked{By{}};
  for (const By& by : questions_of(options)) asked.push_back(by);
  for (std::size_t i = 0; i < asked.size() || i < questions.size(); ++i) {
    if (i < asked.size() && i < questions.size() && asked[i] == questions[i].by) continue;
    return Error{Code::kBadInput,
                 "the record's tallies are not those of its options: " +
                     (i < asked.size() ? "by " + spoken(asked[i]) + " was asked"
                                       : "nobody asked by " + spoken(questions[i].by))};
  }
  return {};
}

/// Two records of one program agree to the last bit; other compilers may round otherwise.
constexpr double kTolerance = 1e-9;

bool about(double a, double b) {
  return a == b || std::abs(a - b) <= kTolerance * std::max(std::abs(a), std::abs(b));
}

/// All tallies count the same rows: added up over groups they are everybody, added up over scores
/// they are the labels.
Result<void> compare_margins(const Question& everybody, const Question& q) {
  const auto differs_in = [&](const std::string& what) {
    return Error{Code::kBadInput, "the record disagrees with itself: the " + what + " by " +
                                      spoken(q.by) + " does not add up to what the others count"};
  };
  const std::vector<std::string>& strata = q.confusion.groups().strata;
  EVENHAND_ASSIGN(const auto all, tally::collapse(q.confusion, {}, strata));
  const auto mine = all.cells(), theirs = everybody.confusion.cells();
  if (mine.size() != theirs.size()) return differs_in("confusion");
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const auto &a = mine[i], &b = theirs[i];
    if (all.groups().keys[a.group] != everybody.confusion.groups().keys[b.group] ||
        a.label != b.label || a.decision != b.decision || a.n != b.n || !about(a.w, b.w) ||
        !about(a.w2, b.w2)) {
      return differs_in("confusion");
    }
  }
  std::map<std::pair<std::uint32_t, std::uint8_t>, std::int64_t> labels, grid, moments;
  if (q.score_grid) {
    for (const auto& cell : q.confusion.cells()) labels[{cell.group, cell.label}] += cell.n;
    for (const auto& cell : q.score_grid->cells()) grid[{cell.group, cell.label}] += cell.n;
    for (const auto& cell : q.score_moments->cells())
      moments[{cell.group, cell.label}] += cell.n + cell.n_missing;
    if (grid != labels) return differs_in("score_grid");
    if (moments != labels) return differs_in("moments");
  }
  if (!q.clusters) return {};
  EVENHAND_ASSIGN(const auto over_strata, tally::collapse(q.confusion, q.by));
  if (q.clusters->rows() != q.confusion.rows() ||
      q.clusters->groups().keys != over_strata.groups().keys) {
    return differs_in("cluster_products");
  }
  return {};
}

/// Without frequency weights every row that was read is counted once.
Result<void> compare_rows(const record::Record& record, const Options& options,
                          const Question& everybody) {
  if (options.weight && options.weight_kind == "frequency") return {};
  const std::uint64_t read = rows_read(record, options);
  const auto counted = static_cast<std::uint64_t>(everybody.confusion.rows());
  if (read == counted) return {};
  return Error{Code::kBadInput, "the record disagrees with itself: its inputs have " +
                                    std::to_string(read) + " rows, its tallies count " +
                                    std::to_string(counted)};
}

/// What was counted, as far as the tallies tell it, for the sentences about what was left out.
Counted counted_of(const record::Record& record, const Options& options,
                   const std::vector<Question>& questions) {
  Counted out;
  out.questions = questions;
  out.inputs = record.inputs;
  const auto& favourable = record.options["favourable"];
  const auto values = [&](const char* favoured, const char* others, ValuesSeen& seen) {
    if (favourable.contains(favoured) && favourable[favoured].is_string()) {
      seen.favourable = favourable[favoured].get<std::string>();
    }
    if (!favourable.contains(others) || !favourable[others].is_array()) return;
    for (const auto& each : favourable[others]) {
      if (each.is_string()) seen.unfavourable.insert(each.get<std::string>());
    }
  };
  values("label", "label_unfavourable", out.label);
  values("decision", "decision_unfavourable", out.decision);
  const auto rows = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  for (const auto& cell : questions.front().confusion.cells()) {
    if (options.label && cell.label == kMissingClass) out.label.missing += rows(cell.n);
    if (cell.decision == kMissingClass) out.decision.missing += rows(cell.n);
  }
  if (!options.decision && !options.score) out.decision.missing = 0;
  std::uint64_t scores = 0;
  if (questions.front().score_moments) {
    for (const auto& cell : questions.front().score_moments->cells()) {
      out.missing_score += rows(cell.n_missing);
      scores += rows(cell.n);
    }
  }
  if (scores <= kScoresKept) out.scored.emplace();
  return out;
}

/// Of copies (frequency weights) the rows are not known; what a weight of 0 or a join left out
/// stands in no tally, nor does who was too few for a number that stands on rows.
Result<void> compare_left_out(const record::Record& record, const Options& options,
                              const std::vector<Question>& questions) {
  Counted counted = counted_of(record, options, questions);
  const bool copies = options.weight && options.weight_kind == "frequency";
  if (copies) counted.label.missing = counted.decision.missing = counted.missing_score = 0;
  if (copies) counted.scored.emplace();
  const std::vector<Question> none;
  Standing standing;
  standing.questions = &none;
  const auto due = left_out_of(options, counted, standing, record.findings);
  return record::compare_left_out(record, due, [copies](const std::string& what) {
    const auto is = [&](const char* kind) { return what.starts_with(kind); };
    return is("rows with a weight of 0") || is("rows whose id ") || is("group ") ||
           (copies && (is("rows without ") || is("exact ranks ")));
  });
}

}  // namespace

Result<Verified> verify(const record::Record& record, unsigned threads) {
  EVENHAND_ASSIGN(Options options, options_from(record));
  options.threads = threads;
  EVENHAND_ASSIGN(const auto questions, questions_of_sheets(record.tallies));
  EVENHAND_TRY(compare_options(record, options));
  EVENHAND_TRY(compare_sheets(record, options, questions));
  for (const Question& q : questions) EVENHAND_TRY(compare_margins(questions.front(), q));
  Standing standing;
  standing.questions = &questions;
  auto found_or = findings_of(options, standing);
  if (!found_or) {
    return Error{Code::kBadInput, "the record's findings cannot be computed from its tallies: " +
                                      std::move(found_or).error().says};
  }
  const auto found = std::move(found_or).value();
  Verified out;
  EVENHAND_TRY(compare_rows(record, options, questions.front()));
  EVENHAND_TRY(record::compare_words(record));
  EVENHAND_TRY(record::compare_discoveries(record, options.level));
  EVENHAND_TRY(compare_all(record.findings, found, false, options, out));
  EVENHAND_TRY(compare_left_out(record, options, questions));
  return out;
}

Result<Verified> verify_with_data(const record::Record& record,
                                  const std::vector<std::string>& files, unsigned threads,
                                  const KeepGoing& keep_going) {
  EVENHAND_TRY(verify(record, threads));
  EVENHAND_ASSIGN(Options options, options_from(record));
  if (!files.empty()) options.files = files;
  options.threads = threads;
  EVENHAND_ASSIGN(const record::Record again, evaluate(options, keep_going));
  Verified out;
  EVENHAND_TRY(record::compare_inputs(record, again, out.digests_agree));
  EVENHAND_TRY(record::compare_tallies(record, again));
  EVENHAND_TRY(compare_all(record.findings, again.findings, true, options, out));
  EVENHAND_TRY(record::compare_left_out(record, again));
  if (record.options["favourable"] != again.options["favourable"]) {
    return Error{Code::kBadInput,
                 "the record disagrees with the data about the values of the label and decision"};
  }
  out.data_agree = true;
  return out;
}

}  // namespace evenhand::evaluate
