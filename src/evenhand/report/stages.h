// What is said of the stages between data and evaluation: how models were fitted, and what a policy
// promises.
#pragma once

#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

bool is_training(const View& view);
bool is_adjustment(const View& view);

/// The sentences of a fit, or of a policy, in place of an evaluation's.
void tell_training(const View& view, Story& story);
void tell_adjustment(const View& view, Story& story);

}  // namespace evenhand::report
