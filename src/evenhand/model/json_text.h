// JSON text of files that anybody may have written: what is nested so deep that going through it
// would outrun the stack is refused. Inside model/ only.
#pragma once

#include <string_view>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"

namespace evenhand::model {

/// @return  an object. @error kBadInput "is no JSON object" or "is nested deeper than 32 levels":
///          the end of a sentence.
Result<Json> parse_object(std::string_view text);

}  // namespace evenhand::model
