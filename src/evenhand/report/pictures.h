// From findings to pictures: which are drawn, their titles ("Selection rate: 33.1 % (Other) to
// 57.8 % (African-American)"), and what a screen reader says instead.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "evenhand/report/svg.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

struct Picture {
  std::string title, caption;  // plain text
  std::string svg;
};

/// How much goes on a page.
struct Room {
  std::size_t drawn = 24;    // rows of a picture
  std::size_t panels = 8;    // pictures of rates for a question
  std::size_t listed = 200;  // rows of a metric in a table
  std::size_t questions = 12;
};

/// Numbers the pictures of a page, for ids.
struct Counter {
  std::string prefix = {};  // of the chapter
  int next = 0;
  std::string id() { return prefix + "p" + std::to_string(next++); }
};

/// A finding as a row of a picture.
Dot dot_of(const Shown& shown, std::string label, int colour);
/// What the dots say, for those who cannot see them.
std::string described(const std::vector<const Shown*>& findings);
/// The unit, and where the axis ends if that is not the usual place.
std::string unit_of(const Axis& axis, const std::string& unit);

/// One metric of each group. @param findings  of one metric, over all rows.
Picture rate(const Question& question, std::vector<const Shown*> findings,
             const Question* everybody, const Room& room, Counter& counter);

/// @param everybody  whose numbers stand below those of the groups; null: nobody's.
std::vector<Picture> rates(const Question& question, const Question* everybody, const Room& room,
                           Counter& counter);
std::vector<Picture> gaps(const Question& question, const Room& room, Counter& counter);
std::vector<Picture> calibrations(const Question& question, Counter& counter);
std::vector<Picture> distributions(const Question& question, Counter& counter);

}  // namespace evenhand::report
