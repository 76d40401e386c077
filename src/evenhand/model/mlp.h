// The model "mlp": a score is the logistic function of a network's logit.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "evenhand/model/model.h"
#include "evenhand/model/network.h"

namespace evenhand::model {

struct MlpFit {
  Network<float> network;  // one output unit
  std::string method;      // "adam"
  std::int64_t steps = 0;
  double deviance = 0;  // -2 log likelihood of the rows of the fit, without the penalty
};

/// Hold a fitted network as a model.
std::unique_ptr<Model> hold_mlp(MlpFit fit);

/// What a model of kind "mlp" holds; null for any other.
const MlpFit* mlp_fit_of(const Model& model);

}  // namespace evenhand::model
