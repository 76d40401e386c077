// `evenhand list methods` and `evenhand list learners`: what `train fit` can be told to do.
#include <string>

#include "evenhand/api/operation.h"
#include "evenhand/train/method.h"

namespace evenhand::api {

namespace {

struct Nothing {};

std::string spoken(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out.empty() ? "nothing" : out;
}

Result<Outcome> methods(const Nothing&, const Call&) {
  Outcome out;
  out.json = {{"methods", Json::array()}};
  for (const train::Method* each : train::all_methods()) {
    out.json["methods"].push_back({{"id", each->name},
                                   {"says", each->says},
                                   {"source", each->source},
                                   {"needs_group", each->needs_group},
                                   {"reads", each->reads}});
    out.text += std::string(each->name) + "\n    " + std::string(each->says) + "\n    reads " +
                spoken(each->reads) + '\n';
  }
  return out;
}

Result<Outcome> learners(const Nothing&, const Call&) {
  Outcome out;
  out.json = {{"learners", Json::array()}};
  for (const train::Learner* each : train::all_learners()) {
    out.json["learners"].push_back(
        {{"id", each->name}, {"says", each->says}, {"reads", each->reads}});
    out.text += std::string(each->name) + "\n    " + std::string(each->says) + "\n    reads " +
                spoken(each->reads) + '\n';
  }
  return out;
}

}  // namespace

Operation list_methods() {
  return operation<Nothing>({.name = "list methods",
                             .says = "List how fairness can enter a fit",
                             .section = {},
                             .examples = {"evenhand list methods"},
                             .fields = {},
                             .run = {}},
                            {}, methods);
}

Operation list_learners() {
  return operation<Nothing>({.name = "list learners",
                             .says = "List what kinds of model can be fitted",
                             .section = {},
                             .examples = {"evenhand list learners"},
                             .fields = {},
                             .run = {}},
                            {}, learners);
}

}  // namespace evenhand::api
