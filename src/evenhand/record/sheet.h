// Tallies as sheets of a record, and back: what more than one operation counts. A sheet lists its
// cells one by one, unknown and missing as null (docs/formats/record.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/record/record.h"
#include "evenhand/tally/confusion.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::record {

Sheet sheet_of(const tally::Confusion& counts);
Sheet sheet_of(const tally::Crosstab& counts);

/// The head of a sheet, without cells: the attributes, then `columns`.
Sheet head_of(std::string_view tally, const tally::Groups& groups, bool weighted,
              const std::vector<std::string>& columns);
Sheet key_json(const tally::Key& key);

// Reading throws nlohmann's exceptions on a wrong type: it stands inside read_sheet(). In canonical
// order. @error kBadInput for cells that cannot be.
Result<tally::Confusion> confusion_of(const Sheet& sheet);
Result<tally::Crosstab> crosstab_of(const Sheet& sheet);

/// What the head says.
struct Head {
  tally::Groups groups;
  tally::Weighting weighting;
  std::size_t values;  // of a key
};
Head head_of(const Sheet& sheet);
/// The first `values` of a row.
tally::Key key_of(const Sheet& row, std::size_t values);
/// A count: nlohmann would cut 135.9 to 135.
std::int64_t rows_at(const Sheet& row, std::size_t at);

/// Whether rows can be read by place: `columns` begin with the attributes of `by` and `strata` (but
/// those of cluster products), each row of `cells` is as long as they are, and counts of rows are
/// whole, from 0 on, and add up to less than 2^63. What a key is missing for, its reader says.
/// @error kBadInput.
Result<void> check_form(const Sheet& sheet);

/// Read sheet `number` (from 0) with `read`, which may throw nlohmann's exceptions.
/// @error kBadInput naming the tally for those.
template <class Read>
Result<void> read_sheet(std::size_t number, Read read) {
  try {
    return read();
  } catch (const nlohmann::json::exception& wrong) {
    return Error{Code::kBadInput, "tally " + std::to_string(number + 1) +
                                      " of the record cannot be read: " + wrong.what()};
  }
}

}  // namespace evenhand::record
