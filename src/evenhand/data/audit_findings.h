// From the tallies of an audit to findings: which metrics are read of which question, and how the
// tolerance judges them. Used on fresh counts and on those of a record that is verified.
#pragma once

#include <vector>

#include "evenhand/data/audit_baseline.h"
#include "evenhand/data/audit_count.h"
#include "evenhand/record/record.h"

namespace evenhand::data {

/// What findings stand on: the questions (the first is everybody), with baselines for some.
struct AuditStanding {
  std::vector<AuditQuestion> questions;
  std::vector<AuditBaseline> baselines;
};

/// All findings that stand on tallies, judged, in the order of the questions, those of everybody
/// last.
Result<std::vector<record::Finding>> findings_of(const AuditOptions& options,
                                                 const AuditStanding& standing);

/// Rows of unknown groups, and questions without two groups to compare.
void note_groups(const std::vector<AuditQuestion>& questions, std::vector<record::LeftOut>& out);

}  // namespace evenhand::data
