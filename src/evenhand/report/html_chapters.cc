// The page of several records: the summary of all, a chapter each, and one appendix.
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/report/chapters.h"
#include "evenhand/report/html_parts.h"
#include "evenhand/report/report.h"

namespace evenhand::report {
namespace {

using page::esc;
using page::heading;
using page::list;
using page::section;

std::string link(const Chapter& chapter) {
  return "<a href=\"#" + chapter.id + "\">" + esc(chapter.story.title) + "</a>";
}

std::string links(const std::vector<std::size_t>& which, const std::vector<Chapter>& chapters) {
  std::string out;
  for (const std::size_t c : which) out += (out.empty() ? "" : ", ") + link(chapters[c]);
  return "<p class=\"pale\">More in the chapter " + out + ".</p>\n";
}

std::string summary(const Summary& told, const std::vector<Chapter>& chapters) {
  Story verdicts;
  verdicts.judged = told.judged;
  std::string out = "<p class=\"lead\">" + esc(told.lead) + "</p>\n" + page::judged(verdicts) +
                    page::grids(told.tables);
  if (!told.judged.empty() || !told.tables.empty())
    out += "<p class=\"pale\">" + esc(kCaution) + "</p>\n";
  if (!told.beware.empty()) out += "<p class=\"pale\">" + esc(told.beware) + "</p>\n";
  for (const Answer& each : told.answers) {
    out += heading(3, esc(each.question)) + list(each.sentences) + links(each.chapters, chapters);
  }
  out += heading(3, "What was done") + "<ol>\n";
  for (std::size_t c = 0; c < chapters.size(); ++c) {
    out += "<li>" + link(chapters[c]) + ": " + esc(told.done[c]) + "</li>\n";
  }
  return out + "</ol>\n";
}

/// Parts of a chapter are no landmarks: each chapter has such parts.
std::string under(const std::string& title, const std::string& inside) {
  return inside.empty() ? "" : heading(3, title) + inside;
}

std::string chapter(const Chapter& chapter, const Room& room) {
  const auto& [view, story, id] = chapter;
  Counter counter;
  counter.prefix = id + '-';
  return "<article aria-labelledby=\"" + id + "\">\n" + heading(2, esc(story.title), id) +
         "<p class=\"pale\">" + page::rows_of(view) + "</p>\n<p class=\"lead\">" +
         esc(story.headline) + "</p>\n" + page::judged(story) + page::grids(heads(view)) +
         page::found(story, 3) + under("Pictures", page::pictures(view, room, 4, counter)) +
         under("Tables", page::tables(view, room, 4)) + "</article>\n";
}

/// Each sentence once, with the chapters that it holds for.
std::string once(const std::vector<Shared>& sentences, const std::vector<Chapter>& chapters) {
  std::string out = "<ul>\n";
  for (const Shared& each : sentences) {
    const std::string of = holds_for(each, chapters);
    out += "<li>" + esc(each.text) +
           (of.empty() ? "" : " <small class=\"pale\">(" + esc(of) + ")</small>") + "</li>\n";
  }
  return out + "</ul>\n";
}

std::string appendix(const std::vector<Chapter>& chapters, const Summary& told) {
  std::string methods = heading(4, "Intervals and verdicts") +
                        once(shared(chapters, &Story::intervals), chapters) + heading(4, "Metrics");
  for (const metric::Metric* m : metrics_of(chapters)) methods += page::method(*m, 5);
  std::string stages;
  for (const Chapter& each : chapters) {
    stages +=
        heading(4, esc(each.story.title)) + list(each.story.asked) + page::provenance(each.view);
  }
  return section(3, "words", "What the words mean",
                 once(shared(chapters, &Story::meanings), chapters)) +
         section(3, "methods", "Methods", methods) +
         section(3, "limitations", "Limitations",
                 once(shared(chapters, &Story::limitations), chapters)) +
         section(3, "provenance", "What was asked of each stage, and where it comes from", stages) +
         section(3, "paragraph", "A paragraph to paste",
                 "<blockquote><p>" + esc(paragraph_of(chapters, told)) + "</p></blockquote>\n");
}

std::string page_of(const std::vector<Chapter>& chapters, const Room& room) {
  const View& first = chapters.front().view;
  const Summary told = summary_of(chapters);
  std::vector<std::pair<std::string, std::string>> parts{{"summary", "Summary"}};
  for (const Chapter& each : chapters) parts.emplace_back(each.id, each.story.title);
  parts.emplace_back("appendix", "Appendix");
  std::string out =
      page::opening(page::title_of(first, Story().title), Story().title, page::rows_of(first)) +
      page::contents(parts) + "<main>\n" +
      section(2, "summary", "Summary", summary(told, chapters));
  for (const Chapter& each : chapters) out += chapter(each, room);
  return out + section(2, "appendix", "Appendix", appendix(chapters, told)) + page::closing(first);
}

}  // namespace

std::string html(std::span<const record::Record> records, const FindMetric& find) {
  if (records.size() == 1) return html(records.front(), find);
  const std::vector<Chapter> chapters = chapters_of(records, find);
  return page::fitted([&](const Room& room) { return page_of(chapters, room); });
}

}  // namespace evenhand::report
