// Decimal numbers as text: a bound is compared exactly as its user wrote it.
#pragma once

#include <string_view>

namespace evenhand::api {

/// Is it [+-] digits [. digits] [e [+-] digits], with at least one digit before or after the point?
bool is_decimal(std::string_view text);

}  // namespace evenhand::api
