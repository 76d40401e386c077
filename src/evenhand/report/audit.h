// What is said and drawn of an audit, where it differs from an evaluation: who is missing comes
// first, shares stand against the baseline's, and columns that tell a group have their picture.
#pragma once

#include <vector>

#include "evenhand/report/pictures.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

bool is_audit(const View& view);

/// The sentences of an audit in place of an evaluation's.
void tell_audit(const View& view, Story& story);

/// @param everybody  whose numbers stand below those of the groups; null: nobody's.
std::vector<Picture> audit_pictures(const Question& question, const Question* everybody,
                                    const Room& room, Counter& counter);

}  // namespace evenhand::report
