// What the variance of a rate needs when several rows belong to one person, prompt or name.
//
// For each cluster c, v_c[cell] is the (weighted) count of its rows in each cell of the confusion
// tally. Kept are S = sum over c of v_c v_c^T, and in how many clusters which cells occur together:
// sums over clusters, in which no cluster can be found again.
//
// A cluster's rows must meet before v_c is known, so observed rows wait until close(); parts that
// are merged must not share a cluster. Everything else closes by itself and keeps the law of
// tallies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/exact_sum.h"
#include "evenhand/base/int128.h"
#include "evenhand/base/result.h"
#include "evenhand/base/rows.h"
#include "evenhand/tally/cell_map.h"
#include "evenhand/tally/classes.h"
#include "evenhand/tally/groups.h"
#include "evenhand/tally/tally.h"

namespace evenhand::tally {

class ClusterProducts {
 public:
  static constexpr std::string_view kName = "cluster_products";
  static constexpr std::size_t kClassesMax = 7;  // (7 + 1)^2 places of a group: a mask of 64 bits
  static constexpr std::size_t kProductsMax = std::size_t{1} << 22;
  static constexpr std::uint64_t kAllPlaces = ~std::uint64_t{0};

  /// @param classes  names by code, 2 to 7.
  explicit ClusterProducts(Groups groups, std::vector<std::string> classes = binary_classes(),
                           Weighting weighting = Weighting::kFrequency);

  const Groups& groups() const { return groups_.groups(); }
  const std::vector<std::string>& classes() const { return classes_; }
  Weighting weighting() const { return weighting_; }

  /// An entry of S, i <= j; every other entry follows by symmetry or is 0.
  /// Cells are numbered (group * (K+1) + label) * (K+1) + decision, missing as class K.
  struct Product {
    std::uint32_t i = 0, j = 0;
    double sum = 0;  // correctly rounded
  };
  /// All entries that are not 0, by i, then j. Needs a closed tally.
  std::vector<Product> products() const;
  /// Those with both cells in one group; i and j are places label * (K+1) + decision in it.
  std::vector<Product> products_within(std::size_t group) const;

  /// Clusters with a row in all. Needs a closed tally, as all that is read.
  std::int64_t clusters() const;
  /// Clusters with a row in one of some places of a group.
  /// @param places  bit label * (K+1) + decision: of binary rows bits 0 to 8.
  std::int64_t clusters(std::size_t group, std::uint64_t places = kAllPlaces) const;

  /// Where a group stands; it is appended if it is new. The code for Rows::group.
  std::uint32_t group(const Key& key);

  /// Keep a batch until close(). Rows::cluster must be there; rows of a cluster may lie anywhere.
  /// Memory: 24 bytes for each cell of each cluster; with sampling weights, for each row.
  /// @error kBadInput for weights as check_weights(), or more than 2^63 - 1 rows.
  Result<void> observe(const Rows& rows);
  /// All rows of the clusters seen so far are here: add up. Until then, memory holds them.
  /// @error kBadInput if clusters tie together so many cells that S would have more than
  ///        kProductsMax entries: ask for fewer groups at a time.
  Result<void> close();
  bool closed() const { return waiting_.empty(); }

  /// Close both and add. Clusters of the parts are taken as different ones, whatever their codes.
  /// @error kAxesDiffer as Confusion::merge; kBadInput as close().
  Result<void> merge(const ClusterProducts& other);
  /// The same over other groups. Open rows may be added up (so collapse before closing);
  /// @error kInvalidArgument for closed ones, since clusters in both groups would count twice.
  Result<ClusterProducts> regrouped(const Regrouping& how) const;

  /// Bytes of the canonical, closed form. A tally that cannot be closed is our mistake: close
  /// first.
  Bytes pack() const;
  /// @error kBadInput for bytes that pack() cannot have written.
  static Result<ClusterProducts> unpack(std::span<const std::byte> bytes);

  /// How many clusters have their rows of one group in exactly these places.
  struct Pattern {
    std::uint32_t group = 0;
    std::uint64_t places = 0;
    std::int64_t clusters = 0;
  };
  /// By group, then places. Needs a closed tally.
  std::vector<Pattern> patterns() const;
  /// Fill from a record: as read by rows(), clusters(), patterns() and products().
  /// @error kBadInput for places that do not exist or numbers that cannot be.
  static Result<ClusterProducts> rebuild(ClusterProducts empty, std::int64_t rows,
                                         std::int64_t clusters, std::span<const Pattern> patterns,
                                         std::span<const Product> products);
  std::int64_t rows() const { return rows_; }

  friend bool operator==(const ClusterProducts& a, const ClusterProducts& b) {
    return a.pack() == b.pack();
  }

 private:
  /// Rows of one cluster in one cell.
  struct Waiting {
    std::uint32_t cluster = 0, cell = 0;
    std::int64_t n = 0;
    double w = 0;  // with sampling weights, of one row
  };
  struct Total {
    std::uint32_t cell = 0;
    std::int64_t n = 0;
    double w = 0;
  };
  static std::uint64_t pair_of(std::uint64_t i, std::uint64_t j) { return (i << 32) | j; }
  std::uint32_t area() const;
  void sort_waiting();
  void press_together();
  Result<void> add_cluster(std::span<const Total> cells);
  Result<void> add_closed(const ClusterProducts& other, std::int64_t rows, const Regrouping& how);
  Result<void> add_pattern(const Pattern& pattern);
  Result<void> make_room(bool fresh);
  Result<void> add_sum(std::uint64_t i, std::uint64_t j, UInt128 whole, const ExactSum& weighted);

  GrowingGroups groups_;
  std::vector<std::string> classes_;
  Weighting weighting_;
  std::int64_t rows_ = 0, clusters_ = 0;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::int64_t> patterns_;  // (group, places)
  CellMap<UInt128> whole_;      // S by pair_of(i, j), without sampling weights
  CellMap<ExactSum> weighted_;  // S with them
  std::size_t products_ = 0;    // entries of S
  std::vector<Waiting> waiting_;
  std::size_t press_at_ = std::size_t{1} << 16;
};

}  // namespace evenhand::tally
