#include "evenhand/api/metric_text.h"

#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/metric/all.h"

namespace evenhand::api {

namespace {

// Letters that papers and other tools use for what we write out.
constexpr std::pair<std::string_view, std::string_view> kLetters[] = {
    {"tpr", "true_positive_rate"},
    {"fpr", "false_positive_rate"},
    {"tnr", "true_negative_rate"},
    {"fnr", "false_negative_rate"},
    {"ppv", "precision"},
    {"npv", "negative_predictive_value"},
    {"acc", "accuracy"},
    {"spd", "selection_rate_difference"},
    {"dpd", "selection_rate_difference"},
    {"eod", "equal_opportunity_difference"},
    {"aod", "average_odds_difference"},
    {"dir", "disparate_impact_ratio"},
    {"ece", "calibration_error"},
    {"roc_auc", "auc"},
};

std::string_view orientation(metric::Better better) {
  switch (better) {
    case metric::Better::kHigher:
      return "higher is better";
    case metric::Better::kLower:
      return "lower is better";
    case metric::Better::kNearIdeal:
      return "the nearer to its ideal the better, on either side";
    case metric::Better::kNeither:
      break;
  }
  return "neither high nor low is good in itself";
}

std::vector<std::string> needs(const metric::Metric& metric) {
  std::vector<std::string> out;
  if (metric.needs_label) out.emplace_back("label");
  if (metric.needs_decision) out.emplace_back("decision");
  if (metric.needs_score) out.emplace_back("score");
  if (metric.needs_reference) out.emplace_back("reference");
  if (metric.needs_baseline) out.emplace_back("baseline");
  return out;
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& each : items) out += (out.empty() ? "" : ", ") + each;
  return out;
}

}  // namespace

Json metric_json(const metric::Metric& metric) {
  Json out;
  out["id"] = metric.name;
  out["aliases"] = metric.aliases;
  out["says"] = metric.says;
  out["formula"] = metric.formula;
  out["unit"] = metric.unit;
  out["orientation"] = orientation(metric.better);
  out["ideal"] = metric.ideal ? Json(*metric.ideal) : Json();
  out["needs"] = needs(metric);
  out["from"] = metric::name(metric.from);
  out["misleads"] = metric.misleads;
  out["source"] = metric.source;
  return out;
}

std::string did_you_mean(std::string_view word) {
  std::string plain(word);
  for (char& c : plain) {
    if (c == '-' || c == ' ') c = '_';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const auto& [letters, id] : kLetters) {
    if (plain == letters) return "; did you mean " + std::string(id) + '?';
  }
  std::string begins;
  for (const metric::Metric& each : metric::all()) {
    std::vector<std::string> names = each.aliases;
    names.insert(names.begin(), each.name);
    for (const std::string& name : names) {
      const bool fits = name == plain || name == plain + "_difference" || name == plain + "_ratio";
      if (fits) begins += (begins.empty() ? "" : " or ") + name;
    }
  }
  if (!begins.empty()) return "; did you mean " + begins + '?';
  const std::string near(metric::nearest(plain));
  return near.empty() ? "; `evenhand list metrics` names them all"
                      : "; did you mean " + near + "? (`evenhand list metrics`)";
}

std::string metric_text(const metric::Metric& metric) {
  std::string out = metric.name + '\n';
  const auto line = [&](std::string_view head, const std::string& text) {
    if (text.empty()) return;
    std::string padded(head);
    padded.resize(13, ' ');
    out += "  " + padded + text + '\n';
  };
  line("known as", joined(metric.aliases));
  line("asks", metric.says);
  line("formula", metric.formula);
  line("unit", metric.unit);
  line("orientation", std::string(orientation(metric.better)));
  line("ideal", metric.ideal ? shortest(*metric.ideal) : "none");
  line("needs", joined(needs(metric)));
  line("stands on", metric.from == metric::From::kTally
                        ? "counts: anyone can recompute it from the record"
                        : "rows: recomputed with `evenhand verify --data`");
  line("misleads", metric.misleads);
  line("source", metric.source);
  return out;
}

}  // namespace evenhand::api
