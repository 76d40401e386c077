#include "evenhand/report/stages.h"

#include <string>
#include <vector>

namespace evenhand::report {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name) || !json[name].is_string()) return "";
  return cleaned(json[name].get<std::string>());
}

std::vector<std::string> texts(const Json& json, const char* name) {
  std::vector<std::string> out;
  if (!json.is_object() || !json.contains(name) || !json[name].is_array()) return out;
  for (const Json& each : json[name]) {
    if (each.is_string()) out.push_back(cleaned(each.get<std::string>()));
  }
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  }
  return out;
}

/// A rate under the rule before and under the policy, on rows that the policy was not fitted to
/// where there are some.
const Shown* rate(const Question& q, const std::string& about, const std::string& rule,
                  const std::string& rows) {
  for (const Shown& s : q.groups) {
    const bool is_it = s.id() == "selection_rate" && s.about() == about && s.at() == rule &&
                       s.within().find(rows) != std::string::npos;
    if (is_it && s.state() == State::kShown) return &s;
  }
  return nullptr;
}

std::string promised(const Question& q) {
  std::string out;
  for (const Shown& s : q.groups) {
    if (s.id() != "selection_rate" || s.at() != "plain") continue;
    const Shown* before = rate(q, s.about(), "plain", "held out");
    const Shown* after = rate(q, s.about(), "policy", "held out");
    const std::string told = s.about() + " " + (before != nullptr ? before->value() : "") + " to " +
                             (after != nullptr ? after->value() + " (" + after->plain() + ")" : "");
    if (before == nullptr || after == nullptr || out.find(told) != std::string::npos) continue;
    out += (out.empty() ? "" : "; ") + told;
  }
  return out;
}

}  // namespace

bool is_training(const View& view) { return view.record->operation == "train fit"; }
bool is_adjustment(const View& view) { return view.record->operation == "adjust fit"; }

void tell_training(const View& view, Story& story) {
  const auto& options = view.record->options;
  const Json training =
      options.is_object() && options.contains("training") ? options["training"] : Json::object();
  const std::string method = text(training, "method");
  story.title = "Training: " + method;
  story.headline = "A model of kind “" + text(training, "learner") +
                   "” was fitted by the method “" + method + "” to predict “" +
                   text(options, "label") + "” (" + text(options, "favourable") + ").";
  const std::vector<std::string> features = texts(options, "features");
  story.asked = {"It sees " + count(features.size(), "column", "columns") + ": " +
                 joined(features) + "."};
  const std::vector<std::string> groups = texts(options, "groups");
  if (!groups.empty()) {
    story.asked.push_back("Groups: " + joined(groups) +
                          (method == "plain" ? "; this method does not look at them." : "."));
  }
  story.found = texts(options, "notes");
  story.meanings = {
      "How the model's decisions fare is judged by the evaluation and the comparison, on rows that "
      "the model has not seen."};
  story.intervals = {};
  story.limitations = {"A label that is itself unfair teaches unfairness, whatever the method."};
}

void tell_adjustment(const View& view, Story& story) {
  const auto& options = view.record->options;
  const bool aware =
      options.is_object() && options.contains("group_aware") && options["group_aware"] == true;
  story.title = "Adjustment";
  story.headline = aware ? "Each group has a rule of its own; the basis named for it is “" +
                               text(options, "basis") + "”, and “" + text(options, "signatory") +
                               "” answers for it."
                         : "One rule decides for everybody: the group is not looked at when a "
                           "decision is made.";
  story.asked = {"What was to be made alike: " +
                 (text(options, "equalise").empty() ? std::string("nothing; scores were calibrated")
                                                    : text(options, "equalise")) +
                 "."};
  story.found.clear();
  for (const Question& q : view.questions) {
    const std::string told = promised(q);
    if (!told.empty()) {
      story.found.push_back(
          "Selection rates by " + q.name +
          " from the plain threshold to the policy, on rows kept from its fit: " + told + ".");
    }
  }
  for (const std::string& note : texts(options, "notes")) story.found.push_back(note);
  story.meanings = {
      "A policy changes decisions, not scores: what the scores know of people stays as it was.",
      "Rules that look at the group are forbidden in US employment tests (Title VII, section "
      "703(l)) and are treatment by a protected trait in credit; elsewhere they need a legal "
      "basis."};
}

}  // namespace evenhand::report
