// Independent pieces of work on several threads. Which thread takes which piece is open, so a piece
// writes to its own place only, and whoever adds the places up does so in their order: then the
// outcome has the same bits for any number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace evenhand {

/// 0 becomes what the machine has.
unsigned threads_wanted(unsigned asked);

/// Call `work` once for each i in [0, count), on up to `threads` threads (0: as many as there are).
/// What `work` throws (no memory) ends the work and is thrown here, when all threads have stopped.
void for_each_index(std::size_t count, unsigned threads,
                    const std::function<void(std::size_t i)>& work);

}  // namespace evenhand
