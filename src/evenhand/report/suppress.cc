// Nodes are counted from the record's tallies; then cells are hidden until nothing changes.
#include "evenhand/report/suppress.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace evenhand::report {
namespace {

using Attributes = std::vector<std::string>;
using Cells = std::map<std::string, std::int64_t>;

bool small(std::int64_t rows) { return rows > 0 && rows < kSmallest; }

bool any_small(const Cells& cells) {
  return std::any_of(cells.begin(), cells.end(), [](const auto& c) { return small(c.second); });
}

std::size_t at(Kind kind) { return static_cast<std::size_t>(kind); }

Attributes attributes(const record::Group& group) {
  Attributes out;
  for (const auto& [attribute, value] : group) out.push_back(attribute);
  return out;
}

/// Group and stratum together.
record::Group whole(const record::Group& group, const record::Group& strata) {
  record::Group out = group;
  out.insert(strata.begin(), strata.end());
  return out;
}

record::Group part(const record::Group& group, const Attributes& of) {
  record::Group out;
  for (const std::string& attribute : of) out[attribute] = group.at(attribute);
  return out;
}

Attributes texts(const record::Sheet& sheet, const char* key) {
  Attributes out;
  if (!sheet.contains(key) || !sheet[key].is_array()) return out;
  for (const auto& item : sheet[key]) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

/// Where a column stands; -1 if it is not there.
int column(const Attributes& columns, const std::string& name) {
  const auto found =
      std::find(columns.rbegin(), columns.rend(), name);  // an attribute may be called "n"
  return found == columns.rend() ? -1 : static_cast<int>(columns.rend() - found) - 1;
}

std::optional<std::string> text(const record::Sheet& cell) {
  if (cell.is_null()) return std::nullopt;
  return cell.is_string() ? cell.get<std::string>() : cell.dump();
}

/// A sheet of counts as far as this page needs it.
struct Counts {
  Attributes attributes;  // by, then strata: the first columns
  int label = -1, decision = -1, n = -1;
  std::vector<int> decisions;  // of a comparison: each way of deciding,
  Attributes ways;             // and its name
  const record::Sheet* rows = nullptr;
};

/// A comparison's sheet crosses groups with axes that are called "= label" and "= NAME".
void find_ways_of_deciding(Counts& counts) {
  const auto is_axis = [](const std::string& name) { return name.starts_with("= "); };
  for (std::size_t c = 0; c < counts.attributes.size(); ++c) {
    if (!is_axis(counts.attributes[c])) continue;
    if (counts.attributes[c] == "= label") {
      counts.label = static_cast<int>(c);
    } else {
      counts.decisions.push_back(static_cast<int>(c));
      counts.ways.push_back(counts.attributes[c].substr(2));
    }
  }
  std::erase_if(counts.attributes, is_axis);  // they stand behind the groups
}

std::vector<Counts> counts_of(const record::Record& record) {
  std::vector<Counts> out;
  for (const record::Sheet& sheet : record.tallies) {
    Counts counts;
    counts.attributes = texts(sheet, "by");
    for (std::string& a : texts(sheet, "strata")) counts.attributes.push_back(std::move(a));
    const Attributes columns = texts(sheet, "columns");
    counts.label = column(columns, "label");
    counts.decision = column(columns, "decision");
    counts.n = column(columns, "n");
    // Of an audit: groups without labels, and rows of a group without a value, which are no groups.
    const bool crosstab = sheet.contains("tally") && sheet["tally"] == "crosstab";
    if (counts.n < 0 || (counts.label < 0 && !crosstab) || sheet.contains("missing")) continue;
    if (!sheet.contains("cells")) continue;
    counts.rows = &sheet["cells"];
    if (crosstab) find_ways_of_deciding(counts);
    out.push_back(std::move(counts));
  }
  // Sheets with decisions tell more; those with fewer attributes are quicker.
  std::stable_sort(out.begin(), out.end(), [](const Counts& a, const Counts& b) {
    return std::pair(a.decision < 0, a.attributes.size()) <
           std::pair(b.decision < 0, b.attributes.size());
  });
  return out;
}

bool has_all(const Counts& counts, const Attributes& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& w) {
    return std::find(counts.attributes.begin(), counts.attributes.end(), w) !=
           counts.attributes.end();
  });
}

void add(Node& node, const std::optional<std::string>& label,
         const std::optional<std::string>& decision, std::int64_t n) {
  node.rows += n;
  if (label) node.labels[*label] += n;
  if (decision) node.decisions[*decision] += n;
  if (label && decision) node.cells[*label + '|' + *decision] += n;
}

/// Cells of each way of deciding: a number of any of them is hidden where one is small. Changes
/// from the first way to each other have cells of their own.
void add_decisions(Node& node, const record::Sheet& row, const Counts& counts,
                   const std::optional<std::string>& label, std::int64_t n) {
  const auto word = [&](int c) { return text(row[static_cast<std::size_t>(c)]); };
  for (std::size_t w = 0; w < counts.decisions.size(); ++w) {
    const auto decision = word(counts.decisions[w]), first = word(counts.decisions[0]);
    const std::string way = std::to_string(w) + '|';
    if (decision) {
      node.decisions[way + *decision] += n;
      if (label) node.cells[way + *label + '|' + *decision] += n;
    }
    if (w == 0 || !decision || !first) continue;
    const std::string change = counts.ways[0] + " to " + counts.ways[w];
    const std::string cell = *first + '|' + *decision;
    node.changes[change][cell] += n;
    if (label) node.changes[change + "|label"][cell + '|' + *label] += n;
  }
}

std::map<record::Group, Node> nodes_of(const Counts& counts, const Attributes& wanted) {
  std::vector<std::pair<std::string, std::size_t>> places;
  for (const std::string& attribute : wanted) {
    const auto found = std::find(counts.attributes.begin(), counts.attributes.end(), attribute);
    places.emplace_back(attribute, static_cast<std::size_t>(found - counts.attributes.begin()));
  }
  std::map<record::Group, Node> out;
  const int columns = std::max({counts.label, counts.decision, counts.n}) + 1;
  for (const record::Sheet& row : *counts.rows) {
    if (!row.is_array() || row.size() < static_cast<std::size_t>(columns)) continue;
    const record::Sheet& n = row[static_cast<std::size_t>(counts.n)];
    if (!n.is_number_integer()) continue;
    record::Group group;
    for (const auto& [attribute, place] : places) group[attribute] = text(row[place]);
    const auto one = [&](int c) {
      return c < 0 ? std::nullopt : text(row[static_cast<std::size_t>(c)]);
    };
    Node& node = out[group];
    add(node, one(counts.label), one(counts.decision), n.get<std::int64_t>());
    add_decisions(node, row, counts, one(counts.label), n.get<std::int64_t>());
  }
  return out;
}

const Cells& cells_of(const Node& node, Kind kind) {
  switch (kind) {
    case Kind::kDecision:
      return node.decisions;
    case Kind::kBoth:
      return node.cells;
    case Kind::kSize:
      break;
    case Kind::kLabel:
    case Kind::kScore:
      break;
  }
  return node.labels;
}

/// What two or more hidden nodes have together must not be small either.
bool together_small(const std::vector<Node*>& hidden, Kind kind) {
  std::int64_t rows = 0;
  Cells cells;
  for (const Node* node : hidden) {
    rows += node->rows;
    if (kind == Kind::kSize) continue;
    for (const auto& [name, n] : cells_of(*node, kind)) cells[name] += n;
  }
  return small(rows) || any_small(cells);
}

/// A number that shows labels and decisions together shows each alone.
void spread(Node& node) {
  bool* const hidden = node.hidden.data();
  for (std::size_t k = 1; k < kKinds; ++k) hidden[k] |= hidden[at(Kind::kSize)];
  hidden[at(Kind::kBoth)] |= hidden[at(Kind::kDecision)] || hidden[at(Kind::kLabel)];
  hidden[at(Kind::kScore)] |= hidden[at(Kind::kLabel)];
}

/// A total and its parts are an equation: with one hidden member, that member can be worked out.
/// @return whether something was hidden.
bool mend(Node& total, const std::vector<Node*>& parts, Kind kind) {
  const std::size_t k = at(kind);
  std::vector<Node*> hidden, shown;
  for (Node* node : parts) {
    if (node->rows > 0) (node->hidden[k] ? hidden : shown).push_back(node);
  }
  const auto safe = [&] {
    if (total.hidden[k]) return !hidden.empty();
    return hidden.empty() || (hidden.size() > 1 && !together_small(hidden, kind));
  };
  std::stable_sort(shown.begin(), shown.end(),
                   [](const Node* a, const Node* b) { return a->rows < b->rows; });
  bool changed = false;
  for (Node* next : shown) {
    if (safe()) return changed;
    next->hidden[k] = changed = true;
    spread(*next);
    hidden.push_back(next);
  }
  if (safe() || total.hidden[k]) return changed;
  total.hidden[k] = true;  // its only part is hidden
  spread(total);
  return true;
}

std::vector<Kind> kinds_of(const metric::Metric* metric) {
  if (metric == nullptr) return {Kind::kBoth, Kind::kScore};
  std::vector<Kind> out{Kind::kSize};
  if (metric->needs_decision) out.push_back(metric->needs_label ? Kind::kBoth : Kind::kDecision);
  if (metric->needs_label && !metric->needs_decision) out.push_back(Kind::kLabel);
  if (metric->needs_label && metric->needs_score) out.push_back(Kind::kScore);
  return out;
}

/// Without a tally the finding itself must do: its rows, and of a share the rows in it and beside
/// it.
bool gives_itself_away(const record::Finding& f) {
  const std::int64_t smallest = f.between ? 2 * kSmallest : kSmallest;
  if (f.rows > 0 && f.rows < smallest) return true;
  if (!f.value || f.between || !f.unit.starts_with("share in")) return false;
  if (!(*f.value >= 0 && *f.value <= 1)) return true;
  const std::int64_t part = std::llround(*f.value * static_cast<double>(f.rows));
  return small(part) || small(f.rows - part);
}

/// What would have been found of a group hangs on the counts of all groups together.
bool hangs_on_all(const record::Finding& f) { return f.metric.starts_with("detectable_"); }

/// A group under one rule, on one set of rows, is a node of its own, as in a stratum.
record::Group place_of(const record::Group& group, const record::Finding& f) {
  record::Group out = whole(group, f.strata);
  for (const auto& [axis, where] : f.at) out["= " + axis] = where;
  return out;
}

/// A policy's record has rates under each rule and no tally: of the rows of a group, of those with
/// and of those without the favourable label. Together they are the group's counts.
std::map<Attributes, std::map<record::Group, Node>> nodes_of_rules(const record::Record& record) {
  std::map<Attributes, std::map<record::Group, Node>> out;
  for (const record::Finding& f : record.findings) {
    if (!f.group || f.at.empty() || f.at.front().first != "rule" || f.rows < 0) continue;
    if (f.group->empty() != f.by.empty()) continue;
    const bool all = f.metric == "selection_rate", right = f.metric == "true_positive_rate";
    if (!all && !right && f.metric != "false_positive_rate") continue;
    const std::int64_t part = std::llround(f.value.value_or(0) * static_cast<double>(f.rows));
    const record::Group place = place_of(*f.group, f);
    Node& node = out[attributes(place)][place];
    if (all) {
      node.rows = f.rows;
      node.decisions = {{"0", f.rows - part}, {"1", part}};
      continue;
    }
    const std::string label = right ? "1" : "0";
    node.labels[label] = f.rows;
    node.cells[label + "|0"] = f.rows - part;
    node.cells[label + "|1"] = part;
  }
  return out;
}

}  // namespace

Suppression::Suppression(const record::Record& record) {
  const std::vector<Counts> sheets = counts_of(record);
  std::set<Attributes> wanted{{}};
  const auto want = [&](const record::Group& group, const record::Group& strata) {
    wanted.insert(attributes(group));
    wanted.insert(attributes(whole(group, strata)));
  };
  for (const record::Finding& f : record.findings) {
    if (f.group) want(*f.group, f.strata);
    if (f.between) want(f.between->first, f.strata), want(f.between->second, f.strata);
  }
  for (const Counts& sheet : sheets) {
    Attributes sorted = sheet.attributes;
    std::sort(sorted.begin(), sorted.end());
    wanted.insert(std::move(sorted));
  }
  for (const Attributes& set : wanted) {
    const auto sheet = std::find_if(sheets.begin(), sheets.end(),
                                    [&](const Counts& counts) { return has_all(counts, set); });
    if (sheet != sheets.end()) nodes_[set] = nodes_of(*sheet, set);
  }
  nodes_.merge(nodes_of_rules(record));
  hide_small();
  // Each round hides at least one kind of one node, so this ends.
  while (hide_with_them()) {
  }
  hide_on_curves(record);
}

void Suppression::hide_small() {
  for (auto& [set, nodes] : nodes_) {
    for (auto& [group, node] : nodes) {
      node.hidden[at(Kind::kSize)] = small(node.rows);
      for (const Kind kind : {Kind::kDecision, Kind::kLabel, Kind::kBoth, Kind::kScore}) {
        node.hidden[at(kind)] = any_small(cells_of(node, kind));
      }
      spread(node);
    }
  }
}

bool Suppression::hide_with_them() {
  bool changed = false;
  for (auto& [fine, nodes] : nodes_) {
    for (auto& [coarse, totals] : nodes_) {
      if (coarse.size() >= fine.size() ||
          !std::includes(fine.begin(), fine.end(), coarse.begin(), coarse.end())) {
        continue;
      }
      std::map<record::Group, std::vector<Node*>> lines;
      for (auto& [group, node] : nodes) lines[part(group, coarse)].push_back(&node);
      for (auto& [group, parts] : lines) {
        const auto total = totals.find(group);
        if (total == totals.end()) continue;
        for (const Kind kind :
             {Kind::kSize, Kind::kDecision, Kind::kLabel, Kind::kBoth, Kind::kScore}) {
          changed |= mend(total->second, parts, kind);
        }
      }
    }
  }
  return changed;
}

/// The points of a line add up to something that is shown, so a small one takes the next smallest
/// along.
bool Suppression::mend_points(const std::vector<const record::Finding*>& line) {
  std::vector<const record::Finding*> shown;
  std::size_t hidden = 0;
  std::int64_t rows = 0;
  for (const record::Finding* f : line) {
    if (f->rows <= 0) continue;
    if (!points_.contains(f)) {
      shown.push_back(f);
      continue;
    }
    rows += std::min(f->rows, kSmallest);  // enough to tell whether they are many
    ++hidden;
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const auto* a, const auto* b) { return a->rows < b->rows; });
  bool changed = false;
  for (const record::Finding* f : shown) {
    if (hidden == 0 || (hidden > 1 && rows >= kSmallest)) break;
    points_.insert(f);
    rows += std::min(f->rows, kSmallest);
    ++hidden;
    changed = true;
  }
  return changed;
}

void Suppression::hide_on_curves(const record::Record& record) {
  using Line = std::tuple<std::string, Attributes, record::Group,
                          std::vector<std::pair<std::string, std::string>>>;
  std::map<Line, std::vector<const record::Finding*>> along,
      across;  // a curve; its points of all groups
  for (const record::Finding& f : record.findings) {
    if (f.at.empty() || !f.group || hangs_on_all(f)) continue;
    if (node(place_of(*f.group, f)) != nullptr) continue;  // counted there
    along[{f.metric, f.by, whole(*f.group, f.strata), {}}].push_back(&f);
    if (!f.by.empty()) across[{f.metric, f.by, f.strata, f.at}].push_back(&f);
    if (gives_itself_away(f)) points_.insert(&f);
  }
  bool changed = true;
  while (changed) {
    changed = false;
    for (const auto* lines : {&along, &across}) {
      for (const auto& [line, points] : *lines) changed |= mend_points(points);
    }
  }
  for (const record::Finding* f : points_) {
    hidden_at_[{f->by, f->at}].insert(*f->group);
  }
}

bool Suppression::tiny(const record::Finding& finding) const {
  if (!finding.group || !finding.at.empty()) return false;
  const Node* found = node(whole(*finding.group, finding.strata));
  return small(found != nullptr ? found->rows : finding.rows);
}

const Node* Suppression::node(const record::Group& group) const {
  const auto set = nodes_.find(attributes(group));
  if (set == nodes_.end()) return nullptr;
  const auto found = set->second.find(group);
  return found == set->second.end() ? nullptr : &found->second;
}

bool Suppression::hides(const record::Group& group, Kind kind) const {
  const Node* found = node(group);
  return found != nullptr && found->hidden[at(kind)];
}

/// A number of a whole question (a chi-square) is one equation more about its groups: where one or
/// two are hidden it could be solved for them. Of three and more, a rounded number does not tell.
bool Suppression::solves_for_hidden(const record::Finding& finding) const {
  if (!finding.group || finding.by.empty()) return false;
  if (!finding.group->empty() && !hangs_on_all(finding)) return false;
  Attributes by = finding.by;
  std::sort(by.begin(), by.end());
  for (const auto& [set, nodes] : nodes_) {
    if (set.empty() || !std::includes(by.begin(), by.end(), set.begin(), set.end())) continue;
    const bool of_labels = set.size() < by.size() || finding.metric == "detectable_label_gap";
    const Kind kind = of_labels ? Kind::kLabel : Kind::kSize;
    const auto hidden = std::count_if(nodes.begin(), nodes.end(), [&](const auto& node) {
      return node.second.rows > 0 && node.second.hidden[at(kind)];
    });
    if (hidden == 1 || hidden == 2) return true;
  }
  return false;
}

/// A gap between the points of two groups tells of either's; what would have been found of a
/// column's missing values, of all. The numbers of a comparison have nodes of their own.
bool Suppression::tells_of_hidden_point(const record::Finding& f) const {
  if (f.at.empty() || f.at.front().first == "decision" || f.at.front().first == "change") {
    return false;
  }
  const auto place = hidden_at_.find({f.by, f.at});
  if (place == hidden_at_.end()) return false;
  if (hangs_on_all(f)) return true;
  return f.between &&
         (place->second.contains(f.between->first) || place->second.contains(f.between->second));
}

namespace {
bool has_small_change(const Node& node, const std::string& change) {
  const auto cells = node.changes.find(change);
  return small(node.rows) || cells == node.changes.end() || any_small(cells->second);
}
}  // namespace

Suppression::FewChanged Suppression::few_changed(const Attributes& by,
                                                 const std::string& change) const {
  const auto [known, is_new] = few_changed_.try_emplace({by, change});
  if (!is_new) return known->second;
  const auto question = nodes_.find(by);
  if (question == nodes_.end()) return known->second;
  std::int64_t least = 0;
  for (const auto& [group, node] : question->second) {
    if (has_small_change(node, change)) {
      ++known->second.hidden;
    } else if (known->second.next == nullptr || node.rows < least) {
      known->second.next = &group, least = node.rows;
    }
  }
  return known->second;
}

/// A change tells of the cells that came in and that went; where those of one group alone are
/// small, they could be worked out from everybody's, so the next smallest group goes along.
bool Suppression::hides_change(const record::Finding& finding, const metric::Metric& metric) const {
  if (finding.at.empty()) return true;
  const std::string change = finding.at.front().second + (metric.needs_label ? "|label" : "");
  Attributes by = finding.by;
  std::sort(by.begin(), by.end());
  const FewChanged few = few_changed(by, change);
  std::vector<record::Group> about;
  if (finding.group) about.push_back(*finding.group);
  if (finding.between) about.insert(about.end(), {finding.between->first, finding.between->second});
  return std::any_of(about.begin(), about.end(), [&](const record::Group& group) {
    const Node* found = node(group);
    return found == nullptr || has_small_change(*found, change) ||
           (few.hidden == 1 && few.next != nullptr && *few.next == group && !finding.by.empty());
  });
}

bool Suppression::hides(const record::Finding& finding, const metric::Metric* metric) const {
  if (metric != nullptr && metric->about == metric::About::kChange) {
    return hides_change(finding, *metric);
  }
  if (points_.contains(&finding) || solves_for_hidden(finding)) return true;
  if (tells_of_hidden_point(finding)) return true;
  std::vector<record::Group> about;
  if (finding.group) about.push_back(*finding.group);
  if (finding.between) about.insert(about.end(), {finding.between->first, finding.between->second});
  for (const record::Group& group : about) {
    const record::Group key = whole(group, finding.strata);
    const record::Group place = place_of(group, finding);
    if (node(key) == nullptr && node(place) == nullptr && gives_itself_away(finding)) return true;
    for (const Kind kind : kinds_of(metric)) {
      if (hides(key, kind) || hides(place, kind)) return true;
    }
  }
  return false;
}

}  // namespace evenhand::report
