// A comparison in pictures: one row for each way of deciding.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "evenhand/base/field.h"
#include "evenhand/report/comparison.h"
#include "evenhand/report/story.h"
#include "evenhand/report/svg.h"

namespace evenhand::report {
namespace {

/// A finding with its label, and the hue of its group; none where it is about no single group.
struct Line {
  const Shown* finding;
  std::string label;
  int hue = -1;
};

Picture picture(const std::string& title, const std::string& caption,
                const std::vector<Line>& lines, Counter& counter) {
  std::vector<Dot> rows;
  std::string says;
  for (const Line& line : lines) {
    const Shown& s = *line.finding;
    rows.push_back(dot_of(s, line.label, line.hue));
    rows.back().note.clear();
    says += line.label + ": " + s.value() +
            (s.state() == State::kShown ? ", interval " + s.plain() : std::string()) + ". ";
  }
  const Axis axis = axis_for(rows, lines.front().finding->scale(), std::nullopt);
  return {title, caption, dots({counter.id(), title, says}, rows, axis)};
}

/// One number of each way of deciding.
void add_ways(std::vector<Picture>& out, const std::vector<Shown>& all, const std::string& id,
              const std::string& words, const std::vector<std::string>& ways, Counter& counter) {
  std::vector<Line> lines;
  for (const std::string& way : ways) {
    if (const Shown* s = shown_at(all, id, way)) lines.push_back({s, way});
  }
  if (lines.empty()) return;
  const auto end = [](const Line& line) { return line.finding->value() + " (" + line.label + ")"; };
  out.push_back(picture(
      words + ": " + end(lines.front()) + (lines.size() > 1 ? ", " + end(lines.back()) : ""),
      "One row for each way of deciding.", lines, counter));
}

/// A rate of each group under each way of deciding.
void add_groups(std::vector<Picture>& out, const Question& q, const std::string& id,
                const std::string& words, const std::vector<std::string>& ways, Counter& counter) {
  constexpr std::size_t kRows = 24;
  std::vector<ByGroup> numbers;
  for (const std::string& way : ways) numbers.push_back(by_group(q, id, way));
  std::vector<Line> lines;
  for (const Size& size : q.sizes) {
    for (std::size_t w = 0; w < ways.size(); ++w) {
      const auto at = numbers[w].find(size.group);
      if (at == numbers[w].end() || lines.size() == kRows) continue;
      lines.push_back({at->second, size.name + ", " + ways[w], hue(q, size.name)});
    }
  }
  if (lines.empty()) return;
  out.push_back(picture(words + " of each group",
                        "One row for each group and way of deciding; a hue for each group.", lines,
                        counter));
}

/// Accuracy against the gap, a dot for each value.
void add_frontier(std::vector<Picture>& out, const View& view, const Question& q,
                  Counter& counter) {
  const std::optional<Frontier> along = frontier(view, q);
  if (!along) return;
  std::vector<Spot> spots;
  std::string says;
  const FrontierPoint *first = nullptr, *last = nullptr;
  for (const FrontierPoint& point : along->points) {
    if (point.accuracy == nullptr || point.gap == nullptr) continue;
    spots.push_back({point.value ? shortest(*point.value) : point.name, point.gap->numbers(),
                     point.accuracy->numbers(), point.value.has_value()});
    says += point.name + ": gap " + point.gap->value() + ", interval " + point.gap->plain() +
            "; accuracy " + point.accuracy->value() + ", interval " + point.accuracy->plain() +
            ". ";
    if (first == nullptr) first = &point;
    last = &point;
  }
  if (spots.size() < 2) return;
  const std::string title = first->gap->name() + ": " + first->gap->value() + " (" + first->name +
                            ") to " + last->gap->value() + " (" + last->name + "); accuracy " +
                            first->accuracy->value() + " to " + last->accuracy->value();
  const std::size_t hidden = along->points.size() - spots.size();
  const std::string caption =
      "Across: the gap; the dashed line is parity. Up: accuracy of everybody. One dot for each " +
      along->by + ", which stands beside it, joined in their order; hollow: “" +
      along->points.front().name + "”. Further left is fairer, further up more accurate." +
      (hidden == 0 ? "" : " " + count(hidden, "value", "values") + " cannot be shown.");
  out.push_back(
      {title, caption, plane({counter.id(), title, says}, spots, "gap, points", "accuracy, %")});
}

}  // namespace

std::optional<Frontier> frontier(const View& view, const Question& question) {
  const auto& options = view.record->options;
  if (question.by.empty() || !options.is_object() || !options.contains("frontier")) return {};
  const auto& said = options["frontier"];
  const auto has = [&](const char* name, bool (nlohmann::ordered_json::*is)() const noexcept) {
    return said.is_object() && said.contains(name) && (said[name].*is)();
  };
  using J = nlohmann::ordered_json;
  if (!has("by", &J::is_string) || !has("gap", &J::is_string) || !has("values", &J::is_array)) {
    return {};
  }
  const std::vector<std::string> names = ways_of(view);
  if (names.size() != said["values"].size() + 1) return {};
  Frontier out{cleaned(said["by"].get<std::string>()), said["gap"].get<std::string>(), {}};
  const Question* all = everybody(view);
  for (std::size_t c = 0; c < names.size(); ++c) {
    FrontierPoint point{names[c], {}, nullptr, nullptr, nullptr, nullptr};
    if (c > 0 && !said["values"][c - 1].is_number()) return {};
    if (c > 0) point.value = said["values"][c - 1].get<double>();
    point.gap = shown_at(question.gaps, out.gap, names[c]);
    if (c > 0) point.gap_change = shown_at(question.gaps, out.gap + "_change", change_of(names, c));
    if (all != nullptr) {
      point.accuracy = shown_at(all->groups, "accuracy", names[c]);
      if (c > 0)
        point.accuracy_change = shown_at(all->groups, "accuracy_change", change_of(names, c));
    }
    out.points.push_back(std::move(point));
  }
  return out;
}

std::vector<Picture> comparison_pictures(const View& view, const Question& question,
                                         const Question* everybody, Counter& counter) {
  const std::vector<std::string> names = ways_of(view);
  std::vector<Picture> out;
  if (question.by.empty()) {
    add_ways(out, question.groups, "accuracy", "Accuracy", names, counter);
    add_ways(out, question.groups, "selection_rate", "Selection rate", names, counter);
    return out;
  }
  add_frontier(out, view, question, counter);
  const std::pair<const char*, const char*> gaps[] = {
      {"selection_rate_difference", "Gap in the selection rate"},
      {"true_positive_rate_difference", "Gap in the true positive rate"},
      {"false_positive_rate_difference", "Gap in the false positive rate"}};
  for (const auto& [id, words] : gaps) add_ways(out, question.gaps, id, words, names, counter);
  if (everybody != nullptr) {
    add_ways(out, everybody->groups, "accuracy", "Accuracy of everybody", names, counter);
  }
  add_groups(out, question, "selection_rate", "Selection rate", names, counter);
  add_groups(out, question, "true_positive_rate", "True positive rate", names, counter);
  return out;
}

}  // namespace evenhand::report
