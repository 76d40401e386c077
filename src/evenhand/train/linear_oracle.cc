#include "evenhand/train/linear_oracle.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "evenhand/model/blocks.h"
#include "evenhand/model/linear.h"

namespace evenhand::train {

namespace {

// The last step of Newton squares what is left: 1e-4 of the loss becomes about 1e-8 of it.
constexpr double kDecrementMax = 1e-4;

// Is the score at least 1/2? Below 0 that is open only where exp(-eta) rounds to 1.
bool decides(double eta) { return eta >= 0 || (eta > -1e-15 && 1 / (1 + std::exp(-eta)) >= 0.5); }

// The labels of rows that count, where they are all alike.
bool all_alike(std::span<const std::uint8_t> labels, std::span<const double> weights,
               bool& favourable) {
  bool any[2] = {false, false};
  for (std::size_t i = 0; i < labels.size(); ++i) any[labels[i]] = any[labels[i]] || weights[i] > 0;
  favourable = any[1];
  return !(any[0] && any[1]);
}

class LinearLearner {
 public:
  LinearLearner(const model::Design& design, double l2, unsigned threads) : design_(design) {
    options_.l2 = l2;
    options_.threads = threads;
    options_.decrement_max = kDecrementMax;
    options_.standard_errors = false;
  }

  Result<Classifier> fit(std::span<const std::uint8_t> labels, std::span<const double> weights) {
    Classifier out;
    bool favourable = false;
    if (all_alike(labels, weights, favourable)) {
      out.model = model::constant_linear(design_.columns.size(), favourable);
      out.decisions.assign(design_.rows, favourable ? 1 : 0);
      return out;
    }
    EVENHAND_ASSIGN(std::unique_ptr<model::Model> fitted,
                    model::fit_linear({design_, labels, weights}, options_));
    last_ = model::logistic_fit_of(*fitted)->coefficients;
    options_.start = last_;
    out.decisions.resize(design_.rows);
    const model::Blocks blocks = model::blocks_of(design_.rows);
    model::for_each_block(blocks, options_.threads, [&](std::size_t k) {
      for (std::size_t i = blocks.begin(k); i < blocks.end(k); ++i) {
        out.decisions[i] = decides(model::linear_predictor(design_, last_, i)) ? 1 : 0;
      }
    });
    out.model = std::move(fitted);
    return out;
  }

 private:
  const model::Design& design_;
  model::LogisticOptions options_;
  std::vector<double> last_;  // coefficients
};

}  // namespace

Oracle linear_oracle(const model::Design& design, double l2, unsigned threads) {
  const auto learner = std::make_shared<LinearLearner>(design, l2, threads);
  return [learner](std::span<const std::uint8_t> labels, std::span<const double> weights) {
    return learner->fit(labels, weights);
  };
}

}  // namespace evenhand::train
