// What is known of a number: its value, how surely, from how many rows, or why it is undefined.
//
// `Measured` is a group's measure before a level is chosen; `limits` gives its interval at any
// level, `Estimate` is the outcome that is shown. Undefined is a value with a reason: never 0,
// never NaN. Nothing here sees a row, a file or a clock.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace evenhand::metric {

/// Why a number does not exist.
enum class Undefined : std::uint8_t {
  kDefined,          // it does exist
  kNoRows,           // nobody is in the denominator: 0/0
  kOneGroup,         // a comparison needs two groups that take part
  kZeroDenominator,  // x/0: a ratio against a measure that is 0
  kInsufficient,     // fewer rows than the measure or the user asks for
  kNoReference,      // the reference group has no such measure
  kNoSpread,         // all values are the same, so no slope or standard deviation exists
  kConvention,       // the named convention leaves it undefined
};

/// The code that a record carries: "no_rows", "one_group", ...; "" for kDefined.
std::string_view code(Undefined why);
/// A sentence for people: "nobody is in the denominator".
std::string_view sentence(Undefined why);

/// A number with its interval at one level. With `why` set, the three doubles are 0, not numbers.
struct Estimate {
  double value = 0, low = 0, high = 0;
  std::int64_t rows = 0;  // rows of the denominator
  Undefined why = Undefined::kDefined;
  bool defined() const { return why == Undefined::kDefined; }
};

struct Interval {
  double low = 0, high = 0;
};

/// How a measured number spreads around the truth.
enum class Spread : std::uint8_t {
  kShare,      // a share of n_effective rows: Wilson, Clopper-Pearson, Jeffreys
  kOdds,       // share / (1 - share) of n_effective rows, through the limits of the share
  kNormal,     // value +- t * se
  kLogit,      // the same on the log-odds scale (a value in (0,1)): AUC
  kLog,        // the same on the log scale (a value > 0)
  kReplicate,  // shown: BCa over bootstrap replicates of the cells; deciding: as kOfShares
  kOfShares    // the extremes of the number over the box of its shares' limits
};

/// Bootstrap replicates with what BCa needs. Efron, JASA 82 (1987) 171.
struct Replicates {
  std::vector<double> sorted;
  double acceleration = 0;
};

struct OfShares;

/// A group's measure before a level is chosen.
struct Measured {
  double value = 0;
  std::int64_t rows = 0;  // rows of the denominator, as counted
  Undefined why = Undefined::kDefined;

  Spread spread = Spread::kShare;
  double n_effective = 0;     // kShare, kOdds: rows / design effect (Korn & Graubard 1998)
  double degrees = 0;         // degrees of freedom of the variance; 0: known well enough
  double standard_error = 0;  // kNormal: of value; kLogit, kLog: of the transformed value
  std::shared_ptr<const Replicates> replicates;  // kReplicate
  std::shared_ptr<const OfShares> of_shares;     // kReplicate, kOfShares
  std::int64_t part = -1;  // kShare without weights: value = part / rows exactly; else -1

  // What missing labels and decisions leave open; rows_missing is 0 when nothing is.
  double open_lowest = 0, open_highest = 0;
  std::int64_t rows_missing = 0;

  std::optional<double> log10_p;  // of the measure's own test, where it has one

  // What no sampling explains and only its size is known of (a bias, scores rounded to a grid):
  // added to the limits, which then stay within `range`.
  double slack_low = 0, slack_high = 0;
  Interval range{-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};

  bool defined() const { return why == Undefined::kDefined; }
};

/// A number that is a function of shares. Where each share lies within its limits, at Bonferroni's
/// level, the number lies between its extremes over them: conservative, and never of length 0.
struct OfShares {
  std::vector<Measured> shares;  // each with Spread::kShare
  /// Lowest and highest value while share i stays within limits[i].
  std::function<Interval(std::span<const Interval> limits)> extremes;
  /// The same shares with what missing labels and decisions leave open of each; empty: `shares`.
  std::vector<Measured> completed = {};
};

/// Which interval of a share: Wilson is shown; Clopper-Pearson decides.
enum class Method : std::uint8_t { kWilson, kClopperPearson, kJeffreys };

/// The two-sided interval of a defined measure at `level` in (0,1).
/// @param scale  as though there were this many times as many rows (for "rows needed to decide").
/// kClopperPearson asks the other spreads for their conservative form: t with `degrees`, no less.
Interval limits(const Measured& measured, double level, Method method, double scale = 1);

}  // namespace evenhand::metric
