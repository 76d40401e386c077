// The program `evenhand`: lends the command line the real streams, clock and signals.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vector>

#include "evenhand/cli/exit_status.h"
#include "evenhand/cli/run.h"

namespace {

volatile std::sig_atomic_t interrupted = 0;  // by this signal

/// The first Ctrl-C (or SIGTERM) asks to stop between two pieces of work; the second one ends at
/// once.
extern "C" void on_interrupt(int signal) {
  if (interrupted != 0) _exit(evenhand::cli::exit_status_of_signal(signal));
  interrupted = signal;
}

/// A broken invariant has said its sentence before it aborts.
extern "C" void on_abort(int) { _exit(evenhand::cli::kBug); }

bool set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

int width_of_terminal() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::int64_t since_epoch_ms(auto now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  std::signal(SIGABRT, on_abort);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is then told as a full disk is
  std::ios::sync_with_stdio(false);
  const char* kind = std::getenv("TERM");
  const bool dumb = kind != nullptr && std::string_view(kind) == "dumb";
  const bool terminal_there = isatty(STDERR_FILENO) == 1 && !dumb;
  evenhand::cli::Terminal terminal{std::cout, std::cerr};
  terminal.err_is_terminal = terminal_there;
  terminal.colour = terminal_there && !set("NO_COLOR");
  terminal.colour_out = isatty(STDOUT_FILENO) == 1 && !dumb && !set("NO_COLOR");
  terminal.width = width_of_terminal();
  terminal.interrupted = [] { return static_cast<int>(interrupted); };
  terminal.steady_ms = [] { return since_epoch_ms(std::chrono::steady_clock::now()); };
  terminal.now_ms = [] { return since_epoch_ms(std::chrono::system_clock::now()); };
  terminal.host = host_name();
  return evenhand::cli::run({argv + 1, argv + argc}, terminal);
}
