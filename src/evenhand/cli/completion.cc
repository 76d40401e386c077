#include "evenhand/cli/completion.h"

#include <set>
#include <string_view>
#include <vector>

#include "evenhand/api/operation.h"

namespace evenhand::cli {

namespace {

constexpr std::string_view kFirstMore = "help completion --help --version";

/// What may be the first word, and the second after it.
std::string first_words() {
  std::set<std::string> words;
  for (const api::Operation& each : api::all())
    words.insert(each.name.substr(0, each.name.find(' ')));
  std::string out;
  for (const std::string& each : words) out += each + ' ';
  return out + std::string(kFirstMore);
}

std::set<std::string> families() {
  std::set<std::string> out;
  for (const api::Operation& each : api::all()) {
    const std::size_t space = each.name.find(' ');
    if (space != std::string::npos) out.insert(each.name.substr(0, space));
  }
  return out;
}

std::string second_words(const std::string& family) {
  std::string out;
  for (const api::Operation& each : api::all()) {
    if (each.name.starts_with(family + ' ')) {
      out += (out.empty() ? "" : " ") + each.name.substr(family.size() + 1);
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& each : items) out += (out.empty() ? "" : " ") + each;
  return out;
}

std::vector<std::string> options_of(const api::Operation& operation) {
  std::vector<std::string> out;
  for (const Field& each : operation.fields) {
    if (each.says.in_shell && !each.says.positional) out.push_back(in_shell(each));
  }
  out.insert(out.end(), {"--json", "--help"});
  return out;
}

/// Text inside single quotes of a shell.
std::string single(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out;
}

/// Inside a zsh _arguments specification, colons and brackets mean something.
std::string in_specification(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return single(out);
}

std::string zsh_action(const Field& field) {
  if (!field.says.choices.empty()) return '(' + joined(field.says.choices) + ')';
  return field.says.is_path || field.says.positional ? "_files" : "";
}

std::string zsh_specification(const Field& field) {
  if (field.says.positional) {
    return std::string("'") + (field.repeatable ? "*" : "") + ':' +
           in_specification(field.says.value) + ":_files'";
  }
  std::string out = std::string("'") + (field.repeatable ? "*" : "") + in_shell(field) + '[' +
                    in_specification(field.says.help) + ']';
  if (field.kind != Kind::kFlag) {
    out += ':' + in_specification(field.says.value) + ':' + zsh_action(field);
  }
  return out + '\'';
}

}  // namespace

std::string bash_completion() {
  std::string out =
      "# bash completion of evenhand\n_evenhand() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  local command=\"${COMP_WORDS[1]}\" words=\"\"\n  COMPREPLY=()\n";
  out += "  if (( COMP_CWORD == 1 )); then\n    COMPREPLY=( $(compgen -W '" + first_words() +
         "' -- \"$word\") $(compgen -f -- \"$word\") )\n    return\n  fi\n  case \"$command\" in\n";
  for (const std::string& family : families()) {
    out += "    " + family + ") if (( COMP_CWORD == 2 )); then\n      COMPREPLY=( $(compgen -W '" +
           second_words(family) +
           "' -- \"$word\") ); return\n    fi\n    command+=\" ${COMP_WORDS[2]}\" ;;\n";
  }
  out += "    completion) COMPREPLY=( $(compgen -W 'bash zsh' -- \"$word\") ); return ;;\n  esac\n";
  out += "  case \"$command $before\" in\n";
  for (const api::Operation& operation : api::all()) {
    for (const Field& each : operation.fields) {
      if (each.says.choices.empty() || each.says.positional) continue;
      out += "    '" + operation.name + ' ' + in_shell(each) + "') COMPREPLY=( $(compgen -W '" +
             single(joined(each.says.choices)) + "' -- \"$word\") ); return ;;\n";
    }
  }
  out += "  esac\n  case \"$command\" in\n";
  for (const api::Operation& operation : api::all()) {
    out += "    '" + operation.name + "') words='" + joined(options_of(operation)) + "' ;;\n";
  }
  out +=
      "  esac\n  if [[ \"$word\" == -* ]]; then\n    COMPREPLY=( $(compgen -W \"$words\" -- "
      "\"$word\") )\n"
      "  else\n    COMPREPLY=( $(compgen -f -- \"$word\") )\n  fi\n}\n"
      "complete -o filenames -F _evenhand evenhand\n";
  return out;
}

std::string zsh_completion() {
  std::string out =
      "#compdef evenhand\n_evenhand() {\n  local command=\"$words[2]\"\n"
      "  if (( CURRENT == 2 )); then\n    compadd -- " +
      first_words() + "\n    _files\n    return\n  fi\n  case \"$command\" in\n";
  for (const std::string& family : families()) {
    out += "    " + family + ") if (( CURRENT == 3 )); then compadd -- " + second_words(family) +
           "; return; fi\n      command=\"$command $words[3]\"; shift words; (( CURRENT-- )) ;;\n";
  }
  out +=
      "    completion) compadd -- bash zsh; return ;;\n  esac\n  shift words; (( CURRENT-- ))\n"
      "  case \"$command\" in\n";
  for (const api::Operation& operation : api::all()) {
    out += "    '" + operation.name + "') _arguments";
    for (const Field& each : operation.fields) {
      if (each.says.in_shell) out += " \\\n      " + zsh_specification(each);
    }
    out += " \\\n      '--json[print machine-readable JSON]' \\\n      '--help[print help]' ;;\n";
  }
  return out + "  esac\n}\ncompdef _evenhand evenhand\n";
}

}  // namespace evenhand::cli
