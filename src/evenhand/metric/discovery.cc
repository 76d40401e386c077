#include "evenhand/metric/discovery.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace evenhand::metric {

std::vector<bool> discoveries(std::span<const double> log10_p, double rate) {
  std::vector<double> sorted(log10_p.begin(), log10_p.end());
  std::sort(sorted.begin(), sorted.end());
  double highest = -std::numeric_limits<double>::infinity();
  const auto m = static_cast<double>(sorted.size());
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    if (sorted[k] <= std::log10((static_cast<double>(k) + 1) * rate / m)) highest = sorted[k];
  }
  std::vector<bool> out;
  for (const double p : log10_p) out.push_back(p <= highest);
  return out;
}

}  // namespace evenhand::metric
