// How groups fare, read off one Confusion tally: shares of a group's rows.
//
// n(g,y,d) is the number (or weight) of the rows of group g with label y (1: it came true) and
// decision d (1: the favourable one). Every rate is a share: the rows in some of the four cells
// (y,d) over the rows in more of them. So a rate is two masks of four bits, and a new one is one
// line. A row with a missing label or decision counts where what is known of it settles its place.
#pragma once

#include <cstdint>
#include <vector>

#include "evenhand/metric/measure.h"

namespace evenhand::metric {

/// A cell (y,d) of one group's 2x2 table, as a bit.
enum Cell : std::uint8_t { kTN = 1, kFP = 2, kFN = 4, kTP = 8, kAll = 15 };

/// A share of a group's rows. A part that does not lie within its whole does not compile.
struct Rate {
  std::uint8_t part, whole;
  consteval Rate(int p, int w)
      : part(static_cast<std::uint8_t>(p)), whole(static_cast<std::uint8_t>(w)) {
    if ((p & ~w) != 0 || p == w) throw "a rate's part lies within its whole";
  }
};

inline constexpr Rate kSelectionRate{kFP | kTP, kAll};
inline constexpr Rate kBaseRate{kFN | kTP, kAll};
inline constexpr Rate kTruePositiveRate{kTP, kFN | kTP};
inline constexpr Rate kFalsePositiveRate{kFP, kTN | kFP};
inline constexpr Rate kTrueNegativeRate{kTN, kTN | kFP};
inline constexpr Rate kFalseNegativeRate{kFN, kFN | kTP};
inline constexpr Rate kPrecision{kTP, kFP | kTP};
inline constexpr Rate kFalseDiscoveryRate{kFP, kFP | kTP};
inline constexpr Rate kNegativePredictiveValue{kTN, kTN | kFN};
inline constexpr Rate kFalseOmissionRate{kFN, kTN | kFN};
inline constexpr Rate kAccuracy{kTN | kTP, kAll};
inline constexpr Rate kErrorRate{kFP | kFN, kAll};
inline constexpr Rate kFalseNegativeShareOfErrors{kFN, kFN | kFP};
inline constexpr Rate kFalseNegativeShare{kFN, kAll};
inline constexpr Rate kFalsePositiveShare{kFP, kAll};

/// The rate of each group:  r(g) = n(g, part) / n(g, whole), with what its interval needs.
/// Sampling weights enter by Taylor linearisation, clusters by their products (effective rows).
/// A group without a row in `whole` is Undefined::kNoRows: not 0, not NaN, and never dropped.
Result<std::vector<Measured>> rate_by_group(const Tallies& tallies, Rate rate,
                                            const ReadOptions& options);

/// A share of rows that lack nothing, spread as a rate of the same group is: its weights and
/// clusters shrink both alike. part_n, whole_n: rows; part, whole: their weights.
struct CompleteShare {
  std::int64_t part_n = 0, whole_n = 0;
  double part = 0, whole = 0;
};
Measured share_like(const CompleteShare& share, const Measured& like, bool weighted);

/// Rows of a group that lack a label or a decision: to a function of all four cells they matter.
std::int64_t rows_lacking(const tally::Confusion& counts, std::size_t group);

/// What weights and clusters do to a variance: rows over effective rows; 1 where nothing is known.
double design_effect(const Measured& measured);

}  // namespace evenhand::metric
