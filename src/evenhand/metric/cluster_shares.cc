// Effective rows of clustered shares.
#include "evenhand/metric/cluster_shares.h"

#include <array>

#include "evenhand/metric/effective.h"
#include "evenhand/tally/cluster_products.h"
#include "evenhand/tally/confusion.h"

namespace evenhand::metric {

void set_effective_rows(std::vector<Measured>& shares, const tally::ClusterProducts& clusters,
                        const tally::Confusion& counts, std::uint16_t in_part,
                        std::uint16_t in_whole) {
  constexpr std::size_t kPlaces = 9;
  constexpr std::array<std::uint8_t, 3> kClasses{0, 1, kMissingClass};
  for (std::size_t g = 0; g < shares.size(); ++g) {
    if (!shares[g].defined() || shares[g].rows == 0) continue;
    std::array<double, kPlaces> cells{}, part{}, whole{};
    for (std::size_t place = 0; place < kPlaces; ++place) {
      cells[place] = counts.w(g, kClasses[place / 3], kClasses[place % 3]);
      part[place] = (in_part >> place) & 1;
      whole[place] = (in_whole >> place) & 1;
    }
    std::vector<CellProduct> products;
    for (const auto& p : clusters.products_within(g)) products.push_back({p.i, p.j, p.sum});
    ClusteredRatio ratio = clustered_ratio(cells, part, whole, products);
    ratio.rows = static_cast<double>(shares[g].rows);
    ratio.clusters = static_cast<double>(clusters.clusters(g, in_whole));
    const Effective effective = effective_of_clusters(ratio);
    shares[g].n_effective = effective.size;
    shares[g].degrees = effective.degrees;
  }
}

}  // namespace evenhand::metric
