// The same numbers as the page, without pictures.
#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/metric/compare.h"
#include "evenhand/report/audit.h"
#include "evenhand/report/audit_tables.h"
#include "evenhand/report/chapters.h"
#include "evenhand/report/report.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {
namespace {

std::string esc(std::string_view text) { return markdown_escaped(text); }
/// In a table's cell, which starts no line.
std::string in_cell(std::string_view text) { return markdown_escaped(text, false); }

constexpr std::size_t kListed = 200;  // findings of a metric in a table

std::string bullets(const std::vector<std::string>& sentences) {
  if (sentences.empty()) return "";
  std::string out;
  for (const std::string& s : sentences) out += "- " + esc(s) + "\n";
  return out + "\n";
}

/// Code in a table cell: a backtick would end it.
std::string code(std::string text) {
  std::replace(text.begin(), text.end(), '`', '\'');
  std::string out = "`";
  for (const char c : text) out += c == '|' ? "\\|" : std::string(1, c);
  return out + "`";
}

std::string notes(const Shown& s) {
  std::string out;
  if (const std::string open = s.left_open(); !open.empty()) out += "; " + open;
  if (const std::string test = s.test(); !test.empty()) out += "; " + test;
  return out;
}

std::string row(const Shown& s, bool strata, bool judged) {
  std::string out = "| " + in_cell(s.about()) + " | ";
  if (strata) out += in_cell(s.within()) + " | ";
  out += in_cell(s.value()) + " | " +
         in_cell(s.state() == State::kShown       ? s.plain() + notes(s)
                 : s.state() == State::kUndefined ? s.reason()
                                                  : "") +
         " | " + (s.rows() ? thousands(*s.rows()) : std::string()) + " |";
  if (judged) {
    out += " " + in_cell(s.family()) + " | " +
           (s.bound() ? in_cell(asked(*s.bound(), s.scale())) : "") + " | " +
           (s.verdict() ? word(*s.verdict()) : "") + " |";
  }
  return out + "\n";
}

std::string table_of(const View& view, const std::vector<const Shown*>& findings,
                     const char* what) {
  const auto any = [&](const auto& holds) {
    return std::any_of(findings.begin(), findings.end(), holds);
  };
  const bool strata = any([](const Shown* s) { return !s->within().empty(); });
  const bool judged = any([](const Shown* s) { return s->bound().has_value(); });
  std::string out = "**" + esc(findings.front()->name()) + "** " +
                    code(cleaned(findings.front()->id())) + "\n\n| " + what + " |";
  std::string rule = "|---|";
  const auto column = [&](const std::string& name, const char* side) {
    out += " " + name + " |";
    rule += side;
  };
  if (strata) column("Among", "---|");
  column("Value", "---:|");
  column(view.level + " interval", "---:|");
  column("Rows", "---:|");
  if (judged) {
    column("Interval of the verdict", "---:|");
    column("Asked", "---|");
    column("Verdict", "---|");
  }
  out += "\n" + rule + "\n";
  const Choice choice = choose(findings, kListed);
  for (const Shown* s : choice.shown) out += row(*s, strata, judged);
  out += "\n";
  if (choice.left_out > 0) out += esc(says_choice(choice)) + "\n\n";
  return out;
}

std::string grids(const std::vector<Grid>& all) {
  std::string out;
  for (const Grid& grid : all) out += markdown_of(grid);
  return out;
}

std::string audit_parts(const View& view, const std::string& level) {
  Room room;
  room.listed = kListed;
  std::string out;
  for (const Part& part : audit_tables(view, room)) {
    out += level + " " + esc(part.title) + "\n\n" + grids(part.grids);
  }
  return out;
}

std::string tables(const View& view) {
  std::string out = "## Tables\n\n";
  if (view.hidden > 0) out += esc(kWhyHidden) + "\n\n";
  if (is_audit(view)) return out + audit_parts(view, "###");
  for (const Question& q : view.questions) {
    out += "### By " + esc(q.name) + "\n\n";
    for (const auto& findings : by_metric(q.gaps))
      out += table_of(view, findings, "Groups compared");
    for (const auto& findings : by_metric(q.groups)) out += table_of(view, findings, "Group");
  }
  return out;
}

std::string metrics(const std::vector<const metric::Metric*>& all) {
  if (all.empty()) return "";
  std::string out = "| Metric | Asks | Formula | Source |\n|---|---|---|---|\n";
  for (const metric::Metric* m : all) {
    out += "| " + code(m->name) + " | " + in_cell(m->says) + " | " + code(m->formula) + " | " +
           in_cell(m->source) + " |\n";
  }
  return out + "\n";
}

std::string provenance(const View& view) {
  const record::Record& r = *view.record;
  std::string out = "Made by Evenhand " + esc(cleaned(r.code_version)) + " with " +
                    code(cleaned(r.operation)) + ", seed " + std::to_string(r.seed) +
                    ", record version " + std::to_string(r.version) + ". " +
                    (r.tallies.empty() ? kFromRows
                                       : "`evenhand verify record.json` computes the numbers "
                                         "again.") +
                    "\n\n"
                    "| File | Rows | Skipped | Bytes | SHA-256 |\n|---|---:|---:|---:|---|\n";
  for (const record::Input& input : r.inputs) {
    out += "| " + in_cell(cleaned(input.path)) + " | " + thousands(input.rows) + " | " +
           thousands(input.rows_skipped) + " | " + thousands(input.bytes) + " | " +
           code(cleaned(input.sha256)) + " |\n";
  }
  out += "\n| Option | Value |\n|---|---|\n";
  for (const auto& [name, value] : view.options)
    out += "| " + code(name) + " | " + code(value) + " |\n";
  return out + "\n";
}

std::string judged(const std::vector<Sentence>& sentences, std::size_t left_out) {
  std::string out;
  for (const Sentence& s : sentences)
    out += "- **" + (s.verdict ? word(*s.verdict) : "") + "** " + esc(s.text) + "\n";
  if (left_out > 0)
    out += "- " + count(left_out, "more bound", "more bounds") + " in record.json\n";
  return out.empty() ? out : out + "\n";
}

/// With a heading, where there is something under it.
std::string under(const std::string& heading, const std::string& text) {
  return text.empty() ? "" : heading + "\n\n" + text;
}

// --- Several records: tables in fewer lines ---------------------------------------------------

/// A number with its interval in one cell; without one, why.
std::string cell(const Shown& s) {
  std::string out = s.value();
  if (s.state() == State::kShown) out += " (" + s.plain() + notes(s) + ")";
  if (s.state() == State::kUndefined) out += ": " + s.reason();
  if (s.bound()) {
    out += "; " + asked(*s.bound(), s.scale()) + (s.verdict() ? ": " + word(*s.verdict()) : "");
  }
  return in_cell(out);
}

using Line = std::pair<std::string, std::string>;  // a group, and among whom

std::string rows_of(const Question& q, const std::string& group) {
  for (const Size& size : q.sizes) {
    if (size.name == group && size.rows) return thousands(*size.rows);
  }
  return "";
}

/// Groups down, a few metrics beside each other.
/// @param lines  in their order; with more of them than this has room for, see table_of.
std::string block(const Question& q, const std::vector<Line>& lines,
                  const std::vector<std::vector<const Shown*>>& metrics) {
  const bool among = std::any_of(lines.begin(), lines.end(),
                                 [](const Line& line) { return !line.second.empty(); });
  std::string head = "| Group |", rule = "|---|";
  head += among ? " Among |" : " Rows |";
  rule += among ? "---|" : "---:|";
  std::vector<std::map<Line, const Shown*>> cells;
  for (const auto& findings : metrics) {
    head += " " + in_cell(findings.front()->name()) + " |";
    rule += "---:|";
    cells.emplace_back();
    for (const Shown* s : findings) cells.back()[{s->about(), s->within()}] = s;
  }
  std::string out = head + "\n" + rule + "\n";
  for (const Line& line : lines) {
    out += "| " + in_cell(line.first) + " | " +
           (among ? in_cell(line.second) : rows_of(q, line.first)) + " |";
    for (const auto& column : cells) {
      const auto found = column.find(line);
      out += " " + (found == column.end() ? std::string() : cell(*found->second)) + " |";
    }
    out += "\n";
  }
  return out + "\n";
}

/// One metric at several places: places down, groups across.
/// @return "" where there are too few places, or too many groups for it.
std::string across(const std::vector<Line>& lines, const std::vector<const Shown*>& findings) {
  std::vector<std::string> groups, places;
  const auto note = [](std::vector<std::string>& to, const std::string& name) {
    if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
  };
  for (const auto& [group, among] : lines) note(groups, group), note(places, among);
  constexpr std::size_t kGroups = 8;
  if (places.size() < 2 || groups.size() < 2 || groups.size() > kGroups) return "";
  std::map<Line, const Shown*> cells;
  for (const Shown* s : findings) cells[{s->about(), s->within()}] = s;
  std::string out = "| " + in_cell(findings.front()->name()) + " |", rule = "|---|";
  for (const std::string& group : groups) out += " " + in_cell(group) + " |", rule += "---:|";
  out += "\n" + rule + "\n";
  for (const std::string& place : places) {
    out += "| " + in_cell(place) + " |";
    for (const std::string& group : groups) {
      const auto found = cells.find({group, place});
      out += " " + (found == cells.end() ? std::string() : cell(*found->second)) + " |";
    }
    out += "\n";
  }
  return out + "\n";
}

/// Findings about groups. Those of one kind of place (all rows, points of one axis) share tables.
std::string groups_of(const View& view, const Question& q) {
  std::vector<std::pair<std::string, std::vector<Shown>>> kinds;
  for (const Shown& s : q.groups) {
    const auto same = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const auto& kind) { return kind.first == s.axis(); });
    (same == kinds.end() ? kinds.emplace_back(s.axis(), std::vector<Shown>{}) : *same)
        .second.push_back(s);
  }
  std::string out;
  for (const auto& [axis, findings] : kinds) {
    std::vector<Line> lines;
    for (const Shown& s : findings) {
      const Line line{s.about(), s.within()};
      if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    }
    const auto metrics = by_metric(findings);
    constexpr std::size_t kLines = 150, kBeside = 4;
    if (lines.size() > kLines) {
      for (const auto& metric : metrics) out += table_of(view, metric, "Group");
      continue;
    }
    const std::string turned = metrics.size() == 1 ? across(lines, metrics.front()) : "";
    out += turned;
    for (std::size_t m = turned.empty() ? 0 : metrics.size(); m < metrics.size(); m += kBeside) {
      const auto from = metrics.begin() + static_cast<std::ptrdiff_t>(m);
      const auto to = from + static_cast<std::ptrdiff_t>(std::min(kBeside, metrics.size() - m));
      out += block(q, lines, {from, to});
    }
  }
  return out;
}

/// Comparisons of groups, one below the other.
std::string gaps_of(const View& view, const Question& q) {
  if (q.gaps.empty()) return "";
  const bool among =
      std::any_of(q.gaps.begin(), q.gaps.end(), [](const Shown& s) { return !s.within().empty(); });
  std::string out = std::string("| Metric |") + (among ? " Among |" : "") +
                    " Groups compared | Value | " + view.level + " interval | Rows |\n|---|" +
                    (among ? "---|" : "") + "---|---:|---:|---:|\n";
  constexpr std::size_t kMost = 150;
  for (std::size_t i = 0; i < std::min(kMost, q.gaps.size()); ++i) {
    const Shown& s = q.gaps[i];
    std::string value = s.value(), limits = s.plain() + notes(s);
    if (s.state() == State::kUndefined) limits = s.reason();
    if (s.state() == State::kHidden) limits.clear();
    if (s.bound()) {
      value += "; " + asked(*s.bound(), s.scale()) + (s.verdict() ? ": " + word(*s.verdict()) : "");
    }
    out += "| " + in_cell(s.name()) + " | " + (among ? in_cell(s.within()) + " | " : "") +
           in_cell(s.about()) + " | " + in_cell(value) + " | " + in_cell(limits) + " | " +
           (s.rows() ? thousands(*s.rows()) : std::string()) + " |\n";
  }
  out += "\n";
  if (q.gaps.size() > kMost) {
    out += count(q.gaps.size() - kMost, "more stands", "more stand") + " in record.json.\n\n";
  }
  return out;
}

std::string short_tables(const View& view) {
  std::string out;
  if (view.hidden > 0) out += esc(kWhyHidden) + "\n\n";
  if (is_audit(view)) return out + audit_parts(view, "####");
  for (const Question& q : view.questions) {
    out += under("#### By " + esc(q.name), gaps_of(view, q) + groups_of(view, q));
  }
  return out;
}

// --- Several records: once for all ------------------------------------------------------------

/// The anchor that forges give a heading.
std::string link(const Chapter& chapter) {
  std::string anchor;
  for (const char c : chapter.story.title) {
    if (c >= 'A' && c <= 'Z') anchor += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-') anchor += c;
    if (c == ' ') anchor += '-';
  }
  return "[" + esc(chapter.story.title) + "](#" + anchor + ")";
}

std::string once(const std::vector<Shared>& sentences, const std::vector<Chapter>& chapters) {
  std::string out;
  for (const Shared& each : sentences) {
    const std::string of = holds_for(each, chapters);
    out += "- " + esc(each.text) + (of.empty() ? "" : " (" + esc(of) + ")") + "\n";
  }
  return out + "\n";
}

std::string summary(const Summary& told, const std::vector<Chapter>& chapters) {
  std::string out = "**" + esc(told.lead) + "**\n\n" + judged(told.judged, 0) + grids(told.tables);
  if (!told.judged.empty() || !told.tables.empty()) out += esc(kCaution) + "\n\n";
  if (!told.beware.empty()) out += esc(told.beware) + "\n\n";
  for (const Answer& each : told.answers) {
    std::string more;
    for (const std::size_t c : each.chapters)
      more += (more.empty() ? "" : ", ") + link(chapters[c]);
    out +=
        "### " + esc(each.question) + "\n\n" + bullets(each.sentences) + "More: " + more + "\n\n";
  }
  out += "### What was done\n\n";
  for (std::size_t c = 0; c < chapters.size(); ++c) {
    out += std::to_string(c + 1) + ". " + link(chapters[c]) + ": " + esc(told.done[c]) + "\n";
  }
  return out + "\n";
}

std::string chapter(const Chapter& chapter) {
  const auto& [view, story, id] = chapter;
  return "## " + esc(story.title) + "\n\n**" + esc(story.headline) + "**\n\n" +
         judged(story.judged, story.judged_left_out) + grids(heads(view)) +
         under("### What was found", bullets(story.found)) +
         under("### What cannot be told", bullets(story.cannot_be_told)) +
         under("### Tables", view.questions.empty() ? "" : short_tables(view));
}

std::string appendix(const std::vector<Chapter>& chapters, const Summary& told) {
  std::string out = "## Appendix\n\n### What the words mean\n\n" +
                    once(shared(chapters, &Story::meanings), chapters) + "### Methods\n\n" +
                    once(shared(chapters, &Story::intervals), chapters) +
                    metrics(metrics_of(chapters)) + "### Limitations\n\n" +
                    once(shared(chapters, &Story::limitations), chapters) +
                    "### What was asked of each stage, and where it comes from\n\n";
  for (const Chapter& each : chapters) {
    out += "#### " + esc(each.story.title) + "\n\n" + bullets(each.story.asked) +
           provenance(each.view);
  }
  return out + "### A paragraph to paste\n\n" + esc(paragraph_of(chapters, told)) + "\n";
}

}  // namespace

std::string markdown(const record::Record& record, const FindMetric& find) {
  const View shown = view(record, find);
  const Story told = story(shown);
  return "# " + esc(told.title) + "\n\n**" + esc(told.headline) + "**\n\n" +
         judged(told.judged, told.judged_left_out) + grids(heads(shown)) + bullets(told.meanings) +
         "## What was asked\n\n" + bullets(told.asked) +
         under("## What was found", bullets(told.found)) +
         under("## What cannot be told", bullets(told.cannot_be_told)) + tables(shown) +
         "## Methods\n\n" + bullets(told.intervals) + metrics(shown.metrics) +
         under("## Limitations", bullets(told.limitations)) + "## Provenance\n\n" +
         provenance(shown) + "## A paragraph to paste\n\n" + esc(told.paragraph) + "\n";
}

std::string markdown(std::span<const record::Record> records, const FindMetric& find) {
  if (records.size() == 1) return markdown(records.front(), find);
  const std::vector<Chapter> chapters = chapters_of(records, find);
  const Summary told = summary_of(chapters);
  std::string out = "# " + Story().title + "\n\n" + summary(told, chapters);
  for (const Chapter& each : chapters) out += chapter(each);
  return out + appendix(chapters, told);
}

}  // namespace evenhand::report
