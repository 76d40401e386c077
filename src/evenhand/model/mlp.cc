#include "evenhand/model/mlp.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "evenhand/base/check.h"

namespace evenhand::model {

namespace {

constexpr std::size_t kRowsAtOnce = 4096;  // made dense at a time

class Mlp final : public Model {
 public:
  explicit Mlp(MlpFit fit) : fit_(std::move(fit)) {}
  const MlpFit& fit() const { return fit_; }

  std::string_view kind() const override { return "mlp"; }
  std::size_t columns() const override { return fit_.network.inputs(); }

  void score(const Design& design, std::span<double> scores) const override {
    EVENHAND_CHECK(design.columns.size() == columns() && scores.size() == design.rows);
    std::vector<std::uint32_t> rows;
    for (std::size_t begin = 0; begin < design.rows; begin += kRowsAtOnce) {
      rows.resize(std::min(kRowsAtOnce, design.rows - begin));
      std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(begin));
      const Dense<float> x = densify(design, rows);
      logits_of(fit_.network, x.values, scores.subspan(begin, rows.size()));
    }
    for (double& score : scores) score = 1 / (1 + std::exp(-score));
  }

  Json describe() const override {
    const auto& widths = fit_.network.widths;
    return {{"method", fit_.method},
            {"steps", fit_.steps},
            {"deviance", fit_.deviance},
            {"widths", std::vector<std::size_t>(widths.begin() + 1, widths.end() - 1)}};
  }

  std::vector<Tensor> tensors() const override {
    std::vector<Tensor> out;
    const Network<float>& net = fit_.network;
    for (std::size_t k = 0; k < net.layers(); ++k) {
      const std::size_t in = net.widths[k], units = net.widths[k + 1];
      const auto w = net.parameters.begin() + static_cast<std::ptrdiff_t>(offset_of(net.widths, k));
      const auto b = w + static_cast<std::ptrdiff_t>(in * units);
      const std::string layer = "layer_" + std::to_string(k);
      out.push_back({layer + "/weight", {units, in}, {w, b}});
      out.push_back({layer + "/bias", {units}, {b, b + static_cast<std::ptrdiff_t>(units)}});
    }
    return out;
  }

 private:
  MlpFit fit_;
};

Error bad(const std::string& why) { return {Code::kBadInput, "an mlp model " + why}; }

// Append a tensor's numbers; each must be one that a float holds.
Result<void> append(const Tensor& tensor, std::vector<float>& out) {
  for (const double x : tensor.values) {
    const auto narrow = static_cast<float>(x);
    if (!std::isfinite(narrow)) {
      return bad("whose tensor \"" + tensor.name + "\" holds a number that is not finite");
    }
    out.push_back(narrow);
  }
  return {};
}

Result<void> append_layer(std::size_t k, const std::map<std::string, const Tensor*>& named,
                          Network<float>& net) {
  const std::string layer = "layer_" + std::to_string(k);
  const auto weight = named.find(layer + "/weight"), bias = named.find(layer + "/bias");
  if (weight == named.end() || bias == named.end()) {
    return bad("without the tensor \"" + layer + (weight == named.end() ? "/weight\"" : "/bias\""));
  }
  const auto& shape = weight->second->shape;
  if (shape.size() != 2) return bad("whose \"" + layer + "/weight\" is not a matrix");
  if (bias->second->shape != std::vector<std::size_t>{shape[0]}) {
    return bad("whose \"" + layer + "/weight\" and \"" + layer + "/bias\" do not fit together");
  }
  if (shape[0] == 0 || shape[1] == 0) return bad("whose \"" + layer + "\" has no units");
  if (k == 0) net.widths.push_back(shape[1]);
  if (net.widths.back() != shape[1]) {
    return bad("whose \"" + layer + "\" reads " + std::to_string(shape[1]) + " numbers and gets " +
               std::to_string(net.widths.back()));
  }
  net.widths.push_back(shape[0]);
  EVENHAND_TRY(append(*weight->second, net.parameters));
  return append(*bias->second, net.parameters);
}

Result<std::unique_ptr<Model>> load(const Json& described, std::vector<Tensor> tensors) {
  std::map<std::string, const Tensor*> named;
  for (const Tensor& tensor : tensors) named[tensor.name] = &tensor;
  if (tensors.empty() || tensors.size() % 2 != 0 || named.size() != tensors.size()) {
    return bad("needs a weight and a bias for each layer, and " + std::to_string(tensors.size()) +
               " tensors are there");
  }
  MlpFit fit;
  for (std::size_t k = 0; 2 * k < tensors.size(); ++k) {
    EVENHAND_TRY(append_layer(k, named, fit.network));
  }
  if (fit.network.widths.back() != 1) {
    return bad("whose last layer has " + std::to_string(fit.network.widths.back()) +
               " units; a score needs one");
  }
  if (described.is_object()) {
    const auto deviance = described.find("deviance");
    if (deviance != described.end() && deviance->is_number()) fit.deviance = *deviance;
    const auto steps = described.find("steps");
    if (steps != described.end() && steps->is_number_integer()) fit.steps = *steps;
    const auto method = described.find("method");
    if (method != described.end() && method->is_string()) fit.method = *method;
  }
  return hold_mlp(std::move(fit));
}

}  // namespace

extern const Backend mlp;  // declared where the list is walked: all.cc
const Backend mlp{"mlp", "a fully connected network with ReLU, of any widths", load};

std::unique_ptr<Model> hold_mlp(MlpFit fit) {
  EVENHAND_CHECK(fit.network.widths.size() >= 2 && fit.network.widths.back() == 1 &&
                 fit.network.parameters.size() == parameters_of(fit.network.widths));
  return std::make_unique<Mlp>(std::move(fit));
}

const MlpFit* mlp_fit_of(const Model& model) {
  return model.kind() == "mlp" ? &static_cast<const Mlp&>(model).fit() : nullptr;
}

}  // namespace evenhand::model
