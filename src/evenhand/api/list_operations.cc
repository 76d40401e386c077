// `evenhand list operations`: what can be asked, and of which stage of a project file it is.
#include <string>

#include "evenhand/api/operation.h"

namespace evenhand::api {

namespace {

struct Nothing {};

Result<Outcome> run(const Nothing&, const Call&) {
  Outcome out;
  out.json = {{"operations", Json::array()}};
  for (const Operation& each : all()) {
    out.json["operations"].push_back(
        {{"id", each.name},
         {"says", each.says},
         {"section", each.section.empty() ? Json() : Json(each.section)}});
    out.text += each.name + (each.section.empty() ? "" : "  [" + each.section + ']') + "\n    " +
                each.says + '\n';
  }
  return out;
}

}  // namespace

Operation list_operations() {
  return operation<Nothing>({.name = "list operations",
                             .says = "List every operation, and the section of a project file that "
                                     "asks for it",
                             .section = {},
                             .examples = {"evenhand list operations"},
                             .fields = {},
                             .run = {}},
                            {}, run);
}

}  // namespace evenhand::api
