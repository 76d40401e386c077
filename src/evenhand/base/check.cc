// The one place where a broken invariant ends the program.
#include "evenhand/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace evenhand {

void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "evenhand: this is a bug of ours: %s does not hold (%s:%d)\n", what, file,
               line);
  std::_Exit(70);
}

}  // namespace evenhand
