// A program that is started, watched and may be killed: what it said, how it ended, how long it
// took and how much memory it held at most.
#pragma once

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace evenhand::testing {

struct Ended {
  int status = -1;  // exit status; -1 where a signal ended it
  int signal = 0;
  double seconds = 0;
  long memory_kib = 0;  // resident, at most
  std::string out, err;
};

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder of the test's own, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "evenhand-faults-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no folder can be made";
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string at(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return at(name);
  }

 private:
  std::filesystem::path path_;
};

/// Start `words`, with the streams in files of `folder`. @param prepare  runs in the child first.
inline pid_t start(const Folder& folder, const std::vector<std::string>& words,
                   const std::function<void()>& prepare = {}) {
  const std::string out = folder.at(".out"), err = folder.at(".err");
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  const int to = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  const int errors = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  dup2(to, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  if (prepare) prepare();
  execv(argv[0], argv.data());
  _exit(127);
}

/// Wait for it, at most `seconds_max`; then it is killed, which the signal tells.
inline Ended wait_for(const Folder& folder, pid_t child, double seconds_max) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
  int status = 0;
  rusage used{};
  while (wait4(child, &status, WNOHANG, &used) == 0) {
    if (passed() > seconds_max) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  Ended ended;
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  ended.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  ended.seconds = passed();
  ended.memory_kib = used.ru_maxrss;
  ended.out = text_of(folder.at(".out"));
  ended.err = text_of(folder.at(".err"));
  return ended;
}

inline Ended run(const Folder& folder, const std::vector<std::string>& words,
                 const std::function<void()>& prepare = {}, double seconds_max = 120) {
  return wait_for(folder, start(folder, words, prepare), seconds_max);
}

}  // namespace evenhand::testing
