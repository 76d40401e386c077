#include "evenhand/model/blocks.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace evenhand::model {

namespace {
constexpr std::size_t kRowsMin = 2048;  // below that a thread costs more than it brings
constexpr std::size_t kBlocksMax = 64;  // each keeps a matrix of its own
}  // namespace

Blocks blocks_of(std::size_t rows) {
  const std::size_t size = std::max(kRowsMin, (rows + kBlocksMax - 1) / kBlocksMax);
  return {rows, size, (rows + size - 1) / size};
}

unsigned threads_wanted(unsigned asked) {
  return asked != 0 ? asked : std::max(1U, std::thread::hardware_concurrency());
}

void for_each_block(const Blocks& blocks, unsigned threads,
                    const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto take_turns = [&] {
    for (std::size_t b = next++; b < blocks.count; b = next++) work(b);
  };
  std::vector<std::jthread> others;
  const std::size_t useful = std::min<std::size_t>(threads_wanted(threads), blocks.count);
  for (std::size_t t = 1; t < useful; ++t) {
    try {
      others.emplace_back(take_turns);
    } catch (const std::system_error&) {
      break;  // no thread to be had: those that run do the work
    }
  }
  take_turns();
}

}  // namespace evenhand::model
