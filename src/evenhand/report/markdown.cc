// The same numbers as the page, without pictures.
#include <algorithm>
#include <span>
#include <sstream>
#include <string>

#include "evenhand/metric/compare.h"
#include "evenhand/report/audit.h"
#include "evenhand/report/audit_tables.h"
#include "evenhand/report/report.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {
namespace {

std::string esc(std::string_view text) { return markdown_escaped(text); }

constexpr std::size_t kListed = 200;  // findings of a metric in a table

std::string bullets(const std::vector<std::string>& sentences) {
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
  std::string out = "| " + esc(s.about()) + " | ";
  if (strata) out += esc(s.within()) + " | ";
  out += esc(s.value()) + " | " +
         esc(s.state() == State::kShown       ? s.plain() + notes(s)
             : s.state() == State::kUndefined ? s.reason()
                                              : "") +
         " | " + (s.rows() ? thousands(*s.rows()) : std::string()) + " |";
  if (judged) {
    out += " " + esc(s.family()) + " | " + (s.bound() ? esc(asked(*s.bound(), s.scale())) : "") +
           " | " + (s.verdict() ? word(*s.verdict()) : "") + " |";
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
  if (strata) column("Within", "---|");
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

std::string tables(const View& view) {
  std::string out = "## Tables\n\n";
  if (view.hidden > 0) out += esc(kWhyHidden) + "\n\n";
  if (is_audit(view)) {
    Room room;
    room.listed = kListed;
    for (const Part& part : audit_tables(view, room)) {
      out += "### " + esc(part.title) + "\n\n";
      for (const Grid& grid : part.grids) out += markdown_of(grid);
    }
    return out;
  }
  for (const Question& q : view.questions) {
    out += "### By " + esc(q.name) + "\n\n";
    for (const auto& findings : by_metric(q.gaps)) out += table_of(view, findings, "Between");
    for (const auto& findings : by_metric(q.groups)) out += table_of(view, findings, "Group");
  }
  return out;
}

std::string methods(const View& view, const Story& story) {
  std::string out = "## Methods\n\n" + bullets(story.intervals) +
                    "| Metric | Asks | Formula | Source |\n|---|---|---|---|\n";
  for (const metric::Metric* m : view.metrics) {
    out += "| " + code(m->name) + " | " + esc(m->says) + " | " + code(m->formula) + " | " +
           esc(m->source) + " |\n";
  }
  return out + "\n";
}

std::string provenance(const View& view) {
  const record::Record& r = *view.record;
  std::string out = "## Provenance\n\nMade by Evenhand " + esc(cleaned(r.code_version)) + " with " +
                    code(cleaned(r.operation)) + ", seed " + std::to_string(r.seed) +
                    ", record version " + std::to_string(r.version) +
                    ". `evenhand verify record.json` computes the numbers again.\n\n"
                    "| File | Rows | Skipped | Bytes | SHA-256 |\n|---|---:|---:|---:|---|\n";
  for (const record::Input& input : r.inputs) {
    out += "| " + esc(cleaned(input.path)) + " | " + thousands(input.rows) + " | " +
           thousands(input.rows_skipped) + " | " + thousands(input.bytes) + " | " +
           code(cleaned(input.sha256)) + " |\n";
  }
  out += "\n| Option | Value |\n|---|---|\n";
  for (const auto& [name, value] : view.options)
    out += "| " + code(name) + " | " + code(value) + " |\n";
  return out + "\n";
}

}  // namespace

std::string markdown(const record::Record& record, const FindMetric& find) {
  const View shown = view(record, find);
  const Story told = story(shown);
  std::string out = "# " + told.title + "\n\n**" + esc(told.headline) + "**\n\n";
  for (const Sentence& s : told.judged)
    out += "- **" + (s.verdict ? word(*s.verdict) : "") + "** " + esc(s.text) + "\n";
  if (told.judged_left_out > 0)
    out += "- " + count(told.judged_left_out, "more bound", "more bounds") + " in record.json\n";
  if (!told.judged.empty()) out += "\n";
  out += bullets(told.meanings) + "## What was asked\n\n" + bullets(told.asked);
  if (!told.found.empty()) out += "## What was found\n\n" + bullets(told.found);
  if (!told.cannot_be_told.empty())
    out += "## What cannot be told\n\n" + bullets(told.cannot_be_told);
  out += tables(shown) + methods(shown, told) + "## Limitations\n\n" + bullets(told.limitations) +
         provenance(shown);
  return out + "## A paragraph to paste\n\n" + esc(told.paragraph) + "\n";
}

std::string markdown(std::span<const record::Record> chapters, const FindMetric& find) {
  if (chapters.size() == 1) return markdown(chapters.front(), find);
  std::string out = "# Fairness report\n";
  for (const record::Record& record : chapters) {
    std::istringstream lines(markdown(record, find));
    out += '\n';
    const std::string own = "# " + Story().title;
    // What comes from data never starts a line with a mark of Markdown's: these are our headings.
    for (std::string line; std::getline(lines, line);) {
      if (line == own) line = "# " + esc(evaluation_title(record));
      out += (line.starts_with('#') ? "#" : "") + line + '\n';
    }
  }
  return out;
}

}  // namespace evenhand::report
