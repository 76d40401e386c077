#include "evenhand/evaluate/compare.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "evenhand/base/rows.h"
#include "evenhand/base/version.h"
#include "evenhand/evaluate/compare_bounds.h"
#include "evenhand/evaluate/options_json.h"
#include "evenhand/record/reading.h"
#include "evenhand/record/sheet.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/crossing.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/label.h"

namespace evenhand::evaluate {

namespace {

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

Result<void> check(const CompareOptions& o) {
  if (o.files.empty()) return wrong("no file was named");
  if (o.contenders.size() < 2 || o.contenders.size() > kContendersMax) {
    return wrong("a comparison is of 2 to " + std::to_string(kContendersMax) +
                 " ways of deciding, and " + std::to_string(o.contenders.size()) +
                 " were named: --score plain=score_plain --score fair=score_fair");
  }
  for (std::size_t c = 0; c < o.contenders.size(); ++c) {
    const Contender& one = o.contenders[c];
    if (o.label && o.label->column == one.column) {
      return wrong("\"" + one.column + "\" is the label and a decision, \"" + one.name +
                   "\", so it would always be right; name the column of what was decided");
    }
    if (one.threshold && !(*one.threshold >= 0 && *one.threshold <= 1)) {
      return wrong("the threshold of \"" + one.name + "\" must lie in [0,1]");
    }
    const auto before = o.contenders.begin() + static_cast<std::ptrdiff_t>(c);
    if (std::any_of(o.contenders.begin(), before,
                    [&](const Contender& other) { return other.name == one.name; })) {
      return wrong("two ways of deciding are called \"" + one.name + "\"");
    }
  }
  if (o.frontier && !fits(*o.frontier, o.contenders.size())) {
    return wrong(
        "a frontier has one value for each way of deciding after the first, rising or falling, and "
        "a gap that a comparison reads");
  }
  std::vector<std::string> attributes;
  for (const By& by : o.by) attributes.insert(attributes.end(), by.begin(), by.end());
  for (const BoundAsked& bound : o.bounds) {
    attributes.insert(attributes.end(), bound.by.begin(), bound.by.end());
  }
  EVENHAND_TRY(table::check_groupings(o.groupings, attributes));
  if (!is_level(o.level)) return wrong("level must lie in [0.01, 0.999999]");
  if (o.rows_min < 1) return wrong("rows_min must be at least 1");
  return check_bounds(o);
}

// Where columns stand among those that are read.
struct Places {
  std::vector<table::Wanted> wanted;
  std::size_t label = 0;
  std::vector<std::size_t> contenders;
  std::vector<std::vector<std::size_t>> by;

  std::size_t want(const std::string& name, table::As as) {
    for (std::size_t c = 0; c < wanted.size(); ++c) {
      if (wanted[c].name == name && wanted[c].as == as) return c;
    }
    wanted.push_back({name, as});
    return wanted.size() - 1;
  }
};

Places places_of(const CompareOptions& o) {
  Places out;
  if (o.label) out.label = out.want(o.label->column, table::As::kText);
  for (const Contender& each : o.contenders) {
    out.contenders.push_back(
        out.want(each.column, each.threshold ? table::As::kNumber : table::As::kText));
  }
  for (const By& by : o.by) {
    out.by.emplace_back();
    for (const std::string& name : by) out.by.back().push_back(out.want(name, table::As::kText));
  }
  return out;
}

using Classes = std::vector<std::uint8_t>;  // [rows]; 1, 0 or kMissingClass

Result<Classes> decided(const Contender& one, const table::Column& column) {
  if (!one.threshold) {
    auto labels = table::labels_of(column, one.column, one.favourable);
    if (!labels) return std::move(labels).error().within("decision \"" + one.name + '"');
    return std::move(labels->values);
  }
  Classes out;
  for (std::size_t i = 0; i < column.numbers.size(); ++i) {
    const double score = column.numbers[i];
    if (score < 0 || score > 1) {
      return Error{Code::kBadInput, "row " + table::with_thousands(i + 1) + ": the score \"" +
                                        one.column + "\" is " + table::spelled(score) +
                                        "; a score is a probability from 0 to 1"};
    }
    const bool is_favourable = score >= *one.threshold;
    out.push_back(std::isnan(score) ? kMissingClass : static_cast<std::uint8_t>(is_favourable));
  }
  return out;
}

std::optional<std::string> spelled(std::uint64_t value) {
  if (value == 2) return std::nullopt;
  return std::string(value == 1 ? "1" : "0");
}

// Rows by group and by label and decisions, numbered in base 3 with missing as 2.
Result<Joint> joint(const CompareOptions& o, const table::Crossing& crossing,
                    const std::vector<Classes>& classes) {
  tally::Groups axes{crossing.by, {}, {}};
  axes.by.emplace_back(kLabelAxis);
  for (const Contender& each : o.contenders) axes.by.push_back(axis_of(each));
  Joint counts{axes};
  std::unordered_map<std::uint64_t, std::uint32_t> place_of;
  std::vector<std::uint32_t> places;
  places.reserve(crossing.codes.size());
  for (std::size_t i = 0; i < crossing.codes.size(); ++i) {
    std::uint64_t code = crossing.codes[i];
    for (const Classes& each : classes) code = code * 3 + std::min<std::uint64_t>(each[i], 2);
    const auto [at, is_new] = place_of.try_emplace(code, 0);
    if (is_new) {
      tally::Key key = crossing.groups[crossing.codes[i]];
      std::vector<std::optional<std::string>> values;
      for (std::size_t c = 0; c < classes.size(); ++c, code /= 3) {
        values.push_back(spelled(code % 3));
      }
      key.insert(key.end(), values.rbegin(), values.rend());
      at->second = counts.group(key);
    }
    places.push_back(at->second);
  }
  Rows rows;
  rows.size = places.size();
  rows.group = places;
  EVENHAND_TRY(counts.observe(rows));
  return counts.regrouped(tally::canonical(counts.groups()));
}

nlohmann::ordered_json options_json(const CompareOptions& o) {
  using Ordered = nlohmann::ordered_json;
  using record::or_null;
  Ordered out = {{"files", o.files},
                 {"read", record::read_json(o.read)},
                 {"label", Ordered()},
                 {"decisions", Ordered::array()}};
  if (o.label) {
    out["label"] = {{"column", o.label->column}, {"favourable", or_null(o.label->favourable)}};
  }
  for (const Contender& each : o.contenders) {
    out["decisions"].push_back({{"name", each.name},
                                {"column", each.column},
                                {"favourable", or_null(each.favourable)},
                                {"threshold", or_null(each.threshold)}});
  }
  if (o.frontier) {
    out["frontier"] = {
        {"by", o.frontier->by}, {"values", o.frontier->values}, {"gap", o.frontier->gap}};
  }
  out["by"] = o.by;
  if (!o.bounds.empty()) out["bounds"] = bounds_json(o.bounds);
  out["groupings"] = table::groupings_json(o.groupings);
  out["level"] = o.level;
  out["rows_min"] = o.rows_min;
  return out;
}

Result<std::vector<Classes>> classes_of(const CompareOptions& o, const Places& places,
                                        const table::Batch& all) {
  std::vector<Classes> out;
  if (o.label) {
    EVENHAND_ASSIGN(table::Labels labels, table::labels_of(all.columns[places.label],
                                                           o.label->column, o.label->favourable));
    out.push_back(std::move(labels.values));
  } else {
    out.emplace_back(all.rows, kMissingClass);
  }
  for (std::size_t c = 0; c < o.contenders.size(); ++c) {
    EVENHAND_ASSIGN(Classes decisions, decided(o.contenders[c], all.columns[places.contenders[c]]));
    out.push_back(std::move(decisions));
  }
  return out;
}

}  // namespace

std::string axis_of(const Contender& contender) { return "= " + contender.name; }

Result<record::Record> compare(const CompareOptions& asked, const OnProgress& progress) {
  EVENHAND_TRY(check(asked));
  CompareOptions options = asked;
  options.by = questions_of(asked);
  const Places places = places_of(options);
  EVENHAND_ASSIGN(const std::vector<std::string> files, table::expand_all(options.files));
  EVENHAND_ASSIGN(const table::Gathered gathered,
                  table::gather(files, options.read, places.wanted, options.threads, progress));
  if (gathered.all.rows == 0) {
    return Error{Code::kBadInput, "no row was read from " + table::spoken(files.front()) +
                                      ", so there is nothing to compare"};
  }
  EVENHAND_ASSIGN(const std::vector<Classes> classes, classes_of(options, places, gathered.all));
  std::vector<Joint> questions;
  for (std::size_t q = 0; q <= options.by.size(); ++q) {
    EVENHAND_ASSIGN(const table::Crossing crossing,
                    q == 0 ? table::cross(gathered.all, {}, {})
                           : table::cross(gathered.all, options.by[q - 1], places.by[q - 1],
                                          options.groupings, options.read.decimal));
    EVENHAND_ASSIGN(Joint counts, joint(options, crossing, classes));
    questions.push_back(std::move(counts));
  }
  record::Record out;
  out.operation = "compare run";
  out.options = options_json(options);
  for (const table::InputFacts& each : gathered.facts) {
    out.inputs.push_back({each.path, each.rows, each.rows_skipped, each.bytes, each.sha256});
  }
  for (const Joint& each : questions) out.tallies.push_back(record::sheet_of(each));
  EVENHAND_ASSIGN(out.findings, compared(options, questions));
  out.left_out = left_out_of(options, questions.front(), out.inputs);
  out.code_version = kVersion;
  return out;
}

}  // namespace evenhand::evaluate
