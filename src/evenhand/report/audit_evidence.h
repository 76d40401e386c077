// Three sentences that must not be mixed up, of whatever is held against a tolerance in an audit:
// evidence that groups are apart; evidence that they are alike, within the tolerance; and neither,
// which is no evidence of being alike.
#pragma once

#include <optional>
#include <string>

#include "evenhand/report/view.h"

namespace evenhand::report {

enum class Evidence : std::uint8_t { kApart, kAlike, kNeither };

/// @param effect  with its tolerance as a bound, and the verdict on it.
/// @param test    of the same, whose p-value is looked at; null: the effect's own.
struct Shows {
  Evidence evidence = Evidence::kNeither;
  bool differs =
      false;            // by more than chance; beside kAlike: smaller than the tolerance, yet there
  bool beyond = false;  // the tolerance
  std::string within;   // "at most 2 points"
};
Shows shows(const View& view, const Shown& effect, const Shown* test = nullptr);

/// What was looked for: "imbalance" and "balance".
struct Nouns {
  const char* apart;
  const char* alike;
};
inline constexpr Nouns kOfShares{"imbalance", "balance"};
inline constexpr Nouns kOfAssociation{"association", "near independence"};
inline constexpr Nouns kOfGap{"a gap", "near equality"};

/// "evidence of balance (at most 2 points)", for a table.
std::string told(const Shows& shows, const Nouns& nouns);

/// Error of tests: one minus the level of the record.
double alpha_of(const View& view);

}  // namespace evenhand::report
