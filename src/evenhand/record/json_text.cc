// The library's event parser is driven here, because its tree parser goes to any depth, takes two
// keys of one name silently, and forgets how a decimal was written.
#include "evenhand/record/json_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace evenhand::record {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kDepthMax = 32;

class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  Json root;
  std::string wrong;  // a sentence, once something was refused

  bool null() override { return add(nullptr); }
  bool boolean(bool v) override { return add(v); }
  bool number_integer(number_integer_t v) override { return number(v, std::to_string(v)); }
  bool number_unsigned(number_unsigned_t v) override { return number(v, std::to_string(v)); }
  bool number_float(number_float_t v, const string_t& s) override { return number(v, s); }
  bool string(string_t& v) override { return add(std::move(v)); }
  bool binary(binary_t&) override { return false; }  // not in text

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& k) override {
    // Looking through a small object is quick; a large one would make hostile text slow.
    constexpr std::size_t kKeysMax = 4096;
    Json& object = *open_.back();
    if (object.size() >= kKeysMax) return refuse("an object has more than 4096 keys");
    if (object.contains(k)) return refuse("the key \"" + k + "\" stands twice in one object");
    keys_.back() = std::move(k);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    if (!wrong.empty()) return false;
    const std::string_view before = text_.substr(0, std::min(position, text_.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t column = before.size() - (before.rfind('\n') + 1);  // npos + 1 is 0
    wrong = "it is not JSON from line " + std::to_string(line) + ", column " +
            std::to_string(column) + " on" +
            (position >= text_.size() ? ", where it ends early" : "");
    return false;
  }

 private:
  template <class V>
  bool add(V&& value) {
    place(Json(std::forward<V>(value)));
    return true;
  }

  template <class V>
  bool number(V value, const std::string& text) {
    if (!in_bound()) return add(value);
    return add(Json::binary(std::vector<std::uint8_t>(text.begin(), text.end())));
  }

  /// Inside findings[i].bound.
  bool in_bound() const {
    return keys_.size() == 4 && keys_[0] == "findings" && keys_[2] == "bound";
  }

  Json* place(Json value) {
    if (open_.empty()) {
      root = std::move(value);
      return &root;
    }
    Json& whole = *open_.back();
    if (whole.is_array()) {
      whole.push_back(std::move(value));
      return &whole.back();
    }
    return &(whole[keys_.back()] = std::move(value));
  }

  bool open(Json empty) {
    if (open_.size() >= kDepthMax) return refuse("it is nested deeper than 32 levels");
    open_.push_back(place(std::move(empty)));
    keys_.emplace_back();
    return true;
  }

  bool close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  bool refuse(std::string sentence) {
    wrong = std::move(sentence);
    return false;
  }

  std::string_view text_;
  std::vector<Json*> open_;  // from the root down; only the last one grows, so they stay valid
  std::vector<std::string> keys_;  // the key that is being filled in each of open_; "" in arrays
};

}  // namespace

Result<Json> parse_record_text(std::string_view text) {
  if (text.empty()) return Error{Code::kBadInput, "it is empty"};
  Builder builder(text);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    if (builder.wrong.empty()) builder.wrong = "it is not JSON";
    return Error{Code::kBadInput, std::move(builder.wrong)};
  }
  return std::move(builder.root);
}

}  // namespace evenhand::record
