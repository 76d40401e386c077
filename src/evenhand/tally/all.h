// All tallies, walked by type.
#pragma once

#include <type_traits>

#include "evenhand/tally/cluster_products.h"
#include "evenhand/tally/confusion.h"
#include "evenhand/tally/crosstab.h"
#include "evenhand/tally/moments.h"
#include "evenhand/tally/score_grid.h"
#include "evenhand/tally/tally.h"

namespace evenhand::tally {

/// visit(std::type_identity<T>) for each tally T, in the order of all.def.
template <class Visit>
void for_each_tally(Visit visit) {
#define EVENHAND_TALLY(type)  \
  static_assert(Tally<type>); \
  visit(std::type_identity<type>{});
#include "evenhand/tally/all.def"
#undef EVENHAND_TALLY
}

/// A tally of binary rows with nothing in it.
template <class T>
T fresh(Groups groups, Weighting weighting) {
  if constexpr (std::is_constructible_v<T, Groups, std::vector<std::string>, Weighting>) {
    return T(std::move(groups), binary_classes(), weighting);
  } else {
    return T(std::move(groups), weighting);
  }
}

}  // namespace evenhand::tally
