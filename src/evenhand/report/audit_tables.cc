#include "evenhand/report/audit_tables.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "evenhand/report/audit_evidence.h"
#include "evenhand/report/story.h"

namespace evenhand::report {
namespace {

constexpr const char* kSmallestGap = "Smallest gap that would have been found";

/// Findings of a question, by metric and place on a curve; those about one group each by it, too.
class Index {
 public:
  explicit Index(const Question& q) {
    for (const Shown& s : q.groups) groups_.emplace(Key{s.id(), s.at(), *s.group()}, &s);
    for (const Shown& s : q.gaps) gaps_.emplace(Key{s.id(), s.at(), {}}, &s);
  }
  const Shown* group(const std::string& id, const record::Group& group,
                     const std::string& at = "") const {
    return look(groups_, {id, at, group});
  }
  const Shown* gap(const std::string& id, const std::string& at = "") const {
    return look(gaps_, {id, at, {}});
  }

 private:
  using Key = std::tuple<std::string, std::string, record::Group>;
  using Map = std::map<Key, const Shown*>;
  static const Shown* look(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : found->second;
  }
  Map groups_, gaps_;
};

std::string rows_of(const Size& size) {
  if (size.rows) return thousands(*size.rows);
  return size.small ? "fewer than 11 rows" : "not shown";
}

/// Value with its interval, or why there is none.
Grid::Cell cell(const Shown* s) {
  if (s == nullptr) return {};
  if (s->state() != State::kShown) return {s->value()};
  const std::string limits = s->plain();
  return {s->value(), limits == "exact" ? std::string() : limits};
}

std::optional<double> value_of(const Shown* s) {
  return s == nullptr ? std::nullopt : s->numbers().value;
}

std::vector<const Shown*> of_metric(const Question& q, std::string_view id) {
  std::vector<const Shown*> out;
  for (const Shown& s : q.groups) {
    if (s.id() == id) out.push_back(&s);
  }
  return out;
}

/// Share of the baseline: what is shown of both sides says it.
Grid::Cell baseline_share(const Shown* share, const Shown* gap) {
  const auto p = value_of(share), d = value_of(gap);
  if (p && d) return {number(std::max(0.0, *p - *d), Scale::kPercent, 1)};
  return {gap == nullptr || gap->state() == State::kShown ? "" : gap->value()};
}

std::vector<Grid::Cell> who_row(const Index& index, const Size& size, bool baseline) {
  const Shown* share = index.group("row_share", size.group);
  std::vector<Grid::Cell> row{{rows_of(size)}};
  const Shown* gap = index.group("representation_gap", size.group);
  const bool unknown = share != nullptr && share->unknown();
  if (unknown || (baseline && gap == nullptr)) {
    row.push_back({unknown ? "takes no part" : "not in the baseline"});
    row.resize(baseline ? 7 : 2);
    return row;
  }
  row.push_back(cell(share));
  if (!baseline) return row;
  row.push_back(baseline_share(share, gap));
  row.push_back(cell(gap));
  const Shown* lacks = index.group("rows_short", size.group);
  row.push_back(value_of(lacks).value_or(1) > 0 ? cell(lacks) : Grid::Cell{"none"});
  for (const char* id : {"rows_to_collect", "detectable_gap"}) {
    row.push_back(cell(index.group(id, size.group)));
  }
  return row;
}

Grid who_is_here(const View& view, const Question& q, const Index& index, const Room& room) {
  const bool baseline = index.gap("largest_representation_gap") != nullptr;
  Grid out{"Who is here, and who is missing: " + q.name, {"Group", "Rows", "Share of the rows"}};
  if (baseline) {
    for (const char* head : {"Share of the baseline", "Gap", "Rows short at this size",
                             "Rows to collect", kSmallestGap}) {
      out.head.emplace_back(head);
    }
  }
  const Choice choice = choose(of_metric(q, "row_share"), room.listed);
  std::set<record::Group> chosen;
  for (const Shown* s : choice.shown) chosen.insert(*s->group());
  for (const Size& size : q.sizes) {
    if (chosen.contains(size.group))
      out.rows.push_back({size.name, who_row(index, size, baseline)});
  }
  if (const Shown* all = index.gap("rows_to_collect"); all != nullptr) {
    out.rows.push_back({"all groups", {{}, {}, {}, {}, {}, cell(all), {}}});
  }
  out.note = (baseline ? "Below a share and a gap stands its " : "Below a share stands its ") +
             view.level + " interval. ";
  if (baseline) {
    out.note +=
        "Short: rows that the group would have more of at this size, were its share the "
        "baseline's. To collect: rows to add so that all shares fit and none goes. A smaller gap "
        "than the last one may be there, unseen. ";
  }
  out.note += says_choice(choice);
  return out;
}

std::optional<Grid> labels(const Question& q, const Question* everybody, const Index& index,
                           const Room& room) {
  const Choice choice = choose(of_metric(q, "base_rate"), room.listed);
  if (choice.shown.empty()) return std::nullopt;
  Grid out{"Labels: " + q.name, {"Group", "Rows with a label", "Favourable", kSmallestGap}};
  const auto row = [&](const Shown& s, const std::string& name) {
    Grid::Cell share = cell(&s);
    if (!s.left_open().empty()) share.below += "; " + s.left_open();
    out.rows.push_back({name,
                        {{s.rows() ? thousands(*s.rows()) : ""},
                         std::move(share),
                         cell(index.group("detectable_label_gap", *s.group()))}});
  };
  for (const Shown* s : choice.shown) row(*s, s->about());
  if (everybody != nullptr) {
    for (const Shown* s : of_metric(*everybody, "base_rate")) row(*s, "everybody");
  }
  out.note = says_choice(choice);
  return out;
}

constexpr std::size_t kOpen = 12;  // rows of a table that is not folded away

std::optional<Grid> missing(const Question& q, const Question* everybody, const Index& index,
                            const Room& room) {
  const std::vector<const Shown*> all = of_metric(q, "missing_rate");
  if (all.empty()) return std::nullopt;
  Grid out{"Missing values: " + q.name,
           {"Column", "Group", "Rows", "Without a value", kSmallestGap}};
  out.words = 2;
  std::vector<std::string> columns;
  for (const Shown* s : all) {
    if (std::find(columns.begin(), columns.end(), s->at()) == columns.end())
      columns.push_back(s->at());
  }
  std::size_t left_out = 0;
  for (const std::string& column : columns) {
    std::vector<const Shown*> here;
    for (const Shown* s : all) {
      if (s->at() == column) here.push_back(s);
    }
    const Choice choice = choose(here, std::max<std::size_t>(room.listed / columns.size(), 2));
    left_out += choice.left_out;
    const auto row = [&](const Shown& s, const std::string& name) {
      out.rows.push_back({column,
                          {{name},
                           {s.rows() ? thousands(*s.rows()) : ""},
                           cell(&s),
                           cell(index.group("detectable_missing_gap", *s.group(), column))}});
    };
    for (const Shown* s : choice.shown) row(*s, s->about());
    if (everybody == nullptr) continue;
    for (const Shown* s : of_metric(*everybody, "missing_rate")) {
      if (s->at() == column) row(*s, "everybody");
    }
  }
  out.note = says_choice({{}, left_out});
  out.folded = out.rows.size() > kOpen;
  return out;
}

std::optional<Grid> proxies(const Question& q, const Room& room) {
  const Choice choice = choose(of_metric(q, "proxy_auc"), room.listed);
  if (choice.shown.empty()) return std::nullopt;
  Grid out{"What tells the groups: " + q.name, {"From", "Group", "AUC"}};
  out.words = 2;
  for (const Shown* s : choice.shown) out.rows.push_back({s->at(), {{s->about()}, cell(s)}});
  out.note = "0.5 tells nothing, 1 everything. " + says_choice(choice);
  out.folded = out.rows.size() > kOpen;
  return out;
}

std::optional<Grid> sources(const Question& q, const Index& index) {
  static constexpr std::pair<const char*, const char*> kAsked[] = {
      {"effective_sources_q0", "Sources, with those unseen"},
      {"effective_sources_q1", "Equal sources that would be as diverse (q = 1)"},
      {"effective_sources_q2", "The same, by the large ones (q = 2)"},
      {"largest_source_share", "Share of the largest"},
      {"baseline_coverage", "Share of the baseline whose sources are here"}};
  Grid out{"Diversity of sources: " + q.name, {"Metric", "Value"}};
  if (index.gap("effective_sources_q1") == nullptr) return std::nullopt;
  for (const auto& [id, words] : kAsked) {
    if (const Shown* s = index.gap(id); s != nullptr) out.rows.push_back({words, {cell(s)}});
  }
  return out;
}

/// What has no place above, so that no number is lost.
std::optional<Grid> others(const Question& q, const Room& room) {
  static const std::set<std::string, std::less<>> kElsewhere{"row_share",
                                                             "representation_gap",
                                                             "rows_short",
                                                             "rows_to_collect",
                                                             "detectable_gap",
                                                             "base_rate",
                                                             "proxy_auc",
                                                             "missing_rate",
                                                             "base_rate_difference",
                                                             "missing_rate_difference",
                                                             "detectable_label_gap",
                                                             "detectable_missing_gap",
                                                             "effective_sources_q0",
                                                             "effective_sources_q1",
                                                             "effective_sources_q2",
                                                             "largest_source_share",
                                                             "chi_square_baseline",
                                                             "g_test",
                                                             "cohens_w",
                                                             "detectable_w",
                                                             "chi_square_independence",
                                                             "cramers_v",
                                                             "detectable_v"};
  Grid out{"More numbers: " + q.name, {"Metric", "Of", "Value", "Rows"}};
  out.words = 2;
  out.folded = true;
  for (const std::vector<Shown>* all : {&q.gaps, &q.groups}) {
    for (const auto& findings : by_metric(*all)) {
      if (kElsewhere.contains(findings.front()->id())) continue;
      const Choice choice = choose(findings, room.listed);
      for (const Shown* s : choice.shown) {
        out.rows.push_back(
            {s->name(),
             {{s->about(), s->within()}, cell(s), {s->rows() ? thousands(*s->rows()) : ""}}});
      }
      if (out.note.empty()) out.note = says_choice(choice);
    }
  }
  return out.rows.empty() ? std::nullopt : std::optional(std::move(out));
}

/// The largest gap of a group that would have gone unseen: "9.0 points", "B".
Grid::Cell unseen(const Question& q, std::string_view id, const std::string& at) {
  const Shown* most = nullptr;
  bool hidden = false;
  for (const Shown& s : q.groups) {
    if (s.id() != id || s.at() != at) continue;
    hidden = hidden || s.state() == State::kHidden;
    if (s.state() != State::kShown) continue;
    if (most == nullptr || *value_of(&s) > *value_of(most)) most = &s;
  }
  if (most == nullptr) return {hidden ? "not shown" : "none"};
  return {most->value(), most->about()};
}

class Tests {
 public:
  Tests(const View& view, const Room& room) : view_(view), room_(room) {
    out_.caption = "Tests of all groups together";
    out_.head = {
        "Test",         "Of", "Statistic", "p", "Effect", "Smallest that would have been found",
        "What it shows"};
    out_.words = 2;
    out_.numbers = 6;
    out_.note =
        "A high p-value is no evidence of balance: read which of three the last column says. "
        "Evidence of balance, of near independence and of near equality come from tests of "
        "equivalence against the tolerance in brackets. “Found” means with a probability of 80 %.";
  }

  Grid done() && {
    for (const Question& q : view_.questions) against_baseline(q);
    for (const Question& q : view_.questions) independence(q);
    for (const Question& q : view_.questions) labels(q);
    for (const Question& q : view_.questions) missing(q);
    if (out_.rows.size() > room_.listed) {
      out_.note +=
          " " + thousands(out_.rows.size() - room_.listed) + " more tests stand in record.json.";
      out_.rows.resize(room_.listed);
    }
    return std::move(out_);
  }

 private:
  static Grid::Cell p_of(const Shown* test) {
    const auto p = test == nullptr ? std::nullopt : test->log10_p();
    return {p ? p_value(*p) : ""};
  }
  static Grid::Cell statistic(const Shown* test) {
    return {test == nullptr ? "" : test->value(),
            test != nullptr && test->state() == State::kUndefined ? test->reason() : ""};
  }
  static Grid::Cell effect(const char* name, const Shown* s) {
    Grid::Cell out = cell(s);
    if (s != nullptr && s->state() == State::kShown) out.text = name + (" " + out.text);
    return out;
  }
  Grid::Cell says(const Shown* effect, const Shown* test, const Nouns& nouns) const {
    if (effect == nullptr || !effect->bound()) return {};
    if (effect->state() == State::kUndefined) return {"undefined: " + effect->reason()};
    const Shows shown = shows(view_, *effect, test);
    if (effect->state() == State::kHidden && shown.evidence == Evidence::kNeither)
      return {"not shown"};
    return {told(shown, nouns)};
  }

  void against_baseline(const Question& q) {
    const Index index(q);
    const Shown* test = index.gap("chi_square_baseline");
    if (test == nullptr) return;
    out_.rows.push_back({"Chi-square test against the baseline",
                         {{q.name},
                          statistic(test),
                          p_of(test),
                          effect("Cohen's w", index.gap("cohens_w")),
                          cell(index.gap("detectable_w")),
                          says(index.gap("largest_representation_gap"), test, kOfShares)}});
    const Shown* g = index.gap("g_test");
    if (g != nullptr) {
      out_.rows.push_back(
          {"G-test against the baseline", {{q.name}, statistic(g), p_of(g), {}, {}, {}}});
    }
  }

  void independence(const Question& q) {
    const Index index(q);
    const Shown* test = index.gap("chi_square_independence");
    if (test == nullptr) return;
    const Shown* v = index.gap("cramers_v");
    out_.rows.push_back({"Chi-square test of independence",
                         {{q.name},
                          statistic(test),
                          p_of(test),
                          effect("Cramér's V", v),
                          cell(index.gap("detectable_v")),
                          says(v, test, kOfAssociation)}});
  }

  void gap(const Question& q, const Shown& s, const std::string& test, const char* detectable) {
    const Shown* own = &s;
    Grid::Cell size = cell(own);
    if (s.state() == State::kShown) size.below += ", " + s.about();
    out_.rows.push_back({test,
                         {{q.name},
                          {},
                          p_of(own),
                          std::move(size),
                          unseen(q, detectable, s.at()),
                          says(own, own, kOfGap)}});
  }

  void labels(const Question& q) {
    const Index index(q);
    if (const Shown* s = index.gap("base_rate_difference"); s != nullptr) {
      gap(q, *s, "Labels alike in all groups (chi-square)", "detectable_label_gap");
    }
  }

  void missing(const Question& q) {
    for (const Shown& s : q.gaps) {
      if (s.id() != "missing_rate_difference") continue;
      gap(q, s, "Missing alike in all groups: " + s.at(), "detectable_missing_gap");
    }
  }

  const View& view_;
  const Room& room_;
  Grid out_;
};

}  // namespace

std::vector<Part> audit_tables(const View& view, const Room& room) {
  std::vector<Part> out;
  const Question* all = everybody(view);
  std::size_t questions = 0;
  for (const Question& q : view.questions) {
    if (&q == all && view.questions.size() > 1) continue;  // the last row of the others' tables
    if (questions == room.questions) break;
    const Index index(q);
    Part part{"By " + q.name, {}};
    const auto add = [&](std::optional<Grid> grid) {
      if (grid) part.grids.push_back(std::move(*grid));
    };
    if (!of_metric(q, "row_share").empty()) add(who_is_here(view, q, index, room));
    const Question* everyone = &q == all ? nullptr : all;
    add(labels(q, everyone, index, room));
    add(missing(q, everyone, index, room));
    add(proxies(q, room));
    add(sources(q, index));
    add(others(q, room));
    if (part.grids.empty()) continue;  // of two attributes: in the table of tests
    out.push_back(std::move(part));
    ++questions;
  }
  Grid tests = Tests(view, room).done();
  if (!tests.rows.empty()) out.push_back({"Tests", {std::move(tests)}});
  return out;
}

}  // namespace evenhand::report
