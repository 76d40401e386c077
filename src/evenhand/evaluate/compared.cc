// The findings of a comparison, read off its joint counts, and their verification.
#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include "evenhand/base/rows.h"
#include "evenhand/evaluate/compare.h"
#include "evenhand/evaluate/compare_bounds.h"
#include "evenhand/evaluate/measuring.h"
#include "evenhand/evaluate/options_json.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/paired.h"
#include "evenhand/record/compare.h"
#include "evenhand/record/finding.h"
#include "evenhand/record/reading.h"
#include "evenhand/record/sheet.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::evaluate {

namespace {

using At = std::vector<std::pair<std::string, std::string>>;

// What is told of each way of deciding, and of each change; the second of each pair asks for
// groups.
constexpr const char* kOfEach[] = {"selection_rate", "accuracy", "true_positive_rate",
                                   "false_positive_rate"};
constexpr const char* kBetweenGroups[] = {
    "selection_rate_difference",     "selection_rate_ratio",           "accuracy_difference",
    "true_positive_rate_difference", "false_positive_rate_difference", "equalized_odds_difference"};
constexpr const char* kChanges[] = {"selection_rate_change",     "accuracy_change",
                                    "true_positive_rate_change", "false_positive_rate_change",
                                    "newly_favourable",          "newly_unfavourable"};
constexpr const char* kChangesBetweenGroups[] = {
    "selection_rate_difference_change", "accuracy_difference_change",
    "true_positive_rate_difference_change", "false_positive_rate_difference_change"};

// A cell of a joint table taken apart.
struct Cell {
  tally::Key group;
  std::uint8_t label = kMissingClass;
  std::vector<std::uint8_t> decisions;
  std::int64_t n = 0;
};

std::uint8_t class_of(const std::optional<std::string>& value) {
  if (!value) return kMissingClass;
  return *value == "1" ? 1 : 0;
}

std::vector<Cell> cells_of(const Joint& joint, std::size_t contenders) {
  std::vector<Cell> out;
  for (const Joint::Cell& cell : joint.cells()) {
    const tally::Key& key = joint.groups().keys[cell.group];
    const std::size_t attributes = key.size() - 1 - contenders;
    Cell one;
    one.group.assign(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(attributes));
    one.label = class_of(key[attributes]);
    for (std::size_t c = 0; c < contenders; ++c) {
      one.decisions.push_back(class_of(key[attributes + 1 + c]));
    }
    one.n = cell.n;
    out.push_back(std::move(one));
  }
  return out;
}

tally::Groups groups_of(const std::vector<Cell>& cells, const By& by) {
  tally::Groups out{by, {}, {}};
  for (const Cell& cell : cells) {
    if (out.keys.empty() || out.keys.back() != cell.group) out.keys.push_back(cell.group);
  }
  std::sort(out.keys.begin(), out.keys.end(), tally::before);
  out.keys.erase(std::unique(out.keys.begin(), out.keys.end()), out.keys.end());
  return out;
}

std::size_t place_of(const tally::Groups& groups, const tally::Key& key) {
  const auto at = std::lower_bound(groups.keys.begin(), groups.keys.end(), key, tally::before);
  return static_cast<std::size_t>(at - groups.keys.begin());
}

Result<tally::Confusion> confusion_of(const std::vector<Cell>& cells, const tally::Groups& groups,
                                      std::size_t contender) {
  tally::Confusion out{groups};
  for (const Cell& cell : cells) {
    const auto group = static_cast<std::uint32_t>(place_of(groups, cell.group));
    EVENHAND_TRY(out.add_cell({group, cell.label, cell.decisions[contender], cell.n, 0, 0}));
  }
  return out;
}

metric::PairedCounts paired_of(const std::vector<Cell>& cells, const tally::Groups& groups,
                               std::size_t after) {
  const auto code = [](std::uint8_t value) { return std::min<int>(value, 2); };
  metric::PairedCounts out{&groups, {}};
  out.cells.resize(groups.size());
  for (const Cell& cell : cells) {
    out.cells[place_of(groups, cell.group)][metric::PairedCounts::cell(
        code(cell.label), code(cell.decisions[0]), code(cell.decisions[after]))] += cell.n;
  }
  return out;
}

// Reads metrics off one question.
struct Reader {
  const CompareOptions& options;
  const std::vector<Judged>& bounds;
  const By& by;
  std::vector<record::Finding>& out;

  Result<void> read(std::string_view id, const metric::Tallies& tallies, const At& at) const {
    const metric::Metric* metric = metric::find(id);
    EVENHAND_CHECK(metric != nullptr);
    if (metric->needs_label && !options.label) return {};
    const std::vector<const Judged*> asked = bounds_on(*metric);
    metric::ReadOptions how;
    how.level = options.level;
    how.rows_min = options.rows_min;
    const double family = asked.empty() ? 0 : family_level(bounds, options);
    OfEverybody everybody;
    Measuring measuring(tallies, how, everybody);
    EVENHAND_ASSIGN(std::vector<metric::Reading> readings, measuring.read(*metric, family));
    for (std::size_t i = 0; i < readings.size(); ++i) {
      readings[i].at = at;
      if (asked.empty()) out.push_back(record::finding_of(*metric, readings[i], by, {}));
      for (const Judged* bound : asked) {
        out.push_back(record::finding_of(*metric, readings[i], by, {}));
        if (!is_known(readings[i])) continue;
        out.back().bound = bound->asked->bound;
        record::judge(out.back(), *metric, readings[i], bound->limit,
                      [&](double scale) { return measuring.one(*metric, i, family, scale); });
      }
    }
    return {};
  }

  /// What bounds ask beside the usual: metrics that are not among these.
  Result<void> read_others(const std::vector<std::string_view>& usual,
                           const metric::Tallies& tallies, const At& at) const {
    std::vector<std::string_view> done = usual;
    for (const Judged& bound : bounds) {
      if (bound.asked->by != by) continue;
      if (std::find(done.begin(), done.end(), bound.metric->name) != done.end()) continue;
      done.emplace_back(bound.metric->name);
      EVENHAND_TRY(read(bound.metric->name, tallies, at));
    }
    return {};
  }

 private:
  /// A change is none of these: no bound speaks of it.
  std::vector<const Judged*> bounds_on(const metric::Metric& metric) const {
    std::vector<const Judged*> out_of;
    for (const Judged& each : bounds) {
      if (each.metric == &metric && each.asked->by == by) out_of.push_back(&each);
    }
    return out_of;
  }

  /// A bound speaks of known groups: *unknown* is counted and never judged.
  static bool is_known(const metric::Reading& reading) {
    return !reading.group || std::all_of(reading.group->begin(), reading.group->end(),
                                         [](const auto& value) { return value.has_value(); });
  }
};

Result<void> read_question(const CompareOptions& options, const std::vector<Judged>& bounds,
                           const By& by, const Joint& joint, std::vector<record::Finding>& out) {
  const std::vector<Cell> cells = cells_of(joint, options.contenders.size());
  const tally::Groups groups = groups_of(cells, by);
  const tally::Groups one = tally::everybody();
  const Reader reader{options, bounds, by, out};
  std::vector<std::string_view> usual(std::begin(kOfEach), std::end(kOfEach));
  if (!by.empty()) usual.insert(usual.end(), std::begin(kBetweenGroups), std::end(kBetweenGroups));
  std::vector<Cell> merged = cells;
  for (Cell& cell : merged) cell.group.clear();
  for (std::size_t c = 0; c < options.contenders.size(); ++c) {
    EVENHAND_ASSIGN(const tally::Confusion counts, confusion_of(cells, groups, c));
    EVENHAND_ASSIGN(const tally::Confusion all, confusion_of(merged, one, c));
    metric::Tallies everybody, tallies;
    everybody.groups = &one;
    everybody.confusion = &all;
    tallies.groups = &counts.groups();
    tallies.confusion = &counts;
    tallies.everybody = by.empty() ? nullptr : &everybody;
    const At at{{"decision", options.contenders[c].name}};
    for (const std::string_view id : usual) EVENHAND_TRY(reader.read(id, tallies, at));
    EVENHAND_TRY(reader.read_others(usual, tallies, at));
  }
  for (std::size_t c = 1; c < options.contenders.size(); ++c) {
    const metric::PairedCounts paired = paired_of(cells, groups, c);
    metric::Tallies tallies;
    tallies.groups = &groups;
    tallies.decided_twice = &paired;
    const At at{{"change", options.contenders[0].name + " to " + options.contenders[c].name}};
    for (const char* id : kChanges) EVENHAND_TRY(reader.read(id, tallies, at));
    if (by.empty()) continue;
    for (const char* id : kChangesBetweenGroups) EVENHAND_TRY(reader.read(id, tallies, at));
  }
  return {};
}

// --- Verification -----------------------------------------------------------------------------

// May throw nlohmann's exceptions for a wrong type: called inside record::read_sheet's like.
CompareOptions options_of(const nlohmann::ordered_json& json) {
  CompareOptions out;
  out.files = json.at("files").get<std::vector<std::string>>();
  out.read = record::read_of(json.at("read"));
  const auto text = record::optional_of<std::string>;
  if (!json.at("label").is_null()) {
    out.label = Role{json.at("label").at("column").get<std::string>(),
                     text(json.at("label").at("favourable"))};
  }
  for (const auto& each : json.at("decisions")) {
    Contender one;
    one.name = each.at("name").get<std::string>();
    one.column = each.at("column").get<std::string>();
    one.favourable = text(each.at("favourable"));
    if (!each.at("threshold").is_null()) one.threshold = each.at("threshold").get<double>();
    out.contenders.push_back(std::move(one));
  }
  if (json.contains("frontier")) {
    const auto& frontier = json.at("frontier");
    out.frontier = Frontier{frontier.at("by").get<std::string>(),
                            frontier.at("values").get<std::vector<double>>(),
                            frontier.at("gap").get<std::string>()};
  }
  out.by = json.at("by").get<std::vector<By>>();
  if (json.contains("bounds")) out.bounds = bounds_of(json.at("bounds"));
  out.level = json.at("level").get<double>();
  out.rows_min = json.at("rows_min").get<std::int64_t>();
  return out;
}

Error bad(std::string says) { return {Code::kBadInput, std::move(says)}; }

Result<std::vector<Joint>> joints_of(const CompareOptions& options, const record::Record& record) {
  if (record.tallies.size() != options.by.size() + 1) {
    return bad("the record asks " + std::to_string(options.by.size()) +
               " questions beside everybody, and holds " + std::to_string(record.tallies.size()) +
               " tallies");
  }
  std::vector<Joint> out;
  for (std::size_t q = 0; q < record.tallies.size(); ++q) {
    EVENHAND_TRY(record::read_sheet(q, [&]() -> Result<void> {
      EVENHAND_ASSIGN(Joint joint, record::crosstab_of(record.tallies[q]));
      By axes = q == 0 ? By{} : options.by[q - 1];
      axes.emplace_back(kLabelAxis);
      for (const Contender& each : options.contenders) axes.push_back(axis_of(each));
      if (joint.groups().by != axes) {
        return bad("tally " + std::to_string(q + 1) + " of the record has other axes than asked");
      }
      out.push_back(std::move(joint));
      return {};
    }));
    if (out.back().rows() != out.front().rows()) {
      return bad("tally " + std::to_string(q + 1) + " of the record has " +
                 std::to_string(out.back().rows()) + " rows, the first has " +
                 std::to_string(out.front().rows()));
    }
  }
  return out;
}

Result<CompareOptions> options_from(const record::Record& record) {
  if (record.operation != "compare run") {
    return bad("this is a record of \"" + record.operation + "\", not of \"compare run\"");
  }
  try {
    CompareOptions out = options_of(record.options);
    EVENHAND_ASSIGN(out.groupings, record::groupings_of(record.options.at("groupings")));
    if (out.contenders.size() < 2 || !is_level(out.level) || out.rows_min < 1 ||
        (out.frontier && !fits(*out.frontier, out.contenders.size()))) {
      return bad("the options of the record do not fit together");
    }
    if (const auto bounds = judged_of(out); !bounds) return bad(bounds.error().says);
    if (questions_of(out) != out.by) {
      return bad(
          "the options of the record ask a bound by groups that are not among those of its "
          "\"by\", so it was never judged");
    }
    return out;
  } catch (const nlohmann::json::exception& wrong) {
    return bad(std::string("the record's options cannot be read: ") + wrong.what());
  }
}

/// Every row that was read is counted once; nothing is drawn, so there is no seed.
Result<void> compare_rows(const record::Record& record, const Joint& everybody) {
  std::uint64_t read = 0;
  for (const record::Input& each : record.inputs) read += each.rows;
  const auto counted = static_cast<std::uint64_t>(everybody.rows());
  if (read != counted) {
    return bad("the record disagrees with itself: its inputs have " + std::to_string(read) +
               " rows, its tallies count " + std::to_string(counted));
  }
  if (record.seed == 0) return {};
  return bad("the record has the seed " + std::to_string(record.seed) +
             ", and a comparison draws no random number: it is 0");
}

Result<void> compare_all(const std::vector<record::Finding>& said,
                         const std::vector<record::Finding>& found) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i == said.size()) return record::lacks(found[i]);
    EVENHAND_TRY(record::compare(said[i], found[i]));
  }
  if (said.size() == found.size()) return {};
  return bad("the record gives " + record::spoken(said[found.size()]) +
             ", which does not come out of its counts");
}

}  // namespace

bool fits(const Frontier& frontier, std::size_t contenders) {
  const std::vector<double>& values = frontier.values;
  const auto goes = [&](auto before) {
    return std::adjacent_find(values.begin(), values.end(),
                              [&](double a, double b) { return !before(a, b); }) == values.end();
  };
  return (goes(std::less<>{}) || goes(std::greater<>{})) && values.size() + 1 == contenders &&
         std::find(std::begin(kBetweenGroups), std::end(kBetweenGroups), frontier.gap) !=
             std::end(kBetweenGroups);
}

Result<std::vector<record::Finding>> compared(const CompareOptions& options,
                                              const std::vector<Joint>& questions) {
  EVENHAND_ASSIGN(const std::vector<Judged> bounds, judged_of(options));
  std::vector<record::Finding> out;
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const By by = q == 0 ? By{} : options.by[q - 1];
    EVENHAND_TRY(read_question(options, bounds, by, questions[q], out));
  }
  return out;
}

int compared_status(const record::Record& record) {
  struct Held {
    bool broken = false, open = false;
  };
  std::map<std::string, Held> ways;
  for (const record::Finding& f : record.findings) {
    if (!f.verdict || !f.bound || f.at.empty() || f.bound->severity == "warn") continue;
    Held& way = ways[f.at.front().second];
    way.broken = way.broken || *f.verdict == record::Verdict::kBroken;
    way.open = way.open ||
               (*f.verdict == record::Verdict::kCannotTell && f.bound->on_cannot_tell != "warn");
  }
  ways.erase(record.options.at("decisions").at(0).at("name").get<std::string>());
  bool all_broken = !ways.empty(), none_meets = !ways.empty();
  for (const auto& [name, way] : ways) {
    all_broken = all_broken && way.broken;
    none_meets = none_meets && (way.broken || way.open);
  }
  return all_broken ? 1 : none_meets ? 4 : 0;
}

std::vector<record::LeftOut> left_out_of(const CompareOptions& options, const Joint& everybody,
                                         const std::vector<record::Input>& inputs) {
  std::vector<record::LeftOut> out;
  std::uint64_t skipped = 0;
  for (const record::Input& each : inputs) skipped += each.rows_skipped;
  if (skipped > 0) {
    out.push_back({"bad rows", "skipped as asked", static_cast<std::int64_t>(skipped)});
  }
  std::vector<std::int64_t> missing(options.contenders.size() + 1);  // the label's come first
  for (const Joint::Cell& cell : everybody.cells()) {
    const tally::Key& key = everybody.groups().keys[cell.group];
    for (std::size_t c = 0; c < missing.size(); ++c) missing[c] += key[c] ? 0 : cell.n;
  }
  for (std::size_t c = 0; c < missing.size(); ++c) {
    if (missing[c] == 0 || (c == 0 && !options.label)) continue;
    out.push_back({c == 0 ? "rows without label"
                          : "rows without decision \"" + options.contenders[c - 1].name + '"',
                   c == 0 ? "they take part in rates that need no label"
                          : "a change is counted over rows with both decisions",
                   missing[c]});
  }
  for (record::LeftOut& bound : bounds_left_out(options)) out.push_back(std::move(bound));
  return out;
}

Result<record::Verified> verify_comparison(const record::Record& record) {
  EVENHAND_ASSIGN(const CompareOptions options, options_from(record));
  EVENHAND_ASSIGN(const std::vector<Joint> questions, joints_of(options, record));
  EVENHAND_TRY(compare_rows(record, questions.front()));
  EVENHAND_TRY(record::compare_left_out(record,
                                        left_out_of(options, questions.front(), record.inputs),
                                        [](const std::string&) { return false; }));
  EVENHAND_ASSIGN(const std::vector<record::Finding> again, compared(options, questions));
  EVENHAND_TRY(record::compare_words(record));
  EVENHAND_TRY(compare_all(record.findings, again));
  record::Verified out;
  out.recomputed = static_cast<std::int64_t>(again.size());
  return out;
}

Result<record::Verified> verify_comparison_with_data(const record::Record& record,
                                                     const std::vector<std::string>& files,
                                                     unsigned threads, const OnProgress& progress) {
  EVENHAND_ASSIGN(record::Verified out, verify_comparison(record));
  EVENHAND_ASSIGN(CompareOptions options, options_from(record));
  if (!files.empty()) options.files = files;
  options.threads = threads;
  EVENHAND_ASSIGN(const record::Record again, compare(options, progress));
  EVENHAND_TRY(record::compare_inputs(record, again, out.digests_agree));
  EVENHAND_TRY(record::compare_tallies(record, again));
  EVENHAND_TRY(compare_all(record.findings, again.findings));
  EVENHAND_TRY(record::compare_left_out(record, again));
  out.data_agree = true;
  return out;
}

}  // namespace evenhand::evaluate
