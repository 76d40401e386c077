// One pass over the rows of an audit: groups are counted into crosstabs, group by label into
// confusions, rows without a value by column and group; a sample of whole rows is kept for proxies.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/data/audit.h"
#include "evenhand/table/batch.h"
#include "evenhand/tally/confusion.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::data {

/// The tallies of one question. Canonical.
struct AuditQuestion {
  By by;                                           // empty: everybody
  tally::Crosstab rows;                            // of each group
  std::optional<tally::Confusion> labels;          // without decisions
  std::map<std::string, tally::Crosstab> missing;  // column -> rows of each group without a value
};

/// Whole rows, as texts, picked by a keyed hash of their place: the same for any thread count.
struct Sample {
  std::vector<table::Wanted> wanted;
  table::Batch rows;
  bool is_all = false;  // the table has no more
};

struct AuditCounts {
  std::vector<AuditQuestion> questions;  // the first is everybody
  std::vector<record::Input> inputs;
  std::string first_skipped;
  std::uint64_t weightless = 0;  // rows whose frequency weight is 0
  std::string favourable;        // value of the label, as found
  std::vector<std::string> unfavourable;
  Sample sample;
};

/// Which columns are read, and for what.
struct AuditColumns {
  std::vector<By> questions;            // {} among them, first
  std::vector<std::string> attributes;  // of questions, each once
  std::vector<std::string> all;         // whose missing values are counted; the files' order
  std::vector<std::string> sampled;     // of the sample for proxies; empty: none is kept
};

/// @error kBadInput, kNotFound, kIo, kInterrupted; kInvalidArgument for a label that needs its
///        favourable value.
Result<AuditCounts> count(const AuditOptions& options, const AuditColumns& columns,
                          const OnProgress& progress);

}  // namespace evenhand::data
