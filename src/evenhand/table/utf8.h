// Is this UTF-8? As Unicode defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace evenhand::table {

/// Where the first byte stands that no valid UTF-8 goes on with; text.size() if all is valid.
/// Source: The Unicode Standard, table 3-7 (well-formed UTF-8 byte sequences).
std::size_t utf8_valid_until(std::string_view text);

}  // namespace evenhand::table
