// What a model must not learn from: groups, identifiers, texts with many values, other forms of the
// label. Guessed from names and shapes; what the values themselves give away is in giveaway.h.
#pragma once

#include <string>
#include <vector>

#include "evenhand/api/guess.h"

namespace evenhand::api {

/// Columns other than the label that are no features, each with its reason, in the table's order.
std::vector<LeftOut> no_features(const std::vector<Shape>& shapes, const Guesses& guesses);

/// Features of 3 to 30 different whole numbers.
std::vector<std::string> maybe_codes(const std::vector<Shape>& shapes, const Guesses& guesses);

/// Its last word is a person ("customer") or it speaks of an identifier ("user_id"); "customer_age"
/// does not.
bool names_a_person_or_row(const std::string& column);

}  // namespace evenhand::api
