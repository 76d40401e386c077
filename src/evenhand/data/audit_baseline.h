// The population that an audit holds the data against: a table of shares or counts, another data
// set that is counted, or equal shares.
//
//   a table   sex,race,persons       one row for each group; attributes that a question does not
//             Female,White,100       ask for are summed over
//   a long    attribute,group,persons
//   table     sex,Female,500         single attributes only
//   people    another data set       one row for each person
//
// A file is taken for people where that was said (baseline_kind), or where all its columns are
// columns of the data and groups repeat. Every other file is a table, which lists each group once;
// one that does not is refused rather than counted.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/data/audit_count.h"
#include "evenhand/tally/groups.h"

namespace evenhand::data {

/// Of one question: known groups in canonical order, with their shares.
struct AuditBaseline {
  By by;
  std::vector<tally::Key> keys;
  std::vector<double> shares;  // add up to 1
  std::vector<double> rows;    // of a data set: (effective) rows; empty: shares are known
};

struct Baselines {
  std::vector<AuditBaseline> of;       // of each question that the baseline speaks of
  std::optional<record::Input> input;  // the file, where there is one
  std::vector<std::string> silent;     // questions that it does not speak of: "sex x race"
  bool counted = false;                // it was read as a data set, a row a person
};

/// Read it, and hold it against the groups that were counted.
/// @error kBadInput for a baseline without a group that the data have, with a share of 0 for one,
///        with no number, one below 0, shares that do not add up to 1, a group twice, no column
///        of numbers or several, or that speaks of no question; kNotFound, kIo.
Result<Baselines> read_baselines(const AuditOptions& options, const AuditColumns& columns,
                                 const AuditCounts& counts, const OnProgress& progress);

}  // namespace evenhand::data
