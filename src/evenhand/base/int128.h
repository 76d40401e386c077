// Whole numbers of 128 bits, for sums and products of counts that 64 bits cannot hold.
#pragma once

namespace evenhand {

__extension__ typedef __int128 Int128;            // NOLINT: only a typedef can be marked so
__extension__ typedef unsigned __int128 UInt128;  // NOLINT

}  // namespace evenhand
