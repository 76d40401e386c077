// What a policy does to each group, in sentences that need no formula.
#pragma once

#include <string>
#include <vector>

#include "evenhand/model/policy.h"

namespace evenhand::adjust {

/// One sentence a line: what was equalised at what price, whether groups are looked at and on whose
/// word, then for everybody or each group which scores are let in, what rates to expect (on rows
/// kept from the fit, where there were some), and what the fit warned of.
std::vector<std::string> sentences(const model::Policy& policy);

/// What to tell of a policy that has no digest of itself.
std::string unsealed();

/// "a score of 0.4 or more: favourable; 0.3 to 0.4: by lot, 25 %; below: not".
std::string spoken(const model::Rule& rule);

}  // namespace evenhand::adjust
