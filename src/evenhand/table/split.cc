#include "evenhand/table/split.h"

#include "evenhand/base/random.h"

namespace evenhand::table {

std::uint32_t fold_of_row(std::uint64_t row, std::uint64_t seed, std::uint32_t folds) {
  return static_cast<std::uint32_t>(Random(seed, row)() % folds);
}

std::uint32_t fold_of_cluster(std::string_view value, std::uint64_t seed, std::uint32_t folds) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a, 64 bits
  for (const char c : value) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return fold_of_row(hash, seed, folds);
}

}  // namespace evenhand::table
