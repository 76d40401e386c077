#include "evenhand/cli/command_line.h"

#include <algorithm>

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
    if (!field.says.in_shell) continue;
    const CLI::callback_t take = [](const CLI::results_t&) { return true; };
    CLI::Option* option = nullptr;
    if (field.kind == Kind::kFlag) {
      option = app.add_flag(in_shell(field));
    } else if (field.says.positional) {
      option = app.add_option(field.name, take);
      option->type_size(1)->expected(0, field.repeatable ? 1 << 20 : 1)->allow_extra_args(false);
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

Result<Json> value_of(const Bound& bound, const std::vector<Bound>& all) {
  const Field& field = *bound.field;
  const std::string name = field.says.positional ? field.says.value : in_shell(field);
  const CLI::results_t& typed = bound.option->results();
  if (field.kind == Kind::kFlag) return Json(typed.empty() || typed.back() != "false");
  if (!field.repeatable && typed.size() > 1) {
    return wrong(name + " was given " + std::to_string(typed.size()) + " times (" + typed[0] + ", " +
                 typed[1] + "); it takes one value");
  }
  Json values = Json::array();
  for (const std::string& text : typed) {
    for (const Bound& other : all) {
      if (!field.says.positional && text == in_shell(*other.field)) {
        return wrong(needs_value(field) + "; " + text + " follows it");
      }
    }
    auto value = from_text(field, text);
    if (!value) return wrong(name + ": " + value.error().says);
    values.push_back(std::move(value).value());
  }
  Json json = field.repeatable ? values : values.front();
  const auto checked = field.check(json);
  if (!checked) return wrong(name + ": " + checked.error().says);
  return json;
}

/// Options that nobody knows, and words too many.
Result<void> nothing_left(const api::Operation& operation, const CLI::App& app) {
  for (const std::string& word : app.remaining()) {
    if (word.starts_with("--") && word.size() > 2) {
      return wrong(api::no_such_option(operation.fields, word.substr(2, word.find('=') - 2)));
    }
    if (word.starts_with('-') && word.size() > 1) {
      return wrong("there is no option " + word + "; options are written out: --help lists them all");
    }
    return wrong("\"" + word + "\" is one word too many; `evenhand " + operation.name +
                 " --help` says what it takes");
  }
  return {};
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
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them reversed
  } catch (const CLI::ParseError& error) {
    return refused(bounds, error.what());
  }
  Asked out;
  out.help = help->count() > 0;
  out.json = json->count() > 0;
  if (out.help) return out;
  EVENHAND_TRY(nothing_left(operation, app));
  for (const Bound& each : bounds) {
    if (each.option->count() == 0) continue;
    EVENHAND_ASSIGN(out.options[each.field->name], value_of(each, bounds));
  }
  return out;
}

std::string as_typed(const Words& words) {
  std::string out = "evenhand";
  for (const std::string& word : words) {
    const bool plain =
        !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
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
