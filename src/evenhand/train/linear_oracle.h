// Logistic regression as the learner of constrained training (reductions.h): it is asked again and
// again for the same rows with other labels and weights, so each fit starts from the one before.
#pragma once

#include "evenhand/model/design.h"
#include "evenhand/train/reductions.h"

namespace evenhand::train {

/// The design must outlive the oracle. Where labels are all alike, every row is decided so. One
/// use at a time: what is kept is the coefficients of the last fit, the first of a use starting
/// from the intercept alone.
/// @param l2  as LogisticOptions::l2.
/// Cost: two to four passes over the rows a call.
Oracle linear_oracle(const model::Design& design, double l2, unsigned threads);

}  // namespace evenhand::train
