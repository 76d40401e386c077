// Effective rows of shares whose rows come in clusters, read off the tally of cluster products.
#pragma once

#include <cstdint>
#include <vector>

#include "evenhand/metric/estimate.h"

namespace evenhand::tally {
class ClusterProducts;
class Confusion;
}  // namespace evenhand::tally

namespace evenhand::metric {

/// Set n_effective and degrees of each defined share from the scatter of its clusters.
/// @param shares             one for each group of both tallies.
/// @param in_part, in_whole  of the nine places (label, decision) in {0, 1, missing}, bit 3 y + d.
void set_effective_rows(std::vector<Measured>& shares, const tally::ClusterProducts& clusters,
                        const tally::Confusion& counts, std::uint16_t in_part,
                        std::uint16_t in_whole);

}  // namespace evenhand::metric
