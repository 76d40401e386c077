// The terminal table: narrow enough for 100 columns where names allow it.
#include <algorithm>
#include <string>
#include <vector>

#include "evenhand/metric/compare.h"
#include "evenhand/report/audit.h"
#include "evenhand/report/comparison.h"
#include "evenhand/report/report.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {
namespace {

constexpr std::size_t kRates = 3;  // columns of rates beside each other
constexpr std::size_t kQuestions = 8;

std::string padded(const std::string& text, std::size_t to, bool right = false) {
  const std::string space(to - std::min(to, width(text)), ' ');
  return right ? space + text : text + space;
}

using Cells = std::vector<std::vector<std::string>>;  // rows of equal length; the first is the head

std::string laid_out(const Cells& cells) {
  std::vector<std::size_t> widths(cells.front().size());
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : cells) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i) line += padded(row[i], widths[i], i > 0) + "  ";
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string cell(const Shown& s) {
  return s.state() == State::kShown ? s.value() + "  (" + s.plain() + ")" : s.value();
}

std::string rows_of(const Size& size) {
  if (size.rows) return thousands(*size.rows);
  return size.small ? "fewer than 11" : "not shown";
}

/// The last row of a table: the same rates of all rows.
std::vector<std::string> everybodys(const Question& everybody,
                                    const std::vector<std::vector<const Shown*>>& columns) {
  std::vector<std::string> out{"everybody",
                               everybody.sizes.empty() ? "" : rows_of(everybody.sizes.front())};
  for (const auto& column : columns) {
    out.emplace_back();
    for (const Shown& s : everybody.groups) {
      if (s.id() == column.front()->id() && s.within().empty()) out.back() = cell(s);
    }
  }
  return out;
}

/// Groups down, the first rates across.
std::string groups_of(const Question& q, const Question* everybody, std::size_t most) {
  std::vector<std::vector<const Shown*>> columns;
  for (const auto& findings : by_metric(q.groups)) {
    std::vector<const Shown*> whole;
    for (const Shown* s : findings) {
      if (s->within().empty()) whole.push_back(s);
    }
    if (!whole.empty() && columns.size() < kRates) columns.push_back(std::move(whole));
  }
  if (columns.empty()) return "";
  Cells cells{{"by " + q.name, "rows"}};
  for (const auto& column : columns) cells[0].push_back(column.front()->name());
  const std::size_t shown = std::min(most, q.sizes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const Size& size = q.sizes[i];
    std::vector<std::string> row{size.name, rows_of(size)};
    for (const auto& column : columns) {
      const auto found = std::find_if(column.begin(), column.end(),
                                      [&](const Shown* s) { return s->about() == size.name; });
      row.push_back(found == column.end() ? "" : cell(**found));
    }
    cells.push_back(std::move(row));
  }
  if (everybody != nullptr) cells.push_back(everybodys(*everybody, columns));
  std::string out = laid_out(cells);
  if (q.sizes.size() > shown) {
    out += "  ... and " + count(q.sizes.size() - shown, "more group", "more groups") +
           ", in the report\n";
  }
  return out + "\n";
}

/// Comparisons that nobody set a bound on: those with one stand among the verdicts.
std::string gaps_of(const Question& q, std::size_t most) {
  std::string out;
  std::size_t told = 0, more = 0;
  for (const Shown& s : q.gaps) {
    if (s.bound() || !s.within().empty()) continue;
    if (told == most) {
      ++more;
      continue;
    }
    ++told;
    out += "  " + s.name() + " by " + q.name + ": " + cell(s);
    if (s.state() == State::kShown) out += (s.about_group() ? ", " : " between ") + s.about();
    if (s.state() == State::kUndefined) out += ", because " + s.reason();
    out += "\n";
  }
  if (more > 0)
    out += "  ... and " + count(more, "more comparison", "more comparisons") + ", in the report\n";
  return out.empty() ? out : out + "\n";
}

/// Whoever named metrics wants to see them; whoever set bounds sees those.
std::size_t gaps_wanted(const record::Record& record, const View& shown) {
  constexpr std::size_t kAsked = 12, kUnasked = 3;
  const auto& options = record.options;
  const bool named =
      options.is_object() && options.contains("metrics") && !options["metrics"].empty();
  return named ? kAsked : shown.judged.empty() ? kUnasked : 0;
}

std::string coloured(const std::string& text, record::Verdict verdict, bool colour) {
  if (!colour) return text;
  const char* code = verdict == record::Verdict::kBroken ? "\033[1;31m"
                     : verdict == record::Verdict::kMet  ? "\033[32m"
                                                         : "\033[33m";
  return code + text + "\033[0m";
}

std::string judged(const Story& story, bool colour) {
  constexpr std::size_t kWord = 11;  // "cannot tell"
  constexpr std::size_t kMost = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, story.judged.size()); ++i) {
    const Sentence& s = story.judged[i];
    out +=
        "  " + coloured(padded(word(*s.verdict), kWord), *s.verdict, colour) + "  " + s.text + "\n";
  }
  const std::size_t all = story.judged.size() + story.judged_left_out;
  if (all > kMost)
    out += "  ... and " + count(all - kMost, "more bound", "more bounds") + ", in the report\n";
  return out;
}

/// Rows of a comparison's table. A verdict stands before its value; intervals stay on the page
/// where they would make lines too long.
std::string laid_out(const Grid& grid, bool colour) {
  if (grid.rows.empty() || grid.head.size() < 2) return "";
  Cells cells{grid.head};
  for (const Grid::Row& row : grid.rows) {
    cells.push_back({row.name});
    for (const Grid::Cell& cell : row.cells) {
      cells.back().push_back(cell.verdict         ? word(*cell.verdict) + "  " + cell.text
                             : cell.below.empty() ? cell.text
                                                  : cell.text + " (" + cell.below + ")");
    }
  }
  std::string out = laid_out(cells);
  if (!colour) return out;
  for (const auto verdict :
       {record::Verdict::kBroken, record::Verdict::kMet, record::Verdict::kCannotTell}) {
    const std::string plain = word(verdict) + "  ";
    for (std::size_t at = out.find(plain); at != std::string::npos;) {
      const std::string with = coloured(word(verdict), verdict, colour);
      out.replace(at, plain.size() - 2, with);
      at = out.find(plain, at + with.size());
    }
  }
  return out;
}

/// Bounds by ways, then each way before and after.
std::string compared(const View& view, bool colour) {
  const BeforeAfter tables = before_and_after(view);
  std::string out = laid_out(bounds_by_way(view), colour);
  if (!out.empty()) out += '\n';
  Grid everybody = tables.everybody;
  if (!everybody.head.empty()) everybody.head[0] = "everybody";
  out += laid_out(everybody, false);
  for (Grid each : tables.questions) {
    each.head[0] = each.caption.substr(0, each.caption.find(','));
    out += '\n' + laid_out(each, false);
  }
  return out + '\n';
}

/// What is no table: the sentences that matter most.
std::string sentences(const Story& story) {
  constexpr std::size_t kMost = 16;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, story.found.size()); ++i) {
    out += "  " + story.found[i] + "\n";
  }
  if (story.found.size() > kMost) {
    out += "  ... and " + count(story.found.size() - kMost, "more", "more") + ", in the report\n";
  }
  for (const std::string& s : story.cannot_be_told) out += "  " + s + "\n";
  return out;
}

}  // namespace

std::string table(const record::Record& record, const FindMetric& find,
                  const TableOptions& options) {
  const View shown = view(record, find);
  const Story told = story(shown);
  const Question* all = everybody(shown);
  std::string out;
  if (is_audit(shown) || is_comparison(shown)) {
    return told.headline + "\n" +
           (is_comparison(shown) ? "\n" + compared(shown, options.colour) : "") + sentences(told) +
           judged(told, options.colour);
  }
  for (std::size_t i = 0; i < std::min(kQuestions, shown.questions.size()); ++i) {
    const Question& q = shown.questions[i];
    if (&q == all && shown.questions.size() > 1) continue;
    out += groups_of(q, &q == all ? nullptr : all, options.groups);
    if (const std::size_t most = gaps_wanted(record, shown); most > 0) out += gaps_of(q, most);
  }
  out += told.headline + "\n" + judged(told, options.colour);
  for (const std::string& s : told.cannot_be_told) out += "  " + s + "\n";
  return out;
}

}  // namespace evenhand::report
