// What is said and drawn of a comparison of several ways of deciding, where it differs from an
// evaluation: what is gained, what it costs, who is decided differently.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evenhand/report/pictures.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

bool is_comparison(const View& view);

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

/// What one who decides asks of a comparison; sentences about each way after the first.
struct Weighed {
  std::vector<std::string> gained, cost, who;
};
Weighed weigh(const View& view);

/// The sentences of a comparison in place of an evaluation's.
void tell_comparison(const View& view, Story& story);

/// @param everybody  of whom accuracy is drawn beside the gaps; null: nobody.
std::vector<Picture> comparison_pictures(const View& view, const Question& question,
                                         const Question* everybody, Counter& counter);

}  // namespace evenhand::report
