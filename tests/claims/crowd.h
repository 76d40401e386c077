// Rows that come five a person, for claims about clusters: the share of a group of such people with
// the effective size that the scatter of its persons gives.
#pragma once

#include <cstdint>

#include "evenhand/base/random.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/effective.h"
#include "evenhand/metric/estimate.h"
#include "simulation.h"

namespace evenhand::claims {

inline constexpr std::int64_t kRowsEach = 5;

struct Crowd {
  std::int64_t persons;
  double share, correlation;  // of two rows of one person
};

// With probability `correlation` a person's rows are one draw copied, else they are independent:
// two rows of a person then have that correlation, and every row the same share.
inline metric::Measured draw(const Crowd& crowd, Random& random) {
  double part = 0, squares_of_part = 0;
  for (std::int64_t i = 0; i < crowd.persons; ++i) {
    const bool copied = random.uniform() < crowd.correlation;
    const double mine =
        copied ? (random.uniform() < crowd.share ? kRowsEach : 0.0)
               : static_cast<double>(metric::draw_binomial(kRowsEach, crowd.share, random));
    part += mine;
    squares_of_part += mine * mine;
  }
  const auto persons = static_cast<double>(crowd.persons), whole = persons * kRowsEach;
  const metric::Effective effective = metric::effective_of_clusters(
      {part, whole, squares_of_part, part * kRowsEach, whole * kRowsEach, whole, persons});
  metric::Measured m = share(static_cast<std::int64_t>(part), crowd.persons * kRowsEach);
  m.n_effective = effective.size;
  m.degrees = effective.degrees;
  return m;
}

}  // namespace evenhand::claims
