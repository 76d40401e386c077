// What is said and drawn of a comparison of several ways of deciding, where it differs from an
// evaluation: what is gained, what it costs, who is decided differently.
#pragma once

#include <vector>

#include "evenhand/report/pictures.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

bool is_comparison(const View& view);

/// The sentences of a comparison in place of an evaluation's.
void tell_comparison(const View& view, Story& story);

/// @param everybody  of whom accuracy is drawn beside the gaps; null: nobody.
std::vector<Picture> comparison_pictures(const View& view, const Question& question,
                                         const Question* everybody, Counter& counter);

}  // namespace evenhand::report
