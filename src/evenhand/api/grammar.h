// The small grammar of what is typed: COLUMN[=FAVOURABLE], "A x B", COLUMN=VALUE, COLUMN=25,45 and
// "METRIC by A x B <= 0.1 [point] [warn]". A column that is really called so wins over the grammar;
// a Phrase that is exact (a list of the project file) is taken as it stands.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/api/phrase.h"
#include "evenhand/base/result.h"
#include "evenhand/evaluate/evaluate.h"

namespace evenhand::api {

/// Names of the table's columns; empty where they cannot be known beforehand (standard input).
using Columns = std::vector<std::string>;

/// "income=>50K" -> {income, >50K}.
/// @param option  "--label", for sentences.
/// @error kInvalidArgument, also for an empty favourable value (a shell that took > for itself).
Result<evaluate::Role> role(const Phrase& phrase, const Columns& columns, std::string_view option);

/// Would somebody who writes this mean several columns? "a,b", "a*b", "a X b".
bool looks_like_a_crossing(std::string_view text);

/// "sex x race" -> {sex, race}. @error kInvalidArgument for an attribute named twice or empty, and
/// for a name that no column has where it looks like a crossing written otherwise.
Result<evaluate::By> crossing(const Phrase& phrase, const Columns& columns);

/// "sex=Male" -> {sex, Male}. @error kInvalidArgument without a value.
Result<std::pair<std::string, std::string>> assignment(const Phrase& phrase, const Columns& columns,
                                                       std::string_view option);

/// "age=25,45" -> {age, {25, 45}}. @error kInvalidArgument unless the numbers rise.
Result<std::pair<std::string, std::vector<double>>> edges(const Phrase& phrase,
                                                          const Columns& columns);

/// "race=Amer-Indian-Eskimo,Other=other" -> {race, {those two to other}}; the name stands behind
/// the last "=". @error kInvalidArgument without a value or a name.
Result<std::pair<std::string, std::map<std::string, std::string>>> renaming(const Phrase& phrase,
                                                                            const Columns& columns);

/// "selection_rate_difference by sex <= 0.1 point warn". @error kInvalidArgument.
Result<evaluate::BoundAsked> bound(const BoundPhrase& phrase, const Columns& columns);

}  // namespace evenhand::api
