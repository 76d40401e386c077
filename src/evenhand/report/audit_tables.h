// The tables of an audit, as somebody reads them who has to decide: of each attribute first who is
// here and who is missing, then labels, missing values, sources and what tells the groups; the
// tests of all questions stand in one table at the end.
#pragma once

#include <string>
#include <vector>

#include "evenhand/report/grid.h"
#include "evenhand/report/pictures.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

/// Tables under one heading.
struct Part {
  std::string title;
  std::vector<Grid> grids;
};

std::vector<Part> audit_tables(const View& view, const Room& room);

}  // namespace evenhand::report
