// What the tests of models share: small designs.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "evenhand/base/random.h"
#include "evenhand/model/design.h"

namespace evenhand::model::testing {

/// A design of numbers only, row after row.
inline Design dense(std::vector<std::string> columns, std::vector<double> values) {
  Design out;
  out.numbers = columns.size();
  out.rows = values.size() / columns.size();
  out.columns = std::move(columns);
  out.values = std::move(values);
  return out;
}

/// A made-up population: two numbers, a factor of three columns and one of two, labels that follow
/// them with noise.
struct Population {
  Design design;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;
};

inline Population population(std::size_t rows, std::uint64_t seed) {
  Population out;
  out.design.rows = rows;
  out.design.columns = {"x", "z", "a = 1", "a = 2", "a = 3", "b = 1", "b = 2"};
  out.design.numbers = 2;
  out.design.factors = 2;
  Random random(seed);
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = random.uniform() * 4 - 2, z = random.uniform() * x;
    out.design.values.insert(out.design.values.end(), {x, z});
    const auto a = static_cast<std::uint32_t>(random() % 4),
               b = static_cast<std::uint32_t>(random() % 3);
    out.design.levels.push_back(a == 0 ? kNoLevel : 1 + a);
    out.design.levels.push_back(b == 0 ? kNoLevel : 4 + b);
    const double eta = 0.7 * x - z + 0.5 * a - 0.9 * b;
    out.labels.push_back(random.uniform() < 1 / (1 + std::exp(-eta)) ? 1 : 0);
    out.weights.push_back(static_cast<double>(random() % 4));
  }
  return out;
}

/// X(i, c), looked up as the comment of design.h defines it.
inline double entry(const Design& design, std::size_t i, std::size_t c) {
  if (c < design.numbers) return design.values[i * design.numbers + c];
  for (std::size_t f = 0; f < design.factors; ++f) {
    if (design.levels[i * design.factors + f] == c) return 1;
  }
  return 0;
}

}  // namespace evenhand::model::testing
