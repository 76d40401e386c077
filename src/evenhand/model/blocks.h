// Work on rows in fixed blocks: which rows stand together depends on their number alone, and the
// parts are added in order, so a sum has the same bits for any number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace evenhand::model {

/// Rows cut into runs of one length, at most 64 of them.
struct Blocks {
  std::size_t rows = 0, size = 0, count = 0;
  std::size_t begin(std::size_t block) const { return block * size; }
  std::size_t end(std::size_t block) const {
    return begin(block) + size < rows ? begin(block) + size : rows;
  }
};

Blocks blocks_of(std::size_t rows);

/// Call `work` once for each block, on up to `threads` threads; which thread takes which is open.
/// @param work  must not throw, and must write to its own block's place only.
void for_each_block(const Blocks& blocks, unsigned threads,
                    const std::function<void(std::size_t block)>& work);

}  // namespace evenhand::model
