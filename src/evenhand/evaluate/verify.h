// Does a record agree with itself, and with the data that it names? Every finding that stands on
// tallies is computed again from the record's own sheets; with the data, rows are counted again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/evaluate/evaluate.h"
#include "evenhand/record/compare.h"
#include "evenhand/record/record.h"

namespace evenhand::evaluate {

using record::Verified;

/// @param threads  0: as many as the machine has.
/// @error kBadInput naming what is no record of this operation, or the first finding, margin, word
///        or mark that differs: what the record says, what comes out.
Result<Verified> verify(const record::Record& record, unsigned threads = 1);

/// Count the named files again with the record's options, and compare every cell and finding.
/// @param files  in the record's order; empty: the paths that the record names.
/// @error kBadInput naming the first cell, finding or note that differs; what evaluate() answers
///        where a file cannot be read or does not have the record's columns; kInterrupted.
Result<Verified> verify_with_data(const record::Record& record,
                                  const std::vector<std::string>& files, unsigned threads,
                                  const KeepGoing& keep_going);

}  // namespace evenhand::evaluate
