// Rows and curves for tests.
#pragma once

#include <string_view>
#include <vector>

#include "evenhand/adjust/curve.h"
#include "evenhand/base/random.h"

namespace evenhand::adjust {

/// Rows of one group from digits: labels "0110", scores "0123".
inline std::vector<Row> rows_of(std::string_view labels, std::string_view scores,
                                std::uint32_t group = 0) {
  std::vector<Row> out;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    out.push_back(
        {static_cast<double>(scores[i] - '0'), group, static_cast<std::uint8_t>(labels[i] - '0')});
  }
  return out;
}

/// Random rows with a score that tells something, on a grid of `scores` values; the share of
/// favourable labels differs between groups. Every group has both labels.
inline std::vector<Row> random_rows(Random& random, std::uint32_t groups, int rows, int scores) {
  std::vector<Row> out;
  for (std::uint32_t g = 0; g < groups; ++g) {
    const double base = 0.25 + 0.5 * random.uniform(), tells = random.uniform();
    for (int i = 0; i < rows; ++i) {
      const bool one = i == 0 || (i > 1 && random.uniform() < base);
      const double x = random.uniform() * (1 - tells / 2) + (one ? tells / 2 : 0);
      out.push_back({static_cast<int>(x * scores) / static_cast<double>(scores), g,
                     static_cast<std::uint8_t>(one ? 1 : 0)});
    }
  }
  return out;
}

/// A group's curve with the cost of its rules, for checks of answers.
inline std::vector<Let> lets_of(const std::vector<Curve>& curves,
                                const std::vector<model::Rule>& rules) {
  std::vector<Let> out;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    out.push_back(let_in(curves[g], rules.size() == 1 ? rules[0] : rules[g]));
  }
  return out;
}

}  // namespace evenhand::adjust
