#include "evenhand/report/stages.h"

#include <string>
#include <vector>

namespace evenhand::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kSentence = 600;  // characters of a note

std::string text(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name) || !json[name].is_string()) return "";
  return cleaned(json[name].get<std::string>());
}

std::vector<std::string> texts(const Json& json, const char* name) {
  std::vector<std::string> out;
  if (!json.is_object() || !json.contains(name) || !json[name].is_array()) return out;
  for (const Json& each : json[name]) {
    if (each.is_string()) out.push_back(cleaned(each.get<std::string>(), kSentence));
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

constexpr const char* kRows = "held_out";  // that the policy was not fitted to

const Shown* find(const Question& q, std::string_view id, const std::string& about,
                  const std::string& rule) {
  for (const Shown& s : q.groups) {
    const bool is_it = s.id() == id && s.about() == about && s.at() == rule &&
                       s.within().find(kRows) != std::string::npos;
    if (is_it && s.state() == State::kShown) return &s;
  }
  return nullptr;
}

/// "Female 6.1 % to 3.1 % (2.6 to 3.7 %); ...".
std::string promised(const Question& q, const std::string& rule) {
  std::string out;
  for (const Size& size : q.sizes) {
    const Shown* before = find(q, "selection_rate", size.name, "plain");
    const Shown* after = find(q, "selection_rate", size.name, rule);
    if (before == nullptr || after == nullptr) continue;
    out += (out.empty() ? "" : "; ") + size.name + " " + before->value() + " to " + after->value() +
           " (" + after->plain() + ")";
  }
  return out;
}

std::string rates_sentence(const Question& q, const std::string& rule, const std::string& words) {
  const std::string told = promised(q, rule);
  if (told.empty()) return "";
  return "Selection rates by " + q.name + " from one threshold at the least cost to " + words +
         ", on rows kept from the fit: " + told + ".";
}

std::string cost_sentence(const Question& everybody, bool aware) {
  const auto cost = [&](const char* rule) {
    for (const Shown& s : everybody.groups) {
      if (s.id() == "cost" && s.at() == rule && s.within().find(kRows) != std::string::npos) {
        return s.state() == State::kShown ? s.value() : std::string();
      }
    }
    return std::string();
  };
  if (cost("plain").empty() || cost("policy").empty()) return "";
  return "A wrong decision costs as was asked; a row costs " + cost("plain") +
         " under one threshold at the least cost and " + cost("policy") + " under the policy" +
         (aware && !cost("blind").empty()
              ? ", and " + cost("blind") + " under a rule that does not look at groups"
              : "") +
         ".";
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
  story.done = "A model was fitted to predict “" + text(options, "label") + "” from " +
               count(features.size(), "column", "columns") + ", by the method “" + method + "”.";
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
  story.done = aware ? "A rule for each group was made for the decisions."
                     : "One rule for everybody was made for the decisions.";
  story.found.clear();
  const auto say = [&](const std::string& sentence) {
    if (!sentence.empty()) story.found.push_back(sentence);
  };
  for (const Question& q : view.questions) {
    if (q.by.empty()) {
      say(cost_sentence(q, aware));
      continue;
    }
    say(rates_sentence(q, "policy", "the policy"));
    if (aware) say(rates_sentence(q, "blind", "a rule that does not look at groups"));
  }
  story.meanings = {
      "A policy changes decisions, not scores: what the scores know of people stays as it was.",
      "Rules that look at the group are forbidden in US employment tests (Title VII, section "
      "703(l)) and are treatment by a protected trait in credit; elsewhere they need a legal "
      "basis."};
}

}  // namespace evenhand::report
