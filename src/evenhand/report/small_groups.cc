#include "evenhand/report/small_groups.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

namespace evenhand::report {
namespace {

/// Groups of a question whose numbers are not shown; `small` are those of fewer than 11 rows, as
/// the tables call them.
struct HeldBack {
  std::vector<const Size*> small;
  std::size_t all = 0;
};

HeldBack held_back(const Question& q) {
  std::set<std::string> not_shown;
  for (const Shown& s : q.groups) {
    if (s.state() == State::kHidden && s.stratum_name().empty()) not_shown.insert(s.about());
  }
  HeldBack out;
  for (const Size& size : q.sizes) {
    const bool unknown = std::any_of(size.group.begin(), size.group.end(),
                                     [](const auto& part) { return !part.second; });
    if (unknown || !not_shown.contains(size.name)) continue;
    ++out.all;
    if (size.small) out.small.push_back(&size);
  }
  return out;
}

/// What the record says of how an attribute's values became groups.
nlohmann::ordered_json grouping(const View& view, const std::string& attribute, const char* part) {
  nlohmann::ordered_json at = view.record->options;
  for (const std::string& key : {std::string("groupings"), attribute, std::string(part)}) {
    if (!at.is_object() || !at.contains(key)) return {};
    at = nlohmann::ordered_json(at[key]);
  }
  return at;
}

/// Whether it can be shown as it is: what would be replaced or cut must not be typed.
bool is_plain(const std::string& text) {
  constexpr std::size_t kLong = 80;
  return !text.empty() && cleaned(text, kLong) == text;
}

/// As TOML writes it. Of text without control characters a JSON string is one of TOML.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string key(const std::string& text) {
  const bool bare = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 128 && (std::isalnum(c) != 0 || c == '_' || c == '-');
  });
  return bare ? text : quoted(text);
}

/// The values of the table that are in a group: its own name, or what was renamed to it.
std::vector<std::string> values_of(const View& view, const std::string& attribute,
                                   const std::string& group) {
  std::vector<std::string> out;
  const auto renamed = grouping(view, attribute, "rename");
  if (!renamed.is_object()) return {group};
  for (const auto& [value, name] : renamed.items()) {
    if (name == group) out.push_back(value);
  }
  if (!renamed.contains(group)) out.push_back(group);
  return out;
}

/// For a shell, where no value needs more than one pair of quotes: "--rename 'race=A,B=other'".
std::string option_for(const std::string& attribute, const std::vector<std::string>& values,
                       const std::string& name) {
  std::string phrase = attribute + '=';
  for (std::size_t i = 0; i < values.size(); ++i) phrase += (i == 0 ? "" : ",") + values[i];
  const auto hard = [](const std::string& text) {
    return text.find_first_of(",='\"\\") != std::string::npos || text.front() == ' ' ||
           text.back() == ' ';
  };
  if (hard(attribute) || std::any_of(values.begin(), values.end(), hard)) return "";
  return " (or --rename '" + phrase + '=' + name + "')";
}

/// "[groups.race] rename = { "A" = "other", "B" = "other" }", of small groups; "" where nothing is
/// left to rename.
std::string renaming(const View& view, const Question& q, const std::vector<const Size*>& small) {
  const std::string& attribute = q.by.front();
  const bool has_other = std::any_of(q.sizes.begin(), q.sizes.end(), [&](const Size& size) {
    return size.group.at(attribute) == std::optional<std::string>("other");
  });
  std::vector<std::string> values;
  for (const Size* size : small) {
    const std::string& group = size->group.at(attribute).value();
    if (group == "other") continue;  // the rest joins it
    for (std::string& value : values_of(view, attribute, group)) values.push_back(std::move(value));
  }
  constexpr std::size_t kNamed = 6;
  const bool can_be_typed =
      is_plain(attribute) && std::all_of(values.begin(), values.end(), is_plain);
  if (values.empty() || values.size() > kNamed || !can_be_typed) return "";
  // A small group alone under another name would be as small.
  const bool alone = small.size() == 1 && !has_other;
  const std::string name = alone ? "NAME" : "other";
  std::string pairs;
  for (const std::string& value : values) {
    pairs += (pairs.empty() ? "" : ", ") + quoted(value) + " = " + quoted(name);
  }
  return "[groups." + key(attribute) + "] rename = { " + pairs + " }" +
         option_for(attribute, values, name) +
         (alone ? ", where NAME is that of a larger group" : "");
}

/// What makes groups coarser, without a word on which of them are small.
std::string coarser(const View& view, const Question& q) {
  std::vector<std::string> names;
  for (const std::string& attribute : q.by) names.push_back(cleaned(attribute));
  if (q.by.size() > 1) {
    return "coarser groups of " + enumerated(names, " or ") +
           " would show more, each merged (rename) or cut at fewer edges in its own [groups] table";
  }
  const auto edges = grouping(view, q.by.front(), "edges");
  if (edges.is_array() && !edges.empty()) {
    return "wider intervals of " + names.front() + " would show more: fewer edges in [groups." +
           (is_plain(q.by.front()) ? key(q.by.front()) : "NAME") + "] or --edges";
  }
  return "fewer and larger groups of " + names.front() +
         " would show more: merge some of them with rename in [groups." +
         (is_plain(q.by.front()) ? key(q.by.front()) : "NAME") + "] or --rename";
}

std::string who_is_small(const std::vector<const Size*>& small) {
  constexpr std::size_t kNamed = 6;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(kNamed, small.size()); ++i) names.push_back(small[i]->name);
  if (small.size() > kNamed) names.push_back(thousands(small.size() - kNamed) + " more");
  return enumerated(names) + (small.size() == 1 ? " has" : " have") +
         " fewer than 11 rows, so numbers are held back";
}

}  // namespace

std::vector<std::string> advice_on_small_groups(const View& view) {
  std::vector<std::string> out;
  for (const Question& q : view.questions) {
    const HeldBack held = held_back(q);
    // Were every group held back, it would not be groups that are small.
    if (q.by.empty() || held.all == 0 || held.all == q.sizes.size()) continue;
    const auto edges = grouping(view, q.by.front(), "edges");
    const bool values = q.by.size() == 1 && !(edges.is_array() && !edges.empty());
    const std::string how = values ? renaming(view, q, held.small) : "";
    std::string advice = coarser(view, q);
    if (!how.empty()) {
      advice = std::string(held.small.size() > 1 ? "merged with each other or with a larger group"
                                                 : "merged with a larger group") +
               ", more could be shown: " + how;
    }
    advice[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(advice[0])));
    out.push_back("By " + q.name + ", " +
                  (held.small.empty() ? "numbers of some groups are held back for small cells"
                                      : who_is_small(held.small)) +
                  ". " + advice + ".");
  }
  return out;
}

}  // namespace evenhand::report
