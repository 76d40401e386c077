// What would show more where small cells hide numbers of a question: its small groups merged. Only
// groups that the tables call small are named; else the attribute alone.
#pragma once

#include <string>
#include <vector>

#include "evenhand/report/view.h"

namespace evenhand::report {

/// A sentence for each question of which some, not all, groups are held back.
std::vector<std::string> advice_on_small_groups(const View& view);

}  // namespace evenhand::report
