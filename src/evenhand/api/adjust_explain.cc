// `evenhand adjust explain`: a policy in plain sentences.
#include <string>
#include <vector>

#include "evenhand/adjust/explain.h"
#include "evenhand/api/operation.h"
#include "evenhand/model/policy.h"

namespace evenhand::api {

namespace {

struct AdjustExplain {
  std::string policy = "evenhand-out/policy";
};

Result<Outcome> run(const AdjustExplain& asked, const Call&) {
  EVENHAND_ASSIGN(const model::Policy policy, model::load_policy(asked.policy));
  const std::vector<std::string> sentences = adjust::sentences(policy);
  Outcome out;
  for (const std::string& each : sentences) out.text += each + '\n';
  out.json["says"] = sentences;
  out.json["policy"] = Json::parse(model::to_json(policy), nullptr, false);
  return out;
}

}  // namespace

Operation adjust_explain() {
  using T = AdjustExplain;
  return operation<T>({.name = "adjust explain",
                       .says = "Say in plain sentences what a policy does to each group",
                       .section = {},
                       .examples = {"evenhand adjust fit scored.parquet --score p --label y "
                                    "--group sex --equalise tpr --out policy",
                                    "evenhand adjust explain policy"},
                       .fields = {},
                       .run = {}},
                      {field<T>("policy", &T::policy,
                                {.help = "the policy, or its folder",
                                 .value = "FILE",
                                 .example = "policy",
                                 .positional = true,
                                 .is_path = true})},
                      run);
}

}  // namespace evenhand::api
