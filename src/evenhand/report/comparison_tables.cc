// A comparison in tables: what was asked under each way, and each way before and after.
#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/metric/compare.h"
#include "evenhand/report/comparison.h"
#include "evenhand/report/story.h"

namespace evenhand::report {
namespace {

/// Units stand in the head of a column: "12.3 %" is 12.3 there.
std::string bare(std::string text) {
  for (const char* unit : {" %", " points"}) {
    if (text.ends_with(unit)) text.resize(text.size() - std::string(unit).size());
  }
  return text;
}

Grid::Cell cell_of(const Shown* s) {
  Grid::Cell out;
  if (s == nullptr) return out;
  out.text = bare(s->value());
  if (s->state() == State::kShown) out.below = bare(s->plain());
  return out;
}

bool of_each_group(const Shown& s) {
  const bool compares = s.metric() != nullptr && s.metric()->comparison != nullptr;
  return s.about_group() && !s.about_question() && !compares;
}

/// "Selection rate, lowest ÷ highest by sex: at least 0.8".
std::string bound_of(const Shown& s) {
  return s.name() + (s.by().empty() ? "" : " by " + question(s.by())) +
         (of_each_group(s) && !s.by().empty() ? ", " + s.about() : "") + ": " +
         asked(*s.bound(), s.scale()) +
         (s.bound()->judge == "point" ? ", by the value alone" : "") +
         (s.bound()->severity == "warn" ? " (a warning only)" : "");
}

/// A column of the numbers of each way, or of the changes to each after the first.
struct Column {
  std::string head;
  const std::vector<Shown>* from;
  std::string id;
  bool is_change = false;
};

Grid table_of(const std::string& caption, const std::vector<std::string>& ways,
              const std::vector<Column>& columns) {
  Grid out{caption, {"Way of deciding"}, {}};
  for (const std::string& way : ways) out.rows.push_back({way, {}});
  for (const Column& column : columns) {
    std::vector<Grid::Cell> cells;
    bool any = false;
    for (std::size_t w = 0; w < ways.size(); ++w) {
      const Shown* s =
          column.is_change && w == 0
              ? nullptr
              : number_at(*column.from, column.id, column.is_change ? change_of(ways, w) : ways[w]);
      any = any || s != nullptr;
      cells.push_back(cell_of(s));
      if (column.is_change && w == 0) cells.back().text = "—";
    }
    if (!any) continue;  // what needs a label, where there is none
    out.head.push_back(column.head);
    for (std::size_t w = 0; w < ways.size(); ++w) out.rows[w].cells.push_back(cells[w]);
  }
  return out;
}

}  // namespace

namespace {

Grid::Cell verdict_of(const Shown& s) {
  if (s.state() == State::kHidden) return {"not shown", "small groups", s.verdict()};
  return {s.value(), bare(s.family().empty() ? s.plain() : s.family()), s.verdict()};
}

/// The row of this bound, made where there is none.
Grid::Row& row_of(Grid& grid, const std::string& name) {
  const auto found = std::find_if(grid.rows.begin(), grid.rows.end(),
                                  [&](const Grid::Row& r) { return r.name == name; });
  if (found != grid.rows.end()) return *found;
  grid.rows.push_back({name, std::vector<Grid::Cell>(grid.head.size() - 1)});
  return grid.rows.back();
}

/// Of many bounds (one of each of many groups), those that something breaks come first.
void shorten(Grid& grid) {
  constexpr std::size_t kMost = 40;
  if (grid.rows.size() <= kMost) return;
  std::stable_partition(grid.rows.begin(), grid.rows.end(), [](const Grid::Row& row) {
    return std::any_of(row.cells.begin(), row.cells.end(), [](const Grid::Cell& cell) {
      return cell.verdict == record::Verdict::kBroken;
    });
  });
  grid.caption +=
      "; " + count(grid.rows.size() - kMost, "more stands", "more stand") + " in record.json";
  grid.rows.resize(kMost);
}

Grid all_bounds(const View& view) {
  const std::vector<std::string> ways = ways_of(view);
  Grid out{"Each bound under each way of deciding, on the " + count(view.rows, "row", "rows") +
               " that all of them decide; with each value the interval that its verdict rests on",
           {"What was asked"},
           {}};
  out.head.insert(out.head.end(), ways.begin(), ways.end());
  for (const Shown& s : view.judged) {
    const auto way = std::find(ways.begin(), ways.end(), s.at());
    if (s.axis() != "decision" || way == ways.end() || !s.verdict()) continue;
    row_of(out, bound_of(s)).cells[static_cast<std::size_t>(way - ways.begin())] = verdict_of(s);
  }
  return out;
}

}  // namespace

Grid bounds_by_way(const View& view) {
  Grid out = all_bounds(view);
  shorten(out);
  return out;
}

namespace {

/// The column of what is decided or scored, as an evaluation and a way of deciding name it.
std::string column_of(const nlohmann::ordered_json& said) {
  for (const char* name : {"decision", "score", "column"}) {
    if (!said.is_object() || !said.contains(name)) continue;
    if (said[name].is_string()) return said[name].get<std::string>();
    if (const std::string inner = column_of(said[name]); !inner.empty()) return inner;
  }
  return "";
}

/// Which of the compared ways is the evaluated one; "" where none is.
std::string way_evaluated(const View& evaluation, const View& comparison) {
  const std::string of = column_of(evaluation.record->options);
  const auto& options = comparison.record->options;
  if (of.empty() || !options.is_object() || !options.contains("decisions")) return "";
  const std::vector<std::string> names = ways_of(comparison);
  for (std::size_t w = 0; w < std::min(names.size(), options["decisions"].size()); ++w) {
    if (column_of(options["decisions"][w]) == of) return names[w];
  }
  return "";
}

}  // namespace

Grid bounds_by_way(const View& evaluation, const View& comparison) {
  Grid out = all_bounds(comparison);
  if (out.rows.empty()) return out;
  std::vector<Grid::Row> ways = std::move(out.rows);
  out.rows.clear();
  out.head.insert(out.head.begin() + 1, evaluation_title(*evaluation.record) + ", " +
                                            count(evaluation.rows, "row", "rows"));
  out.caption = "Each bound, evaluated; then under each way of deciding, on the " +
                count(comparison.rows, "row", "rows") +
                " that all of them decide; with each value the interval that its verdict "
                "rests on";
  for (const Shown& s : evaluation.judged) {
    if (s.verdict() && s.within().empty()) row_of(out, bound_of(s)).cells.front() = verdict_of(s);
  }
  if (const std::string way = way_evaluated(evaluation, comparison); !way.empty()) {
    out.note = "“" + way +
               "” is what was evaluated, here on fewer rows: where its two verdicts differ, "
               "more rows could tell more.";
  }
  for (Grid::Row& each : ways) {
    Grid::Row& row = row_of(out, each.name);
    std::move(each.cells.begin(), each.cells.end(), row.cells.begin() + 1);
  }
  for (Grid::Row& row : out.rows) {
    for (Grid::Cell& cell : row.cells) {
      if (!cell.verdict) cell.text = "—";
    }
  }
  shorten(out);
  return out;
}

std::string bounds_sentence(const View& view) {
  const Grid all = all_bounds(view);
  if (all.rows.empty()) return "";
  std::string out = "Of " + count(all.rows.size(), "bound", "bounds");
  for (std::size_t w = 1; w < all.head.size(); ++w) {
    std::size_t met = 0, broken = 0;
    for (const Grid::Row& row : all.rows) {
      met += row.cells[w - 1].verdict == record::Verdict::kMet ? 1 : 0;
      broken += row.cells[w - 1].verdict == record::Verdict::kBroken ? 1 : 0;
    }
    const std::size_t open = all.rows.size() - met - broken;
    std::vector<std::string> parts;
    if (met > 0) parts.push_back("meets " + thousands(met));
    if (broken > 0) parts.push_back("breaks " + thousands(broken));
    if (open > 0) parts.push_back("leaves " + thousands(open) + " that cannot be told");
    out += (w == 1 ? " " : "; ") + ("“" + all.head[w] + "” ") + enumerated(parts);
  }
  return out + ".";
}

BeforeAfter before_and_after(const View& view) {
  const std::vector<std::string> ways = ways_of(view);
  BeforeAfter out;
  if (const Question* all = everybody(view)) {
    out.everybody = table_of("Everybody, before and after", ways,
                             {{"Accuracy, %", &all->groups, "accuracy"},
                              {"Selected, %", &all->groups, "selection_rate"},
                              {"Newly selected, %", &all->groups, "newly_favourable", true},
                              {"No longer selected, %", &all->groups, "newly_unfavourable", true}});
  }
  for (const Question& q : view.questions) {
    if (q.by.empty()) continue;
    std::vector<Column> columns = {
        {"Selection rate, points", &q.gaps, "selection_rate_difference"},
        {"True positive rate, points", &q.gaps, "true_positive_rate_difference"},
        {"False positive rate, points", &q.gaps, "false_positive_rate_difference"}};
    const std::optional<Frontier> along = frontier(view, q);
    const bool other = along && std::none_of(columns.begin(), columns.end(),
                                             [&](const Column& c) { return c.id == along->gap; });
    if (other) {
      std::string words = along->gap.substr(0, along->gap.rfind('_'));
      std::replace(words.begin(), words.end(), '_', ' ');
      words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
      columns.push_back({words + ", points", &q.gaps, along->gap});
    }
    out.questions.push_back(table_of("Gaps by " + q.name + ", before and after", ways, columns));
  }
  return out;
}

namespace {

std::vector<Grid> side_by_side(const BeforeAfter& tables) {
  std::vector<Grid> out = tables.questions;
  if (out.empty()) return {tables.everybody};
  if (tables.everybody.rows.size() != out.front().rows.size()) return out;
  Grid& first = out.front();
  for (std::size_t c = 1; c < first.head.size(); ++c) first.head[c] = "Gap: " + first.head[c];
  first.caption = "Everybody, and gaps" + first.caption.substr(std::string("Gaps").size());
  first.head.insert(first.head.begin() + 1, tables.everybody.head.begin() + 1,
                    tables.everybody.head.end());
  for (std::size_t w = 0; w < first.rows.size(); ++w) {
    const auto& cells = tables.everybody.rows[w].cells;
    first.rows[w].cells.insert(first.rows[w].cells.begin(), cells.begin(), cells.end());
  }
  return out;
}

}  // namespace

std::vector<Grid> heads(const View& view) {
  std::vector<Grid> out;
  if (!is_comparison(view)) return out;
  if (Grid bounds = bounds_by_way(view); !bounds.rows.empty()) out.push_back(std::move(bounds));
  for (Grid& each : side_by_side(before_and_after(view))) {
    if (each.head.size() > 1) out.push_back(std::move(each));
  }
  return out;
}

}  // namespace evenhand::report
