// What is said and drawn of a comparison of several ways of deciding, where it differs from an
// evaluation: what is gained, what it costs, who is decided differently.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/report/grid.h"
#include "evenhand/report/pictures.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

bool is_comparison(const View& view);
/// A comparison of one method at several values of one number.
bool is_frontier(const View& view);

/// One way of deciding on a frontier. A number that must not be shown, or is not there, is null.
struct FrontierPoint {
  std::string name;             // "lambda 0.1"; the first is what the others are held against
  std::optional<double> value;  // 0.1; absent of the first
  const Shown* accuracy = nullptr;
  const Shown* gap = nullptr;
  const Shown* accuracy_change = nullptr;
  const Shown* gap_change = nullptr;
};

/// What a method gains and costs at several values of one number, from the weakest to the
/// strongest.
struct Frontier {
  std::string by;   // "lambda"
  std::string gap;  // id of the metric
  std::vector<FrontierPoint> points;
};

/// The frontier by this question, if the record has one. It points into view and question.
std::optional<Frontier> frontier(const View& view, const Question& question);

/// The names of the ways of deciding, the one before first.
std::vector<std::string> ways_of(const View& view);
/// "plain to gap": from the first way to this one.
std::string change_of(const std::vector<std::string>& ways, std::size_t way);
/// A number of one way, or of one change; null if it is not there.
const Shown* number_at(const std::vector<Shown>& all, std::string_view id, const std::string& at);
/// The same; null also where it is not shown.
const Shown* shown_at(const std::vector<Shown>& all, std::string_view id, const std::string& at);

/// What was asked, under each way: bounds down, ways across. Without rows if nothing was asked.
Grid bounds_by_way(const View& view);
/// The same, after a column of what an evaluation says to its bounds, on its own rows.
Grid bounds_by_way(const View& evaluation, const View& comparison);
/// "Of 4 bounds “plain” meets 1 and “gap” 3."; "" if nothing was asked.
std::string bounds_sentence(const View& view);

/// Before and after: ways down; accuracy, shares and gaps across.
struct BeforeAfter {
  Grid everybody;
  std::vector<Grid> questions;  // the gaps by each
};
BeforeAfter before_and_after(const View& view);
/// The tables at the head of a page: bounds by ways, then before and after, everybody's columns
/// beside the gaps by the first question. None where nothing is compared.
std::vector<Grid> heads(const View& view);

/// What one who decides asks of a comparison; sentences about each way after the first.
struct Weighed {
  std::vector<std::string> gained, cost, who;  // not of a frontier
  std::vector<std::string> between;            // of a frontier: from its first to its last value
};
Weighed weigh(const View& view);

/// The sentences of a comparison in place of an evaluation's.
void tell_comparison(const View& view, Story& story);

/// @param everybody  of whom accuracy is drawn beside the gaps; null: nobody.
std::vector<Picture> comparison_pictures(const View& view, const Question& question,
                                         const Question* everybody, Counter& counter);

}  // namespace evenhand::report
