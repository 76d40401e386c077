#include "evenhand/data/audit_baseline.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "evenhand/base/nearest.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/crossing.h"
#include "evenhand/table/gather.h"

namespace evenhand::data {
namespace {

using table::As;
using tally::Key;

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_known(const Key& key) {
  return std::all_of(key.begin(), key.end(), [](const auto& v) { return v.has_value(); });
}

Error bad(const AuditOptions& o, const std::string& says) {
  return {Code::kBadInput, "the baseline " + table::spoken(o.baseline) + " " + says};
}

/// Numbers by group, of one question.
using ByKey = std::map<Key, double>;

/// A file of numbers by attributes.
struct Numbers {
  Names attributes;
  std::vector<std::pair<Key, double>> rows;
};

enum class Shape { kWide, kLong };

struct Looked {
  Shape shape = Shape::kWide;
  Names attributes;   // columns that are attributes of the audit
  Names others;       // the rest, in the order of the file
  std::string group;  // long: the column of the groups
  Names columns;
};

std::string quoted(const Names& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "\"" : ", \"") + name + '"';
  return out;
}

Result<Looked> look(const AuditOptions& o, const AuditColumns& columns) {
  EVENHAND_ASSIGN(const auto reader, table::open(o.baseline, {}));
  Looked out;
  out.columns = reader->columns();
  for (const std::string& name : out.columns) {
    (has(columns.attributes, name) ? out.attributes : out.others).push_back(name);
  }
  if (o.baseline_count && !has(out.columns, *o.baseline_count)) {
    const std::string near = nearest(*o.baseline_count, out.columns);
    return Error{Code::kNotFound, "the baseline " + table::spoken(o.baseline) +
                                      " has no column \"" + *o.baseline_count + '"' +
                                      (near.empty() ? "; it has " + quoted(out.columns)
                                                    : "; did you mean \"" + near + "\"?")};
  }
  const Names& rest = out.others;
  const bool is_long = has(rest, "attribute") && (has(rest, "group") || has(rest, "value"));
  if (is_long && out.columns.size() == 3 && o.baseline_kind != "people") {
    out.shape = Shape::kLong;
    out.group = has(rest, "group") ? "group" : "value";
    return out;
  }
  if (out.attributes.empty()) {
    return bad(o, "has none of the columns of the groups (" + table::crossed(columns.attributes) +
                      "); it needs them, and one column of shares or counts, and has " +
                      quoted(out.columns));
  }
  return out;
}

/// What a table may be mistaken for.
constexpr const char* kOrPeople = "if each of its rows is a person, say --baseline-kind people";

/// The column of shares or counts: the one that was named, or the only one that is left.
Result<std::string> number_column(const AuditOptions& o, const Looked& looked) {
  if (o.baseline_count) return *o.baseline_count;
  Names left;
  for (const std::string& name : looked.others) {
    const bool key = looked.shape == Shape::kLong && (name == "attribute" || name == looked.group);
    if (!key) left.push_back(name);
  }
  if (left.size() == 1) return left.front();
  const std::string says = "has " + (left.empty() ? std::string("no column") : quoted(left)) +
                           " beside the columns of the groups (" +
                           table::crossed(looked.attributes) +
                           "), and a table of shares or counts has one. ";
  return bad(o,
             says +
                 (left.empty() ? "Add it; or, "
                               : "Name it: --baseline-count \"" + left.front() + "\", say; or, ") +
                 kOrPeople);
}

/// Texts of a column, one a row.
std::vector<std::optional<std::string>> texts(const table::Column& column) {
  std::vector<std::optional<std::string>> out;
  for (const std::uint32_t code : column.codes) {
    out.push_back(code == 0 ? std::nullopt : std::optional(column.values[code - 1]));
  }
  return out;
}

/// Whether the baseline names groups, where the data's numbers are cut: "under 25", or a new name.
bool names_groups(const table::Column& column, const table::Grouping& how) {
  Names known = table::bin_names(how.edges);
  for (const auto& [from, to] : how.rename) known.push_back(to);
  return std::all_of(column.values.begin(), column.values.end(),
                     [&](const std::string& value) { return has(known, value); });
}

/// As groups, cut and renamed as the data are; names that are groups already stay.
Result<table::Column> group(const AuditOptions& o, const std::string& attribute,
                            const table::Batch& rows, std::size_t place) {
  const auto how = o.groupings.find(attribute);
  if (how != o.groupings.end() && names_groups(rows.columns[place], how->second)) {
    table::Column column = rows.columns[place];
    table::rename(column, how->second.rename);
    return column;
  }
  return table::grouped(rows, place, attribute, o.groupings, o.read.decimal);
}

/// A share or a count in row r, from 0.
Result<double> number_at(const AuditOptions& o, const std::string& column, std::size_t r,
                         const std::optional<std::string>& text) {
  auto x = text ? table::parse_number(*text, o.read.decimal) : std::nullopt;
  if (text && !x) x = table::parse_number(*text, '.');  // tables of shares are often from elsewhere
  if (x && *x >= 0 && std::isfinite(*x)) return *x;
  return bad(o, "holds " +
                    (!text ? std::string("nothing")
                     : x   ? *text
                           : table::shown(*text)) +
                    " in row " + std::to_string(r + 1) + " of \"" + column +
                    "\", and a share or a count is a number from 0 on. Mend it there; or name "
                    "another column: --baseline-count" +
                    (o.baseline_kind.empty() ? std::string("; or, ") + kOrPeople : ""));
}

using Texts = std::vector<std::optional<std::string>>;

/// A table lists each group once: no two rows are the same but for their number.
Result<void> check_once(const AuditOptions& o, const std::vector<Texts>& keys, std::size_t rows) {
  std::map<Key, std::size_t> first;
  for (std::size_t r = 0; r < rows; ++r) {
    Key key;
    for (const Texts& column : keys) key.push_back(column[r]);
    const auto [at, is_new] = first.try_emplace(key, r);
    if (is_new) continue;
    return bad(o,
               "lists \"" + table::spoken(key) + "\" in row " + std::to_string(at->second + 1) +
                   " and again in row " + std::to_string(r + 1) +
                   ", and a table of shares or counts lists each group once. Take one out; or, " +
                   kOrPeople);
  }
  return {};
}

Result<Numbers> read_numbers(const AuditOptions& o, const Looked& looked,
                             const OnProgress& progress, record::Input& input) {
  EVENHAND_ASSIGN(const std::string number, number_column(o, looked));
  std::vector<table::Wanted> wanted;
  for (const std::string& name : looked.columns) wanted.push_back({name, As::kText});
  EVENHAND_ASSIGN(table::Gathered all, table::gather({o.baseline}, {}, wanted, 1, progress));
  const table::InputFacts& f = all.facts.front();
  input = {f.path, f.rows, f.rows_skipped, f.bytes, f.sha256};
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(looked.columns.begin(), looked.columns.end(), name) -
                                    looked.columns.begin());
  };
  std::vector<Texts> as_written;
  for (const std::string& name : looked.columns) {
    if (name != number) as_written.push_back(texts(all.all.columns[place(name)]));
  }
  EVENHAND_TRY(check_once(o, as_written, all.all.rows));
  Numbers out{looked.shape == Shape::kLong ? Names{"attribute", looked.group} : looked.attributes,
              {}};
  std::vector<Texts> columns;
  for (const std::string& name : out.attributes) {
    if (looked.shape == Shape::kLong) {
      columns.push_back(texts(all.all.columns[place(name)]));
      continue;
    }
    EVENHAND_ASSIGN(const table::Column column, group(o, name, all.all, place(name)));
    columns.push_back(texts(column));
  }
  const Texts numbers = texts(all.all.columns[place(number)]);
  for (std::size_t r = 0; r < all.all.rows; ++r) {
    EVENHAND_ASSIGN(const double x, number_at(o, number, r, numbers[r]));
    Key key;
    for (const Texts& column : columns) key.push_back(column[r]);
    out.rows.emplace_back(std::move(key), x);
  }
  return out;
}

/// Whether it is counted as a data set, a person a row: where that was said; or where all its
/// columns are columns of the data, as of another data set like it, and groups repeat.
Result<bool> is_people(const AuditOptions& o, const AuditColumns& columns, const Looked& looked,
                       const OnProgress& progress) {
  if (!o.baseline_kind.empty()) return o.baseline_kind == "people";
  const bool alike = std::all_of(looked.columns.begin(), looked.columns.end(), [&](const auto& c) {
    return has(columns.all, c) || o.weight == c;
  });
  if (looked.shape == Shape::kLong || o.baseline_count || !alike) return false;
  std::vector<table::Wanted> wanted;
  for (const std::string& name : looked.attributes) wanted.push_back({name, As::kText});
  EVENHAND_ASSIGN(const table::Gathered all,
                  table::gather({o.baseline}, {}, wanted, o.threads, progress));
  std::set<std::vector<std::uint32_t>> seen;
  for (std::size_t r = 0; r < all.all.rows; ++r) {
    std::vector<std::uint32_t> key;
    for (const table::Column& column : all.all.columns) key.push_back(column.codes[r]);
    if (!seen.insert(std::move(key)).second) return true;
  }
  return false;
}

/// Of a question, from a wide or a long table; nothing where it does not speak of it.
std::optional<ByKey> of_table(const Looked& looked, const Numbers& numbers, const By& by,
                              const table::Groupings& groupings) {
  ByKey out;
  if (looked.shape == Shape::kLong) {
    if (by.size() != 1) return std::nullopt;
    const auto how = groupings.find(by.front());
    for (const auto& [key, x] : numbers.rows) {
      if (key[0] != by.front() || !key[1]) continue;
      std::string name = *key[1];
      if (how != groupings.end() && how->second.rename.contains(name)) {
        name = how->second.rename.at(name);
      }
      out[{name}] += x;
    }
    return out.empty() ? std::nullopt : std::optional(out);
  }
  std::vector<std::size_t> at;
  for (const std::string& name : by) {
    const auto found = std::find(looked.attributes.begin(), looked.attributes.end(), name);
    if (found == looked.attributes.end()) return std::nullopt;
    at.push_back(static_cast<std::size_t>(found - looked.attributes.begin()));
  }
  for (const auto& [whole, x] : numbers.rows) {
    Key key;
    for (const std::size_t i : at) key.push_back(whole[i]);
    if (is_known(key)) out[key] += x;
  }
  return out;
}

AuditBaseline baseline_of(const By& by, const ByKey& numbers) {
  AuditBaseline out{by, {}, {}, {}};
  double all = 0;
  for (const auto& [key, x] : numbers) {
    out.keys.push_back(key);
    out.shares.push_back(x);
    all += x;
  }
  for (double& share : out.shares) share /= all;
  return out;
}

Result<void> check_sum(const AuditOptions& o, const By& by, const ByKey& numbers) {
  double sum = 0, most = 0;
  for (const auto& [key, x] : numbers) {
    sum += x;
    most = std::max(most, x);
  }
  if (!(sum > 0)) return bad(o, "has nobody in the groups of " + table::crossed(by));
  constexpr double kNear = 0.01, kFine = 1e9;  // digits beyond are the addition's
  if (most <= 1 && numbers.size() > 1 && std::abs(sum - 1) > kNear) {
    return bad(o, "gives shares of " + table::crossed(by) + " that add up to " +
                      table::spelled(std::round(sum * kFine) / kFine) +
                      ", and shares of all groups add up to 1. Mend them, or give counts of "
                      "people");
  }
  return {};
}

/// Every group that the data have must be in the baseline, with somebody.
Result<void> check_groups(const AuditOptions& o, const AuditQuestion& q, const AuditBaseline& b) {
  Names lacking, empty, known;
  for (const Key& key : b.keys) known.push_back(table::spoken(key));
  for (const tally::Crosstab::Cell& cell : q.rows.cells()) {
    const Key& key = q.rows.groups().keys[cell.group];
    if (!is_known(key)) continue;
    const auto at = std::find(b.keys.begin(), b.keys.end(), key);
    if (at == b.keys.end()) {
      lacking.push_back(table::spoken(key));
    } else if (b.rows.empty() && b.shares[static_cast<std::size_t>(at - b.keys.begin())] == 0) {
      empty.push_back(table::spoken(key));
    }
  }
  constexpr std::size_t kNamed = 8;
  const auto listed = [&](const Names& names) {
    std::string out;
    for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
      out += (i == 0 ? "\"" : ", \"") + names[i] + '"';
    }
    return names.size() > kNamed ? out + " and " + std::to_string(names.size() - kNamed) + " more"
                                 : out;
  };
  if (!lacking.empty()) {
    const std::string near = nearest(lacking.front(), known);
    return bad(o, "has no " + table::crossed(q.by) + " " + listed(lacking) +
                      ", which the data have; its groups are " + listed(known) +
                      (near.empty() ? "" : "; did it mean \"" + near + "\"?") +
                      ". Add the group there, or give both one name: [groups." + q.by.front() +
                      "] rename");
  }
  if (!empty.empty()) {
    return bad(o, "gives " + table::crossed(q.by) + " " + listed(empty) +
                      " a share of 0, and the data have rows of it; a population without a group "
                      "is not the one that these rows come from");
  }
  return {};
}

/// Shares of a data set: people by group, Kish's effective rows where they are weighted.
std::optional<AuditBaseline> of_data(const AuditQuestion& q) {
  AuditBaseline out{q.by, {}, {}, {}};
  double w = 0, w2 = 0;
  for (const tally::Crosstab::Cell& cell : q.rows.cells()) {
    const Key& key = q.rows.groups().keys[cell.group];
    if (!is_known(key)) continue;
    const bool weighted = q.rows.weighted();
    out.keys.push_back(key);
    out.shares.push_back(weighted ? cell.w : static_cast<double>(cell.n));
    w += out.shares.back();
    w2 += weighted ? cell.w2 : static_cast<double>(cell.n);
  }
  if (!(w > 0)) return std::nullopt;
  for (double& share : out.shares) {
    share /= w;
    out.rows.push_back(share * w * w / w2);
  }
  return out;
}

/// Groups of the data that a data set lacks have a share of 0 there, by chance or not.
void add_lacking(const AuditQuestion& q, AuditBaseline& b) {
  for (const Key& key : q.rows.groups().keys) {
    if (!is_known(key) || std::find(b.keys.begin(), b.keys.end(), key) != b.keys.end()) continue;
    const auto at = std::lower_bound(b.keys.begin(), b.keys.end(), key, tally::before);
    const auto place = at - b.keys.begin();
    b.keys.insert(at, key);
    b.shares.insert(b.shares.begin() + place, 0.0);
    b.rows.insert(b.rows.begin() + place, 0.0);
  }
}

Result<Baselines> from_data(const AuditOptions& o, const AuditColumns& columns,
                            const Looked& looked, const AuditCounts& counts,
                            const OnProgress& progress) {
  AuditOptions there;
  there.files = {o.baseline};
  there.groupings = o.groupings;
  there.threads = o.threads;
  if (o.weight && has(looked.columns, *o.weight)) {
    there.weight = o.weight;
    there.weight_kind = o.weight_kind;
  }
  AuditColumns asked{{By{}}, looked.attributes, {}, {}};
  Baselines out;
  for (const By& by : columns.questions) {
    if (by.empty()) continue;
    const bool speaks = std::all_of(by.begin(), by.end(), [&](const std::string& name) {
      return has(looked.attributes, name);
    });
    if (speaks) {
      asked.questions.push_back(by);
    } else {
      out.silent.push_back(table::crossed(by));
    }
  }
  EVENHAND_ASSIGN(const AuditCounts counted, count(there, asked, progress));
  out.input = counted.inputs.front();
  out.counted = true;
  for (const AuditQuestion& q : counted.questions) {
    if (q.by.empty()) continue;
    auto b = of_data(q);
    if (!b) return bad(o, "has nobody whose " + table::crossed(q.by) + " is known");
    const auto mine = std::find_if(counts.questions.begin(), counts.questions.end(),
                                   [&](const AuditQuestion& each) { return each.by == q.by; });
    add_lacking(*mine, *b);
    out.of.push_back(std::move(*b));
  }
  return out;
}

Result<Baselines> uniform(const AuditCounts& counts) {
  Baselines out;
  for (const AuditQuestion& q : counts.questions) {
    if (q.by.empty()) continue;
    ByKey equal;
    for (const Key& key : q.rows.groups().keys) {
      if (is_known(key)) equal[key] = 1;
    }
    if (!equal.empty()) out.of.push_back(baseline_of(q.by, equal));
  }
  return out;
}

/// std::map sorts keys its own way; groups have theirs.
void in_order(AuditBaseline& b) {
  std::vector<std::size_t> order(b.keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return tally::before(b.keys[i], b.keys[j]); });
  AuditBaseline sorted{b.by, {}, {}, {}};
  for (const std::size_t i : order) {
    sorted.keys.push_back(b.keys[i]);
    sorted.shares.push_back(b.shares[i]);
    if (!b.rows.empty()) sorted.rows.push_back(b.rows[i]);
  }
  b = std::move(sorted);
}

}  // namespace

Result<Baselines> read_baselines(const AuditOptions& o, const AuditColumns& columns,
                                 const AuditCounts& counts, const OnProgress& progress) {
  if (o.baseline.empty()) return Baselines{};
  if (o.baseline == "uniform") return uniform(counts);
  EVENHAND_ASSIGN(const Looked looked, look(o, columns));
  EVENHAND_ASSIGN(const bool people, is_people(o, columns, looked, progress));
  if (people) return from_data(o, columns, looked, counts, progress);
  Baselines out;
  record::Input input;
  EVENHAND_ASSIGN(const Numbers numbers, read_numbers(o, looked, progress, input));
  out.input = input;
  for (const AuditQuestion& q : counts.questions) {
    if (q.by.empty()) continue;
    const auto found = of_table(looked, numbers, q.by, o.groupings);
    if (!found) {
      out.silent.push_back(table::crossed(q.by));
      continue;
    }
    EVENHAND_TRY(check_sum(o, q.by, *found));
    AuditBaseline b = baseline_of(q.by, *found);
    in_order(b);
    EVENHAND_TRY(check_groups(o, q, b));
    out.of.push_back(std::move(b));
  }
  if (!out.of.empty()) return out;
  return bad(o, "speaks of none of the groups that were asked for");
}

}  // namespace evenhand::data
