// Pages have no script and ask for nothing from outside.
#include "evenhand/report/html_parts.h"

#include <algorithm>
#include <utility>

#include "evenhand/metric/compare.h"
#include "evenhand/report/audit.h"
#include "evenhand/report/audit_tables.h"
#include "evenhand/report/comparison.h"
#include "evenhand/report/html_style.h"

namespace evenhand::report::page {

std::string esc(std::string_view text) { return html_escaped(text); }

std::string heading(int level, const std::string& text, const std::string& id) {
  const std::string h = "h" + std::to_string(level);
  return "<" + h + (id.empty() ? "" : " id=\"" + id + "\"") + ">" + text + "</" + h + ">\n";
}

std::string list(const std::vector<std::string>& sentences) {
  if (sentences.empty()) return "";
  std::string out = "<ul>\n";
  for (const std::string& s : sentences) out += "<li>" + esc(s) + "</li>\n";
  return out + "</ul>\n";
}

std::string verdict(const std::optional<record::Verdict>& v) {
  if (!v) return "";
  static constexpr const char* kSigns[] = {"✓ ", "✗ ", "? "};
  const auto i = static_cast<std::size_t>(*v);
  return "<span class=\"verdict " + std::string(name(*v)) + "\"><span aria-hidden=\"true\">" +
         kSigns[i] + "</span>" + word(*v) + "</span>";
}

std::string table(const std::string& caption, const std::string& inside) {
  return "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + esc(caption) +
         "\"><table><caption>" + esc(caption) + "</caption>\n" + inside + "</table></div>\n";
}

std::string grids(const std::vector<Grid>& all) {
  std::string out;
  for (const Grid& grid : all) out += html_of(grid);
  return out;
}

std::string section(int level, const std::string& id, const std::string& title,
                    const std::string& inside) {
  if (inside.empty()) return "";
  return "<section aria-labelledby=\"" + id + "\">\n" + heading(level, title, id) + inside +
         "</section>\n";
}

std::string judged(const Story& story) {
  if (story.judged.empty()) return "";
  std::string out = "<ul class=\"judged\">\n";
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
  return out;
}

std::string found(const Story& story, int level) {
  std::string out;
  if (!story.found.empty()) out += heading(level, "What was found") + list(story.found);
  if (!story.cannot_be_told.empty()) {
    out += heading(level, "What cannot be told") + list(story.cannot_be_told);
  }
  return out;
}

namespace {

std::string figures(const std::vector<Picture>& all, const char* grid) {
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

}  // namespace

namespace {

bool none_shown(const std::vector<Shown>& gaps) {
  return !gaps.empty() && std::none_of(gaps.begin(), gaps.end(),
                                       [](const Shown& s) { return s.state() == State::kShown; });
}

}  // namespace

std::string pictures(const View& view, const Room& room, int level, Counter& counter) {
  std::string out;
  std::size_t questions = 0;
  const Question* everyone = everybody(view);
  for (const Question& q : view.questions) {
    if (&q == everyone && view.questions.size() > 1)
      continue;  // drawn below the groups of the others
    if (++questions > room.questions) break;
    const auto add = [&](const std::vector<Picture>& all, const std::string& title,
                         const std::string& words, const char* grid) {
      if (all.empty()) return;
      out += heading(level, esc(title)) +
             (words.empty() ? "" : "<p class=\"pale\">" + esc(words) + "</p>\n") +
             figures(all, grid);
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
    if (between.empty() && none_shown(q.gaps)) {
      out += heading(level, "Gaps by " + esc(q.name)) +
             "<p class=\"pale\">None of the gaps can be drawn; the tables say why.</p>\n";
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
  return out.empty() ? "" : "<p class=\"pale\">" + std::string(esc(kHowToRead)) + "</p>\n" + out;
}

namespace {

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

std::string table_head(const View& view, const std::string& what, const Columns& columns) {
  std::string out = "<thead><tr><th scope=\"col\">" + what + "</th>";
  if (columns.strata) out += "<th scope=\"col\">Among</th>";
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
  std::string out = table_head(view, what, columns);
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
  return table(caption, out);
}

/// Points of curves are many and have their picture: they are folded away.
std::string folded(const std::string& table, const std::string& what) {
  return table.empty() ? ""
                       : "<details><summary>" + esc(what) + "</summary>\n" + table + "</details>\n";
}

/// Where a point lies, and what a table of such points is called.
constexpr std::pair<const char*, const char*> kAxes[] = {
    {"score", "Points of curves by "},
    {"column", "Missing values by "},
    {"decision", "Ways of deciding by "},
    {"change", "What changed by "},
    {"rule", "Under each rule by "},
    {"scores", "Before and after calibration by "},
    {"features", "How well columns tell the groups of "}};

}  // namespace

std::string tables(const View& view, const Room& room, int level) {
  if (view.questions.empty()) return "";
  std::string out;
  if (view.hidden > 0) out += "<p class=\"pale\">" + esc(kWhyHidden) + "</p>\n";
  if (is_audit(view)) {
    for (const Part& part : audit_tables(view, room)) {
      out += heading(level, esc(part.title)) + grids(part.grids);
    }
    return out;
  }
  std::size_t questions = 0;
  for (const Question& q : view.questions) {
    if (++questions > room.questions) break;
    out += heading(level, "By " + esc(q.name));
    std::vector<Shown> groups;
    for (const Shown& shown : q.groups) {
      if (!shown.on_curve()) groups.push_back(shown);
    }
    out += table_of(view, q.gaps, "Comparisons between groups of " + q.name, "Groups compared",
                    true, room);
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
  return out;
}

std::string method(const metric::Metric& m, int level) {
  const auto item = [](const char* term, const std::string& text) {
    return text.empty() ? "" : std::string("<dt>") + term + "</dt><dd>" + esc(text) + "</dd>\n";
  };
  std::string out = heading(level, esc(name_of(m.name, &m)) + " <code class=\"pale\">" +
                                       esc(m.name) + "</code>") +
                    "<dl>" + item("Asks", m.says);
  if (!m.formula.empty()) out += "<dt>Formula</dt><dd class=\"code\">" + esc(m.formula) + "</dd>\n";
  out += item("Unit", m.unit);
  std::string aliases;
  for (const std::string& a : m.aliases) aliases += (aliases.empty() ? "" : ", ") + a;
  return out + item("Also called", aliases) + item("Misleads when", m.misleads) +
         item("Source", m.source) + "</dl>\n";
}

std::string provenance(const View& view) {
  const record::Record& r = *view.record;
  std::string out = "<p>Made by Evenhand " + esc(cleaned(r.code_version)) + " with <code>" +
                    esc(cleaned(r.operation)) + "</code>, seed " + std::to_string(r.seed) +
                    ", record version " + std::to_string(r.version) + ". " +
                    (r.tallies.empty() ? std::string(kFromRows)
                                       : "<code>evenhand verify record.json</code> computes the "
                                         "numbers again.") +
                    "</p>\n";
  std::string inputs =
      "<thead><tr>"
      "<th scope=\"col\">File</th><th scope=\"col\" class=\"num\">Rows</th><th scope=\"col\" "
      "class=\"num\">Skipped</th>"
      "<th scope=\"col\" class=\"num\">Bytes</th><th "
      "scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n";
  constexpr std::size_t kInputs = 100;
  for (std::size_t i = 0; i < std::min(r.inputs.size(), kInputs); ++i) {
    const record::Input& input = r.inputs[i];
    inputs += "<tr><th scope=\"row\">" + esc(cleaned(input.path)) + "</th><td class=\"num\">" +
              thousands(input.rows) + "</td><td class=\"num\">" + thousands(input.rows_skipped) +
              "</td><td class=\"num\">" + thousands(input.bytes) + "</td><td class=\"code\">" +
              esc(cleaned(input.sha256)) + "</td></tr>\n";
  }
  std::string options =
      "<thead><tr><th scope=\"col\">Option</th><th "
      "scope=\"col\">Value</th></tr></thead>\n<tbody>\n";
  for (const auto& [name, value] : view.options) {
    options += "<tr><th scope=\"row\" class=\"code\">" + esc(name) + "</th><td class=\"code\">" +
               esc(value) + "</td></tr>\n";
  }
  return out + table("Inputs", inputs + "</tbody>") +
         table("Options, as resolved", options + "</tbody>");
}

namespace {

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

}  // namespace

std::string rows_of(const View& view) {
  return esc(sources(view)) + (view.rows > 0 ? " · " + count(view.rows, "row", "rows") : "");
}

std::string title_of(const View& view, const std::string& title) {
  const std::string of = sources(view);
  return title + (of.empty() ? "" : ": " + of);
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

std::string contents(const std::vector<std::pair<std::string, std::string>>& links) {
  std::string out = "<nav aria-label=\"Contents\"><ul>";
  for (const auto& [id, text] : links)
    out += "<li><a href=\"#" + id + "\">" + esc(text) + "</a></li>";
  return out + "</ul></nav>\n";
}

std::string closing(const View& view) {
  return "</main>\n<footer><p>Evenhand " + esc(cleaned(view.record->code_version)) +
         "</p></footer>\n</body>\n</html>\n";
}

}  // namespace evenhand::report::page
