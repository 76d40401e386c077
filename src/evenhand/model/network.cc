#include "evenhand/model/network.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/base/random.h"
#include "evenhand/model/blas.h"

namespace evenhand::model {

namespace {

constexpr std::size_t kLane = 8;     // numbers that a loop takes at once: its length is known
constexpr std::size_t kBlock = 256;  // rows of a block of `logits_of`
constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;  // of Adam
constexpr double kFloatLimit = 1e30;  // squares of larger numbers leave the range of a float

// Where relu was cut the derivative is 0; sums over rows on the way: those of the bias.
template <class T>
void cut_and_sum(std::size_t rows, std::size_t columns, const T* __restrict after,
                 T* __restrict delta, T* __restrict sums) {
  std::fill_n(sums, columns, T{0});
  for (std::size_t i = 0; i < rows; ++i) {
    const T* __restrict h = after + i * columns;
    T* __restrict d = delta + i * columns;
    std::size_t c = 0;
    for (; c + kLane <= columns; c += kLane) {
      for (std::size_t k = 0; k < kLane; ++k) {
        d[c + k] = h[c + k] > T{0} ? d[c + k] : T{0};
        sums[c + k] += d[c + k];
      }
    }
    for (; c < columns; ++c) {
      d[c] = h[c] > T{0} ? d[c] : T{0};
      sums[c] += d[c];
    }
  }
}

template <class T>
void add_outputs(std::size_t rows, std::size_t outputs, const T* bias, std::vector<T>& out,
                 std::vector<T>& logits) {
  if (outputs == 1) {
    for (std::size_t i = 0; i < rows; ++i) logits[i] = out[i] + bias[0];
    return;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    logits[i] = (out[2 * i + 1] + bias[1]) - (out[2 * i] + bias[0]);
  }
}

// The derivative by each output unit, and its sum over rows.
template <class T>
void output_delta(std::span<const T> by_logit, std::size_t outputs, T* delta, T* sums) {
  std::fill_n(sums, outputs, T{0});
  for (std::size_t i = 0; i < by_logit.size(); ++i) {
    delta[i * outputs + outputs - 1] = by_logit[i];
    if (outputs == 2) delta[2 * i] = -by_logit[i];
    for (std::size_t o = 0; o < outputs; ++o) sums[o] += delta[i * outputs + o];
  }
}

// Two uniforms make one normal number (Box & Muller 1958); the second is let go.
double normal(Random& random) {
  const double u = 1 - random.uniform();  // in (0,1]
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * random.uniform());
}

// y_i = x_i . w: eight sums side by side, so that they need not wait for each other.
template <class T>
void dot_rows(std::size_t rows, std::size_t n, const T* __restrict x, const T* __restrict w,
              T* __restrict y) {
  for (std::size_t i = 0; i < rows; ++i) {
    const T* __restrict row = x + i * n;
    T lanes[kLane] = {};
    std::size_t c = 0;
    for (; c + kLane <= n; c += kLane) {
      for (std::size_t k = 0; k < kLane; ++k) lanes[k] += row[c + k] * w[c + k];
    }
    T sum = 0;
    for (; c < n; ++c) sum += row[c] * w[c];
    for (const T lane : lanes) sum += lane;
    y[i] = sum;
  }
}

// Adam of N numbers; all of them in one loop is what the compiler makes vectors of.
template <std::size_t N, class T>
void move(const T* __restrict g, T rate, T epsilon, T* __restrict m, T* __restrict v,
          T* __restrict p) {
  constexpr T kKeep1 = static_cast<T>(kBeta1), kTake1 = static_cast<T>(1 - kBeta1);
  constexpr T kKeep2 = static_cast<T>(kBeta2), kTake2 = static_cast<T>(1 - kBeta2);
  for (std::size_t j = 0; j < N; ++j) {
    m[j] = kKeep1 * m[j] + kTake1 * g[j];
    v[j] = kKeep2 * v[j] + kTake2 * (g[j] * g[j]);
    p[j] -= rate * m[j] / (std::sqrt(v[j]) + epsilon);
  }
}

}  // namespace

Dense<float> densify(const Design& design, std::span<const std::uint32_t> rows) {
  const std::size_t n = design.columns.size();
  Dense<float> out{rows.size(), n, std::vector<float>(rows.size() * n)};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    float* row = out.values.data() + r * n;
    const std::size_t i = rows[r];
    for (std::size_t c = 0; c < design.numbers; ++c) {
      row[c] = static_cast<float>(design.values[i * design.numbers + c]);
    }
    for (std::size_t f = 0; f < design.factors; ++f) {
      const std::uint32_t level = design.levels[i * design.factors + f];
      if (level != kNoLevel) row[level] = 1;
    }
  }
  return out;
}

const std::string* beyond_float(const Design& design) {
  for (std::size_t i = 0; i < design.values.size(); ++i) {
    if (!(std::abs(design.values[i]) <= kFloatLimit)) return &design.columns[i % design.numbers];
  }
  return nullptr;
}

std::size_t offset_of(std::span<const std::size_t> widths, std::size_t layer) {
  std::size_t out = 0;
  for (std::size_t k = 0; k < layer; ++k) out += (widths[k] + 1) * widths[k + 1];
  return out;
}

std::size_t parameters_of(std::span<const std::size_t> widths) {
  return offset_of(widths, widths.size() - 1);
}

template <class T>
Network<T> initial_network(std::vector<std::size_t> widths, std::uint64_t seed) {
  EVENHAND_CHECK(widths.size() >= 2 && (widths.back() == 1 || widths.back() == 2));
  Network<T> out{std::move(widths), {}};
  out.parameters.assign(parameters_of(out.widths), T{0});
  if (out.layers() == 1) return out;
  for (std::size_t k = 0; k < out.layers(); ++k) {
    Random random(seed, 0x6e65740000ULL + k);  // a stream of its own for each layer
    const double sd = std::sqrt(2 / static_cast<double>(std::max<std::size_t>(1, out.widths[k])));
    T* w = out.parameters.data() + offset_of(out.widths, k);
    for (std::size_t j = 0; j < out.widths[k] * out.widths[k + 1]; ++j) {
      w[j] = static_cast<T>(sd * normal(random));
    }
  }
  return out;
}

template <class T>
void forward(const Network<T>& network, std::span<const T> x, std::size_t rows, Pass<T>& pass) {
  const std::size_t layers = network.layers();
  EVENHAND_CHECK(x.size() == rows * network.inputs());
  pass.after.resize(layers);
  pass.logits.resize(rows);
  const T* below = x.data();
  for (std::size_t k = 0; k < layers; ++k) {
    const std::size_t in = network.widths[k], out = network.widths[k + 1];
    const T* w = network.parameters.data() + offset_of(network.widths, k);
    if (pass.after[k].size() < rows * out) pass.after[k].resize(rows * out);
    T* here = pass.after[k].data();
    const Factor<T> weights{w, in, Read::kTransposed};
    if (k + 1 < layers) {
      multiply_and_cut<T>(rows, out, in, {below, in}, weights, w + in * out, here);
    } else if (out == 1) {
      dot_rows<T>(rows, in, below, w, here);
    } else {
      multiply<T>(rows, out, in, {below, in}, weights, here);
    }
    below = here;
  }
  const T* bias = network.parameters.data() + network.parameters.size() - network.widths.back();
  add_outputs(rows, network.widths.back(), bias, pass.after.back(), pass.logits);
}

template <class T>
void backward(const Network<T>& network, std::span<const T> x, std::size_t rows,
              std::span<const T> by_logit, Pass<T>& pass, std::span<T> gradient) {
  const std::size_t layers = network.layers();
  EVENHAND_CHECK(by_logit.size() == rows && gradient.size() == network.parameters.size());
  const std::size_t widest = *std::max_element(network.widths.begin() + 1, network.widths.end());
  for (std::vector<T>* delta : {&pass.delta, &pass.delta_below}) {
    if (delta->size() < rows * widest) delta->resize(rows * widest);
  }
  for (std::size_t k = layers; k-- > 0;) {
    const std::size_t in = network.widths[k], out = network.widths[k + 1];
    const std::size_t at = offset_of(network.widths, k);
    T* bias = gradient.data() + at + in * out;
    if (k + 1 == layers) {
      output_delta(by_logit, out, pass.delta.data(), bias);
    } else {
      cut_and_sum(rows, out, pass.after[k].data(), pass.delta.data(), bias);
    }
    const T* below = k == 0 ? x.data() : pass.after[k - 1].data();
    multiply<T>(out, in, rows, {pass.delta.data(), out, Read::kTransposed}, {below, in},
                gradient.data() + at);
    if (k == 0) break;  // nobody asks for the derivative by X
    multiply<T>(rows, in, out, {pass.delta.data(), out}, {network.parameters.data() + at, in},
                pass.delta_below.data());
    std::swap(pass.delta, pass.delta_below);
  }
}

template <class T>
void add_decay(const Network<T>& network, T decay, std::span<T> gradient) {
  for (std::size_t k = 0; k < network.layers(); ++k) {
    const std::size_t at = offset_of(network.widths, k);
    for (std::size_t j = 0; j < network.widths[k] * network.widths[k + 1]; ++j) {
      gradient[at + j] += decay * network.parameters[at + j];
    }
  }
}

// With c1 = 1 - beta1^t and c2 = 1 - beta2^t, the step rate (m / c1) / (sqrt(v / c2) + eps) is
// (rate sqrt(c2) / c1) m / (sqrt(v) + eps sqrt(c2)): one division a number.
template <class T>
void adam_step(std::span<const T> gradient, double learning_rate, Adam<T>& adam,
               std::span<T> parameters) {
  const std::size_t n = parameters.size();
  if (adam.first.empty()) adam = {std::vector<T>(n), std::vector<T>(n), 0};
  const auto t = static_cast<double>(++adam.steps);
  const double root = std::sqrt(1 - std::pow(kBeta2, t));
  const T rate = static_cast<T>(learning_rate * root / (1 - std::pow(kBeta1, t)));
  const T epsilon = static_cast<T>(kEpsilon * root);
  const T* g = gradient.data();
  T *m = adam.first.data(), *v = adam.second.data(), *p = parameters.data();
  std::size_t j = 0;
  for (; j + kLane <= n; j += kLane) move<kLane>(g + j, rate, epsilon, m + j, v + j, p + j);
  for (; j < n; ++j) move<1>(g + j, rate, epsilon, m + j, v + j, p + j);
}

void logits_of(const Network<float>& network, std::span<const float> x, std::span<double> logits) {
  const std::size_t n = network.inputs();
  EVENHAND_CHECK(x.size() == logits.size() * n);
  Pass<float> pass;
  std::vector<float> last;
  for (std::size_t begin = 0; begin < logits.size(); begin += kBlock) {
    const std::size_t rows = std::min(kBlock, logits.size() - begin);
    std::span<const float> block = x.subspan(begin * n, rows * n);
    if (rows < kBlock) {
      last.assign(kBlock * n, 0);
      std::copy(block.begin(), block.end(), last.begin());
      block = last;
    }
    forward(network, block, kBlock, pass);
    std::copy_n(pass.logits.begin(), rows, logits.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

Network<float> one_logit(const Network<float>& network) {
  if (network.widths.back() == 1) return network;
  Network<float> out = network;
  out.widths.back() = 1;
  const std::size_t in = network.widths[network.layers() - 1];
  const std::size_t at = offset_of(network.widths, network.layers() - 1);
  out.parameters.resize(parameters_of(out.widths));
  for (std::size_t j = 0; j < in; ++j) {
    out.parameters[at + j] = network.parameters[at + in + j] - network.parameters[at + j];
  }
  out.parameters[at + in] = network.parameters[at + 2 * in + 1] - network.parameters[at + 2 * in];
  return out;
}

template Network<float> initial_network(std::vector<std::size_t>, std::uint64_t);
template Network<double> initial_network(std::vector<std::size_t>, std::uint64_t);
template void forward(const Network<float>&, std::span<const float>, std::size_t, Pass<float>&);
template void forward(const Network<double>&, std::span<const double>, std::size_t, Pass<double>&);
template void backward(const Network<float>&, std::span<const float>, std::size_t,
                       std::span<const float>, Pass<float>&, std::span<float>);
template void backward(const Network<double>&, std::span<const double>, std::size_t,
                       std::span<const double>, Pass<double>&, std::span<double>);
template void add_decay(const Network<float>&, float, std::span<float>);
template void add_decay(const Network<double>&, double, std::span<double>);
template void adam_step(std::span<const float>, double, Adam<float>&, std::span<float>);
template void adam_step(std::span<const double>, double, Adam<double>&, std::span<double>);

}  // namespace evenhand::model
