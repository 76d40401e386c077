// A picture says in its title what it shows; its caption says how to read it where that is new.
#include "evenhand/report/pictures.h"

#include <algorithm>
#include <cstdlib>

#include "evenhand/metric/compare.h"
#include "evenhand/report/story.h"
#include "evenhand/report/svg.h"

namespace evenhand::report {
namespace {

std::string rows_note(const std::optional<std::uint64_t>& rows) {
  return rows ? count(*rows, "row", "rows") : "";
}

std::optional<double> number_of(const std::optional<std::string>& decimal) {
  if (!decimal) return std::nullopt;
  return std::strtod(decimal->c_str(), nullptr);
}

}  // namespace

Dot dot_of(const Shown& s, std::string label, int colour) {
  Dot out;
  out.label = std::move(label);
  out.note = rows_note(s.rows());
  out.text = s.value();
  out.numbers = s.numbers();
  out.colour = colour;
  switch (s.state()) {
    case State::kShown:
      out.mark = s.unknown() ? Mark::kHollow : Mark::kDot;
      break;
    case State::kUndefined:
      out.mark = Mark::kUndefined, out.text += ": " + s.reason();
      break;
    case State::kHidden:
      out.mark = Mark::kHidden;
      break;
  }
  if (s.bound()) {
    out.at_least = number_of(s.bound()->at_least);
    out.at_most = number_of(s.bound()->at_most);
    out.bound = asked(*s.bound(), s.scale());
  }
  return out;
}

/// What the dots say, for those who cannot see them.
std::string described(const std::vector<const Shown*>& findings) {
  constexpr std::size_t kSaid = 12;
  std::string out;
  for (std::size_t i = 0; i < std::min(findings.size(), kSaid); ++i) {
    const Shown& s = *findings[i];
    out += (s.about_group() ? s.about() : s.name()) + ": " + s.value();
    if (s.state() == State::kShown) out += ", interval " + s.plain();
    if (s.bound()) out += ", " + asked(*s.bound(), s.scale()) + " was asked";
    out += ". ";
  }
  if (findings.size() > kSaid) out += "The table has the others. ";
  return out;
}

std::string unit_of(const Axis& axis, const std::string& unit) {
  if (axis.scale == Scale::kPercent) return "In per cent.";
  if (axis.scale == Scale::kPoints) {
    return "In points; the axis ends at " + number_without_unit(axis.high, axis.scale, 0) + ".";
  }
  return unit.empty() ? "" : "Unit: " + unit + ".";
}

namespace {

/// "Selection rate: 33.1 % (Other) to 57.8 % (African-American)".
std::string title_of(const std::vector<const Shown*>& findings) {
  const auto [lowest, highest, hidden] = ends_of(findings);
  const std::string name = findings.front()->name() + (hidden ? " of the groups shown" : "");
  if (lowest == nullptr) return name + ": no group can be shown";
  if (lowest == highest) return name + ": " + lowest->value() + " (" + lowest->about() + ")";
  return name + ": " + lowest->value() + " (" + lowest->about() + ") to " + highest->value() +
         " (" + highest->about() + ")";
}

std::vector<const Shown*> of_all_rows(const std::vector<const Shown*>& findings) {
  std::vector<const Shown*> out;
  for (const Shown* s : findings) {
    if (s->within().empty()) out.push_back(s);
  }
  return out;
}

/// "Asian, Native American and 4 more".
std::string named(const std::vector<const Shown*>& hidden) {
  constexpr std::size_t kNamed = 2;
  std::string out;
  for (std::size_t i = 0; i < std::min(kNamed, hidden.size()); ++i)
    out += (i > 0 ? ", " : "") + hidden[i]->about();
  return hidden.size() > kNamed ? out + " and " + thousands(hidden.size() - kNamed) + " more" : out;
}

/// Hidden groups share a band when there are more than two of them.
std::vector<Dot> dots_of(const Question& question, const std::vector<const Shown*>& findings) {
  std::vector<const Shown*> hidden;
  for (const Shown* s : findings) {
    if (s->state() == State::kHidden) hidden.push_back(s);
  }
  const bool together = hidden.size() > 2;
  std::vector<Dot> out;
  for (const Shown* s : findings) {
    if (s->everybody() || (together && s->state() == State::kHidden)) continue;
    out.push_back(dot_of(*s, s->about(), hue(question, s->about())));
  }
  if (together) {
    Dot band;
    band.label = named(hidden);
    band.text = "not shown";
    band.mark = Mark::kHidden;
    out.push_back(std::move(band));
  }
  for (const Shown* s : findings) {
    if (s->everybody()) out.push_back(dot_of(*s, s->about(), -1));
  }
  return out;
}

const Shown* everybodys(const Question* everybody, const std::string& id) {
  if (everybody == nullptr) return nullptr;
  for (const Shown& s : everybody->groups) {
    if (s.id() == id && s.within().empty()) return &s;
  }
  return nullptr;
}

}  // namespace

Picture rate(const Question& question, std::vector<const Shown*> findings,
             const Question* everybody, const Room& room, Counter& counter) {
  Picture out;
  out.title = title_of(findings);
  if (const Shown* all = everybodys(everybody, findings.front()->id())) findings.push_back(all);
  const Choice choice = choose(findings, room.drawn);
  const std::vector<Dot> dots = dots_of(question, choice.shown);
  const Shown& first = *findings.front();
  const std::optional<double> ideal =
      first.metric() != nullptr ? first.metric()->ideal : std::nullopt;
  const Axis axis = first.scale() == Scale::kPercent ? Axis{0, 1, Scale::kPercent, std::nullopt}
                                                     : axis_for(dots, first.scale(), ideal);
  out.caption = unit_of(axis, first.unit());
  if (choice.left_out > 0) out.caption += " " + says_choice(choice);
  out.svg = report::dots({counter.id(), out.title, described(choice.shown)}, dots, axis);
  return out;
}

namespace {

bool is_comparison(const Shown& s, std::string_view suffix) {
  if (s.metric() == nullptr || s.metric()->comparison == nullptr) return s.id().ends_with(suffix);
  return s.metric()->comparison->suffix == suffix;
}

/// Bounds first, then the widest gaps.
std::vector<const Shown*> gaps_to_draw(const Question& question, Scale scale, bool quotients,
                                       std::size_t most) {
  std::vector<const Shown*> bounded, free;
  for (const Shown& s : question.gaps) {
    const bool quotient = s.unit().starts_with("quotient");
    if (s.scale() != scale || quotient != quotients) continue;
    if (s.bound()) {
      bounded.push_back(&s);
    } else if (!quotient && scale == Scale::kPoints && (s.within().empty() || s.axis() == "rule") &&
               is_comparison(s, "_difference")) {
      free.push_back(&s);
    }
  }
  bounded.insert(bounded.end(), free.begin(), free.end());
  if (bounded.size() > most) bounded.resize(most);
  return bounded;
}

bool any_shown(const std::vector<const Shown*>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Shown* s) { return s->state() == State::kShown; });
}

std::string verdict_note(const Shown& s) {
  if (!s.verdict()) return "";
  return word(*s.verdict()) + " (" + asked(*s.bound(), s.scale()) + ")";
}

Picture gap(const std::vector<const Shown*>& findings, const std::string& what,
            const std::string& of, Counter& counter) {
  std::vector<Dot> dots_of;
  for (const Shown* s : findings) {
    std::string label = s->name();
    if (label.ends_with(", widest gap"))
      label.resize(label.size() - std::string(", widest gap").size());
    if (!s->within().empty()) label += ", " + s->within();
    dots_of.push_back(dot_of(*s, label, -1));
    dots_of.back().note = verdict_note(*s);
  }
  const Shown& first = *findings.front();
  const std::optional<double> ideal =
      first.metric() != nullptr ? first.metric()->ideal : std::nullopt;
  const Axis axis = axis_for(dots_of, first.scale(), ideal);
  Picture out;
  out.title = what + " between groups of " + of;
  out.caption = unit_of(axis, first.unit());
  out.svg = dots({counter.id(), out.title, described(findings)}, dots_of, axis);
  return out;
}

}  // namespace

std::vector<Picture> rates(const Question& question, const Question* everybody, const Room& room,
                           Counter& counter) {
  std::vector<Picture> out;
  for (const auto& findings : by_metric(question.groups)) {
    const std::vector<const Shown*> whole = of_all_rows(findings);
    if (whole.empty() || out.size() == room.panels) continue;
    out.push_back(rate(question, whole, everybody, room, counter));
  }
  return out;
}

std::vector<Picture> gaps(const Question& question, const Room& room, Counter& counter) {
  std::vector<Picture> out;
  const struct {
    Scale scale;
    bool quotients;
    const char* what;
  } kinds[] = {{Scale::kPoints, false, "Gaps"},
               {Scale::kNumber, true, "Quotients"},
               {Scale::kPercent, false, "Shares with a bound"}};
  for (const auto& kind : kinds) {
    const auto findings = gaps_to_draw(question, kind.scale, kind.quotients, room.drawn);
    if (any_shown(findings)) out.push_back(gap(findings, kind.what, question.name, counter));
  }
  // Other units have nothing in common: a picture each.
  for (const Shown* s : gaps_to_draw(question, Scale::kNumber, false, room.panels)) {
    if (any_shown({s})) out.push_back(gap({s}, s->name(), question.name, counter));
  }
  return out;
}

std::vector<Picture> calibrations(const Question& question, Counter& counter) {
  std::vector<Picture> out;
  for (const Curve& curve : question.curves) {
    if (curve.calibration.size() < 2) continue;
    std::vector<CurveDot> points;
    std::string said;
    for (const CurvePoint& p : curve.calibration) {
      points.push_back({p.score, p.value, p.low, p.high});
      said += "Score " + number(p.score, Scale::kPercent, 0) + ": " +
              number(p.value, Scale::kPercent, 0) + ". ";
    }
    const std::string title = curve.size.name;
    out.push_back(
        {title, rows_note(curve.size.rows),
         calibration({counter.id(), "Calibration: " + title, said}, points, hue(question, title))});
  }
  return out;
}

std::vector<Picture> distributions(const Question& question, Counter& counter) {
  double highest = 0;
  for (const Curve& curve : question.curves) {
    for (const Step& s : curve.scores) highest = std::max(highest, s.density);
  }
  std::vector<Picture> out;
  for (const Curve& curve : question.curves) {
    if (curve.scores.size() < 2) continue;
    std::vector<Block> steps;
    std::string said;
    for (const Step& s : curve.scores) {
      steps.push_back({s.from, s.to, s.density});
      said += number_without_unit(s.from, Scale::kPercent, 0) + " to " +
              number(s.to, Scale::kPercent, 0) + ": " +
              number(s.density * (s.to - s.from), Scale::kPercent, 0) + " of the rows. ";
    }
    const std::string title = curve.size.name;
    out.push_back({title, rows_note(curve.size.rows),
                   distribution({counter.id(), "Scores: " + title, said}, steps, highest,
                                hue(question, title))});
  }
  return out;
}

}  // namespace evenhand::report
