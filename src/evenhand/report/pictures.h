// From findings to pictures: which are drawn, their titles ("Selection rate: 33.1 % (Other) to
// 57.8 % (African-American)"), and what a screen reader says instead.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

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
  int next = 0;
  std::string id() { return "p" + std::to_string(next++); }
};

/// @param everybody  whose numbers stand below those of the groups; null: nobody's.
std::vector<Picture> rates(const Question& question, const Question* everybody, const Room& room,
                           Counter& counter);
std::vector<Picture> gaps(const Question& question, const Room& room, Counter& counter);
std::vector<Picture> calibrations(const Question& question, Counter& counter);
std::vector<Picture> distributions(const Question& question, Counter& counter);

}  // namespace evenhand::report
