#include "evenhand/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace evenhand {

unsigned threads_wanted(unsigned asked) {
  return asked != 0 ? asked : std::max(1U, std::thread::hardware_concurrency());
}

void for_each_index(std::size_t count, unsigned threads,
                    const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex one;
  std::exception_ptr thrown;
  const auto take_turns = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      const std::scoped_lock lock(one);
      if (!thrown) thrown = std::current_exception();
      next = count;
    }
  };
  std::vector<std::jthread> others;
  const std::size_t useful = std::min<std::size_t>(threads_wanted(threads), count);
  for (std::size_t t = 1; t < useful; ++t) {
    try {
      others.emplace_back(take_turns);
    } catch (const std::system_error&) {
      break;  // no thread to be had: those that run do the work
    }
  }
  take_turns();
  others.clear();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace evenhand
