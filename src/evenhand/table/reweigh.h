// Weights under which groups and labels are independent: each row counts as often as its cell
// (group, label) would if favourable labels were spread over the groups alike.
//
//   w(g,y) = n(g) n(y) / (n n(g,y))
//
// n counts rows (or their weights) that have a label and a known group; other rows keep the factor
// 1. Afterwards the weighted share of label 1 is n(1)/n in every group, and neither n(g) nor n(y)
// has changed. Nothing here knows features, models or files.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/crossing.h"
#include "evenhand/table/label.h"

namespace evenhand::table {

/// One group that takes part, and its two cells; index 0: another label, 1: the favourable one.
struct ReweighedGroup {
  std::uint32_t group = 0;              // index into Crossing::groups
  std::array<std::uint64_t, 2> rows{};  // that take part; a row of weight 0 does not
  std::array<double, 2> weight{};       // n(g,y)
  std::array<double, 2> factor{};       // w(g,y)
};

struct Reweighing {
  std::vector<double> weights;         // shape [rows]: the row's own weight times its factor
  std::vector<ReweighedGroup> groups;  // in the order of Crossing::groups
  std::uint64_t rows_without_label = 0;
  std::uint64_t rows_of_unknown_group = 0;  // with a label
};

/// @param weights  shape [rows]; finite, >= 0; empty: every row counts once.
/// @error kBadInput if nothing could be balanced (one label, fewer than two known groups), or if a
///        group has no row of a label: no weight makes up for rows that are not there.
/// @source  Kamiran & Calders, Knowl. Inf. Syst. 33 (2012) 1.
Result<Reweighing> reweigh(const Labels& labels, const Crossing& groups,
                           std::span<const double> weights);

}  // namespace evenhand::table
