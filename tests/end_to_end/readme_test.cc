// What README.md tells people to type is typed: every command of the program in its code blocks, in
// order, in a folder with a table of the kind that it speaks of.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace evenhand {
namespace {

/// Commands of the README's code blocks that call the program; continued lines are joined.
std::vector<std::string> commands(const std::string& page) {
  std::ifstream in(page);
  std::vector<std::string> out;
  std::string line, whole;
  bool in_block = false;
  while (std::getline(in, line)) {
    if (line.starts_with("```")) in_block = !in_block;
    if (!in_block) continue;
    whole += line;
    if (whole.ends_with("\\")) {
      whole.pop_back();
      continue;
    }
    if (whole.starts_with("build/evenhand")) out.push_back(whole);
    whole.clear();
  }
  return out;
}

/// 600 made-up people with the columns that the README names.
void write_people(const std::filesystem::path& path) {
  std::ofstream out(path);
  out << "sex,race,approved,repaid\n";
  for (int i = 0; i < 600; ++i) {
    out << (i % 2 == 0 ? "Female" : "Male") << ',' << (i % 3 == 0 ? "Black" : "White") << ','
        << (i * 7 % 10 < 6 ? "yes" : "no") << ',' << (i * 3 % 10 < 7 ? "yes" : "no") << '\n';
  }
}

TEST(Readme, EveryCommandRuns) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("evenhand-readme-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  write_people(folder / "people.csv");
  const auto found = commands(EVENHAND_SOURCE_DIR "/README.md");
  EXPECT_GE(found.size(), 5U);
  for (const std::string& command : found) {
    const std::string asked =
        EVENHAND_PROGRAM + command.substr(std::string("build/evenhand").size());
    const std::string line = "cd '" + folder.string() + "' && " + asked + " > said 2>&1";
    const int status = std::system(line.c_str());
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    std::ifstream said(folder / "said");
    const std::string text{std::istreambuf_iterator<char>(said), {}};
    // Met, broken and cannot tell are answers; anything else is not what the page promises.
    EXPECT_TRUE(code == 0 || code == 1 || code == 4) << command << "\nended with " << code << "\n"
                                                     << text;
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "audit" / "report.html"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace evenhand
