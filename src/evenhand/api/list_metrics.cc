// `evenhand list metrics`: ids, the names that people know them under, and what each one asks.
#include <algorithm>
#include <string>

#include "evenhand/api/metric_text.h"
#include "evenhand/api/operation.h"
#include "evenhand/metric/all.h"

namespace evenhand::api {

namespace {

struct ListMetrics {
  std::string word;
};

bool speaks_of(const metric::Metric& metric, const std::string& word) {
  const auto holds = [&](const std::string& text) { return text.find(word) != std::string::npos; };
  return holds(metric.name) || std::any_of(metric.aliases.begin(), metric.aliases.end(), holds);
}

Result<Outcome> run(const ListMetrics& asked, const Call&) {
  Outcome out;
  out.json = {{"metrics", Json::array()}};
  for (const metric::Metric& each : metric::all()) {
    if (!speaks_of(each, asked.word)) continue;
    out.json["metrics"].push_back(metric_json(each));
    out.text += each.name;
    for (const std::string& alias : each.aliases) out.text += "  (" + alias + ')';
    out.text += "\n    " + each.says + '\n';
  }
  if (out.text.empty()) {
    return Error{Code::kInvalidArgument,
                 "no metric's id or alias holds \"" + asked.word + '"' + did_you_mean(asked.word)};
  }
  out.text += "\n`evenhand explain ID` says more\n";
  return out;
}

}  // namespace

Operation list_metrics() {
  using T = ListMetrics;
  return operation<T>({.name = "list metrics",
                       .says = "List every metric: id, other names, and the question that it asks",
                       .section = {},
                       .examples = {"evenhand list metrics", "evenhand list metrics ratio"},
                       .fields = {},
                       .run = {}},
                      {field<T>("word", &T::word,
                                {.help = "only metrics whose id or alias holds this",
                                 .value = "WORD",
                                 .example = "ratio",
                                 .fallback = "all",
                                 .positional = true})},
                      run);
}

}  // namespace evenhand::api
