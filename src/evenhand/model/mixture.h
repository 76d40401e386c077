// A mixture of classifiers: each row is decided by one of them, drawn with fixed shares. Its score
// is therefore not a belief about the label but the probability that the row is decided favourably.
#pragma once

#include <memory>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/model/model.h"

namespace evenhand::model {

/// A classifier, favourable where its score is at least 1/2, and how often it decides.
struct Member {
  double share = 0;
  std::shared_ptr<const Model> model;
};

///   score(x) = sum_t share_t 1[score_t(x) >= 1/2]
/// @error kBadInput unless there is a member, shares are above 0 and sum to 1 (within 1e-9),
/// members
///        have equally many columns, and none is a mixture itself.
Result<std::unique_ptr<Model>> mix(std::vector<Member> members);

}  // namespace evenhand::model
