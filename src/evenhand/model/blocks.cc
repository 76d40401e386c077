#include "evenhand/model/blocks.h"

#include <algorithm>

#include "evenhand/base/parallel.h"

namespace evenhand::model {

namespace {
constexpr std::size_t kRowsMin = 2048;  // below that a thread costs more than it brings
constexpr std::size_t kBlocksMax = 64;  // each keeps a matrix of its own
}  // namespace

Blocks blocks_of(std::size_t rows) {
  const std::size_t size = std::max(kRowsMin, (rows + kBlocksMax - 1) / kBlocksMax);
  return {rows, size, (rows + size - 1) / size};
}

void for_each_block(const Blocks& blocks, unsigned threads,
                    const std::function<void(std::size_t)>& work) {
  for_each_index(blocks.count, threads, work);
}

}  // namespace evenhand::model
