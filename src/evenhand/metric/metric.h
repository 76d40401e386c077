// What a metric is: a name, what it says, its formula and source, and a function that reads it off
// the tallies of one question ("by sex", within one stratum or over all). One metric may give many
// readings: one for each group, or one for the widest gap.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/metric/estimate.h"
#include "evenhand/tally/groups.h"

namespace evenhand::tally {
class Confusion;
class ScoreGrid;
class Moments;
class ClusterProducts;
class Crosstab;
}  // namespace evenhand::tally

namespace evenhand::metric {

struct Measure;       // measure.h
struct Comparison;    // compare.h
struct Baseline;      // baseline.h
struct PairedCounts;  // paired.h
struct ScoreRows;     // rows with scores, kept for what no tally can give (score_rows.h)

/// The tallies of one question, all over the same `groups` (no strata left in them). A null
/// pointer: that tally was not taken (no score given, say).
struct Tallies {
  const tally::Groups* groups = nullptr;
  const tally::Confusion* confusion = nullptr;
  const tally::Confusion* stratified = nullptr;  // the same rows with strata; null: none declared
  const tally::ScoreGrid* score_grid = nullptr;
  const tally::Moments* score_moments = nullptr;
  const tally::ClusterProducts* clusters = nullptr;  // null: rows are taken as independent
  const ScoreRows* score_rows = nullptr;
  const tally::Crosstab* crosstab = nullptr;  // rows of each group: its groups are `groups`
  const tally::Crosstab* pairs = nullptr;     // the same groups with one more column, the last axis
  const Baseline* baseline = nullptr;         // null: held against nothing
  const PairedCounts* decided_twice = nullptr;  // the same rows under two decisions
  const Tallies* everybody = nullptr;           // the same rows without groups; null: this is it
};

/// What answers to 0/0 and to one group look like; kEvenhand says undefined.
enum class Convention : std::uint8_t { kEvenhand, kFairlearn, kAif360 };

struct ReadOptions {
  double level = 0.95;              // coverage of each shown interval, in (0,1)
  Method method = Method::kWilson;  // of shown intervals of shares
  double family_level = 0;    // in (0,1): also give the family interval at this level; 0: none
  std::int64_t rows_min = 1;  // a group with fewer rows in the denominator is insufficient
  std::optional<tally::Key> reference;  // the group that ..._to_reference compares with
  Convention convention = Convention::kEvenhand;
  std::uint64_t seed = 0;           // of bootstraps and resampled labels
  double scale = 1;                 // as though there were this many times as many rows
  std::optional<std::size_t> only;  // of a measure of each group: read this group alone
};

/// What missing labels and decisions leave open: the value if they all turned out the one way or
/// the other, and an interval around both.
/// @source Imbens & Manski, Econometrica 72 (2004) 1845.
struct Open {
  double lowest = 0, highest = 0;
  double low = 0, high = 0;
  std::int64_t rows_missing = 0;
};

/// One number of a metric, and of whom: one group, or between two (lower value first).
struct Reading {
  std::optional<tally::Key> group;  // {} is everybody
  std::optional<std::pair<tally::Key, tally::Key>> between;
  Estimate estimate;
  std::optional<Interval> family;            // present when asked for and defined
  std::int64_t parts[4] = {-1, -1, -1, -1};  // exact counts for judging by the point: part and
                                             // whole of the lower (or only) group, then the higher
  std::optional<double> log10_p;             // of the metric's own test, where it has one
  std::optional<Open> open;  // present when rows are missing that could change the value
  std::vector<std::pair<std::string, std::string>> at;  // where on a curve: {"score", "0.1 to 0.2"}
};

/// What a finding stands on.
enum class From : std::uint8_t { kTally, kRows, kModel };
/// "tally", "rows", "model": as a record and a page of a metric spell it.
std::string_view name(From from);

/// How good and bad lie: where the ideal is, and whether it may be passed.
enum class Better : std::uint8_t { kHigher, kLower, kNearIdeal, kNeither };

/// What a number owes whatever it measures. The tests of laws hold a metric to each that it
/// declares.
enum class Law : std::uint8_t {
  kRowOrder = 1,     // rows in another order: the same value and limits
  kGroupNames = 2,   // other names: the same value and limits; in another order: the same value
  kWeightScale = 4,  // all sampling weights times a constant: the same value and limits
  kDoubledRows = 8,  // every row twice: the same value, where the rows sufficed
  kEmptyGroup = 16,  // a group without rows is undefined itself and changes no other reading
  kOneGroup = 32,    // undefined, with a reason, where there is one group only
};

/// What a metric speaks of. One about the data (who is in it, what it lacks) reads crosstabs and is
/// asked for by `data audit`; one about decisions, by `evaluate run`; one about the change from one
/// decision to another, by `compare run`.
enum class About : std::uint8_t { kDecisions, kData, kChange };

/// A set of laws: all, unless the place where a metric is defined takes some out and says why.
struct Laws {
  std::uint8_t bits = 63;
  constexpr bool hold(Law law) const { return (bits & static_cast<std::uint8_t>(law)) != 0; }
  constexpr Laws without(Law law) const {
    return {static_cast<std::uint8_t>(bits & ~static_cast<std::uint8_t>(law))};
  }
};

struct Metric {
  std::string name;                       // canonical id
  std::vector<std::string> aliases = {};  // names that people know
  std::string says;                       // one question in plain words
  std::string formula;
  std::string unit = {};  // with the range
  Better better = Better::kNeither;
  std::optional<double> ideal = {};
  Interval possible{-std::numeric_limits<double>::infinity(),
                    std::numeric_limits<double>::infinity()};  // the values that it can have
  std::string misleads = {};                                   // when the number deceives
  std::string source = {};                                     // paper, year, identifier
  From from = From::kTally;
  bool needs_label = false, needs_decision = false, needs_score = false;
  bool needs_reference = false, needs_strata = false, needs_baseline = false;
  About about = About::kDecisions;
  Laws laws = {};
  /// Metrics that are not a measure or its comparison read themselves.
  Result<std::vector<Reading>> (*read_self)(const Tallies&, const ReadOptions&) = nullptr;
  std::vector<const Measure*> compared = {};  // the measures that read_self compares, if any
  const Measure* measure = nullptr;           // else: this measure ...
  const Comparison* comparison = nullptr;     // ... compared like this; null: for each group
};

/// Read a metric off the tallies of one question. @return at least one reading, or an error.
Result<std::vector<Reading>> read(const Metric& metric, const Tallies& tallies,
                                  const ReadOptions& options);

}  // namespace evenhand::metric
