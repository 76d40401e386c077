#include "evenhand/api/guess_words.h"

#include <algorithm>
#include <cctype>

namespace evenhand::api {

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool hump =
        i > 0 && std::isupper(c) && std::islower(static_cast<unsigned char>(name[i - 1]));
    if ((hump || !std::isalnum(c)) && !out.back().empty()) out.emplace_back();
    if (std::isalnum(c)) out.back() += static_cast<char>(std::tolower(c));
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool holds(WordList list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::size_t place_in(WordList list, const std::string& name) {
  std::size_t best = list.size();
  for (const std::string& word : words_of(name)) {
    const auto at = std::find(list.begin(), list.end(), word);
    best = std::min(best, static_cast<std::size_t>(at - list.begin()));
  }
  return best;
}

std::string word_in(WordList list, const std::string& name) {
  const std::size_t place = place_in(list, name);
  return place == list.size() ? std::string() : std::string(list[place]);
}

}  // namespace evenhand::api
