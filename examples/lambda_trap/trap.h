// The trap everyone falls into: a penalty on the gap of *counted* errors. An error counted by
// argmax does not move when a weight does, so its derivative is 0 and lambda does nothing.
//
// 1,000 rows, 20 normal features, a 20-50-2 network with softmax, Adam at 0.001, 20 epochs,
// lambda 0.1. Random labels and groups first; then labels that follow other features in each group.
#pragma once

#include <string>
#include <vector>

#include "evenhand/base/result.h"

namespace trap {

/// What a model does on 20,000 rows that it has not seen.
struct Fares {
  double gap = 0;       // |error rate of A - error rate of B|
  double accuracy = 0;  // share of right decisions
};

/// One model with lambda beside the one without.
struct Line {
  std::string what;
  Fares plain, fair;
  bool same_bits = false;  // all weights of both are the same, to the last bit
};

/// Argmax on random rows; the surrogate on the same; the surrogate where there is a gap.
evenhand::Result<std::vector<Line>> run(double lambda, unsigned long seed);

}  // namespace trap
