#include "evenhand/cli/help.h"

#include <algorithm>
#include <string>
#include <vector>

#include "evenhand/cli/exit_status.h"

namespace evenhand::cli {

namespace {

/// Columns that a text takes: characters, not bytes.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/// Words in lines of at most `width` columns, each line begun by `indent` spaces.
std::string wrapped(std::string_view text, std::size_t indent, int width) {
  const std::size_t most = std::max<std::size_t>(indent + 30, static_cast<std::size_t>(width));
  std::string out;
  std::size_t at = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (at != 0 && at + 1 + columns_of(word) > most) {
      out += '\n';
      at = 0;
    }
    if (at == 0) {
      out.append(indent, ' ');
      at = indent;
    } else {
      out += ' ';
      ++at;
    }
    out += word;
    at += columns_of(word);
  }
  return out + '\n';
}

std::string default_of(const Field& field) {
  if (field.kind == Kind::kFlag) return "off";
  if (!field.default_value.is_null()) {
    return field.default_value.is_string() ? field.default_value.get<std::string>()
                                           : field.default_value.dump();
  }
  if (field.says.required) return "";
  return field.says.fallback.empty() ? "none" : field.says.fallback;
}

struct ExitStatus {
  int status;
  const char* says;
};
constexpr ExitStatus kExitStatuses[] = {
    {api::kMet, "everything judged was met, or nothing was asked"},
    {api::kBroken, "a bound is broken"},
    {kWrongUsage, "wrong usage"},
    {3, "bad input"},
    {api::kCannotTell, "cannot tell: too few rows to decide a bound"},
    {5, "an end point failed"},
    {kBug, "a fault of Evenhand"},
    {kInterrupted, "interrupted (Ctrl-C)"},
    {kTerminated, "asked to end (SIGTERM)"},
};

Json exit_statuses() {
  Json out = Json::array();
  for (const ExitStatus& each : kExitStatuses) {
    out.push_back({{"status", each.status}, {"says", each.says}});
  }
  return out;
}

/// Text, or null where there is none.
Json said(const std::string& text) { return text.empty() ? Json() : Json(text); }

std::string list(const std::vector<std::string>& items, const char* between) {
  std::string out;
  for (const std::string& each : items) out += (out.empty() ? "" : between) + each;
  return out;
}

/// "required; default: 0.95; unit: share; range: (0, 1); example: --level 0.99"
std::string facts(const Field& field) {
  std::vector<std::string> out;
  if (field.says.required) out.emplace_back("required");
  if (field.repeatable) out.emplace_back("may be given several times");
  if (!field.says.choices.empty()) out.push_back("one of: " + list(field.says.choices, ", "));
  if (const std::string text = default_of(field); !text.empty()) out.push_back("default: " + text);
  if (!field.says.unit.empty()) out.push_back("unit: " + field.says.unit);
  if (!field.says.range.whole_line()) out.push_back("range: " + to_string(field.says.range));
  if (!field.says.example.empty()) {
    out.push_back("example: " + (field.says.positional ? "" : in_shell(field) + ' ') +
                  field.says.example);
  } else if (field.kind == Kind::kFlag) {
    out.push_back("example: " + in_shell(field));
  }
  return list(out, "; ");
}

std::string head(const Field& field) {
  if (field.says.positional) return field.says.value + (field.repeatable ? "..." : "");
  return in_shell(field) + (field.kind == Kind::kFlag ? "" : ' ' + field.says.value);
}

std::string usage(const api::Operation& operation) {
  std::string out = "evenhand " + operation.name;
  bool options = false;
  for (const Field& field : operation.fields) {
    if (!field.says.positional) {
      options = options || field.says.in_shell;
      continue;
    }
    out += field.says.required ? ' ' + head(field) : " [" + head(field) + ']';
  }
  return out + (options ? " [options]" : "");
}

std::string lines(const std::vector<const api::Operation*>& operations, int width) {
  std::size_t widest = 0;
  for (const auto* each : operations) widest = std::max(widest, each->name.size());
  std::string out;
  for (const auto* each : operations) {
    std::string says = wrapped(each->says, widest + 4, width);
    out += "  " + each->name + says.substr(2 + each->name.size());
  }
  return out;
}

}  // namespace

std::string help(const api::Operation& operation, int width) {
  std::string out = "usage: " + usage(operation) + "\n\n" + wrapped(operation.says, 0, width);
  for (const bool positional : {true, false}) {
    bool any = false;
    for (const Field& field : operation.fields) {
      if (field.says.positional != positional || !field.says.in_shell) continue;
      if (!any) out += positional ? "\narguments\n" : "\noptions\n";
      any = true;
      out += "  " + head(field) + '\n' + wrapped(field.says.help, 6, width) +
             wrapped(facts(field), 6, width);
    }
  }
  out +=
      "\noptions of every command\n  --json\n      print machine-readable JSON, errors too\n"
      "  --help\n      print this\n";
  bool only_there = false;
  for (const Field& field : operation.fields) {
    if (field.says.in_shell) continue;
    if (!only_there) out += "\nonly in the project file (docs/formats/project_file.md)\n";
    only_there = true;
    out += "  " + field.name + '\n' + wrapped(field.says.help, 6, width);
  }
  if (!operation.examples.empty()) {
    out += "\nexamples\n";
    for (const std::string& each : operation.examples) out += "  " + each + '\n';
  }
  return out;
}

std::string help(int width) {
  std::vector<const api::Operation*> operations;
  for (const api::Operation& each : api::all()) operations.push_back(&each);
  std::string out =
      "usage: evenhand FILE            look at a table, write evenhand.toml, evaluate\n"
      "       evenhand COMMAND ...     COMMAND --help says what it takes\n\n";
  out += wrapped(
      "Evenhand measures how groups of people fare under decisions and scores, says how "
      "surely, and leaves a record that others can check.",
      0, width);
  out += "\ncommands\n" + lines(operations, width);
  out +=
      "\n  completion bash|zsh   print the completion script of a shell\n"
      "  --version             print the version\n";
  out += "\nexit status\n";
  for (const ExitStatus& each : kExitStatuses) {
    std::string status = std::to_string(each.status);
    status.resize(4, ' ');
    out += "  " + status + each.says + '\n';
  }
  return out;
}

Json help_json() {
  Json operations = Json::array();
  for (const api::Operation& each : api::all()) {
    operations.push_back({{"name", each.name}, {"says", each.says}});
  }
  return {{"operations", operations}, {"exit_statuses", exit_statuses()}};
}

Json help_json(const api::Operation& operation) {
  Json fields = Json::array();
  for (const Field& field : operation.fields) {
    fields.push_back(
        {{"name", field.name},
         {"in_shell", field.says.in_shell ? Json(head(field)) : Json()},
         {"positional", field.says.positional},
         {"help", field.says.help},
         {"required", field.says.required},
         {"repeatable", field.repeatable},
         {"default", said(default_of(field))},
         {"unit", said(field.says.unit)},
         {"range", field.says.range.whole_line() ? Json() : Json(to_string(field.says.range))},
         {"choices", field.says.choices},
         {"example", said(field.says.example)},
         {"key", said(api::key(operation, field))}});
  }
  return {{"name", operation.name},    {"says", operation.says},
          {"usage", usage(operation)}, {"section", said(operation.section)},
          {"fields", fields},          {"examples", operation.examples}};
}

std::string help_of_family(std::string_view word, int width) {
  std::vector<const api::Operation*> operations;
  for (const api::Operation& each : api::all()) {
    if (each.name.starts_with(std::string(word) + ' ')) operations.push_back(&each);
  }
  if (operations.empty()) return {};
  return "usage: evenhand " + std::string(word) + " COMMAND ...\n\ncommands\n" +
         lines(operations, width);
}

}  // namespace evenhand::cli
