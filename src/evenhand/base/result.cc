// Errors as sentences.
#include "evenhand/base/result.h"

namespace evenhand {

std::string to_string(const Error& error) {
  std::string text = error.says;
  for (const std::string& doing : error.while_doing) text += " (while " + doing + ")";
  return text;
}

}  // namespace evenhand
