// The name that was probably meant: for sentences about files and columns that do not exist.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace evenhand {

/// Distance in bytes: the fewest insertions, deletions, substitutions and swaps of neighbours, no
/// byte edited twice (Damerau 1964; "optimal string alignment").
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `name`, letters of either case alike; empty if none is near: at most a
/// third of the longer name may differ. Of equals, the first one.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace evenhand
