// `evenhand explain ID`: what a metric means, and when it misleads.
#include <string>

#include "evenhand/api/metric_text.h"
#include "evenhand/api/operation.h"
#include "evenhand/metric/all.h"

namespace evenhand::api {

namespace {

struct Explain {
  std::string id;
};

Result<Outcome> run(const Explain& asked, const Call&) {
  const metric::Metric* metric = metric::find(asked.id);
  if (metric == nullptr) {
    return Error{Code::kInvalidArgument,
                 "there is no metric \"" + asked.id + '"' + did_you_mean(asked.id)};
  }
  return Outcome{kMet, metric_text(*metric), metric_json(*metric)};
}

}  // namespace

Operation explain() {
  using T = Explain;
  return operation<T>({.name = "explain",
                       .says = "Explain a metric: formula, meaning, orientation, ideal, when it "
                               "misleads, source",
                       .section = {},
                       .examples = {"evenhand explain equalized_odds_difference"},
                       .fields = {},
                       .run = {}},
                      {field<T>("id", &T::id,
                                {.help = "id or alias of a metric",
                                 .value = "ID",
                                 .example = "equalized_odds_difference",
                                 .positional = true,
                                 .required = true})},
                      run);
}

}  // namespace evenhand::api
