// The page, from top to bottom. It has no script and asks for nothing from outside.
#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/metric/compare.h"
#include "evenhand/report/audit.h"
#include "evenhand/report/audit_tables.h"
#include "evenhand/report/comparison.h"
#include "evenhand/report/html_style.h"
#include "evenhand/report/pictures.h"
#include "evenhand/report/report.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {
namespace {

std::string esc(std::string_view text) { return html_escaped(text); }

std::string paragraphs(const std::vector<std::string>& sentences) {
  std::string out = "<ul>\n";
  for (const std::string& s : sentences) out += "<li>" + esc(s) + "</li>\n";
  return out + "</ul>\n";
}

std::string head(const std::string& title) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta "
         "name=\"robots\" content=\"noindex\">\n"
         "<link rel=\"icon\" href=\"data:,\">\n<title>" +
         esc(title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n";
}

std::string sources(const View& view) {
  std::string out;
  constexpr std::size_t kNamed = 3;
  const auto& inputs = view.record->inputs;
  for (std::size_t i = 0; i < std::min(inputs.size(), kNamed); ++i) {
    out += (i == 0 ? "" : ", ") + cleaned(inputs[i].path);
  }
  if (inputs.size() > kNamed)
    out += " and " + count(inputs.size() - kNamed, "more file", "more files");
  return out;
}

std::string title_of(const View& view, const Story& story) {
  const std::string of = sources(view);
  return story.title + (of.empty() ? "" : ": " + of);
}

std::string verdict(const std::optional<record::Verdict>& v) {
  if (!v) return "";
  static constexpr const char* kSigns[] = {"✓ ", "✗ ", "? "};
  const auto i = static_cast<std::size_t>(*v);
  return "<span class=\"verdict " + std::string(name(*v)) + "\"><span aria-hidden=\"true\">" +
         kSigns[i] + "</span>" + word(*v) + "</span>";
}

std::string summary(const Story& story) {
  std::string out =
      "<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Summary</h2>\n<p class=\"lead\">" +
      esc(story.headline) + "</p>\n";
  if (!story.judged.empty()) {
    out += "<ul class=\"judged\">\n";
    for (const Sentence& s : story.judged) {
      out += "<li>" + verdict(s.verdict) + "<span>" + esc(s.text) + "</span></li>\n";
    }
    out += "</ul>\n";
    if (story.judged_left_out > 0) {
      out += "<p>" +
             esc(count(story.judged_left_out, "more bound stands", "more bounds stand") +
                 " in record.json.") +
             "</p>\n";
    }
  }
  out +=
      "<div class=\"box\"><h3>What the words mean</h3>\n" + paragraphs(story.meanings) + "</div>\n";
  out += "<h3>What was asked</h3>\n" + paragraphs(story.asked);
  if (!story.found.empty()) out += "<h3>What was found</h3>\n" + paragraphs(story.found);
  if (!story.cannot_be_told.empty())
    out += "<h3>What cannot be told</h3>\n" + paragraphs(story.cannot_be_told);
  return out + "</section>\n";
}

std::string pictures(const std::vector<Picture>& all, const char* grid) {
  std::string out = std::string("<div class=\"") + grid + "\">\n";
  for (const Picture& p : all) {
    out += "<figure><figcaption><strong>" + esc(p.title) + "</strong>" + esc(p.caption) +
           "</figcaption>" + p.svg + "</figure>\n";
  }
  return out + "</div>\n";
}

constexpr const char* kHowToRead =
    "A dot is the measured value, without a hue for everybody. The thick whisker is its plain "
    "interval; "
    "the thin whisker with "
    "ends, where there is one, "
    "is the wider interval that the verdict rests on. A hollow dot is an unknown group. A hatched "
    "band is not shown because of a cell of fewer than 11 rows; a dashed band has no number, and "
    "says why. In pictures of gaps "
    "the dashed line is "
    "parity and the shaded part lies beyond the bound.";

std::string drawn(const View& view, const Room& room, Counter& counter) {
  std::string out =
      "<section aria-labelledby=\"pictures\">\n<h2 id=\"pictures\">Pictures</h2>\n<p "
      "class=\"pale\">" +
      esc(kHowToRead) + "</p>\n";
  std::size_t questions = 0;
  const Question* everyone = everybody(view);
  for (const Question& q : view.questions) {
    if (&q == everyone && view.questions.size() > 1)
      continue;  // drawn below the groups of the others
    if (++questions > room.questions) break;
    const auto add = [&](const std::vector<Picture>& all, const std::string& title,
                         const std::string& words, const char* grid) {
      if (all.empty()) return;
      out += "<h3>" + esc(title) + "</h3>\n" +
             (words.empty() ? "" : "<p class=\"pale\">" + esc(words) + "</p>\n") +
             pictures(all, grid);
    };
    if (is_audit(view)) {
      add(audit_pictures(q, &q == everyone ? nullptr : everyone, room, counter),
          "Groups of " + q.name, "", "pictures");
      continue;
    }
    if (is_comparison(view)) {
      add(comparison_pictures(view, q, everyone, counter), "Ways of deciding, by " + q.name, "",
          "pictures");
      continue;
    }
    const auto between = gaps(q, room, counter);
    if (between.empty() && !q.gaps.empty()) {
      out += "<h3>Gaps by " + esc(q.name) +
             "</h3>\n<p class=\"pale\">None of the gaps can be drawn; the tables say why.</p>\n";
    }
    add(between, "Gaps by " + q.name, "", "pictures");
    add(rates(q, &q == everyone ? nullptr : everyone, room, counter), "Groups of " + q.name, "",
        "pictures");
    add(calibrations(q, counter), "Calibration by " + q.name,
        "Across: the mean score, in per cent. Up: the share with the favourable label, with its 95 "
        "% interval. On the dashed "
        "line scores mean what they say. Neighbouring scores are taken together until 11 rows of "
        "each label are there.",
        "pictures small");
    add(distributions(q, counter), "Scores by " + q.name,
        "How the scores of each group lie, in per cent; the areas are equal. The largest groups "
        "are drawn.",
        "pictures small");
  }
  if (view.questions.size() > room.questions) {
    out += "<p>" +
           esc(count(view.questions.size() - room.questions, "more question stands",
                     "more questions stand") +
               " in record.json.") +
           "</p>\n";
  }
  return out + "</section>\n";
}

/// What stands under a number: what missing rows leave open, and a p-value.
std::string notes(const Shown& s) {
  std::string out;
  if (const std::string open = s.left_open(); !open.empty()) {
    out += "<small>" + esc(open) + "</small>";
  }
  if (const std::string test = s.test(); !test.empty()) {
    out += "<small>" + esc(test) + "</small>";
  }
  return out;
}

/// Which columns a table has.
struct Columns {
  bool named = false, strata = false, judged = false;
  int count() const { return 4 + strata + 3 * judged; }
};

std::string table_row(const Shown& s, const Columns& columns) {
  std::string out = "<tr><th scope=\"row\">";
  out += columns.named ? esc(s.name()) + " <code class=\"pale\">" + esc(cleaned(s.id())) +
                             "</code><small>" + esc(s.about()) + "</small></th>"
                       : esc(s.about()) + "</th>";
  if (columns.strata) out += "<td>" + esc(s.within()) + "</td>";
  if (s.state() == State::kShown) {
    out += "<td class=\"num\">" + esc(s.value()) + "</td><td class=\"num\">" + esc(s.plain()) +
           notes(s) + "</td>";
  } else {
    // Why something is hidden is said once, above the tables.
    const bool undefined = s.state() == State::kUndefined;
    out += "<td class=\"why\" colspan=\"2\">" +
           esc(undefined ? s.value() + ": " + s.reason() : s.value()) + "</td>";
  }
  out += "<td class=\"num\">" + (s.rows() ? thousands(*s.rows()) : std::string()) + "</td>";
  if (columns.judged) {
    out += "<td class=\"num\">" + esc(s.family()) + "</td><td>" +
           (s.bound() ? esc(asked(*s.bound(), s.scale())) : "") + "</td><td>" +
           verdict(s.verdict()) + "</td>";
  }
  return out + "</tr>\n";
}

std::string table_head(const View& view, const std::string& caption, const std::string& what,
                       const Columns& columns) {
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                    esc(caption) + "\"><table><caption>" + esc(caption) +
                    "</caption>\n<thead><tr><th scope=\"col\">" + what + "</th>";
  if (columns.strata) out += "<th scope=\"col\">Within</th>";
  out += "<th scope=\"col\" class=\"num\">Value</th><th scope=\"col\" class=\"num\">" +
         esc(view.level) + " interval</th><th scope=\"col\" class=\"num\">Rows</th>";
  if (columns.judged) {
    out +=
        "<th scope=\"col\" class=\"num\">Interval of the verdict</th><th "
        "scope=\"col\">Asked</th><th scope=\"col\">Verdict</th>";
  }
  return out + "</tr></thead>\n";
}

std::string whole_row(const std::string& kind, const Columns& columns, const std::string& inside) {
  const std::string name = kind.substr(0, kind.find(' '));
  return "<tr><" + kind + " colspan=\"" + std::to_string(columns.count()) + "\">" + inside + "</" +
         name + "></tr>\n";
}

/// @param named  the first column names the metric, and a row of its own does not.
std::string table_of(const View& view, const std::vector<Shown>& all, const std::string& caption,
                     const std::string& what, bool named, const Room& room) {
  if (all.empty()) return "";
  const auto any = [&](const auto& holds) { return std::any_of(all.begin(), all.end(), holds); };
  const Columns columns{named, any([](const Shown& s) { return !s.within().empty(); }),
                        any([](const Shown& s) { return s.bound().has_value(); })};
  std::string out = table_head(view, caption, what, columns);
  for (const auto& findings : by_metric(all)) {
    const Choice choice = choose(findings, room.listed);
    const Shown& first = *findings.front();
    out += "<tbody>";
    if (!named) {
      out += whole_row(
          "th scope=\"rowgroup\"", columns,
          esc(first.name()) + " <code class=\"pale\">" + esc(cleaned(first.id())) + "</code>");
    }
    for (const Shown* s : choice.shown) out += table_row(*s, columns);
    if (choice.left_out > 0) out += whole_row("td", columns, esc(says_choice(choice)));
    out += "</tbody>\n";
  }
  return out + "</table></div>\n";
}

/// Points of curves are many and have their picture: they are folded away.
std::string folded(const std::string& table, const std::string& what) {
  return table.empty() ? ""
                       : "<details><summary>" + esc(what) + "</summary>\n" + table + "</details>\n";
}

/// Where a point lies, and what a table of such points is called.
constexpr std::pair<const char*, const char*> kAxes[] = {
    {"score", "Points of curves by "},    {"column", "Missing values by "},
    {"decision", "Ways of deciding by "}, {"change", "What changed by "},
    {"rule", "Under each rule by "},      {"features", "How well columns tell the groups of "}};

std::string tables(const View& view, const Room& room) {
  std::string out = "<section aria-labelledby=\"tables\">\n<h2 id=\"tables\">Tables</h2>\n";
  if (view.hidden > 0) out += "<p class=\"pale\">" + esc(kWhyHidden) + "</p>\n";
  if (is_audit(view)) {
    for (const Part& part : audit_tables(view, room)) {
      out += "<h3>" + esc(part.title) + "</h3>\n";
      for (const Grid& grid : part.grids) out += html_of(grid);
    }
    return out + "</section>\n";
  }
  std::size_t questions = 0;
  for (const Question& q : view.questions) {
    if (++questions > room.questions) break;
    out += "<h3>By " + esc(q.name) + "</h3>\n";
    std::vector<Shown> groups;
    for (const Shown& shown : q.groups) {
      if (!shown.on_curve()) groups.push_back(shown);
    }
    out += table_of(view, q.gaps, "Comparisons between groups of " + q.name, "Between", true, room);
    out += table_of(view, groups, "Each group of " + q.name, "Group", false, room);
    for (const auto& [axis, words] : kAxes) {
      std::vector<Shown> points;
      for (const Shown& shown : q.groups) {
        if (shown.axis() == axis) points.push_back(shown);
      }
      const std::string curve = words + q.name;
      out += folded(table_of(view, points, curve, "Group", false, room), curve);
    }
  }
  return out + "</section>\n";
}

std::string method(const metric::Metric& m) {
  const auto item = [](const char* term, const std::string& text) {
    return text.empty() ? "" : std::string("<dt>") + term + "</dt><dd>" + esc(text) + "</dd>\n";
  };
  std::string out = "<h4>" + esc(name_of(m.name, &m)) + " <code class=\"pale\">" + esc(m.name) +
                    "</code></h4>\n<dl>" + item("Asks", m.says);
  if (!m.formula.empty()) out += "<dt>Formula</dt><dd class=\"code\">" + esc(m.formula) + "</dd>\n";
  out += item("Unit", m.unit);
  std::string aliases;
  for (const std::string& a : m.aliases) aliases += (aliases.empty() ? "" : ", ") + a;
  return out + item("Also called", aliases) + item("Misleads when", m.misleads) +
         item("Source", m.source) + "</dl>\n";
}

std::string methods(const View& view, const Story& story) {
  std::string out =
      "<section aria-labelledby=\"methods\">\n<h2 id=\"methods\">Methods</h2>\n<h3>Intervals and "
      "verdicts</h3>\n" +
      paragraphs(story.intervals) + "<h3>Metrics</h3>\n";
  for (const metric::Metric* m : view.metrics) out += method(*m);
  return out + "</section>\n";
}

std::string provenance(const View& view) {
  const record::Record& r = *view.record;
  std::string out =
      "<section aria-labelledby=\"provenance\">\n<h2 id=\"provenance\">Provenance</h2>\n<p>Made by "
      "Evenhand " +
      esc(cleaned(r.code_version)) + " with <code>" + esc(cleaned(r.operation)) + "</code>, seed " +
      std::to_string(r.seed) + ", record version " + std::to_string(r.version) +
      ". <code>evenhand verify record.json</code> computes the numbers again.</p>\n";
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Inputs\"><table><caption>Inputs</caption>\n<thead><tr>"
      "<th scope=\"col\">File</th><th scope=\"col\" class=\"num\">Rows</th><th scope=\"col\" "
      "class=\"num\">Skipped</th>"
      "<th scope=\"col\" class=\"num\">Bytes</th><th "
      "scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n";
  constexpr std::size_t kInputs = 100;
  for (std::size_t i = 0; i < std::min(r.inputs.size(), kInputs); ++i) {
    const record::Input& input = r.inputs[i];
    out += "<tr><th scope=\"row\">" + esc(cleaned(input.path)) + "</th><td class=\"num\">" +
           thousands(input.rows) + "</td><td class=\"num\">" + thousands(input.rows_skipped) +
           "</td><td class=\"num\">" + thousands(input.bytes) + "</td><td class=\"code\">" +
           esc(cleaned(input.sha256)) + "</td></tr>\n";
  }
  out +=
      "</tbody></table></div>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Options\"><table><caption>Options, "
      "as resolved</caption>\n<thead><tr><th scope=\"col\">Option</th><th "
      "scope=\"col\">Value</th></tr></thead>\n<tbody>\n";
  for (const auto& [name, value] : view.options) {
    out += "<tr><th scope=\"row\" class=\"code\">" + esc(name) + "</th><td class=\"code\">" +
           esc(value) + "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n</section>\n";
}

constexpr const char* kParts[] = {"Summary",     "Pictures",   "Tables",   "Methods",
                                  "Limitations", "Provenance", "Paragraph"};

std::string id_of(const std::string& part) {
  std::string id = part;
  id[0] = static_cast<char>(id[0] - 'A' + 'a');
  return id;
}

std::string opening(const std::string& title, const std::string& heading,
                    const std::string& below) {
  return head(title) +
         "<body>\n<a class=\"skip\" href=\"#summary\">Skip to the summary</a>\n"
         "<svg width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\" "
         "style=\"position:absolute\"><defs><pattern id=\"hatch\" "
         "width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" "
         "x2=\"0\" y2=\"6\"/></pattern></defs></svg>\n<header>\n<h1>" +
         heading + "</h1>\n<p class=\"pale\">" + below + "</p>\n</header>\n";
}

std::string closing(const View& view) {
  return "</main>\n<footer><p>Evenhand " + esc(cleaned(view.record->code_version)) +
         "</p></footer>\n</body>\n</html>\n";
}

std::string rows_of(const View& view) {
  return esc(sources(view)) + (view.rows > 0 ? " · " + count(view.rows, "row", "rows") : "");
}

/// Everything of one record, section by section.
std::string sections(const View& view, const Story& story, const Room& room, Counter& counter) {
  std::string out =
      summary(story) + drawn(view, room, counter) + tables(view, room) + methods(view, story);
  out += "<section aria-labelledby=\"limitations\">\n<h2 id=\"limitations\">Limitations</h2>\n" +
         paragraphs(story.limitations) + "</section>\n";
  out += provenance(view);
  return out +
         "<section aria-labelledby=\"paragraph\">\n<h2 id=\"paragraph\">A paragraph to "
         "paste</h2>\n<blockquote><p>" +
         esc(story.paragraph) + "</p></blockquote>\n</section>\n";
}

std::string page(const View& view, const Story& story, const Room& room) {
  std::string out = opening(title_of(view, story), story.title, rows_of(view));
  out += "<nav aria-label=\"Contents\"><ul>";
  for (const char* part : kParts) {
    out += "<li><a href=\"#" + id_of(part) + "\">" + part + "</a></li>";
  }
  Counter counter;
  return out + "</ul></nav>\n<main>\n" + sections(view, story, room, counter) + closing(view);
}

/// A record with what is told of it.
struct Chapter {
  View view;
  Story story;
  std::string prefix;  // of its ids: "c2-"
};

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// The sections of a record one level deeper, with ids of their own. What comes from data is
/// escaped, so these marks can only be ours.
std::string chapter(const Chapter& chapter, const Room& room) {
  Counter counter;
  counter.prefix = chapter.prefix;
  std::string inside = sections(chapter.view, chapter.story, room, counter);
  for (const auto& [level, deeper] : {std::pair{"h3", "h4"}, std::pair{"h2", "h3"}}) {
    replace_all(inside, std::string("<") + level, std::string("<") + deeper);
    replace_all(inside, std::string("</") + level, std::string("</") + deeper);
  }
  for (const char* part : kParts) {
    for (const char* attribute : {" id=\"", " aria-labelledby=\""}) {
      replace_all(inside, attribute + id_of(part) + '"',
                  attribute + chapter.prefix + id_of(part) + '"');
    }
  }
  const std::string id = chapter.prefix + "chapter";
  return "<article aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" + chapter.story.title +
         "</h2>\n<p class=\"pale\">" + rows_of(chapter.view) + "</p>\n" + inside + "</article>\n";
}

std::string page(const std::vector<Chapter>& chapters, const Room& room) {
  const Chapter& last = chapters.back();
  std::string out = opening(title_of(last.view, {}), "Fairness report", rows_of(last.view));
  out += "<nav aria-label=\"Contents\"><ul>";
  for (const Chapter& each : chapters) {
    out += "<li><a href=\"#" + each.prefix + "chapter\">" + esc(each.story.title) + "</a></li>";
  }
  out +=
      "</ul></nav>\n<main>\n<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">"
      "Summary</h2>\n<ul>\n";
  for (const Chapter& each : chapters) {
    out += "<li><strong>" + esc(each.story.title) + ":</strong> " + esc(each.story.headline) +
           "</li>\n";
  }
  out += "</ul>\n</section>\n";
  for (const Chapter& each : chapters) out += chapter(each, room);
  return out + closing(last.view);
}

/// Less and less is listed until the page is small enough.
template <class Page>
std::string fitted(const Page& page) {
  constexpr std::size_t kBytesMax = 1'000'000;
  Room room;
  std::string out = page(room);
  while (out.size() >= kBytesMax && room.questions > 1) {
    if (room.listed > 10) {
      room.listed /= 2;
      room.drawn = std::min(room.drawn, std::max<std::size_t>(room.listed, 10));
    } else {
      room.questions /= 2;
      room.panels = std::max<std::size_t>(room.panels / 2, 2);
    }
    out = page(room);
  }
  return out;
}

}  // namespace

std::string html(const record::Record& record, const FindMetric& find) {
  const View shown = view(record, find);
  const Story told = story(shown);
  return fitted([&](const Room& room) { return page(shown, told, room); });
}

std::string html(std::span<const record::Record> chapters, const FindMetric& find) {
  if (chapters.size() == 1) return html(chapters.front(), find);
  std::vector<Chapter> all;
  for (const record::Record& record : chapters) {
    Chapter each{view(record, find), {}, "c" + std::to_string(all.size() + 1) + '-'};
    each.story = story(each.view);
    if (each.story.title == Story().title) each.story.title = evaluation_title(record);
    all.push_back(std::move(each));
  }
  return fitted([&](const Room& room) { return page(all, room); });
}

}  // namespace evenhand::report
