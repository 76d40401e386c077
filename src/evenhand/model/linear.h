// The linear model: a score is the logistic function of a weighted sum of columns.
#pragma once

#include <cstddef>
#include <memory>

#include "evenhand/base/result.h"
#include "evenhand/model/logistic_fit.h"
#include "evenhand/model/model.h"

namespace evenhand::model {

/// Fit a logistic regression and hold it as a model; errors as `fit_logistic`.
Result<std::unique_ptr<Model>> fit_linear(const Sample& sample, const LogisticOptions& options);

/// Hold coefficients that were found in another way as a linear model.
std::unique_ptr<Model> hold_linear(LogisticFit fit);

/// A model of so many columns that decides alike for every row: score above or below 1/2.
std::unique_ptr<Model> constant_linear(std::size_t columns, bool favourable);

/// What `fit_logistic` found, of a model whose kind is "linear"; null for any other.
const LogisticFit* logistic_fit_of(const Model& model);

}  // namespace evenhand::model
