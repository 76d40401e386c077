#include "evenhand/model/logistic_fit.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/base/field.h"
#include "evenhand/numeric/cholesky.h"
#include "evenhand/numeric/lbfgs.h"

namespace evenhand::model {

namespace {

constexpr std::size_t kNewtonColumns = 512;  // H: 2 MB for each of up to 64 blocks
constexpr int kIterationsMax = 100;
constexpr int kHalvingsMax = 40;
constexpr double kMoveMax = 1e-3;  // of a linear predictor, in a last step to a finite point

struct Weighed {
  double all = 0, favourable = 0;
};

Weighed weigh(const Sample& sample) {
  Weighed out;
  for (std::size_t i = 0; i < sample.design.rows; ++i) {
    const double w = sample.weights.empty() ? 1 : sample.weights[i];
    out.all += w;
    out.favourable += sample.labels[i] == 1 ? w : 0;
  }
  return out;
}

Error nothing_to_learn(const Weighed& weighed) {
  if (!(weighed.all > 0)) return {Code::kBadInput, "no row has a label and a weight above 0"};
  return {Code::kBadInput, weighed.favourable > 0
                               ? "every label is the favourable one: there is nothing to learn"
                               : "no label is the favourable one: there is nothing to learn"};
}

std::string called(const Design& design, std::size_t column) {
  return column < design.columns.size() ? '"' + design.columns[column] + '"' : "the intercept";
}

Error says_nothing_new(const Design& design, std::size_t column) {
  return {Code::kBadInput,
          "column " + called(design, column) +
              " is constant or follows from the columns before it, so its coefficient is not "
              "determined; leave it out or ask for l2 > 0"};
}

// The column along which the coefficients run away.
Error separated(const Sample& sample, const std::vector<double>& step) {
  const std::size_t n = step.size();
  std::size_t worst = 0;
  double furthest = -1;
  for (std::size_t c = 0; c + 1 < n; ++c) {
    std::vector<double> alone(n);
    alone[c] = step[c];
    const double move = widest_move(sample, alone);
    if (move > furthest) {
      furthest = move;
      worst = c;
    }
  }
  return {Code::kBadInput,
          "the columns tell the two labels of some rows apart without error (foremost " +
              called(sample.design, worst) +
              "), so their coefficients grow without end; ask for l2 > 0 or leave that column out"};
}

Error does_not_converge(std::string_view method, double l2) {
  return {Code::kBadInput, "the fit did not converge (" + std::string(method) +
                               "); ask for a larger l2 than " + shortest(l2) +
                               " or look for columns of very different size"};
}

// The intercept alone: the log-odds of the favourable label.
std::vector<double> start(const Design& design, const Weighed& weighed) {
  std::vector<double> b(design.columns.size() + 1);
  b.back() = std::log(weighed.favourable / (weighed.all - weighed.favourable));
  return b;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Go b - t d for the first t of 1, 1/2, 1/4, ... that does not climb. At the bottom rounding alone
// can make a step climb: then b stays.
void descend(const Sample& sample, const LogisticOptions& options, const std::vector<double>& step,
             std::vector<double>& b, Loss& here) {
  double t = 1;
  for (int halvings = 0; halvings < kHalvingsMax; ++halvings) {
    std::vector<double> next(b.size());
    for (std::size_t i = 0; i < b.size(); ++i) next[i] = b[i] - t * step[i];
    Loss there = logistic_loss(sample, options.l2, next, true, options.threads);
    t /= 2;
    if (!(there.value <= here.value * (1 + 1e-14))) continue;
    b = std::move(next);
    here = std::move(there);
    return;
  }
}

LogisticFit finished(std::vector<double> b, const Loss& loss, std::int64_t iterations) {
  LogisticFit out;
  out.coefficients = std::move(b);
  out.deviance = 2 * loss.log_loss;
  out.iterations = iterations;
  return out;
}

Result<LogisticFit> newton(const Sample& sample, const LogisticOptions& options,
                           std::vector<double> b) {
  const std::size_t n = b.size();
  Loss here = logistic_loss(sample, options.l2, b, true, options.threads);
  std::vector<double> step;
  for (std::int64_t iteration = 1; iteration <= kIterationsMax; ++iteration) {
    const numeric::Cholesky factor = numeric::factorise(here.hessian, n);
    if (factor.singular) {
      // Singular from the start is the columns' fault; later on, of probabilities that reach 0
      // or 1.
      if (iteration > 1 && options.l2 == 0) return separated(sample, step);
      return says_nothing_new(sample.design, *factor.singular);
    }
    step = numeric::solve(factor, here.gradient);
    const double decrement = dot(step, here.gradient) / 2;
    const bool last = decrement <= options.decrement_max * (here.value + 0.1);
    if (last && !options.standard_errors) {
      for (std::size_t i = 0; i < n; ++i) b[i] -= step[i];
    } else {
      descend(sample, options, step, b, here);
    }
    if (!last) continue;
    if (options.standard_errors && options.l2 == 0 && widest_move(sample, step) > kMoveMax) {
      return separated(sample, step);
    }
    LogisticFit out = finished(std::move(b), here, iteration);
    out.method = "newton";
    if (!options.standard_errors) return out;
    const numeric::Cholesky there = numeric::factorise(here.hessian, n);
    if (there.singular) return says_nothing_new(sample.design, *there.singular);
    out.standard_errors = numeric::inverse_diagonal(there);
    for (double& variance : out.standard_errors) variance = std::sqrt(variance);
    return out;
  }
  if (options.l2 == 0) return separated(sample, step);
  return does_not_converge("newton", options.l2);
}

Result<LogisticFit> by_lbfgs(const Sample& sample, const LogisticOptions& options,
                             std::vector<double> b, double weight) {
  const numeric::Smooth loss_at = [&](std::span<const double> x, std::span<double> gradient) {
    const Loss loss = logistic_loss(sample, options.l2, x, false, options.threads);
    std::copy(loss.gradient.begin(), loss.gradient.end(), gradient.begin());
    return loss.value;
  };
  numeric::LbfgsOptions limits;
  limits.gradient_max = 1e-9 * weight;
  numeric::Lowest lowest = numeric::lbfgs(loss_at, std::move(b), limits);
  if (!lowest.converged) return does_not_converge("lbfgs", options.l2);
  const Loss loss = logistic_loss(sample, options.l2, lowest.x, false, options.threads);
  LogisticFit out = finished(std::move(lowest.x), loss, lowest.iterations);
  out.method = "lbfgs";
  return out;
}

}  // namespace

Result<LogisticFit> fit_logistic(const Sample& sample, const LogisticOptions& options) {
  const Design& design = sample.design;
  EVENHAND_CHECK(sample.labels.size() == design.rows);
  EVENHAND_CHECK(sample.weights.empty() || sample.weights.size() == design.rows);
  if (!(options.l2 >= 0) || !std::isfinite(options.l2)) {
    return Error{Code::kInvalidArgument, "l2 must be a number of at least 0"};
  }
  const Weighed weighed = weigh(sample);
  if (!(weighed.favourable > 0) || !(weighed.favourable < weighed.all)) {
    return nothing_to_learn(weighed);
  }
  const bool small = design.columns.size() <= kNewtonColumns;
  const bool by_newton =
      options.method == Method::kNewton || (options.method == Method::kChoose && small);
  EVENHAND_CHECK(options.start.empty() || options.start.size() == design.columns.size() + 1);
  std::vector<double> b(options.start.begin(), options.start.end());
  if (b.empty()) b = start(design, weighed);
  return by_newton ? newton(sample, options, std::move(b))
                   : by_lbfgs(sample, options, std::move(b), weighed.all);
}

}  // namespace evenhand::model
