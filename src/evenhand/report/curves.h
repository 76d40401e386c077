// Calibration curves and distributions of scores, read off the record's score grids.
#pragma once

#include <string>
#include <vector>

#include "evenhand/report/view.h"

namespace evenhand::report {

/// Of the largest groups whose size is shown, at most eight. Neighbouring bins are taken together
/// until each point has 11 rows of each label, and each step 11 rows, so that none is small.
std::vector<Curve> curves(const record::Record& record, const std::vector<std::string>& by,
                          const std::vector<Size>& sizes);

}  // namespace evenhand::report
