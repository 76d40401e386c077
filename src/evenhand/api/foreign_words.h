// Words of other tools for what we call something else, so that whoever comes from there is told
// our word instead of a guess by spelling.
#pragma once

#include <optional>
#include <string_view>

namespace evenhand::api {

/// Our option for somebody else's word, letters of either case, dashes and underscores alike:
/// "Sensitive-Features" -> "group". Empty when the word is not known.
std::optional<std::string_view> our_word(std::string_view foreign);

}  // namespace evenhand::api
