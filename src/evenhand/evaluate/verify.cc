// Computing a record again.
#include "evenhand/evaluate/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "evenhand/base/version.h"
#include "evenhand/evaluate/count.h"
#include "evenhand/evaluate/findings.h"
#include "evenhand/evaluate/options_json.h"
#include "evenhand/evaluate/sheets.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/judge.h"
#include "evenhand/record/finding.h"

namespace evenhand::evaluate {
namespace {

using record::Finding;

/// Two records of one program agree to the last bit; other compilers may round otherwise.
constexpr double kTolerance = 1e-9;

/// An infinite limit is none: in a record both are null.
std::optional<double> finite(const std::optional<double>& x) {
  return x && std::isfinite(*x) ? x : std::nullopt;
}

bool same(const std::optional<double>& said, const std::optional<double>& found) {
  const std::optional<double> a = finite(said), b = finite(found);
  if (a.has_value() != b.has_value()) return false;
  if (!a) return true;
  return *a == *b || std::abs(*a - *b) <= kTolerance * std::max({1.0, std::abs(*a), std::abs(*b)});
}

std::string number(const std::optional<double>& x) {
  return x ? nlohmann::ordered_json(*x).dump() : std::string("undefined");
}

std::string spoken(const record::Group& group) {
  std::string text;
  for (const auto& [name, value] : group) {
    text += (text.empty() ? "" : ", ") + name + "=" + value.value_or("unknown");
  }
  return text.empty() ? "everybody" : text;
}

std::string spoken(const Finding& f) {
  std::string text = f.metric;
  if (f.group) text += " of " + spoken(*f.group);
  if (f.between)
    text += " between " + spoken(f.between->first) + " and " + spoken(f.between->second);
  if (!f.strata.empty()) text += " where " + spoken(f.strata);
  return text;
}

Error differs(const Finding& f, const std::string& what, const std::string& says,
              const std::string& is) {
  return Error{Code::kBadInput, "the record disagrees with its own counts: " + spoken(f) + ", " +
                                    what + " is given as " + says + " and comes out as " + is};
}

bool same_place(const Finding& a, const Finding& b) {
  return a.metric == b.metric && a.by == b.by && a.group == b.group && a.between == b.between &&
         a.strata == b.strata && a.at == b.at;
}

std::string spelled(const std::optional<record::Verdict>& v) {
  return v ? std::string(record::name(*v)) : std::string("none");
}

std::string spelled(const std::optional<record::Bound>& b) {
  if (!b) return "none";
  return (b->at_most ? "<= " + *b->at_most : "") + (b->at_least ? ">= " + *b->at_least : "") +
         ", judged by the " + b->judge + ", severity " + b->severity + ", on cannot tell " +
         b->on_cannot_tell;
}

/// What both say of one place, word by word and number by number.
Result<void> compare(const Finding& said, const Finding& found) {
  if (!same_place(said, found)) {
    return Error{Code::kBadInput, "the record disagrees with its own counts: it gives " +
                                      spoken(said) + " where " + spoken(found) + " comes out"};
  }
  using Number = std::optional<double>;
  const auto end = [](const Finding& f, double record::Open::*part) {
    return f.open ? Number((*f.open).*part) : std::nullopt;
  };
  const struct {
    const char* what;
    Number a, b;
  } numbers[] = {
      {"the value", said.value, found.value},
      {"the lower limit", said.low, found.low},
      {"the upper limit", said.high, found.high},
      {"the lower family limit", said.family_low, found.family_low},
      {"the upper family limit", said.family_high, found.family_high},
      {"log10_p", said.log10_p, found.log10_p},
      {"open.lowest", end(said, &record::Open::lowest), end(found, &record::Open::lowest)},
      {"open.highest", end(said, &record::Open::highest), end(found, &record::Open::highest)},
      {"open.low", end(said, &record::Open::low), end(found, &record::Open::low)},
      {"open.high", end(said, &record::Open::high), end(found, &record::Open::high)}};
  for (const auto& n : numbers) {
    if (!same(n.a, n.b)) return differs(said, n.what, number(n.a), number(n.b));
  }
  const auto whole = [](const std::optional<std::int64_t>& n) {
    return n ? std::to_string(*n) : std::string("none");
  };
  const auto missing = [](const Finding& f) { return f.open ? f.open->rows_missing : 0; };
  const struct {
    const char* what;
    std::string a, b;
  } words[] = {{"the number of rows", std::to_string(said.rows), std::to_string(found.rows)},
               {"why", '"' + said.why + '"', '"' + found.why + '"'},
               {"the verdict", spelled(said.verdict), spelled(found.verdict)},
               {"the bound", spelled(said.bound), spelled(found.bound)},
               {"rows_needed", whole(said.rows_needed), whole(found.rows_needed)},
               {"open.rows_missing", std::to_string(missing(said)), std::to_string(missing(found))},
               {"what it stands on", said.from, found.from}};
  for (const auto& w : words) {
    if (w.a != w.b) return differs(said, w.what, w.a, w.b);
  }
  return {};
}

bool from_tally(const Finding& f) { return f.from == "tally"; }

Error lacks(const Finding& found) {
  return {Code::kBadInput, "the record lacks " + spoken(found) + ", which comes out of its counts"};
}

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
    EVENHAND_TRY(compare(said[at++], place));
    ++out.recomputed;
  }
  if (at == said.size()) return {};
  return Error{Code::kBadInput,
               "the record gives " + spoken(said[at]) + ", which does not come out of its counts"};
}

Result<Options> options_from(const record::Record& record) {
  if (record.operation != "evaluate run") {
    return Error{Code::kBadInput, "this is a record of \"" + record.operation +
                                      "\"; only those of \"evaluate run\" can be verified"};
  }
  EVENHAND_ASSIGN(Options options, options_of(record.options));
  options.seed = record.seed;
  return options;
}

/// The first cell in which two sheets differ, as a sentence.
std::string first_difference(const record::Sheet& said, const record::Sheet& found) {
  const auto &a = said["cells"], &b = found["cells"];
  for (std::size_t i = 0; i < a.size() || i < b.size(); ++i) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    return "in the tally " + said["tally"].dump() + " by " + said["by"].dump() + ", columns " +
           found["columns"].dump() + ": the record has " +
           (i < a.size() ? a[i].dump() : "no such cell") + ", the data give " +
           (i < b.size() ? b[i].dump() : "no such cell");
  }
  return "in the heads of the tally " + said["tally"].dump() + " by " + said["by"].dump();
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

std::string spoken(const By& by) {
  std::string out;
  for (const std::string& name : by) out += (out.empty() ? "" : " x ") + name;
  return out.empty() ? "everybody" : out;
}

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

Result<void> compare_tallies(const record::Record& said, const record::Record& again) {
  for (std::size_t i = 0; i < said.tallies.size() || i < again.tallies.size(); ++i) {
    if (i >= said.tallies.size() || i >= again.tallies.size()) {
      return Error{Code::kBadInput, "the record has " + std::to_string(said.tallies.size()) +
                                        " tallies, the data give " +
                                        std::to_string(again.tallies.size())};
    }
    if (said.tallies[i] == again.tallies[i]) continue;
    return Error{Code::kBadInput, "the record disagrees with the data " +
                                      first_difference(said.tallies[i], again.tallies[i])};
  }
  return {};
}

/// What stands out is told by the p-values of the record itself.
Result<void> compare_discoveries(const record::Record& record, double level) {
  std::vector<Finding> again = record.findings;
  record::mark_discoveries(again, level);
  const auto word = [](const Finding& f) {
    return !f.stands_out ? "not said" : *f.stands_out ? "true" : "false";
  };
  for (std::size_t i = 0; i < again.size(); ++i) {
    if (record.findings[i].stands_out == again[i].stands_out) continue;
    return differs(again[i], "stands_out", word(record.findings[i]), word(again[i]));
  }
  return {};
}

/// Words of a metric are those of the program that wrote the record.
Result<void> compare_words(const record::Record& record) {
  if (record.code_version != kVersion) return {};
  for (const Finding& f : record.findings) {
    const metric::Metric* m = metric::find(f.metric);
    if (m == nullptr || (f.unit == m->unit && f.aliases == m->aliases)) continue;
    return Error{Code::kBadInput, "the record disagrees with the program that made it: " +
                                      spoken(f) + " has another unit, or other aliases"};
  }
  return {};
}

/// The same files may have other names here, and a reason may name one: it is not compared.
Result<void> compare_left_out(const record::Record& said, const record::Record& again) {
  for (std::size_t i = 0; i < said.left_out.size() || i < again.left_out.size(); ++i) {
    const bool both = i < said.left_out.size() && i < again.left_out.size();
    if (both && said.left_out[i].what == again.left_out[i].what &&
        said.left_out[i].rows == again.left_out[i].rows) {
      continue;
    }
    const auto spoken_of = [i](const record::Record& r) {
      return i < r.left_out.size() ? '"' + r.left_out[i].what +
                                         "\" (rows: " + std::to_string(r.left_out[i].rows) + ')'
                                   : std::string("nothing more");
    };
    return Error{Code::kBadInput,
                 "the record disagrees with the data about what was left out: it "
                 "says " +
                     spoken_of(said) + ", the data give " + spoken_of(again)};
  }
  return {};
}

Result<void> compare_inputs(const record::Record& said, const record::Record& again,
                            Verified& out) {
  if (said.inputs.size() != again.inputs.size()) {
    return Error{Code::kBadInput, "the record names " + std::to_string(said.inputs.size()) +
                                      " inputs, and " + std::to_string(again.inputs.size()) +
                                      " were read; give them all, each with --data"};
  }
  for (std::size_t i = 0; i < said.inputs.size(); ++i) {
    const record::Input &a = said.inputs[i], &b = again.inputs[i];
    if (a.sha256 != b.sha256) {
      out.digests_agree = false;
    } else if (a.rows != b.rows || a.rows_skipped != b.rows_skipped || a.bytes != b.bytes) {
      return Error{Code::kBadInput, "the record disagrees with the data: " + a.path +
                                        " has these very bytes, but other numbers of rows or "
                                        "bytes than the record says"};
    }
  }
  return {};
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
  EVENHAND_TRY(compare_words(record));
  EVENHAND_TRY(compare_discoveries(record, options.level));
  EVENHAND_TRY(compare_all(record.findings, found, false, options, out));
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
  EVENHAND_TRY(compare_inputs(record, again, out));
  EVENHAND_TRY(compare_tallies(record, again));
  EVENHAND_TRY(compare_all(record.findings, again.findings, true, options, out));
  EVENHAND_TRY(compare_left_out(record, again));
  if (record.options["favourable"] != again.options["favourable"]) {
    return Error{Code::kBadInput,
                 "the record disagrees with the data about the values of the label and decision"};
  }
  out.data_agree = true;
  return out;
}

}  // namespace evenhand::evaluate
