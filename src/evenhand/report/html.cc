// The page of one record, from top to bottom.
#include <string>
#include <utility>
#include <vector>

#include "evenhand/report/comparison.h"
#include "evenhand/report/html_parts.h"
#include "evenhand/report/report.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {
namespace {

using page::heading;
using page::list;
using page::section;

std::string summary(const View& view, const Story& story) {
  return "<p class=\"lead\">" + page::esc(story.headline) + "</p>\n" + page::judged(story) +
         page::grids(heads(view)) + "<div class=\"box\">" + heading(3, "What the words mean") +
         list(story.meanings) + "</div>\n" + heading(3, "What was asked") + list(story.asked) +
         page::found(story, 3);
}

std::string methods(const View& view, const Story& story) {
  std::string out =
      heading(3, "Intervals and verdicts") + list(story.intervals) + heading(3, "Metrics");
  for (const metric::Metric* m : view.metrics) out += page::method(*m, 4);
  return out;
}

std::string page_of(const View& view, const Story& story, const Room& room) {
  Counter counter;
  const std::pair<const char*, std::string> parts[] = {
      {"Summary", summary(view, story)},
      {"Pictures", page::pictures(view, room, 3, counter)},
      {"Tables", page::tables(view, room, 3)},
      {"Methods", methods(view, story)},
      {"Limitations", list(story.limitations)},
      {"Provenance", page::provenance(view)},
      {"Paragraph", "<blockquote><p>" + page::esc(story.paragraph) + "</p></blockquote>\n"}};
  std::vector<std::pair<std::string, std::string>> links;
  std::string inside;
  for (const auto& [name, text] : parts) {
    if (text.empty()) continue;
    std::string id = name;
    id[0] = static_cast<char>(id[0] - 'A' + 'a');
    links.emplace_back(id, name);
    inside += section(2, id, id == "paragraph" ? "A paragraph to paste" : name, text);
  }
  return page::opening(page::title_of(view, story.title), page::esc(story.title),
                       page::rows_of(view)) +
         page::contents(links) + "<main>\n" + inside + page::closing(view);
}

}  // namespace

std::string html(const record::Record& record, const FindMetric& find) {
  const View shown = view(record, find);
  const Story told = story(shown);
  return page::fitted([&](const Room& room) { return page_of(shown, told, room); });
}

}  // namespace evenhand::report
