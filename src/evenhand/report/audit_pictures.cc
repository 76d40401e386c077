// The pictures of an audit: shares against the baseline, labels, missing values, proxies.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "evenhand/report/audit.h"
#include "evenhand/report/svg.h"

namespace evenhand::report {
namespace {

std::vector<const Shown*> of_metric(const Question& q, std::string_view id) {
  std::vector<const Shown*> out;
  for (const Shown& s : q.groups) {
    if (s.id() == id) out.push_back(&s);
  }
  return out;
}

std::optional<double> gap_of(const Question& q, const std::string& group) {
  for (const Shown& s : q.groups) {
    if (s.id() == "representation_gap" && s.about() == group) return s.numbers().value;
  }
  return std::nullopt;
}

/// "Female: 33.1 % of the rows, 51.3 % of the baseline": who lacks most, of those that are shown.
std::string shares_title(const Question& q, const std::vector<const Shown*>& shares) {
  const Shown* worst = nullptr;
  double least = 0;
  for (const Shown* s : shares) {
    const auto gap = gap_of(q, s->about());
    if (s->state() != State::kShown || !gap || (worst != nullptr && *gap >= least)) continue;
    least = *gap;
    worst = s;
  }
  if (worst == nullptr) return "Shares of the rows by " + q.name;
  const double p = *worst->numbers().value;
  return worst->about() + ": " + number(p, Scale::kPercent, 1) + " of the rows, " +
         number(p - least, Scale::kPercent, 1) + " of the baseline";
}

std::optional<Picture> shares(const Question& q, const Room& room, Counter& counter) {
  const std::vector<const Shown*> all = of_metric(q, "row_share");
  if (all.empty()) return std::nullopt;
  const Choice choice = choose(all, room.drawn);
  std::vector<Dot> dots;
  bool targets = false;
  for (const Shown* s : choice.shown) {
    dots.push_back(dot_of(*s, s->about(), hue(q, s->about())));
    const auto gap = gap_of(q, s->about());
    if (!gap || !s->numbers().value) continue;
    dots.back().target = *s->numbers().value - *gap;
    dots.back().text += " (baseline " + number(*dots.back().target, Scale::kPercent, 1) + ")";
    targets = true;
  }
  for (std::size_t i = 0; i < dots.size(); ++i) {
    dots[i].note.clear();
    for (const Size& size : q.sizes) {
      if (size.name == dots[i].label && size.rows) dots[i].note = count(*size.rows, "row", "rows");
    }
  }
  const Axis axis = axis_for(dots, Scale::kPercent, std::nullopt);
  Picture out;
  out.title = targets ? shares_title(q, all) : "Shares of the rows by " + q.name;
  out.caption = "In per cent of the rows; the axis ends at " +
                number_without_unit(axis.high, Scale::kPercent, 0) + ".";
  if (targets) out.caption += " The hollow diamond is the group's share of the baseline.";
  if (choice.left_out > 0) out.caption += " " + says_choice(choice);
  out.svg = report::dots({counter.id(), out.title, described(choice.shown)}, dots, axis);
  return out;
}

/// The largest numbers of a curve's points, one picture for each group or column.
struct Line {
  std::string title;
  std::vector<const Shown*> points;
};

Picture line_picture(const Line& line, const std::string& caption, bool by_place, const Question& q,
                     Axis axis, Counter& counter) {
  std::vector<Dot> dots;
  for (const Shown* s : line.points) {
    dots.push_back(dot_of(*s, by_place ? s->at() : s->about(), hue(q, s->about())));
    if (by_place) dots.back().note.clear();
  }
  Picture out;
  out.title = line.title;
  out.caption = caption;
  out.svg = report::dots({counter.id(), out.title, described(line.points)}, dots, axis);
  return out;
}

double value_of(const Shown* s) { return s->numbers().value.value_or(-1); }

/// For each group the columns that tell it best.
std::vector<Picture> proxies(const Question& q, Counter& counter) {
  std::vector<Line> lines;
  for (const Size& size : q.sizes) {
    Line line;
    for (const Shown& s : q.groups) {
      if (s.id() == "proxy_auc" && s.about() == size.name && s.state() == State::kShown) {
        line.points.push_back(&s);
      }
    }
    if (line.points.empty()) continue;
    std::stable_sort(line.points.begin(), line.points.end(), [](const Shown* a, const Shown* b) {
      const bool all_a = a->at() == "all features", all_b = b->at() == "all features";
      return all_a != all_b ? all_a : value_of(a) > value_of(b);
    });
    constexpr std::size_t kColumns = 8;
    if (line.points.size() > kColumns) line.points.resize(kColumns);
    line.title = "What tells “" + size.name + "”: " + line.points.front()->at() + ", AUC " +
                 line.points.front()->value();
    lines.push_back(std::move(line));
  }
  constexpr std::size_t kGroups = 6;
  if (lines.size() > kGroups) lines.resize(kGroups);
  std::vector<Picture> out;
  for (const Line& line : lines) {
    out.push_back(line_picture(line,
                               "AUC of rows that the fit had not seen; on the dashed line (0.5) a "
                               "column tells nothing.",
                               true, q, Axis{0, 1, Scale::kNumber, 0.5}, counter));
  }
  return out;
}

/// For each column with missing values, how often in each group.
std::vector<Picture> missing(const Question& q, const Room& room, Counter& counter) {
  std::map<std::string, Line> by_column;
  for (const Shown& s : q.groups) {
    if (s.id() == "missing_rate") by_column[s.at()].points.push_back(&s);
  }
  std::vector<Line> lines;
  for (auto& [column, line] : by_column) {
    line.points = choose(line.points, room.drawn).shown;
    line.title = "No value in “" + column + "”, by " + q.name;
    const bool any = std::any_of(line.points.begin(), line.points.end(),
                                 [](const Shown* s) { return s->state() == State::kShown; });
    if (any) lines.push_back(std::move(line));
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    const auto most = [](const Line& line) {
      double out = 0;
      for (const Shown* s : line.points) out = std::max(out, value_of(s));
      return out;
    };
    return most(a) > most(b);
  });
  constexpr std::size_t kColumns = 4;
  if (lines.size() > kColumns) lines.resize(kColumns);
  std::vector<Picture> out;
  for (const Line& line : lines) {
    std::vector<Dot> dots;
    for (const Shown* s : line.points) dots.push_back(dot_of(*s, s->about(), 0));
    const Axis axis = axis_for(dots, Scale::kPercent, std::nullopt);
    out.push_back(line_picture(line,
                               "In per cent of the group's rows; the axis ends at " +
                                   number_without_unit(axis.high, Scale::kPercent, 1) + ".",
                               false, q, axis, counter));
  }
  return out;
}

}  // namespace

std::vector<Picture> audit_pictures(const Question& q, const Question* everybody, const Room& room,
                                    Counter& counter) {
  std::vector<Picture> out;
  if (auto picture = shares(q, room, counter)) out.push_back(std::move(*picture));
  if (const auto labels = of_metric(q, "base_rate"); !labels.empty() && !q.by.empty()) {
    out.push_back(rate(q, labels, everybody, room, counter));
  }
  for (Picture& picture : missing(q, room, counter)) out.push_back(std::move(picture));
  for (Picture& picture : proxies(q, counter)) out.push_back(std::move(picture));
  return out;
}

}  // namespace evenhand::report
