#include "evenhand/cli/run.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>
#include <ostream>

#include "evenhand/base/nearest.h"
#include "evenhand/cli/completion.h"
#include "evenhand/cli/exit_status.h"
#include "evenhand/cli/help.h"
#include "evenhand/cli/progress_bar.h"
#include "evenhand/report/words.h"
#include "evenhand/table/reader.h"

namespace evenhand::cli {

namespace {

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// What was going on, what is kept of it, and how to go on.
std::string says_interrupted(const Error& error, const Words& words) {
  constexpr std::size_t kLong = 1000;
  const bool kept = error.says.find("resume") != std::string::npos;
  return "interrupted: " + report::cleaned(to_string(error), kLong) + ". " +
         (kept ? "Of what else was unfinished nothing is kept. To go on: "
               : "Whatever was not finished was not written. To start again: ") +
         as_typed(words);
}

/// Say what went wrong, to a person or to a machine.
int complain(const Error& error, const Words& words, bool json, Terminal& terminal) {
  int status = exit_status(error.code);
  constexpr std::size_t kLong = 4000;  // names from files and arguments may hold anything
  std::string says = report::cleaned(to_string(error), kLong);
  if (error.code == Code::kInterrupted) {
    says = says_interrupted(error, words);
    const int signal = terminal.interrupted ? terminal.interrupted() : 0;
    if (signal != 0) status = exit_status_of_signal(signal);
  }
  if (error.code == Code::kBug) says += ". This is a fault of Evenhand, not of your data";
  if (json) {
    const Json body = {{"code", name(error.code)}, {"says", says}, {"exit_status", status}};
    terminal.out << dump({{"error", body}});
    return status;
  }
  const char* word = error.code == Code::kInterrupted ? "" : "error: ";
  const char* on = terminal.colour ? "\x1b[1;31m" : "";
  const char* off = terminal.colour ? "\x1b[0m" : "";
  terminal.err << "evenhand: " << on << word << off << says << '\n';
  return status;
}

api::Call lend(ProgressBar& bar, const Terminal& terminal) {
  api::Call call;
  call.progress = [&bar](const Progress& progress) { return bar.tell(progress); };
  call.now_ms = terminal.now_ms;
  call.host = terminal.host;
  call.colour = terminal.colour_out;
  return call;
}

int perform(const api::Operation& operation, const Words& after, const Words& words,
            Terminal& terminal) {
  const bool json = std::find(after.begin(), after.end(), "--json") != after.end();
  auto asked = read_words(operation, after);
  if (!asked) {
    Error error = std::move(asked).error();
    if (!json) error.says += " (`evenhand " + operation.name + " --help`)";
    return complain(error, words, json, terminal);
  }
  if (asked->help) {
    terminal.out << (asked->json ? dump(help_json(operation)) : help(operation, terminal.width));
    return 0;
  }
  ProgressBar bar(terminal);
  auto outcome = operation.run(asked->options, lend(bar, terminal));
  bar.wipe();
  if (!outcome) return complain(outcome.error(), words, asked->json, terminal);
  terminal.out << (asked->json ? dump(outcome->json) : outcome->text);
  return outcome->status;
}

/// `evenhand help evaluate run` and `evenhand evaluate --help`.
int explain_words(const Words& words, Terminal& terminal) {
  std::size_t taken = 0;
  if (words.empty()) {
    terminal.out << help(terminal.width);
    return 0;
  }
  if (const api::Operation* operation = operation_of(words, taken)) {
    terminal.out << help(*operation, terminal.width);
    return 0;
  }
  const std::string family = help_of_family(words.front(), terminal.width);
  if (!family.empty()) {
    terminal.out << family;
    return 0;
  }
  return complain({Code::kInvalidArgument, "there is no command \"" + words.front() +
                                               "\"; `evenhand --help` lists them all"},
                  words, false, terminal);
}

Error no_such_command(const Words& words) {
  std::vector<std::string> names;
  for (const api::Operation& each : api::all()) names.push_back(each.name);
  std::string typed = words.front();
  if (words.size() > 1 && !words[1].starts_with('-')) typed += ' ' + words[1];
  std::string near = nearest(typed, names);
  if (near.empty()) near = nearest(words.front(), names);
  return {Code::kInvalidArgument, "there is neither a command nor a file called \"" +
                                      words.front() + "\"; " +
                                      (near.empty() ? "`evenhand --help` lists the commands"
                                                    : "did you mean `evenhand " + near + "`?")};
}

Error no_guess_from_standard_input() {
  return {Code::kInvalidArgument,
          "standard input can be read only once, so its columns are not guessed at; name them: "
          "`evenhand evaluate run - --decision hired=yes --group sex`"};
}

int complete(const Words& words, Terminal& terminal) {
  if (words.size() == 2 && words[1] == "bash") {
    terminal.out << bash_completion();
    return 0;
  }
  if (words.size() == 2 && words[1] == "zsh") {
    terminal.out << zsh_completion();
    return 0;
  }
  return complain({Code::kInvalidArgument,
                   "completion is written for a shell: `evenhand completion bash` or `evenhand "
                   "completion zsh`"},
                  words, false, terminal);
}

bool is_help(const std::string& word) { return word == "--help" || word == "-h"; }

/// The words with --json moved from before the command to behind it.
Words rearranged(Words words) {
  if (words.size() > 1 && words.front() == "--json")
    std::rotate(words.begin(), words.begin() + 1, words.end());
  return words;
}

int dispatch(const Words& typed, Terminal& terminal) {
  const Words words = rearranged(typed);
  if (words.empty()) {
    terminal.err << help(terminal.width);
    return kWrongUsage;
  }
  const std::string& first = words.front();
  if (first == "--version" || first == "-V" || first == "version") {
    terminal.out << "evenhand " EVENHAND_VERSION "\n";
    return 0;
  }
  if (is_help(first) && words.size() == 2 && words[1] == "--json") {
    terminal.out << dump(help_json());
    return 0;
  }
  if (is_help(first)) return explain_words({}, terminal);
  if (first == "help") return explain_words({words.begin() + 1, words.end()}, terminal);
  if (first == "completion") return complete(words, terminal);
  std::size_t taken = 0;
  if (const api::Operation* operation = operation_of(words, taken)) {
    return perform(*operation, {words.begin() + static_cast<std::ptrdiff_t>(taken), words.end()},
                   words, terminal);
  }
  const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
  if (const std::string family = help_of_family(first, terminal.width); !family.empty()) {
    if (words.size() > 1 && is_help(words[1])) {
      terminal.out << family;
      return 0;
    }
    if (words.size() > 1) return complain(no_such_command(words), words, json, terminal);
    terminal.err << family;
    return kWrongUsage;
  }
  if (first == "-") return complain(no_guess_from_standard_input(), words, json, terminal);
  std::error_code ignored;
  // A table that is not there goes the same way: what opens files knows the nearest name.
  const bool is_file = std::filesystem::exists(first, ignored) || table::has_name_of_a_table(first);
  if (!first.starts_with('-') && is_file) {
    return perform(*api::find("start"), words, words, terminal);
  }
  return complain(no_such_command(words), words, json, terminal);
}

}  // namespace

int run(const Words& words, Terminal& terminal) {
  int status = kBug;
  try {
    status = dispatch(words, terminal);
  } catch (const std::bad_alloc&) {
    status = complain({Code::kIo, "there is not enough memory for this"}, words, false, terminal);
  } catch (const std::exception& thrown) {
    status = complain({Code::kBug, thrown.what()}, words, false, terminal);
  }
  terminal.out.flush();
  if (!terminal.out) {
    terminal.err << "evenhand: error: standard output cannot be written (is the disk full?)\n";
    return exit_status(Code::kIo);
  }
  return status;
}

}  // namespace evenhand::cli
