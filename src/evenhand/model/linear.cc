#include "evenhand/model/linear.h"

#include <cmath>
#include <string>
#include <utility>

#include "evenhand/base/check.h"

namespace evenhand::model {

namespace {

class Linear final : public Model {
 public:
  explicit Linear(LogisticFit fit) : fit_(std::move(fit)) {}
  const LogisticFit& fit() const { return fit_; }

  std::string_view kind() const override { return "linear"; }
  std::size_t columns() const override { return fit_.coefficients.size() - 1; }

  void score(const Design& design, std::span<double> scores) const override {
    EVENHAND_CHECK(design.columns.size() == columns() && scores.size() == design.rows);
    for (std::size_t i = 0; i < design.rows; ++i) {
      const double eta = linear_predictor(design, fit_.coefficients, i);
      scores[i] = 1 / (1 + std::exp(-eta));  // exp may overflow to infinity: the score is 0 then
    }
  }

  Json describe() const override {
    return {{"method", fit_.method}, {"iterations", fit_.iterations}, {"deviance", fit_.deviance}};
  }

  std::vector<Tensor> tensors() const override {
    std::vector<Tensor> out{{"coefficients", {fit_.coefficients.size()}, fit_.coefficients}};
    if (!fit_.standard_errors.empty()) {
      out.push_back({"standard_errors", {fit_.standard_errors.size()}, fit_.standard_errors});
    }
    return out;
  }

 private:
  LogisticFit fit_;
};

Result<std::unique_ptr<Model>> load(const Json& described, std::vector<Tensor> tensors) {
  LogisticFit fit;
  for (Tensor& tensor : tensors) {
    if (tensor.shape.size() != 1) {
      return Error{Code::kBadInput,
                   "tensor \"" + tensor.name + "\" of a linear model is not a list"};
    }
    for (const double x : tensor.values) {
      if (!std::isfinite(x)) {
        return Error{Code::kBadInput,
                     "tensor \"" + tensor.name + "\" holds a number that is not finite"};
      }
    }
    if (tensor.name == "coefficients") fit.coefficients = std::move(tensor.values);
    if (tensor.name == "standard_errors") fit.standard_errors = std::move(tensor.values);
  }
  if (fit.coefficients.empty()) {
    return Error{Code::kBadInput, "a linear model without the tensor \"coefficients\""};
  }
  if (!fit.standard_errors.empty() && fit.standard_errors.size() != fit.coefficients.size()) {
    return Error{Code::kBadInput, "\"standard_errors\" and \"coefficients\" differ in length"};
  }
  if (described.is_object()) {
    const auto deviance = described.find("deviance");
    if (deviance != described.end() && deviance->is_number()) fit.deviance = *deviance;
    const auto iterations = described.find("iterations");
    if (iterations != described.end() && iterations->is_number_integer())
      fit.iterations = *iterations;
    const auto method = described.find("method");
    if (method != described.end() && method->is_string()) fit.method = *method;
  }
  return Result<std::unique_ptr<Model>>(std::make_unique<Linear>(std::move(fit)));
}

}  // namespace

extern const Backend linear;  // declared where the list is walked: all.cc
const Backend linear{"linear", "logistic regression with a quadratic penalty", load};

Result<std::unique_ptr<Model>> fit_linear(const Sample& sample, const LogisticOptions& options) {
  EVENHAND_ASSIGN(LogisticFit fit, fit_logistic(sample, options));
  return hold_linear(std::move(fit));
}

std::unique_ptr<Model> hold_linear(LogisticFit fit) {
  EVENHAND_CHECK(!fit.coefficients.empty());
  return std::make_unique<Linear>(std::move(fit));
}

std::unique_ptr<Model> constant_linear(std::size_t columns, bool favourable) {
  LogisticFit fit;
  fit.coefficients.assign(columns + 1, 0);
  fit.coefficients.back() = favourable ? 1 : -1;
  fit.method = "constant";
  return std::make_unique<Linear>(std::move(fit));
}

const LogisticFit* logistic_fit_of(const Model& model) {
  return model.kind() == "linear" ? &static_cast<const Linear&>(model).fit() : nullptr;
}

}  // namespace evenhand::model
