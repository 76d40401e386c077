// Which rows are held back from a fit, so that it can be judged on rows that it has not seen. A
// row's part depends on its number in the table (or its cluster's value) and the seed alone: no
// other row, no order of threads.
#pragma once

#include <cstdint>
#include <string_view>

namespace evenhand::table {

/// The fold of a row: an index in [0, folds).
/// @param row  its number in the table, from 0.
std::uint32_t fold_of_row(std::uint64_t row, std::uint64_t seed, std::uint32_t folds);
/// The fold of every row whose cluster column holds `value`.
std::uint32_t fold_of_cluster(std::string_view value, std::uint64_t seed, std::uint32_t folds);

}  // namespace evenhand::table
