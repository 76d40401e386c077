#include "evenhand/cli/command_line.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

#include <CLI/CLI.hpp>

namespace evenhand::cli {

namespace {

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

struct Bound {
  const Field* field;
  CLI::Option* option;
};

/// Every option takes exactly one value, however often it is given; the shell's own grammar
/// ("[a,b]" as a list) stays off, for columns may be called anything.
std::vector<Bound> add_options(CLI::App& app, const api::Operation& operation) {
  std::vector<Bound> out;
  for (const Field& field : operation.fields) {
    if (!field.says.in_shell || field.says.positional) continue;
    const CLI::callback_t take = [](const CLI::results_t&) { return true; };
    CLI::Option* option = nullptr;
    if (field.kind == Kind::kFlag) {
      option = app.add_flag(in_shell(field));
    } else {
      option = app.add_option(in_shell(field), take);
      option->type_size(1)->expected(1)->allow_extra_args(false);
    }
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    out.push_back({&field, option});
  }
  return out;
}

std::string needs_value(const Field& field) {
  return in_shell(field) + " needs a value: " + field.says.value +
         (field.says.example.empty() ? "" : ", for example " + field.says.example);
}

/// What CLI11 refused, in our words.
Error refused(const std::vector<Bound>& bounds, const std::string& what) {
  for (const Bound& each : bounds) {
    if (what.starts_with(in_shell(*each.field) + ":")) return wrong(needs_value(*each.field));
  }
  return wrong(what);
}

/// What was typed for a field, as JSON. @param name  as sentences call it: --level, or FILE.
Result<Json> value_of(const Field& field, const std::string& name, const Words& typed) {
  if (!field.repeatable && typed.size() > 1) {
    return wrong(name + " was given " + std::to_string(typed.size()) + " times (" + typed[0] +
                 ", " + typed[1] + "); it takes one value");
  }
  Json values = Json::array();
  for (const std::string& text : typed) {
    auto value = from_text(field, text);
    if (!value) return wrong(name + ": " + value.error().says);
    values.push_back(std::move(value).value());
  }
  Json json = field.repeatable ? values : values.front();
  const auto checked = field.check(json);
  if (!checked) return wrong(name + ": " + checked.error().says);
  return json;
}

Result<Json> option_value(const Bound& bound, const std::vector<Bound>& all) {
  const Words& typed = bound.option->results();
  if (bound.field->kind == Kind::kFlag) return Json(typed.empty() || typed.back() != "false");
  for (const std::string& text : typed) {
    for (const Bound& other : all) {
      if (text == in_shell(*other.field)) {
        return wrong(needs_value(*bound.field) + "; " + text + " follows it");
      }
    }
  }
  return value_of(*bound.field, in_shell(*bound.field), typed);
}

/// What `evenhand FILE` guesses cannot be said to it: where it can be.
std::optional<std::string> guessed_instead(const api::Operation& operation,
                                           const std::string& option) {
  if (operation.name != "start" && operation.name != "init") return std::nullopt;
  std::string name = option;
  std::replace(name.begin(), name.end(), '-', '_');
  for (const char* stage : {"evaluate run", "train fit"}) {
    const api::Operation* other = api::find(stage);
    if (api::find(*other, name) == nullptr) continue;
    return "a look at a table guesses what --" + option + " would say; write " + name + " into [" +
           other->section +
           "] of the project file and `evenhand run` it, or say "
           "everything yourself: `evenhand " +
           stage + " FILE --" + option + " ...`";
  }
  return std::nullopt;
}

/// What begins with a dash and is no option.
Result<void> no_unknown_options(const api::Operation& operation, const Words& words) {
  for (const std::string& word : words) {
    if (word.starts_with("--") && word.size() > 2) {
      const std::string option = word.substr(2, word.find('=') - 2);
      if (const auto says = guessed_instead(operation, option)) return wrong(*says);
      return wrong(api::no_such_option(operation.fields, option));
    }
    if (word.starts_with('-') && word.size() > 1) {
      return wrong("there is no option " + word +
                   "; options are written out: --help lists them all");
    }
  }
  return {};
}

/// Words that are no options belong to the arguments, in their order; only the last of those may
/// take several.
Result<void> read_arguments(const api::Operation& operation, Words words, Json& out) {
  for (const Field& field : operation.fields) {
    if (!field.says.positional || words.empty()) continue;
    const std::size_t n = field.repeatable ? words.size() : 1;
    const Words typed(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(n));
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(n));
    EVENHAND_ASSIGN(out[field.name], value_of(field, field.says.value, typed));
  }
  if (words.empty()) return {};
  return wrong("\"" + words.front() +
               "\" is one word too many; an option that may be given several times is repeated "
               "before each value");
}

}  // namespace

const api::Operation* operation_of(const Words& words, std::size_t& taken) {
  const api::Operation* best = nullptr;
  std::string name;
  taken = 0;
  for (std::size_t i = 0; i < words.size() && i < 3; ++i) {
    name += (i == 0 ? "" : " ") + words[i];
    if (const api::Operation* found = api::find(name)) {
      best = found;
      taken = i + 1;
    }
  }
  return best;
}

Result<Asked> read_words(const api::Operation& operation, const Words& words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  const std::vector<Bound> bounds = add_options(app, operation);
  CLI::Option* help = app.add_flag("-h,--help");
  CLI::Option* json = app.add_flag("--json");
  // Behind -- everything is an argument, whatever it begins with.
  const auto end = std::find(words.begin(), words.end(), "--");
  try {
    app.parse(Words(std::make_reverse_iterator(end), words.rend()));  // CLI11 takes them reversed
  } catch (const CLI::ParseError& error) {
    return refused(bounds, error.what());
  }
  Asked out;
  out.help = help->count() > 0;
  out.json = json->count() > 0;
  if (out.help) return out;
  Words rest = app.remaining();
  EVENHAND_TRY(no_unknown_options(operation, rest));
  if (end != words.end()) rest.insert(rest.end(), end + 1, words.end());
  for (const Bound& each : bounds) {
    if (each.option->count() == 0) continue;
    EVENHAND_ASSIGN(out.options[each.field->name], option_value(each, bounds));
  }
  EVENHAND_TRY(read_arguments(operation, rest, out.options));
  return out;
}

std::string as_typed(const Words& words) {
  std::string out = "evenhand";
  for (const std::string& word : words) {
    const bool plain = !word.empty() && word.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789_-./=,:+@%") == std::string::npos;
    out += ' ';
    if (plain) {
      out += word;
      continue;
    }
    out += '\'';
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    out += '\'';
  }
  return out;
}

}  // namespace evenhand::cli
