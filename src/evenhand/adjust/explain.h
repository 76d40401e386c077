// What a policy does to each group, in sentences that need no formula.
#pragma once

#include <string>
#include <vector>

#include "evenhand/model/policy.h"

namespace evenhand::adjust {

/// One sentence a line: what was equalised at what price, whether groups are looked at and on whose
/// word, then for everybody or each group which scores are let in, and what rates to expect.
std::vector<std::string> sentences(const model::Policy& policy);

/// "a score of 0.4 or more: favourable; 0.3 to 0.4: by lot, 25 %; below: not".
std::string spoken(const model::Rule& rule);

}  // namespace evenhand::adjust
