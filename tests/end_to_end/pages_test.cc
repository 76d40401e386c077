// What pages tell people to type is typed: the commands of every block marked `sh`, in order, the
// project files that they show, and the names that stand in running text. So is each example that
// an operation's help gives.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"
#include "evenhand/cli/command_line.h"
#include "files.h"
#include "workplace.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = EVENHAND_SOURCE_DIR;

/// README, CONTRIBUTING, all of docs/ but the generated pages of metrics, the examples' READMEs.
std::vector<fs::path> pages() {
  std::vector<fs::path> out{kRoot / "README.md", kRoot / "CONTRIBUTING.md"};
  for (const char* folder : {"docs", "examples"}) {
    for (const auto& each : fs::recursive_directory_iterator(kRoot / folder)) {
      const bool of_metrics = each.path().parent_path() == kRoot / "docs" / "metrics";
      if (each.path().extension() == ".md" && !of_metrics) out.push_back(each.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// The text of fenced blocks with this info string, one for each block.
std::vector<std::string> blocks(const std::string& page, const std::string& info) {
  std::vector<std::string> out;
  std::istringstream in(page);
  std::string line;
  bool inside = false, wanted = false;
  while (std::getline(in, line)) {
    if (line.starts_with("```")) {
      inside = !inside;
      wanted = inside && line.substr(3) == info;
      if (wanted) out.emplace_back();
    } else if (wanted) {
      out.back() += line + '\n';
    }
  }
  return out;
}

/// The lines of a block, those joined that end with a backslash.
std::vector<std::string> commands(const std::string& block) {
  std::vector<std::string> out;
  std::istringstream in(block);
  std::string line, whole;
  while (std::getline(in, line)) {
    whole += line;
    if (whole.ends_with('\\')) {
      whole.pop_back();
      continue;
    }
    if (!whole.empty()) out.push_back(whole);
    whole.clear();
  }
  return out;
}

/// Text between single backticks, outside of fenced blocks; a span may go on in the next line.
std::vector<std::string> spans(const std::string& page) {
  std::string text;
  std::istringstream in(page);
  std::string line;
  bool inside = false;
  while (std::getline(in, line)) {
    if (line.starts_with("```")) {
      inside = !inside;
    } else if (!inside) {
      text += line + ' ';
    }
  }
  std::vector<std::string> out;
  for (std::size_t at = 0; (at = text.find('`', at)) != std::string::npos;) {
    const std::size_t end = text.find('`', at + 1);
    if (end == std::string::npos) break;
    out.push_back(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return out;
}

cli::Words words_of(const std::string& text) {
  std::istringstream in(text);
  cli::Words out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

bool calls_program(const std::string& command) {
  return command.starts_with("evenhand ") || command.starts_with("build/evenhand ");
}
bool calls_make(const std::string& command) { return command.starts_with("make "); }

/// `make -n` says what it would do, and ends with 2 for a target that the Makefile does not have.
Ended make_would(const Workplace& workplace, const std::string& command) {
  return workplace.type("cd '" + kRoot.string() + "' && " + "make -n " + command.substr(5));
}

TEST(Pages, EveryCommandInABlockOfCommandsRuns) {
  std::size_t typed = 0;
  for (const fs::path& page : pages()) {
    const auto found = blocks(text_of(page), "sh");
    if (found.empty()) continue;
    const Workplace workplace;
    for (const std::string& block : found) {
      for (const std::string& command : commands(block)) {
        const bool program = calls_program(command);
        ASSERT_TRUE(program || calls_make(command)) << page << " tells to type: " << command;
        const Ended ended = program ? workplace.type(command) : make_would(workplace, command);
        EXPECT_TRUE(ended.answers())
            << page << ": " << command << "\nended with " << ended.status << '\n'
            << ended.said;
        ++typed;
      }
    }
  }
  EXPECT_GE(typed, 7U);  // those of README.md alone
}

TEST(Pages, CommandsStandInBlocksThatAreMarked) {
  for (const fs::path& page : pages()) {
    for (const std::string& block : blocks(text_of(page), "")) {
      for (const std::string& line : commands(block)) {
        EXPECT_FALSE(calls_program(line) || calls_make(line)) << page << ": " << line;
      }
    }
  }
}

TEST(Pages, EveryProjectFileRuns) {
  std::size_t ran = 0;
  for (const fs::path& page : pages()) {
    for (const std::string& block : blocks(text_of(page), "toml")) {
      const bool whole = block.find("[data]") != std::string::npos;
      const Workplace workplace;
      // A part of one stands behind the least that makes it whole.
      const std::string least =
          "[data]\nfiles = [\"people.csv\"]\n[evaluate]\ndecision = \"hired=yes\"\n"
          "group = [\"race\", \"age\"]\n";
      std::ofstream(workplace.at("shown.toml")) << (whole ? block : least + block);
      const Ended ended = workplace.type("evenhand run shown.toml");
      EXPECT_TRUE(ended.answers()) << page << '\n' << block << ended.said;
      ++ran;
    }
  }
  EXPECT_GE(ran, 2U);
}

/// "evenhand train fit --folds 5": an operation (or a table, or a word in capitals that stands for
/// one) and options that its help names.
void expect_exists(const std::string& span, const std::string& page) {
  cli::Words words = words_of(span);
  words.erase(words.begin());
  if (words.empty() || words[0] == "COMMAND" || words[0].starts_with("--")) return;
  std::size_t taken = 0;
  const api::Operation* operation = cli::operation_of(words, taken);
  const bool a_table = words[0] == "FILE" || words[0].find('.') != std::string::npos;
  if (operation == nullptr && a_table) operation = api::find("start");
  ASSERT_NE(operation, nullptr) << page << ": " << span;
  for (std::string word : words) {
    if (!word.starts_with("--") || word == "--help" || word == "--json") continue;
    word = word.substr(2, word.find('=') - 2);
    std::replace(word.begin(), word.end(), '-', '_');
    EXPECT_NE(api::find(*operation, word), nullptr) << page << ": " << span;
  }
}

TEST(Pages, NamesInRunningTextExist) {
  std::size_t seen = 0;
  for (const fs::path& page : pages()) {
    for (const std::string& span : spans(text_of(page))) {
      if (!calls_program(span)) continue;
      expect_exists(span, page);
      ++seen;
    }
  }
  EXPECT_GE(seen, 10U);
}

TEST(Pages, TargetsOfMakeInRunningTextExist) {
  const Workplace workplace;
  for (const fs::path& page : pages()) {
    for (const std::string& span : spans(text_of(page))) {
      if (!calls_make(span)) continue;
      EXPECT_EQ(make_would(workplace, span).status, 0) << page << ": " << span;
    }
  }
}

TEST(Operations, ExamplesOfHelpRun) {
  for (const api::Operation& each : api::all()) {
    const Workplace workplace;
    for (const std::string& example : each.examples) {
      const Ended ended = workplace.type(example);
      EXPECT_TRUE(ended.answers()) << example << "\nended with " << ended.status << '\n'
                                   << ended.said;
    }
  }
}

}  // namespace
}  // namespace evenhand
