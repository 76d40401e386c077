// Names of verdicts.
#include "evenhand/record/record.h"

#include "evenhand/base/check.h"

namespace evenhand::record {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMet:
      return "met";
    case Verdict::kBroken:
      return "broken";
    case Verdict::kCannotTell:
      return "cannot_tell";
  }
  EVENHAND_CHECK(false);
}

}  // namespace evenhand::record
