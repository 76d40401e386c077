// A fully connected network over a dense matrix: widths, parameters, the way forward, the way back,
// and Adam. T is float where it is trained and double where its gradients are checked.
//
//   H_0 = X;  H_k = relu(H_{k-1} W_k' + b_k);  O = H_{L-1} W_L' + b_L       relu(x) = max(x, 0)
//   logit z_i = O_i0 of one output unit, O_i1 - O_i0 of two
//
// Softmax over two units and the logistic function of their difference are the same probability.
// Nothing here knows a label, a loss, a group or a file. One thread; the same bytes each time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "evenhand/model/design.h"

namespace evenhand::model {

/// A row-major matrix of numbers, row after row.
template <class T>
struct Dense {
  std::size_t rows = 0, columns = 0;
  std::vector<T> values;  // shape [rows][columns]
};

/// X of some rows of a design, in the order of `rows`. Cost: four bytes a cell.
/// A value beyond the range of a float becomes infinite; who fits checks for it (`beyond_float`).
Dense<float> densify(const Design& design, std::span<const std::uint32_t> rows);

/// The name of the first column that holds a number beyond +-1e30; null if there is none.
const std::string* beyond_float(const Design& design);

template <class T>
struct Network {
  std::vector<std::size_t> widths;  // inputs, hidden layers, outputs (1 or 2)
  std::vector<T> parameters;  // layer after layer: W_k, shape [out][in], then b_k, shape [out]
  std::size_t layers() const { return widths.size() - 1; }
  std::size_t inputs() const { return widths.front(); }
};

/// How many parameters a network of these widths has.
std::size_t parameters_of(std::span<const std::size_t> widths);
/// Where the parameters of layer k begin (W_k; b_k follows it).
std::size_t offset_of(std::span<const std::size_t> widths, std::size_t layer);

/// Weights N(0, 2 / in), biases 0, from the seed alone; of a network without hidden layers zeros,
/// the middle of a convex problem.
/// @source  He, Zhang, Ren & Sun 2015, arXiv:1502.01852, eq. 10.
template <class T>
Network<T> initial_network(std::vector<std::size_t> widths, std::uint64_t seed);

/// What a way forward leaves for the way back; kept between batches, so that nothing is allocated.
template <class T>
struct Pass {
  std::vector<std::vector<T>> after;  // H_1 .. H_{L-1}, O
  std::vector<T> logits;              // shape [rows]
  std::vector<T> delta, delta_below;  // of the way back
};

/// Logits of `rows` rows.
/// @param x  shape [rows][inputs].
/// Cost: 2 rows x parameters operations.
template <class T>
void forward(const Network<T>& network, std::span<const T> x, std::size_t rows, Pass<T>& pass);

/// The derivative of a loss by each parameter, after `forward` of the same rows.
/// @param by_logit  shape [rows]: its derivative by each logit.
/// @param gradient  shape of the parameters; overwritten.
/// Cost: about 4 rows x parameters operations.
template <class T>
void backward(const Network<T>& network, std::span<const T> x, std::size_t rows,
              std::span<const T> by_logit, Pass<T>& pass, std::span<T> gradient);

/// Add to `gradient` that of decay/2 times the squared weights; biases are not penalised.
template <class T>
void add_decay(const Network<T>& network, T decay, std::span<T> gradient);

/// First and second moments of the gradient, and how many steps were taken.
template <class T>
struct Adam {
  std::vector<T> first, second;
  std::uint64_t steps = 0;
};

/// One step of Adam with beta 0.9 and 0.999 and epsilon 1e-8.
/// @source  Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
template <class T>
void adam_step(std::span<const T> gradient, double learning_rate, Adam<T>& adam,
               std::span<T> parameters);

/// The logits of any number of rows, in blocks of one size that are filled up with zeros, so that a
/// row's logit does not depend on the rows beside it.
void logits_of(const Network<float>& network, std::span<const float> x, std::span<double> logits);

/// The network with one output unit that gives the same logits (a network of two units: their
/// difference).
Network<float> one_logit(const Network<float>& network);

}  // namespace evenhand::model
