// Proxies: how well the other columns tell who is of a group. For each group a logistic regression
// of "is of it" is fitted on four fifths of a sample and scores the last fifth, five times over;
// once to all features together, once to each alone. Its penalty is that of ten rows a coefficient.
// No AUC is given where a fit did not converge: the record says so.
#pragma once

#include <string>
#include <vector>

#include "evenhand/data/audit_count.h"

namespace evenhand::data {

struct Proxies {
  std::vector<record::Finding> findings;  // from rows
  std::vector<record::LeftOut> left_out;
};

/// @param features    columns of the sample.
/// @param attributes  columns whose groups are told, in the sample too.
/// @error kInterrupted.
Result<Proxies> proxies_of(const AuditOptions& options, const Sample& sample,
                           const std::vector<std::string>& features,
                           const std::vector<std::string>& attributes, const OnProgress& progress);

}  // namespace evenhand::data
